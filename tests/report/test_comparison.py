"""Workshops side by side, and the page that shows it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from played import finished_theme, reworded, sealed, theme_codes, workshop_of

from npswidgets.charts import councils, profile, progress
from npswidgets.comparison import compare, panels
from npswidgets.domain.events import Words, WorkshopSealed
from npswidgets.domain.names import council_key
from npswidgets.domain.scale import Level
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import BenchmarkFaults, RuleBroken
from npswidgets.report.make import make_report


def test_scores_stand_side_by_side_by_the_id_of_the_value_code() -> None:
    table = compare(sealed("spring", 2, 3, 4), sealed("autumn", 3, 3, 2, 5))
    assert list(table.index) == list(theme_codes()[:4])
    assert table["spring"].tolist() == [2, 3, 4, pd.NA]
    assert table["autumn"].tolist() == [3, 3, 2, 5]
    assert table["change"].tolist() == [1, 0, -2, pd.NA]
    assert table["value_code"].iloc[1] == "Reporting"


def test_the_weakest_level_across_councils_is_the_lowest_score() -> None:
    table = compare(sealed("north", 2, None), sealed("south", 4, 3), sealed("west", 3, 1))
    assert table["weakest"].tolist() == [2, 1]
    assert str(table["weakest"].dtype) == "Int64"


def test_the_table_says_in_which_council_the_weakest_level_lies() -> None:
    table = compare(sealed("north", 2, None, 3), sealed("south", 4, 3, 3))
    assert table["weakest_in"].tolist() == ["north", "south", "north, south"]


def test_a_changed_panel_is_marked() -> None:
    first = sealed("spring", 2)
    session = next(iter(first.sessions.values()))
    fewer = dict(list(session.participants.items())[:13])
    smaller = replace(first, sessions={session.id: replace(session, participants=fewer)})
    assert compare(first, sealed("autumn", 2))["panel_changed"].tolist() == [False]
    assert compare(first, smaller)["panel_changed"].tolist() == [True]
    assert compare(first, replace(first, departments=("Highways",)))["panel_changed"].tolist() == [True]


def test_councils_side_by_side_show_where_the_weakest_level_lies() -> None:
    north = replace(sealed("north", 2, None, 3), council="North")
    south = replace(sealed("south", 4, 3, 3), council="South")
    chart = councils(north, south)
    assert chart.says == (
        "Of 3 value codes, the weakest level lies in North on 1, in South on 1 and in more than one of them on 1."
    )
    assert [row[-2] for row in chart.cells.rows] == ["level 2", "level 3", "level 3"]


def test_progress_marks_where_the_wording_changed() -> None:
    first = sealed("spring", 2, 3)
    chart = progress(first, reworded(sealed("autumn", 3, 3), theme_codes()[1]))
    assert [row[-2:] for row in chart.cells.rows] == [("1 higher", "nothing"), ("the same", "wording changed")]
    assert chart.cells.head[2:4] == ("March 2026 (1), 18 people", "March 2026 (2), 18 people")
    with pytest.raises(ValueError, match="two workshops"):
        progress(first)


def test_changed_wording_is_marked() -> None:
    first = sealed("spring", 2, 3)
    table = compare(first, reworded(sealed("autumn", 2, 3), theme_codes()[1]))
    assert table["wording_changed"].tolist() == [False, True]


def test_the_panels_stand_side_by_side() -> None:
    table = panels(sealed("spring", 2), replace(sealed("autumn", 2), departments=("Highways",)))
    assert table["people"].tolist() == [18, 18]
    assert table.loc["autumn", "departments"] == "Highways"


def test_one_workshop_twice_is_told_apart_by_its_number() -> None:
    assert {"spring (1)", "spring (2)"} < set(compare(sealed("spring", 2), sealed("spring", 3)).columns)


def test_drafts_are_compared_only_if_one_asks_for_it() -> None:
    draft = replace(sealed("draft", 2), sealed=False)
    with pytest.raises(RuleBroken, match="Not signed off yet: draft"):
        compare(sealed("spring", 2), draft)
    assert compare(sealed("spring", 2), draft, drafts=True)["draft"].tolist() == [2]
    with pytest.raises(RuleBroken, match="two workshops"):
        compare(sealed("spring", 2))


def test_benchmark_figures_come_from_a_file_and_none_is_invented(tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    file.write_text(f"code,score\n{theme_codes()[1]},3.4\n")
    table = compare(sealed("spring", 2, 3), sealed("autumn", 2, 3), benchmark=file)
    assert pd.isna(table["benchmark"].iloc[0])
    assert table["benchmark"].iloc[1] == 3.4
    assert table["to_benchmark"].iloc[1] == pytest.approx(-0.4)
    for text, why in (
        (f"code,score\n{theme_codes()[1]},x\n", "expected a number from 1 to 5"),
        (f"code,score\n{theme_codes()[1]},3\n{theme_codes()[1]},3\n", "stands in row 2 already"),
        ("code,score\nunknown,3\n", "no value code “unknown”"),
        ("a,b\n1,2\n", "expected the columns code and score, each once, found “a”, “b”"),
    ):
        file.write_text(text)
        with pytest.raises(BenchmarkFaults, match=why):
            compare(sealed("spring", 2, 3), sealed("autumn", 2, 3), benchmark=file)


def test_the_profile_shows_the_scores_of_an_earlier_workshop() -> None:
    chart = profile(sealed("autumn", 3, 3), earlier=sealed("spring", 2, 3))
    assert chart.alt.endswith("Since the earlier workshop: 1 higher, 0 lower, 1 the same.")


def test_a_workshop_that_was_really_signed_off_can_be_compared() -> None:
    workshop = workshop_of([*finished_theme(), WorkshopSealed(1, Words("Head of procurement"))])
    assert compare(workshop, workshop)["change"].dropna().tolist() == [0] * 12


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("King's Lynn & West Norfolk", "King\u2019s Lynn and West Norfolk"),
        ("Stoke-on-Trent City Council", "Stoke\u2013on\u2013Trent  city council"),
        ('The "Example" Council', "The \u201cExample\u201d Council"),
        ("Ynys M\u00f4n", "Ynys Mo\u0302n"),
        ("St. Helens", "St Helens"),
        ("Bath&North East Somerset", "Bath & North East Somerset"),
        ("King\u00b4s Lynn &amp; West Norfolk", "King\u2032s Lynn \uff06 West Norfolk"),
        ("Windsor + Maidenhead", "Windsor and Maidenhead"),
    ],
)
def test_a_council_is_the_same_however_its_name_was_typed(one: str, other: str) -> None:
    assert council_key(one) == council_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Kent", "Gwent"), ("Anglesey", "Angl\u00e9sey"), ("\u5317\u5e02", "\u5357\u5e02")]
)
def test_two_councils_are_two(one: str, other: str) -> None:
    assert council_key(one) != council_key(other)


def scored_with(workshop: Workshop, **changes: object) -> Workshop:
    """The same, scored with a rubric that is another in this."""
    return replace(workshop, rubric=replace(workshop.rubric, **changes))  # type: ignore[arg-type]


def on_more_levels(workshop: Workshop) -> Workshop:
    """The same with one level more at the end, in the rubric of the same id."""
    return scored_with(workshop, levels=(*workshop.rubric.levels, Level(6, "Beyond")))


ONE_LOWER = tuple(Level(value, f"Level {value}") for value in range(5))


@pytest.mark.parametrize(
    "of",
    [
        lambda one, other: make_report(one, earlier=other),
        lambda one, other: profile(one, earlier=other),
        progress,
        councils,
        compare,
    ],
)
@pytest.mark.parametrize("other", [on_more_levels, lambda one: scored_with(one, levels=ONE_LOWER)])
def test_scores_of_different_scales_are_compared_nowhere(
    of: Callable[[Workshop, Workshop], object], other: Callable[[Workshop], Workshop]
) -> None:
    with pytest.raises(RuleBroken, match=r"different scales cannot be compared: “.*” on levels"):
        of(sealed("autumn", 3, 3), other(sealed("spring", 2, 3)))


def test_in_another_rubric_only_what_says_the_same_is_compared() -> None:
    code = theme_codes()[1]
    before = scored_with(reworded(sealed("spring", 2, 2), code), id="ours", title="Our own")
    now = sealed("autumn", 3, 3)
    report = make_report(now, earlier=before)
    assert report.earlier
    assert "Its rubric was another one, “Our own”: scores stand side by side only where" in report.earlier.sentence
    assert "Of 1 score, 1 higher" in report.earlier.sentence
    assert [one.earlier and one.earlier.score for _, _, one in report.codes] == [2, None]
    assert compare(before, now)["change"].tolist() == [1, pd.NA]
    assert compare(before, now)["weakest"].tolist() == [2, pd.NA]
    assert progress(before, now).cells.rows[1][-2:] == ("–", "wording changed")
    assert [row[-1] for row in councils(before, now).cells.rows] == ["nothing", "wording changed"]
    assert profile(now, earlier=before).alt.endswith("Since the earlier workshop: 1 higher, 0 lower, 0 the same.")


@pytest.mark.parametrize(
    ("changes", "mark"),
    [
        ({"score_follows": "median"}, "scored by another rule"),
        ({"question": "How good are we?"}, "wording changed"),
        ({"levels": tuple(Level(value, f"Level {value}") for value in range(1, 6))}, "wording changed"),
    ],
)
def test_what_else_a_rubric_says_of_its_levels_is_marked(changes: dict[str, object], mark: str) -> None:
    before, now = scored_with(sealed("spring", 2), version="1", **changes), sealed("autumn", 3)
    report = make_report(now, earlier=before)
    assert report.earlier
    assert "The rubric has changed since then (version 1, now 2018" in report.earlier.sentence
    assert [one.earlier.changes for _, _, one in report.codes if one.earlier] == [mark]
    table = compare(before, now)
    assert bool(table["rule_changed"].iloc[0]) == ("score_follows" in changes)
    told = {"scored by another rule": "scores follow another rule"}.get(mark, mark)
    assert progress(before, now).cells.rows[0][-1] == told
