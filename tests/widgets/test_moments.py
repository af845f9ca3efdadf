"""Each moment on phones and on the wall: what a page is called, what it says between topics, and nothing of later."""

from dataclasses import replace
from typing import Any

import pytest
from played import PEOPLE, SESSION, agreed, beginning, scored, theme_codes, voted, votes, workshop_of, written

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import (
    BreakStarted,
    ClosingShown,
    DraftPromised,
    SessionClosed,
    TargetSet,
    TopicPresented,
    VotingOpened,
    VotingStopped,
)
from npswidgets.screens.participant.arriving import arrival
from npswidgets.screens.participant.view import ParticipantView, participant_view
from npswidgets.screens.projector.view import ProjectorView, WayIn, projector_view

CODES = theme_codes()
CODE = CODES[1]
PRESENTED = TopicPresented(SESSION, CODE)
OPENED = VotingOpened(SESSION, CODE, 1)
SHOWN = [*voted(CODE, votes(3, 4, 4, 4, 0))]


def seen(*events: Any) -> tuple[ParticipantView, ProjectorView, dict[str, str]]:
    """A phone, the wall, and how the phone's page arrives there."""
    workshop = workshop_of([*beginning(CODES), *events])
    session = workshop.sessions[SESSION]
    phone = participant_view(workshop, Actor(workshop.id, "participant", SESSION, PEOPLE[0]), {})
    wall = projector_view(workshop, session, 0, WayIn("482915", "http://10.0.0.1:8866"))
    return (
        phone,
        replace(wall, since=None, until=None),
        arrival(workshop, session, phone),
    )  # each event takes a minute here


STATES: list[tuple[str, list[Any]]] = [
    ("You have joined, Example County Council", []),
    ("Read: Reporting, topic 2, Example County Council", [PRESENTED]),
    ("Vote: Reporting, topic 2, Example County Council", [OPENED]),
    ("Voting has stopped: Reporting, topic 2, Example County Council", [OPENED, VotingStopped(SESSION, CODE, 1)]),
    ("Votes shown: Reporting, topic 2, Example County Council", SHOWN),
    (
        "Second vote in the room: Reporting, topic 2, Example County Council",
        [*SHOWN, VotingOpened(SESSION, CODE, 2)],
    ),
    ("Agreed score: Reporting, topic 2, Example County Council", [*SHOWN, scored(CODE, 2)]),
    ("Break. Back at 11:15, Example County Council", [BreakStarted(SESSION, "11:15")]),
    ("Is this what we agreed? Example County Council", [scored(CODE, 2), ClosingShown(SESSION, "scores")]),
    ("Thank you. The workshop has ended, Example County Council", [scored(CODE, 2), SessionClosed(SESSION)]),
]


def test_the_title_of_a_phones_page_says_the_state() -> None:
    assert [seen(*events)[2]["page"] for _, events in STATES] == [title for title, _ in STATES]


def test_each_state_is_another_moment_and_a_vote_that_comes_in_is_none() -> None:
    moments = [seen(*events)[2]["moment"] for _, events in STATES]
    assert len(set(moments)) == len(moments)
    assert seen(OPENED)[2] == seen(PRESENTED, OPENED)[2]
    first = [VotingOpened(SESSION, code, 0) for code in CODES]
    assert seen(*first)[2]["page"].startswith("Score: Procurement and commercial champions, topic 1")


@pytest.mark.parametrize("events", [events for title, events in STATES if "ended" not in title])
def test_nothing_of_a_later_moment_is_on_a_phone_or_on_the_wall(events: list[Any]) -> None:
    later = CODES[5]
    ahead = [
        *written(later, comment="Written ahead", different_view="Seen otherwise", evidence="In a folder"),
        TargetSet(SESSION, later, 4),
        agreed(later, "Publish ahead", "Somebody ahead", "2027-01-31"),
        DraftPromised(SESSION, "2027-02-28"),
    ]
    before, after = seen(*events), seen(*ahead, *events)
    assert before == after


def test_between_topics_a_phone_says_what_was_agreed_and_what_comes() -> None:
    first = [VotingOpened(SESSION, code, 0) for code in CODES]
    shown = [VotingStopped(SESSION, code, 0) for code in CODES]
    assert seen(*first, *shown)[0].state != "between"
    phone = seen(scored(CODES[0], 3), scored(CODES[1], None, "We have none."))[0]
    assert phone.state == "between"
    assert phone.parts[0]["text"] == "Next: Councillor development\nIt will appear here."
    (listed,) = [part["rows"] for part in phone.parts if part["kind"] == "pairs"]
    done = [["Procurement and commercial champions", "✓ 3 Mature"], ["Reporting", "✓ Not applicable"]]
    assert listed == [*done, *([words[0], "To talk about"] for words in listed[2:])]
    assert len(listed) == len(CODES)


def test_at_the_end_a_phone_has_the_scores_the_actions_with_their_topics_and_when_the_draft_comes() -> None:
    what = agreed(CODE, "Brief scrutiny every quarter", "Head of procurement", "2026-06-30")
    phone = seen(scored(CODE, 2), what, DraftPromised(SESSION, "2026-07-10"), SessionClosed(SESSION))[0]
    assert phone.parts[0]["text"] == "The facilitator sends the draft report by 10 July 2026."
    (actions,) = [part["rows"] for part in phone.parts if part["kind"] == "actions"]
    assert [(row["what"], row["about"]) for row in actions] == [("Brief scrutiny every quarter", "Reporting")]
    assert ["Reporting", "2 Developing"] in next(part["rows"] for part in phone.parts if part["kind"] == "pairs")
