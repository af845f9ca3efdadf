"""How charts look. Sizes are in points, so that type on A4 paper has the size it says; colour never speaks alone."""

import re
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path
from typing import Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.textpath import text_to_path

INK = "#1a1a1a"
QUIET = "#595959"
RULE = "#d4d4d4"

WIDTH = 454.0
"""Points: 16 cm, the text of an A4 page."""

_JOINERS = re.compile("[\u200d\ufe00-\ufe0f\u20e3]")
"""They make one picture of two emoji, which no font here has, and a PDF made to last may not hold them in a picture."""

_FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
_REGULAR = _FONTS / "DejaVuSans.ttf"
_BOLD = _FONTS / "DejaVuSans-Bold.ttf"


def sheet(height: float) -> tuple[Figure, Axes]:
    """An empty picture of `WIDTH` times `height` points; x and y are points from its top left corner."""
    figure = Figure(figsize=(WIDTH / 72, height / 72), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    return figure, axes


def write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    bold: bool = False,
    colour: str = INK,
    align: Literal["left", "center", "right"] = "left",
    on_white: bool = False,
) -> None:
    """Puts a line of text with its middle at the height `y`. A dollar sign in it is a dollar sign.

    Args:
        axes: a sheet.
        x: where it starts, ends or has its middle, as `align` says.
        y: its middle.
        text: the words.
        size: in points.
        bold: heavier letters.
        colour: of the letters.
        align: what `x` is.
        on_white: hides the lines of the scale behind it.
    """
    axes.text(
        x,
        y,
        clean(text),
        font=_font(size, bold),
        color=colour,
        horizontalalignment=align,
        verticalalignment="center_baseline",
        parse_math=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0} if on_white else None,
    )


def mark(
    axes: Axes,
    x: float,
    y: float,
    shape: str,
    size: float,
    *,
    colour: str,
    zorder: float,
    edge: str = "none",
    label: str = "",
) -> None:
    """Puts a mark with its middle at x and y; `shape` as matplotlib names markers, `size` in points.

    A line of one point takes a third of the time of a collection of one.
    """
    axes.plot(
        [x],
        [y],
        linestyle="none",
        marker=shape,
        markersize=size,
        markerfacecolor=colour,
        markeredgecolor=edge,
        markeredgewidth=1.2 if edge != "none" else 0,
        zorder=zorder,
        label=label,
    )


def rule(axes: Axes, x: float, width: float, y: float) -> None:
    """Draws a thin level line from `x`."""
    axes.plot([x, x + width], [y, y], color=RULE, linewidth=0.6, zorder=0)


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines of at most this width in points; a single longer word stands alone, cut by `shorten`."""
    words = text.split()
    whole = " ".join(words)
    if text_width(whole, size, bold=bold) <= width:  # most are short
        return [whole] if words else []
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(shorten(word, width, size, bold=bold))
    return lines


def shorten(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, cut with an ellipsis if it is wider than this in points."""
    if text_width(text, size, bold=bold) <= width:
        return text
    kept = bisect_left(range(1, len(text)), True, key=lambda end: text_width(f"{text[:end]}…", size, bold=bold) > width)
    return f"{text[:kept].rstrip()}…"


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line of text is, in points."""
    width, _, _ = text_to_path.get_text_width_height_descent(clean(text), _font(size, bold), ismath=False)
    return float(width)


def clean(text: str) -> str:
    """The text on one line, with a replacement mark for each character that the bundled font does not have."""
    line = _JOINERS.sub("", " ".join(text.split()))
    return "".join(mark if ord(mark) in _known_characters() else "\ufffd" for mark in line)


@lru_cache
def _known_characters() -> frozenset[int]:
    return frozenset(FT2Font(str(_BOLD)).get_charmap()) & frozenset(FT2Font(str(_REGULAR)).get_charmap())


@lru_cache
def _font(size: float, bold: bool) -> FontProperties:
    """The font that comes with matplotlib, by its file: no search on this machine, no setting can change it."""
    weight = "bold" if bold else "normal"
    return FontProperties(fname=str(_BOLD if bold else _REGULAR), weight=weight, size=size)
