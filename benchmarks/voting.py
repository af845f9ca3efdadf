"""Everybody votes: how soon a voter's bar says so, the facilitator sees the count, and all see the votes when shown.

Run as ``python -m benchmarks.voting 30 [ours|stock]``; of stock Voila only the echo of a click can be measured.
"""

import asyncio
import json
import random
import secrets
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.join_storm import join
from benchmarks.people import Person
from benchmarks.servers import Server, running
from npswidgets.domain.actor import Actor
from npswidgets.domain.events import TopicPresented, VotingOpened
from npswidgets.store.database import open_database
from npswidgets.store.opening import store_of

VOTING_SECONDS = 5.0
JOINING_AT_A_TIME = 10
IDLE_VOTERS = 20


@dataclass(frozen=True)
class Voting:
    """Milliseconds: a click's echo at rest and while everybody votes, a vote to the facilitator, the votes to all."""

    server: str
    people: int
    echo_idle_p50: float
    echo_idle_p95: float
    echo_p50: float
    echo_p95: float
    cpu_ms_a_vote: float
    facilitator_p50: float | None = None
    facilitator_p95: float | None = None
    opened_last: float | None = None
    shown_p50: float | None = None
    shown_p95: float | None = None
    shown_last: float | None = None


async def voting(server: Server, people: int) -> Voting:
    """One topic with everybody there, and a facilitator's page."""
    server.hear_hints()
    crowd = await crowd_in(server, people)
    facilitator, room = await open_facilitator(server), Room(server)
    opened = time.monotonic()
    room.open_vote()
    seen = await asyncio.gather(*(person.until(says("voting", True)) for person in crowd))
    at_rest = await _cpu_at_rest(server)
    counting = asyncio.create_task(_count(facilitator))
    cpu = server.cpu_seconds()
    clicks = await asyncio.gather(*(_vote_some_time(person, room.code) for person in crowd))
    await facilitator.until(lambda _: votes_in(facilitator) >= people)
    cpu = server.cpu_seconds() - cpu - at_rest
    counting.cancel()
    idle = [await vote(person, room.code) for person in crowd[:IDLE_VOTERS]]
    shown = time.monotonic()
    room.store.show_votes(room.code)
    last = await asyncio.gather(*(person.until(says("voting", False)) for person in crowd))
    counted = facilitator.counted
    sent = sorted(clicks, key=lambda one: one[1])  # in the order in which they were stored
    noticed = [counted[number] - (at - took) for number, (took, at) in enumerate(sent, 1) if number in counted]
    return Voting(
        server.kind,
        people,
        *in_ms(idle, 0.5, 0.95),
        *in_ms([took for took, _ in clicks], 0.5, 0.95),
        cpu / people * 1000,
        *in_ms(noticed, 0.5, 0.95),
        *in_ms([one - opened for one in seen], 1),
        *in_ms([one - shown for one in last], 0.5, 0.95, 1),
    )


async def stock_voting(server: Server, people: int) -> Voting:
    """Everybody clicks on stock Voila's page."""
    crowd = [Person(server.base) for _ in range(people)]
    for person in crowd:
        await join(server, person)
    at_rest = await _cpu_at_rest(server)
    cpu = server.cpu_seconds()
    clicks = await asyncio.gather(*(_click_some_time(person) for person in crowd))
    cpu = server.cpu_seconds() - cpu - at_rest
    idle = [await _click(person) for person in crowd[:IDLE_VOTERS]]
    return Voting("stock", people, *in_ms(idle, 0.5, 0.95), *in_ms(clicks, 0.5, 0.95), cpu / people * 1000)


class Room:
    """What the facilitator does, without a browser.

    Attributes:
        code: the topic that is voted on.
    """

    def __init__(self, server: Server) -> None:
        workshop = server.facilitator_link.split("/")[-1].split("#")[0]
        self.store = store_of(open_database(server.database), Actor(workshop, "facilitator"))
        self._session = next(iter(self.store.workshop.sessions))
        self.code = ""

    def open_vote(self) -> bool:
        """Starts the vote on the next topic; whether there was one."""
        self.store.refresh()
        topics = self.store.workshop.topics_of(self._session)
        self.code = next((one.code for one in topics if one.status == "not_started"), "")
        if self.code:
            self.store.record(TopicPresented(self._session, self.code), VotingOpened(self._session, self.code, 1))
        return bool(self.code)


async def crowd_in(server: Server, people: int) -> list[Person]:
    """So many people with an open page, a few joining at a time."""
    crowd = [Person(server.base) for _ in range(people)]
    for start in range(0, people, JOINING_AT_A_TIME):
        some = crowd[start : start + JOINING_AT_A_TIME]
        for person in some:
            await server.arrive(person)
        await asyncio.gather(*(join(server, person) for person in some))
    return crowd


async def open_facilitator(server: Server) -> Person:
    """The facilitator's page."""
    one = Person(server.base)
    path, secret = server.facilitator_link.removeprefix(server.base).split("#")
    await one.get(path)
    workshop = path.split("/")[-1]
    await one.post("/link", {"role": "facilitator", "workshop": workshop, "secret": secret})
    await one.open(path)
    return one


async def vote(person: Person, code: str) -> float:
    """Seconds until the page knows that the vote is saved."""
    pad = next(model for model, state in person.states.items() if "voting" in state)
    ballot = secrets.token_hex(8)
    before = person.states[pad].get("saved", {}).get("ballot")
    start = time.monotonic()
    await person.click(
        pad,
        {"kind": "cast", "id": ballot, "code": code, "round": 1, "answer": random.randint(1, 5), "replaces": before},
    )
    return await person.until(lambda states: states[pad].get("saved", {}).get("ballot") == ballot) - start


def says(trait: str, value: Any) -> Any:
    """Whether a page has a widget with this."""
    return lambda states: any(state.get(trait) == value for state in states.values() if trait in state)


def votes_in(facilitator: Person) -> int:
    """How many votes the facilitator's page counts."""
    return next(int(state["count"].get("in", 0)) for state in facilitator.states.values() if "count" in state)


async def _count(facilitator: Person) -> None:
    """Notes when the facilitator's page has counted each vote."""
    facilitator.counted = {}
    while True:
        for number in range(len(facilitator.counted) + 1, votes_in(facilitator) + 1):
            facilitator.counted[number] = time.monotonic()
        facilitator.changed.clear()
        await facilitator.changed.wait()


async def _cpu_at_rest(server: Server) -> float:
    """What the server uses in the time of a vote while nobody does anything."""
    cpu = server.cpu_seconds()
    await asyncio.sleep(VOTING_SECONDS)
    return server.cpu_seconds() - cpu


async def _vote_some_time(person: Person, code: str) -> tuple[float, float]:
    await asyncio.sleep(random.uniform(0, VOTING_SECONDS))
    return await vote(person, code), time.monotonic()


async def _click_some_time(person: Person) -> float:
    await asyncio.sleep(random.uniform(0, VOTING_SECONDS))
    return await _click(person)


async def _click(person: Person) -> float:
    """Seconds from a click on stock Voila's button until the page says so."""
    button = next(model for model, state in person.states.items() if state.get("description") == "Vote")
    before = _bar(person)
    start = time.monotonic()
    await person.click(button, {"event": "click"})
    return await person.until(lambda _: _bar(person) != before) - start


def _bar(person: Person) -> str:
    return next(str(one["value"]) for one in person.states.values() if one.get("_model_name") == "LabelModel")


def in_ms(times: list[float], *shares: float) -> list[float]:
    """Milliseconds at these shares of the times, such as 0.95; the last is 1."""
    times = sorted(times)
    return [times[min(len(times) - 1, int(len(times) * share))] * 1000 for share in shares]


def measure(kind: str, people: int) -> Voting:
    """One vote on a fresh server."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, running(kind, Path(folder)) as server:
        return asyncio.run((voting if server.is_ours else stock_voting)(server, people))


def main() -> None:
    """Prints one vote."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    found = asdict(measure(sys.argv[2] if len(sys.argv) > 2 else "ours", people))
    print(json.dumps({name: round(value, 1) if isinstance(value, float) else value for name, value in found.items()}))


if __name__ == "__main__":
    main()
