"""The bar at the top of the facilitator's screen, with its menu."""

import traitlets

from npswidgets.widgets.base import Widget


class FacilitatorBar(Widget, files="facilitator_bar", scripts=("page_addresses", "big_screen"), styles=("big_screen",)):
    """Council, session, join code, when something was last saved, and the menu. All traits are written by Python.

    The style file of this widget holds the frame of the whole screen too: three columns below the bar.

    Attributes:
        session: the id of the session on this page; `several` where the workshop has others.
        code: with which people join, as they read it: "482 915"; empty for none.
        address: where they join; empty for none.
        saved_at: time of the last event, as ISO 8601.
        opening: another one for each kernel that the page goes on with.
        apart: where the page is while the room is elsewhere, as the message that leads there; empty with the room. A
            page that is reloaded goes back there.
        menu: {"action", "label", "group": "room", "screens" or "after"} of each item, and "session" where it leads to
            another one.
    """

    council = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    session = traitlets.Unicode().tag(sync=True)
    several = traitlets.Bool(False).tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    address = traitlets.Unicode().tag(sync=True)
    saved_at = traitlets.Unicode().tag(sync=True)
    opening = traitlets.Unicode().tag(sync=True)
    apart = traitlets.Dict().tag(sync=True)
    menu = traitlets.List(traitlets.Dict()).tag(sync=True)
