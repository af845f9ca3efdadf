"""The votes of a topic, as dots on its levels."""

from collections.abc import Sequence
from typing import Any

import traitlets

from npswidgets.domain.rubric import Rubric, ValueCode
from npswidgets.domain.workshop import Round
from npswidgets.screens import words
from npswidgets.widgets.base import Widget


class VoteBoard(Widget, files="vote_board"):
    """The five levels from top to bottom, and on them the votes shown: dots for the last round, rings for older ones.

    All traits are written by Python. Rows keep their place when votes come.

    Attributes:
        levels: of `level_rows`; nothing is drawn without them.
        rounds: the rounds shown, oldest first, as {"label": "first vote", "counts": [3, 4, 4, 4, 0]}; empty before.
        own: the level that this person chose in the last round.
        statements: whether the statements stand beside the levels.
        summary: the sentence under the votes.
    """

    levels = traitlets.List(traitlets.Dict()).tag(sync=True)
    rounds = traitlets.List(traitlets.Dict()).tag(sync=True)
    own = traitlets.Int(None, allow_none=True).tag(sync=True)
    statements = traitlets.Bool(True).tag(sync=True)
    summary = traitlets.Unicode().tag(sync=True)


def level_rows(rubric: Rubric, code: ValueCode) -> list[dict[str, Any]]:
    """The levels of a value code as the widgets draw them: {"value": 3, "name": "Mature", "statements": [...]}."""
    return [
        {"value": level.value, "name": level.name, "statements": list(code.levels[level.value])}
        for level in rubric.levels
    ]


def vote_columns(shown: Sequence[Round], most: int) -> list[dict[str, Any]]:
    """The `rounds` of the last votes shown, oldest first; older ones than `most` find no room beside each other."""
    return [{"label": words.VOTES[one.number], "counts": list(one.counts)} for one in shown[-most:]]
