"""The door: a band that says what the facilitator has to decide, and a window with all that can be done."""

import traitlets

from npswidgets.widgets.base import Widget


class DoorBand(Widget, files="door_band"):
    """Such as "60 people have joined; 30 were expected." and the buttons to it. All traits are written by Python.

    Attributes:
        rows: {"text", "buttons"} of each line of the band; none is drawn without one. A button is {"action", "label"},
            and "minutes" or "number" where it belongs to some people.
        state: how the door stands now, for the window; there is nothing to open without it.
        ways: {"title", "hint", "buttons"} of each part of the window.
        problem: why the last click did nothing.
    """

    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    state = traitlets.Unicode().tag(sync=True)
    ways = traitlets.List(traitlets.Dict()).tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
