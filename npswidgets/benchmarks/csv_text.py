"""The rows of a CSV file as Excel, LibreOffice, Numbers or our own export save it."""

import codecs
import csv
from collections.abc import Iterator, Sequence
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


def decoded(data: bytes) -> str:
    """The text: by its byte-order mark, else UTF-8, else what Windows calls ANSI."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if data[1:2] == b"\0":
        return data.decode("utf-16-le", errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def csv_rows(text: str) -> list[list[str]]:
    """All rows, empty ones as well, so that the first is row 1 as in a spreadsheet.

    Raises:
        BenchmarkFaults: a quotation mark is opened and not closed.
    """
    lines = text.splitlines(keepends=True)
    given = next((line.strip() for line in lines if line.strip()), "")
    named = given.lower().startswith("sep=") and len(given) == 5
    separator = given[4] if named else max(_SEPARATORS, key=_unquoted(given).count)
    found = _read(text, separator)
    return [[], *found[1:]] if named else found


def _unquoted(line: str) -> str:
    return "".join(line.split('"')[::2])


def _read(text: str, separator: str) -> list[list[str]]:
    found: list[list[str]] = []
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        found.extend(rows)
    except csv.Error:
        raise BenchmarkFaults([_open_quote(len(found) + 1)]) from None
    return found


def _open_quote(number: int) -> str:
    return f'row {number}: a quotation mark (") is opened and not closed. Close it, or take it away'


def unnamed(rows: Sequence[Sequence[object]]) -> Iterator[tuple[int, Sequence[object]]]:
    """The rows that hold something, with their numbers."""
    return ((number, row) for number, row in enumerate(rows, 1) if any(str(cell or "").strip() for cell in row))
