"""Everybody closes the page: what is left of it after a minute in which kernels are culled.

Run as ``python -m benchmarks.leaving 30 [ours|stock] [goodbye|silent]``.
"""

import asyncio
import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.servers import Server, running
from benchmarks.voting import crowd_in

CULLING_SECONDS = 80.0
"""A minute, and the time between two looks."""


@dataclass(frozen=True)
class Left:
    """What was there while everybody was, and what a minute after."""

    server: str
    goodbye: bool
    people: int
    kernels_before: int
    kernels_left: int
    mb_before: float
    mb_left: float


async def leaving(server: Server, people: int, goodbye: bool) -> Left:
    """Everybody joins, and leaves: with the page's word of farewell, or as when the battery is empty."""
    empty = server.memory_mb()
    crowd = await crowd_in(server, people)
    kernels, memory = server.kernels(), server.memory_mb() - empty
    for person in crowd:
        await person.leave(goodbye and server.is_ours)
    await asyncio.sleep(CULLING_SECONDS)
    return Left(server.kind, goodbye, people, kernels, server.kernels(), memory, server.memory_mb() - empty)


def measure(kind: str, people: int, goodbye: bool) -> Left:
    """On a fresh server."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, running(kind, Path(folder)) as server:
        return asyncio.run(leaving(server, people, goodbye))


def main() -> None:
    """Prints what is left."""
    _, people, kind, how = [*sys.argv, *["", "30", "ours", "goodbye"][len(sys.argv) :]]
    print(json.dumps(asdict(measure(kind, int(people), how == "goodbye"))))


if __name__ == "__main__":
    main()
