"""The votes of a topic, as dots on its levels."""

from collections.abc import Iterable
from typing import Any

import traitlets

from npswidgets.widgets.alone import board_traits
from npswidgets.widgets.base import Widget, rubric_nouns


class VoteBoard(Widget, files="vote_board"):
    """The levels from top to bottom, and on them the votes shown: dots for the last round, rings for older ones.

    All traits are written by Python. Rows keep their place when votes come.

    Attributes:
        levels: of `screens.levels.level_rows`; nothing is drawn without them.
        rounds: the rounds shown, oldest first, as {"label": "first scores", "counts": [3, 4, 4, 4, 0]}; empty before.
        own: the level that this person chose in the last round.
        statements: whether the statements stand beside the levels.
        summary: the sentence under the votes.

    `VoteBoard(counts=(3, 4, 4, 4, 0))` stands alone: how many votes are on each level, lowest first; or several of
    these, for several rounds. A Series or an array does as well. With `levels` of `levels_of` the statements stand
    beside.
    """

    levels = traitlets.List(traitlets.Dict()).tag(sync=True)
    rounds = traitlets.List(traitlets.Dict()).tag(sync=True)
    own = traitlets.Int(None, allow_none=True).tag(sync=True)
    statements = traitlets.Bool(True).tag(sync=True)
    summary = traitlets.Unicode().tag(sync=True)
    nouns = rubric_nouns()

    def __init__(self, counts: Iterable[Any] | None = None, **traits: Any) -> None:
        super().__init__(**board_traits(counts, traits))
