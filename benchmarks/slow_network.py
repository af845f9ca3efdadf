"""A slow network on loopback: what one phone sends and hears passes through it, websockets among it.

Run as ``python -m benchmarks.slow_network PORT KBIT_A_SECOND MS``; it prints the port where it listens. All connections
share the rate of each direction, as those of one phone do. Each byte arrives half of `MS` later, and a new connection
costs the way there and back before anything passes. Nothing is lost, and a connection does not start slowly.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PIECE = 1400
"""Bytes that travel together: as in a packet, so that connections take turns."""
WAITING_PIECES = 16
"""Of a connection, on their way: its sender waits then, as for a full buffer of a modem."""
AHEAD_SECONDS = 0.005
"""So much sooner the next piece is given to a lane, which would else stand idle while this process wakes up."""
HERE = "127.0.0.1"


@dataclass
class Lane:
    """One direction, with all connections in it.

    Attributes:
        free_at: when all that was given to it so far has left.
    """

    bytes_a_second: float
    seconds: float
    free_at: float = field(default=0.0)

    def arrival(self, size: int, now: float) -> float:
        """When so many bytes arrive that are given to it now."""
        self.free_at = max(now, self.free_at) + size / self.bytes_a_second
        return self.free_at + self.seconds


class Relay:
    """Passes bytes between browsers and a port of this computer, no sooner than such a network would."""

    def __init__(self, port: int, kbit_a_second: float, ms: float) -> None:
        self._port = port
        self._way_seconds = ms / 2000
        self._up, self._down = (Lane(kbit_a_second * 125, self._way_seconds) for _ in range(2))

    async def listen(self) -> asyncio.Server:
        """Listens on a free port."""
        return await asyncio.start_server(self._connect, HERE, 0, limit=PIECE)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2 * self._way_seconds)
        try:
            far_reader, far_writer = await asyncio.open_connection(HERE, self._port, limit=PIECE)
        except OSError:
            writer.close()
            return
        up, down = _pass(reader, far_writer, self._up), _pass(far_reader, writer, self._down)
        try:
            await asyncio.gather(up, down, return_exceptions=True)
        finally:
            for one in (writer, far_writer):
                one.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lane: Lane) -> None:
    waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(WAITING_PIECES)
    delivering = asyncio.create_task(_deliver(waiting, writer))
    try:
        while data := await reader.read(PIECE):
            arrival = lane.arrival(len(data), time.monotonic())
            await waiting.put((arrival, data))
            await _until(arrival - lane.seconds - AHEAD_SECONDS)  # it has left: others have had their turn
        await waiting.put((time.monotonic() + lane.seconds, b""))
    except OSError:
        delivering.cancel()
    with suppress(asyncio.CancelledError):
        await delivering


async def _deliver(waiting: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while True:
            arrival, data = await waiting.get()
            await _until(arrival)
            if not data:
                if writer.can_write_eof():
                    writer.write_eof()
                return
            writer.write(data)
            await writer.drain()


async def _until(moment: float) -> None:
    if (seconds := moment - time.monotonic()) > 0:
        await asyncio.sleep(seconds)


@contextmanager
def slowed(base: str, kbit_a_second: float, ms: float) -> Iterator[str]:
    """The address by which a server is reached over such a network, in a process of its own."""
    port = base.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "benchmarks.slow_network", port, str(kbit_a_second), str(ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://{HERE}:{int(process.stdout.readline())}"
        finally:
            process.terminate()


async def _run(port: int, kbit_a_second: float, ms: float) -> None:
    server = await Relay(port, kbit_a_second, ms).listen()
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
