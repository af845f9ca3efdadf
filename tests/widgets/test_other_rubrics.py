"""A workshop about something else than the diagnostic of 2018, on any scale: no screen and no file speaks of that."""

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from messages import in_the_browser
from pypdf import PdfReader
from room import Room
from scales import garden_of, room_of
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

OTHERS = re.compile(
    r"\bLGA\b|Local Government|\bNPS\b|National Procurement|our procurement|Head of procurement|(?i:case study)"
)
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
