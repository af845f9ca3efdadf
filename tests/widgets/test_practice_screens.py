"""The practice topic on the screens: shown and voted on like any other."""

import json
import re
from typing import Any

import pytest
from messages import attached, cast, in_the_browser, send
from practising import CODE, SESSION, begin, kept
from room import Room, make_room
from sqlalchemy import Engine, func, select

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import (
    PresenceChanged,
    SessionClosed,
    TopicPresented,
    VotingOpened,
)
from npswidgets.domain.practice import NAME
from npswidgets.domain.question import steps
from npswidgets.screens import facilitator, participant, projector
from npswidgets.screens.facilitator.controller import Controller
from npswidgets.store import tables
from npswidgets.store.opening import store_of


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, people=4)


def open_page(room: Room) -> Any:
    return attached(facilitator.build(), store_of(room.engine, Actor(room.created.workshop, "facilitator")))


def open_wall(room: Room) -> Any:
    return attached(projector.build(), store_of(room.engine, Actor(room.created.workshop, "projector")))


def open_phone(room: Room, number: int = 0) -> Any:
    return attached(participant.build(), room.participants[number])


def again(*screens: Any) -> None:
    """Screens look, as they do by themselves after a moment."""
    for screen in screens:
        store = screen.controller.store if hasattr(screen, "controller") else screen._store
        store.refresh()
        (screen.draw if hasattr(screen, "controller") else screen._draw)()


def look_at_practice(page: Any) -> None:
    send(page.topics, {"kind": "looked_at", "code": CODE})


def press(page: Any, label: str) -> None:
    action = {one["label"]: one["action"] for one in [page.now.main, *page.now.others]}[label]
    send(page.now, {"kind": "pressed", "action": action, "moment": page.now.moment})


def labels(page: Any) -> list[str]:
    return [one["label"] for one in [page.now.main, *page.now.others]]


def test_the_practice_is_first_in_the_agenda_and_not_counted(room: Room) -> None:
    topics = open_page(room).topics
    first = topics.areas[0]
    assert (first["name"], [one["name"] for one in first["topics"]]) == ("", ["Practice: tea and coffee"])
    assert topics.done == "0 of 3 done"


def test_a_practice_from_the_first_word_to_the_first_topic(room: Room) -> None:
    page, wall, phone = open_page(room), open_wall(room), open_phone(room)
    look_at_practice(page)
    assert labels(page) == ["Start voting", "Explain scoring", "Skip the practice"]
    press(page, "Explain scoring")
    again(wall, phone)
    told = list(steps(room.workshop.rubric))
    assert (wall.heading.title, wall.passage.parts[0]["items"]) == ("How we score", told)
    assert wall.heading.corner == "" or "Join" in wall.heading.corner
    assert phone.heading.title == "You have joined"
    assert told in [part.get("items") for part in phone.passage.parts]

    press(page, "Start voting")
    again(wall, phone)
    assert (wall.heading.place, wall.heading.title) == ("Practice · nothing is kept", NAME)
    assert wall.foot.texts == ["Vote now", "0 of 4 votes in"]
    assert (phone.heading.place, phone.heading.title) == ("Practice · nothing is kept", NAME)
    assert phone.pad.voting
    assert phone.pad.levels[0]["statements"] == ["There is a kettle somewhere in the building."]
    assert phone.pad.source == ""

    first = cast(phone.pad, CODE, 2)
    cast(phone.pad, CODE, 4, replaces=first)
    room.participants[1].refresh()
    room.participants[1].cast(room.ballot(room.participants[1], CODE, 3))
    again(page, wall)
    assert page.now.count["words"] == "2 of 4 votes in"
    press(page, "Show the votes")
    again(wall, phone)
    assert wall.board.rounds == phone.board.rounds == [{"label": "vote in the room", "counts": [0, 0, 1, 1, 0]}]
    assert (phone.heading.status, phone.board.own) == ("The votes are shown", 4)
    assert "nothing of it is kept" in phone.passage.parts[0]["text"]
    assert labels(page) == ["Start the first topic", "Vote again", "End the practice"]

    press(page, "Start the first topic")
    again(wall, phone)
    names = [page.heading.title, wall.heading.title, phone.heading.title]
    assert names == ["Procurement and commercial champions"] * 3
    assert page.now.word == "Voting"
    assert page.topics.areas[0]["name"] == "Engaging Councillors"
    assert kept(room) == [0, 0]


def test_the_practice_asks_for_no_score_no_text_and_no_paper(room: Room) -> None:
    room.facilitator.record(PresenceChanged(SESSION, on_paper=3))
    page = open_page(room)
    look_at_practice(page)
    assert page.now.people["lines"] == ["4 on phones, 3 on paper"]
    assert page.now.why == ""
    press(page, "Start voting")
    assert (page.now.people, page.now.count["of"]) == ({}, 4)
    room.vote(CODE, 3, 4)
    for label in ("Show the votes", "Vote again"):
        press(page, label)
        assert (page.score.mode, page.notes.writing, page.now.starting, page.now.figures) == ("nothing", False, [], [])
    room.vote(CODE, 3, round_number=2)
    press(page, "Show the votes")
    assert (page.now.word, page.now.lines) == ("Votes shown", ["Nothing of the practice is kept."])


def test_the_practice_is_skipped_by_starting_a_topic(room: Room) -> None:
    begin(room, 3)
    page, phone = open_page(room), open_phone(room)
    send(page.topics, {"kind": "looked_at", "code": room.codes[0]})
    assert page.band.text == f"The room is on {NAME}."
    press(page, "Start voting")
    again(phone)
    assert (phone.heading.title, phone.pad.saved) == ("Procurement and commercial champions", {})
    assert (page.band.text, kept(room)) == ("", [0, 0])


def test_going_there_leads_to_the_practice(room: Room) -> None:
    begin(room)
    page = open_page(room)
    send(page.topics, {"kind": "looked_at", "code": room.codes[0]})
    send(page.band, {"kind": "looked_at", "code": page.band.code})
    assert (page.heading.title, page.now.word, page.band.text) == (NAME, "Voting", "")


def test_another_facilitator_is_led_to_the_topic_that_was_started(room: Room) -> None:
    page = open_page(room)
    look_at_practice(page)
    room.open_voting(room.codes[1])
    again(page)
    assert page.heading.title == "Reporting"
    look_at_practice(page)
    assert (page.heading.title, bool(page.topics.fault)) == ("Reporting", True)


def test_the_practice_can_be_run_again(room: Room) -> None:
    begin(room, 3, 3)
    room.facilitator.show_votes(CODE)
    page, phone, wall = open_page(room), open_phone(room), open_wall(room)
    look_at_practice(page)
    press(page, "End the practice")
    again(phone, wall)
    assert (kept(room), page.now.word) == ([0, 0], "Ready")
    assert (phone.heading.title, wall.join.code != "") == ("You have joined", True)
    assert page.heading.title == "Procurement and commercial champions", "the room goes on from there"
    look_at_practice(page)
    press(page, "Start voting")
    again(phone)
    assert (phone.pad.voting, phone.pad.saved, page.now.count["in"]) == (True, {}, 0)


def test_how_we_score_can_be_taken_off_the_wall(room: Room) -> None:
    page, wall = open_page(room), open_wall(room)
    look_at_practice(page)
    press(page, "Explain scoring")
    press(page, "Hide from the screen")
    again(wall)
    assert (wall.heading.title, wall.passage.parts) == ("How good is our procurement?", [])


def test_a_vote_that_was_stopped_starts_again_with_the_votes_or_without(room: Room) -> None:
    begin(room, 3, 3)
    page = open_page(room)
    look_at_practice(page)
    for label, votes in (("Go on voting", 2), ("Start from zero", 0)):
        press(page, "Stop voting")
        press(page, label)
        assert (page.now.word, page.now.count["in"]) == ("Voting", votes)


def test_who_joins_late_votes_at_once(room: Room) -> None:
    begin(room, 3)
    late = room.join()[0]
    phone = attached(participant.build(), late)
    assert (phone.pad.voting, phone.heading.note) == (True, "Welcome. The practice is open: you can vote now.")
    cast(phone.pad, CODE, 5)
    assert phone.pad.saved["answer"] == 5
    assert not phone.pad.reasons, "nobody would read it"
    room.open_voting(room.codes[0])
    send(phone.pad, {"kind": "look"})
    assert phone.pad.reasons


def test_a_break_comes_before_the_practice_and_it_goes_on_after(room: Room) -> None:
    begin(room, 3)
    page, phone = open_page(room), open_phone(room)
    assert not page.topics.break_possible
    room.facilitator.show_votes(CODE)
    again(page)
    assert page.topics.break_possible
    send(page.topics, {"kind": "break_asked", "until": "11:15"})
    again(phone)
    assert phone.heading.title == "Break. Back at 11:15."
    look_at_practice(page)
    press(page, "End break")
    again(phone)
    assert (phone.heading.status, page.now.word) == ("The votes are shown", "Votes shown")


def test_the_end_pages_know_nothing_of_the_practice(room: Room) -> None:
    page = open_page(room)
    look_at_practice(page)
    send(page.bar, {"kind": "menu_chosen", "action": "read_back"})
    assert len(page.agreed.rows) == 3
    assert page.now.lines[0] == "3 topics have no score"
    press(page, "Go back")
    assert page.heading.title == NAME
    send(page.bar, {"kind": "menu_chosen", "action": "read_back"})
    press(page, "End the workshop")
    assert (page.now.word, page.agreed.heading) == ("Ended", "Thank you. The workshop has ended.")


def test_votes_of_the_practice_are_secret_until_they_are_shown(room: Room) -> None:
    begin(room, 1, 1, 1)
    screens = [open_wall(room), open_phone(room, 3)]
    page = open_page(room)
    look_at_practice(page)

    def seen() -> list[str]:
        again(page, *screens)
        told = [one.get_state() for one in (page.now, page.board, page.topics, page.heading, page.band)]
        texts = [*map(in_the_browser, screens), json.dumps(told, default=str)]
        return [re.sub('"elapsed": [0-9.]+', "", text) for text in texts]

    before = seen()
    for store in room.participants[:3]:
        store.cast(room.ballot(store, CODE, 5, replaces=store.own_ballots()[CODE, 1].id))
    assert seen() == before


def test_each_session_has_a_practice_of_its_own(engine: Engine) -> None:
    sessions = (("First", ("engaging-councillors",)), ("Second", ("engaging-senior-managers",)))
    room = make_room(engine, people=1, sessions=sessions)
    room.facilitator.record(TopicPresented("first", "practice:first"), VotingOpened("first", "practice:first", 1))
    phone = open_phone(room)
    room.facilitator.record(TopicPresented("second", "practice:second"), VotingOpened("second", "practice:second", 1))
    room.facilitator.end_practice("second", leave=True)
    room.vote("practice:first", 3)
    again(phone)
    assert phone.pad.saved["answer"] == 3


def test_the_page_opens_on_the_practice_until_a_topic_is_started(room: Room) -> None:
    assert Controller(room.facilitator).view_state().value_code.name == NAME
    room.facilitator.record(TopicPresented(SESSION, room.codes[1]))
    assert Controller(room.facilitator).code == room.codes[1]
    room.facilitator.record(SessionClosed(SESSION))
    assert Controller(room.facilitator).page == "agreed"


@pytest.mark.parametrize(
    "steps",
    [
        ["Skip the practice"],
        ["Explain scoring", "Skip the practice"],
        ["Start voting", "Show the votes", "End the practice"],
        ["Start voting", "Stop voting", "End the practice"],
    ],
)
def test_a_practice_that_is_over_is_not_offered_again_when_the_page_is_opened_again(
    room: Room, steps: list[str]
) -> None:
    page = open_page(room)
    look_at_practice(page)
    for label in steps:
        if label == "Show the votes":
            room.vote(CODE, 3)
        press(page, label)
    assert [page.controller.code, Controller(room.facilitator).code] == [room.codes[0]] * 2
    assert page.topics.areas[0]["topics"][0]["name"] == NAME, "it can still be begun"


def test_a_practice_that_was_skipped_and_is_begun_all_the_same_is_where_the_page_opens(room: Room) -> None:
    page = open_page(room)
    look_at_practice(page)
    press(page, "Skip the practice")
    look_at_practice(page)
    press(page, "Start voting")
    assert Controller(room.facilitator).code == CODE
    press(page, "Stop voting")
    press(page, "End the practice")
    room.open_voting(room.codes[0])
    with room.engine.connect() as db:
        assert db.scalar(select(func.count()).select_from(tables.practice)) == 0


def test_one_session_without_the_practice_leaves_the_other_its_own(engine: Engine) -> None:
    sessions = (("First", ("engaging-councillors",)), ("Second", ("engaging-senior-managers",)))
    room = make_room(engine, sessions=sessions)
    room.facilitator.skip_practice("first")
    page = open_page(room)
    send(page.bar, {"kind": "menu_chosen", "action": "session", "session": "second"})
    assert page.heading.title == NAME
    send(page.bar, {"kind": "menu_chosen", "action": "session", "session": "first"})
    assert page.heading.title != NAME


def test_a_long_theme_goes_from_the_practice_to_first_scores(engine: Engine) -> None:
    room = make_room(engine, people=1, sessions=(("Showing leadership", ("showing-leadership",)),))
    page, phone = open_page(room), open_phone(room)
    look_at_practice(page)
    press(page, "Start voting")
    room.vote(CODE, 3)
    press(page, "Show the votes")
    assert page.now.main["label"] == "Start first scores"
    press(page, "Start first scores")
    again(phone)
    assert (page.now.word, phone.pad.code) == ("First scores", room.codes[0])
    assert kept(room) == [0, 0]
