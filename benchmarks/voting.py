"""Everybody votes: how soon a voter's bar says so, the facilitator sees the count, and all see the votes when shown.

Run as ``python -m benchmarks.voting 30``.
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

from benchmarks.people import Person
from benchmarks.servers import Server, running
from npswidgets.domain.actor import Actor
from npswidgets.domain.events import TopicPresented, VotingOpened
from npswidgets.store.database import open_database
from npswidgets.store.workshop_store import WorkshopStore

VOTING_SECONDS = 5.0


@dataclass(frozen=True)
class Voting:
    """Milliseconds: a click's echo at rest and while everybody votes, a vote to the facilitator, the votes to all."""

    people: int
    echo_idle_p50: float
    echo_p50: float
    echo_p95: float
    facilitator_p50: float
    facilitator_p95: float
    opened_last: float
    shown_p50: float
    shown_last: float
    cpu_a_vote: float


async def voting(server: Server, database: str, people: int) -> Voting:
    """One topic with everybody there, and a facilitator's page."""
    server.hear_hints()
    crowd = [Person(server.base) for _ in range(people)]
    for person in crowd:
        await server.arrive(person)
        await person.open(await server.join(person))
    facilitator = await _facilitator(server)
    workshop = server.facilitator_link.split("/")[-1].split("#")[0]
    store = WorkshopStore(open_database(database), Actor(workshop, "facilitator"))
    session = next(iter(store.workshop.sessions))
    code = next(one.code for one in store.workshop.topics_of(session) if one.status == "not_started")
    opened = time.monotonic()
    store.record(TopicPresented(session, code), VotingOpened(session, code, 1))
    seen = await asyncio.gather(*(person.until(_says("voting", True)) for person in crowd))
    idle = [await _vote(person, code) for person in crowd[:10]]
    cpu = server.cpu_seconds()
    clicks: list[tuple[float, float]] = await asyncio.gather(*(_vote_some_time(person, code) for person in crowd))
    cpu = server.cpu_seconds() - cpu
    noticed = await _counted(facilitator, server, crowd[: min(10, people)], code)
    store.refresh()
    shown = time.monotonic()
    store.show_votes(code)
    last = await asyncio.gather(*(person.until(_says("voting", False)) for person in crowd))
    echoes = sorted(took for took, _ in clicks)
    return Voting(
        people,
        *_ms(sorted(idle), 0.5),
        *_ms(echoes, 0.5, 0.95),
        *_ms(sorted(noticed), 0.5, 0.95),
        *_ms(sorted(one - opened for one in seen), 1),
        *_ms(sorted(one - shown for one in last), 0.5, 1),
        cpu / people,
    )


async def _facilitator(server: Server) -> Person:
    one = Person(server.base)
    path, secret = server.facilitator_link.removeprefix(server.base).split("#")
    await one.get(path)
    workshop = path.split("/")[-1]
    await one.post("/link", {"role": "facilitator", "workshop": workshop, "secret": secret})
    await one.open(path)
    return one


async def _vote_some_time(person: Person, code: str) -> tuple[float, float]:
    await asyncio.sleep(random.uniform(0, VOTING_SECONDS))
    return await _vote(person, code), time.monotonic()


async def _vote(person: Person, code: str) -> float:
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


async def _counted(facilitator: Person, server: Server, crowd: list[Person], code: str) -> list[float]:
    """Seconds from somebody new's vote until the facilitator's page counts one more."""
    took = []
    for _ in crowd:
        newcomer = Person(server.base)
        await server.arrive(newcomer)
        await newcomer.open(await server.join(newcomer))
        await newcomer.until(_says("voting", True))
        count = _votes_in(facilitator)
        start = time.monotonic()
        vote = asyncio.create_task(_vote(newcomer, code))
        took.append(await facilitator.until(lambda _, count=count: _votes_in(facilitator) > count) - start)
        await vote
        await newcomer.leave()
    return took


def _votes_in(facilitator: Person) -> int:
    return next(int(state["count"].get("in", 0)) for state in facilitator.states.values() if "count" in state)


def _says(trait: str, value: Any) -> Any:
    return lambda states: any(state.get(trait) == value for state in states.values() if trait in state)


def _ms(times: list[float], *shares: float) -> list[float]:
    return [times[min(len(times) - 1, int(len(times) * share))] * 1000 for share in shares]


def main() -> None:
    """Prints one vote."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, running("ours", Path(folder)) as server:
        found = asyncio.run(voting(server, f"sqlite:///{folder}/bench.db", people))
    print(json.dumps({name: round(value, 3) for name, value in asdict(found).items()}, indent=1))


if __name__ == "__main__":
    main()
