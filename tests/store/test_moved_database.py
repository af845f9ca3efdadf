"""The database file is moved, replaced, deleted or damaged while it is used."""

import os
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from room import Room, make_room
from serving import RunningServer
from sqlalchemy import Engine, select, text

from npswidgets.domain.actor import Actor
from npswidgets.errors import StoreFault
from npswidgets.store import sqlite_file, tables
from npswidgets.store.database import open_database, writing
from npswidgets.store.opening import store_of
from npswidgets.store.place import say_place
from npswidgets.store.warm_database import WarmDatabase
from npswidgets.store.workshops import list_workshops

CODE = "reporting"
SQLITE = sqlite_file.sqlite_library()
"""The same as the store's: two libraries in a process see no lock of each other."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there a file that is open cannot be moved")


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, people=2)
    room.open_voting(CODE)
    return room


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "workshops.db"


def move(file: Path) -> Callable[[], object]:
    away = file.with_name("away.db")
    file.rename(away)
    return lambda: away.rename(file)


def move_with_journal(file: Path) -> Callable[[], object]:
    away = file.parent / "away"
    away.mkdir()
    for one in file.parent.glob("workshops.db*"):
        one.rename(away / one.name)
    return lambda: [one.rename(file.parent / one.name) for one in away.iterdir()]


def rename_folder(file: Path) -> Callable[[], object]:
    away = file.parent.with_name("renamed")
    file.parent.rename(away)
    return lambda: away.rename(file.parent)


@pytest.mark.parametrize("take_away", [move, move_with_journal, rename_folder])
def test_no_vote_is_said_to_be_saved_while_the_file_is_away_and_all_are_there_when_it_is_back(
    room: Room, file: Path, take_away: Callable[[Path], Callable[[], object]]
) -> None:
    room.vote(CODE, 1)
    put_back = take_away(file)
    second = room.participants[1]
    refused = room.ballot(second, CODE, 5)
    with pytest.raises(StoreFault, match="not where it was opened"):
        second.cast(refused)
    with pytest.raises(StoreFault):
        room.join()
    assert not file.exists()
    put_back()
    assert second.own_ballots() == {}
    second.cast(refused)
    assert room.facilitator.show_votes(CODE).topics[CODE].shown[0].counts == (1, 0, 0, 0, 1)


def test_a_file_that_goes_within_a_transaction_keeps_nothing_of_it(room: Room, file: Path) -> None:
    def change() -> None:
        with writing(room.engine) as db:
            db.execute(text("UPDATE workshops SET council = 'Changed'"))
            file.rename(file.with_name("away.db"))

    with pytest.raises(StoreFault, match="not where it was opened"):
        change()
    file.with_name("away.db").rename(file)
    assert room.workshop.council == "Example County Council"
    assert list_workshops(room.engine)[0].council == "Example County Council"


def test_what_goes_while_it_is_stored_is_not_said_to_be_saved(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def there(path: Path) -> tuple[int, int] | None:
        asked.append(True)
        return identity(path) if len(asked) < 3 else None  # gone after the transaction's first two questions

    identity = sqlite_file.identity_of
    monkeypatch.setattr(sqlite_file, "identity_of", there)
    with pytest.raises(StoreFault, match="not where it was opened"):
        room.vote(CODE, 1)
    assert len(asked) == 3


def test_a_deleted_file_is_told_and_no_other_one_is_made(room: Room, file: Path) -> None:
    file.unlink()
    with pytest.raises(StoreFault, match="not where it was opened"):
        room.vote(CODE, 1)
    with pytest.raises(StoreFault, match="no workshop database here"):
        open_database(str(file))
    with pytest.raises(StoreFault, match=r"its journal .* is still here"):
        open_database(str(file), migrate=True)
    assert not file.exists()


def test_a_backup_that_is_put_in_its_place_is_taken_with_what_is_in_it_alone(room: Room, file: Path) -> None:
    backup = file.with_name("backup.db")
    with SQLITE.connect(backup) as copy, SQLITE.connect(file) as now:
        now.backup(copy)
    copy.close()
    now.close()
    before = room.workshop
    room.vote(CODE, 1, 2)
    room.facilitator.show_votes(CODE)
    backup.replace(file)
    for store in (room.facilitator, *room.participants):
        store.refresh()
        assert store.workshop == before
    room.vote(CODE, 3, 3)
    assert room.facilitator.show_votes(CODE).topics[CODE].shown[0].counts == (0, 0, 2, 0, 0)
    fresh = open_database(str(file))
    assert store_of(fresh, room.facilitator.actor).workshop == room.facilitator.workshop
    with fresh.connect() as db:
        assert db.scalar(text("PRAGMA integrity_check")) == "ok"


def test_a_moved_file_takes_its_votes_along_when_another_one_is_put_in_its_place(room: Room, file: Path) -> None:
    room.vote(CODE, 4, 5)
    away = file.with_name("away.db")
    file.rename(away)
    open_database(str(file.with_name("other.db")), migrate=True).dispose()
    file.with_name("other.db").rename(file)
    assert list_workshops(room.engine) == []
    with SQLITE.connect(away) as db:
        assert sorted(db.execute("SELECT answer FROM ballots")) == [("4",), ("5",)]
    db.close()


def test_a_file_that_is_no_database_is_told_and_left_alone(room: Room, file: Path) -> None:
    put_back = move(file)
    for content, words in ((b"", "empty"), (b"a letter " * 1000, "not a workshop database")):
        file.write_bytes(content)
        for _ in range(2):
            with pytest.raises(StoreFault, match=words):
                room.vote(CODE, 1)
        for migrate in (True, False):
            with pytest.raises(StoreFault, match=words):
                open_database(str(file), migrate=migrate)
        assert file.read_bytes() == content
        file.unlink()
    put_back()
    room.vote(CODE, 1)


def test_a_database_of_another_version_is_not_taken_in_its_place(room: Room, file: Path) -> None:
    other = file.with_name("other.db")
    open_database(str(other), migrate=True).dispose()
    with SQLITE.connect(other) as db:
        db.execute("UPDATE alembic_version SET version_num = '0001'")
    db.close()
    put_back = move(file)
    other.rename(file)
    with pytest.raises(StoreFault, match="has version 0001"):
        room.vote(CODE, 1)
    file.unlink()
    put_back()
    room.vote(CODE, 1)


def test_forked_kernels_know_which_file_it_was(room: Room, file: Path) -> None:
    prepared = WarmDatabase(str(file))
    prepared.open_file()
    prepared.keep_at_hand(room.created.workshop)
    put_back = move(file)
    with pytest.raises(StoreFault, match="not where it was opened"):
        prepared.store(Actor(room.created.workshop, "facilitator"))
    put_back()
    assert prepared.store(Actor(room.created.workshop, "facilitator")).workshop == room.workshop
    prepared.engine.dispose()


@pytest.mark.browser
def test_a_page_of_the_server_opens_by_itself_when_the_file_is_back(
    server: RunningServer, new_page: Callable[..., Page]
) -> None:
    page = new_page("laptop", allow=("status of 500",))
    page.goto(server.start_link)
    page.get_by_role("heading", name="Start a workshop").wait_for()
    put_back = move(server.folder / "workshops.db")
    try:
        page.reload()
        page.get_by_text("the database file is not where it was opened").wait_for()
        page.get_by_text("This page opens by itself").wait_for()
    finally:
        put_back()
    page.get_by_role("heading", name="Start a workshop").wait_for()


def test_asking_which_file_it_is_costs_microseconds(room: Room) -> None:
    with room.engine.connect() as db:
        opened = db.connection.dbapi_connection.opened  # type: ignore[union-attr]
    before = os.times()
    for _ in range(1000):
        opened.check()
    assert os.times().user + os.times().system - before.user - before.system < 0.5


class TestRights:
    def test_nobody_else_may_read_the_file_from_its_making_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: set[int] = set()
        link = Path.hardlink_to

        def watched(self: Path, target: Path) -> None:
            seen.update(mode(one) for one in self.parent.iterdir())
            link(self, target)

        monkeypatch.setattr(Path, "hardlink_to", watched)
        before = os.umask(0)
        try:
            engine = open_database(str(tmp_path / "new" / "w.db"), migrate=True)
            make_room(engine)
        finally:
            os.umask(before)
        found = {one.name: mode(one) for one in (tmp_path / "new").iterdir()}
        assert {"w.db", "w.db-wal", "w.db-shm"} == set(found)
        assert {*found.values(), *seen} == {0o600}
        assert mode(tmp_path / "new") == 0o700

    def test_a_making_that_fails_leaves_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("npswidgets.store.database.bring_up_to_date", fail)
        with pytest.raises(KeyboardInterrupt):
            open_database(str(tmp_path / "w.db"), migrate=True)
        assert list(tmp_path.iterdir()) == []

    def test_it_is_made_where_a_disk_has_no_hard_links(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise OSError(1, "Operation not permitted")

        monkeypatch.setattr(Path, "hardlink_to", refuse)
        open_database(str(tmp_path / "w.db"), migrate=True)
        assert list_workshops(open_database(str(tmp_path / "w.db"))) == []


def use_all(room: Room) -> None:
    """Reads and writes in every table."""
    open_database(say_place(room.engine.url))
    with room.engine.begin() as db:
        for table in tables.metadata.tables.values():
            db.execute(select(table)).all()
    make_room(room.engine)
    room.vote(CODE, 1)
    room.join()
    with room.engine.connect() as db:
        assert db.scalar(text("PRAGMA integrity_check")) == "ok", "nothing was damaged"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestDamaged:
    """Each damage gets words with what to do, and nothing of a library's."""

    @pytest.mark.parametrize("table", ["sqlite_schema", *tables.metadata.tables])
    def test_a_damaged_page_is_told(self, room: Room, file: Path, table: str) -> None:
        with room.engine.connect() as db:
            found = db.execute(text("SELECT rootpage FROM sqlite_schema WHERE name = :table"), {"table": table})
            page = found.scalar() or 1
        room.engine.dispose()
        with file.open("r+b") as there:
            there.seek((page - 1) * 4096 + 100 * (page == 1))
            there.write(b"\xa5" * 2000)
        with pytest.raises(StoreFault, match="last backup"):
            use_all(room)

    def test_a_file_that_was_cut_off_is_told(self, room: Room, file: Path) -> None:
        room.engine.dispose()
        os.truncate(file, file.stat().st_size // 2 // 4096 * 4096)
        with pytest.raises(StoreFault, match="put your last backup in its place"):
            use_all(room)

    @pytest.mark.parametrize("table", ["events", "ballots", "workshops", "grants", "words"])
    def test_a_table_that_is_missing_is_told(self, room: Room, table: str) -> None:
        with room.engine.begin() as db:
            db.exec_driver_sql(f"DROP TABLE {table}")
        with pytest.raises(StoreFault, match="a part of the database is missing"):
            use_all(room)

    @pytest.mark.parametrize("line", ["", "no JSON", "[]", "null", '{"event":{}}', "1e999", "[" * 100_000])
    def test_a_line_that_is_no_line_is_named_with_what_to_do(self, room: Room, line: str) -> None:
        with room.engine.begin() as db:
            db.exec_driver_sql("DROP TRIGGER events_stay_as_they_are")
            db.execute(text("UPDATE events SET line = :line WHERE revision = 3"), {"line": line})
        with pytest.raises(StoreFault, match=r"line 3 of the record cannot be read.*last backup"):
            _ = room.workshop

    def test_text_that_is_no_text_is_told_without_it(self, room: Room) -> None:
        room.vote(CODE, 1)
        with room.engine.begin() as db:
            db.exec_driver_sql("UPDATE ballots SET reason = CAST(X'5365637265743AFF' AS TEXT)")
        with pytest.raises(StoreFault, match="damaged") as told:
            room.participants[0].own_ballots()
        assert "Secret" not in str(told.value)

    @pytest.mark.parametrize("column", ["council", "title", "changed_at"])
    def test_bytes_in_place_of_a_text_hide_no_workshop(self, room: Room, column: str) -> None:
        with room.engine.begin() as db:
            db.exec_driver_sql(f"UPDATE workshops SET {column} = X'4578FF'")
        (shown,) = list_workshops(room.engine)
        assert (shown.id, type(shown.council), type(shown.title)) == (room.created.workshop, str, str)

    @pytest.mark.parametrize("column", ["rubric", "changed_at"])
    def test_a_value_that_is_none_is_told(self, room: Room, column: str) -> None:
        with room.engine.begin() as db:
            db.execute(text(f"UPDATE workshops SET {column} = 'something else'"))
        with pytest.raises(StoreFault, match=r"cannot be read.*last backup"):
            _ = room.workshop, room.facilitator.saved_at


def test_a_setting_that_is_not_taken_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_database(str(file), migrate=True).dispose()
    monkeypatch.setattr(sqlite_file, "journal_mode", lambda: "OFF")
    with SQLITE.connect(file, isolation_level=None) as held:
        held.execute("PRAGMA locking_mode=EXCLUSIVE")
        shutil.copy(file, file.with_name("copy.db"))
    held.close()

    class Deaf(sqlite_file.sqlite_library().Connection):  # type: ignore[misc]
        opened = None

        def execute(self, statement: str, *more: object) -> object:
            return super().execute("SELECT 0" if "synchronous" in statement else statement, *more)

    monkeypatch.setattr(sqlite_file, "_connection_class", lambda: Deaf)
    with pytest.raises(StoreFault, match="does not take the setting synchronous=FULL"):
        open_database(str(file))
