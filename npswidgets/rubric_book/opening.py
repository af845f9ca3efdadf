"""The sheets and cells of a workbook that somebody hands over, looked through before anything in it is read.

A workbook is a zip of XML files. Bounds come first: what the file holds and what it holds unpacked. Then each XML file
is read once by a parser that refuses entities; only then openpyxl reads the cells, without pictures, links or macros.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from warnings import catch_warnings
from zipfile import BadZipFile, ZipFile

from npswidgets.domain.nearest import shown
from npswidgets.errors import Fault, NotFound, RubricFaults

MOST_BYTES = 5_000_000
"""The workbook of the diagnostic of 2018 has a fiftieth of it."""
TOO_LARGE = f"a file of more than {MOST_BYTES // 1_000_000} MB, which no rubric needs. Take the pictures out"
MOST_UNPACKED = 20_000_000
MOST_ELEMENTS, DEEPEST = 300_000, 50
"""Of XML in all files together: what a file of 50 KB unpacks to could take gigabytes of memory."""
MOST_OF_STYLES = 60_000
"""The same of cells' formats, which take fifty times as long to read."""
MOST_FILES = 1_000
MOST_ROWS, MOST_COLUMNS = 5_000, 200
MOST_CELLS = 200_000

_ZIP, _OLD, _PDF = b"PK", b"\xd0\xcf\x11\xe0", b"%PDF"
_SAVE = "Save it as “Excel workbook (.xlsx)”"
_TRUE = ("1", "true")
_NUMBER_AS_IT_IS = ("General", "0", "@")
"""Formats in which a whole number is shown as it is."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell.

    Attributes:
        text: what people read there; empty where it is neither text nor number.
        wrong: what was found, where it cannot be taken as a text.
        exact: typed to be taken as it is, spaces and all.
    """

    text: str = ""
    wrong: str = ""
    exact: bool = False


@dataclass
class Sheet:
    """What stands in a sheet, by row and column, both counted from 1.

    Attributes:
        merged: the first cell and the range of each merged cell but the first ones.
        hidden: whether people see the sheet only when they ask for it.
        hidden_rows: the rows of which that is true, and `hidden_columns`.
    """

    title: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merged: dict[tuple[int, int], tuple[tuple[int, int], str]] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


class NoBook(Exception):
    """No workbook that can be read; the text says what was found, and what to do."""


def open_book(data: bytes, name: str) -> list[Sheet]:
    """The sheets of a workbook, in their order.

    Raises:
        RubricFaults: it is none, it is too large, or it is not safe to read.
    """
    try:
        parts = _looked_through(data)
        with catch_warnings(action="ignore"):  # of what it leaves out, such as lists to choose from
            return list(_sheets(data, parts))
    except NoBook as why:
        found = str(why)
    except (RubricFaults, MemoryError, KeyboardInterrupt):
        raise
    except Exception:  # a file can be broken in more ways than its readers have errors for
        found = f"a file that cannot be read. Open it in Excel or LibreOffice. {_SAVE}"
    raise RubricFaults((Fault(name, "whole file", "an Excel workbook (.xlsx)", found),)) from None


def bytes_of(path: Path) -> bytes:
    """What is in the file, no more than shows that it is too large.

    Raises:
        NotFound: there is no such file. A pipe or a device may never end.
    """
    try:
        if path.exists() and not path.is_file():
            raise NotFound(f"{path}: this is no file. Give the path of a workbook.")
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no file is called so"
        raise NotFound(f"{path}: this file cannot be read ({why}). Check its name and its rights.") from None


@dataclass
class _Part:
    """What a sheet's XML says that openpyxl does not tell of sheets that it reads only."""

    elements: int = 0
    cells: int = 0
    formulas: bool = False
    merged: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def _looked_through(data: bytes) -> dict[str, _Part]:
    """The sheets' XML files by path, after bounds, entities and macros have been looked for."""
    if len(data) > MOST_BYTES:
        raise NoBook(TOO_LARGE)
    if not data.startswith(_ZIP):
        raise NoBook(_kind_of(data))
    try:
        with ZipFile(BytesIO(data)) as packed:
            _refuse_other_kinds(packed)
            return _read_through(packed)
    except (BadZipFile, EOFError, NotImplementedError, OSError):
        raise NoBook(f"a file that is broken or not complete. Copy it again, or open it in Excel. {_SAVE}") from None


def _kind_of(data: bytes) -> str:
    if not data:
        return "an empty file"
    if data.startswith(_OLD):
        return f"a workbook of an old Excel (.xls), or one with a password. {_SAVE}, without a password"
    if data.startswith(_PDF):
        return "a PDF. Give the workbook from which it was made"
    if b"\x00" in data[:1000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return f"a file of another kind. {_SAVE}"
    beginning = data[:1000].lstrip(b"\xef\xbb\xbf").lstrip().lower()
    if beginning.startswith((b"<html", b"<!doctype html")):
        return f"a web page. Open it in Excel. {_SAVE}"
    return f"a text, such as CSV, which has no sheets. Open it in Excel. {_SAVE}"


def _refuse_other_kinds(packed: ZipFile) -> None:
    files = packed.infolist()
    names = {one.filename for one in files}
    lower = {name.casefold() for name in names}
    if len(files) > MOST_FILES:
        raise NoBook(f"a file that holds {len(files):,} others, which no rubric needs")
    if any(one.flag_bits & 1 for one in files):
        raise NoBook("a file with a password. Save it without one")
    if sum(one.file_size for one in files) > MOST_UNPACKED:
        raise NoBook(f"a file that unpacks to more than {MOST_UNPACKED // 1_000_000} MB, which no rubric needs")
    if "mimetype" in names and "content.xml" in names:
        raise NoBook(f"a file of LibreOffice's own kind (.ods). {_SAVE}")
    if any(name.endswith("workbook.bin") for name in lower):
        raise NoBook(f"a binary workbook (.xlsb). {_SAVE}")
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in lower):
        raise NoBook(f"a workbook with macros, which are never taken. {_SAVE}: then it has none")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in lower):
        raise NoBook(f"a zip without a workbook in it, such as a Word document or packed files. {_SAVE}")
    if b"macroenabled" in packed.read("[Content_Types].xml").lower():
        raise NoBook(f"a workbook with macros (.xlsm), which are never taken. {_SAVE}: then it has none")


def _read_through(packed: ZipFile) -> dict[str, _Part]:
    from defusedxml.common import DefusedXmlException

    parts: dict[str, _Part] = {}
    cells, elements = MOST_CELLS, MOST_ELEMENTS
    for name in packed.namelist():
        if not name.casefold().endswith((".xml", ".rels", ".vml")):
            continue
        try:
            with packed.open(name) as file:
                styles = name.casefold().endswith("styles.xml")
                part = _read_one(file, cells, min(elements, MOST_OF_STYLES) if styles else elements)
        except DefusedXmlException:
            raise NoBook(f"a workbook with entities of XML, which no spreadsheet writes. {_SAVE}") from None
        cells, elements = cells - part.cells, elements - part.elements
        parts[name.casefold()] = part
    return parts


def _read_one(file: IO[bytes], most_cells: int, most_elements: int) -> _Part:
    """Reads a file of XML once; entities and document types are refused by the parser."""
    from defusedxml.ElementTree import iterparse

    part, row, deep = _Part(), 0, 0
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        tag = element.tag.rpartition("}")[2]
        part.elements += event == "start"
        deep += 1 if event == "start" else -1
        if part.elements > most_elements or deep > DEEPEST:
            raise NoBook("a workbook with far more in it than any rubric needs. Copy its sheets into a new one")
        if event == "start" and tag == "row":
            row = int(element.get("r") or row + 1)
            part.hidden_rows.update([row] if element.get("hidden") in _TRUE else ())
        elif event == "start" and tag == "col" and element.get("hidden") in _TRUE:
            last = min(int(element.get("max", 0)), MOST_COLUMNS)
            part.hidden_columns.update(range(int(element.get("min", 1)), last + 1))
        elif event == "end" and tag == "c":
            part.cells += 1
            part.formulas = part.formulas or any(one.tag.endswith("}f") for one in element)
            if len(element):
                _refuse_far(element.get("r") or "")
        elif event == "end" and tag == "mergeCell":
            part.merged.append(str(element.get("ref")))
            part.cells += _size(part.merged[-1])
        if part.cells > most_cells:
            raise NoBook(f"a workbook with more than {MOST_CELLS:,} cells, merged ones counted, which no rubric needs")
        if event == "end" and tag in ("row", "si"):
            element.clear()
    return part


def _refuse_far(place: str) -> None:
    from openpyxl.utils.cell import coordinate_to_tuple

    row, column = coordinate_to_tuple(place) if place else (1, 1)
    if row > MOST_ROWS or column > MOST_COLUMNS:
        expected = f"cells up to row {MOST_ROWS:,} and column {MOST_COLUMNS}"
        raise NoBook(f"something in cell {place}, beyond {expected}. Take it out, or delete the empty rows above it")


def _sheets(data: bytes, parts: dict[str, _Part]) -> Iterator[Sheet]:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
    if not book.worksheets:
        raise NoBook("a workbook without a sheet")
    results = None
    if any(part.formulas for part in parts.values()):
        results = load_workbook(BytesIO(data), read_only=True, keep_links=False, data_only=True)
    for n, page in enumerate(book.worksheets):
        part = parts[page._worksheet_path.lstrip("/").casefold()]  # else nobody has looked through it
        sheet = Sheet(page.title, hidden=page.sheet_state != "visible")
        sheet.hidden_rows, sheet.hidden_columns = frozenset(part.hidden_rows), frozenset(part.hidden_columns)
        sheet.cells = dict(_cells(page, results.worksheets[n] if results else None))
        for area in part.merged:
            _merge(sheet, area)
        yield sheet


def _cells(page: Any, results: Any) -> Iterator[tuple[tuple[int, int], Cell]]:
    found = {} if results is None else {(one.row, one.column): one for one in _filled(results)}
    for one in _filled(page):
        place = (one.row, one.column)
        yield place, _formula(one, found.get(place)) if one.data_type == "f" else _cell(one)


def _filled(page: Any) -> Iterator[Any]:
    for row in page.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS):
        yield from (cell for cell in row if cell.value is not None)


def _formula(cell: Any, result: Any) -> Cell:
    """The saved result of a formula, as long as there is one."""
    written = shown(getattr(cell.value, "text", cell.value))
    if result is None:
        return Cell(wrong=f"the formula {written} without a saved result; type the text in its place")
    found = _cell(result)
    return Cell(found.text, f"{found.wrong}, from the formula {written}" if found.wrong else "")


def _cell(cell: Any) -> Cell:
    value = cell.value
    if cell.data_type == "e":
        return Cell(wrong=f"the error {value}")
    if isinstance(value, bool):
        return Cell(str(value), wrong=f"the truth value {str(value).upper()}")
    if isinstance(value, datetime | date | time | timedelta):
        return Cell(wrong=f"a date or time ({value}); type ' before it, so that it stays a text")
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    return Cell(str(value), exact=bool(getattr(cell.style_array, "quotePrefix", 0)))


def _number(value: float, shown_as: str) -> Cell:
    """A number as it is shown where that is as it is; 0.5 that is shown as 50 % is neither of the two texts."""
    text = f"{value:.15g}"
    whole = float(value).is_integer()
    if "e" in text or not (shown_as in ("General", "@") or (whole and shown_as in _NUMBER_AS_IT_IS)):
        return Cell(
            wrong=f"the number {text}, shown in the format “{shown_as}”; type ' before it, so that it stays a text"
        )
    return Cell(text)


def _size(area: str) -> int:
    """How many cells are merged into one."""
    from openpyxl.utils.cell import range_boundaries

    left, top, right, bottom = range_boundaries(area)
    return int((bottom - top + 1) * (right - left + 1))


def _merge(sheet: Sheet, area: str) -> None:
    from openpyxl.utils.cell import range_boundaries

    left, top, right, bottom = range_boundaries(area)
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            if (row, column) != (top, left):
                sheet.merged[row, column] = ((top, left), area)
