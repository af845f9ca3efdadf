"""The rows of a benchmark, whatever it is in: a CSV file, a workbook (also under the name of a CSV), a DataFrame."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from warnings import catch_warnings
from zipfile import ZipFile

from npswidgets.benchmarks.csv_text import csv_rows, decoded
from npswidgets.domain.nearest import nearest
from npswidgets.errors import BenchmarkFaults, NotFound

MOST_BYTES = 20_000_000
MOST_UNPACKED = 10 * MOST_BYTES
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Rows = list[list[Any]]


def tables_in(source: object) -> list[Rows]:
    """All tables in the source, each with its head as a row; a file of text is one.

    Args:
        source: a path; or what has value codes as its index or in a column `code`, as a DataFrame, a Series or a dict.

    Raises:
        NotFound: there is no such file.
        BenchmarkFaults: the file cannot be read as a table.
    """
    if isinstance(source, str | Path):
        return _in_file(Path(source))
    if isinstance(source, Mapping):
        return [[["code", "score"], *([code, score] for code, score in source.items())]]
    if hasattr(source, "reset_index"):
        return [_in_frame(source)]
    raise BenchmarkFaults([f"expected a path, a DataFrame or a dictionary, found {type(source).__name__}"])


def _in_frame(source: Any) -> Rows:
    """A DataFrame with a column `code` or with value codes as its index; a Series of scores by value code."""
    frame = source.to_frame("score") if hasattr(source, "to_frame") and not hasattr(source, "columns") else source
    if getattr(frame.index, "nlevels", 1) > 1 or getattr(frame.columns, "nlevels", 1) > 1:
        raise BenchmarkFaults(["expected one row for each value code, found an index or a head of several levels"])
    if "code" not in [str(one).strip().casefold() for one in frame.columns]:
        frame = frame.rename_axis("code").reset_index()
    cells = frame.astype(object).where(frame.notna(), None)
    return [list(map(str, frame.columns)), *cells.to_numpy().tolist()]


def _in_file(path: Path) -> list[Rows]:
    data = _bytes_of(path)
    if len(data) > MOST_BYTES:
        raise BenchmarkFaults([f"the file has more than {MOST_BYTES // 1_000_000} MB, which no benchmark has"])
    if data.startswith(_WORKBOOK):
        return _in_workbook(data)
    if data.startswith(_OLD_WORKBOOK):
        raise BenchmarkFaults(
            ["this is a workbook of an old Excel, or one with a password. Save it as .xlsx or CSV, without one"]
        )
    return [csv_rows(decoded(data))]


def _bytes_of(path: Path) -> bytes:
    """What is in the file, no more than shows that it is too large. A pipe or a device may never end."""
    try:
        place = path.expanduser()
        if place.exists() and not (place.is_file() or place.is_dir()):
            raise NotFound(f"{path}: this is no file. Give the path of a CSV file or a workbook.")
        with place.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError, RuntimeError) as error:
        raise NotFound(_unreadable(path, error)) from None


def _unreadable(path: Path, error: Exception) -> str:
    why = getattr(error, "strerror", None) or "no file is called so"
    try:
        known = sorted(one.name for one in path.parent.iterdir())
    except (OSError, ValueError):
        known = []
    meant = "" if path.name in known else nearest(path.name, known)
    return f"{path}: this file cannot be read ({why}).{meant or ' Check its name and its rights.'}"


def _in_workbook(data: bytes) -> list[Rows]:
    from openpyxl import load_workbook

    try:
        unpacked = sum(one.file_size for one in ZipFile(BytesIO(data)).infolist())
        if unpacked <= MOST_UNPACKED:
            with catch_warnings(action="ignore"):  # of what it leaves out, such as drop-down lists
                book = load_workbook(BytesIO(data), read_only=True, data_only=True)
                return [[list(row) for row in page.iter_rows(values_only=True)] for page in book.worksheets]
    except Exception:  # a file can be broken in more ways than its readers have errors for
        raise BenchmarkFaults(["this is no workbook that can be read. Save it again as .xlsx or CSV"]) from None
    raise BenchmarkFaults([f"the workbook holds more than {MOST_UNPACKED // 1_000_000} MB, which no benchmark has"])
