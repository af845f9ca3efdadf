"""How long a server takes to stop, from SIGTERM: ``python -m benchmarks.stopping 0 30``, with so many pages open.

First at rest, then while all of them vote, and then while another program holds the database.
"""

import asyncio
import os
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.people import Person
from benchmarks.servers import Server, running
from benchmarks.voting import Room, crowd_in, says, vote

HOW = ("at rest", "all vote", "held")


def measure(people: int, how: str) -> float:
    """Seconds from the signal to the end of the process, on a fresh server."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, running("ours", Path(folder)) as server:
        return asyncio.run(_stop(server, people, how))


async def _stop(server: Server, people: int, how: str) -> float:
    server.hear_hints()
    crowd, room = await crowd_in(server, people), Room(server)
    room.open_vote()
    await asyncio.gather(*(person.until(says("voting", True)) for person in crowd))
    server.wait_until_prepared()
    with closing(sqlite3.connect(server.database.removeprefix("sqlite:///"), isolation_level=None)) as other:
        if how == "held":
            other.execute("BEGIN IMMEDIATE")
        voting = [asyncio.create_task(_vote_on(person, room.code)) for person in crowd if how != "at rest"]
        await asyncio.sleep(1)
        begun = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(server.process.wait)
        took = time.monotonic() - begun
    for task in voting:
        task.cancel()
    return took


async def _vote_on(person: Person, code: str) -> None:
    while True:
        await vote(person, code)


def main() -> None:
    """Prints the seconds."""
    for people in map(int, sys.argv[1:] or ["0", "30"]):
        for how in HOW if people else HOW[::2]:
            print(f"{people:3} pages, {how}: {measure(people, how):.2f} s; load {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    main()
