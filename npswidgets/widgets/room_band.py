"""The band that says where the room is, when somebody looks elsewhere."""

import traitlets

from npswidgets.widgets.base import Widget


class RoomBand(Widget, files="room_band"):
    """Such as "The room is on Reporting.", and the way there. All traits are written by Python.

    Attributes:
        text: nothing is drawn without it.
        code: the value code that the room is on.
    """

    text = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
