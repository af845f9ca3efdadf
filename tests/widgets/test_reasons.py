"""A reason with a vote: it can be left out, the facilitator alone reads it, after the votes, without a name."""

import pytest
from messages import attached, cast, in_the_browser, send
from played import SESSION, beginning, theme_codes, voted, votes, workshop_of
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.domain.actor import Actor
from npswidgets.domain.ballots import Ballot, Reason, reasons
from npswidgets.domain.events import Answer, Event, ReasonShown, ScoreRecorded, TopicPresented, VotingOpened, Words
from npswidgets.errors import RuleBroken
from npswidgets.screens import facilitator, participant, projector
from npswidgets.screens.facilitator import FacilitatorScreen
from npswidgets.screens.participant import ParticipantScreen
from npswidgets.screens.projector import ProjectorScreen
from npswidgets.store import archive
from npswidgets.store.opening import store_of

CODE = "reporting"
WHY = "Nobody sends us reports."


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, people=3)
    room.open_voting(CODE)
    return room


@pytest.fixture
def phone(room: Room) -> ParticipantScreen:
    room.participants[0].refresh()
    return attached(participant.build(), room.participants[0])  # type: ignore[no-any-return]


def page_of(room: Room) -> FacilitatorScreen:
    store = store_of(room.engine, Actor(room.created.workshop, "facilitator"))
    return attached(facilitator.build(), store)  # type: ignore[no-any-return]


def wall_of(room: Room) -> ProjectorScreen:
    store = store_of(room.engine, Actor(room.created.workshop, "projector"))
    return attached(projector.build(), store)  # type: ignore[no-any-return]


def give(phone: ParticipantScreen, text: object, code: str = CODE, number: object = 1) -> None:
    send(phone.pad, {"kind": "reason", "code": code, "round": number, "text": text})


def choose(page: FacilitatorScreen, number: int, show: bool = True) -> None:
    send(page.now, {"kind": "reason_chosen", "code": CODE, "number": number, "show": show})


def ballot(answer: Answer, reason: str) -> Ballot:
    return Ballot("0" * 8, SESSION, CODE, 1, "somebody", answer, reason)


def test_reasons_stand_from_the_lowest_level_up_and_say_nothing_of_who_or_when() -> None:
    given = [ballot("dont_know", "c"), ballot(4, "b"), ballot(1, "z"), ballot(4, "a"), ballot(2, "")]
    expected = (Reason(1, "z"), Reason(4, "a"), Reason(4, "b"), Reason("dont_know", "c"))
    assert reasons(given) == reasons(given[::-1]) == expected


def test_a_reason_belongs_to_the_answer_that_it_was_given_for(room: Room, phone: ParticipantScreen) -> None:
    first = cast(phone.pad, CODE, 3)
    give(phone, f"  {WHY} ")
    assert (phone.pad.reason, phone.pad.reason_problem, phone.pad.saved["ballot"]) == (WHY, "", first)
    second = cast(phone.pad, CODE, 3, replaces=first)
    assert phone.pad.reason == WHY
    cast(phone.pad, CODE, 1, replaces=second)
    assert (phone.pad.saved["answer"], phone.pad.reason) == (1, "")
    room.facilitator.show_votes(CODE)
    assert room.facilitator.reasons(CODE) == ()


def test_a_reason_that_was_typed_for_another_vote_is_not_taken_for_this_one(
    room: Room, phone: ParticipantScreen
) -> None:
    first = cast(phone.pad, CODE, 3)
    second = cast(phone.pad, CODE, 1, replaces=first)
    send(phone.pad, {"kind": "reason", "code": CODE, "round": 1, "text": WHY, "ballot": first})
    assert phone.pad.reason_problem == "You chose 1 in another window. Is your reason for that, too?"
    assert phone.pad.reason == ""
    send(phone.pad, {"kind": "reason", "code": CODE, "round": 1, "text": WHY, "ballot": second})
    assert (phone.pad.reason, phone.pad.reason_problem) == (WHY, "")


def test_the_pad_knows_until_when_a_reason_that_was_not_saved_can_be_said(room: Room, phone: ParticipantScreen) -> None:
    cast(phone.pad, CODE, 3)
    assert not phone.pad.shown
    room.facilitator.show_votes(CODE)
    send(phone.pad, {"kind": "look"})
    assert phone.pad.shown
    room.facilitator.record(ScoreRecorded(room.session, CODE, 3))
    send(phone.pad, {"kind": "look"})
    assert not phone.pad.shown


def test_an_empty_reason_takes_it_back(room: Room, phone: ParticipantScreen) -> None:
    cast(phone.pad, CODE, 3)
    give(phone, WHY)
    give(phone, "")
    room.facilitator.show_votes(CODE)
    assert (phone.pad.reason, room.facilitator.reasons(CODE)) == ("", ())


@pytest.mark.parametrize(
    ("text", "number", "said"),
    [
        ("x" * 612, 1, "Shorten the reason to 500 characters. It has 612."),
        (WHY, 2, "Vote first, then add a reason."),
        (WHY, 0, "Vote first, then add a reason."),
    ],
)
def test_a_reason_that_is_not_taken_says_why(phone: ParticipantScreen, text: str, number: int, said: str) -> None:
    cast(phone.pad, CODE, 3)
    give(phone, text, number=number)
    assert (phone.pad.reason_problem, phone.pad.reason, phone.pad.saved["answer"]) == (said, "", 3)


def test_no_reason_without_a_vote_and_none_after_the_votes_are_shown(room: Room, phone: ParticipantScreen) -> None:
    give(phone, WHY)
    assert phone.pad.reason_problem == "Vote first, then add a reason."
    cast(phone.pad, CODE, 3)
    room.facilitator.show_votes(CODE)
    give(phone, WHY)
    assert "were shown before" in phone.pad.reason_problem
    assert room.facilitator.reasons(CODE) == ()


@pytest.mark.parametrize("message", [{"text": 3}, {"text": None}, {"text": WHY, "round": "1"}, {"round": 1}])
def test_a_forged_reason_cannot_be_read(phone: ParticipantScreen, message: dict[str, object]) -> None:
    cast(phone.pad, CODE, 3)
    send(phone.pad, {"kind": "reason", "code": CODE, "round": 1} | message)
    assert "cannot be read" in phone.pad.fault
    assert phone.pad.reason == ""


def test_nobody_reads_reasons_while_people_vote_and_nobody_else_ever(room: Room, phone: ParticipantScreen) -> None:
    cast(phone.pad, CODE, 3)
    give(phone, WHY)
    page, wall, other = page_of(room), wall_of(room), attached(participant.build(), room.participants[1])
    assert (room.facilitator.reasons(CODE), page.now.reasons) == ((), {})
    room.facilitator.show_votes(CODE)
    assert WHY not in in_the_browser(wall_of(room)) + in_the_browser(wall) + in_the_browser(other)
    assert WHY not in archive.archive_text(room.engine, room.created.workshop)
    page = page_of(room)
    assert page.now.reasons["title"] == "1 reason"
    assert page.now.reasons["rows"] == [{"answer": "3", "text": WHY, "shown": False}]
    room.facilitator.record(VotingOpened(room.session, CODE, 2))
    assert room.facilitator.reasons(CODE) == ()


def test_one_click_puts_a_reason_on_the_wall_and_one_takes_it_off(room: Room, phone: ParticipantScreen) -> None:
    cast(phone.pad, CODE, 3)
    give(phone, WHY)
    room.facilitator.show_votes(CODE)
    page = page_of(room)
    choose(page, 0)
    assert page.now.reasons["rows"][0]["shown"]
    assert wall_of(room).heading.quote == f"“{WHY}”"
    choose(page, 0, show=False)
    assert (wall_of(room).heading.quote, page.now.reasons["rows"][0]["shown"]) == ("", False)


def test_a_reason_leaves_the_wall_with_the_next_vote(room: Room, phone: ParticipantScreen) -> None:
    cast(phone.pad, CODE, 3)
    give(phone, WHY)
    room.facilitator.show_votes(CODE)
    choose(page_of(room), 0)
    room.facilitator.record(VotingOpened(room.session, CODE, 2))
    room.vote(CODE, 3, round_number=2)
    room.facilitator.show_votes(CODE)
    assert wall_of(room).heading.quote == ""


def test_a_reason_that_there_is_not_is_not_shown(room: Room, phone: ParticipantScreen) -> None:
    cast(phone.pad, CODE, 3)
    room.facilitator.show_votes(CODE)
    page = page_of(room)
    before = room.workshop.revision
    choose(page, 0)
    choose(page, -1)
    send(page.now, {"kind": "reason_chosen", "code": "alchemy", "number": 0, "show": True})
    assert room.workshop.revision == before


@pytest.mark.parametrize(
    "before",
    [
        (TopicPresented(SESSION, CODE),),
        (TopicPresented(SESSION, CODE), VotingOpened(SESSION, CODE, 1)),
        (*voted(CODE, votes(1, 2, 3, 0, 0)), VotingOpened(SESSION, CODE, 2)),
        tuple(voted(CODE, votes(1, 2, 3, 0, 0), votes(1, 2, 3, 0, 0))),
    ],
)
def test_a_reason_is_shown_only_after_the_votes_of_its_round(before: tuple[Event, ...]) -> None:
    with pytest.raises(RuleBroken, match="only after the votes"):
        workshop_of([*beginning(theme_codes()), *before, ReasonShown(SESSION, CODE, 1, Words(WHY))])


def test_reasons_of_another_session_are_read_as_such_and_shown_to_no_room(engine: Engine) -> None:
    room = make_room(engine, people=3, sessions=(("One", ("engaging-councillors",)), ("Two", ("engaging-smes",))))
    here, there = room.created.codes
    room.facilitator.record(VotingOpened(here, CODE, 0))
    for store, reason in zip(room.participants, (WHY, "", ""), strict=True):
        store.refresh()
        store.cast(room.ballot(store, CODE, 2, 0, reason=reason))
    room.facilitator.refresh()
    room.facilitator.move_topic(CODE, there, room.facilitator.moving(CODE, there))
    room.facilitator.record(TopicPresented(there, CODE))
    page = attached(facilitator.build(), store_of(engine, Actor(room.created.workshop, "facilitator", there)))
    send(page.topics, {"kind": "looked_at", "code": CODE})
    assert page.now.reasons["rows"] == [{"answer": "2", "text": WHY, "shown": False, "session": "One"}]
    assert "First scores in One: level 2: 3" in page.now.lines
    choose(page, 0)
    assert room.workshop.topics[CODE].reason_shown is None
    wall = attached(projector.build(), store_of(engine, Actor(room.created.workshop, "projector", there)))
    assert WHY not in in_the_browser(wall)
