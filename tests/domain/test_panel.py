"""How alike a panel judges, against published results."""

import pytest

from npswidgets.domain.panel import kendalls_w, krippendorffs_alpha

# Twenty subjects rated by three people, printed in the manual of the CRAN package DescTools.
ANXIETY = [
    [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
    [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
    [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
]

# Krippendorff's data "C": twelve units, four people, printed in the manual of the CRAN package irr.
DATA_C = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def test_kendalls_w_is_the_published_one():
    found = kendalls_w(ANXIETY)
    assert round(found.w, 4) == 0.5397
    assert (round(found.chi2, 2), found.df) == (30.76, 19)


def test_people_who_order_alike_have_w_1_and_opposites_0():
    assert kendalls_w([[1, 2, 3], [2, 4, 5]]).w == 1
    assert kendalls_w([[1, 2, 3], [3, 2, 1]]).w == 0


def test_codes_with_a_missing_vote_are_left_out_of_w():
    assert kendalls_w([[1, 2, None, 3], [1, 2, 5, 3]]) == kendalls_w([[1, 2, 3], [1, 2, 3]])


@pytest.mark.parametrize("ratings", [[], [[1, 2, 3]], [[1], [2]], [[3, 3], [4, 4]], [[1, None], [None, 2]]])
def test_without_an_order_to_compare_there_is_no_w(ratings):
    assert kendalls_w(ratings) is None


@pytest.mark.parametrize(
    ("metric", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorffs_alpha_is_the_published_one(metric, published):
    assert round(krippendorffs_alpha(DATA_C, metric), 3) == published


def test_people_who_always_agree_have_alpha_1():
    assert krippendorffs_alpha([[1, 2, 5], [1, 2, 5]]) == 1


@pytest.mark.parametrize("ratings", [[], [[1, 2, 3]], [[3, 3], [3, 3]], [[1, None], [None, 2]]])
def test_without_votes_that_could_differ_there_is_no_alpha(ratings):
    assert krippendorffs_alpha(ratings) is None
