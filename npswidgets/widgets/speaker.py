"""A widget whose browser side speaks to the facilitator's screen."""

from collections.abc import Callable
from typing import Any

from npswidgets.screens.facilitator.messages import Message, read
from npswidgets.widgets.base import Widget


class Speaker(Widget):
    """Base of the facilitator's widgets: each message is read, and handed to `hear`, which the screen sets.

    Says nothing to anybody until then.
    """

    hear: Callable[[Message], None] | None = None

    def receive(self, message: dict[str, Any]) -> None:
        """Hands a message on; raises RuleBroken for one that is not ours."""
        if self.hear:
            self.hear(read(message))
