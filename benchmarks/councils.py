"""Several councils' servers on one machine, idle and while all their rooms vote in the same minute, beside one alone.

Run as ``python -m benchmarks.councils 15 30``: so many servers, so many people each; writes COUNCILS.md. It takes eight
minutes at the most: no server is started after `STARTING_SECONDS`.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.people import Person
from benchmarks.servers import Server, running
from benchmarks.voting import Room, crowd_in, in_ms, says, vote

RESULTS = Path(__file__).parent / "COUNCILS.md"
STARTING_SECONDS = 200.0
AT_A_TIME = 3
MINUTE_SECONDS = 60.0
SHOWING_SECONDS = 5.0
"""Within so long all rooms show their votes."""


@dataclass(frozen=True)
class Measured:
    """A number of servers, idle and busy.

    Attributes:
        idle_mb: memory of each server with nobody there, as its share of what it has in common with others.
        full_mb: the same with everybody there.
        echo: milliseconds from a vote until its page says that it is saved: median and 95th percentile.
        shown: milliseconds from showing the votes of a room until a page of it has them.
        server_cpu, client_cpu: seconds of processor in the minute, of all servers, and of all people.
        load: of the machine, when they began to vote.
    """

    servers: int
    people: int
    idle_mb: float
    full_mb: float
    echo: Sequence[float]
    shown: Sequence[float]
    server_cpu: float
    client_cpu: float
    load: float


@dataclass(frozen=True)
class Council:
    """A server with the people of its room."""

    server: Server
    room: Room
    live: str
    crowd: list[Person]

    def as_its_server(self) -> Room:
        """The room; what it stores is told to this server's pages."""
        os.environ["NPS_LIVE"] = self.live
        return self.room


async def busy(servers: Sequence[Server], people: int, idle_mb: float) -> Measured:
    """Everybody is there and votes once, at some time within a minute; then each room shows its votes."""
    councils = [await _with_people(server, people) for server in servers]
    for one in councils:
        one.as_its_server().open_vote()
    await asyncio.gather(*(person.until(says("voting", True)) for one in councils for person in one.crowd))
    full_mb = sum(server.memory_mb() for server in servers) / len(servers)
    cpu, own, load = sum(server.cpu_seconds() for server in servers), time.process_time(), os.getloadavg()[0]
    clicks = [_vote_in_time(person, one.room.code) for one in councils for person in one.crowd]
    echo = await asyncio.gather(*clicks, asyncio.sleep(MINUTE_SECONDS, 0.0))
    cpu, own = sum(server.cpu_seconds() for server in servers) - cpu, time.process_time() - own
    shown = await asyncio.gather(*map(_show_in_time, councils))
    for one in councils:
        for person in one.crowd:
            await person.leave(goodbye=False)
    every = [took for room in shown for took in room]
    return Measured(
        len(servers), people, idle_mb, full_mb, in_ms(echo[:-1], 0.5, 0.95), in_ms(every, 0.5, 0.95), cpu, own, load
    )


async def _with_people(server: Server, people: int) -> Council:
    server.hear_hints()
    live = os.environ["NPS_LIVE"]
    return Council(server, Room(server), live, await crowd_in(server, people))


async def _vote_in_time(person: Person, code: str) -> float:
    await asyncio.sleep(random.uniform(0, MINUTE_SECONDS))
    return await vote(person, code)


async def _show_in_time(council: Council) -> list[float]:
    await asyncio.sleep(random.uniform(0, SHOWING_SECONDS))
    began = time.monotonic()
    council.as_its_server().store.show_votes(council.room.code)
    seen = await asyncio.gather(*(person.until(says("voting", False)) for person in council.crowd))
    return [at - began for at in seen]


def measure(servers: int, people: int) -> Measured:
    """On fresh servers; fewer where they do not start in time."""
    end = time.monotonic() + STARTING_SECONDS
    with ExitStack() as stack, ThreadPoolExecutor(AT_A_TIME) as starting:
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/tmp"))) for _ in range(servers)]

        def start(folder: Path) -> Server | None:
            return stack.enter_context(running("ours", folder)) if time.monotonic() < end else None

        started = [server for server in starting.map(start, folders) if server]
        for server in started:
            server.wait_until_prepared()
        idle = sum(server.memory_mb() for server in started) / len(started)
        return asyncio.run(busy(started, people, idle))


def written(one: Measured, many: Measured) -> Iterator[str]:
    """The page of results."""
    yield "# Several councils on one machine"
    yield ""
    yield f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores. Load of the machine when they began to vote,"
    yield f"other work included: {one.load:.1f} with one server, {many.load:.1f} with {many.servers}."
    yield f"{many.people} people in each vote once within a minute, then all"
    yield "rooms show their votes within five seconds. The people are clients on the same cores: compare ratios."
    yield ""
    yield f"| | one server | {many.servers} servers | ratio |"
    yield "| --- | --- | --- | --- |"
    for what, unit, digits, alone, all_ in (
        ("memory of each, nobody there", "MB", 0, one.idle_mb, many.idle_mb),
        ("memory of each, everybody there", "MB", 0, one.full_mb, many.full_mb),
        ("echo of a vote, median", "ms", 0, one.echo[0], many.echo[0]),
        ("echo of a vote, 95th percentile", "ms", 0, one.echo[1], many.echo[1]),
        ("votes shown to a page, median", "ms", 0, one.shown[0], many.shown[0]),
        ("votes shown to a page, 95th percentile", "ms", 0, one.shown[1], many.shown[1]),
        ("processor of the servers in the minute", "s", 1, one.server_cpu, many.server_cpu),
        ("processor of the people in the minute", "s", 1, one.client_cpu, many.client_cpu),
    ):
        yield f"| {what} | {alone:.{digits}f} {unit} | {all_:.{digits}f} {unit} | {all_ / alone:.1f} |"


def main() -> None:
    """Measures one, then many, and writes."""
    servers, people = map(int, sys.argv[1:] or ["15", "30"])
    RESULTS.write_text("\n".join(written(measure(1, people), measure(servers, people))) + "\n")
    print(RESULTS.read_text())


if __name__ == "__main__":
    main()
