"""What the server stores, in threads of its own: who waits for a locked database keeps nobody else waiting."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from npswidgets.errors import StoreFault
from npswidgets.store.faults import BUSY
from npswidgets.store.sqlite_file import BUSY_SECONDS

THREADS = 2
"""One writes at a time, and the other is next: who waits in the database gets no turn in order, and may get none."""

Result = TypeVar("Result")


class Writes:
    """Runs what stores something, in the order in which it comes; readers need none of it: they wait for nobody."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="writes")
        self._last_done = 0.0

    async def do(self, write: Callable[..., Result], *arguments: object) -> Result:
        """What `write` returns.

        However many come at once, each waits for its turn while others get theirs.

        Raises:
            StoreFault: the database was locked for `BUSY_SECONDS`: nothing at all could be stored for so long.
        """

        def run() -> Result:
            result = write(*arguments)
            self._last_done = time.monotonic()
            return result

        asked, turn = time.monotonic(), self._threads.submit(run)  # the next one begins without the event loop
        done = asyncio.wrap_future(turn)
        try:
            while not done.done():
                patience = max(asked, self._last_done) + BUSY_SECONDS - time.monotonic()
                if patience <= 0 and turn.cancel():
                    raise StoreFault(BUSY)
                await asyncio.wait((done,), timeout=patience if patience > 0 else None)
        except asyncio.CancelledError:
            turn.cancel()
            raise
        return done.result()
