"""The benchmarks' slow network is as slow as it says, for all connections of a phone together."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from messages import run

from benchmarks.slow_network import Lane, Relay

KBIT, MS = 4000.0, 100.0
ROUND = MS / 1000


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


async def _through_it(play: Callable[[int], Awaitable[None]]) -> None:
    async with await asyncio.start_server(_echo, "127.0.0.1", 0) as server:
        relay = await Relay(server.sockets[0].getsockname()[1], KBIT, MS).listen()
        async with relay:
            await play(relay.sockets[0].getsockname()[1])


async def _say(port: int, size: int) -> float:
    """Seconds from the connection until so many bytes are back."""
    start = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"x" * size)
    assert await reader.readexactly(size) == b"x" * size
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    return time.monotonic() - start


def test_what_is_given_to_a_lane_leaves_one_after_the_other() -> None:
    lane = Lane(1000, 0.5)
    assert [lane.arrival(100, 0), lane.arrival(100, 0), lane.arrival(100, 9)] == pytest.approx([0.6, 0.7, 9.6])


def test_a_connection_and_a_question_cost_the_way_there_and_back_each() -> None:
    async def play(port: int) -> None:
        assert await _say(port, 1) >= 2 * ROUND

    run(_through_it(play))


def test_connections_share_the_rate() -> None:
    async def play(port: int) -> None:
        start = time.monotonic()
        await asyncio.gather(*(_say(port, 25_000) for _ in range(4)))
        took = time.monotonic() - start
        assert took >= 100_000 * 8 / (KBIT * 1000) + 2 * ROUND

    run(_through_it(play))
