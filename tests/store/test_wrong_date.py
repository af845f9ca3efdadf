"""A computer with a wrong date forgets nobody, whatever was stored meanwhile; once the date is certain it forgets."""

import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TypeAlias

import pytest
from alembic import command
from alembic.config import Config
from click.testing import CliRunner
from room import Room, make_room
from serving import Client, RunningServer
from sqlalchemy import Engine, create_engine, func, inspect, select
from tornado.web import create_signed_value, decode_signed_value

from npswidgets.cli import main, saved
from npswidgets.cli import people as people_commands
from npswidgets.domain.clock import Clock
from npswidgets.domain.events import Words, WorkshopReopened, WorkshopSealed
from npswidgets.domain.retention import DAYS_AFTER_JOINING, DAYS_AFTER_SIGN_OFF
from npswidgets.server.http.access import browser_of
from npswidgets.server.machine import clock as server_clock
from npswidgets.server.machine import system_clock
from npswidgets.server.machine.clock import ServerClock
from npswidgets.store import access, archive, clock, migrations, people, tables
from npswidgets.store.database import open_database, writing
from npswidgets.store.erasing import count_due, purge

TODAY = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
AHEAD, BATTERY = TODAY + 200 * DAY, datetime(2015, 1, 1, tzinfo=UTC)
BEYOND_BELIEF = "The date of this computer may be wrong: it says"

SetClock: TypeAlias = Callable[[datetime], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sets the date of this computer, which no time server keeps."""
    monkeypatch.setattr(system_clock, "is_synchronised", lambda _: False)
    monkeypatch.setattr(server_clock, "is_synchronised", lambda _: False)

    def set_to(time: datetime) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
                assert tz is UTC
                return time

        assert {people_commands.__name__, saved.__name__} < set(sys.modules)  # commands are imported when asked for
        for name, module in list(sys.modules.items()):
            if name.startswith("npswidgets") and hasattr(module, "datetime"):
                monkeypatch.setattr(module, "datetime", Clock)

    set_to(TODAY)
    return set_to


@pytest.fixture
def room(engine: Engine, set_clock: SetClock) -> Room:
    """Three people with names, a vote under way; the server has run today."""
    set_clock(TODAY)
    room = make_room(engine, anonymity="named")
    for number in range(3):
        (person,) = room.join(1, "Procurement", name=f"Person {number}")
        access.add_grant(engine, f"browser {number}", person.actor)
    room.open_voting("reporting")
    room.vote("reporting", 3, 3, 4)
    ServerClock(engine)
    return room


def purged(engine: Engine, *options: str) -> tuple[int, str]:
    """What the command says, and the code with which it ends."""
    said = CliRunner().invoke(main, ["purge", *options, "--database", engine.url.render_as_string()])
    return said.exit_code, said.output


def kept(engine: Engine) -> tuple[int, ...]:
    """How many names, grants of participants and ballots there are."""
    with engine.connect() as db:
        granted = select(tables.grants).where(tables.grants.c.participant != "").subquery()
        return tuple(
            db.scalar(select(func.count()).select_from(one)) or 0 for one in (tables.people, granted, tables.ballots)
        )


def as_of_version(version: str, engine: Engine, file: Path) -> str:
    """What is stored, in a new database of an earlier version; its address."""
    url = f"sqlite:///{file}"
    old, config = create_engine(url), Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])))
    with old.connect() as to, engine.connect() as db:
        config.attributes["connection"] = to
        command.upgrade(config, version)
        for table in filter(lambda one: inspect(to).has_table(one.name), tables.metadata.sorted_tables):
            columns = [table.c[one["name"]] for one in inspect(to).get_columns(table.name)]
            for row in db.execute(select(*columns)).mappings():
                to.execute(table.insert().values(**row))
        to.execute(tables.server_values.delete())
        to.commit()
    old.dispose()
    return url


class TestAWrongDate:
    @pytest.mark.parametrize("wrong", [AHEAD, TODAY + 4000 * DAY, BATTERY])
    def test_deletes_nothing_and_says_so_and_nor_does_the_right_one_afterwards(
        self, room: Room, set_clock: SetClock, wrong: datetime
    ) -> None:
        set_clock(wrong)
        code, said = purged(room.engine)
        assert code == 1
        assert BEYOND_BELIEF in said
        assert f"{wrong:%B %Y}" in said
        assert f"{TODAY:%B %Y}" in said
        assert "purge --yes" in said
        assert kept(room.engine) == (3, 3, 3)
        set_clock(TODAY + DAY)
        assert purged(room.engine) == (0, "0 people are forgotten.\n")
        assert kept(room.engine) == (3, 3, 3)

    def test_is_said_on_the_servers_terminal_once(
        self, room: Room, set_clock: SetClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        set_clock(AHEAD)
        watched = ServerClock(room.engine)
        watched.look()
        assert caplog.text.count(BEYOND_BELIEF) == 1
        assert "say so on the start page" in caplog.text

    def test_that_was_stored_by_an_earlier_version_is_asked_about_once(
        self, engine: Engine, set_clock: SetClock
    ) -> None:
        set_clock(AHEAD)
        room = make_room(engine, anonymity="named")
        room.join(1, "Procurement", name="Person")
        set_clock(TODAY)
        assert purged(engine)[0] == 1
        assert purged(engine, "--yes") == (0, "0 people are forgotten.\n")
        assert purged(engine) == (0, "0 people are forgotten.\n")
        assert purge(engine, (TODAY + (DAYS_AFTER_JOINING - 1) * DAY).date()) == 0
        assert purge(engine, (TODAY + DAYS_AFTER_JOINING * DAY).date()) == 1

    def test_that_comes_first_after_an_upgrade_is_doubted_whatever_is_done_by_it(
        self, room: Room, set_clock: SetClock, tmp_path: Path
    ) -> None:
        url = as_of_version("0004", room.engine, tmp_path / "old.db")
        set_clock(AHEAD)
        who = room.participants[0].actor.participant or ""
        erased = CliRunner().invoke(main, ["erase", room.workshop.id, "--participant", who, "--database", url])
        assert erased.exit_code == 0
        old = open_database(url)
        assert ServerClock(old).latest == Clock(TODAY, AHEAD)
        assert purged(old)[0] == 1
        set_clock(TODAY + DAY)
        assert purged(old) == (0, "0 people are forgotten.\n")
        assert kept(old) == (2, 2, 2)
        old.dispose()

    def test_that_was_believed_deletes_nothing_when_it_is_set_right(self, room: Room, set_clock: SetClock) -> None:
        room.facilitator.show_votes("reporting")
        room.score_all(2)
        room.close()
        room.facilitator.record(WorkshopSealed(1, Words("Head of procurement")))
        set_clock(BATTERY)
        for _ in range(49):
            clock.look(room.engine, BATTERY, timedelta(hours=1))
        assert purged(room.engine) == (0, "0 people are forgotten.\n")
        now = TODAY + 4 * DAY
        set_clock(now)
        assert purged(room.engine)[0] == 1
        assert purged(room.engine, "--yes") == (0, "0 people are forgotten.\n")
        assert purge(room.engine, (now + 29 * DAY).date()) == 0
        assert purge(room.engine, (now + 30 * DAY).date()) == 3

    def test_that_a_new_database_believed_keeps_nobody_for_years(self, engine: Engine, set_clock: SetClock) -> None:
        set_clock(TODAY + 1500 * DAY)
        ServerClock(engine)
        room = make_room(engine, anonymity="named")
        room.join(1, "Procurement", name="Before")
        set_clock(TODAY)
        ServerClock(engine)
        room.join(1, "Procurement", name="In doubt")
        assert purged(engine, "--yes") == (0, "0 people are forgotten.\n")
        assert purged(engine) == (0, "0 people are forgotten.\n")
        assert purge(engine, (TODAY + (DAYS_AFTER_JOINING - 1) * DAY).date()) == 0
        assert purge(engine, (TODAY + DAYS_AFTER_JOINING * DAY).date()) == 2

    def test_that_a_new_database_believed_leaves_those_30_days_whose_pages_are_there(
        self, engine: Engine, set_clock: SetClock
    ) -> None:
        set_clock(TODAY - 300 * DAY)
        ServerClock(engine)
        room = make_room(engine, anonymity="named")
        here, _ = room.join(2, "Procurement", name="Kim")
        set_clock(TODAY)
        watched = ServerClock(engine)
        here.seen()
        watched.look()
        assert count_due(engine, TODAY) == 1
        assert purged(engine, "--yes") == (0, "1 person is forgotten.\n")
        assert purge(engine, (TODAY + 29 * DAY).date()) == 0
        assert purge(engine, (TODAY + 30 * DAY).date()) == 1


class TestAWayOut:
    @pytest.fixture
    def late(self, room: Room, set_clock: SetClock) -> Room:
        """Nobody has used the computer until the names are past their date."""
        set_clock(AHEAD)
        assert purged(room.engine)[0] == 1
        return room

    def test_is_that_the_operator_says_so(self, late: Room) -> None:
        assert purged(late.engine, "--yes") == (0, "3 people are forgotten.\n")
        assert kept(late.engine) == (0, 0, 0)
        assert purged(late.engine) == (0, "0 people are forgotten.\n")

    def test_says_before_how_many_people_go(self, late: Room) -> None:
        late.join(1, "Procurement", name="In doubt")
        assert count_due(late.engine, AHEAD) == 3
        assert purged(late.engine, "--yes") == (0, "3 people are forgotten.\n")

    def test_leaves_nobody_longer_whose_page_is_there_at_each_start(self, room: Room, set_clock: SetClock) -> None:
        """A laptop that is used less than once a month, and a session that was never ended."""
        gone = []
        for days in range(40, 300, 40):
            set_clock(TODAY + days * DAY)
            watched = ServerClock(room.engine)
            room.participants[0].seen()
            watched.look()
            gone.append(purged(room.engine, "--yes")[1].split()[0])
        assert gone == ["0", "0", "0", "0", "3", "0", "0"]

    def test_is_that_a_time_server_keeps_the_clock(self, late: Room, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(system_clock, "is_synchronised", lambda _: True)
        assert purged(late.engine) == (0, "3 people are forgotten.\n")

    def test_is_48_hours_of_running_over_several_starts(self, late: Room, set_clock: SetClock) -> None:
        for start in range(2):
            set_clock(AHEAD + start * DAY)
            for _ in range(24):
                assert purged(late.engine)[0] == 1
                clock.look(late.engine, AHEAD + start * DAY, timedelta(hours=1))
        assert purged(late.engine) == (0, "3 people are forgotten.\n")

    def test_is_not_needed_by_a_computer_that_is_used(self, room: Room, set_clock: SetClock) -> None:
        for days in range(20, DAYS_AFTER_JOINING, 20):
            set_clock(TODAY + days * DAY)
            assert purged(room.engine) == (0, "0 people are forgotten.\n")
        set_clock(TODAY + DAYS_AFTER_JOINING * DAY)
        assert purged(room.engine) == (0, "3 people are forgotten.\n")


class TestWhoJoinsInDoubt:
    @pytest.mark.parametrize("wrong", [AHEAD, BATTERY])
    def test_is_kept_for_180_days_from_the_newest_certain_time(
        self, room: Room, set_clock: SetClock, wrong: datetime
    ) -> None:
        set_clock(wrong)
        ServerClock(room.engine)
        room.join(1, "Procurement", name="In doubt")
        set_clock(TODAY + DAY)
        assert purged(room.engine)[0] == 0
        assert purge(room.engine, (TODAY + (DAYS_AFTER_JOINING - 1) * DAY).date()) == 0
        assert purge(room.engine, (TODAY + DAYS_AFTER_JOINING * DAY).date()) == 4

    def test_is_kept_for_30_days_from_when_the_date_is_certain(self, room: Room, set_clock: SetClock) -> None:
        set_clock(BATTERY)
        ServerClock(room.engine)
        room.join(1, "Procurement", name="In doubt")
        set_clock(AHEAD)
        assert purged(room.engine, "--yes") == (0, "3 people are forgotten.\n")
        assert purge(room.engine, (AHEAD + 29 * DAY).date()) == 0
        assert purge(room.engine, (AHEAD + 30 * DAY).date()) == 1

    @pytest.mark.parametrize("wrong", [AHEAD, BATTERY])
    def test_is_forgotten_30_days_after_a_sign_off_in_doubt(
        self, room: Room, set_clock: SetClock, wrong: datetime
    ) -> None:
        room.facilitator.show_votes("reporting")
        room.score_all(2)
        room.close()
        set_clock(wrong)
        ServerClock(room.engine)
        room.facilitator.record(WorkshopSealed(1, Words("Head of procurement")))
        until, today = room.facilitator.times_that_count()
        assert (until.sealed_at, today) == (TODAY, TODAY.date())
        set_clock(TODAY + DAY)
        assert purged(room.engine) == (0, "0 people are forgotten.\n")
        last = TODAY + (DAYS_AFTER_SIGN_OFF + 1) * DAY
        assert purge(room.engine, (last - DAY).date()) == 0
        assert purge(room.engine, last.date()) == 3

    def test_counts_by_a_later_sign_off_that_is_certain(self, room: Room, set_clock: SetClock) -> None:
        room.facilitator.show_votes("reporting")
        room.score_all(2)
        room.close()
        set_clock(BATTERY)
        room.facilitator.record(WorkshopSealed(1, Words("Head of procurement")))
        set_clock(TODAY + 5 * DAY)
        room.facilitator.record(WorkshopReopened(Words("A comment was missing")))
        room.facilitator.record(WorkshopSealed(2, Words("Head of procurement")))
        assert room.facilitator.times_that_count()[0].sealed_at == TODAY + 5 * DAY


class TestAJump:
    @pytest.fixture
    def passed(self, monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
        """The time that has passed for the server; tests change it."""
        passed = [timedelta()]
        monkeypatch.setattr(server_clock, "time_passed", lambda: passed[0])
        return passed

    def test_while_the_server_runs_is_a_doubt_until_the_clock_is_right(
        self, room: Room, set_clock: SetClock, passed: list[timedelta]
    ) -> None:
        watched = ServerClock(room.engine)
        for now, doubted in ((TODAY + 3 * DAY, True), (TODAY + timedelta(minutes=2), False), (TODAY - DAY, True)):
            passed[0] += timedelta(minutes=1)
            set_clock(now)
            assert bool(watched.look().doubted) == doubted
        assert bool(ServerClock(room.engine).latest.doubted)

    def test_is_none_after_a_night_of_sleep(self, room: Room, set_clock: SetClock, passed: list[timedelta]) -> None:
        watched = ServerClock(room.engine)
        passed[0] += timedelta(hours=8)
        set_clock(TODAY + timedelta(hours=8))
        assert watched.look().doubted is None

    @pytest.mark.parametrize("ahead", [timedelta(minutes=15), 3 * DAY])
    @pytest.mark.parametrize("right", [False, True])
    def test_of_some_days_moves_no_day_that_was_promised(
        self, room: Room, set_clock: SetClock, passed: list[timedelta], ahead: timedelta, right: bool
    ) -> None:
        now = TODAY + 100 * DAY
        clock.confirm(room.engine, now)
        set_clock(now)
        room.join(1, "Procurement", name="Later")
        watched = ServerClock(room.engine)
        for store in room.participants:
            store.seen()
        passed[0] += timedelta(minutes=1)
        set_clock(now + ahead)
        assert watched.look().doubted
        set_clock(now + timedelta(minutes=2) if right else now + ahead)
        assert watched.look(sure=not right).doubted is None
        assert purge(room.engine, (TODAY + DAYS_AFTER_JOINING * DAY - DAY).date()) == 0
        assert purge(room.engine, (TODAY + DAYS_AFTER_JOINING * DAY).date()) == 3
        assert purge(room.engine, (now + DAYS_AFTER_JOINING * DAY - DAY).date()) == 0
        assert purge(room.engine, (now + DAYS_AFTER_JOINING * DAY).date()) == 1

    def test_leaves_those_in_the_room_30_days(
        self, room: Room, set_clock: SetClock, passed: list[timedelta], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        watched = ServerClock(room.engine)
        now = TODAY + 20 * DAY
        set_clock(now)
        passed[0] += 20 * DAY
        watched.look()
        room.participants[0].seen()
        room.join(1, "Procurement", name="Not seen yet")
        set_clock(now + 200 * DAY)
        monkeypatch.setattr(server_clock, "is_synchronised", lambda _: True)
        passed[0] += timedelta(minutes=1)
        assert watched.look().doubted is None
        assert purge(room.engine, (now + 200 * DAY).date()) == 2
        assert purge(room.engine, (now + 229 * DAY).date()) == 0
        assert purge(room.engine, (now + 230 * DAY).date()) == 2


class TestASavedWorkshop:
    @pytest.mark.parametrize("made", [TODAY - 300 * DAY, AHEAD, TODAY + 20 * DAY])
    def test_says_nothing_about_the_date(self, set_clock: SetClock, tmp_path: Path, made: datetime) -> None:
        url = [f"sqlite:///{tmp_path / name}.db" for name in ("there", "here")]
        there = open_database(url[0], migrate=True)
        set_clock(made)
        file = archive.write_archive(there, make_room(there, people=2).workshop.id, tmp_path / "saved.jsonl")
        there.dispose()
        set_clock(TODAY)
        assert CliRunner().invoke(main, ["import", str(file), "--database", url[1]]).exit_code == 0
        here = open_database(url[1])
        assert purged(here) == (0, "0 people are forgotten.\n")
        set_clock(TODAY + DAY)
        assert purged(here)[0] == 0
        set_clock(AHEAD)
        assert purged(here)[0] == 1
        here.dispose()


def test_what_is_kept_of_the_clock_may_be_damaged(room: Room) -> None:
    for damaged in ("{", json.dumps({"certain": "no time"}), json.dumps([1])):
        access.set_server_value(room.engine, clock.CLOCK, damaged)
        assert purged(room.engine) == (0, "0 people are forgotten.\n")


def test_the_system_says_whether_its_clock_is_kept_and_only_of_its_own_date() -> None:
    assert system_clock.is_synchronised(datetime.now(UTC)) in (True, False)
    assert not system_clock.is_synchronised(datetime.now(UTC) + DAY)
    assert system_clock.time_passed() <= system_clock.time_passed()


class TestCookies:
    def test_live_by_the_clock_of_the_phone(self, server: RunningServer, client: Client) -> None:
        made = server.make()
        for answer in (client.get(made.join_link), client.join(made), client.get(made.join_link)):
            for cookie in answer.raw.headers.getlist("Set-Cookie"):
                assert "expires=" not in cookie.lower()
                assert ("Max-Age=15552000" in cookie) == cookie.startswith("nps-browser")

    @pytest.mark.parametrize("signed", [BATTERY, AHEAD])
    def test_of_a_wrong_date_are_known_once_it_is_right(self, signed: datetime) -> None:
        cookie = create_signed_value("secret", "nps-browser", "an id", clock=signed.timestamp)
        request = SimpleNamespace(
            settings={"browser_cookie": "nps-browser"},
            get_signed_cookie=lambda name, max_age_days: decode_signed_value(
                "secret", name, cookie, max_age_days=max_age_days
            ),
        )
        assert browser_of(request) == "an id"  # type: ignore[arg-type]


@pytest.mark.server
class TestTheServer:
    PROGRAM = """
import npswidgets.server.machine.clock as clock
clock.is_synchronised = lambda now: False
from npswidgets.cli import main
main()"""

    def test_asks_on_the_start_page_and_forgets_by_one_click(self, tmp_path: Path, set_clock: SetClock) -> None:
        engine = open_database(f"sqlite:///{tmp_path / 'workshops.db'}", migrate=True)
        rooms = []
        for days in (200, 100, 100):
            set_clock(TODAY - days * DAY)
            rooms.append(make_room(engine, anonymity="named"))
            rooms[-1].join(1, "Procurement", name=f"{days} days ago")
        set_clock(TODAY)
        code = next(iter(rooms[1].created.codes.values()))
        server = RunningServer(tmp_path, ("--port", "0"), self.PROGRAM)
        try:
            assert BEYOND_BELIEF in server.log
            promised = TODAY + (DAYS_AFTER_JOINING - 100) * DAY
            assert f"at the latest on {promised.day} {promised:%B %Y}" in Client(server).get(f"/join/{code}").text
            operator = Client(server)
            operator.use_link(server.start_link)
            page = operator.get("/start").text
            assert "Is the date of this computer right?" in page
            assert "what we keep about 1 person is past the day" in page
            assert Client(server).post("/date", {"day": f"{TODAY:%Y-%m-%d}"}).status_code == 403
            assert "Is the date" in operator.post("/date", {"day": "2020-01-01"}).text
            assert kept(engine)[0] == 3
            with writing(engine) as db:
                db.exec_driver_sql("UPDATE workshops SET rubric = '{' WHERE id = ?", (rooms[2].created.workshop,))
            (day,) = re.findall('type="hidden" name="day" value="(.+?)"', page)
            page = operator.post("/date", {"day": day}).text
            assert "Start a workshop" in page
            assert "Is the date" not in page
            assert kept(engine)[0] == 2
            assert people.names(engine, rooms[0].workshop.id) == {}
            assert "1 person is forgotten, but not all is done" in server.log
            assert f"{rooms[2].created.workshop}: its names are still there" in server.log
        finally:
            server.stop()
            engine.dispose()
