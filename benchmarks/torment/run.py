"""The torment: thirty people vote while processes die, the disk is full, the clock jumps and somebody sends rubbish."""

import asyncio
import logging
import random
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.torment.clock import Clock
from benchmarks.torment.hostile import Hostile
from benchmarks.torment.journal import Cuts, cut
from benchmarks.torment.ledger import Ledger
from benchmarks.torment.server import Server, kill
from benchmarks.torment.syncs import Syncs, count_syncs
from benchmarks.torment.voters import Voter
from npswidgets.domain.actor import Actor
from npswidgets.domain.events import TopicPresented, VotingOpened
from npswidgets.errors import RuleBroken, StoreFault
from npswidgets.store.database import open_database
from npswidgets.store.opening import store_of
from npswidgets.store.workshops import Created, NewWorkshop, create_workshop

THEMES = ("showing-leadership", "behaving-commercially", "achieving-community-benefits", "enablers")
JOINING_AT_A_TIME = 6
FULL_DISK_SECONDS = 2.0
FULL_DISK_BYTES = 4096
SHORTEST_ROUND_SECONDS = 4.0
MOST_ROUNDS = 150
"""Of the 177 that there can be: three on each of 59 topics."""
BACK_SECONDS = 300.0
"""When all is over everybody can vote again, and soon; a machine that does something else besides may need minutes."""


@dataclass(frozen=True)
class Plan:
    """What is done, and for how long.

    Attributes:
        seconds, kills: it ends with whichever comes first.
        pause: seconds between two kills, on average.
        weather: seconds between two full disks or jumps of the clock, on average.
        server_kills: how many of a thousand kills are the server's; as many are fork servers.
        long: counts the fsyncs of a vote, and kills no server in the second half, so that its memory can be followed.
    """

    seed: str
    seconds: float
    kills: int = 1000
    people: int = 30
    pause: float = 0.5
    weather: float = 20.0
    server_kills: int = 15
    long: bool = True


@dataclass
class Torment:
    """What came of it.

    Attributes:
        killed: how many processes of each kind.
        memory: (minute, MB) of the server's own process, since it was started last.
    """

    plan: Plan
    ledger: Ledger = field(default_factory=Ledger)
    killed: dict[str, int] = field(default_factory=lambda: {"kernels": 0, "fork servers": 0, "servers": 0})
    full_disks: int = 0
    clock_jumps: int = 0
    seconds: float = 0.0
    hostile_frames: int = 0
    hostile_ends: int = 0
    tracebacks: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    backs: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    refused_starts: int = 0
    memory: list[tuple[float, float]] = field(default_factory=list)
    syncs: Syncs | None = None
    cuts: Cuts = field(default_factory=Cuts)
    all_are_back: bool = False
    log: str = ""

    @property
    def kills(self) -> int:
        """All kills of running servers' processes."""
        return sum(self.killed.values())

    @property
    def faults(self) -> list[str]:
        """What may not be; empty if all promises were kept."""
        found = {"lost": self.ledger.lost, "doubled": self.ledger.doubled, "strange": self.ledger.strange}
        said = [f"{kind}: {one}" for kind, all_of_it in found.items() for one in all_of_it]
        said += [f"cut: {one}" for one in self.cuts.wrong]
        said += [] if self.all_are_back else ["not everybody could vote again"]
        said += [] if self.kills and self.ledger.rounds and self.cuts.kills else ["nothing was tried"]
        return said + ([f"{self.tracebacks} tracebacks in the server's log"] if self.tracebacks else [])


def torment(plan: Plan) -> Torment:
    """Runs it in a folder of its own, and leaves nothing behind."""
    found = Torment(plan)
    logging.getLogger("tornado.application").addFilter(_is_no_page_given_up)
    with tempfile.TemporaryDirectory(prefix="torment-", dir="/tmp") as name:
        folder = Path(name)
        server = Server(folder, Clock(folder))
        try:
            asyncio.run(_Room(server, found).run())
        finally:
            server.end()
            found.log, found.tracebacks, found.errors = server.log, server.tracebacks(), server.errors()
        found.starts, found.refused_starts = server.starts, server.refused_starts
        found.cuts = cut(folder, plan.seed, plan.seconds / 10)
    return found


def _is_no_page_given_up(said: logging.LogRecord) -> bool:
    """Tornado's client writes down each page that nobody waits for any more."""
    return "cancelled" not in said.getMessage()


class _Room:
    """Everybody in it, and what happens to them."""

    def __init__(self, server: Server, found: Torment) -> None:
        self._server, self._found, self._plan = server, found, found.plan
        self._chance = random.Random(found.plan.seed)
        self._engine = open_database(server.database)
        self._made = self._make()
        self._session, code = next(iter(self._made.codes.items()))
        self._facilitator = store_of(self._engine, Actor(self._made.workshop, "facilitator"))
        seed, ledger, people = found.plan.seed, found.ledger, range(found.plan.people)
        self._voters = [Voter(server.base, code, f"Voter {number}", ledger, seed) for number in people]
        self._hostile = Hostile(server.base, code, ledger, seed)
        self._places = [(topic, one) for one in (1, 2, 3) for topic in self._topics()]
        self._open: tuple[str, int] | None = None

    async def run(self) -> None:
        """Everybody comes, all of it happens, the last round is shown and compared."""
        self._next_round()
        for start in range(0, len(self._voters), JOINING_AT_A_TIME):
            await asyncio.gather(*(voter.join() for voter in self._voters[start : start + JOINING_AT_A_TIME]))
        if self._plan.long:
            self._found.syncs = await count_syncs(self._server, self._voters, self._found.ledger)
        began = time.monotonic()
        await self._all_of(
            self._torment(began), *(voter.live(self._pause()) for voter in self._voters),
            self._hostile.live(0.05), self._facilitate(), self._watch_memory(),
        )  # fmt: skip
        with suppress(RuleBroken):
            self._show()
        self._found.hostile_frames, self._found.hostile_ends = self._hostile.sent, self._hostile.ended
        self._found.backs = [one for voter in self._voters for one in voter.backs]
        self._found.clock_jumps = self._server.clock.jumps
        await asyncio.gather(*(voter.leave() for voter in self._voters))
        self._engine.dispose()

    async def _all_of(self, first: Coroutine[Any, Any, None], *others: Coroutine[Any, Any, None]) -> None:
        """Until the first has ended; a fault in any of them ends all."""
        tasks = [asyncio.create_task(one) for one in (first, *others)]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        finally:
            for one in tasks:
                one.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _pause(self) -> float:
        return max(1.0, self._plan.people / 15)

    async def _torment(self, began: float) -> None:
        """Kills and weather until the time is over or all are killed; then everybody votes once more."""
        weather = asyncio.create_task(self._weather())
        await self._kill_until(began)
        weather.cancel()
        self._server.limit_files()
        self._found.seconds = time.monotonic() - began
        before = [voter.told for voter in self._voters]
        end = time.monotonic() + BACK_SECONDS
        while not self._found.all_are_back and time.monotonic() < end:
            await asyncio.sleep(0.1)
            self._found.all_are_back = all(voter.told > told for voter, told in zip(self._voters, before, strict=True))

    async def _kill_until(self, began: float) -> None:
        while time.monotonic() < began + self._plan.seconds and self._found.kills < self._plan.kills:
            await asyncio.sleep(self._chance.expovariate(1 / self._plan.pause))
            share = self._chance.random() * 1000
            if share < self._plan.server_kills and self._may_kill_server(began):
                await self._kill_server()
            elif share < 2 * self._plan.server_kills:
                self._count("fork servers", any(map(kill, self._server.fork_servers())))
            elif kernels := self._server.kernels():
                self._count("kernels", kill(self._chance.choice(kernels)))

    def _may_kill_server(self, began: float) -> bool:
        over_half = time.monotonic() - began > self._plan.seconds / 2 or self._found.kills > self._plan.kills / 2
        return not (self._plan.long and over_half)

    def _count(self, kind: str, killed: bool) -> None:
        self._found.killed[kind] += killed

    async def _kill_server(self) -> None:
        self._server.kill()
        self._count("servers", True)
        self._found.memory = []
        await asyncio.sleep(self._chance.random())
        await asyncio.to_thread(self._server.start)

    async def _weather(self) -> None:
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / self._plan.weather))
            self._server.clock.jump(self._chance)
            await asyncio.sleep(self._chance.expovariate(1 / self._plan.weather))
            self._server.limit_files(FULL_DISK_BYTES)
            await asyncio.sleep(FULL_DISK_SECONDS)
            self._server.limit_files()
            self._found.full_disks += 1

    async def _watch_memory(self) -> None:
        began = time.monotonic()
        while True:
            with suppress(Exception):  # it is dead just now
                self._found.memory.append(((time.monotonic() - began) / 60, self._server.memory_mb()))
            await asyncio.sleep(5)

    async def _facilitate(self) -> None:
        while self._places:
            await asyncio.sleep(max(SHORTEST_ROUND_SECONDS, self._plan.seconds / MOST_ROUNDS))
            with suppress(RuleBroken, StoreFault):  # nobody has voted yet, or another one writes for too long
                await asyncio.to_thread(self._show_and_go_on)
        await asyncio.Event().wait()

    def _show_and_go_on(self) -> None:
        self._show()
        self._next_round()

    def _show(self) -> None:
        if self._open:
            code, number = self._open
            workshop = self._facilitator.show_votes(code)
            self._open = None
            self._found.ledger.compare(self._engine, workshop, code, number)

    def _next_round(self) -> None:
        if self._places and not self._open:
            code, number = self._places[0]
            self._facilitator.record(TopicPresented(self._session, code), VotingOpened(self._session, code, number))
            self._open = self._places.pop(0)

    def _topics(self) -> tuple[str, ...]:
        return self._facilitator.workshop.sessions[self._session].codes

    def _make(self) -> Created:
        new = NewWorkshop("Example County Council", anonymity="named", sessions=(("All topics", THEMES),))
        return create_workshop(self._engine, new)
