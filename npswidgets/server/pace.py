"""How fast a page may go on: nobody who types is ever kept waiting, and a flood takes little from anybody else."""

import time
from collections.abc import Callable

MESSAGES_A_SECOND = 20.0
AT_ONCE = 100.0
"""Messages that may come together: a page that opens asks for the state of each widget."""
BYTES_A_MESSAGE = 4096
"""A longer message counts as several."""


class Pace:
    """A token bucket (https://en.wikipedia.org/wiki/Token_bucket) that may be in debt, which is paid by waiting."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left, self._at = AT_ONCE, clock()

    def take(self, messages: float) -> float:
        """Counts so many messages; gives the seconds to wait before they are looked at, mostly 0."""
        now = self._clock()
        self._left = min(AT_ONCE, self._left + (now - self._at) * MESSAGES_A_SECOND) - messages
        self._at = now
        return max(0.0, -self._left / MESSAGES_A_SECOND)

    def take_bytes(self, length: int) -> float:
        """Counts a message of this length; gives the seconds to wait."""
        return self.take(1 + length // BYTES_A_MESSAGE)
