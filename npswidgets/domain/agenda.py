"""How long voting and talking take, to plan the day. Times to aim at: nothing closes by itself."""

from collections.abc import Iterable
from datetime import datetime
from itertools import accumulate
from math import ceil

from npswidgets.domain.rubric import ValueCode

WORDS_PER_MINUTE = 200
OPENING_SECONDS = 300
TALK_SECONDS_PER_PERSON = 10
RECORD_SECONDS = 120


def voting_seconds(code: ValueCode) -> int:
    """How long a vote takes: 15 s and the time to read all statements, in full quarters of a minute; at least 45 s."""
    words = sum(len(statement.split()) for statements in code.levels.values() for statement in statements)
    return max(45, 15 * ceil((15 + words * 60 / WORDS_PER_MINUTE) / 15))


def expected_minutes(codes: Iterable[ValueCode], people: int) -> int:
    """How long it takes these people to score these value codes, to the nearest 5 minutes; 0 without codes.

    Five minutes to begin. Then for each value code two votes, ten seconds a person to talk, and two minutes to agree on
    the score and the comment: 6 min 30 s for 18 people and a code that is quickly read.
    """
    seconds = [topic_seconds(code, people) for code in codes]
    return 5 * round((OPENING_SECONDS + sum(seconds)) / 300) if seconds else 0


def starting_minutes(codes: Iterable[ValueCode], people: int) -> tuple[int, ...]:
    """When to start each value code, in minutes from the beginning, as `expected_minutes` counts."""
    seconds = accumulate((topic_seconds(code, people) for code in codes), initial=OPENING_SECONDS)
    return tuple(round(at / 60) for at in seconds)[:-1]


def topic_seconds(code: ValueCode, people: int) -> int:
    """How long these people take over a value code: two votes, talk, the score and the comment."""
    return 2 * voting_seconds(code) + people * TALK_SECONDS_PER_PERSON + RECORD_SECONDS


def worked_seconds(voting: datetime | None, presented: datetime | None, agreed: datetime | None) -> float | None:
    """How long the room worked on a value code: from its first vote, else from when the room came to it, to its score.

    None without either of the two before the score, or without a score.
    """
    began = next((at for at in (voting, presented) if at and agreed and at <= agreed), None)
    return (agreed - began).total_seconds() if began and agreed else None


def talk_minutes(codes: Iterable[ValueCode], people: int) -> int:
    """About how long these people take over one of these value codes; 0 without any."""
    seconds = [topic_seconds(code, people) for code in codes]
    return round(sum(seconds) / len(seconds) / 60) if seconds else 0
