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
    """The same for a value code, with the "statements": [...] of each level."""
    return [level | {"statements": list(code.levels[level["value"]])} for level in level_names(rubric.scale)]


def vote_columns(shown: Sequence[Round], most: int) -> list[dict[str, Any]]:
    """The `rounds` of the last votes shown, oldest first; older ones than `most` find no room beside each other."""
    return [{"label": words.VOTES[one.number], "counts": list(one.counts)} for one in shown[-most:]]
