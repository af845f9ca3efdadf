"""Two hours of a workshop in ten minutes, with sixty people who come and go: memory and descriptors stay flat.

Run as ``python -m benchmarks.soak [people] [minutes]`` or ``make soak``; the table goes to SOAK.md. All waits are
twelve times as short as in a room, also the quarter of an hour for which kernels are kept whose pages left silently.
"""

import asyncio
import random
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.people import Person
from benchmarks.servers import Server, running
from benchmarks.voting import Room, open_facilitator, says, vote

TIMES_FASTER = 12
LEFT_KERNEL_SECONDS = 900 / TIMES_FASTER
TOPIC_SECONDS = 480 / TIMES_FASTER
STAY_SECONDS = 900 / TIMES_FASTER
AWAY_SECONDS = 240 / TIMES_FASTER
LOOKS = 20
RESULTS = Path(__file__).parent / "SOAK.md"


@dataclass(frozen=True)
class Look:
    """What the server used at one moment."""

    minute: float
    people: int
    kernels: int
    server_mb: float
    all_mb: float
    open_files: int


class Soak:
    """The workshop.

    Attributes:
        looks: one after the other.
        faults: what went wrong, in words.
    """

    def __init__(self, server: Server) -> None:
        self.looks: list[Look] = []
        self.faults: list[str] = []
        self.votes = self.joins = 0
        self._server, self._room = server, Room(server)
        self._there: set[Person] = set()

    async def run(self, people: int, seconds: float) -> None:
        """Everybody comes and goes until the time is over, and leaves."""
        self._server.hear_hints()
        await open_facilitator(self._server)
        await self._look(0)
        start, end = time.monotonic(), time.monotonic() + seconds
        tasks = [asyncio.create_task(self._somebody(end)) for _ in range(people)]
        tasks.append(asyncio.create_task(self._facilitate(end)))
        while time.monotonic() < end:
            await asyncio.sleep(seconds / LOOKS)
            await self._look(time.monotonic() - start)
        await asyncio.gather(*tasks)
        await asyncio.sleep(LEFT_KERNEL_SECONDS + 15)
        await self._look(time.monotonic() - start)

    async def _somebody(self, end: float) -> None:
        """Comes, votes when there is a vote, reloads, falls asleep without a word, or says goodbye; and comes again."""
        person = Person(self._server.base)
        await asyncio.sleep(random.uniform(0, AWAY_SECONDS))
        while time.monotonic() < end:
            try:
                await self._stay(person, min(end, time.monotonic() + random.expovariate(1 / STAY_SECONDS)))
            except Exception as error:
                self.faults.append(repr(error)[:200])
            self._there.discard(person)
            with suppress(Exception):
                await person.leave(goodbye=random.random() < 0.7)
            await asyncio.sleep(random.choice((0, random.uniform(0, AWAY_SECONDS))))

    async def _stay(self, person: Person, until: float) -> None:
        person.states = {}
        if not person.cookies:
            await self._server.arrive(person)
        await person.open(await self._server.join(person))
        self.joins += 1
        self._there.add(person)
        while (left := until - time.monotonic()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await person.until(says("voting", True))
                    await asyncio.sleep(random.uniform(0, 5))
                    if code := code_in(person):
                        await vote(person, code)
                        self.votes += 1
                    await person.until(says("voting", False))

    async def _facilitate(self, end: float) -> None:
        while time.monotonic() < end and await asyncio.to_thread(self._room.open_vote):
            await asyncio.sleep(TOPIC_SECONDS)
            with suppress(Exception):  # nobody has voted
                await asyncio.to_thread(self._room.store.show_votes, self._room.code)

    async def _look(self, seconds: float) -> None:
        server = self._server
        own = psutil.Process(server.process.pid).memory_info().rss / 2**20
        look = Look(seconds / 60, len(self._there), server.kernels(), own, server.memory_mb(), server.open_files())
        self.looks.append(look)
        print(look, f"votes {self.votes}, joins {self.joins}, faults {len(self.faults)}", file=sys.stderr)


def code_in(person: Person) -> str:
    """The topic that a page votes on; empty if the votes were shown meanwhile."""
    return next((state["code"] for state in person.states.values() if state.get("voting")), "")


def table(soak: Soak) -> list[str]:
    """The looks as a table in Markdown."""
    lines = [
        "# A soak: two hours of workshop in ten minutes",
        "",
        f"{soak.joins} pages opened, {soak.votes} votes saved, {len(soak.faults)} faults.",
        "The last line is after all have left.",
        "",
        "| minute | people there | kernels | server's memory MB | all memory MB | files open in the server |",
        "|---|---|---|---|---|---|",
    ]
    for one in soak.looks:
        figures = (one.people, one.kernels, f"{one.server_mb:.0f}", f"{one.all_mb:.0f}", one.open_files)
        lines.append(f"| {one.minute:.1f} | {' | '.join(map(str, figures))} |")
    return [*lines, "", *(f"- {fault}: {soak.faults.count(fault)} times" for fault in sorted(set(soak.faults)))]


def main() -> None:
    """Runs it, and writes what was seen."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 10
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as folder,
        running("ours", Path(folder), left_kernel_seconds=LEFT_KERNEL_SECONDS) as server,
    ):
        soak = Soak(server)
        asyncio.run(soak.run(people, minutes * 60))
    RESULTS.write_text("\n".join(table(soak)).rstrip() + "\n")
    print(RESULTS.read_text())


if __name__ == "__main__":
    main()
