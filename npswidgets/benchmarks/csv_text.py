"""The rows of a CSV file as Excel, LibreOffice, Numbers or our own export save it."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from npswidgets.errors import BenchmarkFaults

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = ",;\t|"
_BEGINNING = 100_000
"""Characters in which the head is looked for."""
MOST_ABOVE = 20
"""Rows that may stand above the head: a title, a date."""


def is_head(cells: Iterable[str]) -> bool:
    """Whether this is the row that names the columns."""
    names = list(cells)
    return names.count("code") == names.count("score") == 1


def head_name(cell: str) -> str:
    """How a column is called, whatever its case and whatever a program put around it."""
    return cell.casefold().strip("'\" \u00a0\u200b\ufeff\r\n")


def decoded(data: bytes) -> str:
    """The text: by its byte-order mark, else UTF-16 where every second byte is zero, else UTF-8, else Windows' ANSI."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        bytes_ = data[first:1000:2]
        if bytes_.count(0) > len(bytes_) // 2:
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def csv_rows(text: str) -> list[list[str]]:
    """All rows, empty ones as well, so that the first is row 1 as in a spreadsheet.

    Raises:
        BenchmarkFaults: a quotation mark is opened and not closed.
    """
    lines = [line.strip() for line in text[:_BEGINNING].splitlines() if line.strip()][:MOST_ABOVE]
    given = lines[0] if lines else ""
    named = given.lower().startswith("sep=") and len(given) == 5
    found = _read(text, given[4] if named else _separator(lines))
    return [[], *found[1:]] if named else found


def _separator(lines: Sequence[str]) -> str:
    """That of the row with the columns; where there is none, what stands most in the first row."""
    for line in lines:
        for separator in _SEPARATORS:
            if is_head(map(head_name, line.split(separator))):
                return separator
    first = "".join(lines[0].split('"')[::2]) if lines else ""
    return max(_SEPARATORS, key=first.count)


def _read(text: str, separator: str) -> list[list[str]]:
    found: list[list[str]] = []
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        found.extend(rows)
    except csv.Error as error:
        raise BenchmarkFaults([f"row {len(found) + 1}: {_why(str(error))}"]) from None
    return found


def _why(error: str) -> str:
    """What the reader of the standard library found, in words."""
    if "field larger" in error:
        return f'a cell has more than {csv.field_size_limit():,} characters. Shorten it, or close a quotation mark (")'
    if "expected after" in error:
        return 'a quotation mark (") stands inside a cell that is in quotation marks. Write it twice, or take it away'
    return 'a quotation mark (") is opened and not closed. Close it, or take it away'


def unnamed(rows: Sequence[Sequence[object]]) -> Iterator[tuple[int, Sequence[object]]]:
    """The rows that hold something, with their numbers."""
    return ((number, row) for number, row in enumerate(rows, 1) if any(str(cell or "").strip() for cell in row))
