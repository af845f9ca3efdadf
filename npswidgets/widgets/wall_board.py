"""The levels of a topic on the big screen, and the votes on them."""

import traitlets

from npswidgets.widgets.base import Widget, rubric_nouns


class WallBoard(Widget, files="wall_board", scripts=("wall_rows",)):
    """The levels from top to bottom, their statements as large as fits, and marks for the votes shown.

    All traits are written by Python. Where a row stands depends on the levels alone: none moves when votes come.

    Attributes:
        levels: of `screens.levels.level_rows`; nothing is drawn without them.
        rounds: the rounds shown, oldest first, at most two, as {"label": "vote in the room", "counts": [3, 4, 0]}.
        voting: whether people read and vote: the statements come first, and give way to no votes of an earlier round.
    """

    levels = traitlets.List(traitlets.Dict()).tag(sync=True)
    rounds = traitlets.List(traitlets.Dict()).tag(sync=True)
    voting = traitlets.Bool().tag(sync=True)
    nouns = rubric_nouns()
