"""The process that kernels are forked from: it has imported the package and built the screens of all roles.

Run as ``python -m npswidgets.server.kernels.fork_server CONTROL``, where CONTROL is the number of an inherited socket.
Standard input is the read end of the pipe that only the server holds open: this process ends with the server, as
kernels do.

On CONTROL it says once that it is ready, and which widget is each role's screen. Then each message asks for a kernel,
and brings its own socket for the answer: this process sends the process id with a pidfd, and the kernel itself sends
READY, and what is in its widgets. When that socket closes without READY, the kernel has died while it started.
"""

import contextlib
import gc
import json
import os
import random
import select
import signal
import socket
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from npswidgets import settings
from npswidgets.domain.actor import Actor, Role
from npswidgets.errors import keep_texts_out_of_logs

PREPARED = (
    "npswidgets.server.kernels.screen_kernel",
    "npswidgets.server.kernels.kernel_process",
    "npswidgets.store.live",
    "npswidgets.store.opening",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "zmq.asyncio",
)
"""What is imported before kernels are forked; a test tells what is missing."""

READY = b"ready"
LONGEST_REQUEST_BYTES = 128 * 1024
PART_BYTES = 32 * 1024
"""What is in the widgets is sent in parts of this size."""


def main() -> None:
    """Serves until the server ends."""
    keep_texts_out_of_logs()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's; and a kernel is not killed while it starts
    control = socket.socket(fileno=int(sys.argv[1]))
    fork_server = ForkServer(control)
    control.send(json.dumps({role: screen.widget.model_id for role, screen in fork_server.screens.items()}).encode())
    while True:
        for readable in select.select([control, fork_server.ended, sys.stdin], [], [])[0]:
            if readable is sys.stdin:
                os._exit(0)
            elif readable is control:
                fork_server.answer()
            else:
                fork_server.reap()


class ForkServer:
    """What is built before kernels are forked, and the forking.

    Attributes:
        screens: by role; they belong to nobody.
        ended: readable when a kernel has ended.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        screen, self._database = prepare(settings.database_url())
        self.screens: dict[Role, Any] = {"participant": screen, **build_others()}
        self.ended, self._wake = socket.socketpair()
        for one in (self.ended, self._wake):
            one.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        gc.collect()
        gc.freeze()
        self._open_files = open_files()

    def answer(self) -> None:
        """Forks a kernel for the next request; ends this process when the server has closed the socket."""
        request, handles, _, _ = socket.recv_fds(self._control, LONGEST_REQUEST_BYTES, 1)
        if not request:
            os._exit(0)
        wanted = json.loads(request)
        actor = Actor.from_json(wanted["env"][settings.NPS_ACTOR])
        with socket.socket(fileno=handles[0]) as answer:
            if self._database:
                self._database.keep_at_hand(actor.workshop)
            check_forkable(self._open_files | {answer.fileno()})
            pid = os.fork()
            if pid == 0:
                self._become_kernel(wanted, actor, answer)
            with contextlib.suppress(OSError):  # nobody waits for it any more
                _send_process(answer, pid)

    def reap(self) -> None:
        """Lets the system forget kernels that have ended."""
        with contextlib.suppress(BlockingIOError):
            self.ended.recv(4096)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass

    def _become_kernel(self, request: dict[str, Any], actor: Actor, answer: socket.socket) -> None:
        """Is the kernel's process from here on, and never comes back."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for one in (self._control, self.ended, self._wake):
                one.close()
            start_anew(request)
            from npswidgets.server.kernels.kernel_process import end_with_server
            from npswidgets.server.kernels.screen_kernel import run_screen

            end_with_server()
            run_screen(request["connection_file"], lambda: self._open_screen(actor, answer))
            status = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)

    def _open_screen(self, actor: Actor, answer: socket.socket) -> None:
        from npswidgets.screens.opening import attach_when_possible
        from npswidgets.server.kernels.screen_kernel import keep_only
        from npswidgets.store.database import open_database
        from npswidgets.store.opening import store_of

        screen = self.screens[actor.role]
        keep_only(screen.widget.model_id)
        attach_when_possible(
            screen, lambda: self._database.store(actor) if self._database else store_of(open_database(), actor)
        )
        states = told_states()
        try:
            answer.send(READY)
            for start in range(0, len(states), PART_BYTES):
                answer.send(states[start : start + PART_BYTES])
        except OSError:  # nobody waits for this kernel any more
            os._exit(1)
        answer.close()


def told_states() -> bytes:
    """What is in the widgets of this kernel's screen, as the first drawing of its page needs it, in JSON and ASCII."""
    from npswidgets.server.kernels.screen_kernel import ScreenComm

    assert ScreenComm.kernel is not None
    return json.dumps(ScreenComm.kernel.states(), separators=(",", ":"), allow_nan=False).encode()


def start_anew(request: dict[str, Any]) -> None:
    """Makes this process another one: a session, environment, name and chance of its own."""
    os.setsid()
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv = [sys.argv[0], request["connection_file"]]
    Path("/proc/self/comm").write_text("nps-kernel")
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
    gc.enable()


def check_forkable(open_now: set[int]) -> None:
    """Ends this process unless it has one thread, and no file or connection beside those it began with.

    A kernel forked with half a thread's lock or a shared connection would fail much later, and strangely.
    """
    threads, files = len(list(Path("/proc/self/task").iterdir())), open_files()
    if threads != 1 or files != open_now:
        sys.exit(f"Kernels cannot be forked: {threads} threads; files {sorted(files ^ open_now)} are not as expected.")


def open_files() -> set[int]:
    """The numbers of the files, sockets and pipes that are open."""
    with os.scandir("/proc/self/fd") as found:
        numbers = {int(one.name) for one in found}
    return {number for number in numbers if _is_open(number)}  # without the folder that was read just now


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def import_all() -> None:
    """Imports what a kernel will need."""
    for name in PREPARED:
        import_module(name)


def prepare(database_url: str, times: int | None = None) -> tuple[Any, Any]:
    """The participant's screen, and its database if that can be prepared, with all that a kernel would do at its start.

    Args:
        times: how often a page is played through; by default as often as pays for many kernels.

    Raises:
        StoreFault: the database cannot be opened.
    """
    import_all()
    from npswidgets.screens import participant
    from npswidgets.server.kernels.screen_kernel import name_widgets, prepare_widgets
    from npswidgets.server.kernels.warming_up import TIMES, warm_up
    from npswidgets.store.warm_database import WarmDatabase, can_be_warmed, on_server

    prepare_widgets()
    database = WarmDatabase(database_url) if can_be_warmed(database_url) else None
    warm_up(database, times or TIMES)
    if database:
        database.open_file()
    name_widgets("participant")
    return participant.build(), database or on_server(database_url)


def build_others() -> dict[Role, Any]:
    """The screens of all but participants. They are few, so that nothing else is done in advance."""
    from npswidgets.screens import facilitator, helper, projector
    from npswidgets.server.kernels.screen_kernel import name_widgets

    builds: dict[Role, Callable[[], Any]] = {
        "facilitator": facilitator.build,
        "helper": helper.build,
        "projector": projector.build,
    }
    screens: dict[Role, Any] = {}
    for role, build in builds.items():
        name_widgets(role)
        screens[role] = build()
    return screens


def _send_process(answer: socket.socket, pid: int) -> None:
    pidfd = os.pidfd_open(pid)
    try:
        socket.send_fds(answer, [str(pid).encode()], [pidfd])
    finally:
        os.close(pidfd)


if __name__ == "__main__":
    main()
