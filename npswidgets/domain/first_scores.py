"""First scores: what the votes that people gave on their own say about where talk is worth it.

What stands close together can be taken together, at the suggested level; the rest is talked about, the widest first.
"""

from dataclasses import dataclass
from math import ceil

from npswidgets.domain.agenda import voting_seconds
from npswidgets.domain.events import Event, Proposal, VotingOpened
from npswidgets.domain.starting_level import ENOUGH_VOTES, starting_level_of
from npswidgets.domain.statistics import spread
from npswidgets.domain.verdict import Kind, verdict_on
from npswidgets.domain.workshop import Round, Session, Topic, Workshop

DEFAULT_FROM = 8
"""From so many topics up a session begins with first scores, unless the facilitator starts a vote."""

_ORDER: tuple[Kind | None, ...] = ("wide", "too_few", None, "a_few", "close")


def are_offered(workshop: Workshop, session: str) -> bool:
    """Whether first scores can begin now."""
    return workshop.sessions[session].state == "open" and untouched(workshop, session)


def untouched(workshop: Workshop, session: str) -> bool:
    """Whether nothing was voted on, scored or put off yet, so that first scores can still begin."""
    return not any(topic.rounds or topic.score or topic.parked for topic in workshop.topics_of(session))


def are_default(workshop: Workshop, session: str) -> bool:
    """Whether a session begins with them by itself."""
    return are_offered(workshop, session) and len(workshop.sessions[session].codes) >= DEFAULT_FROM


def opening(workshop: Workshop, session: str) -> tuple[Event, ...]:
    """What opens the first scores: a round 0 on every topic of the session."""
    return tuple(VotingOpened(session, code, 0) for code in workshop.sessions[session].codes)


def minutes(workshop: Workshop, session: str) -> int:
    """How long one person takes for all topics of a session, rounded up."""
    codes = workshop.sessions[session].codes
    return ceil(sum(voting_seconds(workshop.rubric.value_codes[code]) for code in codes) / 60)


def unfinished(session: Session, finished: int) -> int:
    """How many in the room may not have scored all topics, where so many have finished.

    Whoever has left may be among these, and no count tells it; so with somebody gone it is the most that there can be.
    """
    gone = sum(not one.counts for one in session.inside)
    return max(0, session.people - max(0, finished - gone))


def of_topic(topic: Topic) -> Round | None:
    """The first scores of a topic once they are shown; None if there are none."""
    return topic.shown[0] if topic.shown and topic.shown[0].number == 0 else None


def kind_of(topic: Topic) -> Kind | None:
    """What the first scores look like; None if there are none."""
    first = of_topic(topic)
    return verdict_on(first).kind if first else None


def enough(workshop: Workshop, session: str) -> bool:
    """Whether the first scores of a session sort its topics: on one of them `ENOUGH_VOTES` chose a level."""
    return any((first := of_topic(topic)) and first.n >= ENOUGH_VOTES for topic in workshop.topics_of(session))


def talk_order(workshop: Workshop, session: str) -> tuple[Topic, ...]:
    """The topics of a session in the order in which the room talks about them.

    As on the agenda; where first scores sort them, the widest spread first and what stands close together last, unless
    the facilitator has put them into an order since.
    """
    topics = workshop.topics_of(session)
    sorts = enough(workshop, session) and not workshop.sessions[session].own_order
    return tuple(sorted(topics, key=_urgency)) if sorts else topics


def next_topic(workshop: Workshop, session: str, after: str) -> Topic | None:
    """The first topic behind this one that still wants a score, else the first parked one; None if all are done."""
    topics = talk_order(workshop, session)
    start = [topic.code for topic in topics].index(after) + 1
    waiting = [one for one in topics[start:] + topics[: start - 1] if one.status not in ("agreed", "not_applicable")]
    return next((topic for topic in waiting if not topic.parked), next(iter(waiting), None))


def to_take_together(workshop: Workshop, session: str) -> tuple[Proposal, ...]:
    """The scores that can be taken without talk: of topics whose votes stand close together, at the suggested level.

    In the order in which the topics stand everywhere: the one of `talk_order`.
    """
    return tuple(
        Proposal(topic.code, level)
        for topic in talk_order(workshop, session)
        if topic.status == "shown" and not topic.to_talk and (level := _close_level(topic)) is not None
    )


@dataclass(frozen=True)
class Outcome:
    """What came of the first scores: how many topics are to be talked about, and how many stand close together."""

    to_talk: int
    close: int


def outcome(workshop: Workshop, session: str) -> Outcome | None:
    """What came of the first scores of a session; None before they are shown, and once the room was on a topic."""
    topics = workshop.topics_of(session)
    if workshop.sessions[session].live or not any(of_topic(topic) for topic in topics):
        return None
    close = len(to_take_together(workshop, session))
    return Outcome(sum(topic.score is None for topic in topics) - close, close)


def _close_level(topic: Topic) -> int | None:
    last = topic.shown[-1] if topic.shown else None
    return starting_level_of(last).level if last and verdict_on(last).kind == "close" else None


def _urgency(topic: Topic) -> tuple[int, float]:
    first = of_topic(topic)
    consensus = spread(first.counts).consensus if first else None
    kind = "a_few" if topic.to_talk else kind_of(topic)
    return _ORDER.index(kind), 0.0 if consensus is None else consensus
