"""The levels of a value code and the votes on them, as the widgets draw them."""

from collections.abc import Sequence
from typing import Any

from npswidgets.domain.rubric import Rubric, ValueCode
from npswidgets.domain.scale import Scale
from npswidgets.domain.workshop import Round
from npswidgets.screens import words


def level_names(scale: Scale) -> list[dict[str, Any]]:
    """The levels as widgets name them, lowest first: {"value": 3, "name": "Mature", "colour": "#.", "dark": "#."}."""
    return [
        {"value": level.value, "name": level.name, "colour": colour, "dark": dark}
        for level, colour, dark in zip(scale.levels, scale.colours, scale.colours_on_dark, strict=True)
    ]


def level_rows(rubric: Rubric, code: ValueCode) -> list[dict[str, Any]]:
    """The same for a value code, with the "statements": [...] of each level.

    A level that has neither name nor statements says "between" which two that have words it stands.
    """
    rows = [level | {"statements": list(code.levels[level["value"]])} for level in level_names(rubric.scale)]
    return [row | _between(rubric.scale, rows, at) for at, row in enumerate(rows)]


def _between(scale: Scale, rows: Sequence[dict[str, Any]], at: int) -> dict[str, str]:
    with_words = [place for place, row in enumerate(rows) if row["name"] or row["statements"]]
    below = [place for place in with_words if place < at]
    above = [place for place in with_words if place > at]
    if at in with_words or not below or not above:
        return {}
    ends = scale.levels[below[-1]], scale.levels[above[0]]
    return {"between": f" of {scale.ends}, between {ends[0]} and {ends[1]}"}


def vote_columns(shown: Sequence[Round], most: int) -> list[dict[str, Any]]:
    """The `rounds` of the last votes shown, oldest first; older ones than `most` find no room beside each other."""
    return [{"label": words.VOTES[one.number], "counts": list(one.counts)} for one in shown[-most:]]
