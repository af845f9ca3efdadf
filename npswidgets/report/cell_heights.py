"""How high a row of Excel has to be for its texts, since not every program finds out by itself when it prints."""

from collections.abc import Iterable, Sequence

from npswidgets.report.layout import text_width

LINE = 15.0
"""Points of a line in Excel's own letters."""
HIGHEST = 409.0
"""Points that Excel allows: 27 lines; the rest of a longer text is in the cell, where it can be read and copied."""
LETTER = 1.05
"""Widths of a digit, in which columns are measured, that a letter takes in text with capitals, at most."""
LETTER_OF_A_HEAD = 1.2
"""The same in bold."""


def height(texts: Iterable[str], widths: Sequence[float], letter: float = LETTER) -> float:
    """Points of a row whose texts stand in columns of these widths, each in digits as Excel has them.

    >>> height(["One line", "Two lines of text"], [20, 12])
    30.0
    """
    most = max((_lines(text, width / letter) for text, width in zip(texts, widths, strict=True)), default=1)
    return min(HIGHEST, LINE * most)


def _lines(text: str, width: float) -> int:
    if len(text) <= width and text.isascii() and "\n" not in text:
        return 1
    return sum(_wrapped(line, width) for line in text.split("\n"))


def _wrapped(line: str, width: float) -> int:
    """How many lines there are when words that do not fit begin a new one, and longer ones than a line are broken."""
    lines, left = 1, width
    for word in line.replace("\t", "        ").split(" "):
        wide: float = text_width(word)
        if wide > left and left < width:
            lines, left = lines + 1, width
        while wide > width:
            lines, wide = lines + 1, wide - width
        left -= wide + 1
    return lines
