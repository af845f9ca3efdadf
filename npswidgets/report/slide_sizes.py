"""How much stands on a slide: whatever people typed, none is higher than a screen of 16 to 9, or than its printed page.

All is measured in the size of the slide's letters, which grows with the screen. The measures are of a wide font, so
that text takes less room than is counted.
"""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import TypeVar

from npswidgets.report.layout import Bullets, Paragraph, Table, text_width

_T = TypeVar("_T")

ROOM = 20.5
"""Of 26 in all, below the title and above the way to the next slide."""
A_LINE = 80
"""Letters in the whole width."""
IN_A_TABLE = 102 / 85
"""Letters there by those of a printed line, as `Table.lines` counts them."""
LONGEST_TITLE = 80
"""Letters of a title in two lines."""
LONGEST_PARAGRAPH = 640
"""Letters of a paragraph, of which two stand on a slide."""
_LINE, _ROW, _APART, _BETWEEN = 1.25, 1.12, 0.5, 0.7


def lines(text: str, width: int = A_LINE) -> int:
    """How many lines a text takes, with a word in each that does not fit to its end."""
    return sum(ceil(max(1, text_width(line)) / (width - 8)) for line in text.split("\n"))


def parts(block: Bullets | Table) -> Iterator[Bullets | Table]:
    """The block on as many slides as it needs, the head of a table on each."""
    if isinstance(block, Bullets):
        heights = [lines(item) * _LINE + _APART for item in block.items]
        yield from (Bullets(tuple(items)) for items in packed(block.items, heights))
        return
    head = _row(block, block.head)
    heights = [_row(block, texts) for texts in block.texts]
    for rows in packed(block.rows, heights, ROOM - head):
        yield Table(block.title, block.head, tuple(rows), block.widths, kind=block.kind)


def paragraphs(texts: Sequence[str]) -> Iterator[tuple[Paragraph, ...]]:
    """Texts below each other, on as many slides as they need."""
    heights = [lines(text) * _LINE + 1.0 for text in texts]
    yield from (tuple(map(Paragraph, found)) for found in packed(texts, heights))


def packed(pieces: Sequence[_T], heights: Sequence[float], room: float = ROOM) -> Iterator[list[_T]]:
    """The pieces in their order, as many together as there is room for, and at least one."""
    found: list[_T] = []
    left = room
    for piece, height in zip(pieces, heights, strict=True):
        if found and height > left:
            yield found
            found, left = [], room
        found.append(piece)
        left -= height
    if found:
        yield found


def _row(table: Table, texts: tuple[str, ...]) -> float:
    return ceil(table.lines(texts) / IN_A_TABLE) * _ROW + _BETWEEN
