"""Scales of 3 to 10 levels, held against figures, verdicts and sentences that were worked out apart from the code.

`data/scales.json` has votes of all shapes on each length, from 0 and from 1, and what changed between two votes.
"""

import json

import pytest
from paths import DATA

from npswidgets.domain.starting_level import ENOUGH_VOTES, lowest_reached
from npswidgets.domain.statistics import STABLE_BELOW, change, levels_of, low_median, spread
from npswidgets.domain.verdict import verdict

WORKED_OUT = json.loads((DATA / "scales.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", WORKED_OUT["spreads"], ids=lambda row: f"{row['lowest']}: {row['counts']}")
def test_votes_say_what_was_worked_out(row: dict) -> None:
    counts, lowest, figures = row["counts"], row["lowest"], row["statistics"]
    found = spread(counts, lowest)
    for name in ("n", "median", "q1", "q3", "iqr", "lowest", "highest"):
        assert getattr(found, name) == figures[name], name
    for name in ("consensus", "agreement"):
        assert getattr(found, name) == (None if figures[name] is None else pytest.approx(figures[name], abs=1e-6)), name
    assert low_median(counts, lowest) == figures["low_median"]
    judged = verdict(counts, lowest=lowest)
    assert judged.kind == row["verdict"]["kind"]
    if judged.kind != "too_few":
        assert judged.sentence == row["verdict"]["sentence"]
    if found.n >= ENOUGH_VOTES:
        assert lowest_reached(levels_of(counts, lowest)) == row["suggested"]["weakest"]
        assert low_median(counts, lowest) == row["suggested"]["median"]


@pytest.mark.parametrize("row", WORKED_OUT["changes"], ids=lambda row: str(row["before"]))
def test_what_changed_between_two_votes_is_what_was_worked_out(row: dict) -> None:
    found = change(row["before"], row["after"])
    assert found is not None
    assert (found, found < STABLE_BELOW) == (pytest.approx(row["change"], abs=1e-6), row["stable"])
