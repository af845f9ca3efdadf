"""What a page of ours is told of its widgets: the traits that its scripts read.

Scripts and styles are on the page already, and of a layout it knows whether something is shown. So what a page is told
weighs a third of what Jupyter's front end would need.
"""

from collections.abc import Mapping
from typing import Any

import ipywidgets
from ipywidgets.widgets.widget import _instances

OURS = ("_anywidget_id", "_dom_classes", "_view_name")
"""Of the traits whose names begin with "_": which widget it is, its classes, and what kind of a box."""
LEFT_OUT = ("box_style", "tabbable", "tooltip")


def state_for_page(widget: ipywidgets.Widget) -> dict[str, Any]:
    """What a page of ours needs of one widget."""
    if isinstance(widget, ipywidgets.Layout):
        return {"display": widget.display}
    return told(widget.get_state())


def told(state: Mapping[str, Any]) -> dict[str, Any]:
    """Of all that is in a widget what a page of ours needs."""
    return {name: state[name] for name in state if name in OURS or not (name[0] == "_" or name in LEFT_OUT)}


def states_for_page(changed: Mapping[str, int], since: int = -1) -> dict[str, dict[str, Any]]:
    """What a page needs of the widgets that have changed since a revision, by their ids, in Jupyter's shape.

    Args:
        changed: the revisions of those that have changed at all.
        since: below 0 for all widgets, but for layouts that say nothing.
    """
    found = {name: one for name, one in _instances.items() if changed.get(name, 0) > since}
    return {name: {"state": state_for_page(one)} for name, one in found.items() if name in changed or not is_plain(one)}


def is_plain(widget: ipywidgets.Widget) -> bool:
    """Whether a page need not know it."""
    return isinstance(widget, ipywidgets.Layout) and widget.display is None
