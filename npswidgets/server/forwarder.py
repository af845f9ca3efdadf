"""Passes hints on: from whoever has stored something to the screens that listen, in a thread of the server."""

import sys
import threading
from contextlib import suppress
from pathlib import Path

import zmq


class Forwarder:
    """Runs until it is stopped.

    Attributes:
        addresses: what `NPS_LIVE` has to be: where hints are sent, and where they come from.
    """

    def __init__(self, folder: Path) -> None:
        self._context = zmq.Context()
        sent, passed_on = self._context.socket(zmq.PULL), self._context.socket(zmq.PUB)
        for one, name in ((sent, "hints"), (passed_on, "news")):
            one.linger = 0
            one.bind(f"ipc://{folder / name}" if sys.platform == "linux" else "tcp://127.0.0.1:*")
        self.addresses = " ".join(one.get_string(zmq.LAST_ENDPOINT) for one in (sent, passed_on))
        self._thread = threading.Thread(target=_forward, args=(sent, passed_on), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread."""
        self._context.term()
        self._thread.join()


def _forward(sent: "zmq.Socket[bytes]", passed_on: "zmq.Socket[bytes]") -> None:
    with sent, passed_on, suppress(zmq.ContextTerminated):
        zmq.proxy(sent, passed_on)
