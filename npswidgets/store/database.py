"""The database: how it is opened, brought up to date, and written to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.pool import NullPool, StaticPool

from npswidgets.errors import StoreFault
from npswidgets.store import erasures, postgresql, sqlite_file
from npswidgets.store.faults import BUSY, faults, in_words, say_faults
from npswidgets.store.hints import told_after_commit
from npswidgets.store.place import file_of, place_of, say_place
from npswidgets.store.sqlite_file import BUSY_SECONDS, NO_DATABASE, DatabaseFile
from npswidgets.store.tables import SCHEMA_VERSION

MOST_CONNECTIONS = 40
"""Of one process: the server's threads that write, those that read, and its event loop."""

CLEARING_SECONDS = 1
"""How long clearing the journal waits for those who read: nobody can vote meanwhile."""

CLOSING_SECONDS = 0.2
"""The same where a server ends, which may be killed soon."""


def open_database(url: str | None = None, *, migrate: bool = False) -> Engine:
    """The database at this place, by default the one of the settings.

    Args:
        url: a file's path or a SQLAlchemy URL; `sqlite://` alone is a database in memory, which is always migrated.
        migrate: make it if it is missing, and bring it up to date; the server and the command do, kernels only compare
            the version.

    Raises:
        StoreFault: it cannot be opened, is missing, or is from another version of the toolkit.
    """
    place = place_of(url)
    file, in_memory = file_of(place), place.get_backend_name() == "sqlite" and file_of(place) is None
    with faults(place):
        if file is not None:
            _check_file(file, migrate)
        engine = _engine(place, file)
        if migrate or in_memory:
            bring_up_to_date(engine)
        with engine.connect() as db:
            sqlite_file.check_version(_version(db))
    return engine


@contextmanager
def writing(engine: Engine, wait_seconds: float = BUSY_SECONDS, *, side_by_side: bool = False) -> Iterator[Connection]:
    """One transaction that no other writer interleaves with; all of it is stored, or nothing.

    What is stored is in the file that stands where the database was opened, before anybody says that it is saved.

    Args:
        wait_seconds: how long for another writer.
        side_by_side: with others that say so, where a database can do that: they lock what they change themselves.

    Raises:
        StoreFault: the database cannot take it.
    """
    options = {"writing": True, "wait_seconds": wait_seconds, "side_by_side": side_by_side}
    with faults(), engine.execution_options(**options).connect() as db, told_after_commit(db):
        erasures.forget_notes(db)  # of a transaction that came to nothing
        with db.begin():
            yield db
            erasures.write_notes(db)
            postgresql.tell_servers(db)
        _check_in_place(db)


def clear_journal(engine: Engine) -> None:
    """Takes what was deleted out of the database's files, in which it would stay for a while.

    Raises:
        StoreFault: a program reads the database for so long. What was deleted is still in its files.
    """
    if postgresql.is_here(engine):
        busy = _write_anew(engine)
    elif engine.dialect.name == "sqlite":
        busy = _clear_wal(engine)
    else:
        return
    if busy:
        raise StoreFault(
            f"{say_place(engine.url)}: traces of what was deleted remain in the database's files, because "
            "it is busy in another program that reads it. Close that program, then do it again. "
            "The server does it by itself within the hour, or when it starts."
        )


def _write_anew(engine: Engine) -> bool:
    """Writes PostgreSQL's tables anew; whether somebody who reads them kept us from that."""
    try:
        with writing(engine, CLEARING_SECONDS) as db:
            return not postgresql.write_anew(db, CLEARING_SECONDS)
    except StoreFault as fault:
        if str(fault) != BUSY:
            raise
        return True


def close_whole(engine: Engine) -> None:
    """Closes a database, of which the file alone is all of it then, unless another program is busy in it."""
    with suppress(StoreFault, SQLAlchemyError):  # it is sound all the same, with the journal beside it
        if file_of(engine.url):
            _clear_wal(engine, CLOSING_SECONDS)
    engine.dispose()


def _clear_wal(engine: Engine, seconds: float = CLEARING_SECONDS) -> bool:
    """Empties SQLite's write-ahead log; whether somebody who reads it kept us from that."""
    connection = engine.raw_connection()  # outside of any transaction
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout={round(1000 * min(BUSY_SECONDS, seconds))}")
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={1000 * BUSY_SECONDS}")
    except sqlite_file.sqlite_library().Error as error:
        raise StoreFault(in_words(error)) from None
    finally:
        connection.close()
    return bool(busy)


def bring_up_to_date(engine: Engine, to: str = SCHEMA_VERSION) -> None:
    """Makes the tables, or brings them up to date; one of a version that is not known stays as it is."""
    with engine.connect() as db:
        if (found := _version(db)) == to:
            return  # without alembic, which takes half a second to import
    from alembic import command

    config = _config()
    with engine.connect() as db:
        if postgresql.is_here(db):
            postgresql.migrate_alone(db)
            found = _version(db)  # another server may have done it meanwhile
        if found is None or found in known_versions():
            config.attributes["connection"] = db
            command.upgrade(config, to)


def known_versions() -> set[str]:
    """The versions that a database of ours may have."""
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def sqlite_engine(place: URL, connect: Callable[[], Any], **options: Any) -> Engine:
    """A SQLite database as all of ours are used: `connect` makes its connections; with options of SQLAlchemy's."""
    engine = _made(place, module=sqlite_file.sqlite_library(), creator=connect, **options)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkout", _check_out)
    event.listen(engine, "commit", _check_in_place)
    return engine


def memory_connection() -> Any:
    """A connection to an empty database in memory."""
    connection = sqlite_file.sqlite_library().connect(":memory:", check_same_thread=False)
    sqlite_file.set_up(connection, "MEMORY")
    return connection


def _check_file(file: Path, migrate: bool) -> None:
    """Never opens the file: closing it again would take away the locks that SQLite has on it in this process."""
    if migrate:
        sqlite_file.make_file(file, _fill)
    elif not sqlite_file.identity_of(file):
        raise StoreFault(NO_DATABASE)


def _fill(file: Path) -> None:
    engine = sqlite_engine(URL.create("sqlite", database=str(file)), DatabaseFile(file, new=True).connect)
    bring_up_to_date(engine)
    engine.dispose()


def _engine(place: URL, file: Path | None) -> Engine:
    if place.get_backend_name() == "postgresql":
        engine = _made(place, max_overflow=MOST_CONNECTIONS, pool_timeout=BUSY_SECONDS, **postgresql.options_for(place))
        postgresql.set_up(engine)
        return engine
    if place.get_backend_name() != "sqlite":
        return _made(place)
    if file is None:
        return sqlite_engine(place, memory_connection, poolclass=StaticPool)
    return sqlite_engine(place, DatabaseFile(file).connect, max_overflow=MOST_CONNECTIONS, pool_timeout=BUSY_SECONDS)


def engine_for_one(place: URL) -> Engine:
    """For one long connection to a PostgreSQL, outside of any transaction."""
    options = postgresql.options_for(place) | {"isolation_level": "AUTOCOMMIT"}
    return _made(place, poolclass=NullPool, **options)


def _made(place: URL, **options: Any) -> Engine:
    """Every engine is made here, so that no error of one holds what people said."""
    try:
        engine = create_engine(place, hide_parameters=True, **options)
    except ImportError as error:
        raise StoreFault(
            f"this computer lacks the library {error.name} for such a database. Install it, or give the path of a file."
        ) from None
    say_faults(engine)
    return engine


def _begin(db: Connection) -> None:
    """A writer takes the lock at once; a reader takes none, and holds up nobody."""
    options = db.get_execution_options()
    if not options.get("writing"):
        db.exec_driver_sql("BEGIN")
        return
    driver: Any = db.connection.dbapi_connection
    driver.execute(f"PRAGMA busy_timeout={round(1000 * options.get('wait_seconds', BUSY_SECONDS))}")
    db.exec_driver_sql("BEGIN IMMEDIATE")


def _check_out(connection: Any, _record: object, _proxy: PoolProxiedConnection) -> None:
    """A connection to a file that was moved is not used again; what is in its journal goes with the file."""
    opened = getattr(connection, "opened", None)
    try:
        if opened is not None:
            opened.check()
    except StoreFault as fault:
        with suppress(sqlite_file.sqlite_library().Error):
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        raise DisconnectionError(str(fault)) from None


def _check_in_place(db: Connection) -> None:
    """Raises a StoreFault if the file was moved, replaced or deleted."""
    opened = getattr(db.connection.dbapi_connection, "opened", None)
    if opened is not None:
        opened.check()


def _version(db: Connection) -> str | None:
    if not inspect(db).has_table("alembic_version"):
        return None
    found: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
