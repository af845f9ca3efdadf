"""A bad neighbour in the room, on a running server: those inside go on voting."""

import random
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest
from serving import Client, RunningServer, wait_until
from test_connection import opened
from test_server import ask
from websockets.sync.client import ClientConnection

from npswidgets.server.machine.log import SAME_A_MINUTE

LINES = 300
ECHO_SECONDS = 1.0
MOST_LOOKS = 5

HALF = b"GET /check HTTP/1.1\r\nHost: 127.0.0.1\r\n"
WHOLE = HALF + b"\r\n"


class Neighbour:
    """Threads that open connections as quickly as they can, say something and go on doing so, until the end."""

    def __init__(self, server: RunningServer, said: bytes, more: bytes) -> None:
        self._address = ("127.0.0.1", urlsplit(server.base).port)
        self._said, self._more = said, more
        self._ended = Event()
        self.opened = 0
        self._threads = [Thread(target=self._run, daemon=True) for _ in range(2)]

    def __enter__(self) -> "Neighbour":
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for one in self._threads:
            one.join()

    def _run(self) -> None:
        lines: list[socket.socket] = []
        while not self._ended.wait(0.002):
            with suppress(OSError):
                if len(lines) < LINES:
                    lines.append(socket.create_connection(self._address, timeout=1))
                    self.opened += 1
                    lines[-1].sendall(self._said)
                elif self._more:
                    random.choice(lines).sendall(self._more)
                else:
                    lines.pop(0).close()
        for one in lines:
            one.close()


@pytest.mark.parametrize(
    ("said", "more"),
    [(HALF, b"X: y\r\n"), (WHOLE, b""), (WHOLE * 200, WHOLE * 50)],
    ids=["half requests", "new connections", "pipelines"],
)
def test_those_inside_go_on_voting(server: RunningServer, said: bytes, more: bytes) -> None:
    made, client = server.make(), Client(server)
    client.join(made)
    before = len(server.log)
    with opened(client, client.open_kernel(made.vote_page)) as line:
        calm = echo(line)
        with Neighbour(server, said, more) as neighbour:
            wait_until(lambda: neighbour.opened >= LINES)
            # The computer may be busy with something else, for a while.
            assert any(echo(line) < max(1.0, 20 * calm) for _ in range(MOST_LOOKS))
            assert client.get("/check").ok
    assert "Traceback" not in server.log[before:]
    assert len(server.log) - before < 5000


def echo(line: ClientConnection) -> float:
    """The seconds that a word to the kernel and back takes, but for the slowest twentieth."""
    seconds, end = [], time.monotonic() + ECHO_SECONDS
    while time.monotonic() < end:
        start = time.perf_counter()
        ask(line, "kernel_info_request")
        seconds.append(time.perf_counter() - start)
        time.sleep(0.02)
    return sorted(seconds)[int(len(seconds) * 0.95)]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_kernels_complain_of_goes_through_the_brake_of_the_log(server: RunningServer) -> None:
    server.wait_until_ready()
    client, made = Client(server), server.make()
    client.use_link(made.facilitator_link)
    client.open_kernel(made.facilitator_page)
    for process in server.kernels() | server.fork_servers():
        assert str(Path(f"/proc/{process}/fd/2").readlink()).startswith("pipe:")
    (forks,) = server.fork_servers()
    said = len(server.log)
    with Path(f"/proc/{forks}/fd/2").open("w") as complaints:
        complaints.write("It failed.\x1b[2J\n" * 1000)
    wait_until(lambda: r"It failed.\x1b[2J" in server.log[said:])
    assert server.log[said:].count("It failed.") <= SAME_A_MINUTE + 1
