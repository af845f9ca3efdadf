"""How somebody who goes says so, on the own phone."""

import traitlets

from npswidgets.widgets.base import Widget


class Leaving(Widget, files="leaving"):
    """Folded until somebody opens it: "I am leaving"; and for who has left, "I am here". All traits are from Python.

    Attributes:
        state: "here" where somebody may leave, "left" for who has; nothing is drawn for "".
        problem: why the last click did nothing.
    """

    state = traitlets.Enum(("", "here", "left"), "").tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
