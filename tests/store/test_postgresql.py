"""What is PostgreSQL's alone: several who write at once, two servers that start at once, and what goes wrong there."""

import logging
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgresql import OWNER, PostgreSQL, empty
from room import Room, make_room
from sqlalchemy import Engine, insert, text

from npswidgets.domain.ballots import Ballot
from npswidgets.domain.events import PeopleTakenOut
from npswidgets.errors import StoreFault, VoteRefused, say_error
from npswidgets.store import access, erasing, erasures, faults, postgresql, presence, record, tables
from npswidgets.store.database import clear_journal, open_database, writing
from npswidgets.store.opening import store_of
from npswidgets.store.participant_store import ParticipantStore
from npswidgets.store.warm_database import on_server

CODE = "reporting"
SECRET = "Wilhelmina thinks that it was poor"


@pytest.fixture
def engine(engine_on_postgresql: Engine) -> Iterator[Engine]:
    empty(engine_on_postgresql)
    yield engine_on_postgresql
    engine_on_postgresql.dispose()


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, people=2)
    room.open_voting(CODE)
    return room


@pytest.fixture(scope="module")
def another(postgresql: PostgreSQL) -> Iterator[PostgreSQL]:
    running = PostgreSQL(postgresql.programs, max_connections="8", superuser_reserved_connections="1")
    yield running
    running.stop()


@pytest.fixture
def own(another: PostgreSQL) -> PostgreSQL:
    """One that may be ended, or let in nobody."""
    if not another.runs():
        another.start()
    return another


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What comes of several acts that begin together, or the error of one."""
    ready = threading.Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        ready.wait()
        try:
            return act()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return [*threads.map(one, acts)]


def test_the_migrations_make_the_tables_that_the_code_knows(engine: Engine) -> None:
    with engine.connect() as db:
        assert compare_metadata(MigrationContext.configure(db), tables.metadata) == []
        assert db.scalar(text("SHOW transaction_isolation")) == "read committed"


STARTS = """import os, sys
from npswidgets.store import access
from npswidgets.store.database import open_database
print("here", flush=True)
input()
engine = open_database(sys.argv[1], migrate=True)
print(access.server_value(engine, "key", lambda: os.urandom(8).hex()))"""


def test_servers_that_start_at_once_on_an_empty_database_make_one_beginning(postgresql: PostgreSQL) -> None:
    """In processes of their own: Alembic takes one migration at a time in each."""
    command = [sys.executable, "-c", STARTS, postgresql.new()]
    pipe = subprocess.PIPE
    servers = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, bufsize=1) for _ in range(3)]
    assert [one.stdout.readline() for one in servers if one.stdout] == ["here\n"] * 3
    for one in servers:
        assert one.stdin
        one.stdin.write("\n")
    keys = [one.communicate()[0] for one in servers]
    assert [one.returncode for one in servers] == [0, 0, 0]
    assert len({*keys}) == 1, keys
    assert keys[0]


def test_two_windows_of_one_person_are_told_of_each_other(room: Room) -> None:
    store = room.participants[0]
    windows = [ParticipantStore(room.engine, store.actor) for _ in range(2)]
    told = []
    for _ in range(5):
        last = store.own_ballots().get((CODE, 1))
        acts = []
        for window, level in zip(windows, (2, 3), strict=True):
            ballot = room.ballot(window, CODE, level, replaces=last.id if last else "")
            acts.append(partial(window.cast, ballot))
        told += at_once(*acts)
    assert sum(isinstance(one, Ballot) for one in told) == 5
    assert sum(isinstance(one, VoteRefused) for one in told) == 5, "each time the other one learns of it"
    assert room.facilitator.votes_in(CODE) == 1


def test_what_two_windows_say_at_once_of_one_person_is_kept_once(room: Room) -> None:
    actor, workshop = room.participants[0].actor, room.created.workshop
    me = str(actor.participant)

    def seen() -> None:
        with writing(room.engine, side_by_side=True) as db:
            record.lock(db, workshop, shared_by=me)
            presence.note(db, workshop, room.session, me)

    told = at_once(*[lambda: access.add_grant(room.engine, "browser", actor)] * 4, *[seen] * 4)
    assert told == [None] * 8
    with room.engine.connect() as db:
        assert db.scalar(text("SELECT count(*) FROM grants")) == 1
        there = presence.last_seen(db, workshop, room.workshop.sessions[room.session])
    assert me in there


def test_those_who_vote_wait_for_no_other_and_a_reveal_counts_all_of_them(room: Room) -> None:
    first, second = room.participants
    with writing(room.engine, side_by_side=True) as db:
        db.execute(text("SELECT 1 FROM workshops WHERE id = :id FOR SHARE"), {"id": room.created.workshop})
        first.cast(room.ballot(first, CODE, 2))
        second.cast(room.ballot(second, CODE, 3))
    votes = room.facilitator.show_votes(CODE).topics[CODE].shown[0]
    assert votes.counts == (0, 1, 1, 0, 0)


@pytest.mark.parametrize("wait_seconds", [0.05, 0])
def test_a_writer_that_is_alone_waits_and_says_that_it_did(room: Room, wait_seconds: float) -> None:
    with (
        writing(room.engine, side_by_side=True),
        pytest.raises(StoreFault, match=faults.BUSY),
        writing(room.engine, wait_seconds),
    ):
        pass


def test_lines_of_two_workshops_stand_in_the_list_in_a_row(
    engine: Engine, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NPS_ERASURES", str(tmp_path / "list"))
    rooms = [make_room(engine, people=3) for _ in range(3)]

    def take_all_out(room: Room) -> None:
        for one in room.participants:
            room.facilitator.record(PeopleTakenOut(room.session, (str(one.actor.participant),)))

    told = at_once(*(partial(take_all_out, room) for room in rooms))
    assert not [one for one in told if isinstance(one, Exception)], told
    lines = erasures.read_list(tmp_path / "list")
    with engine.connect() as db:
        known = erasures.read_known(db)
    assert known is not None
    assert (known.number, [one.number for one in lines]) == (len(lines), [*range(1, len(lines) + 1)])


def test_the_record_is_emptied_by_nobody(room: Room) -> None:
    with pytest.raises(StoreFault, match="never changed"), room.engine.begin() as db:
        db.execute(text("TRUNCATE events"))


def test_who_is_erased_is_in_no_file_of_the_tables(postgresql: PostgreSQL) -> None:
    engine, name = open_database(postgresql.new(), migrate=True), f"Anna {secrets.token_hex(8)}"
    room = make_room(engine, anonymity="named")
    (joined,) = room.join(name=name)
    postgresql.do("CHECKPOINT")
    assert files_with(postgresql, name)
    erasing.erase(engine, room.created.workshop, str(joined.actor.participant))
    postgresql.do("CHECKPOINT")
    assert files_with(postgresql, name) == []
    engine.dispose()


@pytest.mark.parametrize("level", ["REPEATABLE READ", "READ COMMITTED"])
def test_traces_that_a_reader_of_before_holds_are_said_to_be_there(engine: Engine, level: str) -> None:
    room = make_room(engine, anonymity="named")
    (joined,) = room.join(name="Wilhelmina Bleek")
    with engine.connect().execution_options(isolation_level=level) as reader:
        reader.execute(text("SELECT 1 FROM people")).all()
        with pytest.raises(StoreFault, match=r"is erased .* traces of what was deleted remain"):
            erasing.erase(engine, room.created.workshop, str(joined.actor.participant))
    clear_journal(engine)


def files_with(cluster: PostgreSQL, said: str) -> list[str]:
    """Which files of the tables hold it; the server's log of what was written keeps it until it is written over."""
    every = (one for one in (cluster.data / "base").rglob("*") if one.is_file())
    return [one.name for one in every if said.encode() in one.read_bytes()]


@pytest.mark.parametrize("away", ["stopped", "again"])
def test_a_server_that_stops_is_told_in_words_and_one_that_runs_again_is_used(
    own: PostgreSQL, away: str, caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_database(own.new(), migrate=True)
    room = make_room(engine, people=1)
    room.open_voting(CODE)
    store = room.participants[0]
    own.halt()
    if away == "stopped":
        with pytest.raises(StoreFault) as told:
            store.cast(room.ballot(store, CODE, 2))
        assert str(told.value) == faults.UNREACHABLE
        assert_says_nothing(told.value, own, caplog)
    else:
        own.start()
        store.cast(room.ballot(store, CODE, 2))
        assert room.facilitator.votes_in(CODE) == 1
    engine.dispose()


def test_a_connection_that_is_lost_while_something_is_saved_leaves_it_open_whether_it_was(
    own: PostgreSQL, caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_database(own.new(), migrate=True)

    def save() -> None:
        with writing(engine) as db:
            db.execute(insert(tables.server_values).values(key="a", value=SECRET))
            own.halt()

    with pytest.raises(StoreFault) as told:
        save()
    assert str(told.value) == faults.NOT_KNOWN
    assert_says_nothing(told.value, own, caplog)
    engine.dispose()


def test_too_many_who_are_connected_are_told_to_try_again(
    own: PostgreSQL, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(postgresql, "AGAIN_SECONDS", 0.01)
    own.do("CREATE ROLE guest LOGIN", "ALTER DATABASE postgres OWNER TO guest")
    engine = open_database(own.url("postgres", "guest"), migrate=True)
    with ExitStack() as held:
        for _ in range(7):
            held.enter_context(engine.connect())
        with pytest.raises(StoreFault) as told:
            engine.connect()
    assert str(told.value) == faults.FULL
    assert_says_nothing(told.value, own, caplog)
    engine.dispose()


@pytest.mark.parametrize(
    ("user", "database", "words"),
    [
        ("guest", "postgres", "does not let us in"),
        ("nobody-here", "postgres", "knows no such database, or no such user"),
        (OWNER, "nowhere", "knows no such database, or no such user"),
    ],
)
def test_whoever_is_not_let_in_is_told_what_to_look_at(
    postgresql: PostgreSQL, user: str, database: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    postgresql.ask_for_passwords("guest")
    with pytest.raises(StoreFault, match=words) as told:
        open_database(postgresql.url(database, user, "not-the-password"), migrate=True)
    assert_says_nothing(told.value, postgresql, caplog)
    assert "not-the-password" not in say_error(told.value)


@pytest.mark.parametrize(
    ("before", "statement", "words"),
    [
        ("SET TRANSACTION READ ONLY", "INSERT INTO server_values VALUES ('k', :secret)", "lets nobody write now"),
        ("SET LOCAL statement_timeout = 1", "SELECT pg_sleep(1), CAST(:secret AS text)", "busy"),
        ("SELECT 1", "SELECT CAST(:secret AS text) FROM nowhere", "a part of the database is missing"),
        ("SET LOCAL ROLE pg_monitor", "INSERT INTO server_values VALUES ('k', :secret)", "may not do this"),
        ("INSERT INTO server_values VALUES ('k', 'v')", "INSERT INTO server_values VALUES ('k', :secret)", "not take"),
        ("SELECT 1", "DO $$ BEGIN RAISE EXCEPTION 'disk' USING ERRCODE = '53100'; END $$", "disk is full"),
        ("SELECT 1", "DO $$ BEGIN RAISE EXCEPTION 'bad' USING ERRCODE = 'XX001'; END $$", "is damaged"),
    ],
)
def test_what_the_server_refuses_is_said_in_our_words(
    engine: Engine, before: str, statement: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:

    def ask() -> None:
        with engine.begin() as db:
            db.execute(text(before))
            db.execute(text(statement), {"secret": SECRET} if ":secret" in statement else {})

    with pytest.raises(StoreFault, match=words) as told:
        ask()
    assert "server_values" not in said_of(told.value)
    assert "Wilhelmina" not in said_of(told.value) + caplog.text


def test_a_page_is_opened_by_who_may_take_part_as_on_sqlite(room: Room) -> None:
    other = open_database(room.engine.url.render_as_string(hide_password=False))
    assert store_of(other, room.participants[0].actor).workshop == room.workshop
    other.dispose()


def test_kernels_find_the_database_used_and_without_a_connection_where_they_are_forked(
    postgresql: PostgreSQL,
) -> None:
    engine = open_database(postgresql.new(), migrate=True)
    room = make_room(engine, people=1)
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    prepared = on_server(url)
    assert prepared is not None
    prepared.keep_at_hand(room.created.workshop)
    with engine.connect() as db:
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert db.scalar(text(others)) == 0
    assert prepared.store(room.participants[0].actor).workshop == room.workshop
    prepared.engine.dispose()
    engine.dispose()


def said_of(error: BaseException) -> str:
    """All that a page or a log could hold of it."""
    return f"{say_error(error)} {error!r}"


def assert_says_nothing(error: BaseException, cluster: PostgreSQL, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody learns where the server is, what was asked of it, or what stands in it."""
    told = said_of(error) + caplog.text
    for secret in (str(cluster.folder), "psycopg", "SELECT", "INSERT", "FATAL", "DETAIL", "Wilhelmina"):
        assert secret not in told, told
    assert logging.getLogger("psycopg").level == logging.CRITICAL
