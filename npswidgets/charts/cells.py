"""Rectangles with a number in them, whose shade never makes the number hard to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb

from npswidgets.charts.style import INK, write


@dataclass(frozen=True)
class Cell:
    """A rectangle by its middle and size, with what stands in it."""

    x: float
    y: float
    width: float
    height: float
    text: str = ""
    fill: str = "#ffffff"

    @property
    def corners(self) -> list[tuple[float, float]]:
        """From the top left one on, clockwise."""
        left, right = self.x - self.width / 2, self.x + self.width / 2
        top, bottom = self.y - self.height / 2, self.y + self.height / 2
        return [(left, top), (right, top), (right, bottom), (left, bottom)]


def draw_cells(axes: Axes, cells: Sequence[Cell], text_size: float) -> None:
    """All filled cells of a chart, as one drawing, each with its text in the middle."""
    fills = [cell.fill for cell in cells]
    corners = [cell.corners for cell in cells]
    axes.add_collection(PolyCollection(corners, facecolors=fills, edgecolors="white", linewidths=0.8, label="cells"))
    for cell in cells:
        colour = ink_on(cell.fill)
        write(axes, cell.x, cell.y, cell.text, size=text_size, bold=True, colour=colour, align="center")


def draw_frames(axes: Axes, cells: Sequence[Cell]) -> None:
    """A frame around each of these cells."""
    corners = [cell.corners for cell in cells]
    frames = PolyCollection(corners, facecolors="none", edgecolors=INK, linewidths=1.5, zorder=2.5, label="frames")
    axes.add_collection(frames)


def shade(colour: str, share: float) -> str:
    """The colour on white: none of it at 0, all of it at 1."""
    parts = (round(255 * (1 - share * (1 - part))) for part in to_rgb(colour))
    return "#" + "".join(f"{part:02x}" for part in parts)


def ink_on(colour: str) -> str:
    """Black or white, whichever has more contrast: at least 4.5 to 1 on any colour."""
    return "#000000" if _light(colour) > 0.179 else "#ffffff"


def _light(colour: str) -> float:
    """How light it is, from 0 to 1, as WCAG defines it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
