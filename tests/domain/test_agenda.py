"""How long voting and talking take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npswidgets.domain.agenda import expected_minutes, starting_minutes, voting_seconds
from npswidgets.domain.rubric import ValueCode
from npswidgets.store.rubric_files import load_rubric


@pytest.fixture(scope="module")
def themes():
    return load_rubric("nps-2018").themes


def code_of(words):
    return ValueCode("a", "A", "A", "Said in many words that are not read out", {1: ("word " * words,)})


@pytest.mark.parametrize(("words", "seconds"), [(0, 45), (100, 45), (101, 60), (150, 60), (151, 75), (1000, 315)])
def test_a_vote_takes_as_long_as_its_statements_take_to_read(words, seconds):
    assert voting_seconds(code_of(words)) == seconds


def test_the_themes_of_the_diagnostic_take_as_long_as_published(themes):
    minutes = [sum(map(voting_seconds, theme.value_codes)) / 60 for theme in themes]
    assert [len(theme.value_codes) for theme in themes] == [13, 17, 25, 4]
    assert minutes == [10.5, 17, 33.5, 4.25]


def test_thirteen_topics_take_ninety_minutes_with_eighteen_people(themes):
    assert expected_minutes(themes[0].value_codes, people=18) == 90


def test_a_topic_that_is_quickly_read_takes_six_and_a_half_minutes():
    ten_more = expected_minutes([code_of(50)] * 20, 18) - expected_minutes([code_of(50)] * 10, 18)
    assert ten_more == 65


def test_topics_start_after_five_minutes_and_one_after_the_other():
    assert starting_minutes([code_of(50)] * 3, people=18) == (5, 12, 18)


def test_no_topics_take_no_time():
    assert expected_minutes([], people=18) == 0
    assert starting_minutes([], people=18) == ()


@given(st.integers(1, 60), st.integers(1, 200))
def test_more_people_never_take_less_time(codes, people):
    topics = [code_of(80)] * codes
    assert expected_minutes(topics, people) <= expected_minutes(topics, people + 1)
