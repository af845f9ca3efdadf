"""The figures behind a chart as a DataFrame, for charts of one's own."""

import re
from collections.abc import Collection, Sequence

import pandas as pd

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_NOTHING = ("", "–")


def chart_frame(
    head: Sequence[str], rows: Sequence[Sequence[str]], texts: Collection[str], figures: Collection[str]
) -> pd.DataFrame:
    """The rows: numbers as `Int64` or `Float64`, texts as `string`, a missing one as `pd.NA`; see `ChartTable`."""
    columns: dict[str, pd.Series[object]] = {}
    for at, name in enumerate(head):
        given = [row[at] for row in rows]
        if name in texts:
            columns[name] = pd.Series([text or None for text in given], dtype="string")
        else:
            columns |= _numbers(name, given, "Float64" if name in figures else "Int64")
    return pd.DataFrame(columns)


def _numbers(name: str, given: Sequence[str], kind: str) -> "dict[str, pd.Series[object]]":
    """One column of numbers; behind it a second for the texts that stand in place of some."""
    numbers = [float(text) if _NUMBER.fullmatch(text) else None for text in given]
    texts = [None if text in _NOTHING or _NUMBER.fullmatch(text) else text for text in given]
    notes = {f"{name}: note": pd.Series(texts, dtype="string")} if any(texts) else {}
    return {name: pd.Series(numbers, dtype=kind), **notes}
