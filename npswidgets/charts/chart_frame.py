"""The figures behind a chart as a DataFrame, for charts of one's own."""

import re
from collections.abc import Sequence

import pandas as pd

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def chart_frame(head: Sequence[str], rows: Sequence[Sequence[str]]) -> pd.DataFrame:
    """The rows, under their head: numbers as `Int64` or `Float64`, texts as `string`, a missing one as `pd.NA`.

    See `Chart.table`.
    """
    columns: dict[str, pd.Series[object]] = {}
    for at, name in enumerate(head):
        columns |= _columns(name, [row[at] for row in rows])
    return pd.DataFrame(columns)


def _columns(name: str, given: Sequence[str]) -> "dict[str, pd.Series[object]]":
    """One column; behind one of numbers a second for the texts that stand in place of some."""
    numbers = [float(text) if _NUMBER.fullmatch(text) else None for text in given]
    texts = [
        None if text in ("", "–") or number is not None else text for text, number in zip(given, numbers, strict=True)
    ]
    noted = all(text is None or text.startswith("(") for text in texts)
    if not noted or all(number is None for number in numbers):
        return {name: pd.Series([text or None for text in given], dtype="string")}
    notes = {f"{name}: note": pd.Series(texts, dtype="string")} if any(texts) else {}
    kind = "Float64" if any("." in text for text in given if _NUMBER.fullmatch(text)) else "Int64"
    return {name: pd.Series(numbers, dtype=kind), **notes}
