"""The weakest-level rule."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npswidgets.domain import starting_level as module
from npswidgets.domain.events import Vote
from npswidgets.domain.starting_level import lowest_reached, starting_level
from npswidgets.domain.statistics import levels_of, low_median

departments = st.sampled_from(["Adult social care", "Finance and legal", "Procurement", None])
votes = st.lists(st.builds(Vote, st.sampled_from([1, 2, 3, 4, 5, "dont_know", "not_my_role"]), departments))


def of(department, *levels):
    return [Vote(level, department) for level in levels]


def test_without_departments_it_is_the_lowest_level_that_a_quarter_reaches():
    found = starting_level(of(None, 2, 2, 3, 3, 4, 4, 4, 5))
    assert (found.level, found.by_department, found.at_or_below, found.n) == (2, False, 2, 8)
    assert found.sentences == ("Suggested level (weakest part): 2", "2 of 8 votes are at level 2 or lower.")


def test_a_lone_voter_does_not_set_it():
    assert starting_level(of(None, 1, 4, 4, 4, 4)).level == 4


def test_the_weakest_department_sets_it_and_is_not_named():
    found = starting_level([*of("A", 4, 4, 5), *of("B", 3, 4), *of("C", 2, 2, 3)])
    assert (found.level, found.by_department, found.at_or_below, found.n) == (2, True, 2, 8)
    assert found.sentences == (
        "Suggested level (weakest part): 2",
        "2 of 8 votes are at level 2 or lower.",
        "In one department the middle vote is 2.",
        "1 department had fewer than 3 votes and is not counted.",
    )


def test_small_departments_count_together():
    found = starting_level([*of("A", 4, 4, 5), *of("B", 1, 1), *of("C", 2)])
    assert found.level == 1
    assert found.sentences[-1] == "2 departments had fewer than 3 votes and count together."


def test_small_departments_that_are_few_even_together_are_not_counted():
    found = starting_level([*of("A", 4, 4, 5), *of("B", 1), *of("C", 2)])
    assert found.level == 4
    assert found.sentences[-1] == "2 departments had fewer than 3 votes and are not counted."


@pytest.mark.parametrize(
    ("others", "level", "sentence"),
    [
        ((2, 2, 3), 2, "3 votes from other departments count together."),
        ((2, 2), 4, "2 votes from other departments are not counted."),
        ((2,), 4, "1 vote from other departments is not counted."),
    ],
)
def test_votes_without_a_department_are_other_departments(others, level, sentence):
    found = starting_level([*of("A", 4, 4, 4, 5), *of(None, *others)])
    assert (found.level, found.sentences[-1]) == (level, sentence)


def test_votes_without_a_department_join_the_small_departments():
    found = starting_level([*of("A", 4, 4, 5), *of("B", 1, 1), *of(None, 2)])
    assert (found.level, found.sentences[-1]) == (1, "3 votes from other departments count together.")


def test_departments_that_are_all_small_count_as_one_room():
    found = starting_level([*of("A", 2, 3), *of("B", 3, 4), *of(None, 4)])
    assert (found.level, found.by_department) == (3, False)
    assert found.sentences == (
        "Suggested level (weakest part): 3",
        "3 of 5 votes are at level 3 or lower.",
        "No department had 3 votes, so all votes count together.",
    )


def test_other_answers_count_nowhere():
    found = starting_level([*of("A", 4, 4, "dont_know"), *of("B", 3, 3, "not_my_role"), *of("C", 5, 5, 5)])
    assert (found.level, found.n) == (3, 7)
    assert found.sentences[-1] == "2 departments had fewer than 3 votes and count together."


@pytest.mark.parametrize("few", [[], of(None, 3), of("A", 3, 3, 3, 3), of("A", *["dont_know"] * 6), of(None, 1, 4)])
def test_fewer_than_five_votes_have_no_starting_level(few):
    found = starting_level(few)
    assert (found.level, found.at_or_below, found.sentences) == (None, 0, ())


@given(votes)
def test_a_department_is_never_named(cast):
    said = " ".join(starting_level(cast).sentences)
    assert not any(name in said for name in ("Adult", "Finance", "Procurement", "None"))


@given(votes, st.randoms())
def test_the_order_of_the_votes_says_nothing(cast, random):
    shuffled = random.sample(cast, len(cast))
    assert starting_level(shuffled) == starting_level(cast)


@given(st.lists(st.integers(0, 20), min_size=5, max_size=5).filter(lambda counts: sum(counts) >= 3))
def test_without_departments_it_is_never_above_the_middle_vote_of_three_or_more(counts):
    assert lowest_reached(levels_of(counts)) <= low_median(counts)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(module).failed == 0
