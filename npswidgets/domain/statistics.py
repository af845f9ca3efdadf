"""How the votes on one value code are spread, and how far a score is from its target.

`counts` are the votes on each level, lowest level first: (3, 4, 4, 4, 0) for 15 votes. "I don't know" and "not part of
my role" are in none of them. Where nobody voted there is nothing to say, and the answer is None.

Figures are worked out exactly and made a `float` once, at the end, so that a tie is a tie when it is rounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import combinations
from statistics import median_low, quantiles

_DIGITS = 40
"""With which logarithms are worked out: more than a float holds, so that what is exact stays exact."""
STABLE_BELOW = 0.15
"""Two votes count as stable where a smaller share of the people, or of the votes, changed (Scheibe and others 1975)."""


@dataclass(frozen=True)
class Spread:
    """All figures for one vote. All but `n` are None if nobody voted.

    Attributes:
        n: how many chose a level.
        median, q1, q3, iqr: by linear interpolation; `iqr` is q3 - q1.
        lowest, highest: the outermost levels that somebody chose.
        consensus: see `consensus`; `agreement`: see `agreement`.
    """

    n: int = 0
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    iqr: float | None = None
    lowest: int | None = None
    highest: int | None = None
    consensus: float | None = None
    agreement: float | None = None


def spread(counts: Sequence[int], lowest: int = 1) -> Spread:
    """All figures for one vote; `Spread()` if nobody voted. `lowest` is the value of the first level."""
    levels = levels_of(counts, lowest)
    if not levels:
        return Spread()
    q1, median, q3 = quartiles(levels)
    return Spread(
        n=len(levels),
        median=median,
        q1=q1,
        q3=q3,
        iqr=q3 - q1,
        lowest=levels[0],
        highest=levels[-1],
        consensus=consensus(counts),
        agreement=agreement(counts),
    )


def levels_of(counts: Sequence[int], lowest: int = 1) -> tuple[int, ...]:
    """The level of each vote, lowest first: the reverse of `Scale.counts`. `lowest` is the value of the first level.

    >>> levels_of((0, 1, 2, 0, 0)), levels_of((2, 0, 1), lowest=0)
    ((2, 3, 3), (0, 0, 2))
    """
    return tuple(level for level, count in enumerate(counts, start=lowest) for _ in range(count))


def quartiles(levels: Sequence[int]) -> tuple[float, float, float]:
    """First quartile, median and third quartile of one or more votes, by linear interpolation.

    Definition 7 of Hyndman and Fan (1996), "Sample quantiles in statistical packages", The American Statistician 50(4).
    """
    if len(levels) == 1:
        return float(levels[0]), float(levels[0]), float(levels[0])
    q1, median, q3 = quantiles(levels, n=4, method="inclusive")  # quarters, which a float holds exactly
    return float(q1), float(median), float(q3)


def low_median(counts: Sequence[int], lowest: int = 1) -> int | None:
    """The middle vote; the lower of the two in the middle if their number is even; `lowest` as in `levels_of`."""
    levels = levels_of(counts, lowest)
    return median_low(levels) if levels else None


def consensus(counts: Sequence[int]) -> float | None:
    """1 if all votes stand on one level, 0 if half of them stand at each end.

    Tastle and Wierman (2007), "Consensus and dissention: a measure of ordinal dispersion", International Journal of
    Approximate Reasoning 45(3).
    """
    shares = _shares(counts)
    if not shares:
        return None
    mean = sum((level * share for level, share in enumerate(shares)), Fraction(0))
    width = len(shares) - 1
    near = [(share, 1 - abs(level - mean) / width) for level, share in enumerate(shares) if share]
    with localcontext(prec=_DIGITS):
        logarithms = sum((_decimal(share) * _decimal(part).ln() for share, part in near), Decimal(0))
        return float(1 + logarithms / Decimal(2).ln())


def agreement(counts: Sequence[int]) -> float | None:
    """1 if all votes stand on one level, 0 if all levels have the same number, -1 if half stand at each end.

    van der Eijk (2001), "Measuring agreement in ordered rating scales", Quality & Quantity 35(3): the votes are peeled
    off in layers of equal height, and the agreement of each layer counts by the votes in it. For three levels or more.
    """
    total = sum(counts)
    if not total:
        return None
    weighted, left = Fraction(0), list(counts)
    while any(left):
        layer = [bool(count) for count in left]
        height = min(count for count in left if count)
        weighted += height * sum(layer) * _agreement_of_layer(layer)
        left = [count - height if count else count for count in left]
    return float(weighted / total)


def _agreement_of_layer(layer: Sequence[bool]) -> Fraction:
    size, filled = len(layer), sum(layer)
    if filled == 1:
        return Fraction(1)
    triplets = list(combinations(layer, 3))
    unimodal = sum(triplet in ((True, True, False), (False, True, True)) for triplet in triplets)
    bimodal = triplets.count((True, False, True))
    if not unimodal + bimodal:
        return Fraction(0)
    unimodality = Fraction((size - 2) * unimodal - (size - 1) * bimodal, (size - 2) * (unimodal + bimodal))
    return unimodality * (1 - Fraction(filled - 1, size - 1))


def change(before: Sequence[int], after: Sequence[int]) -> float | None:
    """The share of the votes that lie elsewhere than in the vote before, 0 to 1; None if one of the two is empty.

    Scheibe, Skutsch and Schofer (1975), "Experiments in Delphi methodology", in Linstone and Turoff, The Delphi Method.
    Shares are compared, so that two votes of different size can be.
    """
    first, second = _shares(before), _shares(after)
    if not first or not second:
        return None
    return float(sum(abs(one - other) for one, other in zip(first, second, strict=True)) / 2)


def gap_priority(current: int, target: int) -> int:
    """How urgent it is to close the gap between score and target: 0 if the target is met, then 3, 8, 15, 24 and so on.

    ((1 + target - current) squared) - 1, as in the improvement plans of OWASP SAMM (open-SAMMY).
    """
    return (1 + target - current) ** 2 - 1 if target > current else 0


def rounded(value: float | Fraction, places: int) -> str:
    """A figure with so many digits after the point; a tie goes away from zero, and no zero has a minus.

    >>> rounded(0.575, 2), rounded(-0.125, 2), rounded(-0.001, 2)
    ('0.58', '-0.13', '0.00')
    """
    exact = Decimal(repr(float(value)))  # the shortest decimal that means this float: 0.575, not 0.57499999999999996
    return f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0:f}"


def percentage(share: float | Fraction, places: int = 0) -> str:
    """A share from 0 to 1 in per cent.

    >>> percentage(0.125), percentage(Fraction(1, 8), 1)
    ('13%', '12.5%')
    """
    return f"{rounded(Fraction(repr(float(share))) * 100, places)}%"


def _shares(counts: Sequence[int]) -> tuple[Fraction, ...]:
    total = sum(counts)
    return tuple(Fraction(count, total) for count in counts) if total else ()


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
