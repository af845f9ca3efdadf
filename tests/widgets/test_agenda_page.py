"""The agenda as a facilitator changes it at the page: who else changes it, and what a browser can forge."""

from typing import Any

import pytest
from messages import attached, send
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import SessionClosed, TopicMoved, TopicPresented, TopicsLeftOut, VotingOpened
from npswidgets.screens import facilitator
from npswidgets.screens.facilitator import FacilitatorScreen
from npswidgets.store.opening import store_of

CHAMPIONS, CODE, DEVELOPMENT = "procurement-and-commercial-champions", "reporting", "councillor-development"


@pytest.fixture
def room(engine: Engine) -> Room:
    """Three topics and three people in one session; two more sessions."""
    sessions = (("One", ("engaging-councillors",)), ("Two", ("engaging-smes",)), ("Three", ("engaging-vcses",)))
    return make_room(engine, people=3, sessions=sessions)


def agenda(room: Room, session: str = "") -> FacilitatorScreen:
    """A facilitator's page with the agenda of a session open."""
    actor = Actor(room.created.workshop, "facilitator", session or room.session)
    page: FacilitatorScreen = attached(facilitator.build(), store_of(room.engine, actor))
    send(page.bar, {"kind": "menu_chosen", "action": "agenda", "session": ""})
    return page


def codes(page: FacilitatorScreen) -> list[str]:
    return [row["code"] for row in page.agenda.rows]


def row(page: FacilitatorScreen, code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in page.agenda.rows if one["code"] == code)
    return found


def shift(page: FacilitatorScreen, code: str, by: int) -> None:
    send(page.agenda, {"kind": "topic_shifted", "code": code, "by": by})


def leave_out(page: FacilitatorScreen, code: str, out: bool = True) -> None:
    send(page.agenda, {"kind": "topic_left_out", "code": code, "out": out})


def give(page: FacilitatorScreen, code: str, to: str, told: str = "") -> None:
    send(page.agenda, {"kind": "topic_given", "code": code, "to": to, "told": told})


def test_topics_change_places_are_left_out_and_put_back(room: Room) -> None:
    page = agenda(room)
    shift(page, CODE, -1)
    assert codes(page) == [CODE, CHAMPIONS, DEVELOPMENT]
    assert [(one["up"], one["down"]) for one in page.agenda.rows] == [(False, True), (True, True), (True, False)]
    leave_out(page, CODE)
    assert (codes(page), [one["code"] for one in page.agenda.left_out]) == ([CHAMPIONS, DEVELOPMENT], [CODE])
    leave_out(page, CODE, out=False)
    assert (codes(page), page.agenda.left_out) == ([CHAMPIONS, DEVELOPMENT, CODE], [])


def test_the_last_topic_stays(room: Room) -> None:
    page = agenda(room)
    leave_out(page, CODE)
    leave_out(page, CHAMPIONS)
    assert (row(page, DEVELOPMENT)["out"], row(page, DEVELOPMENT)["moves"]) == (False, [])
    leave_out(page, DEVELOPMENT)
    assert page.agenda.problem == "A session keeps at least one topic."
    give(page, DEVELOPMENT, [*room.workshop.sessions][1])
    assert page.agenda.problem == "A session keeps at least one topic."


def test_a_topic_that_was_moved_can_be_moved_back_at_once(room: Room) -> None:
    here, there, _ = room.workshop.sessions
    room.facilitator.record(VotingOpened(here, CODE, 0))
    room.vote(CODE, 2, 2, 4, round_number=0)
    page = agenda(room)
    told = row(page, CODE)["moves"][0]["told"]
    assert told == "3 people have given first scores on it. Not all of them are in Two: their first scores are shown " \
        "now, and stay those of One."  # fmt: skip
    give(page, CODE, there, told)
    moved = page.agenda.moved
    assert (codes(page), moved["title"]) == ([CHAMPIONS, DEVELOPMENT], "Two")
    assert moved["told"] == "First scores that 3 people gave on it in One count there again."
    give(page, CODE, moved["session"], moved["told"])
    assert (codes(page), page.agenda.moved) == ([CHAMPIONS, DEVELOPMENT, CODE], {})
    assert room.workshop.topics[CODE].shown[0].counts == (0, 2, 0, 1, 0)


def test_what_was_moved_is_offered_back_only_while_it_can_be(room: Room) -> None:
    _, there, _ = room.workshop.sessions
    page, other = agenda(room), agenda(room, there)
    give(page, CODE, there)
    assert page.agenda.moved
    room.facilitator.record(TopicPresented(there, CODE), VotingOpened(there, CODE, 1))
    page.controller.store.refresh()
    page.draw()
    assert page.agenda.moved == {}
    give(page, CODE, room.session)
    assert "It stays on the agenda" in page.agenda.problem
    other.controller.store.refresh()
    other.draw()
    assert (row(other, CODE)["settled"], row(other, CODE)["moves"]) == (True, [])


def test_two_facilitators_change_one_agenda(room: Room) -> None:
    _, there, _ = room.workshop.sessions
    mine, theirs = agenda(room), agenda(room)
    leave_out(theirs, CODE)
    shift(mine, CODE, -1)  # it is gone since: nothing changes places with another one
    assert (codes(mine), mine.agenda.problem) == ([CHAMPIONS, DEVELOPMENT], "")
    give(mine, CODE, there)
    assert mine.agenda.problem
    assert CODE in room.workshop.left_out
    leave_out(mine, CODE, out=False)
    leave_out(theirs, CODE, out=False)
    assert "was not left out of this session" in theirs.agenda.problem
    assert codes(theirs) == [CHAMPIONS, DEVELOPMENT, CODE]


def test_a_vote_that_opens_meanwhile_keeps_its_topic(room: Room) -> None:
    _, there, _ = room.workshop.sessions
    page = agenda(room)
    room.open_voting(CODE)
    leave_out(page, CODE)
    assert "It stays on the agenda" in page.agenda.problem
    give(page, CODE, there)
    assert "It stays on the agenda" in page.agenda.problem
    assert room.workshop.topics[CODE].session == room.session


def test_a_topic_that_goes_while_somebody_looks_at_it_leaves_no_page_behind(room: Room) -> None:
    _, there, _ = room.workshop.sessions
    room.facilitator.record(TopicPresented(room.session, CODE))
    page = agenda(room)
    send(page.topics, {"kind": "looked_at", "code": CODE})
    room.facilitator.record(TopicMoved(room.session, CODE, there))
    page.controller.store.refresh()
    page.draw()
    assert (page.controller.session, page.controller.code in codes_of(room)) == (room.session, True)
    send(page.now, {"kind": "pressed", "action": "start", "moment": page.now.moment})
    assert room.workshop.topics[CODE].rounds == ()


def codes_of(room: Room) -> tuple[str, ...]:
    return room.workshop.sessions[room.session].codes


def test_a_session_that_has_ended_gives_its_topics_and_takes_none(room: Room) -> None:
    here, there, _ = room.workshop.sessions
    room.facilitator.record(TopicsLeftOut(here, (DEVELOPMENT,)), SessionClosed(here))
    page = agenda(room)
    assert page.agenda.fixed
    for change in (
        lambda: shift(page, CODE, -1),
        lambda: leave_out(page, CODE),
        lambda: leave_out(page, DEVELOPMENT, False),
    ):
        change()
        assert "has ended" in page.agenda.problem
    give(page, CODE, there)
    assert (codes(page), page.agenda.problem, page.agenda.moved) == ([CHAMPIONS], "", {})
    other = agenda(room, there)
    give(other, CODE, here)
    assert "has ended" in other.agenda.problem


@pytest.mark.parametrize(
    "forged",
    [
        {"kind": "topic_shifted", "code": "nothing", "by": 1},
        {"kind": "topic_shifted", "code": CODE, "by": 7},
        {"kind": "topic_left_out", "code": "nothing", "out": True},
        {"kind": "topic_left_out", "code": "sme-relationships", "out": True},
        {"kind": "topic_left_out", "code": CODE, "out": False},
        {"kind": "topic_given", "code": "nothing", "to": "two", "told": ""},
        {"kind": "topic_given", "code": CODE, "to": "nowhere", "told": ""},
        {"kind": "topic_given", "code": CODE, "to": "one", "told": ""},
        {"kind": "topic_given", "code": CODE, "to": "two", "told": "All of them go along."},
    ],
)
def test_a_forged_message_changes_nothing(room: Room, forged: dict[str, Any]) -> None:
    page, before = agenda(room), room.workshop
    send(page.agenda, forged)
    assert room.workshop == before
