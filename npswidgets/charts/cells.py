"""Rectangles with a number in them, whose shade never makes the number hard to read."""

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from npswidgets.charts.style import write


def shade(colour: str, share: float) -> str:
    """The colour on white: none of it at 0, all of it at 1."""
    parts = (round(255 * (1 - share * (1 - part))) for part in to_rgb(colour))
    return "#" + "".join(f"{part:02x}" for part in parts)


def ink_on(colour: str) -> str:
    """Black or white, whichever has more contrast: at least 4.5 to 1 on any colour."""
    return "#000000" if _light(colour) > 0.179 else "#ffffff"


def draw_cell(
    axes: Axes, middle: tuple[float, float], size: tuple[float, float], text: str, fill: str, text_size: float
) -> Rectangle:
    """A filled cell with a text in its middle."""
    (x, y), (width, height) = middle, size
    cell = Rectangle((x - width / 2, y - height / 2), width, height, facecolor=fill, edgecolor="white", linewidth=0.8)
    axes.add_patch(cell)
    write(axes, x, y, text, size=text_size, bold=True, colour=ink_on(fill), align="center")
    return cell


def _light(colour: str) -> float:
    """How light it is, from 0 to 1, as WCAG defines it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
