"""The scores that the room is asked to take without talk, for one person."""

import traitlets

from npswidgets.widgets.base import Widget


class TakeTogether(Widget, files="take_together"):
    """Each topic with its level, and a tick for who wants to talk about it. Nothing is drawn without rows.

    Attributes:
        rows: {"code", "name", "level" (such as "3 Mature"), "statements" of that level, "spread" of the votes, "own"
            (such as "Your first score: 3 Mature"; empty for none), "talk":
            whether this person ticked it}. Written by Python.
        problem: why the last tick was not saved; empty if it was. Written by Python.
    """

    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
