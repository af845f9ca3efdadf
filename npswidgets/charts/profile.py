"""The agreed scores, value code by value code: never an average."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from matplotlib.axes import Axes

from npswidgets.charts.chart import Chart, ChartTable
from npswidgets.charts.rows import (
    SMALLER,
    GroupHeading,
    LevelColumns,
    Sizes,
    draw_heading,
    draw_name,
    height_of,
    sizes_for,
    with_headings,
)
from npswidgets.charts.style import INK, QUIET, WIDTH, mark, sheet, shorten, text_width, write
from npswidgets.domain.scale import Scale

_NAMES = 214.0
_EARLIER = "Earlier workshop"
_BENCHMARK = "Benchmark"
_STAR = "*"


@dataclass(frozen=True)
class ProfileRow:
    """One value code. Rows of a key area, and key areas of a theme, follow one another.

    Attributes:
        score: None if it has none.
        note: stands in place of a score: "(not scored)", "(not applicable: ...)".
        target: the level to reach; None if none was set.
        earlier: the score of an earlier workshop; None if it had none.
        changed: to be compared with care, as wording or panel were not the same then; a star marks it.
        benchmark: the figure of a benchmark, on the scale of the scores; shown beside a score alone.
    """

    key_area: str
    name: str
    score: int | None
    note: str = "(not scored)"
    theme: str = ""
    target: int | None = None
    earlier: int | None = None
    changed: bool = False
    benchmark: float | None = None

    @property
    def benchmark_shown(self) -> float | None:
        """None until a score is agreed on: before that it would lead the room."""
        return None if self.score is None else self.benchmark


def profile(rows: Sequence[ProfileRow], scale: Scale, title: str = "Agreed scores") -> Chart:
    """A row for each value code with a mark at its score, grouped by key area, and by theme if there are several.

    A hollow diamond is a target, an upright stroke the score of an earlier workshop, a small triangle a
    benchmark; a key below says so.

    More than 30 value codes are set closer and smaller, so that all 59 of the diagnostic fill one page of A4. A long
    name takes two lines or more; a long note is cut, for its full text stands in the report beside it.

    Args:
        rows: in the order to show; none gives a picture of the scale alone.
        scale: of the rubric.
        title: names what it is of, for the words.
    """
    sizes = sizes_for(rows)
    lines = list(with_headings(rows))
    heights = [height_of(line, _NAMES, sizes) for line in lines]
    columns = LevelColumns(scale, _NAMES, (WIDTH - _NAMES) / len(scale.levels), sizes)
    bottom = columns.head + sum(heights)
    keys = _keys(rows)
    figure, axes = sheet(bottom + sizes.text / 2 + (2 * sizes.line if keys else 0))
    columns.draw(axes, bottom)
    for line, height, top in zip(lines, heights, accumulate(heights, initial=columns.head), strict=False):
        if isinstance(line, GroupHeading):
            draw_heading(axes, line, top, sizes)
        else:
            _row(axes, line, top, height, columns)
    _draw_keys(axes, keys, bottom + 1.3 * sizes.line, sizes)
    if any(row.changed and row.earlier is not None for row in rows):
        said = f"{_STAR} With care: other wording, rule or people then"
        write(axes, 0, bottom + 1.3 * sizes.line, said, size=SMALLER * sizes.text, colour=QUIET)
    return Chart(title, _alt(rows, scale, title), figure, _says(rows, scale), _table(rows, scale))


def _row(axes: Axes, row: ProfileRow, top: float, height: float, columns: LevelColumns) -> None:
    places, sizes = columns.places, columns.sizes
    draw_name(axes, row.name, top, _NAMES, sizes)
    y = top + height / 2
    start = min(places.values())
    if row.score is None:
        note = shorten(row.note, WIDTH - start, sizes.text)
        write(axes, start - 4, y, note, size=sizes.text, colour=QUIET, on_white=True)
    else:
        draw_score(axes, row.name, row.score, (start, places[row.score]), y, columns)
    if row.earlier is not None:
        _draw_earlier(axes, places[row.earlier], y, sizes, f"{row.name}: earlier")
        if row.changed:
            write(axes, start - sizes.dot, y, _STAR, size=sizes.text, colour=QUIET, align="right")
    if row.benchmark_shown is not None:
        draw_benchmark(axes, columns.place_of(row.benchmark_shown), y, sizes, f"{row.name}: benchmark")
    if row.target is not None:
        draw_target(axes, places[row.target], y, sizes, f"{row.name}: target")


def draw_target(axes: Axes, x: float, y: float, sizes: Sizes, label: str = "", inside: str = "none") -> None:
    """A hollow diamond; `inside` hides what is behind it."""
    mark(axes, x, y, "D", sizes.dot, colour=inside, edge=INK, zorder=4, label=label)


def draw_benchmark(axes: Axes, x: float, y: float, sizes: Sizes, label: str = "") -> None:
    """A small triangle that points up to the line of the score."""
    mark(axes, x, y + 0.45 * sizes.dot, "^", 0.7 * sizes.dot, colour="white", edge=INK, zorder=5, label=label)


def _draw_earlier(axes: Axes, x: float, y: float, sizes: Sizes, label: str = "") -> None:
    half = 0.8 * sizes.dot
    axes.plot([x, x], [y - half, y + half], color=INK, linewidth=1.6, zorder=2, label=label)


def _keys(rows: Sequence[ProfileRow]) -> list[str]:
    """Which marks besides the scores there are."""
    targets = any(row.target is not None for row in rows)
    earlier = any(row.earlier is not None for row in rows)
    benchmark = any(row.benchmark_shown is not None for row in rows)
    return [name for name, there in (("Target", targets), (_EARLIER, earlier), (_BENCHMARK, benchmark)) if there]


def _draw_keys(axes: Axes, keys: Sequence[str], y: float, sizes: Sizes) -> None:
    x = _NAMES + sizes.dot
    marks = {"Target": draw_target, _EARLIER: _draw_earlier, _BENCHMARK: draw_benchmark}
    for key in keys:
        marks[key](axes, x, y, sizes)
        write(axes, x + 1.3 * sizes.dot, y, key, size=SMALLER * sizes.text, colour=QUIET)
        x += text_width(key, SMALLER * sizes.text) + 5 * sizes.dot


def draw_score(axes: Axes, name: str, score: int, ends: tuple[float, float], y: float, columns: LevelColumns) -> None:
    """A line from the scale's start to the score's place, a mark and the number."""
    start, x = ends
    colour, sizes = columns.scale.colour(score), columns.sizes
    axes.plot([start, x], [y, y], color=colour, linewidth=0.3 * sizes.dot, solid_capstyle="round")
    mark(axes, x, y, "o", sizes.dot, colour=colour, zorder=3, label=name)
    write(axes, x + 0.8 * sizes.dot, y, str(score), size=sizes.text, bold=True)


def _says(rows: Sequence[ProfileRow], scale: Scale) -> str:
    """What a reader should see first."""
    scores = [row.score for row in rows if row.score is not None]
    if not scores:
        return f"No {scale.words.topic_in_reports.one} has a score yet."
    lowest, highest = min(scores), max(scores)
    names = {level.value: str(level) for level in scale.levels}
    if lowest == highest:
        every = "Both" if len(scores) == 2 else f"All {len(scores)}"
        return (
            f"{every} scores are at {scale.word.one} {names[lowest]}." if len(scores) > 1 else f"The score is {lowest}."
        )
    low = scores.count(lowest)
    return (
        f"The {len(scores)} scores go from {names[lowest]} to {names[highest]}; "
        f"{low} {'is' if low == 1 else 'are'} at the lowest of these {scale.word.many}."
    )


def _beside(row: ProfileRow) -> tuple[tuple[str, float | None], ...]:
    return (("Target", row.target), (_EARLIER, row.earlier), (_BENCHMARK, row.benchmark_shown))


def _table(rows: Sequence[ProfileRow], scale: Scale) -> ChartTable:
    """With columns for targets, earlier scores and a benchmark where there are any."""
    there = _keys(rows)
    head = (scale.words.key_area.head, scale.words.topic_in_reports.head, "Agreed score", *there)
    given = [
        (
            row.key_area,
            row.name,
            row.note if row.score is None else str(row.score),
            *("" if value is None else f"{value:g}" for key, value in _beside(row) if key in there),
        )
        for row in rows
    ]
    return ChartTable(head, tuple(given), texts=head[:2], figures=(_BENCHMARK,))


def _alt(rows: Sequence[ProfileRow], scale: Scale, title: str) -> str:
    """How many value codes have which score, and which ones the lowest if they are few."""
    if not rows:
        return f"{title}: no {scale.words.topic_in_reports.many}."
    scores = Counter(row.score for row in rows)
    said = [f"{scores[level.value]} at {level}" for level in scale.levels if scores[level.value]]
    said += [f"{scores[None]} without a score"] if scores[None] else []
    codes = scale.words.topic_in_reports.counted(len(rows))
    return " ".join([f"{title}: {codes}, {', '.join(said)}.", *_lowest(rows), *_compared(rows)])


def _compared(rows: Sequence[ProfileRow]) -> Iterator[str]:
    """How the scores stand to targets, and to an earlier workshop."""
    aims = [(row.score, row.target) for row in rows if row.target is not None]
    if aims:
        above = sum(score is None or score < target for score, target in aims)
        yield f"Targets: {len(aims)}, {above} of them above the score."
    others = [(row.score, row.benchmark_shown) for row in rows if row.score and row.benchmark_shown is not None]
    if others:
        above, below = (sum(one > other for one, other in others), sum(one < other for one, other in others))
        yield f"Beside a benchmark: {above} higher, {below} lower, {len(others) - above - below} the same."
    steps = [row.score - row.earlier for row in rows if row.score is not None and row.earlier is not None]
    if steps:
        higher, lower = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
        yield f"Since the earlier workshop: {higher} higher, {lower} lower, {len(steps) - higher - lower} the same."


def _lowest(rows: Sequence[ProfileRow]) -> list[str]:
    lowest = min((row.score for row in rows if row.score is not None), default=None)
    names = [row.name for row in rows if row.score == lowest]
    return [f"Lowest, at {lowest}: {', '.join(names)}."] if lowest is not None and len(names) <= 3 else []
