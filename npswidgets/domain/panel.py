"""How alike the people of a panel judge over all value codes. Needs votes that can be told apart by person.

`ratings` has a row for each person and a column for each value code; None is a missing vote.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Literal, TypeAlias

Ratings: TypeAlias = Sequence[Sequence[float | None]]
Metric: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]
Totals: TypeAlias = dict[float, float]


@dataclass(frozen=True)
class Concordance:
    """Kendall's W, 0 to 1, and its test statistic: chi squared with `df` degrees of freedom, from about 8 codes up."""

    w: float
    chi2: float
    df: int


def kendalls_w(ratings: Ratings) -> Concordance | None:
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
    if not largest:
        return None
    w = 12 * squares / largest
    return Concordance(w=w, chi2=people * (n - 1) * w, df=n - 1)


def _ranks(row: Sequence[float]) -> list[float]:
    """Ranks from 1; equal values share the mean of theirs."""
    return [sum(other < value for other in row) + (row.count(value) + 1) / 2 for value in row]


def krippendorffs_alpha(ratings: Ratings, metric: Metric = "ordinal") -> float | None:
    """How reliably the people rate: 1 if all agree, 0 as by chance, below 0 if they differ more than by chance.

    Krippendorff (2011), "Computing Krippendorff's alpha-reliability". None if no code has two votes, or if all votes
    are equal, so that there is nothing that could have been told apart.
    """
    pairs = _coincidences(ratings)
    totals: Totals = {}
    for (value, _), weight in pairs.items():
        totals[value] = totals.get(value, 0.0) + weight
    distance = _DISTANCES[metric]
    unlike = [(one, other, distance(one, other, totals)) for one, other in combinations(sorted(totals), 2)]
    expected = sum(totals[one] * totals[other] * square for one, other, square in unlike)
    if not expected:
        return None
    observed = sum(pairs.get((one, other), 0.0) * square for one, other, square in unlike)
    return 1 - (sum(totals.values()) - 1) * observed / expected


def _coincidences(ratings: Ratings) -> dict[tuple[float, float], float]:
    """How often two values stand together on a code; each code counts by the number of its votes."""
    found: dict[tuple[float, float], float] = {}
    for code in zip(*ratings, strict=True):
        votes = [value for value in code if value is not None]
        for pair in permutations(votes, 2):
            found[pair] = found.get(pair, 0.0) + 1 / (len(votes) - 1)
    return found


def _nominal(_one: float, _other: float, _totals: Totals) -> float:
    return 1.0


def _ordinal(one: float, other: float, totals: Totals) -> float:
    between = sum(count for value, count in totals.items() if one <= value <= other)
    return (between - (totals[one] + totals[other]) / 2) ** 2


def _interval(one: float, other: float, _totals: Totals) -> float:
    return (other - one) ** 2


def _ratio(one: float, other: float, _totals: Totals) -> float:
    return ((other - one) / (other + one)) ** 2


_DISTANCES: dict[Metric, Callable[[float, float, Totals], float]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
    "ratio": _ratio,
}
"""The squared distance of two different values, the smaller one first."""
