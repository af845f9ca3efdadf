"""What is new, for the screens: readers look by revision, again and again, and read only when there is something."""

import asyncio
import logging
import random
from collections.abc import Callable

from npswidgets.store.workshop_store import WorkshopStore

POLL_SECONDS = 0.25

log = logging.getLogger(__name__)


def follow(store: WorkshopStore, changed: Callable[[], None], *, ballots: bool = False) -> asyncio.Task[None]:
    """Calls `changed` whenever the store has read newer events; cancel the task to stop.

    Args:
        ballots: also when the number of votes cast has changed (facilitator and projector).
    """
    return asyncio.get_running_loop().create_task(_follow(store, changed, ballots))


async def _follow(store: WorkshopStore, changed: Callable[[], None], ballots: bool) -> None:
    due = ballots  # votes may have come between the screen's first drawing and this loop's first look
    counts: dict[tuple[str, int], int] = {}
    while True:
        await asyncio.sleep(POLL_SECONDS * random.uniform(0.8, 1.2))
        try:
            due = store.refresh() or due
            latest = store.vote_counts() if ballots else {}
            if due or latest != counts:
                changed()
                due, counts = False, latest
        except Exception:  # a screen goes on with what it has, and looks again
            log.exception("The workshop could not be read; trying again.")
