"""The weakest score of each key area on spokes, for those who want to see a shape. Never an average."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from npswidgets.charts.chart import Chart, ChartTable
from npswidgets.charts.rows import number
from npswidgets.charts.style import INK, QUIET, RULE, WIDTH, sheet, text_width, wrap, write
from npswidgets.domain.rubric import FEWEST_ON_A_RADAR
from npswidgets.domain.scale import Scale

_RADIUS, _LABEL, _LINE, _TYPE = 114.0, 96.0, 10.0, 8.0
_SIDE = 44.0


@dataclass(frozen=True)
class Spoke:
    """A key area: its lowest score (None if none of it has one), and the lowest target of those that have one."""

    name: str
    lowest: int | None
    target: int | None = None


def radar(spokes: Sequence[Spoke], scale: Scale, title: str = "") -> Chart:
    """A spoke for each key area, clockwise from the top, a ring for each level, a mark at its lowest score.

    The scores are joined to a shape where all spokes have one; targets are hollow diamonds.

    Raises:
        ValueError: there are fewer than three spokes.
    """
    if len(spokes) < FEWEST_ON_A_RADAR:
        needed = f"{FEWEST_ON_A_RADAR} {scale.words.key_area.many} or more"
        raise ValueError(f"A radar needs {needed}, and there are {len(spokes)}.")
    title = title or f"The weakest score of each {scale.words.key_area.one}"
    height = 2 * (_RADIUS + _SIDE) + 2.4 * _LINE
    figure, axes = sheet(height)
    middle = (WIDTH / 2, _RADIUS + _SIDE)
    colour = scale.middle_colour
    _rings(axes, middle, len(spokes), scale)
    marks: list[tuple[float, float]] = []
    for at, spoke in enumerate(spokes):
        angle = 2 * pi * at / len(spokes)
        _label(axes, middle, angle, spoke.name)
        if spoke.lowest is not None:
            marks.append(_place(middle, angle, _reach(spoke.lowest, scale)))
        if spoke.target is not None:
            x, y = _place(middle, angle, _reach(spoke.target, scale))
            _diamond(axes, x, y, f"{spoke.name}: target")
    if len(marks) == len(spokes):
        axes.add_patch(Polygon(marks, closed=True, facecolor=colour + "33", edgecolor=colour))
    for x, y in marks:
        axes.scatter([x], [y], s=42, color=colour, linewidth=0, zorder=4, label="lowest")
    _key(axes, height - _LINE, scale, targets=any(spoke.target is not None for spoke in spokes))
    says = _says(spokes, scale)
    return Chart(title, f"{title}. {says} {_alt(spokes)}", figure, says, _table(spokes, scale))


def _place(middle: tuple[float, float], angle: float, reach: float) -> tuple[float, float]:
    return middle[0] + reach * sin(angle), middle[1] - reach * cos(angle)


def _reach(level: int, scale: Scale) -> float:
    """How far from the middle a level is: the lowest is on the first ring, the highest on the last."""
    return _RADIUS * (scale.place(level) + 1) / len(scale.levels)


def _rings(axes: Axes, middle: tuple[float, float], spokes: int, scale: Scale) -> None:
    angles = [2 * pi * at / spokes for at in range(spokes)]
    for angle in angles:
        x, y = _place(middle, angle, _RADIUS)
        axes.plot([middle[0], x], [middle[1], y], color=RULE, linewidth=0.6, zorder=0)
    for level in scale.values:
        ring = [_place(middle, angle, _reach(level, scale)) for angle in angles]
        axes.add_patch(Polygon(ring, closed=True, fill=False, edgecolor=RULE, linewidth=0.6, zorder=0))
        x, y = _place(middle, pi / spokes, _reach(level, scale) * cos(pi / spokes))
        write(axes, x, y, str(level), size=7.0, colour=QUIET, align="center", on_white=True)


def _label(axes: Axes, middle: tuple[float, float], angle: float, name: str) -> None:
    """Outside the outermost ring, away from it on all sides."""
    lines = wrap(name, _LABEL, _TYPE)
    x, y = middle[0] + (_RADIUS + 16) * sin(angle), middle[1] - (_RADIUS + 16) * cos(angle)
    up = -cos(angle) * _LINE * (len(lines) - 1) / 2
    side: Literal["left", "center", "right"] = "left" if sin(angle) > 0 else "right"
    if abs(sin(angle)) < 0.15:
        side = "center"
    for at, text in enumerate(lines):
        write(axes, x, y + up + _LINE * (at - (len(lines) - 1) / 2), text, size=_TYPE, align=side)


def _diamond(axes: Axes, x: float, y: float, label: str = "") -> None:
    axes.scatter([x], [y], s=42, marker="D", facecolor="none", edgecolor=INK, linewidth=1.2, zorder=5, label=label)


def _key(axes: Axes, y: float, scale: Scale, *, targets: bool) -> None:
    said = f"Lowest agreed score of the {scale.words.key_area.one}; the rings are the {scale.word.many}"
    axes.scatter([8], [y], s=42, color=scale.middle_colour, linewidth=0)
    write(axes, 16, y, said, size=7.6, colour=QUIET)
    if targets:
        x = 40 + text_width(said, 7.6)
        _diamond(axes, x, y)
        write(axes, x + 9, y, "Lowest target", size=7.6, colour=QUIET)


def _says(spokes: Sequence[Spoke], scale: Scale) -> str:
    scores = [spoke.lowest for spoke in spokes if spoke.lowest is not None]
    area, topic = scale.words.key_area, scale.words.topic_in_reports.one
    if not scores:
        return f"No {area.one} has a score yet."
    names = [spoke.name for spoke in spokes if spoke.lowest == min(scores)]
    at = f"{scale.word.one} {scale.level(min(scores))}"
    if len(names) == len(spokes):
        return f"In every {area.one} the weakest {topic} is at {at}."
    if len(names) > 3:
        return f"In {len(names)} of {area.counted(len(spokes))} the weakest {topic} is at {at}."
    *first, last = names
    said = f"{', '.join(first)} and {last}" if first else last
    return f"The weakest {topic} is at {at} in {said}."


def _alt(spokes: Sequence[Spoke]) -> str:
    return " ".join(f"{spoke.name}: {number(spoke.lowest, 'no score')}." for spoke in spokes)


def _table(spokes: Sequence[Spoke], scale: Scale) -> ChartTable:
    head = (scale.words.key_area.head, "Lowest agreed score", "Lowest target")
    rows = [(spoke.name, number(spoke.lowest, "(not scored)"), number(spoke.target)) for spoke in spokes]
    return ChartTable(head, tuple(rows), texts=head[:1])
