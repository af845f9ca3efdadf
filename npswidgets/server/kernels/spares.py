"""Where kernels cannot be forked: processes that have built a participant's screen already, and wait for somebody.

A process of its own takes half a second of a core to import the package. So as many are kept ready as people are
expected, and whoever comes has one at once; more are started as people come.
"""

import asyncio
import contextlib
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from npswidgets.server.kernels.forks import BUILDING_SECONDS, OPENING_SECONDS, ForkFailed
from npswidgets.server.kernels.screen_process import WARMED_UP
from npswidgets.server.machine.box import processors

FEWEST, MOST = 2, 30
"""How many are kept ready, whoever is expected: each takes about 40 MB."""

AGAIN_SECONDS = LOOK_SECONDS = 5.0

log = logging.getLogger(__name__)


class Spare(subprocess.Popen[bytes]):
    """A kernel's process.

    Attributes:
        states: what was in the widgets of its screen when that was open, in JSON, until its page has it.
    """

    states = ""

    def end(self) -> None:
        """Ends it at once, and lets go of it."""
        self.kill()
        self.wait()
        self.close()

    def close(self) -> None:
        """Lets go of it; one that has not been told who it is for ends."""
        for pipe in (self.stdin, self.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()


class Spares:
    """Keeps processes ready.

    Attributes:
        screens: the id of the participant's screen in all of them, by that role; empty before the first one stands.
        tried: set when the first one stands, or could not be started.

    Args:
        expected: gives how many people may still come.
        log_pipe: where the processes write what goes wrong; None for the server's own standard error.
    """

    def __init__(self, environment: dict[str, str], expected: Callable[[], int], log_pipe: int | None = None) -> None:
        self.screens: dict[str, str] = {}
        self.tried = asyncio.Event()
        self._environment, self._expected, self._log_pipe = environment, expected, log_pipe
        self._ready: asyncio.Queue[Spare] = asyncio.Queue()
        self._building: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._changed = asyncio.Event()
        self._listeners = ThreadPoolExecutor(thread_name_prefix="spare")
        self._keeping = asyncio.get_running_loop().create_task(self._keep())

    async def open(self, connection_file: str, environment: dict[str, str]) -> Spare:
        """A kernel that has been told who it is for, and has opened its screen.

        Raises:
            ForkFailed: none could be started, or it died while it opened.
        """
        try:
            spare = await self._take()
        except TimeoutError as error:
            raise ForkFailed("No kernel could be started.") from error
        try:
            request = json.dumps({"connection_file": connection_file, "env": environment}).encode() + b"\n"
            await asyncio.wait_for(self._ask(spare, request), OPENING_SECONDS)
        except BaseException as error:
            spare.end()
            if isinstance(error, OSError | TimeoutError | ValueError):
                raise ForkFailed("A kernel died while it started.") from error
            raise
        return spare

    async def stop(self) -> None:
        """Ends those that wait; kernels of people go on."""
        self._keeping.cancel()
        for task in self._building:
            task.cancel()
        await asyncio.gather(self._keeping, *self._building, return_exceptions=True)
        while not self._ready.empty():
            self._ready.get_nowait().end()
        self._listeners.shutdown(wait=False)

    async def _take(self) -> Spare:
        self._waiting += 1
        self._changed.set()
        try:
            while True:
                spare = await asyncio.wait_for(self._ready.get(), BUILDING_SECONDS)
                if spare.poll() is None:
                    return spare
                spare.end()
        finally:
            self._waiting -= 1
            self._changed.set()

    async def _ask(self, spare: Spare, request: bytes) -> None:
        assert spare.stdin is not None
        spare.stdin.write(request)
        spare.stdin.flush()
        spare.states = str((await self._hear(spare)).get("states", ""))

    async def _keep(self) -> None:
        """Builds as many as are wanted, a few at a time."""
        while True:
            self._changed.clear()
            for _ in range(min(self._lacking(), processors() - len(self._building))):
                task = asyncio.get_running_loop().create_task(self._build())
                self._building.add(task)
                task.add_done_callback(self._built)
            with contextlib.suppress(TimeoutError):  # more people may be expected by now
                await asyncio.wait_for(self._changed.wait(), LOOK_SECONDS)

    def _lacking(self) -> int:
        kept = max(FEWEST, min(self._expected(), MOST))
        return self._waiting + kept - self._ready.qsize() - len(self._building)

    async def _build(self) -> None:
        spare = self._start()
        try:
            said = await asyncio.wait_for(self._hear(spare), BUILDING_SECONDS)
        except BaseException as error:
            spare.end()
            if isinstance(error, asyncio.CancelledError):
                raise
            log.warning("A page could not be prepared: %s", error or type(error).__name__)
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            self.screens["participant"] = said["screen"]
            self._ready.put_nowait(spare)

    def _built(self, task: asyncio.Task[None]) -> None:
        self._building.discard(task)
        self.tried.set()
        self._changed.set()

    def _start(self) -> Spare:
        command = [sys.executable, "-P", "-m", "npswidgets.server.kernels.screen_process"]
        command += [] if self._waiting else [WARMED_UP]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self._log_pipe}
        return Spare(command, env=self._environment, **pipes)

    async def _hear(self, spare: Spare) -> dict[str, Any]:
        """The next line that it says: pipes cannot be waited for otherwise on all systems."""
        assert spare.stdout is not None
        line = await asyncio.get_running_loop().run_in_executor(self._listeners, spare.stdout.readline)
        said: dict[str, Any] = json.loads(line)  # nothing is said by a process that has died
        return said
