"""The facilitator's page says how much of the booked time is left, and which topics it is enough for."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from messages import attached, in_the_browser
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import BreakEnded, BreakStarted, SessionClosed, TopicPresented
from npswidgets.domain.first_scores import opening
from npswidgets.domain.time_left import began_at
from npswidgets.screens import facilitator, participant, projector
from npswidgets.screens.facilitator.controller import Controller
from npswidgets.screens.facilitator.view import facilitator_view
from npswidgets.store.plans import Plan, keep_plan
from npswidgets.store.projector_store import ProjectorStore


@pytest.fixture
def room(engine: Engine) -> Room:
    """Three topics, planned for an hour, with six people who have joined."""
    room = make_room(engine, people=6)
    keep_plan(engine, room.created.workshop, Plan("Showing leadership", "2026-03-12", 60))
    return room


def time(room: Room, minutes: float = 0, session: str = "", page: Any = "topic") -> dict[str, Any]:
    """What the page says so many minutes after the room began, with the practice skipped."""
    room.facilitator.refresh()
    controller = Controller(room.facilitator)
    if session:
        controller._enter(session)
    controller._turn_to(room.facilitator.workshop.sessions[controller.session].codes[0])
    controller.page = page
    now = datetime.now(UTC)
    began = began_at(room.facilitator.workshop, controller.session, now) or now
    later = began + timedelta(minutes=minutes)
    found: dict[str, Any] = facilitator_view(controller.counted_state(), controller, later).now["time"]
    return found


def test_the_time_begins_with_the_first_topic_and_runs_out(room: Room) -> None:
    assert time(room) == {}
    room.facilitator.record(TopicPresented(room.session, room.codes[0]))
    assert time(room, 1)["title"] == "59 minutes left: all 3 topics fit"
    assert time(room, 53)["title"] == "7 minutes left: 2 of 3 topics fit"
    assert time(room, 71)["title"] == "11 minutes over: 3 topics to go"


def test_it_says_which_topics_fit_and_what_to_do_with_the_others(room: Room) -> None:
    room.facilitator.record(TopicPresented(room.session, room.codes[0]))
    first, *fits, late, what = time(room, 53)["lines"]
    assert re.fullmatch(r"60 minutes are booked, until \d\d:\d\d. A topic takes about 4 minutes.", first)
    assert fits == ["Time for: Procurement and commercial champions; Reporting"]
    assert late == "No time for: Councillor development"
    assert "Change the agenda" in what


def test_once_all_is_agreed_it_says_the_time_alone(room: Room) -> None:
    room.score_all()
    assert time(room, 1)["title"] == "59 minutes left of 60 booked"
    room.facilitator.record(SessionClosed(room.session))
    assert time(room, 1) == {}


def test_after_the_first_scores_it_is_open(room: Room) -> None:
    room.facilitator.record(*opening(room.workshop, room.session))
    for code in room.codes:
        room.vote(code, 1, 1, 1, 4, 4, 4, round_number=0)
    room.facilitator.show_first_scores(room.session)
    assert (time(room, 1)["unfolded"], time(room, 1, page="together")["unfolded"]) == (False, True)
    assert time(room, 1, page="agenda")["unfolded"]
    assert time(room, 1, page="tidy") == {}


def test_it_goes_on_through_a_break(room: Room) -> None:
    room.facilitator.record(TopicPresented(room.session, room.codes[0]), BreakStarted(room.session, "11:15"))
    assert time(room, 20)["title"].startswith("40 minutes left")
    room.facilitator.record(BreakEnded(room.session))
    assert time(room, 20)["title"].startswith("40 minutes left")


def test_each_session_has_its_own_time(engine: Engine) -> None:
    room = make_room(engine, sessions=(("One", ("engaging-councillors",)), ("Two", ("engaging-smes",))))
    one, two = room.workshop.sessions
    keep_plan(engine, room.created.workshop, Plan("One", "2026-03-12", 60, {two: ("2026-03-19", 120)}))
    for session in (one, two):
        room.facilitator.record(TopicPresented(session, room.workshop.sessions[session].codes[0]))
    assert time(room, 1, one)["title"].startswith("59 minutes left")
    assert time(room, 1, two)["title"].startswith("119 minutes left")


def test_nobody_else_reads_it(room: Room) -> None:
    """A room that reads the time hurries; what is left is for whoever leads it."""
    room.facilitator.record(TopicPresented(room.session, room.codes[0]))
    wall = attached(projector.build(), ProjectorStore(room.engine, Actor(room.created.workshop, "projector")))
    assert "minutes left" in in_the_browser(attached(facilitator.build(), room.facilitator)) + str(time(room, 1))
    for screen in (wall, attached(participant.build(), room.participants[0])):
        assert "minutes left" not in in_the_browser(screen)
