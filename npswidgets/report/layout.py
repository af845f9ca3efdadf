r"""A document as a row of blocks, for the formats that set pages: PDF, Word and simple HTML pages.

All texts are plain, and final; a line break in them is "\n". Headings begin at 1 and leave no level out.
"""

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Literal, TypeAlias
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from npswidgets.charts.chart import Chart

LONGEST_FOOT = 90
"""Characters at the foot of a page."""
LINES_A_PAGE = 58
"""Lines of a table that stand on one page in any format, with the heading above it. What is unbreakable and taller than
a page loses its end, in PDF as in Word."""
CHARACTERS_A_LINE = 85
"""Characters of a table over the whole width of a page, at least; wide ones, such as Chinese, count twice."""

Tone = Literal["plain", "lead", "quiet", "typed"]


@dataclass(frozen=True)
class Heading:
    """A heading; `level` is 1 to 4. `listed` in the contents, if these go down to its level."""

    level: int
    text: str
    listed: bool = True


@dataclass(frozen=True)
class Paragraph:
    """A paragraph.

    Attributes:
        tone: "lead" is larger, "quiet" paler, "typed" is what people wrote, in their own lines.
        with_next: stands on one page with the beginning of what follows.
    """

    text: str
    tone: Tone = "plain"
    with_next: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Labels with their texts; those without a text are left out."""

    rows: tuple[tuple[str, str], ...]

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """The rows that say something."""
        return tuple(row for row in self.rows if row[1])


@dataclass(frozen=True)
class Table:
    """A table with one row of heads.

    Attributes:
        title: what it holds, for people who do not see it.
        widths: of the columns, in parts of the whole.
        marked_row, marked_column: stands out; its words say so, too.
        together: stands on one page, if it fits on one.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    marked_row: int | None = None
    marked_column: int | None = None
    together: bool = False

    @property
    def on_one_page(self) -> bool:
        """Whether it is to stand on one page, and surely fits."""
        return self.together and sum(map(self.lines, (self.head, *self.rows))) <= LINES_A_PAGE

    def lines(self, row: tuple[str, ...]) -> int:
        """How many lines a row takes, at most."""
        columns = (CHARACTERS_A_LINE * part / sum(self.widths) for part in self.widths)
        return max(
            sum(ceil(max(1, _width(line)) / column) for line in cell.split("\n"))
            for cell, column in zip(row, columns, strict=True)
        )


def _width(line: str) -> int:
    return len(line) if line.isascii() else sum(2 if east_asian_width(one) in "WF" else 1 for one in line)


@dataclass(frozen=True)
class Picture:
    """A chart, or a picture that people added: then `data` is its PNG or JPEG."""

    alt: str
    chart: "Chart | None" = None
    data: bytes = b""


@dataclass(frozen=True)
class NewPage:
    """The heading that follows begins on a new page."""


Block: TypeAlias = Heading | Paragraph | Bullets | Facts | Table | Picture | NewPage


@dataclass(frozen=True)
class Document:
    """A document to be set.

    Attributes:
        title: stands on the first page and in the properties of the file.
        author: the council.
        day: on which it was made, such as "2026-03-12".
        foot: stands at the foot of each page, beside its number.
        contents: whether a table of contents follows the first page's facts.
    """

    title: str
    author: str
    day: str
    foot: str
    facts: Facts
    blocks: tuple[Block, ...]
    contents: bool = True
