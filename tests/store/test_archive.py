"""A saved workshop: complete, verified line by line, and brought back."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from textwrap import TextWrapper

import pytest
from click.testing import CliRunner
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.cli import main
from npswidgets.domain.events import ScoreRecorded
from npswidgets.errors import ArchiveFault, NotFound
from npswidgets.store import access, archive, doors, workshops
from npswidgets.store.codec import canonical
from npswidgets.store.database import open_database
from npswidgets.store.saved import read_archive, verify
from npswidgets.store.travelled import TRAVELLED

CODE = "reporting"


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, people=3)
    room.open_voting(CODE)
    room.vote(CODE, 1, 3, 4)
    room.facilitator.show_votes(CODE)
    room.agree(CODE, 2, "Reports come when a decision is due.")
    return room


@pytest.fixture
def saved(room: Room, tmp_path: Path) -> Path:
    return archive.write_archive(room.engine, room.created.workshop, tmp_path / "saved.jsonl")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Engine:
    return open_database(f"sqlite:///{tmp_path / 'elsewhere.db'}", migrate=True)


def test_a_saved_workshop_comes_back_the_same(room: Room, saved: Path, elsewhere: Engine) -> None:
    assert read_archive(saved).workshop == room.workshop
    assert archive.import_archive(elsewhere, read_archive(saved)) == room.created.workshop
    assert workshops.read_workshop(elsewhere, room.created.workshop) == room.workshop
    assert archive.archive_text(elsewhere, room.created.workshop) == saved.read_text(encoding="utf-8")


def test_its_digest_is_the_head_of_the_record(room: Room, saved: Path) -> None:
    assert verify(saved) == room.workshop.head


def test_one_that_cannot_be_written_leaves_nothing_half_done(room: Room, tmp_path: Path) -> None:
    taken = tmp_path / "taken.jsonl"
    taken.mkdir()
    with pytest.raises(OSError, match=r"taken\.jsonl"):
        archive.write_archive(room.engine, room.created.workshop, taken)
    assert [one.name for one in tmp_path.glob("taken*")] == ["taken.jsonl"]


def test_importing_it_twice_changes_nothing(room: Room, saved: Path) -> None:
    before = room.workshop
    archive.import_archive(room.engine, read_archive(saved))
    assert room.workshop == before


def test_importing_a_newer_one_adds_what_is_missing(room: Room, saved: Path, elsewhere: Engine) -> None:
    archive.import_archive(elsewhere, read_archive(saved))
    room.facilitator.record(ScoreRecorded(room.session, CODE, 3))
    archive.import_archive(elsewhere, read_archive(archive.write_archive(room.engine, room.created.workshop, saved)))
    assert workshops.read_workshop(elsewhere, room.created.workshop) == room.workshop


def test_importing_an_older_or_different_one_is_refused(room: Room, saved: Path, elsewhere: Engine) -> None:
    archive.import_archive(elsewhere, read_archive(saved))
    room.facilitator.record(ScoreRecorded(room.session, CODE, 3))
    with pytest.raises(ArchiveFault, match="different or newer"):
        archive.import_archive(room.engine, read_archive(saved))


def test_an_imported_workshop_can_be_joined_and_gets_new_codes(room: Room, saved: Path, elsewhere: Engine) -> None:
    archive.import_archive(elsewhere, read_archive(saved))
    with elsewhere.connect() as db:
        door = doors.read(db, room.created.workshop, room.session)
    assert door is not None
    assert doors.session_for_code(elsewhere, door.code) == (room.created.workshop, room.session)
    assert doors.session_for_secret(elsewhere, door.secret) == (room.created.workshop, room.session)
    assert not access.link_is_valid(elsewhere, room.created.workshop, "facilitator", room.created.facilitator_secret)


def test_no_people_ballots_or_secrets_are_in_it(engine: Engine, tmp_path: Path) -> None:
    room = make_room(engine, anonymity="named")
    room.join(1, name="Canary Wharf")
    room.open_voting(CODE)
    room.vote(CODE, 3)
    ballot = room.participants[0].own_ballots()[CODE, 1].id
    text = archive.archive_text(engine, room.created.workshop)
    for secret in ("Canary", ballot, room.created.facilitator_secret, *room.created.codes.values()):
        assert secret not in text


def edit(number: int, change: Callable[[str], str]) -> Callable[[list[str]], list[str]]:
    return lambda lines: [change(line) if at == number else line for at, line in enumerate(lines, 1)]


def change_header(**changes: object) -> Callable[[list[str]], list[str]]:
    return edit(1, lambda line: canonical(json.loads(line) | changes))


FAULTS: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "a vote is changed": (
        lambda lines: [line.replace('"answer":4', '"answer":5') for line in lines],
        r"line 11: it does not follow the line before it",
    ),
    "a line is taken out": (lambda lines: lines[:4] + lines[5:], "line 5: it does not follow"),
    "two lines are swapped": (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], "line 4: it does not follow"),
    "the end is cut off": (lambda lines: lines[:6], "The end is missing"),
    "the words are changed": (
        edit(13, lambda line: line.replace("Reports", "Rumours")),
        "line 13: these words are not",
    ),
    "the words are cut off": (lambda lines: lines[:-1], "its words are missing"),
    "words too many": (
        lambda lines: [*lines, canonical({"digest": "0" * 64, "salt": "00", "text": None})],
        "belong to no line",
    ),
    "a line is no JSON": (edit(3, lambda line: line[:-1]), "line 3: This is not a line of a record"),
    "a line has spaces": (edit(3, lambda line: line.replace(",", ", ")), "line 3: This line is not written as"),
    "a line has an unknown field": (
        edit(3, lambda line: line.replace('"kind"', '"hint":1,"kind"')),
        "line 3: This line is not written as",
    ),
    "an unknown kind of event": (
        edit(3, lambda line: line.replace("SessionPlanned", "SessionPranked")),
        "line 3: An event 'SessionPranked' of version 1 needs a newer version",
    ),
    "a newer format": (change_header(version=2), "needs a newer toolkit"),
    "another head": (change_header(head="f" * 64), "line 1: the header belongs to another record"),
    "another rubric": (
        edit(1, lambda line: line.replace("No formal training", "Much formal training")),
        "the rubric in the header is not the one",
    ),
    "no header": (lambda lines: lines[1:], "line 1: this is not a saved workshop"),
    "an empty file": (lambda lines: [""], "this file is empty"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_first_line_that_does_not_fit_is_named(saved: Path, elsewhere: Engine, fault: str) -> None:
    tamper, said = FAULTS[fault]
    lines = saved.read_text(encoding="utf-8").splitlines()
    saved.write_text("\n".join(tamper(lines)) + "\n", encoding="utf-8")
    with pytest.raises(ArchiveFault, match=said):
        verify(saved)
    with pytest.raises(ArchiveFault):
        archive.import_archive(elsewhere, read_archive(saved))
    assert workshops.list_workshops(elsewhere) == []


def wrapped(text: str, end: str, width: int) -> str:
    """Each line cut after so many letters."""
    lines = [[line[at : at + width] for at in range(0, len(line), width)] for line in text.splitlines()]
    return "\n".join(end.join(one) for one in lines) + "\n"


def wrapped_at_blanks(text: str, end: str) -> str:
    """Each line broken at blanks, as a mail program does."""
    breaking = TextWrapper(76, break_long_words=False, break_on_hyphens=False)
    return "\n".join(end.join(breaking.wrap(line)) for line in text.splitlines())


JOURNEYS: dict[str, Callable[[str], bytes]] = {
    "Windows ends": lambda text: text.replace("\n", "\r\n").encode(),
    "old Mac ends": lambda text: text.replace("\n", "\r").encode(),
    "a mark before the first line": lambda text: text.encode("utf-8-sig"),
    "an empty last line": lambda text: f"{text}\n\n".encode(),
    "no last end": lambda text: text.rstrip("\n").encode(),
    "lines apart": lambda text: text.replace("\n", "\r\r\n").encode(),
    "blanks behind the lines": lambda text: text.replace("\n", " \t\n").encode(),
    "two marks before the first line": lambda text: f"\ufeff{text}".encode("utf-8-sig"),
    "lines cut at 76 letters": lambda text: wrapped(text, "\r\n", 76).encode(),
    "lines cut at 998, with a blank": lambda text: wrapped(text, "\r\n ", 998).encode(),
    "lines broken at blanks": lambda text: wrapped_at_blanks(text, "\r\n").encode(),
    "lines broken behind blanks": lambda text: wrapped_at_blanks(text, " \n").encode(),
    "saved as Unicode": lambda text: text.replace("\n", "\r\n").encode("utf-16"),
}


@pytest.mark.parametrize("journey", JOURNEYS)
def test_what_a_program_does_to_the_ends_of_lines_is_taken_and_said(
    saved: Path, elsewhere: Engine, tmp_path: Path, journey: str
) -> None:
    text = saved.read_text(encoding="utf-8")
    travelled = tmp_path / "saved.jsonl.txt"
    travelled.write_bytes(JOURNEYS[journey](text))
    found = read_archive(travelled)
    assert (found.workshop.head, found.text, found.travelled) == (verify(saved), text, True)
    assert not read_archive(saved).travelled
    for command in (["verify"], ["import", "--database", f"sqlite:///{tmp_path / 'new.db'}"]):
        result = CliRunner().invoke(main, [*command, str(travelled)])
        assert (result.exit_code, TRAVELLED in result.stderr) == (0, True), result.output
    assert CliRunner().invoke(main, ["show", str(travelled)]).exit_code == 0
    archive.import_archive(elsewhere, found)
    assert archive.archive_text(elsewhere, found.workshop.id) == text


@pytest.mark.parametrize("journey", JOURNEYS)
def test_a_changed_word_is_refused_however_the_file_travelled(saved: Path, tmp_path: Path, journey: str) -> None:
    changed = saved.read_text(encoding="utf-8").replace("Example County", "Example Country")
    travelled = tmp_path / "changed.jsonl"
    travelled.write_bytes(JOURNEYS[journey](changed))
    with pytest.raises(ArchiveFault):
        read_archive(travelled)


@pytest.mark.parametrize("command", ["verify", "import", "show"])
def test_what_never_ends_is_no_saved_workshop(tmp_path: Path, command: str) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "device.jsonl").symlink_to("/dev/zero")
    database = ["--database", f"sqlite:///{tmp_path / 'new.db'}"] if command == "import" else []
    for name in ("pipe", "device"):
        result = CliRunner().invoke(main, [command, str(tmp_path / f"{name}.jsonl"), *database])
        assert (result.exit_code, "this is no file" in result.stderr) == (1, True), result.output


OTHERS = {
    "all.zip": (b"PK\x03\x04", r"a ZIP file, not a saved workshop\. Unpack it"),
    "report.docx": (b"PK\x03\x04[Content_Types].xml", r"a Word or Excel file, not .* ends in \.jsonl"),
    "packed.jsonl.gz": (b"\x1f\x8b\x08", r"a packed file, .*Unpack it"),
    "report.pdf": (b"%PDF-1.7", r"a PDF, .* ends in \.jsonl"),
    "report.html": (b"<!DOCTYPE html>\n<html>", r"a page, .* ends in \.jsonl"),
    "workshops.db": (b"SQLite format 3\0", "a database, .* nps-workshop archive"),
    "nothing.jsonl": (b"", "this file is empty"),
    "nothing.txt": (b"\xef\xbb\xbf\r\n", "this file is empty"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_file_is_said_to_be_what_it_is(tmp_path: Path, name: str) -> None:
    data, said = OTHERS[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ArchiveFault, match=rf"{name}: .*{said}"):
        read_archive(tmp_path / name)


def test_in_place_of_a_folder_the_saved_workshops_in_it_are_named(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    for folder, said in ((saved.parent, saved.name), (tmp_path / "none", "There is no saved workshop in it")):
        result = CliRunner().invoke(main, ["show", str(folder)])
        assert (result.exit_code, "this is a folder" in result.stderr, said in result.stderr) == (1, True, True)


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "picture.jsonl").write_bytes(b"\x89PNG\xff\xfe")
    for name in ("picture.jsonl", "missing.jsonl"):
        with pytest.raises(ArchiveFault, match=name):
            read_archive(tmp_path / name)


def test_nothing_is_saved_of_an_unknown_workshop(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        archive.write_archive(engine, "nowhere", tmp_path / "saved.jsonl")
    assert not (tmp_path / "saved.jsonl").exists()
