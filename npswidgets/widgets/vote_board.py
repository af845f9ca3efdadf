"""The votes of a topic, as dots on its levels."""

import traitlets

from npswidgets.widgets.base import Widget


class VoteBoard(Widget, files="vote_board"):
    """The levels from top to bottom, and on them the votes shown: dots for the last round, rings for older ones.

    All traits are written by Python. Rows keep their place when votes come.

    Attributes:
        levels: of `screens.levels.level_rows`; nothing is drawn without them.
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
