"""What the server stores, in threads of its own: who waits for a locked database keeps nobody else waiting."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from npswidgets.errors import StoreFault
from npswidgets.store.faults import BUSY
from npswidgets.store.sqlite_file import BUSY_SECONDS

THREADS = 8
"""One writes at a time; the others wait for it in the database, and not in the server's event loop."""

Result = TypeVar("Result")


class Writes:
    """Runs what stores something; readers need none of it, since they wait for nobody."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(THREADS)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="writes")

    async def do(self, write: Callable[..., Result], *arguments: object) -> Result:
        """What `write` returns; it is told within twice `BUSY_SECONDS`.

        Raises:
            StoreFault: the database was locked for so long. Nothing was stored.
        """
        try:
            await asyncio.wait_for(self._turns.acquire(), BUSY_SECONDS)
        except TimeoutError:
            raise StoreFault(BUSY) from None
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, write, *arguments)
        finally:
            self._turns.release()
