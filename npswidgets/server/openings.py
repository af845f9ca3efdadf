"""Whose page is opened next: each costs a process, so that one browser cannot ask for as many as it can send.

A browser's pages are opened one after another, and slowly after the first ones; of all browsers together few at a time,
so that no page takes too long. A page that takes longer than `SLOW_SECONDS` keeps nobody waiting any more.
"""

import asyncio
import os
from asyncio import sleep
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field

from npswidgets.server.pace import Pace

SLOW_SECONDS = 3.0
"""A page that takes longer to open counts no more among those that are opened: it waits for something else."""

PAGES_AT_ONCE = 10.0
PAGES_A_SECOND = 0.5
"""For a browser: a facilitator's has seven open at the most, which all come back when the server was started again."""

MOST_BROWSERS = 2000


@dataclass
class _Own:
    """A browser's turns."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    pace: Pace = field(default_factory=lambda: Pace(PAGES_AT_ONCE, PAGES_A_SECOND))


class Openings:
    """Lets pages open."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(2 * (os.cpu_count() or 1) + 2)
        self._browsers: OrderedDict[str, _Own] = OrderedDict()

    @asynccontextmanager
    async def turn(self, browser: str, gone: Callable[[], bool] = lambda: False) -> AsyncIterator[None]:
        """Inside it is this page's turn; one that nobody waits for any more takes none from the browser's others.

        Args:
            gone: whether nobody waits for the page any more.
        """
        own = self._own(browser)
        with ExitStack() as held:
            await own.turn.acquire()
            held.callback(own.turn.release)
            if not gone():
                await sleep(own.pace.take(1))
            await self._places.acquire()
            held.callback(self._places.release)
            slow = asyncio.get_running_loop().call_later(SLOW_SECONDS, held.close)
            held.callback(slow.cancel)
            yield

    def _own(self, browser: str) -> _Own:
        own = self._browsers.setdefault(browser, _Own())
        self._browsers.move_to_end(browser)
        while len(self._browsers) > MOST_BROWSERS:
            self._browsers.popitem(last=False)
        return own
