"""Another program has locked the database: who wants to store something waits, and nobody else does."""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from messages import run
from room import make_room
from serving import Client, RunningServer, wait_until
from sqlalchemy import Engine

from npswidgets.errors import StoreFault
from npswidgets.server.pages import writes
from npswidgets.server.pages.writes import THREADS, Writes
from npswidgets.store import participant_store
from npswidgets.store.sqlite_file import sqlite_library

JOINING = 2 * THREADS
HELD_SECONDS = 1.5
"""Much less than who joins waits for, else nobody would still be waiting."""


@contextmanager
def locked(file: Path) -> Iterator[None]:
    other = sqlite_library().connect(file, isolation_level=None)  # two libraries in a process see no lock of each other
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def test_those_inside_go_on_while_others_wait_to_get_in(server: RunningServer) -> None:
    made, inside = server.make(), Client(server)
    inside.join(made)
    coming = [Client(server) for _ in range(JOINING)]
    for one in coming:
        one.get(f"/join/{made.code}")
    with ThreadPoolExecutor(JOINING) as threads:
        with locked(server.folder / "workshops.db"):
            end = time.monotonic() + HELD_SECONDS
            waiting = [threads.submit(one.join, made) for one in coming]
            while time.monotonic() < end:  # where the event loop waits, this is answered after one of those
                assert inside.get(f"/join/{made.code}", allow_redirects=False).status_code == 302
            assert not any(one.done() for one in waiting)
        answers = [one.result() for one in waiting]
    assert {answer.headers["Location"] for answer in answers} == {made.vote_page.removeprefix(server.base)}


def test_the_server_lives_but_is_not_ready_while_the_database_is_locked(server: RunningServer, client: Client) -> None:
    with locked(server.folder / "workshops.db"):
        assert client.get("/health").json() == {"status": "ok"}
        told = wait_until(lambda: (answer := client.get("/ready")).status_code == 503 and answer.json())
    reason = "Another program keeps the database busy."
    assert told == {"status": "not ready", "reasons": [{"code": "database_busy", "reason": reason}]}
    wait_until(lambda: client.get("/ready").status_code == 200)


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_whatever_watches_the_server_may_call_it_as_it_likes_and_gets_no_cookie(
    server: RunningServer, client: Client, path: str
) -> None:
    assert client.get("/", headers={"Host": "10.0.0.7"}).status_code == 421
    answer = wait_until(lambda: (found := client.get(path, headers={"Host": "10.0.0.7"})).status_code == 200 and found)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Server"] == "nps-workshop"


def test_who_waits_for_too_long_is_told_and_what_was_typed_stays(
    server: RunningServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = server.make(anonymity="named")
    with locked(server.folder / "workshops.db"):
        answer = client.join(made, name="Wilhelmina")
    assert answer.status_code == 503
    assert "You are not in yet" in answer.text
    assert "Wilhelmina" in answer.text
    assert "Wilhelmina" not in server.log
    assert client.join(made, name="Wilhelmina").status_code == 303


def test_nobody_waits_for_a_turn_for_longer_than_for_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writes, "BUSY_SECONDS", 0.05)
    released = threading.Event()

    async def crowd() -> tuple[list[object], int]:
        turns = Writes()
        first = [asyncio.create_task(turns.do(released.wait)) for _ in range(THREADS)]
        others = await asyncio.gather(*(turns.do(int) for _ in range(20)), return_exceptions=True)
        released.set()
        await asyncio.gather(*first)
        return others, await turns.do(int, "7")

    others, after = run(crowd())
    assert all(isinstance(one, StoreFault) and "busy" in str(one) for one in others)
    assert after == 7


def test_a_crowd_waits_for_longer_as_long_as_one_after_the_other_gets_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred people who join at once take a slow computer half a minute: none of them is sent away."""
    monkeypatch.setattr(writes, "BUSY_SECONDS", 6.0)
    taken, crowd_size = 0.5, 13 * THREADS

    async def crowd() -> list[int]:
        turns, order = Writes(), list[int]()

        def join(number: int) -> None:
            time.sleep(taken)
            order.append(number)

        await asyncio.gather(*(turns.do(join, number) for number in range(crowd_size)))
        return order

    assert crowd_size / THREADS * taken > writes.BUSY_SECONDS, "the last one waits for longer than for the database"
    assert len(run(crowd())) == crowd_size


def test_who_is_cancelled_while_waiting_takes_nobodys_turn() -> None:
    released, stored = threading.Event(), list[int]()

    async def crowd() -> int:
        turns = Writes()
        first = [asyncio.create_task(turns.do(released.wait)) for _ in range(THREADS)]
        gone = [asyncio.create_task(turns.do(stored.append, number)) for number in range(3)]
        await asyncio.sleep(0)
        for one in gone:
            one.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        released.set()
        await asyncio.gather(*first)
        return await turns.do(int, "7")

    assert run(crowd()) == 7
    assert stored == []


def test_a_page_that_notes_that_it_is_there_waits_no_longer_than_a_blink(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = make_room(engine).join(2)
    monkeypatch.setattr(participant_store, "SEEN_SECONDS", 0)
    with ThreadPoolExecutor(1) as thread:
        with locked(tmp_path / "workshops.db"):
            waiting = thread.submit(other.leave)
            with pytest.raises(StoreFault, match="busy"):
                one.seen()
            assert one.own_ballots() == {}
            assert not waiting.done()
        waiting.result()
    one.seen()
