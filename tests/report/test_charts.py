"""Charts, by the numbers in the artists; their alternative texts, by their words."""

import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from npswidgets.charts.cells import ink_on, shade
from npswidgets.charts.departments import DepartmentCounts, spread_by_department
from npswidgets.charts.gaps import GapRow, gap_ranking
from npswidgets.charts.heat_map import HeatRow, heat_map
from npswidgets.charts.profile import ProfileRow, profile
from npswidgets.charts.progress import ProgressRow, progress
from npswidgets.charts.radar import Spoke, radar
from npswidgets.charts.style import WIDTH, shorten, text_width, wrap
from npswidgets.charts.votes import RoundVotes, spread_of_votes
from npswidgets.domain.rubric_words import OF_2018
from npswidgets.domain.scale import Level, Scale
from npswidgets.store.rubric_files import load_rubric

NAMES = ("Minimum", "Developing", "Mature", "Leader", "Innovator")
LEVELS = tuple(Level(value, name) for value, name in enumerate(NAMES, start=1))
SCALE = Scale(LEVELS, words=OF_2018)
FIRST = RoundVotes("Vote in the room", (3, 4, 4, 4, 0), dont_know=2, not_my_role=1)
SECOND = RoundVotes("Second vote in the room", (1, 8, 5, 1, 0), dont_know=2, not_my_role=1)
REPORTING = ProfileRow("Engaging Councillors", "Reporting", 2)
CULTURE = ProfileRow("Working with partners", "Culture", 4)
HEAT = HeatRow("Engaging Councillors", "Reporting", (1, 8, 5, 1, 0), dont_know=2, score=2)
GAP = GapRow("Engaging Councillors", "Reporting", 2, 4, 8)
CARE = DepartmentCounts("Adult social care", (0, 2, 3, 0, 0))
FINANCE = DepartmentCounts("Finance and legal", (0, 0, 2, 4, 0))
SPOKES = (Spoke("Engaging Councillors", 2, 4), Spoke("Working with partners", 1), Spoke("Enablers", 3))
STEP = ProgressRow("Engaging Councillors", "Reporting", (1, 3))
SVG = "{http://www.w3.org/2000/svg}"


def axes_of(chart):
    return chart.figure.axes[0]


def texts(chart):
    return [text.get_text() for text in axes_of(chart).texts]


def dots(chart, label):
    (found,) = [dots for dots in axes_of(chart).collections if dots.get_label() == label]
    return found


def place(chart, label):
    """Where the mark of this label is."""
    ((x, y),) = lines(chart, label).get_xydata()
    return x, y


def height_of(chart, words):
    (found,) = [text.get_position()[1] for text in axes_of(chart).texts if text.get_text() == words]
    return found


def overlapping(chart):
    """Texts that lie over one another or reach out of the picture."""
    figure = chart.figure
    figure.draw_without_rendering()
    boxes = [(text.get_text(), text.get_window_extent()) for text in axes_of(chart).texts]
    page = figure.bbox.padded(1)
    outside = [text for text, box in boxes if box.x0 < page.x0 or box.x1 > page.x1 or box.y0 < page.y0]
    pairs = [(one, other) for at, one in enumerate(boxes) for other in boxes[at + 1 :]]
    return outside + [
        (one, other)
        for (one, box), (other, second) in pairs
        if min(box.x1, second.x1) - max(box.x0, second.x0) > 1 and min(box.y1, second.y1) - max(box.y0, second.y0) > 3
    ]


def scale_of(length, lowest=1):
    names = ("Lowest", "Fair", "Good", "Strong", "Very strong", "Leading", "Best there is")
    return Scale(tuple(Level(lowest + at, names[at % 7]) for at in range(length)))


@pytest.mark.parametrize(("length", "lowest"), [(3, 0), (3, 1), (4, 1), (7, 1)])
def test_a_chart_has_as_many_levels_as_the_scale_each_in_its_colour(length, lowest):
    scale = scale_of(length, lowest)
    counts = tuple(range(length))
    high, low = scale.highest, scale.lowest
    votes = spread_of_votes([RoundVotes("Vote in the room", counts)], scale)
    found = spread_by_department([DepartmentCounts("Care", counts)], scale)
    for level, count in zip(scale.levels, counts, strict=True):
        for chart, label in ((votes, f"Vote in the room: {level}"), (found, f"Care: {level}")):
            assert len(dots(chart, label).get_offsets()) == count
            assert not count or to_hex(dots(chart, label).get_facecolor()[0]) == scale.colour(level.value)
    agreed = profile([replace(REPORTING, score=value) for value in scale.values], scale)
    assert [
        to_hex(one.get_markerfacecolor()) for one in axes_of(agreed).lines if one.get_label() == "Reporting"
    ] == list(scale.colours)
    spokes = radar([Spoke("A", low, high), Spoke("B", high), Spoke("C", None)], scale)
    heat = heat_map([replace(HEAT, counts=counts, score=low)], scale)
    gaps = gap_ranking([replace(GAP, score=low, target=high)], scale)
    table = ("Engaging Councillors", "Reporting", *map(str, counts), "2", str(low))
    assert (heat.cells.rows, spokes.cells.rows[0]) == ((table,), ("A", str(low), str(high)))
    assert [chart for chart in (votes, found, agreed, spokes, heat, gaps) if overlapping(chart)] == []


def test_every_vote_is_a_dot_in_the_row_of_its_level():
    chart = spread_of_votes([FIRST, SECOND], SCALE, "Reporting")
    for one in (FIRST, SECOND):
        for level, count in zip(LEVELS, one.counts, strict=True):
            places = dots(chart, f"{one.name}: {level}").get_offsets()
            assert len(places) == count
            assert all(abs(y - height_of(chart, str(level))) < 17 for _, y in places)


def test_levels_run_from_the_top_down_with_number_and_name():
    chart = spread_of_votes([FIRST], SCALE)
    heights = [height_of(chart, f"{value} {name}") for value, name in enumerate(NAMES, start=1)]
    assert heights == sorted(heights)
    assert axes_of(chart).yaxis_inverted()


def test_the_number_of_votes_stands_in_each_row():
    assert [text for text in texts(spread_of_votes([FIRST], SCALE)) if text.isdigit()] == ["3", "4", "4", "4", "0"]


def test_the_last_vote_is_dots_and_those_before_are_rings():
    chart = spread_of_votes([FIRST, SECOND], SCALE)
    ring, dot = dots(chart, "Vote in the room: 2 Developing"), dots(chart, "Second vote in the room: 2 Developing")
    assert tuple(ring.get_facecolor()[0]) == (1, 1, 1, 1)
    assert tuple(dot.get_facecolor()[0]) == tuple(dot.get_edgecolor()[0]) == tuple(ring.get_edgecolor()[0])


def test_other_answers_are_said_below_and_only_if_there_are_any():
    assert texts(spread_of_votes([FIRST], SCALE))[-3:] == ["15 votes", "2 don't know", "1 not part of their role"]
    assert texts(spread_of_votes([RoundVotes("Vote in the room", (0, 1, 0, 0, 0))], SCALE))[-1] == "1 vote"


def test_the_words_of_a_spread_say_what_the_dots_say():
    assert spread_of_votes([FIRST, SECOND], SCALE, "Reporting").alt == (
        "Votes on Reporting. Vote in the room: 15 votes, 3 at 1 Minimum, 4 at 2 Developing, 4 at 3 Mature, "
        "4 at 4 Leader; 2 don't know; 1 not part of their role. Second vote in the room: 15 votes, 1 at 1 Minimum, "
        "8 at 2 Developing, "
        "5 at 3 Mature, 1 at 4 Leader; 2 don't know; 1 not part of their role."
    )


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(0, 40), min_size=5, max_size=5), min_size=1, max_size=4))
def test_dots_stay_in_their_own_column_and_row(rounds):
    chart = spread_of_votes([RoundVotes(f"Vote {at}", counts) for at, counts in enumerate(rounds)], SCALE)
    starts = [text.get_position()[0] for text in axes_of(chart).texts if text.get_text().startswith("Vote ")]
    ends = [*starts[1:], WIDTH]
    for at, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for level in LEVELS:
            middle = height_of(chart, str(level))
            places = dots(chart, f"Vote {at}: {level}").get_offsets()
            assert all(start < x < end - 24 and abs(y - middle) < 17 for x, y in places)
            assert len({tuple(place) for place in places.tolist()}) == len(places)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_words_of_a_spread_do_not_overlap(number):
    names = ("First scores", "Vote in the room", "Second vote in the room", "A third vote in the room of a long name")
    rounds = [RoundVotes(name, (3, 0, 30, 12, 1), dont_know=12, not_my_role=11) for name in names[:number]]
    assert not overlapping(spread_of_votes(rounds, SCALE))


def test_each_score_is_marked_at_its_level_with_its_number():
    chart = profile([REPORTING, CULTURE], SCALE)
    scale = {text.get_text(): text.get_position()[0] for text in axes_of(chart).texts if text.get_text() in NAMES}
    for row, name in ((REPORTING, "Developing"), (CULTURE, "Leader")):
        assert place(chart, row.name) == pytest.approx((scale[name], height_of(chart, row.name)))
    assert list(scale) == list(NAMES)
    assert texts(chart).count("2") == texts(chart).count("4") == 2


def test_what_has_no_score_is_said_in_words():
    rows = [REPORTING, ProfileRow("A", "Culture", None), ProfileRow("A", "Ships", None, "(not applicable: no sea)")]
    chart = profile(rows, SCALE)
    assert [line.get_label() for line in axes_of(chart).lines if line.get_marker() != "None"] == ["Reporting"]
    assert height_of(chart, "(not scored)") == height_of(chart, "Culture")
    assert height_of(chart, "(not applicable: no sea)") == height_of(chart, "Ships")


def test_value_codes_stand_under_their_key_area():
    chart = profile([REPORTING, ProfileRow("Engaging Councillors", "Champions", 1), CULTURE], SCALE)
    words = [text for text in texts(chart) if len(text) > 1 and text not in NAMES]
    assert words == ["Engaging Councillors", "Reporting", "Champions", "Working with partners", "Culture"]


def test_themes_are_named_only_if_there_are_several():
    one = ProfileRow("Engaging Councillors", "Reporting", 2, theme="Showing leadership")
    other = ProfileRow("Enablers", "Embedding change", 3, theme="Enablers")
    assert "Showing leadership" not in texts(profile([one], SCALE))
    both = texts(profile([one, other], SCALE))
    assert both.count("Showing leadership") == both.count("Enablers") == 1


def test_the_words_of_a_profile_count_the_scores_and_name_the_lowest():
    rows = [REPORTING, CULTURE, ProfileRow("Working with partners", "Staff", None)]
    assert profile(rows, SCALE, "Showing leadership").alt == (
        "Showing leadership: 3 value codes, 1 at 2 Developing, 1 at 4 Leader, 1 without a score. "
        "Lowest, at 2: Reporting."
    )


def lines(chart, label):
    (found,) = [line for line in axes_of(chart).lines if line.get_label() == label]
    return found


def test_a_target_and_an_earlier_score_stand_in_the_row_with_a_key():
    chart = profile([replace(REPORTING, target=4, earlier=1), CULTURE], SCALE)
    score_x, score_y = place(chart, "Reporting")
    culture_x, _ = place(chart, "Culture")
    assert place(chart, "Reporting: target") == (culture_x, score_y)
    assert lines(chart, "Reporting: earlier").get_xdata()[0] < score_x
    assert {"Target", "Earlier workshop"} < set(texts(chart))
    assert not overlapping(chart)


def test_without_targets_there_is_no_key():
    assert not {"Target", "Earlier workshop"} & set(texts(profile([REPORTING], SCALE)))


def test_the_words_of_a_profile_say_how_far_targets_and_earlier_scores_are():
    rows = [replace(REPORTING, target=4, earlier=1), replace(CULTURE, target=4, earlier=4)]
    assert profile(rows, SCALE).alt.endswith(
        "Targets: 2, 1 of them above the score. Since the earlier workshop: 1 higher, 0 lower, 1 the same."
    )


def test_a_profile_of_nothing_is_the_scale_alone():
    chart = profile([], SCALE)
    assert chart.alt == "Agreed scores: no value codes."
    assert all(line.get_marker() == "None" for line in axes_of(chart).lines)


def test_a_profile_never_speaks_of_an_average():
    chart = profile([REPORTING, CULTURE], SCALE)
    assert "3" not in texts(chart)[10:]
    assert "average" not in chart.alt


def many(number):
    return [
        ProfileRow(f"Area {at // 6}", f"A value code with a rather long name, the {at}th", at % 5 + 1)
        for at in range(number)
    ]


@pytest.mark.parametrize("number", [13, 25, 59])
def test_the_words_of_a_profile_do_not_overlap(number):
    rows = [*many(number - 1), ProfileRow("An area whose name " * 9, "A name of many words " * 9, None, "(why " * 40)]
    assert not overlapping(profile(rows, SCALE))


def test_the_whole_diagnostic_fits_a_page_of_a4():
    rubric = load_rubric("nps-2018")
    rows = [
        ProfileRow(rubric.key_area_of(code.id).name, code.display_name, 3, theme=rubric.theme_of(code.id).name)
        for code in rubric.value_codes.values()
    ]
    chart = profile(rows, SCALE)
    _, height = chart.figure.get_size_inches() * 2.54
    assert len(rows) == 59
    assert height < 29.7 - 2 * 1.8
    assert not overlapping(chart)


CHARTS = pytest.mark.parametrize(
    "draw",
    [
        lambda: spread_of_votes([FIRST, SECOND], SCALE, "Reporting"),
        lambda: profile([REPORTING, CULTURE], SCALE),
        lambda: heat_map([HEAT], SCALE),
        lambda: gap_ranking([GAP], SCALE),
        lambda: spread_by_department([CARE, FINANCE], SCALE, "Reporting"),
        lambda: radar(SPOKES, SCALE),
        lambda: progress([STEP], ["March 2025", "March 2026"], [SCALE] * 2),
    ],
    ids=["spread of votes", "profile", "heat map", "gaps", "departments", "radar", "progress"],
)


MOVED = replace(SECOND, moves=((1, 2, 2), (4, 2, 2), (4, 3, 1)))


def test_who_moved_is_a_line_from_level_to_level_and_words_below():
    chart = spread_of_votes([FIRST, MOVED], SCALE)
    moves = [line for line in axes_of(chart).lines if line.get_label() == "Second vote in the room: moved"]
    ends = [tuple(line.get_ydata()) for line in moves]
    heights = {level.value: height_of(chart, str(level)) for level in LEVELS}
    assert ends == [(heights[before], heights[after]) for before, after, _ in MOVED.moves]
    assert moves[0].get_linewidth() == moves[1].get_linewidth() > moves[2].get_linewidth()
    assert texts(chart)[-2:] == ["3 to a lower level", "2 to a higher level"]
    assert chart.says == (
        "Vote in the room: wide spread: from 1 to 4; then 3 to a lower level and 2 to a higher level. "
        "Second vote in the room: a few see it differently: most at 2 and 3, 1 at 4."
    )
    assert not overlapping(chart)


def cells(chart, label="cells"):
    """The middles of the cells of a chart, and their colours."""
    drawn = next(found for found in axes_of(chart).collections if found.get_label() == label)
    middles = [tuple((path.vertices.min(axis=0) + path.vertices.max(axis=0)) / 2) for path in drawn.get_paths()]
    return middles, [tuple(colour) for colour in drawn.get_facecolor()]


def test_a_heat_map_has_a_cell_for_each_level_that_somebody_chose_and_frames_the_score():
    chart = heat_map([HEAT], SCALE)
    scale = {text.get_text(): text.get_position()[0] for text in axes_of(chart).texts if text.get_text() in NAMES}
    middles, colours = cells(chart)
    assert [x for x, _ in middles] == pytest.approx([scale[name] for name in NAMES[:4]])
    assert [y for _, y in middles] == pytest.approx([height_of(chart, "Reporting")] * 4)
    assert colours.index(min(colours)) == 1, "the fullest is the darkest"
    (frame,), _ = cells(chart, "frames")
    assert frame == pytest.approx((scale["Developing"], height_of(chart, "Reporting")))
    assert chart.says == "The last votes on 1 value code: 1 where a few see it differently."
    assert chart.cells.rows == (("Engaging Councillors", "Reporting", "1", "8", "5", "1", "0", "2", "2"),)


def test_a_number_can_be_read_on_every_shade():
    def light(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for colour in SCALE.colours:
        for share in range(101):
            fill = shade(colour, share / 100)
            high, low = sorted((light(fill), light(ink_on(fill))), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5


def test_a_gap_goes_from_the_score_to_the_target():
    chart = gap_ranking([GAP, replace(GAP, name="Culture", score=3, priority=3)], SCALE)
    start, _ = place(chart, "Reporting")
    end, _ = place(chart, "Reporting: target")
    assert tuple(lines(chart, "Reporting: gap").get_xdata()) == (start, end)
    assert chart.says == "The largest gap is 2 levels: Reporting."
    assert [row[-2:] for row in chart.cells.rows] == [("2", "8"), ("1", "3")]


def test_a_department_has_a_row_with_a_dot_for_each_vote():
    chart = spread_by_department([CARE, FINANCE], SCALE, "Reporting")
    for row in (CARE, FINANCE):
        assert [len(dots(chart, f"{row.name}: {level}").get_offsets()) for level in LEVELS] == list(row.counts)
    assert chart.says == (
        "The middle vote is lowest, at 3, in Adult social care, and highest, at 4, in Finance and legal."
    )
    assert [row[0] for row in chart.cells.rows] == ["Adult social care", "Finance and legal"]


def test_a_radar_shows_the_weakest_score_and_no_average():
    chart = radar(SPOKES, SCALE)
    marks = [found for found in axes_of(chart).collections if found.get_label() == "lowest"]
    middle = (WIDTH / 2, 114 + 44)
    reach = [((x - middle[0]) ** 2 + (y - middle[1]) ** 2) ** 0.5 for one in marks for x, y in one.get_offsets()]
    assert reach == pytest.approx([114 * level / 5 for level in (2, 1, 3)])
    assert chart.says == "The weakest value code is at level 1 Minimum in Working with partners."
    with pytest.raises(ValueError, match="3 key areas or more"):
        radar(SPOKES[:2], SCALE)


def test_progress_shows_each_score_and_says_what_became_of_it():
    rows = [
        STEP,
        replace(STEP, name="Culture", scores=(2, None), changes=("wording changed",)),
        replace(STEP, name="A", scores=(4, 3)),
    ]
    chart = progress(rows, ["March 2025", "March 2026"], [SCALE] * 2)
    middles, colours = cells(chart)
    names = ("Reporting", "Reporting", "Culture *", "A", "A")
    assert [y for _, y in middles] == pytest.approx([height_of(chart, name) for name in names])
    assert colours[0] != colours[1]
    star = "* Compare with care: wording changed"
    assert {"2 higher", "1 lower", "Culture *", star} < set(texts(chart))
    assert chart.says == "From the first workshop to the last, 1 of 2 scores are higher, 1 lower and 0 the same."
    assert [row[-2:] for row in chart.cells.rows] == [
        ("2 higher", "nothing"),
        ("–", "wording changed"),
        ("1 lower", "nothing"),
    ]


LONG = "A name of many words that goes on and on"
WORKSHOPS = [f"{LONG}, 18 people"] * 6
CROWDED = {
    "heat map": lambda: heat_map([replace(HEAT, name=f"{LONG} {at}", counts=(10,) * 5) for at in range(8)], SCALE),
    "gaps": lambda: gap_ranking([replace(GAP, name=f"{LONG} {at}", score=1, target=5) for at in range(8)], SCALE),
    "departments": lambda: spread_by_department(
        [DepartmentCounts(f"{LONG} {at}", (40, 0, 12, 1, 40)) for at in range(4)], SCALE
    ),
    "radar": lambda: radar([Spoke(f"{LONG} {at}", at % 5 + 1, 5) for at in range(11)], SCALE),
    "progress": lambda: progress(
        [replace(STEP, name=f"{LONG} {at}", scores=(1,) * 6) for at in range(8)], WORKSHOPS, [SCALE] * 6
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CROWDED)
def test_no_words_overlap_however_many_there_are(name):
    assert not overlapping(CROWDED[name]())


@CHARTS
def test_the_sentence_and_the_table_stand_with_the_picture(draw):
    chart = draw()
    assert chart.says.endswith(".")
    assert {len(row) for row in chart.cells.rows} == {len(chart.cells.head)}
    assert chart.says in chart._repr_html_()


@CHARTS
def test_a_chart_is_the_same_bytes_each_time(draw):
    one, other = draw(), draw()
    assert one.svg() == one.svg() == other.svg()
    assert one.png() == other.png()
    assert one.png().startswith(b"\x89PNG")


@CHARTS
def test_the_svg_says_what_it_shows_and_needs_nothing_else(draw):
    chart = draw()
    root = ElementTree.fromstring(chart.svg())
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert (title.text, title.get("id")) == (chart.title, root.get("aria-labelledby"))
    assert (desc.text, desc.get("id")) == (chart.alt, root.get("aria-describedby"))
    assert not [one.tag for one in root.iter() if one.tag in (f"{SVG}text", f"{SVG}image", f"{SVG}style")]


def test_charts_on_one_page_share_no_id():
    drawings = [spread_of_votes([FIRST], SCALE, topic).svg() for topic in ("Reporting", "Culture")]
    one, other = ({found.get("id") for found in ElementTree.fromstring(svg).iter()} - {None} for svg in drawings)
    assert one
    assert not one & other


def test_words_that_people_typed_are_only_words():
    typed = 'Costs $5 & <b>$6</b> -- "\u5bfa" \x07\n\U0001f9ff'
    chart = profile([ProfileRow(typed, typed, 3), ProfileRow("A", "B", None, typed)], SCALE, typed)
    ElementTree.fromstring(chart.svg())
    assert 'Costs $5 & <b>$6</b> -- "\ufffd" \ufffd \ufffd' in texts(chart)


def test_letters_are_outlines_or_text_in_the_same_font():
    chart = profile([ProfileRow("Area", "Reporting", 2)], SCALE)
    assert "<text" not in chart.svg()
    drawn = ElementTree.fromstring(chart.svg("text"))
    (name,) = [part for part in drawn.iter("{http://www.w3.org/2000/svg}text") if part.text == "Reporting"]
    assert "font-family: 'DejaVu Sans', sans-serif" in name.get("style")


@given(st.text(max_size=80), st.integers(30, 200))
def test_wrapped_lines_fit_and_lose_no_short_word(text, width):
    lines = wrap(text, width, 10)
    assert all(text_width(line, 10) <= width for line in lines)
    if not any("…" in line for line in lines):
        assert " ".join(lines) == " ".join(text.split())


def test_a_text_that_fits_is_not_shortened():
    assert shorten("Reporting", 200, 10) == "Reporting"
    assert shorten("Reporting", 30, 10).endswith("…")


def test_a_text_of_ten_thousand_letters_is_cut_where_it_no_longer_fits():
    cut = shorten("x" * 10_000, 100, 10)
    assert text_width(cut, 10) <= 100 < text_width(f"x{cut}", 10)
    assert shorten("x", 1, 10) == "…"


def test_charts_work_without_pyplot():
    program = "import sys, npswidgets.charts; print('matplotlib.pyplot' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "False\n"
    )
