"""The kernels of a server: whose they are, what they are told, how many there may be."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.utils import ensure_async
from jupyter_server._tz import utcnow
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager
from traitlets import Dict, Instance, Integer, List, Unicode, default

from npswidgets import settings
from npswidgets.domain.actor import Actor, Role
from npswidgets.errors import WorkshopError
from npswidgets.server.http.access import Grant
from npswidgets.server.http.http_server import MOST_CONNECTIONS
from npswidgets.server.kernels.connection import WorkshopConnection
from npswidgets.server.kernels.forks import ForkedProcess, ForkFailed, Forks, can_fork
from npswidgets.server.kernels.openings import Openings
from npswidgets.server.kernels.pace import Pace
from npswidgets.server.kernels.provisioner import NAME, is_registered
from npswidgets.server.kernels.spares import Spare, Spares
from npswidgets.server.machine.box import memory_bytes
from npswidgets.server.machine.log import kernel_log

FULL = "As many pages are open as this server takes."
FULL_ON_A_PHONE = (
    "Leave this page open: it goes on by itself as soon as there is room.",
    "You need not wait: ask the facilitator for a paper sheet.",
)
FULL_ELSEWHERE = (
    "Leave this page open: it goes on by itself as soon as there is room. Whoever is in goes on, and nothing is lost.",
    "Close pages of the workshop that nobody looks at. Paper sheets are for those who are not in.",
)
"""What to do now."""
KERNELS_A_GRANT = 4
KEPT_PLACES = 6
ENOUGH_TO_KEEP = 20
"""Of so many places or more, some are for facilitators, helpers and big screens: phones cannot take them all."""
BYTES_A_KERNEL = 64 * 2**20
BYTES_A_FORKED_KERNEL = 32 * 2**20
PREPARING_SECONDS = 10
DESERTED_SECONDS = 60
ENDED_SECONDS = 0.02
FILES_A_KERNEL = 20
FEWEST_CONNECTIONS = 50
MOST_RENAMED = 1000
SOCKETS_A_KERNEL = 8
DEFAULT_PROVISIONER = "JUPYTER_DEFAULT_PROVISIONER_NAME"
"""Set it to "local-provisioner" to have all kernels started as Jupyter does, none ahead."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ceiling:
    """What the operator lets a server take.

    Attributes:
        people: participants with a page open at a time; 0 for as many as there is memory for.
        memory_bytes: None for what the container or computer has.
    """

    people: int = 0
    memory_bytes: int | None = None


class ServerFull(WorkshopError):
    """No more kernels: this computer runs as many as it can take."""


class WorkshopKernelSpecs(KernelSpecManager):
    """One kernel, whatever is installed beside it: this Python, ending with the server."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002 (the interface)
        """The kernel spec, under any name."""
        return KernelSpec(
            argv=[
                *(sys.executable, "-P", "-m", "npswidgets.server.kernels.kernel_process"),
                "--HistoryManager.enabled=False",  # nobody types code, and it is one file less that is opened
                *("-f", "{connection_file}"),
            ],
            display_name="Python 3",
            language="python",
        )

    def get_all_specs(self) -> dict[str, Any]:
        """What there is, by name."""
        return {"python3": {"resource_dir": "", "spec": self.get_kernel_spec("python3").to_dict()}}


class WorkshopKernel(ServerKernelManager):
    """One kernel.

    Attributes:
        pages: the connections to it, the oldest first.
        pace: how fast they may go on, together.
    """

    pages: Any = List()
    pace = Instance(Pace, ())

    @default("last_activity")
    def _default_last_activity(self) -> datetime:
        """Now: it may be looked at before anything has been heard of it."""
        return utcnow()

    @property
    def is_prepared(self) -> bool:
        """Whether its screen was built ahead: it stood before its page named it, and it runs no code."""
        return isinstance(getattr(self.provisioner, "process", None), ForkedProcess | Spare)

    def emit(self, schema_id: str, data: dict[str, Any]) -> None:
        """Nobody listens to these events, and each kernel would check them against a schema of its own."""


class WorkshopKernels(AsyncMappingKernelManager):
    """Starts a kernel for a grant, and knows whose it is.

    Attributes:
        database: URL that the kernels open.
        most: how many there may be; 0 for as many as this computer can take.
        most_people: how many participants' pages of these; 0 for no bound of their own.
        lifeline: the end of a pipe whose other end only this process holds; who reads it learns that it has ended.
        log_pipe: the end of a pipe whose lines go into the log.
        openings: whose page is opened next.
        expected: gives how many people may still come.
        prepared: set once kernels can be opened at once, or cannot; a page opened before costs the whole room time.
    """

    database = Unicode(config=True)
    most = Integer(config=True)
    most_people = Integer(config=True)
    owners = Dict()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = self.most or most_kernels()
        sockets = self.most * SOCKETS_A_KERNEL + 256
        self.context.set(zmq.MAX_SOCKETS, min(sockets, self.context.get(zmq.SOCKET_LIMIT)))
        self.openings = Openings()
        self.lifeline, self._held_while_serving = os.pipe()
        self.log_pipe = kernel_log()
        self._renamed: dict[str, str] = {}
        self._ends: dict[str, asyncio.Task[None]] = {}
        self.expected: Callable[[], int] = lambda: 0
        self._waiting: Forks | Spares | None = None
        self.prepared = asyncio.Event()

    async def prepare(self) -> None:
        """Starts what prepared kernels come from; waits until it is there."""
        try:
            await self._prepare()
        finally:
            self.prepared.set()

    async def _prepare(self) -> None:
        if not is_registered():  # installed before the entry point was there, or was where it is
            return
        chosen = os.environ.setdefault(DEFAULT_PROVISIONER, NAME)
        if chosen != NAME:
            return
        environment = self._shared_environment()
        self._waiting = (
            Forks(environment, self.lifeline, self.log_pipe)
            if can_fork()
            else Spares(environment, self.expected, self.log_pipe)
        )
        with suppress(TimeoutError):  # people can come; their pages open more slowly until it is there
            await asyncio.wait_for(self._waiting.tried.wait(), PREPARING_SECONDS)

    @property
    def screens(self) -> dict[str, str]:
        """The ids of the screens that kernels were prepared with, by role; empty while none can be had."""
        return self._waiting.screens if self._waiting else {}

    async def wait_until_prepared(self, is_open: bool = False) -> None:
        """Returns once kernels can be opened at once, or it is not worth to wait for that any longer.

        Args:
            is_open: for a page that is open, and would have to be opened anew.
        """
        await self.prepared.wait()
        if self.forks:
            await self.forks.wait(is_open)

    @property
    def forks(self) -> Forks | None:
        """What kernels are forked by; None where none are."""
        return self._waiting if isinstance(self._waiting, Forks) else None

    async def open_screen(self, connection_file: str, environment: dict[str, str]) -> ForkedProcess | Spare:
        """The process of a prepared kernel, whose screen is open.

        Raises:
            ForkFailed: that did not work.
        """
        if self._waiting is None:
            raise ForkFailed("No kernels are prepared here.")
        return await self._waiting.open(connection_file, environment)

    def take_states(self, kernel_id: str) -> str:
        """What was in the widgets of a prepared kernel when its screen was open, in JSON; once, for its page."""
        process = getattr(self.get_kernel(kernel_id).provisioner, "process", None)
        if not isinstance(process, ForkedProcess | Spare):
            return ""
        states, process.states = process.states, ""
        return states

    async def stop_preparing(self) -> None:
        """Ends what kernels come from."""
        if self._waiting:
            await self._waiting.stop()

    async def start_kernel(self, *, grant: Grant, kernel_id: str, **kwargs: Any) -> str:  # type: ignore[override]
        """A new kernel for a grant, under this id. It reads the pipe whose other end the server holds.

        With `prepared=True` its screen was built ahead, and is open when this returns.
        """
        while grant.browser in self._renamed:  # the page asked before a link was used
            grant = replace(grant, browser=self._renamed[grant.browser])
        self.owners[kernel_id] = grant
        options = {"stdin": self.lifeline, "stdout": self.log_pipe, "stderr": self.log_pipe} | kwargs
        try:
            return await super().start_kernel(kernel_id=kernel_id, env=self._environment(grant), **options)
        except BaseException:
            self.owners.pop(kernel_id, None)
            self._pending_kernels.pop(kernel_id, None)  # else it would be ended, too, when the server stops
            raise

    async def make_room(self, grant: Grant) -> None:
        """Ends kernels whose pages have gone where there are too many, of this grant or in all.

        Raises:
            ServerFull: all of them are in use.
        """
        own = sorted((one for one in self._ready() if self.owners[one] == grant), key=self._last_seen)
        for kernel in own[: max(0, len(own) + 1 - KERNELS_A_GRANT)]:
            await self.end_kernel(kernel)
        while crowd := self._crowd(grant.actor.role):
            left = [kernel for kernel in self._ready() if kernel in crowd and not self._kernel_connections.get(kernel)]
            if not left:
                raise ServerFull(FULL)
            await self.end_kernel(min(left, key=self._last_seen))

    def is_full(self, role: Role = "participant") -> bool:
        """Whether there are as many pages as there may be, and somebody looks at each."""
        crowd = self._crowd(role)
        return bool(crowd) and all(self._kernel_connections.get(one) for one in crowd)

    def _crowd(self, role: Role) -> set[str]:
        """The kernels of which one has to go before a page of this role can come; none where there is room."""
        if len(self.owners) >= self.most:
            return set(self.owners)
        if role != "participant":
            return set()
        most = self.most - KEPT_PLACES if self.most >= ENOUGH_TO_KEEP else self.most
        people = {kernel for kernel, grant in self.owners.items() if grant.actor.role == "participant"}
        return people if len(people) >= min(most, self.most_people or most) else set()

    def _ready(self) -> list[str]:
        """The kernels that have started."""
        return [kernel for kernel in self.owners if kernel in self]

    async def end_kernel(self, kernel_id: str) -> None:
        """Ends a kernel; nothing happens if there is none of this id."""
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id)

    async def end_all(self) -> None:
        """Ends the processes of all kernels, and leaves the rest of them to the end of this one; only for the very end.

        What they were told to store is stored, or as if it had never been begun. Asked to end, or taken apart as
        Jupyter does it, thirty of them take most of the second that the server has, and more on a busy computer.
        """
        provisioners = (kernel.provisioner for kernel in self._kernels.values())
        processes = [one.process for one in provisioners if isinstance(one, LocalProvisioner) and one.process]
        for one in processes:
            one.kill()
        while any(one.poll() is None for one in processes):
            await asyncio.sleep(ENDED_SECONDS)

    async def _async_shutdown_kernel(
        self, kernel_id: str, now: bool | None = False, restart: bool | None = False
    ) -> None:
        """Ends a kernel, once: whoever asks meanwhile waits for the same end, and who waits no longer stops nothing.

        Jupyter leaves a kernel half ended for good where somebody who waits for its end is cancelled.
        """
        if kernel_id not in self._ends:
            ending = asyncio.create_task(super()._async_shutdown_kernel(kernel_id, now=now, restart=restart))
            self._ends[kernel_id] = ending
            ending.add_done_callback(lambda _: self._ends.pop(kernel_id))
        await asyncio.shield(self._ends[kernel_id])

    shutdown_kernel = _async_shutdown_kernel  # type: ignore[assignment]  # as in Jupyter's own

    def change_browser(self, before: str, after: str) -> None:
        """Gives the kernels of a browser to its new id, also those that are still to start for a page of it."""
        self._renamed[before] = after
        while len(self._renamed) > MOST_RENAMED:
            self._renamed.pop(next(iter(self._renamed)))
        for kernel_id, grant in self.owners.items():
            if grant.browser == before:
                self.owners[kernel_id] = replace(grant, browser=after)

    def owner_of(self, kernel_id: str) -> Grant | None:
        """The grant that a kernel belongs to; None if there is no such kernel."""
        return self.owners.get(kernel_id)

    def shows_wall(self, workshop: str, session: str) -> bool:
        """Whether a page with the big screen of a session is open, and in touch."""
        return any(
            grant.actor == Actor(workshop, "projector", session) and self._kernel_connections.get(kernel)
            for kernel, grant in self.owners.items()
        )

    async def cull_kernels(self) -> None:
        """Ends kernels whose pages left without a word: after a while, since phones sleep between two votes.

        Where no page of a workshop is there any more, not even the facilitator's, they go after a minute.
        """
        for kernel_id in self._deserted():
            await self.end_kernel(kernel_id)
        await super().cull_kernels()

    def _deserted(self) -> list[str]:
        """The kernels of workshops that nobody has had open for a minute."""
        of_workshops: dict[str, list[str]] = {}
        for kernel_id, grant in self.owners.items():
            of_workshops.setdefault(grant.actor.workshop, []).append(kernel_id)
        alone = (kernels for kernels in of_workshops.values() if all(map(self._is_alone, kernels)))
        return [kernel_id for kernels in alone for kernel_id in kernels]

    def _is_alone(self, kernel_id: str) -> bool:
        if kernel_id not in self or self._kernel_connections.get(kernel_id):  # it is starting, or its page is there
            return False
        alone_for: timedelta = utcnow() - self._kernels[kernel_id].last_activity
        return alone_for > timedelta(seconds=DESERTED_SECONDS)

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forgets a kernel that has ended, and tells the pages that are open on it."""
        self.owners.pop(kernel_id, None)
        removed = super().remove_kernel(kernel_id)
        WorkshopConnection.end_all(kernel_id)
        return removed

    def start_watching_activity(self, kernel_id: str) -> None:
        """Hears all that a kernel says, to know whether it is busy; one that runs no code never is."""
        kernel = self._kernels[kernel_id]
        if kernel.is_prepared:
            kernel.execution_state, kernel.last_activity = "idle", utcnow()
        else:
            super().start_watching_activity(kernel_id)

    def notify_disconnect(self, kernel_id: str) -> None:
        """A page has gone: idle time counts from now, not from the last message."""
        super().notify_disconnect(kernel_id)
        if kernel_id in self._kernels:
            self._kernels[kernel_id].last_activity = utcnow()

    def _handle_kernel_died(self, kernel_id: str) -> None:
        """A kernel that died stays dead, and leaves nothing behind; its page opens itself again."""
        if kernel_id in self._ends:
            return
        kernel = self._kernels[kernel_id]
        self.stop_watching_activity(kernel_id)
        self.remove_kernel(kernel_id)
        asyncio.get_running_loop().create_task(ensure_async(kernel.cleanup_resources()))

    def _environment(self, grant: Grant) -> dict[str, str]:
        """What the kernel is told; nothing in it comes from the request."""
        return {**self._shared_environment(), settings.NPS_ACTOR: grant.actor.to_json()}

    def _shared_environment(self) -> dict[str, str]:
        """What all kernels are told."""
        return {
            **os.environ,
            settings.NPS_DATABASE: self.database,
            "IPYTHONDIR": str(Path(self.connection_dir) / "ipython"),  # not the start-up files of whoever serves
            "JUPYTER_WIDGETS_ECHO": "0",
            "OPENBLAS_NUM_THREADS": "1",
        }

    def _last_seen(self, kernel_id: str) -> Any:
        return bool(self._kernel_connections.get(kernel_id)), self._kernels[kernel_id].last_activity


def most_connections() -> int:
    """How many connections there may be: a fifth of the files that may be open, so that they never are the last."""
    if sys.platform == "win32":
        return MOST_CONNECTIONS
    import resource

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(MOST_CONNECTIONS, max(FEWEST_CONNECTIONS, files // 5)) if files > 0 else MOST_CONNECTIONS


def kernels_for(files: int) -> int:
    """How many kernels there may be if so many files may be open; a fifth is for connections."""
    return files * 4 // 5 // FILES_A_KERNEL


def most_kernels(most_memory: int | None = None) -> int:
    """How many kernels there are memory and file descriptors for; at least 4.

    Args:
        most_memory: how many bytes the operator gives; None for what the container or computer has.
    """
    if sys.platform == "win32":
        return 60
    import resource

    _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
    memory = min(filter(None, (memory_bytes(), most_memory)))
    by_files = kernels_for(files) if files > 0 else 1000
    return max(4, min(by_files, memory * 3 // 4 // (BYTES_A_FORKED_KERNEL if can_fork() else BYTES_A_KERNEL), 1000))
