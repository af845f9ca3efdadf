"""Workbooks that operators send: read in a process of its own, in turn, within bounds, and gone with the server."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import messages
import pytest
from openpyxl import load_workbook

from npswidgets.errors import WorkshopError
from npswidgets.rubric_book.empty import empty_book
from npswidgets.rubric_book.writing import book_of
from npswidgets.server.pages import book_process, books
from npswidgets.server.pages.books import BookFaults, Books, NotRead
from npswidgets.store.rubric_files import load_rubric, rubric_digest

MEETINGS = load_rubric("meetings")
SLOW = "import time; from npswidgets.server.pages.command import begin; begin(); open('{}', 'w'); time.sleep(600)"


@pytest.fixture
def lifeline() -> Iterator[tuple[int, int]]:
    """Both ends of a pipe, of which only the server holds the second."""
    ends = os.pipe()
    yield ends
    for one in ends:
        try:
            os.close(one)
        except OSError:  # the test has closed it
            continue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "nps-connections"
    made.mkdir()
    return made


def in_books(lifeline: tuple[int, int], folder: Path, ask: Callable[[Books], Awaitable[None]]) -> None:
    async def run() -> None:
        await ask(Books(lifeline[0], folder))

    messages.run(run())
    assert not list(folder.iterdir()), "what was sent lies nowhere afterwards"


def test_a_whole_workbook_gives_its_rubric_and_two_at_once_are_both_read(
    lifeline: tuple[int, int], folder: Path
) -> None:
    data, other = book_of(MEETINGS), book_of(load_rubric("panel-rating"))

    async def ask(there: Books) -> None:
        digests = await asyncio.gather(there.read(data, "a.xlsx"), there.read(other, "-x \0 \ud800 /../b.xlsx"))
        assert digests[0] == rubric_digest(MEETINGS)
        drafts = [there.draft(one) for one in digests]
        assert [one.rubric.id for one in drafts if one] == ["meetings", "panel-rating"]
        assert there.draft("nothing") is None

    in_books(lifeline, folder, ask)


def test_all_faults_come_at_once_and_of_very_many_the_first(
    lifeline: tuple[int, int], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask(there: Books) -> None:
        with pytest.raises(BookFaults) as refused:
            await there.read(empty_book(10, 20), "empty.xlsx")
        assert len(refused.value.faults) == 200 < refused.value.found
        assert {fault.file for fault in refused.value.faults} == {"empty.xlsx"}
        with pytest.raises(BookFaults, match="found an empty file"):
            await there.read(b"", "nothing.xlsx")

    in_books(lifeline, folder, ask)


def test_the_drafts_of_the_last_workbooks_are_held(
    lifeline: tuple[int, int], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "MOST_DRAFTS", 1)

    async def ask(there: Books) -> None:
        first = await there.read(book_of(MEETINGS), "a.xlsx")
        second = await there.read(book_of(load_rubric("panel-rating")), "b.xlsx")
        assert there.draft(first) is None
        assert there.draft(second)

    in_books(lifeline, folder, ask)


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("import os; os.kill(os.getpid(), 9)", books.STOPPED),
        ("raise SystemExit('no such thing')", books.STOPPED),
        ("import time; time.sleep(600)", books.TOO_LONG),
    ],
)
def test_a_process_that_ends_badly_or_never_is_told_and_the_next_one_is_read(
    lifeline: tuple[int, int], folder: Path, monkeypatch: pytest.MonkeyPatch, program: str, says: str
) -> None:
    async def ask(there: Books) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(books, "PROGRAM", program)
            if says == books.TOO_LONG:
                patched.setattr(books, "READING_SECONDS", 0.5)
            with pytest.raises(NotRead) as refused:
                await there.read(b"", "a.xlsx")
            assert str(refused.value) == says
        assert await there.read(book_of(MEETINGS), "a.xlsx")

    in_books(lifeline, folder, ask)


@pytest.mark.skipif(os.name == "nt", reason="Windows bounds time alone")
def test_what_takes_too_much_memory_is_told(
    lifeline: tuple[int, int], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    takes = "from npswidgets.server.pages import book_process as b; b.read = lambda *_: bytearray(10**9); b.main()"
    monkeypatch.setattr(books, "PROGRAM", takes)

    async def ask(there: Books) -> None:
        with pytest.raises(NotRead) as refused:
            await there.read(b"", "a.xlsx")
        assert str(refused.value) == book_process.TOO_MUCH

    in_books(lifeline, folder, ask)


@pytest.mark.parametrize("ended", ["lifeline", "task"])
def test_no_process_is_left_when_the_server_ends(
    lifeline: tuple[int, int], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ended: str
) -> None:
    began = tmp_path / "began"
    monkeypatch.setattr(books, "PROGRAM", SLOW.format(began))

    async def ask(there: Books) -> None:
        task = asyncio.create_task(there.read(b"", "a.xlsx"))
        while not began.exists():
            assert not task.done(), await task
            await asyncio.sleep(0.05)
        if ended == "lifeline":
            os.close(lifeline[1])
        else:
            task.cancel()
        with pytest.raises((WorkshopError, asyncio.CancelledError)):
            await task

    async def run() -> None:
        await ask(Books(lifeline[0], folder))

    messages.run(run())
    assert not (folder.exists() and list(folder.iterdir()))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such order")
def test_who_waits_for_a_workbook_of_many_cells_waits_for_the_room(
    lifeline: tuple[int, int], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process says how far back it stands as soon as that changes."""
    said = "import json, os; print(json.dumps({'problem': f'{before} {os.nice(0) - before}'}))"
    works = "before = b.os.nice(0)\nwhile b.os.nice(0) == before: pass"
    monkeypatch.setattr(books, "PROGRAM", f"import npswidgets.server.pages.command as b\nb.begin(0.1)\n{works}\n{said}")

    async def ask(there: Books) -> None:
        with pytest.raises(NotRead, match=r"^\d+ 10$"):
            await there.read(b"", "a.xlsx")

    in_books(lifeline, folder, ask)


def test_a_rubric_of_too_many_words_is_told_by_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("npswidgets.store.rubric_json.MOST_CHARACTERS", 100)
    assert "more than the 100 that are kept" in book_process.read(book_of(MEETINGS), "a.xlsx")["problem"]


def test_what_people_may_want_to_know_comes_along() -> None:
    book = load_workbook(BytesIO(book_of(MEETINGS)))
    book.create_sheet("Ideas")["A1"] = "one more"
    buffer = BytesIO()
    book.save(buffer)
    (notice,) = book_process.read(buffer.getvalue(), "a.xlsx")["notices"]
    assert notice == "The sheet “Ideas” is no part of the rubric and was left out."


def test_a_workbook_that_is_packed_to_burst_is_refused_in_words() -> None:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/big.xml", b"\0" * 30_000_000)
    ((*_, found),) = book_process.read(buffer.getvalue(), "a.xlsx")["faults"]
    assert "unpacks to more than 20 MB" in found
