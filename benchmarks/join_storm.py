"""Everybody joins within a breath: how long until all pages stand, and what it costs.

Run as ``python -m benchmarks.join_storm 30 [ours|plain|warm|stock]``.
"""

import asyncio
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.people import Person
from benchmarks.servers import Server, running

SETTLING_SECONDS = 2.0


@dataclass(frozen=True)
class Storm:
    """What a storm of joins took; seconds from the tap on "Join" until a page has the state of all its widgets."""

    server: str
    people: int
    failed: int
    p50: float
    p95: float
    last: float
    cpu_a_join: float
    mb_a_person: float


async def storm(server: Server, people: int) -> Storm:
    """Lets one person in to warm up, then all at once."""
    first = Person(server.base)
    await server.arrive(first)
    await join(server, first)
    await asyncio.sleep(SETTLING_SECONDS)
    crowd = [Person(server.base) for _ in range(people)]
    for person in crowd:
        await server.arrive(person)
    memory, cpu = server.memory_mb(), server.cpu_seconds()
    took = await asyncio.gather(*(join(server, person) for person in crowd), return_exceptions=True)
    cpu = server.cpu_seconds() - cpu
    await asyncio.sleep(SETTLING_SECONDS)
    memory = server.memory_mb() - memory
    good = sorted(one for one in took if isinstance(one, float))
    for fault in {repr(one)[:200] for one in took if not isinstance(one, float)}:
        print(f"  failed: {fault}", file=sys.stderr)
    if not good:
        return Storm(server.kind, people, people, 0, 0, 0, 0, 0)
    p50, p95 = (good[min(len(good) - 1, round(len(good) * share))] for share in (0.5, 0.95))
    return Storm(server.kind, people, people - len(good), p50, p95, good[-1], cpu / people, memory / people)


async def join(server: Server, person: Person) -> float:
    """Seconds until somebody who has arrived is in."""
    start = time.monotonic()
    await person.open(await server.join(person))
    return time.monotonic() - start


def measure(kind: str, people: int) -> Storm:
    """One storm on a fresh server."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, running(kind, Path(folder)) as server:
        if kind == "warm":
            server.wait_until_prepared()
        return asyncio.run(storm(server, people))


def main() -> None:
    """Prints one storm."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    for name, value in asdict(measure(sys.argv[2] if len(sys.argv) > 2 else "ours", people)).items():
        print(f"{name:12} {value:.3f}" if isinstance(value, float) else f"{name:12} {value}")


if __name__ == "__main__":
    main()
