"""Who else writes about a topic now: told to the other facilitators' screens as a hint, and kept nowhere."""

import asyncio
import secrets
import time
from collections.abc import Callable

from npswidgets.store import hints

STOPPED_SECONDS = 5.0
"""After so long without a word somebody has stopped writing; a page tells it every two seconds."""

HELPER = "Helper is writing"


class Writers:
    """What one facilitator's screen knows of the others. Without a server there are no hints, and it knows nothing."""

    def __init__(self, workshop: str) -> None:
        self._workshop = workshop
        self._me = secrets.token_hex(4)
        self._until: dict[str, float] = {}

    def tell(self, code: str) -> None:
        """Somebody writes about this value code on this screen."""
        hints.tell(self._workshop, "writing", f"{self._me} {code}")

    def receive(self, said: str) -> bool:
        """Takes what a screen told; whether it was another one."""
        who, _, code = said.partition(" ")
        if who == self._me or not code:
            return False
        self._until[code] = time.monotonic() + STOPPED_SECONDS
        return True

    def words(self, code: str) -> str:
        """What to say beside the texts about a value code; empty while nobody else writes there."""
        return HELPER if self._until.get(code, 0.0) > time.monotonic() else ""


async def follow_writers(writers: Writers, workshop: str, changed: Callable[[], None]) -> None:
    """Calls `changed` when somebody else writes, and when that person has stopped for a while."""
    listener, loop = hints.Listener(workshop, "writing"), asyncio.get_running_loop()
    try:
        while listener.hears:
            if writers.receive(await listener.next()):
                changed()
                loop.call_later(STOPPED_SECONDS, changed)
    finally:
        listener.close()
