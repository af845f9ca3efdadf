"""The scale is one value: nothing else knows how many levels there are, where they begin, or their colours."""

import pytest

from npswidgets.domain.scale import DARK_PAPER, Level, Scale

LENGTHS = range(3, 11)


def scale_of(length: int, lowest: int = 1) -> Scale:
    return Scale(tuple(Level(value, f"Level {value}") for value in range(lowest, lowest + length)))


@pytest.mark.parametrize("lowest", [0, 1])
@pytest.mark.parametrize("length", LENGTHS)
def test_a_scale_says_what_can_be_chosen_and_no_more(length: int, lowest: int) -> None:
    scale = scale_of(length, lowest)
    top = lowest + length - 1
    assert (scale.lowest, scale.highest, scale.steps, scale.ends) == (lowest, top, length - 1, f"{lowest} to {top}")
    assert [value for value in range(-2, 14) if value in scale] == list(range(lowest, lowest + length))
    assert not [value for value in (True, False, "1", 1.0, None, "dont_know", [1]) if value in scale]


@pytest.mark.parametrize("lowest", [0, 1])
def test_votes_are_counted_on_every_level_also_those_without(lowest: int) -> None:
    scale = scale_of(4, lowest)
    assert scale.counts([lowest, scale.highest, lowest, "dont_know", scale.highest + 1]) == (2, 0, 0, 1)
    assert [scale.place(value) for value in scale.values] == [0, 1, 2, 3]


def test_the_next_level_and_the_nearest_one_stay_on_the_scale() -> None:
    scale = scale_of(4, 0)
    assert [scale.above(value) for value in (None, 0, 2, 3)] == [None, 1, 3, None]
    assert [scale.nearest(view) for view in (-3, 0.4, 1.6, 99)] == [0, 0, 2, 3]
    with pytest.raises(KeyError):
        scale.level(4)


@pytest.mark.parametrize("length", LENGTHS)
def test_each_level_has_a_colour_of_its_own_that_is_lighter_than_the_one_before(length: int) -> None:
    scale = scale_of(length)
    light = [_light(colour) for colour in scale.colours]
    assert (len(light), scale.colour(1), scale.colour(length)) == (length, scale.colours[0], scale.colours[-1])
    assert light == sorted(set(light))
    assert min(round(1.05 / (one + 0.05), 2) for one in light) >= 3


@pytest.mark.parametrize("length", LENGTHS)
def test_on_a_dark_page_too_a_higher_level_is_lighter_and_all_are_seen(length: int) -> None:
    light = [_light(colour) for colour in scale_of(length).colours_on_dark]
    assert light == sorted(set(light))
    assert len(light) == length
    assert min((one + 0.05) / (_light(DARK_PAPER) + 0.05) for one in light) >= 3


def _light(colour: str) -> float:
    """How light it is, from 0 to 1, as WCAG defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
