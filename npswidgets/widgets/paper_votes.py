"""Where the facilitator enters the votes that people give on paper."""

import traitlets

from npswidgets.widgets.base import Widget


class PaperVotes(Widget, files="paper_votes", scripts=("paper_keys",)):
    """A field for each person on paper; what is typed is hidden at once. All traits are written by Python.

    Attributes:
        name: the topic's.
        code, round: the vote that is open.
        levels: the values that a vote can have, lowest first.
        total: how many fields there are; nothing is drawn for 0.
        entered: the numbers of those that are filled, from 1 on. What was entered is nowhere.
        problem: such as that there are more votes than people on paper.
    """

    name = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    round = traitlets.Int().tag(sync=True)
    levels = traitlets.List(traitlets.Int()).tag(sync=True)
    total = traitlets.Int().tag(sync=True)
    entered = traitlets.List(traitlets.Int()).tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
