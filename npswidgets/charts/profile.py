"""The agreed scores, value code by value code: never an average."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from matplotlib.axes import Axes

from npswidgets.charts.chart import Chart
from npswidgets.charts.style import INK, QUIET, RULE, WIDTH, colour_of, rule, sheet, shorten, text_width, wrap, write
from npswidgets.domain.rubric import Level

_NAMES, _INDENT, _AIR = 214.0, 8.0, 8.0
_FEW_ROWS = 30
_SMALLER = 0.8


@dataclass(frozen=True)
class ProfileRow:
    """One value code. Rows of a key area, and key areas of a theme, follow one another.

    Attributes:
        score: None if it has none.
        note: stands in place of a score: "(not scored)", "(not applicable: ...)".
        target: the level to reach; None if none was set.
        earlier: the score of an earlier workshop; None if it had none.
    """

    key_area: str
    name: str
    score: int | None
    note: str = "(not scored)"
    theme: str = ""
    target: int | None = None
    earlier: int | None = None


@dataclass(frozen=True)
class _Sizes:
    text: float
    line: float
    row: float
    dot: float


_LARGE = _Sizes(text=9.5, line=12.0, row=19.0, dot=9.0)
_COMPACT = _Sizes(text=7.4, line=8.4, row=9.4, dot=6.0)


@dataclass(frozen=True)
class _Heading:
    """Above the first row of a key area; with the theme (else empty) where that begins, too."""

    theme: str
    key_area: str


def profile(rows: Sequence[ProfileRow], levels: Sequence[Level], title: str = "Agreed scores") -> Chart:
    """A row for each value code with a mark at its score, grouped by key area, and by theme if there are several.

    A hollow diamond is a target, an upright stroke the score of an earlier workshop; a key below says so.

    More than 30 value codes are set closer and smaller, so that all 59 of the diagnostic fill one page of A4. A long
    name takes two lines or more; a long note is cut, for its full text stands in the report beside it.

    Args:
        rows: in the order to show; none gives a picture of the scale alone.
        levels: of the rubric, lowest first.
        title: names what it is of, for the words.
    """
    sizes = _LARGE if len(rows) <= _FEW_ROWS else _COMPACT
    lines = list(_with_headings(rows))
    heights = [_height(line, sizes) for line in lines]
    cell = (WIDTH - _NAMES) / len(levels)
    places = {level.value: _NAMES + cell * (at + 0.5) for at, level in enumerate(levels)}
    names = {level.value: wrap(level.name, cell - 1, _SMALLER * sizes.text) for level in levels}
    head = sizes.line * (1.6 + max(map(len, names.values())))
    bottom = head + sum(heights)
    keys = _keys(rows)
    figure, axes = sheet(bottom + sizes.text / 2 + (2 * sizes.line if keys else 0))
    for value, x in places.items():
        _scale(axes, value, names[value], x, sizes)
        axes.plot([x, x], [head - 0.4 * sizes.line, head + sum(heights)], color=RULE, linewidth=0.6, zorder=0)
    for line, top in zip(lines, accumulate(heights, initial=head), strict=False):
        if isinstance(line, ProfileRow):
            _row(axes, line, top, places, sizes)
        else:
            _heading(axes, line, top, sizes)
    _draw_keys(axes, keys, bottom + 1.3 * sizes.line, sizes)
    return Chart(title, _alt(rows, levels, title), figure)


def _with_headings(rows: Sequence[ProfileRow]) -> Iterator[_Heading | ProfileRow]:
    """The rows, with a heading before each key area; themes are named only if there are several."""
    several = len({row.theme for row in rows}) > 1
    before = None
    for row in rows:
        if before is None or (row.theme, row.key_area) != (before.theme, before.key_area):
            begins = several and (before is None or row.theme != before.theme)
            yield _Heading(row.theme if begins else "", row.key_area)
        before = row
        yield row


def _height(line: _Heading | ProfileRow, sizes: _Sizes) -> float:
    if isinstance(line, ProfileRow):
        return sizes.row + sizes.line * (len(_name_lines(line, sizes)) - 1)
    return sizes.row * 1.25


def _name_lines(row: ProfileRow, sizes: _Sizes) -> list[str]:
    return wrap(row.name, _NAMES - _INDENT - _AIR, sizes.text)


def _scale(axes: Axes, value: int, name: Sequence[str], x: float, sizes: _Sizes) -> None:
    write(axes, x, 0.6 * sizes.line, str(value), size=sizes.text, bold=True, align="center")
    for at, text in enumerate(name):
        write(axes, x, sizes.line * (1.6 + at), text, size=_SMALLER * sizes.text, align="center")


def _heading(axes: Axes, heading: _Heading, top: float, sizes: _Sizes) -> None:
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


def _row(axes: Axes, row: ProfileRow, top: float, places: dict[int, float], sizes: _Sizes) -> None:
    names = _name_lines(row, sizes)
    for at, name in enumerate(names):
        write(axes, _INDENT, top + sizes.row / 2 + sizes.line * at, name, size=sizes.text)
    y = top + _height(row, sizes) / 2
    start = min(places.values())
    if row.score is None:
        note = shorten(row.note, WIDTH - start, sizes.text)
        write(axes, start - 4, y, note, size=sizes.text, colour=QUIET, on_white=True)
    else:
        _mark(axes, row.name, row.score, start, places[row.score], y, sizes)
    if row.earlier is not None:
        _draw_earlier(axes, places[row.earlier], y, sizes, f"{row.name}: earlier")
    if row.target is not None:
        _draw_target(axes, places[row.target], y, sizes, f"{row.name}: target")


def _draw_target(axes: Axes, x: float, y: float, sizes: _Sizes, label: str = "") -> None:
    size = sizes.dot**2
    axes.scatter([x], [y], s=size, marker="D", facecolor="none", edgecolor=INK, linewidth=1.2, zorder=4, label=label)


def _draw_earlier(axes: Axes, x: float, y: float, sizes: _Sizes, label: str = "") -> None:
    half = 0.8 * sizes.dot
    axes.plot([x, x], [y - half, y + half], color=INK, linewidth=1.6, zorder=2, label=label)


def _keys(rows: Sequence[ProfileRow]) -> list[str]:
    """Which marks besides the scores there are."""
    targets = any(row.target is not None for row in rows)
    earlier = any(row.earlier is not None for row in rows)
    return [name for name, there in (("Target", targets), ("Earlier workshop", earlier)) if there]


def _draw_keys(axes: Axes, keys: Sequence[str], y: float, sizes: _Sizes) -> None:
    x = _NAMES + sizes.dot
    for key in keys:
        (_draw_target if key == "Target" else _draw_earlier)(axes, x, y, sizes)
        write(axes, x + 1.3 * sizes.dot, y, key, size=_SMALLER * sizes.text, colour=QUIET)
        x += text_width(key, _SMALLER * sizes.text) + 5 * sizes.dot


def _mark(axes: Axes, name: str, score: int, start: float, x: float, y: float, sizes: _Sizes) -> None:
    colour = colour_of(score)
    axes.plot([start, x], [y, y], color=colour, linewidth=0.3 * sizes.dot, solid_capstyle="round")
    axes.scatter([x], [y], s=sizes.dot**2, color=colour, linewidth=0, zorder=3, label=name)
    write(axes, x + 0.8 * sizes.dot, y, str(score), size=sizes.text, bold=True)


def _alt(rows: Sequence[ProfileRow], levels: Sequence[Level], title: str) -> str:
    """How many value codes have which score, and which ones the lowest if they are few."""
    if not rows:
        return f"{title}: no value codes."
    scores = Counter(row.score for row in rows)
    said = [f"{scores[level.value]} at {level}" for level in levels if scores[level.value]]
    said += [f"{scores[None]} without a score"] if scores[None] else []
    codes = "1 value code" if len(rows) == 1 else f"{len(rows)} value codes"
    return " ".join([f"{title}: {codes}, {', '.join(said)}.", *_lowest(rows), *_compared(rows)])


def _compared(rows: Sequence[ProfileRow]) -> Iterator[str]:
    """How the scores stand to targets, and to an earlier workshop."""
    aims = [(row.score, row.target) for row in rows if row.target is not None]
    if aims:
        above = sum(score is None or score < target for score, target in aims)
        yield f"Targets: {len(aims)}, {above} of them above the score."
    steps = [row.score - row.earlier for row in rows if row.score is not None and row.earlier is not None]
    if steps:
        higher, lower = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
        yield f"Since the earlier workshop: {higher} higher, {lower} lower, {len(steps) - higher - lower} the same."


def _lowest(rows: Sequence[ProfileRow]) -> list[str]:
    lowest = min((row.score for row in rows if row.score is not None), default=None)
    names = [row.name for row in rows if row.score == lowest]
    return [f"Lowest, at {lowest}: {', '.join(names)}."] if lowest is not None and len(names) <= 3 else []
