"""The criteria of panels that rate from 1 to 9, held against figures that were worked out apart from the code."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npswidgets.domain.panel_agreement import PanelAgreement, panel_agreement
from npswidgets.domain.scale import AgreementBy

WORKED_OUT = [
    # votes 1..9, N, median, in bands, band, agreement, disagreement, P30, P70, IPRAS, by it, index, results
    ("000001341", 9, 8, (0, 1, 8), "7-9", True, False, 7, 8, 6.1, False, 0.163934, ("7-9", "7-9")),
    ("300111003", 9, 5, (3, 3, 3), "4-6", False, True, 2.2, 7.8, 2.35, True, 2.382979, ("4-6", "4-6")),
    ("111000231", 9, 7, (3, 0, 6), "7-9", False, True, 4.6, 8, 4.3, False, 0.790698, ("4-6", "7-9")),
    ("000432000", 9, 5, (0, 9, 0), "4-6", True, False, 4, 5, 3.1, False, 0.322581, ("4-6", "4-6")),
    ("531000000", 9, 1, (9, 0, 0), "1-3", True, False, 1, 2, 7.6, False, 0.131579, ("1-3", "1-3")),
    ("003000600", 9, 7, (3, 0, 6), "7-9", False, True, 4.6, 7, 3.55, False, 0.676056, ("4-6", "7-9")),
    ("001004410", 10, 6.5, (1, 4, 5), "7-9", False, False, 6, 7, 4.6, False, 0.217391, ("7-9", "7-9")),
    ("111000552", 15, 7, (3, 0, 12), "7-9", True, False, 7, 8, 6.1, False, 0.163934, ("7-9", "7-9")),
    ("023101230", 12, 5, (5, 2, 5), "4-6", False, True, 3, 7, 2.35, True, 1.702128, ("4-6", "4-6")),
    ("001121000", 5, 5, (1, 4, 0), "4-6", None, None, 4.2, 5, 2.95, False, 0.271186, (None, "4-6")),
]


def judged(votes: str, by: AgreementBy) -> PanelAgreement:
    found = panel_agreement([int(one) for one in votes], by)
    assert found
    return found


@pytest.mark.parametrize("row", WORKED_OUT, ids=lambda row: row[0])
def test_the_figures_are_those_that_were_worked_out(row: tuple) -> None:
    votes, n, median, bands, band, agreement, disagreement, p30, p70, ipras, by_ipras, index, results = row
    counted, ipr = judged(votes, "counting"), judged(votes, "IPRAS")
    for one in (counted, ipr):
        assert (one.ratings, float(one.median), one.bands, one.band) == (n, median, bands, band)
        assert (float(one.p30), float(one.p70), float(one.ipras)) == (p30, p70, ipras)
        assert (one.ipr, float(one.index)) == (one.p70 - one.p30, pytest.approx(index, abs=5e-7))
    assert ipr.judged == ("disagreement" if by_ipras else "no disagreement")
    assert (ipr.by, ipr.result) == ("IPRAS", results[1])
    if agreement is None:
        assert (counted.by, counted.judged, counted.result) == ("IPRAS", ipr.judged, ipr.result)
    else:
        said = "agreement" if agreement else "disagreement" if disagreement else "neither"
        assert (counted.by, counted.judged, counted.result) == ("counting", said, results[0])


@pytest.mark.parametrize(("ratings", "outside"), [(8, 2), (10, 2), (11, 3), (13, 3), (14, 4), (16, 4)])
def test_by_counting_so_many_may_rate_outside_the_band_and_one_more_at_each_end_disagree(
    ratings: int, outside: int
) -> None:
    def at(low: int, high: int) -> PanelAgreement | None:
        return panel_agreement([low, 0, 0, 0, ratings - low - high, 0, 0, 0, high], "counting")

    for low, high, said in (
        (0, outside, "agreement"),
        (0, outside + 1, "neither"),
        (outside + 1, outside, "neither"),
        (outside + 1, outside + 1, "disagreement"),
    ):
        found = at(low, high)
        assert found
        assert (found.by, found.judged) == ("counting", said), (low, high)


@pytest.mark.parametrize("ratings", [1, 7, 17])
def test_where_there_is_no_published_count_ipras_decides(ratings: int) -> None:
    found = panel_agreement([0, 0, 0, 0, 0, 0, ratings, 0, 0], "counting")
    assert found
    assert (found.by, found.judged, found.result) == ("IPRAS", "no disagreement", "7-9")


@given(st.lists(st.integers(0, 9), min_size=9, max_size=9).filter(any), st.sampled_from(["counting", "IPRAS"]))
def test_a_panel_seen_from_the_other_end_agrees_as_much(counts: list[int], by: AgreementBy) -> None:
    one, mirrored = panel_agreement(counts, by), panel_agreement(counts[::-1], by)
    assert one
    assert mirrored
    assert (mirrored.ipr, mirrored.ipras, mirrored.bands) == (one.ipr, one.ipras, one.bands[::-1])
    assert mirrored.median == 10 - one.median
    if one.median not in (Fraction(7, 2), Fraction(13, 2)):
        assert mirrored.judged == one.judged


def test_nobody_is_no_panel_and_other_scales_are_refused() -> None:
    assert panel_agreement([0] * 9, "counting") is None
    with pytest.raises(ValueError, match="on 9 levels from 1, not on 5"):
        panel_agreement([0, 1, 4, 2, 0], "IPRAS")
