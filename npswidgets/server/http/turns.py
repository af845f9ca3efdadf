"""Whose request is next, when there are more than the room can take: strangers' come one by one, address by address.

A browser that has joined is never kept waiting, unless it asks far more than a page does; then it waits with the
strangers. Those take turns by address, so that a flood from one keeps nobody at another waiting.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable

REQUESTS_A_SECOND = 150
"""Of strangers, once the first have come: well below what a laptop answers, so that those inside go on voting."""

FIRST_REQUESTS = 600
"""Of strangers, before any has to wait: a hundred people scan the code at once, and each asks for four files."""

BROWSER_REQUESTS_A_SECOND = 30
FIRST_OF_A_BROWSER = 400
"""A page is a hundred requests; so many come at once only from somebody who opens several."""

WATCHES_A_SECOND = 2
FIRST_WATCHES = 10
"""Whatever watches the server asks every few seconds, and waits for no flood; who asks more often is a stranger."""

MOST_BROWSERS = 2000


class Allowance:
    """What may be asked at once, and how quickly it comes back."""

    def __init__(self, most: float, a_second: float, now: float) -> None:
        self._most, self._a_second, self._left, self._at = most, a_second, most, now

    def take(self, now: float) -> bool:
        """Takes one; False where none is left."""
        self._left = min(self._most, self._left + (now - self._at) * self._a_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Turns:
    """Lets requests through."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._strangers = Allowance(FIRST_REQUESTS, REQUESTS_A_SECOND, clock())
        self._browsers: OrderedDict[str, Allowance] = OrderedDict()
        self._watchers: OrderedDict[str, Allowance] = OrderedDict()
        self._waiting: OrderedDict[str, deque[tuple[asyncio.Future[None], Callable[[], bool]]]] = OrderedDict()
        self._calling: asyncio.Task[None] | None = None

    def come(self, browser: str, address: str, gone: Callable[[], bool]) -> asyncio.Future[None] | None:
        """None for a request that may go on at once; else done when it is its turn.

        Args:
            browser: empty for a stranger's.
            gone: whether nobody waits for the answer any more.
        """
        now = self._clock()
        if browser:
            if _allowance(self._browsers, browser, FIRST_OF_A_BROWSER, BROWSER_REQUESTS_A_SECOND, now).take(now):
                return None
        elif not self._waiting and self._strangers.take(now):
            return None
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(browser or address, deque()).append((turn, gone))
        if self._calling is None or self._calling.done():
            self._calling = asyncio.create_task(self._call())
        return turn

    def watch(self, address: str) -> bool:
        """Whether who watches the server from this address may ask before all others."""
        now = self._clock()
        return _allowance(self._watchers, address, FIRST_WATCHES, WATCHES_A_SECOND, now).take(now)

    async def _call(self) -> None:
        """Calls one after another, until nobody waits."""
        while self._waiting:
            turn, gone = self._next()
            if not turn.done():
                turn.set_result(None)
            if not gone():
                await asyncio.sleep(1 / REQUESTS_A_SECOND)

    def _next(self) -> tuple[asyncio.Future[None], Callable[[], bool]]:
        name, waiting = next(iter(self._waiting.items()))
        first = waiting.popleft()
        self._waiting.move_to_end(name)
        if not waiting:
            del self._waiting[name]
        return first


def _allowance(kept: OrderedDict[str, Allowance], whose: str, most: float, a_second: float, now: float) -> Allowance:
    """Somebody's own; those that asked longest ago are forgotten."""
    if whose not in kept:
        kept[whose] = Allowance(most, a_second, now)
    kept.move_to_end(whose)
    while len(kept) > MOST_BROWSERS:
        kept.popitem(last=False)
    return kept[whose]
