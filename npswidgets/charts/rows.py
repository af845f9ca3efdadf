"""Value codes as rows, one below the other, grouped by key area: what several charts are made of."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from matplotlib.axes import Axes

from npswidgets.charts.style import QUIET, RULE, WIDTH, rule, shorten, text_width, wrap, write
from npswidgets.domain.scale import Level, Scale

FEW_ROWS = 30
"""More rows are set closer and smaller, so that all 59 of the diagnostic fit one page of A4."""

SMALLER = 0.8
_INDENT, _AIR, _LEAST_TYPE = 8.0, 8.0, 5.5


@dataclass(frozen=True)
class Sizes:
    """In points: of the text, of its lines, of a row, of a mark."""

    text: float
    line: float
    row: float
    dot: float


LARGE = Sizes(text=9.5, line=12.0, row=19.0, dot=9.0)
COMPACT = Sizes(text=7.4, line=8.4, row=9.4, dot=6.0)


def number(value: int | None, otherwise: str = "") -> str:
    """A score or target as a table says it; 0 is a number like any other."""
    return otherwise if value is None else str(value)


class Grouped(Protocol):
    """A row that knows where it belongs."""

    @property
    def theme(self) -> str:
        """Empty if it does not matter."""

    @property
    def key_area(self) -> str:
        """Empty for rows that are not grouped."""

    @property
    def name(self) -> str:
        """Of the value code."""


Row = TypeVar("Row", bound=Grouped)


@dataclass(frozen=True)
class GroupHeading:
    """Above the first row of a key area; with the theme (else empty) where that begins, too."""

    theme: str
    key_area: str


def sizes_for(rows: Sequence[Grouped]) -> Sizes:
    """Large for a few, compact for many."""
    return LARGE if len(rows) <= FEW_ROWS else COMPACT


def with_headings(rows: Iterable[Row]) -> Iterator[GroupHeading | Row]:
    """The rows, with a heading before each key area; themes are named only if there are several."""
    known = list(rows)
    several = len({row.theme for row in known}) > 1
    before = None
    for row in known:
        if row.key_area and (before is None or (row.theme, row.key_area) != (before.theme, before.key_area)):
            begins = several and (before is None or row.theme != before.theme)
            yield GroupHeading(row.theme if begins else "", row.key_area)
        before = row
        yield row


def height_of(line: GroupHeading | Grouped, names: float, sizes: Sizes) -> float:
    """How much room a heading or row takes, its name in a column of this width."""
    if isinstance(line, GroupHeading):
        return sizes.row * 1.25
    return sizes.row + sizes.line * (len(_name_lines(line.name, names, sizes)) - 1)


def draw_heading(axes: Axes, heading: GroupHeading, top: float, sizes: Sizes) -> None:
    """Set in the lower part of its height, near the rows it belongs to."""
    y = top + 0.75 * sizes.row
    left = 0.0
    if heading.theme:
        rule(axes, 0, WIDTH, top)
        write(axes, 0, y, heading.theme, size=sizes.text, bold=True, on_white=True)
        left = text_width(heading.theme, sizes.text, bold=True) + sizes.text
    if heading.key_area != heading.theme:
        area = shorten(heading.key_area, WIDTH - left, sizes.text, bold=True)
        write(axes, left, y, area, size=sizes.text, bold=True, colour=QUIET, on_white=True)


def draw_name(axes: Axes, name: str, top: float, names: float, sizes: Sizes) -> None:
    """The name, in as many lines as it needs."""
    for at, text in enumerate(_name_lines(name, names, sizes)):
        write(axes, _INDENT, top + sizes.row / 2 + sizes.line * at, text, size=sizes.text)


def _name_lines(name: str, names: float, sizes: Sizes) -> list[str]:
    return wrap(name, names - _INDENT - _AIR, sizes.text)


@dataclass(frozen=True)
class LevelColumns:
    """The levels of a scale as columns, lowest first.

    Attributes:
        left: where the first column begins.
        cell: how wide a column is.
    """

    scale: Scale
    left: float
    cell: float
    sizes: Sizes

    @property
    def places(self) -> dict[int, float]:
        """Where the middle of each level's column is."""
        return {level.value: self.left + self.cell * (at + 0.5) for at, level in enumerate(self.scale.levels)}

    def place_of(self, value: float) -> float:
        """Where a figure on the scale is, also between two levels."""
        return self.left + self.cell * (value - self.scale.lowest + 0.5)

    @property
    def head(self) -> float:
        """How high number and names are together."""
        return self.sizes.line * (1.6 + max(len(self._name(level)) for level in self.scale.levels))

    def draw(self, axes: Axes, bottom: float, *, lines: bool = True) -> None:
        """Number and name of each level, and a thin line down to `bottom`."""
        for level in self.scale.levels:
            x = self.places[level.value]
            write(axes, x, 0.6 * self.sizes.line, str(level.value), size=self.sizes.text, bold=True, align="center")
            for at, text in enumerate(self._name(level)):
                write(axes, x, self.sizes.line * (1.6 + at), text, size=self._type, align="center")
            if lines:
                top = self.head - 0.4 * self.sizes.line
                axes.plot([x, x], [top, bottom], color=RULE, linewidth=0.6, zorder=0)

    def _name(self, level: Level) -> list[str]:
        return wrap(level.name, self.cell - 1, self._type)

    @cached_property
    def _type(self) -> float:
        """The size in which the longest word of all names fits its column, as far as it can still be read."""
        size = SMALLER * self.sizes.text
        widest = max(text_width(word, size) for level in self.scale.levels for word in level.name.split())
        return max(_LEAST_TYPE, min(size, size * (self.cell - 2) / widest))
