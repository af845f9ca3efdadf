"""From a source to figures by value code, or all that is wrong with it."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from npswidgets.benchmarks.csv_text import MOST_ABOVE, head_name, is_head, unnamed
from npswidgets.benchmarks.source import Rows, tables_in
from npswidgets.domain.nearest import nearest, shown
from npswidgets.domain.scale import Scale
from npswidgets.domain.spreadsheets import as_text, taken_for
from npswidgets.errors import BenchmarkFaults

_UNSEEN = re.compile("^\u00ef\u00bb\u00bf|[\u200b\u200c\u200d\u2060\ufeff]")
"""What nobody sees, and a byte-order mark that a program took for three letters."""

MOST_NAMED = 5
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


def read_benchmark(source: object, codes: Collection[str], scale: Scale) -> dict[str, float]:
    """The figure of each value code that the source gives one for; a row without a figure is left out.

    The source has the columns `code` and `score`; others do not matter. Empty rows and blanks around a code are
    nothing; a comma in a figure is a decimal point.

    Args:
        source: the path of a CSV file or workbook, a DataFrame or Series by value code, or a dict.
        codes: the ids of the value codes that the rubric has.
        scale: within which the figures are.

    Raises:
        NotFound: there is no such file.
        BenchmarkFaults: it names every fault by its row.
    """
    try:
        rows = _table(tables_in(source))
    except BenchmarkFaults as found:
        raise BenchmarkFaults(found.faults, _name(source)) from None
    figures: dict[str, float] = {}
    first: dict[str, int] = {}
    faults: list[str] = []
    for number, given, score in rows:
        code, fault = _code(given, codes)
        figure, wrong = _figure(score, scale)
        if not fault and code in first:
            fault = f"“{code}” stands in row {first[code]} already. Give each value code one row"
        first.setdefault(code, number)
        faults += [f"row {number}: {one}" for one in (fault, wrong) if one]
        if figure is not None:
            figures[code] = figure
    if faults:
        raise BenchmarkFaults(faults, _name(source))
    return figures


def benchmark_csv(figures: Mapping[str, float]) -> str:
    """The figures as a CSV file that `read_benchmark` reads back."""
    return "".join(["code,score\r\n", *(f"{as_text(code)},{figure!r}\r\n" for code, figure in figures.items())])


def _name(source: object) -> str:
    return str(source) if isinstance(source, str | Path) else "benchmark"


def _table(tables: Iterable[Rows]) -> list[tuple[int, object, object]]:
    """Row number, code and score of the first table with such a head; rows with neither are left out."""
    heads: list[str] = []
    for table in tables:
        filled = list(unnamed(table))
        names = [[head_name(_text(cell)) for cell in row] for _, row in filled[:MOST_ABOVE]]
        head = next((at for at, one in enumerate(names) if is_head(one)), None)
        if head is not None:
            places = names[head].index("code"), names[head].index("score")
            rows = [(number, _at(row, places[0]), _at(row, places[1])) for number, row in filled[head + 1 :]]
            return [(number, code, score) for number, code, score in rows if _text(code) or _text(score)]
        heads += [name for name in (names[0] if names else ()) if name]
    found = ", ".join(f"“{shown(name)}”" for name in heads[:12]) or "nothing: there is no row with anything in it"
    raise BenchmarkFaults([f"expected the columns code and score, each once, found {found}"])


def _at(row: Sequence[object], place: int) -> object:
    return row[place] if place < len(row) else None


def _text(cell: object) -> str:
    """What a cell says, without what nobody sees."""
    return "" if cell is None or cell != cell else _UNSEEN.sub("", str(cell)).strip()  # not a number


def _code(given: object, codes: Collection[str]) -> tuple[str, str]:
    """The id of the value code, and what is wrong with it."""
    whole = isinstance(given, float) and given.is_integer()
    text = _text(int(given) if whole else given)  # type: ignore[call-overload]  # a float, as the line before says
    if not text:
        return "", "there is a score without a code"
    wanted = text.removeprefix("'").casefold()  # our own CSV puts one before what is taken for something else
    code = next((one for one in codes if one.casefold() == wanted), "")
    if code:
        return code, ""
    return text, f"the rubric has no value code “{shown(text)}”.{nearest(text, codes) or _changed(given, codes)}"


def _changed(given: object, codes: Collection[str]) -> str:
    """A sentence about the ids that a program may have changed to this, if it is no text or does not look like one."""
    known = [f"“{one}”" for one in codes if taken_for(one)] if not isinstance(given, str) or taken_for(given) else []
    if not known:
        return ""
    named = ", ".join(known[:MOST_NAMED])
    return f" A program may have changed {named} to it: write a ' before such an id, as our files do"


def _figure(given: object, scale: Scale) -> tuple[float | None, str]:
    """The figure, None for an empty cell, and what is wrong with it."""
    text = _text(given)
    number = float(text.replace(",", ".")) if _NUMBER.fullmatch(text) and not isinstance(given, bool) else None
    if number is not None and scale.lowest <= number <= scale.highest:
        return number, ""
    return None, f"expected a number from {scale.ends} as the score, found “{shown(given)}”" if text else ""
