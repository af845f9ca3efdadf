"""A workshop about something else than the diagnostic of 2018, on any scale: no screen and no file speaks of that."""

import csv
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from messages import in_the_browser
from openpyxl import load_workbook
from paths import ROOT
from pypdf import PdfReader
from reports import word_texts
from room import Room
from scales import OWN_WORDS, garden_of, room_of
from sqlalchemy import Engine
from states import Texts, states

from npswidgets.domain.first_scores import to_take_together
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.scale import ScoreFollows
from npswidgets.domain.starting_level import starting_level_of
from npswidgets.report.contents import report_from_json, report_to_json
from npswidgets.report.exports import export
from npswidgets.report.formats import OFFERED
from npswidgets.report.make import make_report
from npswidgets.report.pack import pack_pdf
from npswidgets.store import archive
from npswidgets.store.database import open_database
from npswidgets.widgets.base import Widget

OTHERS = re.compile(r"\bLGA\b|Local Government|\bNPS\b|(?i:procurement|case study|council spend|value codes?)")
"""What is said of the diagnostic of 2018, and of nothing else."""
NOUNS = re.compile(r"\b(topics?|levels?|key areas?|value codes?)\b", re.IGNORECASE)
"""What a rubric with other words has no use for."""
TEXTS = Texts(title="How good is the garden?", session="The garden", owner="Head of gardens")
NewEngine = Callable[[], Engine]


@pytest.fixture
def new_engine(tmp_path: Path, empty_database: Path) -> Iterator[NewEngine]:
    made: list[Engine] = []
    numbers = count()

    def new() -> Engine:
        made.append(open_database(str(shutil.copy(empty_database, tmp_path / f"{next(numbers)}.db"))))
        return made[-1]

    yield new
    for engine in made:
        engine.dispose()


def speaks_of_others(text: str) -> list[str]:
    text = text.replace('"Procurement"', "")  # a department of the room
    return sorted({text[max(0, one.start() - 60) : one.end() + 30] for one in OTHERS.finditer(text)})


@pytest.mark.parametrize(
    "rubric", [garden_of(4, 0, "median", case_study=False), garden_of(9, 1, "nothing", anchored=True, case_study=False)]
)
def test_no_screen_speaks_of_the_diagnostic(new_engine: NewEngine, rubric: Rubric) -> None:
    for state in states(new_engine, TEXTS, rubric):
        laptop = state.facilitator()
        shown = [in_the_browser(page) for page in (state.phone(), state.wall(), laptop)]
        for page in ("agreed", "actions", "tidy", "report") if state.name in ("second vote", "ended") else ():
            laptop.controller.page = page
            laptop.draw()
            shown.append(in_the_browser(laptop))
        assert [speaks_of_others(text) for text in shown if speaks_of_others(text)] == [], state.name


def test_no_file_speaks_of_the_diagnostic(engine: Engine, tmp_path: Path) -> None:
    room = played(room_of(engine, garden_of(4, 0, "median", case_study=False)))
    room.close()
    done = export(archive.stored_archive(engine, room.created.workshop), OFFERED, tmp_path)
    assert [one for one in done if one.state == "failed"] == []
    files = [file for file in sorted(tmp_path.rglob("*")) if file.is_file()]
    assert len(files) > len(OFFERED) - 1
    found = {file.name: speaks_of_others(text_of(file.name, file.read_bytes())) for file in files}
    found["pack.pdf"] = speaks_of_others(text_of("pack.pdf", pack_pdf(room.workshop, sheets=1)))
    assert {name: said for name, said in found.items() if said} == {}


STATIC = ROOT / "npswidgets" / "widgets" / "static"
OWN = garden_of(4, 1, "weakest part", case_study=False, words=OWN_WORDS)


def test_screens_say_the_rubrics_own_words(new_engine: NewEngine) -> None:
    for state in states(new_engine, TEXTS, OWN):
        laptop = state.facilitator()
        shown = [*said_on(state.phone()), *said_on(state.wall()), *said_on(laptop)]
        shown += said_on(state.helper()) if state.name in ("vote", "agreed", "first scores") else []
        for page in ("agenda", "agreed", "actions", "tidy", "report") if state.name in ("agreed", "ended") else ():
            laptop.controller.page = page
            laptop.draw()
            shown += said_on(laptop)
        assert [text for text in shown if NOUNS.search(text)] == [], state.name


def test_files_say_the_rubrics_own_words(engine: Engine, tmp_path: Path) -> None:
    room = played(room_of(engine, OWN))
    room.close()
    done = export(archive.stored_archive(engine, room.created.workshop), OFFERED, tmp_path, radar=False)
    assert [one for one in done if one.state == "failed"] == []
    seen = {file.name: texts_in(file) for file in sorted(tmp_path.rglob("*")) if file.is_file()}
    (tmp_path / "pack.pdf").write_bytes(pack_pdf(room.workshop, sheets=1))
    seen["pack.pdf"] = texts_in(tmp_path / "pack.pdf")
    told = texts_in(ROOT / "notebooks" / "report.ipynb")  # how to run it, whatever it is about
    found = {name: [text for text in said if NOUNS.search(text) and text not in told] for name, said in seen.items()}
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize("script", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_no_script_has_a_word_of_its_own_for_what_a_rubric_names(script: Path) -> None:
    code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", script.read_text(encoding="utf-8"), flags=re.DOTALL)
    templates = (re.sub(r"\$\{[^{}]*\}|\$\{.*", "", one) for one in re.findall(r"`([^`]*)`", code))
    literals = [*re.findall(r'"([^"\n]*)"', code), *templates]
    assert [one for one in literals if NOUNS.search(one) and is_said(one)] == []


def is_said(text: str) -> bool:
    """Whether it is written for people: no name of a class, a page or a key."""
    return (" " in text.strip() or text[:1].isupper()) and not text.startswith(("nps-", "--nps-"))


def said_on(screen: Any) -> list[str]:
    """All texts that a screen has given to the browser."""
    widgets = [one for one in vars(screen).values() if isinstance(one, Widget)]
    return [text for one in widgets for text in strings(one.get_state()) if is_said(text)]


def strings(data: Any) -> Iterator[str]:
    """Each text in it; keys are none."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, one in data.items():
            yield from () if str(key).startswith("_") else strings(one)
    elif isinstance(data, list | tuple):
        for one in data:
            yield from strings(one)


def texts_in(file: Path) -> list[str]:
    """What people read in a file; the heads of its tables are names for programs."""
    match file.suffix:
        case ".html":
            page = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
            for one in page(["style", "script"]):
                one.decompose()
            return [*page.stripped_strings, *(str(one["alt"]) for one in page.select("[alt]"))]
        case ".csv":
            with file.open(encoding="utf-8-sig", newline="") as lines:
                return [cell for row in list(csv.reader(lines))[1:] for cell in row]
        case ".xlsx":
            sheets = load_workbook(file).worksheets
            rows = (row for sheet in sheets for row in sheet.iter_rows(min_row=1 if sheet.title == "about" else 2))
            return [cell.value for row in rows for cell in row if isinstance(cell.value, str) and is_said(cell.value)]
        case ".pdf":
            return [" ".join(page.extract_text().split()) for page in PdfReader(file).pages]
        case ".docx":
            return word_texts(file.read_bytes())
        case ".json" | ".ipynb":
            return [text for text in strings(json.loads(file.read_text(encoding="utf-8"))) if is_said(text)]
        case _:
            return []  # the saved workshop, which is for programs


follows: st.SearchStrategy[ScoreFollows] = st.sampled_from(["weakest part", "median", "nothing"])
gardens = st.builds(garden_of, st.integers(3, 10), st.integers(0, 1), follows, st.booleans(), st.booleans())


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rubric=gardens)
def test_a_workshop_on_any_scale_is_played_to_its_report(new_engine: NewEngine, rubric: Rubric) -> None:
    room = played(room_of(new_engine(), rubric))
    scale, topics = rubric.scale, room.workshop.topics
    first = topics[room.codes[0]]
    assert first.shown[-1].counts == tuple(6 if level == scale.lowest else 0 for level in scale.values)
    suggested = starting_level_of(first.shown[-1]).level
    assert suggested == (None if scale.score_follows == "nothing" else scale.lowest)
    together = to_take_together(room.workshop, room.session)
    assert [(one.code, one.level) for one in together] == ([] if suggested is None else [(room.codes[2], scale.lowest)])
    room.close()
    report = make_report(room.workshop)
    assert report_from_json(report_to_json(report)) == report
    assert [code.score for _, _, code in report.codes] == [scale.lowest, scale.highest, None]
    kept = archive.stored_archive(room.engine, room.created.workshop)
    assert kept.rubric == rubric


def played(room: Room) -> Room:
    """Votes on three topics: all on the lowest level and scored so, at both ends and scored highest, and not scored."""
    scale = room.workshop.rubric.scale
    for code, answers in zip(
        room.codes, ([scale.lowest] * 6, [scale.lowest, scale.highest] * 3, [scale.lowest] * 6), strict=True
    ):
        room.open_voting(code)
        for store in room.participants:
            store.refresh()
        room.vote(code, *answers)
        room.facilitator.show_votes(code)
    room.agree(room.codes[0], scale.lowest, "Weeds.")
    room.agree(room.codes[1], scale.highest, "Roses.")
    return room


def text_of(name: str, made: bytes) -> str:
    if name.endswith(".pdf"):
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)
    if zipfile.is_zipfile(BytesIO(made)):
        with zipfile.ZipFile(BytesIO(made)) as packed:
            return " ".join(text_of(one, packed.read(one)) for one in packed.namelist())
    return made.decode("utf-8", "replace")
