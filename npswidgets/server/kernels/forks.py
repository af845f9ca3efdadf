"""The server's side of forking: it keeps a fork server running, and asks it for kernels."""

import asyncio
import contextlib
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
from typing import Any

from npswidgets import settings
from npswidgets.errors import WorkshopError
from npswidgets.server.kernels.fork_server import PART_BYTES, READY

FORKING_SECONDS = 15.0
OPENING_SECONDS = 8.0
"""A kernel opens in a twentieth of a second, and few are opened at a time: one that takes so long hangs."""

BUILDING_SECONDS = 60.0
RESTARTING_SECONDS = 10.0
"""A fork server stands after three seconds, or eight when all are busy; no page that opens waits longer for one."""

STARTING_SECONDS = 30.0
"""So long waits a page that is open, and would have to be opened anew: a slow computer starts one in fifteen."""

AGAIN_SECONDS = (0.0, 1.0, 5.0, 30.0)
ENDED = "The process that pages are opened from has ended. Another one is started; meanwhile pages open more slowly."

log = logging.getLogger(__name__)


class ForkFailed(WorkshopError):
    """A kernel could not be forked, or died while it started."""


class ForkedProcess:
    """A kernel's process that is no child of the server's, as far as `subprocess.Popen` would know it.

    It is held by a pidfd, so that no signal ever reaches another process that got the same id later.

    Attributes:
        states: what was in the widgets of its screen when that was open, in JSON, until its page has it.
    """

    states = ""
    stdin = stdout = stderr = None

    def __init__(self, pid: int, pidfd: int) -> None:
        self.pid = pid
        self._pidfd = pidfd

    def poll(self) -> int | None:
        """None while it runs, then 0: how it ended only its parent knows."""
        return None if self._pidfd >= 0 and not self._has_ended(0) else 0

    def wait(self) -> int:
        """Waits for the end."""
        if self._pidfd >= 0:
            self._has_ended(None)
            self.close()
        return 0

    def send_signal(self, number: int) -> None:
        """Sends a signal; nothing happens when the process has ended."""
        if self._pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def kill(self) -> None:
        """Ends it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """Lets go of it."""
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1

    def __del__(self) -> None:
        self.close()

    def _has_ended(self, milliseconds: int | None) -> bool:
        """Whether it has ended; waits so long, or until it has."""
        ended = select.poll()  # `select.select` takes no number above 1023
        ended.register(self._pidfd, select.POLLIN)
        return bool(ended.poll(milliseconds))


class Forks:
    """Keeps a fork server running.

    Attributes:
        screens: the ids of the screens by role, the same in all kernels; empty while none can be forked.
        tried: set when the first fork server has been started, or could not be.
        there: set while there is a fork server.
    """

    def __init__(self, environment: dict[str, str], lifeline: int, log_pipe: int | None = None) -> None:
        self.screens: dict[str, str] = {}
        self.tried, self.there = asyncio.Event(), asyncio.Event()
        self._has_forked = False
        self._starting_until = 0.0
        self._patient_until = asyncio.get_running_loop().time() + RESTARTING_SECONDS
        self._environment = environment
        self._lifeline, self._log_pipe = lifeline, log_pipe
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._keeping = asyncio.get_running_loop().create_task(self._keep())

    async def wait(self, is_open: bool = False) -> None:
        """Waits for a fork server that has just ended, since it is started again at once; if that fails, not for long.

        A kernel that starts meanwhile in the slower way would keep it from standing again.

        Args:
            is_open: for a page that is open, which waits longer for one that is being started.
        """
        until = max(self._patient_until, self._starting_until) if is_open else self._patient_until
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await self.there.wait()

    async def open(self, connection_file: str, environment: dict[str, str]) -> ForkedProcess:
        """A kernel that has been forked, told who it is for, and has opened its screen.

        Raises:
            ForkFailed: there is no fork server now, or the kernel died while it started.
        """
        request = json.dumps({"connection_file": connection_file, "env": environment}).encode()
        try:
            return await self._ask(request)
        except (OSError, TimeoutError) as error:
            raise ForkFailed(f"A kernel was not forked: {error or type(error).__name__}") from error

    async def stop(self) -> None:
        """Ends the fork server; kernels go on."""
        self._keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._keeping

    async def _ask(self, request: bytes) -> ForkedProcess:
        control = self._control
        if control is None:
            raise ConnectionError("there is no fork server.")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        with ours:
            try:
                with theirs:
                    socket.send_fds(control, [request], [theirs.fileno()])
                process = await self._forked(ours)
            except ConnectionError:
                if self._control is control:
                    self._forget()
                raise
            try:
                process.states = await asyncio.wait_for(_hear_ready(ours), OPENING_SECONDS)
            except BaseException:
                process.kill()
                process.close()
                raise
        self._has_forked = True
        return process

    async def _forked(self, answer: socket.socket) -> ForkedProcess:
        try:
            return await asyncio.wait_for(_receive_process(answer), FORKING_SECONDS)
        except TimeoutError:
            self._kill()  # it hangs; another one is started
            raise

    async def _keep(self) -> None:
        fails = 0
        while True:
            if not fails:
                self._starting_until = asyncio.get_running_loop().time() + STARTING_SECONDS
            try:
                await self._run()
                fails = 0
            except Exception as error:  # whatever it was, pages open in the slower way
                log.warning("Pages cannot be prepared: %s", error or "it takes too long")
                fails, self._starting_until = fails + 1, 0.0
            self.tried.set()
            log.warning(ENDED)
            await asyncio.sleep(AGAIN_SECONDS[min(fails, len(AGAIN_SECONDS) - 1)])

    async def _run(self) -> None:
        """Runs one fork server until it ends."""
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        try:
            with theirs:
                self._process = self._start(theirs.fileno())
            screens = await asyncio.wait_for(loop.sock_recv(ours, 1000), BUILDING_SECONDS)
            if not screens:
                raise ConnectionError("the process that builds them has failed.")
            self.screens, self._control = json.loads(screens), ours
            self.tried.set()
            self.there.set()
            await loop.sock_recv(ours, 1)  # says no more; returns when it has ended
        finally:
            self._forget()
            ours.close()
            self._kill()

    def _forget(self) -> None:
        """There is no fork server any more; people wait for the next one where this one was of use."""
        self.screens, self._control = {}, None
        self.there.clear()
        if self._has_forked:
            self._patient_until = asyncio.get_running_loop().time() + RESTARTING_SECONDS
        self._has_forked = False

    def _start(self, control: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "npswidgets.server.kernels.fork_server", str(control)]
        options: dict[str, Any] = {"pass_fds": [control], "start_new_session": True}
        options |= {"stdout": self._log_pipe, "stderr": self._log_pipe}
        return subprocess.Popen(command, stdin=self._lifeline, env=self._environment, **options)

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def can_fork() -> bool:
    """Whether this system has what forking needs: Linux, from 5.3 on; and the operator does not want it otherwise."""
    if os.environ.get(settings.NPS_FORKING) == "no":
        return False
    if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


async def _receive_process(answer: socket.socket) -> ForkedProcess:
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(answer, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(answer)
    pid, handles, _, _ = socket.recv_fds(answer, 32, 1)
    if not handles:
        raise ConnectionError("the fork server has ended.")
    return ForkedProcess(int(pid), handles[0])


async def _hear_ready(answer: socket.socket) -> str:
    """What is in the widgets of a kernel, once its screen is open."""
    loop, parts = asyncio.get_running_loop(), []
    while part := await loop.sock_recv(answer, PART_BYTES):
        parts.append(part)
    if parts[:1] != [READY]:
        raise ConnectionError("it died while it started.")
    return b"".join(parts[1:]).decode()
