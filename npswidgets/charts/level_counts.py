"""How many value codes stand at each level, part by part: themes, or key areas."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from matplotlib.axes import Axes

from npswidgets.charts.chart import Chart, ChartTable
from npswidgets.charts.rows import SMALLER, LevelColumns, Sizes, draw_name, height_of
from npswidgets.charts.style import INK, QUIET, WIDTH, rule, sheet, wrap, write
from npswidgets.domain.scale import Scale

_SIZES = Sizes(text=8.5, line=10.5, row=15.0, dot=8.0)
_NAMES, _NONE, _NUMBER, _BAR = 170.0, 58.0, 14.0, 8.0
"""Points: the columns of the names and of what has no score, the room for a number, the height of a bar."""


@dataclass(frozen=True)
class PartRow:
    """A theme or key area.

    Attributes:
        counts: the value codes at each level, lowest first.
        unscored: those without a score, which apply to the council.
    """

    name: str
    counts: tuple[int, ...]
    unscored: int = 0
    theme: str = ""
    key_area: str = ""


def level_counts(rows: Sequence[PartRow], scale: Scale, title: str = "Scores by theme") -> Chart:
    """A row for each part in the order given: at each level a bar for its value codes, and their number."""
    unscored = any(row.unscored for row in rows)
    heights = [height_of(row, _NAMES, _SIZES) for row in rows]
    columns = LevelColumns(scale, _NAMES, (WIDTH - _NAMES - _NONE * unscored) / len(scale.levels), _SIZES)
    figure, axes = sheet(columns.head + sum(heights))
    columns.draw(axes, 0, lines=False)
    for at, text in enumerate(wrap("Not scored", _NONE, SMALLER * _SIZES.text) if unscored else ()):
        place = WIDTH - _NONE / 2, _SIZES.line * (0.6 + at)
        write(axes, *place, text, size=SMALLER * _SIZES.text, align="center")
    most = max((number for row in rows for number in row.counts), default=0) or 1
    for row, height, top in zip(rows, heights, accumulate(heights, initial=columns.head), strict=False):
        rule(axes, 0, WIDTH, top)
        _row(axes, row, top, height, columns, most)
        if unscored:
            write(axes, WIDTH - _NONE / 2, top + height / 2, str(row.unscored), size=_SIZES.text, align="center")
    return Chart(
        title, f"{title}. {_says(rows, scale)} {_alt(rows, scale)}", figure, _says(rows, scale), _table(rows, scale)
    )


def _row(axes: Axes, row: PartRow, top: float, height: float, columns: LevelColumns, most: int) -> None:
    draw_name(axes, row.name, top, _NAMES, _SIZES)
    y, longest = top + height / 2, columns.cell - _NUMBER - 6
    for level, number in zip(columns.scale.levels, row.counts, strict=True):
        left = columns.places[level.value] - columns.cell / 2 + 3
        length = longest * number / most
        if number:
            axes.barh([y], [length], _BAR, left, color=columns.scale.colour(level.value), zorder=2)
        colour = INK if number else QUIET
        write(axes, left + length + 3, y, str(number), size=_SIZES.text, bold=number > 0, colour=colour)


def _says(rows: Sequence[PartRow], scale: Scale) -> str:
    counts = [sum(column) for column in zip(*(row.counts for row in rows), strict=True)]
    if not any(counts):
        return "No value code has a score."
    at = max(range(len(counts)), key=lambda one: (counts[one], -one))
    return f"Most value codes, {counts[at]} of {sum(counts)}, are at level {scale.levels[at]}."


def _alt(rows: Sequence[PartRow], scale: Scale) -> str:
    said = []
    for row in rows:
        found = [f"{number} at {level}" for level, number in zip(scale.levels, row.counts, strict=True) if number]
        found += [f"{row.unscored} not scored"] if row.unscored else []
        said.append(f"{row.name}: {', '.join(found)}.")
    return " ".join(said)


def _table(rows: Sequence[PartRow], scale: Scale) -> ChartTable:
    head = ("Part", *(str(level) for level in scale.levels), "Not scored")
    found = tuple((row.name, *map(str, row.counts), str(row.unscored)) for row in rows)
    return ChartTable(head, found, texts=head[:1])
