"""What is new, for the screens: a hint says "look", and without one readers look every now and then by themselves.

Readers look by revision, so that a hint too many costs one question, and a hint that was lost no more than a moment;
half a minute where several servers tell each other of all that they store.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable

from npswidgets.errors import say_error
from npswidgets.store.counting_store import CountingStore
from npswidgets.store.hints import Listener, Topic
from npswidgets.store.workshop_store import WorkshopStore

SAFE_SECONDS = 2.0
"""Between two looks while hints come from the server."""

TOLD_SECONDS = 30.0
"""The same while the server hears of all that the others store, too."""

ALONE_SECONDS = 0.5
"""The same without a server, in JupyterLab."""

QUIET = 2
"""So many times as long as a look took, nothing is looked at: a room that votes at once takes a third of a core."""

log = logging.getLogger(__name__)


class Trouble:
    """What goes wrong again and again is logged once, until it is over."""

    def __init__(self, words: str) -> None:
        self._words, self._said = words, ""

    def say(self, error: Exception) -> None:
        """Logs an error that is not the one of the time before."""
        said = say_error(error)
        if said != self._said:
            log.error("%s: %s", self._words, said)
        self._said = said

    def over(self) -> None:
        """All is well again."""
        self._said = ""


def follow(store: WorkshopStore, changed: Callable[[], None]) -> asyncio.Task[None]:
    """Calls `changed` whenever the store has read newer events; cancel the task to stop.

    Where the store can count votes (all but a participant), also when their number has changed.
    """
    return asyncio.get_running_loop().create_task(_follow(store, changed))


async def _follow(store: WorkshopStore, changed: Callable[[], None]) -> None:
    topics: tuple[Topic, ...] = ("public", "ballots") if isinstance(store, CountingStore) else ("public",)
    listener = Listener(store.actor.workshop, *topics, of_servers=True)
    look = _look(store, changed)
    wait = ALONE_SECONDS  # what is told before it is connected is not heard
    try:
        while True:
            began = time.monotonic()
            look()
            await asyncio.sleep(QUIET * (time.monotonic() - began))
            await listener.wait(wait * random.uniform(0.8, 1.2))
            wait = _seconds(listener)
    finally:
        listener.close()


def _seconds(listener: Listener) -> float:
    """Until the next look, if nothing is told before."""
    if not listener.hears:
        return ALONE_SECONDS
    return TOLD_SECONDS if listener.hears_all else SAFE_SECONDS


def _look(store: WorkshopStore, changed: Callable[[], None]) -> Callable[[], None]:
    """A function that looks once; it knows what it has seen."""
    counting = store if isinstance(store, CountingStore) else None
    due = counting is not None  # votes may have come between the screen's first drawing and the first look
    counts: dict[tuple[str, int], int] = {}
    trouble = Trouble("The workshop could not be read; trying again")

    def look() -> None:
        nonlocal due, counts
        try:
            due = store.refresh() or due
            latest = counting.vote_counts() if counting else {}
            if due or latest != counts:
                changed()
                due, counts = False, latest
        except Exception as error:  # a screen goes on with what it has, and looks again
            trouble.say(error)
        else:
            trouble.over()

    return look
