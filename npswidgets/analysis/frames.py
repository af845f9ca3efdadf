"""Tables as DataFrames. A missing cell is `pd.NA` (of a time `pd.NaT`); what is chosen from a list is categorical."""

from collections.abc import Callable, Sequence

import pandas as pd

from npswidgets.report.columns import KINDS, TABLES, VOTES, Cell, Column, Kind
from npswidgets.report.sheets import Sheet

_TYPES: dict[Kind, str] = {
    "text": "string",
    "whole": "Int64",
    "figure": "Float64",
    "index": "Float64",
    "yes": "boolean",
    "date": "datetime64[ns]",
}


METHODS = {"departments": "departments_voted"}
"""The methods of a workshop that are not called as the sheet is: `departments` are those that it was made with."""


def frame(table: Sheet, index: str = "") -> pd.DataFrame:
    """The table, typed also if it has no rows; `index` names the column that becomes the index.

    `attrs["columns"]` says of each column what it holds, and in which unit.
    """
    cells = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    made = {one.frame_name: _series(one, given) for one, given in zip(table.columns, cells, strict=True)}
    found = pd.DataFrame(made)
    found.attrs["columns"] = {one.frame_name: one.says for one in table.columns}
    return found.set_index(index) if index else found


def tables() -> pd.DataFrame:
    """All columns of all tables, a row each: table, column, what it holds, and as which type pandas has it.

    The index is the name of the method of a workshop, and of the column.
    """
    shown = {METHODS.get(name, name): columns for name, columns in (TABLES | {"votes": VOTES}).items()}
    rows = [(name, one.frame_name, one.says, KINDS[one.kind], _dtype(one)) for name in shown for one in shown[name]]
    return pd.DataFrame(rows, columns=["table", "column", "holds", "kind", "dtype"]).set_index(["table", "column"])


def _dtype(column: Column) -> str:
    if column.kind == "time":
        return "datetime64[ns, UTC]"
    return _TYPES.get(column.kind, "category (ordered)")


def _series(column: Column, cells: Sequence[Cell]) -> "pd.Series[object]":
    given = [pd.NA if cell is None or cell == "" else cell for cell in cells]
    make = _MAKERS.get(column.kind)
    return make(given, column) if make else pd.Series(given, dtype=_TYPES[column.kind])


def _choice(given: Sequence[object], column: Column) -> "pd.Series[object]":
    """An ordered categorical of strings, whose missing cells are `pd.NA`."""
    choices = pd.Index(column.choices, dtype="string")
    return pd.Series(pd.array(given, dtype="string")).astype(pd.CategoricalDtype(choices, ordered=True))


def _time(given: Sequence[object], _: Column) -> "pd.Series[object]":
    return pd.to_datetime(pd.Series(given, dtype="object"), utc=True).astype("datetime64[ns, UTC]")


def _day(given: Sequence[object], _: Column) -> "pd.Series[object]":
    return pd.to_datetime(pd.Series(given, dtype="object")).astype("datetime64[ns]")


_MAKERS: dict[Kind, Callable[[Sequence[object], Column], "pd.Series[object]"]] = {
    "level": _choice,
    "choice": _choice,
    "time": _time,
    "date": _day,
}
