"""What a browser says to a widget, before anybody asks what it means: nothing in it is deep, long or large.

So no answer, no log and no other message becomes long by what a browser made up, and no reader of JSON trips over it.
"""

from collections.abc import Iterator
from typing import Any

from npswidgets.errors import WorkshopError

UNREADABLE = "This page sent something that cannot be read. Open the page again, then go on."
TYPED = ("text", "seen", "reason", "not_applicable")
"""Under these names is what people typed."""
LONGEST_TYPED = 50_000
"""More than may be stored, so that the store says how long a text may be."""
TOO_LONG = "This text is far too long, and is not saved. Shorten it to a few pages, then go on."
LONGEST_WORD = 1000
DEEPEST = 20
LARGEST_NUMBER = 2**53
"""JavaScript's own numbers are exact to here."""


class UnreadableMessage(WorkshopError):
    """No script of ours says this."""


def check_limits(message: dict[str, Any]) -> None:
    """Whether a message is of a size that widgets can work with.

    Raises:
        UnreadableMessage: with the words for whoever has the page open.
    """
    for name, value in message.items():
        texts = [one for one in scalars(value) if isinstance(one, str)]
        if name in TYPED and any(len(one) > LONGEST_TYPED for one in texts):
            raise UnreadableMessage(TOO_LONG)
        if name not in TYPED and not all(len(one) <= LONGEST_WORD and one.isprintable() for one in texts):
            raise UnreadableMessage(UNREADABLE)


def scalars(value: Any) -> Iterator[Any]:
    """Each text, number and constant in a value of JSON; the names in objects are not among them.

    Raises:
        UnreadableMessage: it is too deep, or a number is larger than a browser can hold, or is none.
    """
    level = [value]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below += one.values()
            elif isinstance(one, list):
                below += one
            elif isinstance(one, int | float) and not -LARGEST_NUMBER <= one <= LARGEST_NUMBER:
                raise UnreadableMessage(UNREADABLE)
            else:
                yield one
        if not below:
            return
        level = below
    raise UnreadableMessage(UNREADABLE)
