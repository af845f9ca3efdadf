"""What votes say on a scale of 3 to 10 levels, from 0 or from 1, held against the same worked out by hand."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from levels_by_hand import FILE, kind_by_hand, rows

from npswidgets.domain.starting_level import lowest_reached
from npswidgets.domain.statistics import levels_of, low_median, spread
from npswidgets.domain.verdict import Kind, verdict

any_counts = st.integers(3, 10).flatmap(lambda length: st.lists(st.integers(0, 9), min_size=length, max_size=length))
FROZEN = json.loads(FILE.read_text(encoding="utf-8"))


def test_the_frozen_figures_are_those_worked_out_by_hand() -> None:
    assert rows() == FROZEN


@pytest.mark.parametrize("row", FROZEN, ids=lambda row: f"{row['from']}: {row['counts']}")
def test_the_figures_are_those_worked_out_by_hand(row: dict) -> None:
    counts, lowest = row["counts"], row["from"]
    found = spread(counts, lowest)
    assert (found.n, found.median, found.iqr) == (row["n"], row["median"], row["iqr"])
    assert (found.lowest, found.highest) == (row["lowest"], row["highest"])
    assert (found.consensus, found.agreement) == pytest.approx((row["consensus"], row["agreement"]), abs=1e-6)
    assert verdict(counts, lowest=lowest).kind == row["kind"]
    assert (lowest_reached(levels_of(counts, lowest)), low_median(counts, lowest)) == (row["weakest"], row["middle"])


@given(any_counts, st.sampled_from([0, 1]))
def test_the_verdict_names_the_levels_that_are_found_by_hand(counts: list[int], lowest: int) -> None:
    kind, main, far = kind_by_hand(counts, lowest)
    found = verdict(counts, lowest=lowest)
    assert found.kind == kind
    if kind == "a_few":
        assert main
        assert not set(main) & set(far)
        at = [f"{counts[level - lowest]} at {level}" for level in far]
        few = " and ".join(at) if len(far) < 4 else f"{sum(counts[x - lowest] for x in far)} from {far[0]} to {far[-1]}"
        most = f"{main[0]} to {main[-1]}" if len(main) == 3 else " and ".join(map(str, main))
        assert found.sentence == f"A few see it differently: most at {most}, {few}"


@given(any_counts)
def test_where_a_scale_begins_moves_the_levels_and_nothing_else(counts: list[int]) -> None:
    one, nought = spread(counts), spread(counts, lowest=0)
    assert (one.n, one.iqr, one.consensus, one.agreement) == (nought.n, nought.iqr, nought.consensus, nought.agreement)
    assert verdict(counts).kind == verdict(counts, lowest=0).kind
    if one.n:
        assert (one.median - 1, one.lowest - 1, low_median(counts) - 1) == (
            nought.median,
            nought.lowest,
            low_median(counts, 0),
        )


@given(any_counts)
def test_votes_over_more_than_half_of_the_scale_are_never_close_together(counts: list[int]) -> None:
    if verdict(counts).kind == "close":
        levels = levels_of(counts)
        assert levels[-1] - levels[0] <= len(counts) // 2


@given(st.lists(st.integers(0, 12), min_size=5, max_size=5))
def test_five_levels_are_judged_as_they_always_were(counts: list[int]) -> None:
    assert verdict(counts).kind == _on_five_levels(counts)


def _on_five_levels(counts: list[int]) -> Kind:
    """The rule as it was written for five levels alone."""
    total, levels = sum(counts), levels_of(counts)
    if total < 5:
        return "too_few"
    if 4 * max(one + other for one, other in pairwise(counts)) < 3 * total:
        return "wide"
    middle = levels[(total - 1) // 2]
    return "a_few" if any(abs(level - middle) >= 2 for level in levels) else "close"


@pytest.mark.parametrize(
    ("counts", "lowest", "sentence"),
    [
        ((0, 0, 0, 0, 0, 7, 0, 0, 0), 0, "All at level 5"),
        ((0, 0, 2, 5, 4, 0, 0, 0, 0), 1, "Close together: 3 to 5"),
        ((9, 0, 0, 0), 0, "All at level 0"),
        ((0, 0, 4, 5, 4, 0, 0, 1, 0), 1, "A few see it differently: most at 3 to 5, 1 at 8"),
        ((0, 0, 4, 0, 5, 0, 0, 1, 0), 1, "A few see it differently: most at 3 and 5, 1 at 8"),
        ((12, 0, 0, 1, 0, 1, 0, 0, 1, 1), 0, "A few see it differently: most at 0, 4 from 3 to 9"),
        ((6, 0, 0, 0, 0, 6), 0, "Wide spread: from 0 to 5"),
        ((2, 2, 0), 0, "4 votes: too few to compare"),
    ],
)
def test_no_sentence_says_how_many_levels_there_are(counts, lowest, sentence) -> None:
    assert verdict(counts, lowest=lowest).sentence == sentence


def test_from_four_levels_on_that_a_few_chose_they_are_asked_for_together() -> None:
    said = verdict((12, 0, 0, 1, 0, 1, 0, 0, 1, 1), lowest=0).say
    assert said == 'Say: "Most see 0. What could somebody who chose from 3 to 9 have seen?"'
