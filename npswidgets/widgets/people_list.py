"""Who joined, by time: for the facilitator to take one person out of the count, or to put somebody back."""

import traitlets

from npswidgets.widgets.base import Widget


class PeopleList(Widget, files="people_list", styles=("window",)):
    """A window that the menu opens by the event "nps:people". All traits are written by Python.

    Nothing in it tells who has voted.

    Attributes:
        state: how many there are, for its head; there is nothing to open without it.
        rows: {"number", "text", "hint", "counts", "label"} of each person, in the order in which they came.
        problem: why the last click did nothing.
    """

    state = traitlets.Unicode().tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
