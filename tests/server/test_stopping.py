"""How a server stops: what anybody was told is stored, what is not stored is sent again, and nothing keeps it."""

import asyncio
import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil
import pytest
import requests
from messages import run
from serving import START_SECONDS, WAIT_SECONDS, Client, Made, RunningServer, wait_until
from sqlalchemy import select
from test_making_reports import ask
from tornado.websocket import WebSocketClosedError

from benchmarks.people import Person
from npswidgets.domain.actor import Actor
from npswidgets.domain.events import TopicPresented, VotingOpened
from npswidgets.errors import StoreFault
from npswidgets.store.access import new_link
from npswidgets.store.backup import back_up
from npswidgets.store.erasing import erase
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.restoring import restore
from npswidgets.store.tables import ballots

PEOPLE = 4


async def joined(made: Made, base: str) -> Person:
    person = Person(base)
    await person.get(f"/join/{made.code}")
    await person.post(f"/join/{made.code}", {"name": "Kim"})
    await person.open(made.vote_page)
    return person


def pad_of(person: Person) -> tuple[str, dict[str, Any]]:
    return next((model, state) for model, state in person.states.items() if "voting" in state)


def told(person: Person) -> str:
    """The vote of which the page was told that it is saved."""
    return str(pad_of(person)[1].get("saved", {}).get("ballot", ""))


async def vote(person: Person, code: str, ballot: str) -> None:
    """Votes, and waits until the page is told so."""
    content = {"kind": "cast", "id": ballot, "code": code, "round": 1, "answer": 3, "replaces": told(person)}
    await person.until(lambda _: pad_of(person)[1]["voting"])
    await person.click(pad_of(person)[0], content)
    await person.until(lambda _: told(person) == ballot)


async def vote_on(person: Person, code: str, sent: dict[Person, str]) -> None:
    """Until the server has stopped."""
    with suppress(WebSocketClosedError):
        while True:
            sent[person] = secrets.token_hex(8)
            await vote(person, code, sent[person])


def open_vote(server: RunningServer, made: Made) -> str:
    store = FacilitatorStore(server.engine, Actor(made.id, "facilitator"))
    code = store.workshop.topics_of(made.session)[0].code
    store.record(TopicPresented(made.session, code), VotingOpened(made.session, code, 1))
    return code


async def stopped_while_all_vote(
    server: RunningServer, made: Made, code: str, backup: Path
) -> tuple[dict[Person, str], list[psutil.Process], Person]:
    """What each has sent last, and may have been told of; what ran below the server; and who was erased.

    Meanwhile the database is copied, one person is erased, and the big screen gets another link.
    """
    erased = await joined(made, server.base)
    (erased_id,) = inside(server, made)
    await vote(erased, code, secrets.token_hex(8))
    room = [await joined(made, server.base) for _ in range(PEOPLE)]
    sent: dict[Person, str] = {}
    async with asyncio.TaskGroup() as voting:
        tasks: list[Any] = [voting.create_task(vote_on(person, code, sent)) for person in room]
        for person in room:
            await person.until(lambda _, whose=person: told(whose))
        await asyncio.to_thread(back_up, server.engine, backup)
        await asyncio.to_thread(erase, server.engine, made.id, erased_id)
        new_link(server.engine, made.id, "projector", shut_out=True)
        server.engine.dispose()
        with pytest.raises(StoreFault, match="Stop the server"):
            await asyncio.to_thread(restore, backup, server.database)
        before = {person: told(person) for person in room}
        for person in room:  # they vote on all the while
            await person.until(lambda _, whose=person: told(whose) != before[whose])
        below = psutil.Process(server.process.pid).children(recursive=True)
        for _ in range(2):
            server.process.terminate()
        await asyncio.to_thread(server.process.wait, WAIT_SECONDS)
        for task in tasks:
            task.cancel()
    await leave(*room, erased)
    return sent, below, erased


async def leave(*room: Person) -> None:
    for person in room:
        await person.leave(goodbye=False)


async def all_in_time(*waited_for: Awaitable[None]) -> None:
    await asyncio.wait_for(asyncio.gather(*waited_for), WAIT_SECONDS)


def inside(server: RunningServer, made: Made) -> set[str]:
    store = FacilitatorStore(server.engine, Actor(made.id, "facilitator"))
    return {one.id for one in store.workshop.sessions[made.session].inside if not one.erased}


def stored(server: RunningServer, made: Made) -> set[str]:
    with server.engine.connect() as db:
        return set(db.scalars(select(ballots.c.ballot).where(ballots.c.workshop == made.id)))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """In a folder of an odd name."""
    (inside := tmp_path / "Workshop 1? 50%41 #2").mkdir()
    running = RunningServer(inside)
    yield running
    running.kill()


def test_nothing_is_lost_and_nobody_comes_back(server: RunningServer, tmp_path: Path) -> None:
    """Stopped while all vote; put back from a backup, on another port; and stopped where the database is held."""
    made, facilitator = server.make(), Client(server)
    code = open_vote(server, made)
    facilitator.use_link(made.facilitator_link)
    facilitator.open_kernel(made.facilitator_page)
    assert ask(facilitator, made, "pdf").json()["running"]
    folder = server.connection_folder()
    backup = tmp_path / "backups" / "backup.db"
    backup.parent.mkdir()
    sent, below, erased = run(stopped_while_all_vote(server, made, code, backup))
    assert (server.process.returncode, server.log.rstrip().splitlines()[-1]) == (0, "Stopped. Everything is saved.")
    wait_until(lambda: not any(one.is_running() for one in below))
    assert not folder.exists()
    assert {one.name for one in tmp_path.iterdir()} == {server.folder.name, "backups"}
    kept = stored(server, made)
    assert len(kept) == PEOPLE
    for person, last in sent.items():
        assert {told(person), last} & kept == {told(person)} or last in kept
    server.engine.dispose()
    assert restore(backup, server.database).workshops == 2  # the demonstration's, too
    server.start("--port", "0")  # another one, which throws nobody out
    assert server.base not in made.join_link

    def now(link: str) -> str:
        return link.replace(made.join_link.partition("/join")[0], server.base)

    run(sent_again(server, sent, made, code))
    assert stored(server, made) == set(sent.values())
    assert len(inside(server, made)) == PEOPLE
    assert "kernelId" in facilitator.get(now(made.facilitator_page)).text
    assert Client(server).use_link(now(made.facilitator_link)).ok
    assert not Client(server).use_link(now(made.projector_link)).ok
    assert "kernelId" not in requests.get(now(made.vote_page), cookies=erased.cookies, timeout=WAIT_SECONDS).text
    ends_where_the_database_is_held(server, made)


async def sent_again(server: RunningServer, sent: dict[Person, str], made: Made, code: str) -> None:
    """As a page does that finds its server again."""

    async def again(person: Person, last: str) -> None:
        await person.open(urlsplit(made.vote_page).path)
        await vote(person, code, last)
        await leave(person)

    await all_in_time(*(again(Person(server.base, before.cookies), last) for before, last in sent.items()))


def ends_where_the_database_is_held(server: RunningServer, made: Made) -> None:
    """It does not wait for the other program, and who was to be stored meanwhile was not told so."""
    late = Client(server)
    late.get(f"/join/{made.code}")
    with closing(sqlite3.connect(server.folder / "workshops.db", isolation_level=None)) as holding:
        holding.execute("BEGIN IMMEDIATE")
        asked = posted(late, f"/join/{made.code}", name="Late")
        Client(server).get("/")  # so that it has been read
        server.process.terminate()
        server.process.wait(WAIT_SECONDS)
        assert holding.in_transaction
        with pytest.raises(HTTPException):
            asked.getresponse()
    assert server.process.returncode == 0
    assert len(inside(server, made)) == PEOPLE


def posted(client: Client, path: str, **form: str) -> HTTPConnection:
    """A form that has been sent, and not been answered yet."""
    connection = HTTPConnection(urlsplit(client.server.base).netloc, timeout=WAIT_SECONDS)
    cookies = "; ".join(f"{name}={value}" for name, value in client.http.cookies.items())
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", path, urlencode({"_xsrf": client.token, **form}), headers)
    return connection


def test_it_can_be_stopped_while_it_starts(tmp_path: Path) -> None:
    program = (
        "import asyncio, signal, sys, npswidgets.cli; from npswidgets.server import app, run\n"
        "async def opening(server): signal.raise_signal(signal.SIGTERM); await asyncio.sleep(3600)\n"
        "app.WorkshopServer._open = opening; run.run_server('127.0.0.1', 0, database_url=sys.argv[1])"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", program, str(tmp_path / "w.db")]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=START_SECONDS, check=True)
    assert ended.stdout.splitlines() == ["Stopped. Everything is saved."]
    assert {one.name.partition("-")[0] for one in tmp_path.iterdir()} == {"w.db"}
    assert not any(one.stat().st_size for one in tmp_path.glob("*-wal")), "the file alone is all that is stored"


def test_any_signal_to_end_stops_it_but_one_that_was_to_be_ignored() -> None:
    """As with nohup; and one that comes when all has ended is no fault."""
    program = (
        "import asyncio, signal; from npswidgets.server.stopping import stop_signal\n"
        "all_of_them = signal.SIGINT, signal.SIGTERM, signal.SIGHUP\n"
        "for number in all_of_them: signal.signal(number, signal.SIG_DFL)\n"  # who runs the tests may ignore some
        "async def stops(number):\n"
        "    stopped = stop_signal(); signal.raise_signal(number); await asyncio.sleep(0); return stopped.is_set()\n"
        "for number in all_of_them: assert asyncio.run(stops(number))\n"
        "signal.raise_signal(signal.SIGTERM); signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "assert not asyncio.run(stops(signal.SIGHUP)); print('ended')"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "ended\n"
