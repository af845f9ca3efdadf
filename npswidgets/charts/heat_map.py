"""All votes at a glance: how many people chose each level of each value code, and what was agreed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from matplotlib.axes import Axes

from npswidgets.charts.cells import Cell, draw_cells, draw_frames, shade
from npswidgets.charts.chart import Chart, ChartTable
from npswidgets.charts.rows import (
    SMALLER,
    GroupHeading,
    LevelColumns,
    draw_heading,
    draw_name,
    height_of,
    number,
    sizes_for,
    with_headings,
)
from npswidgets.charts.style import QUIET, WIDTH, sheet, text_width, wrap, write
from npswidgets.domain.scale import Scale
from npswidgets.domain.verdict import Kind, verdict

_NAMES, _LEVELS, _OTHER = 196.0, 210.0, 46.0
_UNSURE = "Don't know"
_KINDS: dict[Kind, str] = {
    "close": "close together",
    "a_few": "where a few see it differently",
    "wide": "widely spread",
    "too_few": "with too few votes to say",
}


@dataclass(frozen=True)
class HeatRow:
    """The last vote on a value code: how many chose each level, lowest first, and what was agreed, if anything was."""

    key_area: str
    name: str
    counts: Sequence[int]
    dont_know: int = 0
    score: int | None = None
    theme: str = ""


def heat_map(rows: Sequence[HeatRow], scale: Scale, title: str = "All votes at a glance") -> Chart:
    """A row for each value code, a cell for each level: the more of the votes, the darker; the number stands in it.

    A frame marks the agreed score. People who do not know stand apart, at the right. Rows of a key area, and key areas
    of a theme, follow one another; all 59 of the diagnostic fit one page of A4.
    """
    sizes = sizes_for(rows)
    lines = list(with_headings(rows))
    heights = [height_of(line, _NAMES, sizes) for line in lines]
    columns = LevelColumns(scale, _NAMES, _LEVELS / len(scale.levels), sizes)
    bottom = columns.head + sum(heights)
    figure, axes = sheet(bottom + 3 * sizes.line)
    columns.draw(axes, bottom, lines=False)
    for at, text in enumerate(wrap(_UNSURE, _OTHER, SMALLER * sizes.text)):
        write(axes, WIDTH - _OTHER / 2, sizes.line * (0.6 + at), text, size=SMALLER * sizes.text, align="center")
    cells: list[Cell] = []
    frames: list[Cell] = []
    for line, height, top in zip(lines, heights, accumulate(heights, initial=columns.head), strict=False):
        if isinstance(line, GroupHeading):
            draw_heading(axes, line, top, sizes)
        else:
            _row(axes, line, top, top + height / 2, columns)
            cells += _cells(line, top + height / 2, columns)
            frames += [_frame(line.score, top + height / 2, columns)] if line.score is not None else []
    draw_cells(axes, cells, sizes.text)
    draw_frames(axes, frames)
    _key(axes, bottom + 1.5 * sizes.line, columns)
    return Chart(
        title,
        f"{title}. {_says(rows, scale)} {_alt(rows, scale)}".strip(),
        figure,
        _says(rows, scale),
        _table(rows, scale),
    )


def _row(axes: Axes, row: HeatRow, top: float, y: float, columns: LevelColumns) -> None:
    draw_name(axes, row.name, top, _NAMES, columns.sizes)
    if row.dont_know:
        write(axes, WIDTH - _OTHER / 2, y, str(row.dont_know), size=columns.sizes.text, align="center")


def _cells(row: HeatRow, y: float, columns: LevelColumns) -> list[Cell]:
    votes = sum(row.counts)
    return [
        Cell(
            x,
            y,
            columns.cell,
            columns.sizes.row,
            str(count),
            shade(columns.scale.middle_colour, 0.12 + 0.88 * count / votes),
        )
        for x, count in zip(columns.places.values(), row.counts, strict=True)
        if count
    ]


def _frame(score: int, y: float, columns: LevelColumns) -> Cell:
    return Cell(columns.places[score], y, columns.cell - 1, columns.sizes.row - 0.4)


def _key(axes: Axes, y: float, columns: LevelColumns) -> None:
    sizes, level = columns.sizes, columns.scale.word.one
    x = _NAMES + 10
    draw_frames(axes, [Cell(x, y, 15, sizes.row * 0.9)])
    write(axes, x + 14, y, "Agreed score", size=SMALLER * sizes.text, colour=QUIET)
    left = x + 32 + text_width("Agreed score", SMALLER * sizes.text)
    write(axes, left, y, f"Number: people who chose this {level}", size=SMALLER * sizes.text, colour=QUIET)


def _says(rows: Sequence[HeatRow], scale: Scale) -> str:
    kinds = Counter(verdict(row.counts).kind for row in rows)
    if not rows:
        return "No votes are shown yet."
    codes = scale.words.topic_in_reports.counted(len(rows))
    said = [f"{kinds[kind]} {name}" for kind, name in _KINDS.items() if kinds[kind]]
    return f"The last votes on {codes}: {'; '.join(said)}."


def _alt(rows: Sequence[HeatRow], scale: Scale) -> str:
    """Which are widely spread, if they are few; how the numbers can be had."""
    wide = [row.name for row in rows if verdict(row.counts).kind == "wide"]
    named = f"Widely spread: {', '.join(wide)}. " if 0 < len(wide) <= 5 else ""
    return (
        f"{named}The numbers of each {scale.words.topic_in_reports.one} stand beside its statements in the report."
        if rows
        else ""
    )


def _table(rows: Sequence[HeatRow], scale: Scale) -> ChartTable:
    head = (
        scale.words.key_area.head,
        scale.words.topic_in_reports.head,
        *map(str, scale.levels),
        _UNSURE,
        "Agreed score",
    )
    return ChartTable(
        head,
        tuple(
            (row.key_area, row.name, *map(str, row.counts), str(row.dont_know), number(row.score, "(not scored)"))
            for row in rows
        ),
        texts=head[:2],
    )
