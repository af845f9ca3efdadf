"""The tables of a sheet by their heads, and each cell of them by what stands above and beside it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from npswidgets.domain.names import looks
from npswidgets.domain.nearest import shown
from npswidgets.errors import Fault
from npswidgets.rubric_book.cells import line, raw, tidy
from npswidgets.rubric_book.layout import SAID, Table
from npswidgets.rubric_book.opening import Cell, Sheet

Place = tuple[int, int]
"""A row and a column, counted from 1."""

_LONGEST_HEAD = 100
_PLAIN = str.maketrans(dict.fromkeys("‘’‚‛`´", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑‒–—−", "-"))


@lru_cache(maxsize=2048)
def known_as(text: str) -> str:
    """What two words have in common that mean the same head, label or choice: case, quotes and a colon aside.

    >>> known_as(" “Your text”: ") == known_as("your text")
    True
    """
    return looks(line(text).translate(_PLAIN).strip("'\"").rstrip(":* ").strip("'\""))


@dataclass
class Reading:
    """A sheet while it is read: every fault in it, and which of its cells were made something of.

    Attributes:
        name: the workbook's, as faults call it.
        faults: of all sheets, each with its place in the workbook: the sheet's number, row, column.
        together: the rows of which cells may be merged, because they are one part of the rubric.
    """

    name: str
    sheet: Sheet
    faults: list[tuple[tuple[int, int, int], Fault]]
    number: int = 0
    used: set[Place] = field(default_factory=set)
    together: frozenset[int] = frozenset()

    def where(self, place: Place | None = None) -> str:
        """A cell of this sheet, or the sheet, in words."""
        return f"sheet “{self.sheet.title}”" + (f", cell {cell_name(place)}" if place else "")

    def fault(self, place: Place | None, expected: str, found: str) -> None:
        """Notes what is wrong in a cell, or in the sheet."""
        row, column = place or (0, 0)
        self.faults.append(((self.number, row, column), Fault(self.name, self.where(place), expected, found)))

    def cell(self, place: Place) -> Cell:
        """What stands there."""
        return self.sheet.cells.get(place, Cell())

    def is_empty(self, place: Place) -> bool:
        """Whether nobody sees anything there."""
        cell = self.cell(place)
        return not cell.wrong and not tidy(cell.text)

    @cached_property
    def filled(self) -> dict[int, list[Place]]:
        """The cells with something in them, by row."""
        found: dict[int, list[Place]] = {}
        for place in sorted(self.sheet.cells):
            if not self.is_empty(place):
                found.setdefault(place[0], []).append(place)
        return found

    def take(self, place: Place, expected: str, read: Callable[[str], str] = line) -> str:
        """The text of a cell, an empty one where there is none or where it is no text, which is noted."""
        cell = self.cell(place)
        self.used.add(place)
        if cell.wrong:
            self.fault(place, expected, cell.wrong)
            return ""
        if merged := self._merged_with_others(place):
            self.fault(place, f"a cell of its own for {expected}", f"the merged cells {merged}")
            return ""
        text = raw(cell.text) if cell.exact else read(cell.text)
        if text.strip() and not looks(text):
            self.fault(place, "a text that one can see", "characters that are drawn as nothing")
            return ""
        return text if text.strip() else ""

    def need(self, place: Place, expected: str, read: Callable[[str], str] = line) -> str:
        """The same where something has to stand."""
        before = len(self.faults)
        text = self.take(place, expected, read)
        if not text and len(self.faults) == before:
            self.fault(place, expected, "nothing")
        return text

    def _merged_with_others(self, place: Place) -> str:
        """The range of the merged cells that this one is lost in, if something stands there that belongs to another."""
        first, area = self.sheet.merged.get(place, (place, ""))
        row, column = first
        ours = column == place[1] and row in self.together
        return "" if ours or self.is_empty(first) else area


def cell_name(place: Place) -> str:
    """A cell as people call it.

    >>> cell_name((9, 3))
    'C9'
    """
    from openpyxl.utils import get_column_letter

    row, column = place
    return f"{get_column_letter(column)}{row}"


@dataclass
class Found:
    """A table of a sheet.

    Attributes:
        head: the row with its heads.
        columns: by head, those that it should have.
        others: the heads that it has besides, by column.
        end: the row behind its last one.
    """

    table: Table
    head: int
    columns: dict[str, int]
    others: dict[int, str]
    end: int = 0

    @property
    def key_head(self) -> Place:
        """The cell of the head by which it was found."""
        return self.head, self.columns[self.table.key]

    def rows(self, reading: Reading) -> Iterator[int]:
        """The rows with something in them, but for lines of ours."""
        for row in range(self.head + 1, self.end):
            filled = reading.filled.get(row, [])
            ours = [place for place in filled if line(reading.cell(place).text) in SAID]
            reading.used.update(ours)
            if len(filled) > len(ours):
                yield row


def find_tables(reading: Reading, tables: tuple[Table, ...]) -> dict[str, Found]:
    """The tables of a sheet by their key; of each the first row of heads that there is."""
    found: dict[str, Found] = {}
    for row in reading.filled:
        for table in tables:
            if table.key not in found and (one := _heads(reading, row, table)):
                found[table.key] = one
                break
    heads = sorted(one.head for one in found.values())
    last = max(reading.filled, default=0)
    for one in found.values():
        one.end = next((head for head in heads if head > one.head), last + 1)
    return found


def _heads(reading: Reading, row: int, table: Table) -> Found | None:
    """The heads in this row, if it has the table's key and another one."""
    known = {known_as(head): head for head in (*table.heads, *table.beside)}
    if known_as(table.key) not in [known_as(reading.cell(place).text[:_LONGEST_HEAD]) for place in reading.filled[row]]:
        return None
    found = Found(table, row, {}, {})
    twice: list[tuple[Place, str]] = []
    for place in reading.filled[row]:
        text = line(reading.cell(place).text)
        head = known.get(known_as(text))
        if head in found.columns:
            twice.append((place, head))
        elif head:
            found.columns[head] = place[1]
        elif text:
            found.others[place[1]] = text
    if len(found.columns) < 2:
        return None
    for place, head in twice:
        reading.fault(place, "each head once", f"“{head}” again")
    reading.used.update(reading.filled[row])
    for head in table.heads:
        if head not in found.columns:
            others = ", ".join(f"“{shown(text)}”" for text in found.others.values())
            reading.fault(found.key_head, f"the head “{head}” in this row, too", others or "no such head")
    return found


def left_over(reading: Reading, tables: dict[str, Found]) -> None:
    """Notes each cell of a table that nothing was made of, so that nothing is lost in silence."""
    for one in tables.values():
        beside = {one.columns.get(head) for head in one.table.beside}
        for row in range(one.head + 1, one.end):
            for place in reading.filled.get(row, []):
                if place not in reading.used and place[1] not in beside:
                    cell = reading.cell(place)
                    expected = "nothing, because this column has no head that is known"
                    reading.fault(place, expected, cell.wrong or f"“{shown(line(cell.text))}”")
