"""How far somebody is who scores a whole theme alone, and the way to each topic."""

from collections.abc import Callable
from typing import Any

import traitlets

from npswidgets.errors import WorkshopError
from npswidgets.widgets.base import Widget


class FirstScores(Widget, files="first_scores"):
    """A line such as "4 of 13 scored", and behind it all topics. Nothing is drawn without rows.

    Attributes:
        words: how far this person is. Written by Python.
        rows: {"code", "name", "answer" (empty for none), "here"} of each topic. Written by Python.
        finished: all topics are scored and none is looked at, so that the list stands open. Written by Python.
        on_look: called with the code of the topic that the person goes to.
    """

    words = traitlets.Unicode().tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    finished = traitlets.Bool(False).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_look: Callable[[str], None] = lambda _: None

    def receive(self, message: dict[str, Any]) -> None:
        """Takes {"kind": "look_at", "code": one of the rows}."""
        code = message.get("code")
        if message.get("kind") != "look_at" or code not in [row["code"] for row in self.rows]:
            raise WorkshopError("There is no such topic. Open the page again, then go on.")
        self.on_look(str(code))
