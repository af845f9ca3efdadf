"""How far a panel agrees that rates from 1 to 9: the criteria of the RAND/UCLA appropriateness method.

`counts` are the ratings of each level from 1 to 9. Bands are 1-3, 4-6 and 7-9. There are two criteria, which can
differ: a rubric says which one holds before the first round.

* counting, by how many rate (table 7 in BMC Medical Informatics and Decision Making 2012;12:93);
* IPRAS, the interpercentile range adjusted for symmetry (worked example in table 1 of BMJ Open 2012;2:e001431).

Percentiles are interpolated linearly, as the median is (definition 7 of Hyndman and Fan 1996). Figures are worked out
exactly, so that what lies on a border lies on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import quantiles
from typing import Literal, TypeAlias

from npswidgets.domain.scale import RATINGS, AgreementBy
from npswidgets.domain.statistics import levels_of

Band: TypeAlias = Literal["1-3", "4-6", "7-9"]
Judged: TypeAlias = Literal["agreement", "neither", "disagreement", "no disagreement"]
"""By counting one of the first three, by IPRAS one of the last two."""

FEWEST_COUNTED, MOST_COUNTED = 8, 16
"""How many have to rate so that there is a published count; for fewer or more IPRAS decides."""
UNCERTAIN: Band = "4-6"

_BANDS: tuple[Band, ...] = ("1-3", UNCERTAIN, "7-9")
_WIDTH = len(RATINGS) // len(_BANDS)
_MIDDLE = Fraction(RATINGS[0] + RATINGS[-1], 2)
_SYMMETRIC, _CORRECTION = Fraction("2.35"), Fraction("1.5")
"""The range that a panel in disagreement has about the middle of the scale, and how it grows away from it."""


@dataclass(frozen=True)
class PanelAgreement:
    """What the ratings of a panel say on one topic in one round.

    Attributes:
        ratings: how many rated.
        bands: how many of them in 1-3, 4-6 and 7-9.
        median: in levels; `band` is its band: 3.5 is in 4-6, and 6.5 in 7-9.
        p30, p70: percentiles, in levels; `ipr` is their distance.
        ipras: the range above which a panel disagrees; `index` is `ipr` by `ipras`, so that disagreement is above 1.
        by: the criterion that judged: the rubric's, and IPRAS where it is counting and there is no published count.
        judged: what it found.
        result: the band, and 4-6 ("uncertain") wherever there is disagreement.
    """

    ratings: int
    bands: tuple[int, int, int]
    median: Fraction
    band: Band
    p30: Fraction
    p70: Fraction
    ipr: Fraction
    ipras: Fraction
    index: Fraction
    by: AgreementBy
    judged: Judged
    result: Band


def panel_agreement(counts: Sequence[int], by: AgreementBy) -> PanelAgreement | None:
    """What the ratings say, judged by this criterion; None if nobody rated.

    Raises:
        ValueError: these are not the counts of nine levels.
    """
    if len(counts) != len(RATINGS):
        raise ValueError(f"Panels are judged on {len(RATINGS)} levels from {RATINGS[0]}, not on {len(counts)}.")
    ratings = sum(counts)
    if not ratings:
        return None
    p30, median, p70 = _percentiles(levels_of(counts))
    ipr, ipras = p70 - p30, _SYMMETRIC + _CORRECTION * abs(_MIDDLE - (p30 + p70) / 2)
    low, middle, high = (sum(counts[at : at + _WIDTH]) for at in range(0, len(counts), _WIDTH))
    band = band_of(median)
    is_counted = by == "counting" and FEWEST_COUNTED <= ratings <= MOST_COUNTED
    judged = by_counting((low, middle, high), band) if is_counted else by_ipras(ipr, ipras)
    return PanelAgreement(
        ratings=ratings,
        bands=(low, middle, high),
        median=median,
        band=band,
        p30=p30,
        p70=p70,
        ipr=ipr,
        ipras=ipras,
        index=ipr / ipras,
        by="counting" if is_counted else "IPRAS",
        judged=judged,
        result=UNCERTAIN if judged == "disagreement" else band,
    )


def band_of(median: Fraction | float) -> Band:
    """The band of a median; one between two bands is in the upper one.

    >>> band_of(3), band_of(3.5), band_of(6.5)
    ('1-3', '4-6', '7-9')
    """
    return _BANDS[sum(median >= edge for edge in (3.5, 6.5))]


def by_counting(bands: tuple[int, int, int], band: Band) -> Judged:
    """What the numbers of ratings in each band say.

    For 8 to 10, 11 to 13 and 14 to 16 ratings: disagreement where 3, 4 or 5 are at each end, agreement where fewer than
    that are outside the band of the median.
    """
    ratings, (low, _, high) = sum(bands), bands
    many = (ratings + 1) // 3
    if low >= many and high >= many:
        return "disagreement"
    return "agreement" if ratings - bands[_BANDS.index(band)] < many else "neither"


def by_ipras(ipr: Fraction, ipras: Fraction) -> Judged:
    """Disagreement where the range is larger than that of a panel that disagrees about as symmetrically."""
    return "disagreement" if ipr > ipras else "no disagreement"


def _percentiles(levels: Sequence[int]) -> tuple[Fraction, Fraction, Fraction]:
    """The 30th percentile, the median and the 70th percentile of one or more ratings."""
    if len(levels) == 1:
        return Fraction(levels[0]), Fraction(levels[0]), Fraction(levels[0])
    tenths = quantiles(map(Fraction, levels), n=10, method="inclusive")
    return tenths[2], tenths[4], tenths[6]
