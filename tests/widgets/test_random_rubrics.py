"""A workshop with a rubric that nobody would write: voted on, seen on all three screens, reported in every format.

`RANDOM_RUBRICS=1000` before the command plays so many, the session notebook of each among them, in place of two.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from messages import attached
from random_rubrics import EXAMPLES, rubrics
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.domain.actor import Actor, Role
from npswidgets.domain.events import Answer
from npswidgets.domain.rubric import Rubric
from npswidgets.report.contents import report_from_json, report_to_json
from npswidgets.report.exports import export
from npswidgets.report.formats import FORMATS, NOTEBOOK
from npswidgets.report.make import make_report
from npswidgets.report.pack import pack_pdf
from npswidgets.screens import facilitator, participant, projector
from npswidgets.store import archive
from npswidgets.store.database import open_database
from npswidgets.store.opening import store_of

pytestmark = pytest.mark.slow
IS_LONG = "RANDOM_RUBRICS" in os.environ
PEOPLE = 6


@st.composite
def workshops(draw: st.DrawFn) -> tuple[Rubric, list[list[Answer]], int]:
    """A rubric, what each of the people answers in two votes on its first topic, and the score."""
    rubric = draw(rubrics())
    level = st.sampled_from(rubric.scale.values)
    answer = st.one_of(level, level, level, st.sampled_from(["dont_know", "not_my_role"]))
    votes = [draw(st.lists(answer, min_size=PEOPLE, max_size=PEOPLE)) for _ in range(2)]
    return rubric, votes, draw(level)


@settings(
    max_examples=EXAMPLES if IS_LONG else 2,
    deadline=None,
    phases=(Phase.reuse, Phase.generate),  # to find a smaller one takes minutes
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)
@given(played=workshops())
def test_any_rubric_is_played_through_store_screens_and_every_export(
    tmp_path: Path, empty_database: Path, played: tuple[Rubric, list[list[Answer]], int]
) -> None:
    rubric, votes, score = played
    with new_room(tmp_path, empty_database, rubric) as room:
        code = room.codes[0]
        see_all(room)
        for number, answers in enumerate(votes, 1):
            room.open_voting(code, number)
            for store in room.participants:
                store.refresh()
            see_all(room)
            room.vote(code, *answers, round_number=number)
            room.facilitator.show_votes(code)
            see_all(room)
        room.agree(code, score, "As agreed.")
        room.close()
        see_all(room)
        check_files(room, votes, score, tmp_path)


@contextmanager
def new_room(folder: Path, empty: Path, rubric: Rubric) -> Iterator[Room]:
    file = shutil.copy(empty, folder / "workshops.db")
    engine: Engine = open_database(str(file))
    theme = rubric.themes[0]
    try:
        yield make_room(engine, PEOPLE, rubric=rubric, sessions=((theme.name, (theme.id,)),))
    finally:
        engine.dispose()
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def see_all(room: Room) -> None:
    """Each of the three screens is drawn as the workshop stands."""
    room.participants[0].refresh()
    attached(participant.build(), room.participants[0])
    roles: tuple[tuple[object, Role], ...] = ((projector, "projector"), (facilitator, "facilitator"))
    for page, role in roles:
        attached(page.build(), store_of(room.engine, Actor(room.created.workshop, role)))  # type: ignore[attr-defined]


def check_files(room: Room, votes: list[list[Answer]], score: int, folder: Path) -> None:
    report, scale = make_report(room.workshop), room.workshop.rubric.scale
    assert report_from_json(report_to_json(report)) == report
    (voted,) = [one for _, _, one in report.codes if one.id == room.codes[0]]
    assert [one.counts for one in voted.rounds] == [scale.counts(answers) for answers in votes]
    assert (voted.score, report.scale.levels) == (score, scale.levels)
    judged = [bool(one.panel) for one in voted.rounds]
    assert judged == [bool(scale.agreement_by) and one.votes >= 5 for one in voted.rounds]
    for name, one in FORMATS.items():
        made = one.made(report) if one.made else "{}"
        assert made, name
        if name == "json":
            assert json.loads(made)["themes"]
    assert pack_pdf(room.workshop, sheets=1).startswith(b"%PDF")
    kept = archive.stored_archive(room.engine, room.created.workshop)
    assert kept.rubric == room.workshop.rubric
    if IS_LONG:
        assert [one.reason for one in export(kept, (NOTEBOOK,), folder / "exports") if one.state == "failed"] == []
