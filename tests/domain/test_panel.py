"""How alike a panel judges, against published results."""

import pytest
from played import SESSION, beginning, voted, votes, workshop_of

from npswidgets.domain.events import Vote
from npswidgets.domain.panel import kendalls_w, krippendorffs_alpha, panel_of

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
    assert round(kendalls_w(ANXIETY), 4) == 0.5397


def test_people_who_order_alike_have_w_1_and_opposites_0():
    assert kendalls_w([[1, 2, 3], [2, 4, 5]]) == 1
    assert kendalls_w([[1, 2, 3], [3, 2, 1]]) == 0


def test_codes_with_a_missing_vote_are_left_out_of_w():
    assert kendalls_w([[1, 2, None, 3], [1, 2, 5, 3]]) == kendalls_w([[1, 2, 3], [1, 2, 3]])


@pytest.mark.parametrize("ratings", [[], [[1, 2, 3]], [[1], [2]], [[3, 3], [4, 4]], [[1, None], [None, 2]]])
def test_without_an_order_to_compare_there_is_no_w(ratings):
    assert kendalls_w(ratings) is None


def test_krippendorffs_alpha_is_the_published_one():
    assert round(krippendorffs_alpha(DATA_C), 3) == 0.815


def test_people_who_always_agree_have_alpha_1():
    assert krippendorffs_alpha([[1, 2, 5], [1, 2, 5]]) == 1


@pytest.mark.parametrize("ratings", [[], [[1, 2, 3]], [[3, 3], [3, 3]], [[1, None], [None, 2]]])
def test_without_votes_that_could_differ_there_is_no_alpha(ratings):
    assert krippendorffs_alpha(ratings) is None


def by_name(**answers):
    """A vote in which these people gave these answers."""
    return tuple(Vote(answer, None, who) for who, answer in answers.items())


def panel(*voted_on, anonymity="named"):
    codes = ("reporting", "councillor-development")
    events = [event for code, rounds in zip(codes, voted_on, strict=False) for event in voted(code, *rounds)]
    return panel_of(workshop_of([*beginning(codes, anonymity=anonymity), *events]), SESSION)


def test_a_panel_is_whoever_can_be_followed_by_the_last_votes():
    first, last = by_name(a=5, b=5), by_name(a=1, b=2, c="dont_know")
    found = panel([first, last], [by_name(a=3, b=4, c=5)])
    assert (found.people, found.value_codes, found.judged_by_all) == (3, 2, 1)
    assert found.alpha == krippendorffs_alpha([[1, 3], [2, 4], [None, 5]])
    assert found.w is None, "one value code has no order"


def test_votes_on_paper_are_nobodys():
    paper = {"paper-1": 5}
    with_paper = panel([by_name(a=1, b=2, **paper)], [by_name(a=2, b=4, **paper)])
    assert with_paper == panel([by_name(a=1, b=2)], [by_name(a=2, b=4)])
    assert (with_paper.people, with_paper.w) == (2, 1)


def test_an_anonymous_record_has_no_panel():
    assert panel([votes(0, 5, 5)], [votes(0, 0, 9)], anonymity="anonymous") is None
    assert panel() is None
