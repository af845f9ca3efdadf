"""The figures of one vote, against published results and an independent implementation."""

import doctest
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npswidgets.domain import statistics
from npswidgets.domain.scale import Level, Scale
from npswidgets.domain.statistics import (
    STABLE_BELOW,
    Spread,
    agreement,
    change,
    consensus,
    gap_priority,
    levels_of,
    low_median,
    percentage,
    rounded,
    spread,
)

some_votes = st.lists(st.integers(0, 20), min_size=5, max_size=5).filter(any).map(tuple)

# n1..n5, median, IQR, range, consensus, agreement
GOLDEN = [
    ((0, 0, 6, 0, 0), 3, 0, 0, 1, 1),
    ((0, 3, 3, 0, 0), 2.5, 1, 1, 0.807355, 0.75),
    ((0, 2, 6, 2, 0), 3, 0, 2, 0.833985, 0.7),
    ((1, 2, 4, 2, 1), 3, 1.5, 4, 0.633985, 0.35),
    ((1, 1, 1, 1, 1), 3, 2, 4, 0.433985, 0),
    ((0, 5, 0, 5, 0), 3, 2, 2, 0.584963, 0.166667),
    ((5, 0, 0, 0, 5), 3, 4, 4, 0, -1),
    ((4, 0, 0, 0, 1), 1, 0, 4, 0.278072, 0.2),
    ((0, 2, 2, 3, 1), 3.5, 1.25, 3, 0.626648, 0.4375),
    ((0, 3, 4, 1, 0), 3, 1, 2, 0.773539, 0.6875),
]


@pytest.mark.parametrize(("counts", "median", "iqr", "width", "cns", "a"), GOLDEN)
def test_the_figures_are_those_of_an_independent_implementation(counts, median, iqr, width, cns, a):
    found = spread(counts)
    assert found.n == sum(counts)
    assert (found.median, found.iqr) == (median, iqr)
    assert found.highest - found.lowest == width
    assert (found.consensus, found.agreement) == pytest.approx((cns, a), abs=1e-6)


# Printed in the manual of the CRAN package agrmt.
V = (30, 40, 210, 130, 530, 50, 10)


def test_consensus_is_the_published_one():
    assert consensus(V) == pytest.approx(0.7256876, abs=1e-7)


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        (V, 0.6113333),
        ((2.4, 2.8, 3.2, 6.2, 13.5, 30.4, 41.6), 0.61),
        ((1.6, 2.6, 8.2, 21, 29.3, 27, 10.3), 0.48),
        ((2, 0, 1, 1), 0.08),
    ],
)
def test_agreement_is_the_published_one(counts, published):
    digits = len(str(published)) - 2
    assert round(agreement(counts), digits) == published


def test_quartiles_are_interpolated():
    found = spread((0, 2, 2, 3, 1))
    assert (found.q1, found.q3) == (2.75, 4)


def test_one_vote_has_all_figures():
    found = spread((0, 1, 0, 0, 0))
    assert (found.median, found.q1, found.q3, found.iqr, found.lowest, found.highest) == (2, 2, 2, 0, 2, 2)
    assert (found.consensus, found.agreement) == (1, 1)


def test_nobody_voted_is_no_figure_at_all():
    nothing = (0, 0, 0, 0, 0)
    assert spread(nothing) == Spread()
    assert Spread().n == 0
    figures = (consensus, agreement, low_median)
    assert [figure(nothing) for figure in figures] == [None] * 3


def test_the_low_median_is_the_lower_of_two_middle_votes():
    assert low_median((0, 3, 3, 0, 0)) == 2
    assert low_median((0, 2, 3, 0, 0)) == 3


@pytest.mark.parametrize(
    ("counts", "figure", "said"),
    [
        ((0, 0, 2, 2, 4), agreement, "0.63"),  # 0.625
        ((7, 0, 2, 0, 7), consensus, "0.13"),  # 0.125
        ((0, 0, 5, 7, 8), agreement, "0.58"),  # 0.575, of which a float is a little less
        ((8, 7, 5, 0, 0), agreement, "0.58"),
    ],
)
def test_a_tie_is_rounded_away_from_zero(counts, figure, said):
    assert rounded(figure(counts), 2) == said


@given(st.integers(-2_000, 2_000))
def test_every_tie_is_rounded_by_the_same_rule(thousandths):
    tie = Fraction(2 * thousandths + 1, 200)
    up = (2 * abs(tie.numerator) * 100 + tie.denominator) // (2 * tie.denominator)
    assert rounded(float(tie), 2) == rounded(tie, 2) == f"{'-' if tie < 0 else ''}{up // 100}.{up % 100:02}"


def test_shares_are_rounded_by_the_same_rule():
    assert [percentage(Fraction(part, 8)) for part in (1, 3, 5, 7)] == ["13%", "38%", "63%", "88%"]
    assert percentage(change((0, 0, 15, 5, 0), (0, 0, 14, 6, 0)), 1) == "5.0%"
    assert percentage(Fraction(29, 2000), 1) == percentage(0.0145, 1) == "1.5%"


def test_change_is_the_share_of_votes_that_lie_elsewhere():
    assert change((0, 2, 2, 3, 1), (0, 3, 4, 1, 0)) == 0.375
    assert change((0, 2, 2, 3, 1), (0, 2, 2, 3, 1)) == 0 < STABLE_BELOW
    assert change((4, 0, 0, 0, 0), (0, 0, 0, 0, 9)) == 1
    assert change((0, 0, 0, 0, 0), (0, 0, 0, 0, 9)) is None


def test_a_wider_gap_is_more_urgent_and_a_met_target_is_not_urgent():
    assert gap_priority(2, 4) == 8
    assert [gap_priority(1, target) for target in range(1, 6)] == [0, 3, 8, 15, 24]
    assert gap_priority(4, 2) == 0


@given(some_votes)
def test_every_index_stays_in_its_range(counts):
    found = spread(counts)
    small = 1e-9
    assert 1 <= found.lowest <= found.q1 <= found.median <= found.q3 <= found.highest <= 5
    assert -small <= found.consensus <= 1 + small
    assert -1 - small <= found.agreement <= 1 + small


@given(some_votes)
def test_no_index_knows_which_end_is_up(counts):
    indices = (consensus, agreement)
    mirrored = counts[::-1]
    assert [index(counts) for index in indices] == pytest.approx([index(mirrored) for index in indices])


@given(some_votes)
def test_twice_the_votes_have_the_same_shape(counts):
    doubled = tuple(2 * count for count in counts)
    indices = (consensus, agreement, low_median)
    assert [index(counts) for index in indices] == pytest.approx([index(doubled) for index in indices])


@given(some_votes)
def test_counting_and_listing_the_votes_are_each_others_reverse(counts):
    scale = Scale(tuple(Level(value, "") for value in range(1, len(counts) + 1)))
    assert scale.counts(levels_of(counts)) == counts


@given(some_votes, some_votes)
def test_change_is_the_same_in_both_directions(one, other):
    assert change(one, other) == pytest.approx(change(other, one))
    assert 0 <= change(one, other) <= 1 + 1e-9


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(statistics).failed == 0
