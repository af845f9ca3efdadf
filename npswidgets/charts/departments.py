"""How departments see one value code. Which of them may be shown is decided by who calls: `domain.departments`."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from matplotlib.axes import Axes

from npswidgets.charts.chart import Chart, ChartTable
from npswidgets.charts.rows import LARGE, LevelColumns
from npswidgets.charts.style import QUIET, WIDTH, rule, sheet, wrap, write
from npswidgets.domain.scale import Scale
from npswidgets.domain.statistics import low_median

_NAMES, _MIDDLE, _AIR = 138.0, 46.0, 10.0
_PITCH, _COUNT = 6.8, 22.0


@dataclass(frozen=True)
class DepartmentCounts:
    """A department and how many of it chose each level, lowest first; one vote or more."""

    name: str
    counts: Sequence[int]


def spread_by_department(rows: Sequence[DepartmentCounts], scale: Scale, topic: str = "") -> Chart:
    """A row for each department, a dot for each vote in the column of its level, the number of them beside.

    The middle vote stands at the right; the lower one where two stand in the middle.
    """
    sizes = LARGE
    columns = LevelColumns(scale, _NAMES, (WIDTH - _NAMES - _MIDDLE) / len(scale.levels), sizes)
    per_line = max(1, int((columns.cell - _COUNT) / _PITCH))
    heights = [_height(row, per_line) for row in rows]
    figure, axes = sheet(columns.head + sum(heights) + 2)
    columns.draw(axes, columns.head + sum(heights), lines=False)
    for at, text in enumerate(wrap("Middle vote", _MIDDLE - 6, 7.6)):
        write(axes, WIDTH - _MIDDLE / 2, sizes.line * (0.6 + at), text, size=7.6, align="center")
    top = columns.head
    for row, height in zip(rows, heights, strict=True):
        rule(axes, 0, WIDTH, top)
        _row(axes, row, top + height / 2, columns, per_line)
        top += height
    title = f"Votes on {topic} by department" if topic else "Votes by department"
    return Chart(title, f"{title}. {_alt(rows, scale)}", figure, _says(rows, scale), _table(rows, scale))


def _height(row: DepartmentCounts, per_line: int) -> float:
    lines = len(wrap(row.name, _NAMES - _AIR, LARGE.text))
    return max(LARGE.line * lines, _PITCH * ceil(max(row.counts) / per_line)) + 1.2 * LARGE.line


def _row(axes: Axes, row: DepartmentCounts, y: float, columns: LevelColumns, per_line: int) -> None:
    sizes = columns.sizes
    names = wrap(row.name, _NAMES - _AIR, sizes.text)
    for at, name in enumerate(names):
        write(axes, 0, y + sizes.line * (at - (len(names) - 1) / 2), name, size=sizes.text)
    for level, count in zip(columns.scale.levels, row.counts, strict=True):
        left = columns.places[level.value] - columns.cell / 2 + 2
        lines = ceil(count / per_line)
        across = min(count, per_line)
        axes.scatter(
            [left + _PITCH * (dot % per_line + 0.5) for dot in range(count)],
            [y + _PITCH * (dot // per_line - (lines - 1) / 2) for dot in range(count)],
            s=(0.78 * _PITCH) ** 2,
            color=columns.scale.colour(level.value),
            linewidth=0,
            label=f"{row.name}: {level}",
        )
        if count:
            write(axes, left + _PITCH * across + 3, y, str(count), size=sizes.text, bold=True)
    write(
        axes,
        WIDTH - _MIDDLE / 2,
        y,
        str(low_median(row.counts, columns.scale.lowest)),
        size=sizes.text,
        bold=True,
        align="center",
    )
    if not any(row.counts):
        write(axes, _NAMES, y, "(no votes)", size=sizes.text, colour=QUIET)


def _says(rows: Sequence[DepartmentCounts], scale: Scale) -> str:
    found = {row.name: low_median(row.counts, scale.lowest) for row in rows}
    middles = {name: middle for name, middle in found.items() if middle is not None}
    if not middles:
        return "No department may be shown."
    lowest, highest = min(middles.values()), max(middles.values())
    if lowest == highest:
        return f"The middle vote is {lowest} in all of them."
    low = [name for name, middle in middles.items() if middle == lowest]
    high = [name for name, middle in middles.items() if middle == highest]
    return f"The middle vote is lowest, at {lowest}, in {_and(low)}, and highest, at {highest}, in {_and(high)}."


def _and(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _alt(rows: Sequence[DepartmentCounts], scale: Scale) -> str:
    return " ".join([_says(rows, scale), *(f"{row.name}: {', '.join(_cast(row, scale))}." for row in rows)])


def _cast(row: DepartmentCounts, scale: Scale) -> list[str]:
    return [f"{count} at {level}" for level, count in zip(scale.levels, row.counts, strict=True) if count]


def _table(rows: Sequence[DepartmentCounts], scale: Scale) -> ChartTable:
    head = ("Department or role", *map(str, scale.levels), "Middle vote")
    found = tuple((row.name, *map(str, row.counts), str(low_median(row.counts, scale.lowest))) for row in rows)
    return ChartTable(head, found, texts=head[:1])
