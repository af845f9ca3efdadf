"""The line at the bottom of the wall."""

import traitlets

from npswidgets.widgets.base import Widget


class FootLine(Widget, files="foot_line"):
    """Short texts side by side, a dot for each person, and how long the vote has been open. Written by Python.

    The line keeps its height when it is empty, so that nothing above it moves.

    Attributes:
        texts: from left to right.
        small: a last text in small type, such as a source.
        filled: how many of the dots are filled.
        total: how many dots there are; 0 for none.
        elapsed: seconds at the moment of sending, which the browser counts on; None for no clock.
    """

    texts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    small = traitlets.Unicode().tag(sync=True)
    filled = traitlets.Int().tag(sync=True)
    total = traitlets.Int().tag(sync=True)
    elapsed = traitlets.Float(None, allow_none=True).tag(sync=True)
