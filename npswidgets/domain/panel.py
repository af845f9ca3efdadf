"""How alike the people of a session judge over all its value codes, where the record has voters (names, aliases).

`ratings` has a row for each person and a column for each value code; None is a missing vote.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import TypeAlias

from npswidgets.domain.ballots import PAPER
from npswidgets.domain.workshop import Round, Workshop

Ratings: TypeAlias = Sequence[Sequence[int | None]]


@dataclass(frozen=True)
class Panel:
    """The people of a session who can be followed from one value code to the next, by their last votes.

    Attributes:
        people: how many chose a level at least once; votes on paper are nobody's.
        value_codes: on how many somebody of them did; `judged_by_all`: on how many every one of them did.
        w: see `kendalls_w`; `alpha`: see `krippendorffs_alpha`.
    """

    session: str
    people: int
    value_codes: int
    judged_by_all: int
    w: float | None
    alpha: float | None


def panel_of(workshop: Workshop, session: str) -> Panel | None:
    """The panel of a session; None where no vote shown has a voter, as in every anonymous workshop."""
    codes = [levels_by_voter(topic.shown[-1]) for topic in workshop.topics_of(session) if topic.shown]
    codes = [levels for levels in codes if levels]
    people = sorted({who for levels in codes for who in levels})
    if not people:
        return None
    ratings = [[levels.get(who) for levels in codes] for who in people]
    complete = sum(len(levels) == len(people) for levels in codes)
    return Panel(session, len(people), len(codes), complete, kendalls_w(ratings), krippendorffs_alpha(ratings))


def levels_by_voter(vote: Round) -> dict[str, int]:
    """Who chose which level, as far as the record has voters; nobody knows whose a vote on paper is."""
    return {
        one.participant: one.answer
        for one in vote.votes
        if one.participant and not one.participant.startswith(PAPER) and isinstance(one.answer, int)
    }


def kendalls_w(ratings: Ratings) -> float | None:
    """How far the people put the value codes in the same order: 0 not at all, 1 wholly; corrected for ties.

    Kendall (1948), "Rank correlation methods". Codes on which a vote is missing are left out. None if fewer than two
    people or two codes are left, or if nobody tells any two codes apart.
    """
    codes = [code for code in zip(*ratings, strict=True) if None not in code]
    people, n = len(ratings), len(codes)
    if people < 2 or n < 2:
        return None
    rows = [[value for value in row if value is not None] for row in zip(*codes, strict=True)]
    sums = [sum(ranks) for ranks in zip(*map(_ranks, rows), strict=True)]
    squares = sum((one - people * (n + 1) / 2) ** 2 for one in sums)
    ties = sum(t**3 - t for row in rows for t in Counter(row).values())
    largest = people**2 * (n**3 - n) - people * ties
    return 12 * squares / largest if largest else None


def _ranks(row: Sequence[int]) -> list[float]:
    """Ranks from 1; equal values share the mean of theirs."""
    return [sum(other < value for other in row) + (row.count(value) + 1) / 2 for value in row]


def krippendorffs_alpha(ratings: Ratings) -> float | None:
    """How reliably the people rate on an ordinal scale: 1 if all agree, 0 as by chance, below 0 if less than that.

    Krippendorff (2011), "Computing Krippendorff's alpha-reliability". None if no code has two votes, or if all votes
    are equal, so that there is nothing that could have been told apart.
    """
    pairs = _coincidences(ratings)
    totals: dict[int, float] = {}
    for (value, _), weight in pairs.items():
        totals[value] = totals.get(value, 0.0) + weight
    unlike = [(one, other, _distance(one, other, totals)) for one, other in combinations(sorted(totals), 2)]
    expected = sum(totals[one] * totals[other] * square for one, other, square in unlike)
    if not expected:
        return None
    observed = sum(pairs.get((one, other), 0.0) * square for one, other, square in unlike)
    return 1 - (sum(totals.values()) - 1) * observed / expected


def _coincidences(ratings: Ratings) -> dict[tuple[int, int], float]:
    """How often two values stand together on a code; each code counts by the number of its votes."""
    found: dict[tuple[int, int], float] = {}
    for code in zip(*ratings, strict=True):
        votes = [value for value in code if value is not None]
        for pair in permutations(votes, 2):
            found[pair] = found.get(pair, 0.0) + 1 / (len(votes) - 1)
    return found


def _distance(one: int, other: int, totals: dict[int, float]) -> float:
    """The squared distance of two different values of an ordinal scale, the smaller one first."""
    between = sum(count for value, count in totals.items() if one <= value <= other)
    return (between - (totals[one] + totals[other]) / 2) ** 2
