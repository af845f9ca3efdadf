"""A workshop on a scale of another length, from the first vote to the report: all of it asks the rubric."""

from typing import Any

import pytest
from messages import attached, cast, send
from room import Room
from scales import garden_of, room_of
from sqlalchemy import Engine

from npswidgets.domain.actor import Actor, Role
from npswidgets.domain.events import PresenceChanged, ScoreRecorded, TargetSet
from npswidgets.domain.practice import practice_code
from npswidgets.domain.scale import Scale
from npswidgets.errors import RuleBroken
from npswidgets.report.html import html_page
from npswidgets.report.make import make_report
from npswidgets.report.pack import pack_pdf
from npswidgets.report.sheets import sheets
from npswidgets.report.tables import json_report
from npswidgets.screens import facilitator, participant, projector
from npswidgets.store import archive
from npswidgets.store.opening import store_of


@pytest.fixture(params=[(3, 0), (4, 1), (9, 0)], ids=lambda scale: f"{scale[0]} from {scale[1]}")
def room(engine: Engine, request: pytest.FixtureRequest) -> Room:
    return room_of(engine, garden_of(*request.param))


def scale_of(room: Room) -> Scale:
    return room.workshop.rubric.scale


def screen(room: Room, page: Any, role: Role) -> Any:
    return attached(page.build(), store_of(room.engine, Actor(room.created.workshop, role)))


def press(page: Any, label: str) -> None:
    action = {one["label"]: one["action"] for one in [page.now.main, *page.now.others] if one}[label]
    send(page.now, {"kind": "pressed", "action": action, "moment": page.now.moment})


def choose(page: Any, score: int, case_study: bool = False) -> None:
    choice = {"code": page.score.code, "score": score, "reason": "", "case_study": case_study, "seen": ""}
    send(page.score, {"kind": "score_chosen", **choice})


def levels_on(widget: Any) -> list[tuple[int, str]]:
    return [(level["value"], level["colour"]) for level in widget.levels]


def test_a_phone_offers_the_levels_of_the_rubric_and_the_store_takes_no_other(room: Room) -> None:
    scale, code = scale_of(room), room.codes[0]
    room.open_voting(code)
    room.participants[0].refresh()
    phone = attached(participant.build(), room.participants[0])
    assert levels_on(phone.pad) == list(zip(scale.values, scale.colours, strict=True))
    assert all(level["statements"] for level in phone.pad.levels)
    for answer in (scale.highest + 1, scale.lowest - 1):
        cast(phone.pad, code, answer)
        assert phone.pad.refused["words"].startswith(f"Choose one of the levels {scale.ends}, or ")
    vote = cast(phone.pad, code, scale.highest)
    assert phone.pad.saved == {"ballot": vote, "answer": scale.highest}


def test_votes_are_shown_on_as_many_levels_and_the_highest_is_the_case_study(room: Room) -> None:
    scale, code = scale_of(room), room.codes[0]
    page = screen(room, facilitator, "facilitator")
    press(page, "Start voting")
    for store in room.participants:
        store.refresh()
    room.vote(code, *[scale.highest] * 5, scale.lowest)
    press(page, "Show the votes")
    wall = screen(room, projector, "projector")
    counts = [1, *[0] * (scale.steps - 1), 5]
    assert [one["counts"] for one in page.board.rounds] == [one["counts"] for one in wall.board.rounds] == [counts]
    assert levels_on(page.board) == levels_on(wall.board) == levels_on(page.score)
    choose(page, scale.highest + 1)
    assert page.score.fault == f"A score is a level from {scale.ends}, not {scale.highest + 1}."
    choose(page, scale.lowest, case_study=True)
    press(page, "Save only")
    assert (page.score.saved["score"], page.score.saved["case_study"]) == (scale.lowest, False)
    with pytest.raises(RuleBroken, match=f"Only a score of {scale.highest} can be a case study"):
        room.facilitator.record(ScoreRecorded(room.session, code, scale.highest - 1, case_study=True))


def test_the_end_knows_where_there_is_a_next_level(room: Room) -> None:
    scale, (first, second, third) = scale_of(room), room.codes
    for code, score in ((first, scale.highest), (second, scale.highest - 1), (third, scale.lowest)):
        room.facilitator.record(ScoreRecorded(room.session, code, score, case_study=score == scale.highest))
    page = screen(room, facilitator, "facilitator")
    send(page.bar, {"kind": "menu_chosen", "action": "read_back", "session": ""})
    assert levels_on(page.agreed) == list(zip(scale.values, scale.colours, strict=True))
    press(page, "Choose topics for action")
    assert [topic["code"] for topic in page.actions.topics] == [third, second]
    send(page.actions, {"kind": "topic_chosen", "code": first, "chosen": True})
    assert page.actions.problem.endswith(f"Choose a topic with a score below {scale.highest}.")
    send(page.actions, {"kind": "topic_chosen", "code": second, "chosen": True})
    assert room.workshop.topics[second].target == scale.highest
    with pytest.raises(RuleBroken, match=f"A target is a level from {scale.ends}"):
        room.facilitator.record(TargetSet(room.session, third, scale.highest + 1))


def test_paper_votes_and_sheets_have_the_keys_of_the_scale(room: Room) -> None:
    scale, code = scale_of(room), room.codes[0]
    room.facilitator.record(PresenceChanged(room.session, on_paper=2))
    room.open_voting(code)
    page = screen(room, facilitator, "facilitator")
    send(page.now, {"kind": "paper_asked", "open": True})
    assert page.paper.levels == list(scale.values)
    typed = {"kind": "paper_typed", "code": code, "round": 1, "number": 1}
    send(page.paper, typed | {"answer": scale.highest + 1})
    assert (page.paper.problem, page.paper.entered) == (f"There is no answer {scale.highest + 1}.", [])
    send(page.paper, typed | {"answer": scale.highest})
    assert page.paper.entered == [1]
    send(page.bar, {"kind": "menu_chosen", "action": "sheets", "session": ""})
    assert page.sheets.levels == list(scale.values)


def test_the_practice_has_a_statement_of_its_own_for_each_level(room: Room) -> None:
    scale = scale_of(room)
    code = practice_code(room.session)
    topic = room.facilitator.of_topic(code).rubric.value_codes[code]
    assert list(topic.levels) == list(scale.values)
    assert len({statement for (statement,) in topic.levels.values()}) == len(scale.values)


def test_a_report_and_what_is_kept_have_the_levels_of_the_rubric(room: Room) -> None:
    scale, code = scale_of(room), room.codes[0]
    room.open_voting(code)
    for store in room.participants:
        store.refresh()
    room.vote(code, *[scale.lowest] * 3, *[scale.highest] * 3)
    room.facilitator.show_votes(code)
    room.facilitator.record(ScoreRecorded(room.session, code, scale.highest, case_study=True))
    room.score_all(scale.lowest)
    room.close()
    report = make_report(room.workshop)
    counts = (3, *[0] * (scale.steps - 1), 3)
    (voted,) = [one for _, _, one in report.codes if one.id == code]
    assert (report.scale.levels, voted.rounds[0].counts) == (scale.levels, counts)
    assert voted.rounds[0].verdict == f"Wide spread: from {scale.lowest} to {scale.highest}"
    assert [one.code for one in report.exemplars] == [code]
    page = html_page(report)
    assert all(f".l{value} {{ --level: {scale.colour(value)}; }}" in page for value in scale.values)
    assert f".l{scale.highest + 1} " not in page
    assert f'"score": {scale.highest}' in json_report(report)
    votes = next(sheet for sheet in sheets(report) if sheet.name == "votes")
    at = [column.name for column in votes.columns].index("answer")
    assert [row[at] for row in votes.rows][: len(counts)] == [str(value) for value in scale.values]
    assert pack_pdf(room.workshop, sheets=1).startswith(b"%PDF")
    assert archive.stored_archive(room.engine, room.created.workshop).rubric == room.workshop.rubric
