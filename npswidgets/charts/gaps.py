"""How far scores are from their targets, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from matplotlib.axes import Axes

from npswidgets.charts.chart import Chart, ChartTable
from npswidgets.charts.profile import draw_target
from npswidgets.charts.rows import LARGE, SMALLER, LevelColumns, draw_name, height_of
from npswidgets.charts.style import INK, QUIET, WIDTH, mark, sheet, text_width, wrap, write
from npswidgets.domain.scale import Scale

_NAMES, _PRIORITY = 196.0, 52.0


@dataclass(frozen=True)
class GapRow:
    """A value code whose target is above its score; `priority` says how urgent it is."""

    key_area: str
    name: str
    score: int
    target: int
    priority: int
    theme: str = ""


def gap_ranking(rows: Sequence[GapRow], scale: Scale, title: str = "Largest gaps") -> Chart:
    """A row for each gap in the order given: a mark at the score, a hollow diamond at the target, a line between."""
    sizes = LARGE
    heights = [height_of(row, _NAMES, sizes) for row in rows]
    columns = LevelColumns(scale, _NAMES, (WIDTH - _NAMES - _PRIORITY) / len(scale.levels), sizes)
    bottom = columns.head + sum(heights)
    figure, axes = sheet(bottom + 2.4 * sizes.line)
    columns.draw(axes, bottom)
    for at, text in enumerate(wrap("Priority", _PRIORITY, SMALLER * sizes.text)):
        place = WIDTH - _PRIORITY / 2, sizes.line * (0.6 + at)
        write(axes, *place, text, size=SMALLER * sizes.text, align="center")
    for row, height, top in zip(rows, heights, accumulate(heights, initial=columns.head), strict=False):
        _row(axes, row, top, height, columns)
    _key(axes, bottom + 1.3 * sizes.line, scale.colours[1])
    return Chart(
        title, f"{title}. {_says(rows, scale)} {_alt(rows)}".strip(), figure, _says(rows, scale), _table(rows, scale)
    )


def _row(axes: Axes, row: GapRow, top: float, height: float, columns: LevelColumns) -> None:
    sizes, y = columns.sizes, top + height / 2
    start, end = columns.places[row.score], columns.places[row.target]
    draw_name(axes, row.name, top, _NAMES, sizes)
    axes.plot([start, end], [y, y], color=INK, linewidth=1.6, zorder=2, label=f"{row.name}: gap")
    mark(axes, start, y, "o", sizes.dot, colour=columns.scale.colour(row.score), zorder=3, label=row.name)
    draw_target(axes, end, y, sizes, f"{row.name}: target", inside="white")
    write(axes, start - 0.8 * sizes.dot, y, str(row.score), size=sizes.text, bold=True, align="right", on_white=True)
    write(axes, end + 1.0 * sizes.dot, y, str(row.target), size=sizes.text, bold=True, on_white=True)
    write(axes, WIDTH - _PRIORITY / 2, y, str(row.priority), size=sizes.text, align="center")


def _key(axes: Axes, y: float, colour: str) -> None:
    size = SMALLER * LARGE.text
    x = _NAMES + LARGE.dot
    mark(axes, x, y, "o", LARGE.dot, colour=colour, zorder=3)
    write(axes, x + LARGE.dot, y, "Agreed score", size=size, colour=QUIET)
    x += text_width("Agreed score", size) + 4 * LARGE.dot
    draw_target(axes, x, y, LARGE)
    write(axes, x + 1.2 * LARGE.dot, y, "Target", size=size, colour=QUIET)


def _says(rows: Sequence[GapRow], scale: Scale) -> str:
    if not rows:
        return "No target is above the agreed score."
    levels = max(row.target - row.score for row in rows)
    names = [row.name for row in rows if row.target - row.score == levels]
    away = scale.word.counted(levels)
    if len(names) > 3:
        return f"The largest gap is {away}, on {scale.words.topic_in_reports.counted(len(names))}."
    said = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"The largest gap is {away}: {said}."


def _alt(rows: Sequence[GapRow]) -> str:
    return " ".join(f"{row.name}: from {row.score} to {row.target}." for row in rows)


def _table(rows: Sequence[GapRow], scale: Scale) -> ChartTable:
    called = scale.words.key_area.head, scale.words.topic_in_reports.head
    head = (*called, "Agreed score", "Target", f"{scale.word.heads} between", "Priority")
    found = [
        (row.key_area, row.name, str(row.score), str(row.target), str(row.target - row.score), str(row.priority))
        for row in rows
    ]
    return ChartTable(head, tuple(found), texts=head[:2])
