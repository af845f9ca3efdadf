"""The end of a session: what was agreed is read together, actions are agreed, a draft is promised."""

from typing import Any

import pytest
from played import PEOPLE, SESSION, beginning, scored, theme_codes, voted, votes, workshop_of, written

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import (
    ActionAgreed,
    ActionDropped,
    ClosingShown,
    DraftPromised,
    SessionClosed,
    TopicPresented,
    VotingOpened,
    Words,
)
from npswidgets.domain.workshop import Session
from npswidgets.errors import RuleBroken
from npswidgets.screens.participant.view import ParticipantView, participant_view
from npswidgets.screens.projector.view import ProjectorView, WayIn, projector_view

CODES = theme_codes()
CODE, OTHER, NOT_OURS = CODES[1], CODES[2], CODES[3]
SCORED = (
    *voted(CODE, votes(0, 9, 8, 0, 0)),
    *written(CODE, comment="Scrutiny asks late."),
    scored(CODE, 2),
    scored(NOT_OURS, None, "We have none."),
)
BRIEFING = ActionAgreed(
    SESSION, CODE, "a1", Words("Write a briefing each quarter"), Words("Head of procurement"), "2026-09-30"
)
VIEW = ActionAgreed(SESSION, OTHER, "a2", Words("Ask members"), Words(""))


def session(*events: Any) -> Session:
    return workshop_of([*beginning(CODES), *events]).sessions[SESSION]


def wall(*events: Any) -> ProjectorView:
    workshop = workshop_of([*beginning(CODES), *events])
    return projector_view(workshop, workshop.sessions[SESSION], 0, WayIn("482915", "http://10.0.0.1:8866"))


def phone(*events: Any) -> ParticipantView:
    workshop = workshop_of([*beginning(CODES), *events])
    return participant_view(workshop, Actor(workshop.id, "participant", SESSION, PEOPLE[0]), {})


def test_the_room_reads_back_what_it_agreed() -> None:
    seen = wall(*SCORED, ClosingShown(SESSION, "scores"))
    assert (seen.state, seen.heading["title"]) == ("closing", "Is this what we agreed?")
    assert seen.heading["corner"] == "Join: 10.0.0.1:8866   482 915"
    assert seen.parts[0]["rows"][:4] == [
        ["Procurement and commercial champions", "Left for later"],
        ["Reporting", "2 Developing"],
        ["Councillor development", "Left for later"],
        [seen.parts[0]["rows"][3][0], "Not applicable"],
    ]
    assert seen.foot["texts"] == ["1 topic scored"]


def test_actions_stand_on_the_wall_with_who_and_by_when() -> None:
    seen = wall(*SCORED, BRIEFING, VIEW, ClosingShown(SESSION, "actions"))
    assert seen.heading["title"] == "Our actions"
    assert seen.parts[0]["columns"] == ["What", "Who", "By when"]
    assert seen.parts[0]["rows"] == [
        ["Write a briefing each quarter", "Head of procurement", "30 September 2026"],
        ["Ask members", "", ""],
    ]
    assert seen.foot["texts"] == ["1 topic scored, 2 actions agreed"]


def test_without_actions_the_wall_says_so() -> None:
    assert wall(ClosingShown(SESSION, "actions")).parts[0]["text"] == "No actions yet."


def test_phones_show_what_the_wall_shows() -> None:
    for part in ("scores", "actions"):
        events = (*SCORED, BRIEFING, ClosingShown(SESSION, part))
        assert phone(*events).parts == wall(*events).parts
        assert phone(*events).heading["title"] == wall(*events).heading["title"]


def test_neither_comment_nor_reason_is_read_on_the_wall() -> None:
    for part in ("scores", "actions"):
        words = str(wall(*SCORED, BRIEFING, ClosingShown(SESSION, part)))
        assert [secret for secret in ("Scrutiny asks", "We have none", *PEOPLE) if secret in words] == []


def test_the_next_topic_ends_the_reading_back() -> None:
    reading = ClosingShown(SESSION, "scores")
    assert session(reading).closing == "scores"
    for event in (TopicPresented(SESSION, CODE), VotingOpened(SESSION, CODE, 1), ClosingShown(SESSION)):
        assert session(reading, event).closing is None
    assert session(reading, SessionClosed(SESSION)).closing is None


def test_nothing_is_read_back_while_a_vote_is_open() -> None:
    with pytest.raises(RuleBroken, match=r"^Voting on Reporting is still open\. Show or stop those votes first\.$"):
        session(VotingOpened(SESSION, CODE, 1), ClosingShown(SESSION, "scores"))


@pytest.mark.parametrize(
    "event", [ClosingShown(SESSION, "votes"), ClosingShown("other"), DraftPromised(SESSION, "soon")]
)  # type: ignore[arg-type]
def test_a_closing_that_cannot_be_is_refused(event: Any) -> None:
    with pytest.raises(RuleBroken):
        session(event)


def test_the_end_thanks_and_says_what_came_of_it() -> None:
    ended = wall(*SCORED, BRIEFING, VIEW, ActionDropped(SESSION, OTHER, "a2"), SessionClosed(SESSION))
    assert ended.parts[0]["text"] == "Thank you. 1 topic scored, 1 action agreed."


def test_phones_say_when_the_draft_comes() -> None:
    ended = phone(DraftPromised(SESSION, "2026-03-19"), SessionClosed(SESSION))
    assert ended.parts[0]["text"] == "The facilitator sends the draft report by 19 March 2026."
    taken_back = phone(DraftPromised(SESSION, "2026-03-19"), DraftPromised(SESSION), SessionClosed(SESSION))
    assert taken_back.parts[0]["text"] == "You can close this page."
