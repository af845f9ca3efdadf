"""How the server stops: with all stored that anybody was told is, and soon, since it may be killed soon after."""

import asyncio
import logging
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

ANSWER_SECONDS = 0.4
"""For requests that are being answered."""

STOPPING_SECONDS = 0.7
"""For all that is to end. What a kernel has not stored its page sends again, so that it is not asked to end."""


class LeftThreads(ThreadPoolExecutor):
    """Threads that the end of the server does not wait for: one may wait for a database that another program holds."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 (the interface)
        """Begins nothing more."""
        super().shutdown(wait=False, cancel_futures=True)


def stop_signal() -> asyncio.Event:
    """An event that is set when the operator or the system asks the server to stop, however often.

    A terminal that is closed asks, too, but not where the server was started to outlive it (nohup).
    """
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop(*_: object) -> None:
        with suppress(RuntimeError):  # it has stopped already
            loop.call_soon_threadsafe(stopped.set)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    return stopped


def leave_threads() -> None:
    """Ends this process, if a thread would keep it: what that one has not stored, nobody was told is stored."""
    if any(one is not threading.main_thread() and not one.daemon for one in threading.enumerate()):
        logging.shutdown()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        os._exit(0)
