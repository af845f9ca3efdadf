r"""A document as a row of blocks, which HTML, PDF and Word are made from.

All texts are plain, and final; a line break in them is "\n". Headings begin at 1 and leave no level out. A block may
carry what only a page on a screen shows: where it leads to, dots, a paler line, how it becomes narrow.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from math import ceil
from typing import TYPE_CHECKING, Literal, TypeAlias
from unicodedata import east_asian_width

from npswidgets.domain.scale import Scale

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
Form = Literal["text", "figure", "statements", "score"]
Part = Literal["", "code", "card", "method", "source", "added"]


@dataclass(frozen=True)
class Dots:
    """Votes as dots in the colour of a level, `lines` on top of each other; hollow where a later vote follows."""

    number: int
    level: int
    lines: int = 1
    hollow: bool = False


@dataclass(frozen=True)
class Bar:
    """How much of the longest one, 0 to 1, in the colour of a level; the number beside it says the same."""

    share: float
    level: int


@dataclass(frozen=True)
class Cell:
    """A cell of a table, or what is said of a label, with what only a page on a screen shows.

    Attributes:
        below: a second line, paler there; `in_brackets` where nothing can be pale.
        strong: how the text begins; this part stands out.
        to: the anchor of the heading that it leads to.
        level: of a score, which its colour marks.
        dots: stand before the text, which says the same.
        bar: stands before the text in a PDF.
        form: a "figure" is not broken into lines, "statements" stand apart line by line.
    """

    text: str
    below: str = ""
    in_brackets: bool = False
    strong: str = ""
    to: str = ""
    level: int | None = None
    dots: Dots | None = None
    bar: Bar | None = None
    form: Form = "text"

    @property
    def plain(self) -> str:
        """Its words, for a format that shows nothing else of it."""
        below = f"({self.below})" if self.in_brackets else self.below
        return f"{self.text}\n{below}" if self.below else self.text


def plain(cell: str | Cell) -> str:
    """The words of a cell."""
    return cell if isinstance(cell, str) else cell.plain


@dataclass(frozen=True)
class Heading:
    """A heading.

    Attributes:
        level: 1 to 4.
        listed: in the contents, if these go down to its level.
        anchor: by which a link leads to it.
        part: what begins with it, and ends before the next heading as high: all about one value code, the card of a
            score at the highest level, ...
    """

    level: int
    text: str
    listed: bool = True
    anchor: str = ""
    part: Part = ""


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

    rows: tuple[tuple[str, str | Cell], ...]

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """The rows that say something."""
        return tuple((label, plain(text)) for label, text in self.rows if plain(text))


@dataclass(frozen=True)
class Table:
    """A table with one row of heads.

    Attributes:
        title: what it holds, for people who do not see it.
        widths: of the columns, in parts of the whole.
        marked_row, marked_column: stands out; its words say so, too.
        together: stands on one page, if it fits on one.
        with_next: then it does so with the beginning of what follows.
        kind: what it is a table of, for the look of a page on a screen.
        groups: what stands there over so many rows that belong together.
        labels: what names a cell on a narrow page, where the head of its column would not say enough.
        narrow: what becomes of the table there: rows "stacked" as labels and texts, or the whole "scrolled" sideways.
        row_heads: whether the first cell of a row says what the others are about.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    widths: tuple[int, ...]
    marked_row: int | None = None
    marked_column: int | None = None
    together: bool = False
    with_next: bool = False
    kind: str = ""
    groups: tuple[tuple[str, int], ...] = ()
    labels: tuple[str, ...] = ()
    narrow: Literal["stacked", "scrolled"] = "stacked"
    row_heads: bool = True

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The rows in words alone."""
        return tuple(tuple(map(plain, row)) for row in self.rows)

    @property
    def grouped(self) -> Iterator[tuple[str, tuple[tuple[int, tuple[str | Cell, ...]], ...]]]:
        """The numbered rows under the name of their group, or all under none."""
        rows = enumerate(self.rows)
        for name, number in self.groups or (("", len(self.rows)),):
            yield name, tuple(islice(rows, number))

    @property
    def on_one_page(self) -> bool:
        """Whether it is to stand on one page, and surely fits."""
        return self.together and sum(map(self.lines, (self.head, *self.texts))) <= LINES_A_PAGE

    def lines(self, row: tuple[str, ...]) -> int:
        """How many lines a row takes, at most."""
        columns = (CHARACTERS_A_LINE * part / sum(self.widths) for part in self.widths)
        return max(
            sum(ceil(max(1, text_width(line)) / column) for line in cell.split("\n"))
            for cell, column in zip(row, columns, strict=True)
        )


def text_width(line: str) -> int:
    """How many letters wide a line is; wide ones, such as Chinese, count twice."""
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


@dataclass(frozen=True)
class OnScreen:
    """Blocks that only a page on a screen shows, and that are made when it does."""

    blocks: "Callable[[], Iterator[Block]]"


@dataclass(frozen=True)
class Addition:
    """A piece that people added to the session notebook, as only a page on a screen shows it.

    Attributes:
        kind: "html" is safe to put into a page as it is; "picture" is a data address; "text" is plain.
        alt: what a picture shows.
    """

    kind: Literal["html", "picture", "text"]
    content: str
    alt: str = ""


Block: TypeAlias = Heading | Paragraph | Bullets | Facts | Table | Picture | NewPage | OnScreen | Addition


@dataclass(frozen=True)
class Document:
    """A document to be set.

    Attributes:
        title: stands on the first page and in the properties of the file.
        author: the council.
        day: on which it was made, such as "2026-03-12".
        foot: stands at the foot of each page, beside its number.
        contents: whether a table of contents follows the first page's facts.
        scale: of the scores in it, whose colours a page on a screen shows; None where there are none.
    """

    title: str
    author: str
    day: str
    foot: str
    facts: Facts
    blocks: tuple[Block, ...]
    contents: bool = True
    scale: Scale | None = None


def on_paper(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks without what only a page on a screen shows."""
    return (block for block in blocks if not isinstance(block, OnScreen | Addition))
