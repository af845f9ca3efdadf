"""Servers of one PostgreSQL: what one stores reaches the screens of the others at once, and says nothing but "look"."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from messages import run
from room import Room, make_room
from serving import WAIT_SECONDS, wait_until
from sqlalchemy import Engine, text

from npswidgets.domain.events import TopicPresented
from npswidgets.server.forwarder import Forwarder
from npswidgets.server.machine import other_servers
from npswidgets.server.machine.other_servers import OtherServers
from npswidgets.store import hints, live, postgresql, taken_back
from npswidgets.store.database import writing
from npswidgets.store.opening import store_of

pytestmark = pytest.mark.parametrize("engine", ["PostgreSQL"], indirect=True)

CODE = "reporting"
LISTENS = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, people=1)


@pytest.fixture
def server(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[OtherServers]:
    """A server that hears others; its screens look by themselves after an hour."""
    forwarder = Forwarder(tmp_path)
    monkeypatch.setenv("NPS_LIVE", forwarder.addresses)
    monkeypatch.setattr(other_servers, "AGAIN_SECONDS", 0.05)
    monkeypatch.setattr(other_servers, "SAYS_SECONDS", 0.2)
    others = OtherServers(engine)
    wait_until(lambda: listening(engine) == 1)
    yield others
    others.stop()
    wait_until(lambda: listening(engine) == 0)
    forwarder.stop()


def listening(engine: Engine) -> int:
    with engine.connect() as db:
        return int(db.scalar(text(LISTENS)) or 0)


@asynccontextmanager
async def listener(workshop: str, *topics: hints.Topic) -> AsyncIterator[hints.Listener]:
    """A screen of this server, which hears already."""
    one = hints.Listener(workshop, *topics, of_servers=True)
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while not one.hears_all:
                await one.wait(0.05)
        yield one
    finally:
        one.close()
        hints.tell_no_more()


async def elsewhere(act: Any) -> None:
    """Another server of the database does it, or a command beside them."""

    tell = hints._tell

    def there() -> None:
        own = threading.get_ident()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(hints, "own_server", lambda: "another" if threading.get_ident() == own else "-")
            patch.setattr(hints, "_tell", lambda hint: None if threading.get_ident() == own else tell(hint))
            act()

    await asyncio.to_thread(there)


async def told(one: hints.Listener) -> None:
    """Returns when there is a hint; nothing else ends it in time."""
    async with asyncio.timeout(WAIT_SECONDS):
        await one.wait(10 * WAIT_SECONDS)


@pytest.mark.usefixtures("server")
def test_what_another_server_stores_is_told_to_the_screens_of_this_one(room: Room) -> None:
    participant = room.participants[0]

    async def story() -> None:
        async with listener(room.created.workshop, "public") as screen:
            await elsewhere(lambda: room.facilitator.record(TopicPresented(room.session, CODE)))
            await told(screen)
        async with listener(room.created.workshop, "ballots") as desk:
            await elsewhere(lambda: (room.open_voting(CODE), participant.cast(room.ballot(participant, CODE, 2))))
            await told(desk)
        async with listener(hints.EVERYWHERE, "access") as server:
            await elsewhere(lambda: take_back(room.engine))
            await told(server)

    run(story())


@pytest.mark.usefixtures("server")
def test_a_screen_that_is_told_of_all_looks_seldom_and_often_again_when_the_connection_is_lost(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with listener(room.created.workshop, "public") as screen:
            assert live._seconds(screen) == live.TOLD_SECONDS
            cut(room.engine)
            await told(screen)
            if not screen.hears_all:  # it may be heard again by now
                assert live._seconds(screen) == live.SAFE_SECONDS
            async with asyncio.timeout(WAIT_SECONDS):
                while not screen.hears_all:
                    await screen.wait(0.05)
            await elsewhere(lambda: room.facilitator.record(TopicPresented(room.session, CODE)))
            await told(screen)

    run(story())
    assert [one.name for one in caplog.records] == [live.__name__], "once, and in our words"
    assert "server closed" not in caplog.text


def test_what_is_told_is_workshop_and_topic_and_not_what_came_to_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = room.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("NPS_LIVE", "ipc://a ipc://b")
    monkeypatch.setattr(hints, "_tell", lambda _: None)
    with psycopg.connect(url, autocommit=True) as line:
        line.execute(f"LISTEN {postgresql.NEWS}")
        with suppress(LookupError), writing(room.engine) as db:
            hints.note(db, "w", "public")
            raise LookupError
        with writing(room.engine) as db:
            hints.note(db, "w", "public")
            hints.note(db, "w", "public", "a word")
            hints.note(db, "w", "log", "started")
            hints.note(db, "w", "writing", "Anna")
        heard = [one.payload for one in line.notifies(timeout=WAIT_SECONDS, stop_after=1)]
        heard += [one.payload for one in line.notifies(timeout=0.2)]
    assert heard == [f"{hints.own_server()} w/public"]


def test_what_anybody_else_says_there_is_not_passed_on(
    server: OtherServers, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[str] = []
    monkeypatch.setattr(hints, "pass_on", passed.append)
    told = ("x w/writing Anna 1", "x w/log started", "x", "", f"{hints.own_server()} w/public", "x v/public")
    with room.engine.begin() as db:
        for one in told:
            db.execute(text(f"SELECT pg_notify('{postgresql.NEWS}', :one)"), {"one": one})
    wait_until(lambda: "v/public" in passed)
    assert {*passed} <= {"v/public", hints.HEARS_OTHERS}


def cut(engine: Engine) -> None:
    with engine.begin() as db:
        db.execute(text(CUT))


def take_back(engine: Engine) -> None:
    with writing(engine) as db:
        taken_back.note(db)


def test_screens_follow_what_another_server_stores(server: OtherServers, room: Room) -> None:
    """The whole way: a screen that looks by itself once an hour draws it."""
    drawn = asyncio.Event()

    async def story() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(live, "SAFE_SECONDS", 3600.0)
            task = live.follow(store_of(room.engine, room.participants[0].actor), drawn.set)
            async with listener(room.created.workshop, "public"), asyncio.timeout(WAIT_SECONDS):
                await asyncio.sleep(2 * live.ALONE_SECONDS)  # its two looks at the beginning
                drawn.clear()
                await elsewhere(lambda: room.facilitator.record(TopicPresented(room.session, CODE)))
                await drawn.wait()
            task.cancel()

    run(story())
