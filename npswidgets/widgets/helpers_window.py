"""The links of helpers, for the facilitator: make one, show its QR code, withdraw it."""

import traitlets

from npswidgets.widgets.base import Widget


class HelpersWindow(Widget, files="helpers_window", scripts=("qr_code",), styles=("window",)):
    """A window that the menu opens by the event "nps:helpers". All traits are written by Python.

    The script draws no link where everybody sees this window.

    Attributes:
        possible: whether there can be helpers now; nothing opens without it.
        rows: {"number", "text", "used": whether a browser was opened by it} of each link that is valid.
        number: of the link that is shown; 0 for none.
        qr, link: of that one; empty unless it was asked for.
        problem: why the last click did nothing.
    """

    possible = traitlets.Bool(False).tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    number = traitlets.Int().tag(sync=True)
    qr = traitlets.Dict().tag(sync=True)
    link = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
