"""What the spread means for the room, in the words of the screens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npswidgets.domain.verdict import verdict

WIDE = (
    'Ask: "What could somebody who chose 1 have seen?" Then the same for 4. '
    'Then: "Which words do we read differently?" Hear those first who have not spoken.'
)


@pytest.mark.parametrize(
    ("counts", "kind", "sentence"),
    [
        ((0, 0, 0, 0, 0), "too_few", "0 votes: too few to compare"),
        ((0, 2, 2, 0, 0), "too_few", "4 votes: too few to compare"),
        ((0, 0, 6, 0, 0), "close", "All at level 3"),
        ((0, 3, 3, 0, 0), "close", "Close together: 2 to 3"),
        ((0, 2, 6, 2, 0), "close", "Close together: 2 to 4"),
        ((4, 0, 0, 0, 1), "a_few", "A few see it differently: most at 1, 1 at 5"),
        ((1, 8, 5, 1, 0), "a_few", "A few see it differently: most at 2 and 3, 1 at 4"),
        ((0, 11, 8, 1, 2), "a_few", "A few see it differently: most at 2 and 3, 1 at 4 and 2 at 5"),
        ((2, 0, 6, 0, 0), "a_few", "A few see it differently: most at 3, 2 at 1"),
        ((1, 2, 4, 2, 1), "wide", "Wide spread: from 1 to 5"),
        ((0, 5, 0, 5, 0), "wide", "Wide spread: from 2 to 4"),
        ((3, 4, 4, 4, 0), "wide", "Wide spread: from 1 to 4"),
    ],
)
def test_the_verdict_is_said_in_words(counts, kind, sentence):
    found = verdict(counts)
    assert (found.kind, found.sentence) == (kind, sentence)


@pytest.mark.parametrize(
    ("counts", "say"),
    [
        ((0, 0, 0, 0, 0), ""),
        ((0, 2, 2, 0, 0), "Ask for a reason at each level, the lowest first."),
        ((0, 3, 3, 0, 0), 'Say: "We are close together. Does anything speak against level 2?"'),
        ((0, 2, 6, 2, 0), 'Say: "We are close together. Does anything speak against level 3?"'),
        ((1, 8, 5, 1, 0), 'Say: "Most see 2 and 3. What could somebody who chose 4 have seen?"'),
        ((0, 11, 8, 1, 2), 'Say: "Most see 2 and 3. What could somebody who chose 4 or 5 have seen?"'),
        ((3, 4, 4, 4, 0), WIDE),
    ],
)
def test_each_verdict_has_its_move(counts, say):
    assert verdict(counts).say == say


def test_close_votes_are_asked_for_the_starting_level_that_departments_gave():
    assert verdict((0, 2, 6, 2, 0), level=2).say.endswith('against level 2?"')


def test_votes_that_stay_wide_are_not_voted_on_for_ever():
    assert verdict((3, 4, 4, 4, 0), rounds=2).say == (
        "Still wide after 2 votes. Agree on the suggested level and note the different view, or leave it for later."
    )
    assert verdict((0, 3, 3, 0, 0), rounds=2).say.startswith('Say: "We are close together.')


def test_many_who_do_not_know_come_first():
    lines = verdict((0, 5, 5, 0, 0), dont_know=7, not_my_role=1).say.split("\n")
    assert lines[0] == '7 of 18 do not know. Ask: "Who in the council would know?"'
    assert lines[1].startswith('Say: "We are close together.')


def test_the_question_for_those_who_would_know_stands_alone_if_votes_are_too_few():
    assert verdict((0, 1, 1, 0, 0), dont_know=4).say == '4 of 6 do not know. Ask: "Who in the council would know?"'


def test_two_of_six_or_three_of_fifteen_who_do_not_know_are_not_many():
    assert "know" not in verdict((0, 2, 2, 0, 0), dont_know=2).say
    assert "know" not in verdict((0, 6, 6, 0, 0), dont_know=3).say


@given(st.lists(st.integers(0, 40), min_size=5, max_size=5), st.integers(0, 40), st.integers(1, 4))
def test_any_votes_have_a_verdict(counts, dont_know, rounds):
    found = verdict(counts, dont_know=dont_know, rounds=rounds)
    assert found.sentence
    assert (found.kind == "too_few") == (sum(counts) < 5)
    assert "None" not in found.sentence + found.say


@given(st.lists(st.integers(0, 40), min_size=5, max_size=5).filter(lambda counts: sum(counts) >= 5))
def test_the_verdict_means_the_same_for_a_room_three_times_as_large(counts):
    assert verdict([3 * count for count in counts]).kind == verdict(counts).kind
