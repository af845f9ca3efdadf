"""How much of the booked time is left, and for which topics it is enough."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from played import SESSION, START, beginning, created, rubric, theme_codes, votes

from npswidgets.domain.agenda import topic_seconds
from npswidgets.domain.events import (
    Entry,
    Event,
    ParticipantJoined,
    ScoreRecorded,
    SessionClosed,
    SessionOpened,
    SessionPlanned,
    TopicMoved,
    TopicParked,
    TopicPresented,
    VotesRevealed,
    VotingOpened,
)
from npswidgets.domain.rules import fold
from npswidgets.domain.time_left import TimeLeft, began_at, time_left, to_talk_about
from npswidgets.domain.workshop import Workshop

CODES = A, B, C, D, E, F = theme_codes()[:6]
DAY_BEFORE = -24 * 60
PLANNED = round(sum(topic_seconds(rubric().value_codes[code], 18) for code in CODES) / 6 / 60)


def played(*timed: tuple[float, Event], begun: Iterable[Event] = ()) -> Workshop:
    """Six topics and 18 people, and what happened in which minute."""
    entries = [(DAY_BEFORE, event) for event in begun or beginning(CODES)]
    numbered = enumerate([*entries, *timed], 1)
    return fold(
        (Entry(number, START + timedelta(minutes=at), "facilitator", event, "") for number, (at, event) in numbered),
        rubric(),
    )


def left(workshop: Workshop, minute: float, booked: int = 120, session: str = SESSION) -> TimeLeft | None:
    return time_left(workshop, session, booked, START + timedelta(minutes=minute))


def worked(code: str, start: float, minutes: float) -> list[tuple[float, Event]]:
    shown = VotesRevealed(SESSION, code, 1, votes(0, 6, 9, 1, 0))
    begun = [(start, TopicPresented(SESSION, code)), (start, VotingOpened(SESSION, code, 1)), (start + 1, shown)]
    return [*begun, (start + minutes, ScoreRecorded(SESSION, code, 2))]


def first_scores(opened: float, shown: float, wide: Sequence[str] = CODES) -> list[tuple[float, Event]]:
    """All topics scored alone; on those that are not `wide` the votes stand close together."""
    apart, close = votes(6, 0, 0, 6, 0), votes(0, 12, 0, 0, 0)
    cast: list[tuple[float, Event]] = [(opened, VotingOpened(SESSION, code, 0)) for code in CODES]
    return cast + [(shown, VotesRevealed(SESSION, code, 0, apart if code in wide else close)) for code in CODES]


def test_nothing_is_left_before_the_room_begins_and_after_it_has_ended() -> None:
    assert left(played(), 0) is None
    assert left(played(*worked(A, 0, 5), (6, SessionClosed(SESSION))), 10) is None


def test_nothing_is_said_where_nobody_booked_a_time() -> None:
    assert left(played((0, TopicPresented(SESSION, A))), 5, booked=0) is None


def test_the_time_begins_with_the_first_topic() -> None:
    found = left(played((0, TopicPresented(SESSION, A))), 30.5)
    assert found is not None
    assert (found.booked, found.left, found.until) == (120, 89, START + timedelta(minutes=120))


@pytest.mark.parametrize(
    ("opened", "began"),
    [(-20, -20), (-61, 0), (DAY_BEFORE, 0)],
    ids=["in the room", "since the morning", "the day before"],
)
def test_first_scores_belong_to_the_time_when_they_were_given_in_the_room(opened: int, began: int) -> None:
    workshop = played(*first_scores(opened, 0))
    assert began_at(workshop, SESSION, START + timedelta(minutes=1)) == START + timedelta(minutes=began)


@pytest.mark.parametrize(("came", "began"), [(-12, -12), (-59, -59), (-61, 0), (4, 0)])
def test_the_time_begins_when_half_of_the_people_have_come(came: int, began: int) -> None:
    """Some come early, some late; who joined long before gave first scores at home."""
    joined = [event for event in beginning(CODES) if isinstance(event, ParticipantJoined)]
    begun = [event for event in beginning(CODES) if not isinstance(event, ParticipantJoined)]
    early, half, late = joined[:8], joined[8:10], joined[10:]
    arrivals = [*((-90, one) for one in early), *((came, one) for one in half)]
    first: list[tuple[float, Event]] = [(0, TopicPresented(SESSION, A))]
    workshop = played(*sorted([*arrivals, *first], key=lambda one: one[0]), *((30, one) for one in late), begun=begun)
    assert began_at(workshop, SESSION, START + timedelta(minutes=31)) == START + timedelta(minutes=began)


def test_while_first_scores_of_the_days_before_are_open_nothing_has_begun() -> None:
    opened = [(DAY_BEFORE, VotingOpened(SESSION, code, 0)) for code in CODES]
    assert left(played(*opened), 0) is None


def test_a_session_that_goes_on_the_next_day_has_its_time_again() -> None:
    workshop = played(*worked(A, DAY_BEFORE, 9), (0, TopicPresented(SESSION, B)))
    found = left(workshop, 10)
    assert found is not None
    assert found.left == 110


def test_before_the_room_has_a_pace_a_topic_takes_what_the_plan_says() -> None:
    found = left(played((0, TopicPresented(SESSION, A))), 120 - 4 * PLANNED - 1)
    assert found is not None
    assert (found.each, found.fit, found.rest) == (PLANNED, (A, B, C, D, E), (F,)), "the first one has had its time"


def test_four_of_six_topics_fit_into_35_minutes_at_eight_minutes_each() -> None:
    codes = theme_codes()[:9]
    done = [entry for at, code in enumerate(codes[:3]) for entry in worked(code, 8 * at, 8)]
    workshop = played(*done, begun=beginning(codes))
    found = left(workshop, 85)
    assert found is not None
    assert (found.left, found.each, found.fit, found.rest) == (35, 8, codes[3:7], codes[7:])


def test_one_long_talk_is_not_the_pace_of_the_room() -> None:
    done = [*worked(A, 0, 6), *worked(B, 6, 6), *worked(C, 12, 60)]
    found = left(played(*done), 72)
    assert found is not None
    assert found.each == 6


def test_when_the_time_is_over_nothing_fits() -> None:
    found = left(played((0, TopicPresented(SESSION, A)), *worked(B, 1, 5)), 131)
    assert found is not None
    assert (found.left, found.fit, len(found.rest)) == (-11, (), 5)


def test_what_can_be_agreed_without_talking_takes_no_time_of_the_talk() -> None:
    workshop = played(*first_scores(-10, 0, wide=(B, D)))
    assert set(to_talk_about(workshop, SESSION)) == {B, D}


def test_the_room_comes_to_what_it_is_on_first_and_to_what_it_left_for_later_last() -> None:
    parked = [(0, TopicPresented(SESSION, A)), (1, TopicParked(SESSION, A)), (2, TopicPresented(SESSION, D))]
    assert to_talk_about(played(*parked), SESSION) == (D, B, C, E, F, A)


def test_a_topic_that_comes_from_another_session_brings_none_of_its_time() -> None:
    two: Any = [SessionPlanned("two", "Two", (E, F)), SessionOpened("two")]
    begun = [created(), SessionPlanned(SESSION, "One", (A, B, C, D), 18), SessionOpened(SESSION), *two]
    workshop = played((0, TopicPresented(SESSION, B)), (60, TopicMoved(SESSION, B, "two")), begun=begun)
    assert left(workshop, 61, session="two") is None
    moved = played((0, TopicPresented(SESSION, B)), (60, TopicMoved(SESSION, B, "two")), begun=begun)
    assert moved.topics[B].presented_at is None
