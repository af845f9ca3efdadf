"""The practice topic: how a vote goes, tried on tea and coffee before the first topic.

It stands beside the record: its few events are kept until a topic is started, then they are gone with its votes. What
is here makes of them a workshop with this one topic, so that every screen shows it like any other.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from npswidgets.domain.events import (
    Entry,
    Event,
    TopicPresented,
    VotesDiscarded,
    VotesRevealed,
    VotingOpened,
    VotingStopped,
)
from npswidgets.domain.rubric import KeyArea, Rubric, Theme, ValueCode
from npswidgets.domain.rubric_words import RubricWords
from npswidgets.domain.rules import after
from npswidgets.domain.scale import Scale
from npswidgets.domain.workshop import Session, Topic, Workshop
from npswidgets.errors import RuleBroken

NAME = "Practice: tea and coffee"
DESCRIPTION = "The extent to which meetings in this building are helped by tea and coffee."
STATEMENTS = (
    "There is a kettle somewhere in the building.",
    "Somebody knows where the cups are.",
    "The council is exploring better ways of making tea.",
    "There is tea in some meetings, and milk in a few of them.",
    "Tea and coffee are at hand in most meetings.",
    "Nobody has to ask twice for a fresh pot.",
    "The biscuits are chosen with care.",
    "Meetings go demonstrably better because of the coffee.",
    "The mayor's guests ask which coffee it is.",
    "Other councils hold their meetings here for the coffee.",
)
"""From the lowest level up, for a scale of so many; a shorter one has some of them, evenly spread."""

_PREFIX = "practice:"
"""No value code of a rubric has a colon in its id."""
_Step = TopicPresented | VotingOpened | VotingStopped | VotesDiscarded | VotesRevealed


def practice_code(session: str) -> str:
    """The code of the practice topic of a session."""
    return _PREFIX + session


def session_of_practice(code: str) -> str | None:
    """The session whose practice topic this is; None for a value code."""
    return code.removeprefix(_PREFIX) if code.startswith(_PREFIX) else None


def is_practice(code: str) -> bool:
    """Whether this is a practice topic."""
    return session_of_practice(code) is not None


def is_offered(workshop: Workshop, session: str) -> bool:
    """Whether there is still something to practise for: no topic of the session was started yet."""
    started = any(topic.rounds for topic in workshop.topics_of(session))
    return workshop.sessions[session].state != "closed" and workshop.sessions[session].live is None and not started


def practice_of(workshop: Workshop, session: str, entries: Iterable[Entry]) -> Workshop:
    """A session's practice as a workshop of one topic, with the people of the session and in its state.

    It names nobody, and nobody votes on it on paper.
    """
    code, real = practice_code(session), workshop.sessions[session]
    blank = replace(
        workshop,
        rubric=_rubric(code, workshop.rubric.scale, workshop.rubric.words),
        anonymity="anonymous",
        sessions=workshop.sessions | {session: Session(session, real.title, (code,), state="open")},
        topics={code: Topic(code, session)},
    )
    for entry in entries:
        blank = after(entry.event, blank, entry.at)
    topic = blank.topics[code]
    live, on_paper = blank.sessions[session].live, 0 if topic.rounds else real.on_paper
    return replace(
        blank, sessions=workshop.sessions | {session: replace(real, codes=(code,), live=live, on_paper=on_paper)}
    )


def check_step(workshop: Workshop, session: str, practice: Workshop, event: Event, at: datetime) -> None:
    """Whether this may happen in the practice of a session now.

    Raises:
        RuleBroken: it may not.
    """
    if not isinstance(event, _Step):
        raise RuleBroken("The practice topic has no score, no text and no action.")
    if not is_offered(workshop, session):
        raise RuleBroken("The practice is over: the room has started with the topics.")
    if workshop.sessions[session].closing:
        raise RuleBroken("The room reads what was agreed. Hide that from the screen first.")
    after(event, practice, at)


@lru_cache(maxsize=16)
def _rubric(code: str, scale: Scale, words: RubricWords) -> Rubric:
    """A rubric of the practice topic alone; its words are nobody's but ours, so it has no source."""
    apart = (len(STATEMENTS) - 1) / scale.steps
    statements: dict[int, tuple[str, ...]] = {
        value: (STATEMENTS[round(scale.place(value) * apart)],) for value in scale.values
    }
    area = KeyArea(code, "Practice", "", "", "", (ValueCode(code, NAME, NAME, DESCRIPTION, statements),))
    themes = (Theme(code, "Practice", (area,)),)
    return Rubric(
        code,
        "Practice",
        "1",
        "",
        scale.levels,
        themes,
        score_follows=scale.score_follows,
        good_enough=scale.good_enough,
        case_study=scale.case_study,
        words=words,
    )
