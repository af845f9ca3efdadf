"""Whatever goes wrong with the database is told in words, and no word of people stands in them or in a log."""

import asyncio
import logging
import subprocess
import sys
import traceback
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from messages import attached, cast, in_the_browser, run
from room import Room, make_room
from sqlalchemy import Engine, Integer, Table, insert, select, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import NoteWritten, Words
from npswidgets.errors import StoreFault, say_error
from npswidgets.screens import opening, participant
from npswidgets.screens.participant.messages import ReasonGiven
from npswidgets.store import access, faults, people, tables
from npswidgets.store.codec import from_line
from npswidgets.store.database import open_database, writing
from npswidgets.store.opening import store_of

SECRET = "Wilhelmina thinks that it was poor"
TABLES = list(tables.metadata.tables.values())
CODE = "reporting"


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, people=1)
    room.open_voting(CODE)
    return room


def refuse(engine: Engine, table: str) -> None:
    """From now on nothing can be put into this table."""
    with engine.begin() as db:
        db.exec_driver_sql(
            f"CREATE TRIGGER refused BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'a trigger says no'); END"
        )


def told(error: BaseException) -> str:
    """All that anybody could print of an error."""
    return "".join(traceback.format_exception(error)) + repr(error) + say_error(error)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@pytest.mark.parametrize("why", ["trigger", "missing", "kind", "twice"])
def test_a_row_that_is_not_taken_stands_in_no_error(engine: Engine, table: Table, why: str) -> None:
    row: dict[str, Any] = {one.name: 1 if isinstance(one.type, Integer) else SECRET for one in table.columns}
    if why == "trigger":
        refuse(engine, table.name)
    elif why == "missing":
        row[next(one.name for one in reversed(table.columns) if not one.nullable)] = None
    elif why == "kind":
        row[table.columns.keys()[-1]] = {SECRET: SECRET}

    def put() -> None:
        with writing(engine) as db:
            for _ in range(1 + (why == "twice")):
                db.execute(insert(table).values(row))

    with pytest.raises(StoreFault) as error:
        put()
    assert "Wilhelmina" not in told(error.value)
    assert "INSERT" not in str(error.value)


def test_an_engine_raises_our_words_where_nobody_asks_for_them(engine: Engine) -> None:
    with pytest.raises(StoreFault, match="a part of the database is missing"), engine.connect() as db:
        db.execute(text("SELECT :secret FROM nowhere"), {"secret": SECRET})


@pytest.mark.parametrize(
    ("table", "act"),
    [
        ("words", lambda room: room.facilitator.record(NoteWritten(room.session, CODE, "comment", Words(SECRET)))),
        ("people", lambda room: people.join(room.engine, room.created.workshop, room.session, None, SECRET)),
        ("ballots", lambda room: room.participants[0].cast(room.ballot(room.participants[0], CODE, 1, reason=SECRET))),
        ("join_codes", lambda room: make_room(room.engine, council=SECRET)),
        ("links", lambda room: access.new_link(room.engine, room.created.workshop, "projector")),
        ("grants", lambda room: access.add_grant(room.engine, SECRET, Actor("w", "facilitator"))),
        ("server_values", lambda room: access.set_server_value(room.engine, "wifi", SECRET)),
        ("events", lambda room: room.join(department="Procurement")),
    ],
)
def test_what_people_said_is_in_no_error_of_the_store(engine: Engine, table: str, act: Any) -> None:
    room = make_room(engine, anonymity="named") if table == "people" else make_room(engine, people=1)
    room.open_voting(CODE)
    refuse(engine, table)
    with pytest.raises(StoreFault, match="the database did not take this") as error:
        act(room)
    assert "Wilhelmina" not in told(error.value)


def test_a_vote_that_is_not_taken_stands_neither_in_the_log_nor_on_the_page(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    refuse(room.engine, "ballots")
    store = room.participants[0]

    screen = attached(participant.build(), store)
    cast(screen.pad, CODE, 2)
    screen._give_reason(ReasonGiven("reason", CODE, 1, SECRET))
    with room.engine.begin() as db:
        db.exec_driver_sql("DROP TRIGGER refused")
    store.cast(room.ballot(store, CODE, 1))
    refuse(room.engine, "ballots")
    screen._look_again()
    screen._give_reason(ReasonGiven("reason", CODE, 1, SECRET))
    assert screen.pad.refused["words"] == participant.screen.NOT_SAVED
    assert screen.pad.reason_problem == "Your reason is not saved. Try again."
    assert caplog.text.count("not stored: StoreFault: the database did not take this") == 2
    for anywhere in (caplog.text, in_the_browser(screen)):
        assert "Wilhelmina" not in anywhere
    assert str(store.actor.participant) not in caplog.text


@pytest.mark.parametrize("away", [False, True])
def test_the_row_that_postgresql_adds_to_its_errors_goes_no_further(away: bool) -> None:
    class UniqueViolation(Exception):
        sqlstate = "23505"

    error = UniqueViolation(f"duplicate key\nDETAIL:  Key (name)=({SECRET}) already exists.")
    context = SimpleNamespace(
        dialect=SimpleNamespace(name="postgresql"),
        connection=object(),
        statement="INSERT",
        is_disconnect=away,
        is_pre_ping=False,
        original_exception=error,
    )
    with pytest.raises(StoreFault, match="cannot be reached" if away else r"UniqueViolation, 23505") as raised:
        faults._say(context)  # type: ignore[arg-type]
    assert "Wilhelmina" not in told(raised.value) + repr(error)


def test_an_engine_that_has_no_connection_left_says_that_it_is_busy() -> None:
    with pytest.raises(StoreFault, match="busy in another program"), faults.faults():
        raise PoolTimeout("QueuePool limit")


@pytest.mark.parametrize(
    "line",
    [f'{{"event":{{"kind":"ScoreRecorded","session":"{SECRET}","value":"{SECRET}"}},"version":1}}', f"{SECRET}", "{}"],
)
def test_a_line_that_is_refused_is_not_repeated(line: str) -> None:
    with pytest.raises(Exception, match=r"not a line of a record|needs a newer") as error:
        from_line(line)
    assert "Wilhelmina" not in told(error.value)


def test_what_any_library_logs_of_an_error_is_its_kind_and_where_it_came_from(tmp_path: Path) -> None:
    program = f"""
import logging
from npswidgets.errors import keep_texts_out_of_logs
keep_texts_out_of_logs()
def fail():
    try:
        raise ValueError({SECRET!r})
    except ValueError as error:
        raise KeyError({SECRET!r}) from error
try:
    fail()
except KeyError:
    logging.getLogger("tornado").exception("It failed")
fail()
"""
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert "Wilhelmina" not in answer.stderr
    assert answer.stderr.count("KeyError (<string>:") == 2
    assert answer.stderr.count("after ValueError (<string>:") == 2


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "AGAIN_SECONDS", 0.01)


@pytest.mark.usefixtures("quick")
def test_a_page_that_is_opened_while_the_database_is_away_comes_right_by_itself(room: Room, tmp_path: Path) -> None:
    file, away, actor = tmp_path / "workshops.db", tmp_path / "away.db", room.participants[0].actor
    file.rename(away)

    async def open_page() -> tuple[str, str, str]:
        screen = participant.build()
        opening.attach_when_possible(screen, lambda: store_of(room.engine, actor))
        before = screen.heading.fault
        away.rename(file)
        while screen.heading.fault:
            await asyncio.sleep(0.01)
        return before, screen.heading.fault, screen.heading.title

    before, after, title = run(open_page())
    assert "not where it was opened" in before
    assert (after, title) == ("", "Reporting")


def test_what_cannot_be_read_is_logged_once_until_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    from npswidgets.store.live import Trouble

    trouble = Trouble("It could not be read")
    for _ in range(3):
        trouble.say(StoreFault("busy"))
    assert len(caplog.records) == 1
    trouble.over()
    trouble.say(StoreFault("busy"))
    assert len(caplog.records) == 2
    assert caplog.records[0].levelno == logging.ERROR


def test_no_engine_is_made_but_by_the_store() -> None:
    package = Path(faults.__file__).parents[1]
    makers = [one.name for one in package.rglob("*.py") if "create_engine(" in one.read_text(encoding="utf-8")]
    assert makers == ["database.py"]
    engine = open_database("sqlite://")
    assert engine.hide_parameters
    with engine.connect() as db:
        assert db.execute(select(tables.workshops)).all() == []
