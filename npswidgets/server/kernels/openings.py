"""Whose page is opened next: each costs a process, so that one browser cannot ask for as many as it can send.

A browser's pages are opened one after another, and slowly after the first ones; of all browsers together few at a time,
so that no page takes too long. A page that takes longer than `SLOW_SECONDS` keeps nobody waiting any more.

A page whose process imports everything by itself takes seconds of a core: no more of them open at a time than there are
cores.
"""

import asyncio
from asyncio import sleep
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field

from npswidgets.server.kernels.pace import Pace
from npswidgets.server.machine.box import processors

SLOW_SECONDS = 3.0
"""A page that takes longer to open counts no more among those that are opened: it waits for something else."""

SLOWEST_SECONDS = 15.0
"""The same for a page whose process imports everything by itself."""

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
        self._places = asyncio.Semaphore(2 * processors() + 2)
        self._slower_places = asyncio.Semaphore(processors())
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
            _give_back(self._places, held, SLOW_SECONDS)
            yield

    @asynccontextmanager
    async def slower_turn(self, better: asyncio.Event) -> AsyncIterator[bool]:
        """Inside it is the turn of a page whose process imports everything by itself.

        Args:
            better: when it is set before, inside is False, and the turn of a page that opens quickly.
        """
        with ExitStack() as held:
            if is_slower := await _acquire(self._slower_places, better):
                _give_back(self._slower_places, held, SLOWEST_SECONDS)
            else:
                await self._places.acquire()
                _give_back(self._places, held, SLOW_SECONDS)
            yield is_slower

    def _own(self, browser: str) -> _Own:
        own = self._browsers.setdefault(browser, _Own())
        self._browsers.move_to_end(browser)
        while len(self._browsers) > MOST_BROWSERS:
            self._browsers.popitem(last=False)
        return own


def _give_back(places: asyncio.Semaphore, held: ExitStack, seconds: float) -> None:
    """Gives a place back when `held` is closed, which it is after so many seconds."""
    held.callback(places.release)
    held.callback(asyncio.get_running_loop().call_later(seconds, held.close).cancel)


async def _acquire(places: asyncio.Semaphore, better: asyncio.Event) -> bool:
    """Takes a place; False when `better` was set first."""
    place, other = asyncio.create_task(places.acquire()), asyncio.create_task(better.wait())
    taken = False
    try:
        await asyncio.wait((place, other), return_when=asyncio.FIRST_COMPLETED)
        taken = not other.done()
    finally:
        other.cancel()
        if not taken and place.done():
            places.release()
        elif not taken:
            place.cancel()
    return taken
