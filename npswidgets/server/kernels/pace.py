"""How fast a page may go on: nobody who types is ever kept waiting, and a flood takes little from anybody else."""

import time
from collections.abc import Callable

MESSAGES_A_SECOND = 20.0
AT_ONCE = 100.0
"""Messages that may come together: a page that opens asks for the state of each widget."""
BYTES_A_MESSAGE = 4096
"""A longer message counts as several."""


class Pace:
    """A token bucket (https://en.wikipedia.org/wiki/Token_bucket) that may be in debt, which is paid by waiting.

    Args:
        at_once: how many may come together.
        a_second: how many may come in the long run.
    """

    def __init__(
        self,
        at_once: float = AT_ONCE,
        a_second: float = MESSAGES_A_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._at_once, self._a_second, self._clock = at_once, a_second, clock
        self._left, self._at = at_once, clock()

    def take(self, messages: float) -> float:
        """Counts so many; gives the seconds to wait before they are looked at, mostly 0."""
        now = self._clock()
        self._left = min(self._at_once, self._left + (now - self._at) * self._a_second) - messages
        self._at = now
        return max(0.0, -self._left / self._a_second)

    def take_bytes(self, length: int) -> float:
        """Counts a message of this length; gives the seconds to wait."""
        return self.take(1 + length // BYTES_A_MESSAGE)
