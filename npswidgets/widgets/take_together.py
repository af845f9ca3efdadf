"""The scores that the room is asked to take without talk, for one person."""

from collections.abc import Callable
from typing import Any

import traitlets

from npswidgets.errors import WorkshopError
from npswidgets.widgets.base import Widget
from npswidgets.widgets.message_limits import UNREADABLE


class TakeTogether(Widget, files="take_together"):
    """Each topic with its level, and a tick for who wants to talk about it. Nothing is drawn without rows.

    Attributes:
        rows: {"code", "name", "level" (such as "3 Mature"), "talk": whether this person ticked it}. Written by Python.
        problem: why the last tick was not saved; empty if it was. Written by Python.
        on_wish: called with a code and whether the person wants to talk about it.
    """

    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_wish: Callable[[str, bool], None] = lambda *_: None

    def receive(self, message: dict[str, Any]) -> None:
        """Takes {"kind": "wish", "code", "wanted"}."""
        match message:
            case {"kind": "wish", "code": str(code), "wanted": bool(wanted)}:
                self.on_wish(code, wanted)
            case _:
                raise WorkshopError(UNREADABLE)
