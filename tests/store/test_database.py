"""The database file: settings, versions, faults in words, several writers."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from room import make_room
from sqlalchemy import Engine, text

from npswidgets.errors import StoreFault
from npswidgets.store import sqlite_file, tables
from npswidgets.store.database import close_whole, open_database
from npswidgets.store.opening import store_of
from npswidgets.store.participant_store import ParticipantStore


def test_the_settings_that_keep_votes_safe_are_on(engine: Engine) -> None:
    with engine.connect() as db:
        found = {name: db.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert found == {"journal_mode": sqlite_file.journal_mode().lower(), "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize(("version", "mode"), [((3, 40, 1), "DELETE"), ((3, 51, 2), "DELETE"), ((3, 51, 3), "WAL")])
def test_an_unsound_library_gets_the_safe_mode(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], mode: str
) -> None:
    class Library:
        sqlite_version_info = version

    monkeypatch.setattr(sqlite_file, "sqlite_library", lambda: Library)
    assert sqlite_file.journal_mode() == mode


def test_the_migrations_make_the_tables_that_the_code_knows(engine: Engine) -> None:
    with engine.connect() as db:
        assert compare_metadata(MigrationContext.configure(db), tables.metadata) == []
        assert db.scalar(text("SELECT version_num FROM alembic_version")) == tables.SCHEMA_VERSION


def test_opening_it_again_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'workshops.db'}"
    room = make_room(open_database(url, migrate=True))
    again = open_database(url, migrate=True)
    assert store_of(again, room.facilitator.actor).workshop == room.workshop


def test_a_database_that_was_closed_is_whole_in_its_file_alone(tmp_path: Path) -> None:
    """Also while another program has it open; one that writes at that moment is not waited for."""
    engine = open_database(str(tmp_path / "w.db"), migrate=True)
    room = make_room(engine)
    with closing(sqlite_file.sqlite_library().connect(tmp_path / "w.db", isolation_level=None)) as other:
        other.execute("SELECT count(*) FROM workshops").fetchall()
        close_whole(engine)
        (tmp_path / "copy.db").write_bytes((tmp_path / "w.db").read_bytes())
        other.execute("BEGIN IMMEDIATE")
        close_whole(engine)
        assert other.in_transaction
    copy = open_database(str(tmp_path / "copy.db"))
    assert store_of(copy, room.facilitator.actor).workshop == room.workshop
    copy.dispose()


def test_a_missing_database_is_named_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreFault, match="no workshop database here"):
        open_database(f"sqlite:///{tmp_path / 'nothing.db'}")
    assert not (tmp_path / "nothing.db").exists()


def test_a_database_that_cannot_be_opened_is_named_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreFault, match="cannot be opened"):
        open_database(f"sqlite:///{tmp_path}", migrate=True)


def test_a_file_that_is_no_database_is_named_in_words(tmp_path: Path) -> None:
    (tmp_path / "workshops.db").write_text("this is a letter, not a database" * 50)
    with pytest.raises(StoreFault, match="not a workshop database"):
        open_database(f"sqlite:///{tmp_path / 'workshops.db'}", migrate=True)


def test_a_database_of_a_newer_toolkit_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "workshops.db"
    open_database(f"sqlite:///{path}", migrate=True).dispose()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    for migrate in (True, False):
        with pytest.raises(StoreFault, match="has version 9999"):
            open_database(f"sqlite:///{path}", migrate=migrate)


def test_many_people_vote_at_once_and_no_vote_is_lost(engine: Engine) -> None:
    room = make_room(engine, people=10)
    room.open_voting("reporting")
    failures: list[Exception] = []

    def vote(store: ParticipantStore) -> None:
        try:
            for level in (1, 2, 3):
                last = store.own_ballots().get(("reporting", 1))
                store.cast(room.ballot(store, "reporting", level, replaces=last.id if last else ""))
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=vote, args=(store,)) for store in room.participants]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    votes = room.facilitator.show_votes("reporting").topics["reporting"].shown[0]
    assert votes.counts == (0, 0, 10, 0, 0)
