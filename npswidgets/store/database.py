"""The database: how it is opened, brought up to date, and written to."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from npswidgets import settings
from npswidgets.errors import StoreFault
from npswidgets.store.hints import told_after_commit
from npswidgets.store.tables import SCHEMA_VERSION

SOUND_SQLITE = (3, 51, 3)
"""From this version on several connections may write and checkpoint a WAL database at once without corrupting it."""

BUSY_SECONDS = 10
"""How long a writer waits for another one."""

CLEARING_SECONDS = 1
"""How long clearing the journal waits for those who read: nobody can vote meanwhile."""

NO_DATABASE = "there is no workshop database here. Start the server once, or make a workshop."


def sqlite_library() -> ModuleType:
    """The newest SQLite at hand: the one that pysqlite3 carries, or Python's own."""
    try:
        import pysqlite3
    except ImportError:
        return sqlite3
    library: ModuleType = max(pysqlite3, sqlite3, key=lambda one: one.sqlite_version_info)
    return library


def journal_mode() -> str:
    """WAL where the library is sound; DELETE, which is slower and safe, below `SOUND_SQLITE`."""
    return "WAL" if sqlite_library().sqlite_version_info >= SOUND_SQLITE else "DELETE"


def open_database(url: str | None = None, *, migrate: bool = False) -> Engine:
    """The database at this URL, by default the one of the settings.

    Args:
        url: a SQLAlchemy URL; `sqlite://` alone is a database in memory, which is always migrated.
        migrate: bring it up to date; the server and the command do, kernels only compare the version.

    Raises:
        StoreFault: it cannot be opened, is missing, or is from another version of the toolkit.
    """
    place = make_url(url or settings.database_url())
    in_memory = place.get_backend_name() == "sqlite" and not place.database
    if place.get_backend_name() == "sqlite" and place.database:
        _check_file(Path(place.database), migrate)
    engine = _engine(place, in_memory)
    with faults(place):
        if migrate or in_memory:
            _migrate(engine)
        _compare_version(engine, place)
    return engine


@contextmanager
def faults(place: URL | None = None) -> Iterator[None]:
    """Turns what a database library raises into a `StoreFault` that says what to do."""
    try:
        yield
    except DBAPIError as error:
        where = f"{place.render_as_string()}: " if place else ""
        raise StoreFault(f"{where}{_in_words(str(error.orig))}") from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that no other writer interleaves with; all of it is stored, or nothing."""
    with faults(), engine.execution_options(writing=True).connect() as db, told_after_commit(db), db.begin():
        yield db


def clear_journal(engine: Engine) -> None:
    """Takes what was deleted out of SQLite's write-ahead log, too, in which it would stay for a while.

    Raises:
        StoreFault: a program reads the database for so long. What was deleted is still in its files.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()  # outside of any transaction
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout={1000 * min(BUSY_SECONDS, CLEARING_SECONDS)}")
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={1000 * BUSY_SECONDS}")
    finally:
        connection.close()
    if busy:
        raise StoreFault(
            f"{engine.url.render_as_string()}: traces of what was deleted remain in the database's files, because "
            "it is busy in another program that reads it. Close that program, then do it again. "
            "The server does it by itself within the hour, or when it starts."
        )


def _check_file(file: Path, migrate: bool) -> None:
    if migrate:
        file.parent.mkdir(parents=True, exist_ok=True)
    elif not file.exists():  # SQLite would make an empty one
        raise StoreFault(f"{file}: {NO_DATABASE}")


def _engine(place: URL, in_memory: bool) -> Engine:
    if place.get_backend_name() != "sqlite":
        return create_engine(place)
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}}
    if in_memory:
        options |= {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    return sqlite_engine(place, **options)


def sqlite_engine(place: URL, **options: Any) -> Engine:
    """A SQLite database as all of ours are used, with options of SQLAlchemy's."""
    options |= {"module": sqlite_library()}
    engine = create_engine(place, **options)
    event.listen(engine, "connect", _set_up_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up_connection(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's "begin" above starts each transaction itself
    for setting in (
        f"journal_mode={journal_mode()}",
        "synchronous=FULL",  # NORMAL can lose a vote that was said to be saved when the power fails
        "foreign_keys=ON",
        "secure_delete=ON",  # what is deleted, such as who voted what, does not linger in the file
    ):
        connection.execute(f"PRAGMA {setting}")


def _begin(db: Connection) -> None:
    """A writer takes the lock at once; a reader takes none, and holds up nobody."""
    db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get("writing") else "BEGIN")


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    if _version(engine) in (None, SCHEMA_VERSION) or _version(engine) in _known_versions(config):
        with engine.connect() as db:
            config.attributes["connection"] = db
            command.upgrade(config, "head")


def _known_versions(config: Any) -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def _version(engine: Engine) -> str | None:
    with engine.connect() as db:
        if not inspect(db).has_table("alembic_version"):
            return None
        found: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def _compare_version(engine: Engine, place: URL) -> None:
    found = _version(engine)
    where = place.render_as_string()
    if found is None:
        raise StoreFault(f"{where}: {NO_DATABASE}")
    if found != SCHEMA_VERSION:
        raise StoreFault(
            f"{where}: the database has version {found}, and this toolkit needs {SCHEMA_VERSION}. "
            "Use the version of the toolkit that last opened it, or a newer one."
        )


def _in_words(error: str) -> str:
    known = {
        "disk is full": "the disk is full. Free some space, then try again.",
        "database is locked": "the database is busy in another program. Try again.",
        "unable to open": "the database cannot be opened. Check that the folder exists and can be written.",
        "not a database": "this file is not a workshop database.",
        "readonly": "the database cannot be written. Check the rights of the file and its folder.",
        "signed off": "This workshop is signed off and locked. Reopen it with a reason to make changes.",
    }
    return next((words for sign, words in known.items() if sign in error), error)
