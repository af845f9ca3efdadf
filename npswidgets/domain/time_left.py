"""How much of the time that was booked for a session is left, and for which topics that is enough."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from npswidgets.domain.agenda import topic_seconds, worked_seconds
from npswidgets.domain.first_scores import talk_order, to_take_together
from npswidgets.domain.workshop import Topic, Workshop

LONGEST_DAY = timedelta(hours=12)
"""What is longer ago belongs to another day of the same session."""

LONGEST_FIRST_SCORES = timedelta(hours=1)
"""First scores that took longer were given before people came together."""

LONGEST_ARRIVAL = timedelta(hours=1)
"""Who joined earlier before the first topic had come for something else, such as first scores at home."""

MEASURED_FROM = 3
"""From so many topics on the room's own pace counts; before that, what a topic is planned with."""


@dataclass(frozen=True)
class TimeLeft:
    """What is left, all in minutes; `until` is when the time that was booked is over.

    Attributes:
        left: below 0 once it is over.
        each: what a topic takes; 0 where none is to be talked about.
        fit: the value codes for which there is time, in the order in which the room comes to them; `rest` are the
            others. The one that the room is on needs only what it has not taken yet.
    """

    booked: int
    left: int
    until: datetime
    each: int = 0
    fit: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()


def time_left(workshop: Workshop, session: str, booked: int, now: datetime) -> TimeLeft | None:
    """What is left of so many minutes; None before the session has begun, once it has ended, and without a number."""
    began = began_at(workshop, session, now) if booked and workshop.sessions[session].state == "open" else None
    if began is None:
        return None
    until = began + timedelta(minutes=booked)
    seconds = (until - now).total_seconds()
    codes, each = to_talk_about(workshop, session), max(1, round(_seconds_each(workshop, session) / 60))
    spent = _spent(workshop, session, codes, 60 * each, now)
    fitting = sum(60 * each * number - spent <= seconds for number in range(1, len(codes) + 1))
    return TimeLeft(booked, int(seconds // 60), until, each if codes else 0, codes[:fitting], codes[fitting:])


def began_at(workshop: Workshop, session: str, now: datetime) -> datetime | None:
    """When the room began today; None before its first scores, topic or score.

    Where people joined within the hour before that, it is when half of them had: they are welcomed, and practise.
    """
    topics = workshop.topics_of(session)
    acts = [*_of_first_scores(topics, now), *(at for topic in topics for at in _of_room(topic))]
    first = min((at for at in acts if now - LONGEST_DAY <= at <= now), default=None)
    arrived = _middle([one.joined_at for one in workshop.sessions[session].inside])
    return arrived if first and arrived and first - LONGEST_ARRIVAL <= arrived < first else first


def to_talk_about(workshop: Workshop, session: str) -> tuple[str, ...]:
    """What the room still has to talk about, in the order in which it comes to it; what is left for later comes last.

    What stands close together is not among it, unless the room is on it.
    """
    live = workshop.sessions[session].live
    close = {one.code for one in to_take_together(workshop, session)} - {live}
    todo = [one for one in talk_order(workshop, session) if one.score is None and one.code not in close]
    return tuple(one.code for one in sorted(todo, key=lambda one: (one.parked, one.code != live)))


def _of_room(topic: Topic) -> Iterator[datetime]:
    moments = [topic.presented_at, topic.score.at if topic.score else None]
    moments += [at for one in topic.rounds if one.number for at in (one.opened_at, one.shown_at)]
    return filter(None, moments)


def _of_first_scores(topics: tuple[Topic, ...], now: datetime) -> Iterator[datetime]:
    """When most first scores of a session were opened and shown: single topics may have come later, or from another."""
    given = [one for topic in topics for one in topic.rounds if one.number == 0]
    opened = _middle([one.opened_at for one in given if one.opened_at])
    shown = _middle([one.shown_at for one in given if one.shown_at])
    if opened and (shown or now) - opened <= LONGEST_FIRST_SCORES:
        yield opened
    if shown:
        yield shown


def _middle(moments: list[datetime]) -> datetime | None:
    return sorted(moments)[len(moments) // 2] if moments else None


def _seconds_each(workshop: Workshop, session: str) -> float:
    """What a topic takes: by the topics that were talked about, else by the plan."""
    topics, of = workshop.topics_of(session), workshop.sessions[session]
    worked = [seconds for topic in topics if (seconds := worked_on(topic)) is not None]
    if len(worked) >= MEASURED_FROM:
        return median(worked)
    people = of.people or of.people_expected
    planned = [topic_seconds(workshop.rubric.value_codes[topic.code], people) for topic in topics]
    return sum(planned) / len(planned)


def worked_on(topic: Topic) -> float | None:
    """For how many seconds the room worked on a topic until it agreed its score; None where that is not known."""
    opened = next((one.opened_at for one in topic.rounds if one.number), None)
    return worked_seconds(opened, topic.presented_at, topic.score.at if topic.score else None)


def _spent(workshop: Workshop, session: str, codes: tuple[str, ...], each: float, now: datetime) -> float:
    """What the topic that the room is on has taken so far, and no more than a topic takes."""
    live = workshop.sessions[session].live
    topic = workshop.topics[live] if live and codes[:1] == (live,) else None
    if topic is None or topic.parked or topic.presented_at is None:
        return 0
    return min(each, max(0.0, (now - topic.presented_at).total_seconds()))
