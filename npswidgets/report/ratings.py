"""How a panel agrees that rates from 1 to 9, in figures and sentences: where the rubric names a criterion alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from npswidgets.domain.card import Brief
from npswidgets.domain.panel_agreement import Band, Judged, panel_agreement
from npswidgets.domain.rubric_words import RubricWords
from npswidgets.domain.scale import AgreementBy
from npswidgets.domain.starting_level import ENOUGH_VOTES
from npswidgets.domain.statistics import rounded
from npswidgets.domain.workshop import ROUND_NAMES, Round, Topic
from npswidgets.report.phrases import listed

BANDS: tuple[Band, ...] = get_args(Band)
JUDGED: tuple[Judged, ...] = get_args(Judged)
CRITERIA: tuple[AgreementBy, ...] = get_args(AgreementBy)
_COUNTING = (
    "The panel agrees on {topic} where at most 2 of 8 to 10 ratings, 3 of 11 to 13 or 4 of 14 to 16 are outside "
    "the band of the median. It disagrees where at least 3, 4 or 5 are in 1-3, and as many in 7-9. What lies between "
    "is neither. For fewer or more ratings there is no published count, and IPRAS decides."
)
_IPRAS = (
    "IPR is the distance of the 30th and the 70th percentile; IPRAS is 2.35 + 1.5 times the distance of their middle "
    "from 5. By IPRAS a panel disagrees where IPR is larger than IPRAS, and the index, IPR divided by IPRAS, above 1."
)
_RESULT = (
    "The result is the band of the median, 1-3, 4-6 or 7-9, and 4-6 (uncertain) wherever the panel disagrees. The "
    "median and the percentiles are interpolated linearly (Hyndman and Fan 1996, definition 7); 3.5 is in 4-6, and 6.5 "
    "in 7-9. Who chose no {level} is not counted, and fewer than {enough} ratings are not judged."
)


@dataclass(frozen=True, repr=False)
class PanelRatings(Brief):
    """How a panel agrees in one vote, by the criterion that the rubric names.

    Attributes:
        low, middle, high: ratings in 1-3, 4-6 and 7-9; `band` is that of the median.
        p30, p70, ipr, ipras: in levels.
        index: IPR by IPRAS; above 1 is disagreement by IPRAS.
        by: "counting" or "IPRAS", which decides where there is no published count.
        judged: "agreement", "neither" or "disagreement" by counting; "disagreement" or "no disagreement" by IPRAS.
        result: the band; "4-6" wherever there is disagreement.
    """

    low: int
    middle: int
    high: int
    band: Band
    p30: float
    p70: float
    ipr: float
    ipras: float
    index: float
    by: AgreementBy
    judged: Judged
    result: Band

    @property
    def bands_text(self) -> str:
        """How many are in each band, such as "0, 1, 8"."""
        return f"{self.low}, {self.middle}, {self.high}"

    @property
    def percentiles_text(self) -> str:
        """Such as "6.3 to 8"."""
        return f"{_exactly(self.p30)} to {_exactly(self.p70)}"

    @property
    def ranges_text(self) -> str:
        """IPR and IPRAS, such as "1.7 of 4.6"."""
        return f"{_exactly(self.ipr)} of {_exactly(self.ipras)}"

    @property
    def index_text(self) -> str:
        """Such as "0.37"."""
        return rounded(self.index, 2)

    @property
    def by_text(self) -> str:
        """Such as "by counting"."""
        return f"by {self.by}"


def _exactly(value: float) -> str:
    return rounded(value, 3).rstrip("0").rstrip(".")


def panel_ratings(vote: Round) -> PanelRatings | None:
    """How the panel agrees in this vote; None where the rubric names no criterion, and below `ENOUGH_VOTES`."""
    if vote.scale.agreement_by is None or vote.n < ENOUGH_VOTES:
        return None
    found = panel_agreement(vote.counts, vote.scale.agreement_by)
    if found is None:
        return None
    low, middle, high = found.bands
    return PanelRatings(
        low=low,
        middle=middle,
        high=high,
        band=found.band,
        p30=float(found.p30),
        p70=float(found.p70),
        ipr=float(found.ipr),
        ipras=float(found.ipras),
        index=float(found.index),
        by=found.by,
        judged=found.judged,
        result=found.result,
    )


def ratings_sentence(words: RubricWords, topics: Sequence[Topic]) -> str:
    """On how many value codes the panel agrees in the last vote, and in which bands; empty where none is judged."""
    last = [one for topic in topics if topic.shown and (one := panel_ratings(topic.shown[-1]))]
    if not last:
        return ""
    kinds, results = Counter((one.by, one.judged) for one in last), Counter(one.result for one in last)
    judged = [
        f"by {by}, {listed(f'{found} on {kinds[by, found]}' for found in JUDGED if kinds[by, found])}"
        for by in CRITERIA
        if any(by == one.by for one in last)
    ]
    said = listed(f"{results[band]} in {band}" for band in BANDS if results[band])
    return f"The panel's last ratings of {words.topic.counted(len(last))}: {'; '.join(judged)}. Results: {said}."


def criterion_sentences(words: RubricWords, by: AgreementBy) -> tuple[str, ...]:
    """How a panel is judged, with the conventions that figures depend on."""
    name = "counting" if by == "counting" else "IPRAS, the interpercentile range adjusted for symmetry"
    counting = _COUNTING.format(topic=words.topic.a)
    return (
        f"Whether the panel agrees was judged by {name}, as in the RAND/UCLA appropriateness method. The rubric says "
        f"so, which was fixed before the first round. {counting if by == 'counting' else ''}".strip(),
        f"{_IPRAS} {_RESULT.format(level=words.level.one, enough=ENOUGH_VOTES)}",
        "What follows steered the talk in the room, and judged nothing.",
    )


def feedback_sentence(words: RubricWords) -> str:
    """What the panel saw between two rounds."""
    return (
        "Between two rounds everybody saw, on the big screen and on the phones, how many had chosen each "
        f"{words.level.one}, "
        f"the lowest and the highest of these {words.level.many}, and how many had chosen none; nobody saw whose "
        "rating was whose. The "
        "facilitator saw the median, the middle half and the consensus, too. Reasons that people had typed could be "
        "read out or shown, without a name."
    )


def sizes_sentence(words: RubricWords, topics: Sequence[Topic]) -> str:
    """How many panellists rated in each round: the fewest and the most on a value code."""
    rounds: dict[str, list[int]] = {name: [] for name in ROUND_NAMES}
    for one in (one for topic in topics for one in topic.shown):
        rounds[one.name].append(one.n)
    said = [f"{_span(sizes)} in {name[0].lower()}{name[1:]}" for name, sizes in rounds.items() if sizes]
    return f"So many panellists rated {words.topic.a}: {listed(said)}." if said else ""


def _span(sizes: Sequence[int]) -> str:
    return f"{min(sizes)} to {max(sizes)}" if min(sizes) < max(sizes) else str(max(sizes))
