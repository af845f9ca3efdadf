"""A SQLite file: how it is made, opened, and recognised as the one that was opened.

SQLite goes on writing into a file that was moved, deleted or replaced, and would make an empty one in its place. So a
connection knows which file it has, and whoever stores something asks whether that one is still there.
"""

import os
import secrets
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias
from urllib.parse import quote_from_bytes

from npswidgets.errors import StoreFault
from npswidgets.store.faults import MOVED
from npswidgets.store.tables import SCHEMA_VERSION
from npswidgets.whole_file import private_file

SOUND_SQLITE = (3, 51, 3)
"""From this version on several connections may write and checkpoint a WAL database at once without corrupting it."""

BUSY_SECONDS = 10
"""How long a writer waits for another one."""

NO_DATABASE = "there is no workshop database here. Start the server once, or make a workshop."
EMPTY = "this file is empty. Put your last backup in its place; if it never held a workshop, delete it, then try again."
LEFT_BEHIND = (
    "the database is gone, but its journal {} is still here: somebody moved or deleted it while it was used. "
    "Put the database back; to begin anew, move the journal away."
)

Identity: TypeAlias = tuple[int, int]
"""Device and inode: which file it is, whatever it is called."""


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


@dataclass(frozen=True)
class Opened:
    """Which file a connection has open."""

    path: Path
    identity: Identity

    def check(self) -> None:
        """Asks the system, which takes a few microseconds.

        Raises:
            StoreFault: another file stands in its place, or none.
        """
        if identity_of(self.path) != self.identity:
            raise StoreFault(MOVED)


class DatabaseFile:
    """The file of an engine, whose connections `connect` makes.

    Another database that was put in its place, such as a backup, is taken. The journal that the one before has left
    would be played into it, and is set aside first.
    """

    def __init__(self, path: Path, new: bool = False) -> None:
        """A `new` file is empty, and gets its tables."""
        self.path, self._new = path, new
        self._before: tuple[Identity, Identity | None] | None = None

    def connect(self) -> Any:
        """A connection to the file that stands there now.

        Raises:
            StoreFault: there is none, or not the settings that keep votes safe.
        """
        there = _look_at(self.path)
        if there is None:
            raise StoreFault(NO_DATABASE if self._before is None else MOVED)
        found = there.st_dev, there.st_ino
        other = self._before is not None and found != self._before[0]
        if not self._new and not there.st_size:
            raise StoreFault(EMPTY)
        if self._before and other:
            self._set_journal_aside(self._before[1])
        connection = _connection_class()(_uri(self.path), uri=True, **_OPTIONS)
        try:
            connection.opened = Opened(self.path, found)
            connection.opened.check()
            set_up(connection, journal_mode())
            if other:
                check_version(_version(connection))
            self._before = found, identity_of(_beside(self.path, "-wal"))
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_journal_aside(self, journal: Identity | None) -> None:
        """Keeps the journal of the database that was here before; the process that comes second finds it gone."""
        wal = _beside(self.path, "-wal")
        with _alone_in(self.path.parent):
            if journal is not None and identity_of(wal) == journal:
                wal.rename(_beside(self.path, f"-wal-of-the-one-before-{secrets.token_hex(4)}"))
                _beside(self.path, "-shm").unlink(missing_ok=True)


def check_version(found: str | None) -> None:
    """Compares the version of a database with the one that this toolkit needs.

    Raises:
        StoreFault: it is another one, or this is no database of ours.
    """
    if found is None:
        raise StoreFault(NO_DATABASE)
    if found != SCHEMA_VERSION:
        raise StoreFault(
            f"the database has version {found}, and this toolkit needs {SCHEMA_VERSION}. "
            "Use the version of the toolkit that last opened it, or a newer one."
        )


def identity_of(path: Path) -> Identity | None:
    """Which file is at this path; None for none."""
    found = _look_at(path)
    return (found.st_dev, found.st_ino) if found else None


def make_file(path: Path, fill: Callable[[Path], None]) -> None:
    """Makes a database that nobody else on this computer may read, whole or not at all; one that is there stays.

    Args:
        fill: makes the tables in the file that it gets.

    Raises:
        StoreFault: the journal of a database is there without it, or the folder cannot be written.
    """
    if identity_of(path):
        return
    wal = _beside(path, "-wal")
    if identity_of(wal):
        raise StoreFault(LEFT_BEHIND.format(wal))
    unfinished = _beside(path, f".{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(private_file(unfinished))
        fill(unfinished)
        _put_in_place(unfinished, path)
    except OSError as error:
        raise StoreFault(f"the database cannot be made: {error.strerror}. Check the folder and its rights.") from None
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                _beside(unfinished, ending).unlink(missing_ok=True)


def set_up(connection: Any, journal: str) -> None:
    """Makes the settings that keep votes safe, and reads them back.

    Raises:
        StoreFault: SQLite did not take one of them.
    """
    connection.isolation_level = None  # SQLAlchemy's "begin" starts each transaction itself
    for setting, value, read_back in (
        ("journal_mode", journal, journal.lower()),
        ("synchronous", "FULL", 2),  # NORMAL can lose a vote that was said to be saved when the power fails
        ("foreign_keys", "ON", 1),
        ("secure_delete", "ON", 1),  # what is deleted, such as who voted what, does not linger in the file
    ):
        connection.execute(f"PRAGMA {setting}={value}")
        found = connection.execute(f"PRAGMA {setting}").fetchone()[0]
        if found != read_back:
            raise StoreFault(
                f"the database does not take the setting {setting}={value}, which keeps votes safe (it is {found}). "
                "Put the database on a local disk, and end other programs that use it."
            )


def _version(connection: Any) -> str | None:
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").fetchone():
        return None
    (found,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
    return str(found) if found else None


def _look_at(path: Path) -> os.stat_result | None:
    """What the system says of a path; None if there is nothing, or nothing that we may see."""
    try:
        return path.stat()
    except (OSError, ValueError):
        return None


def _put_in_place(made: Path, path: Path) -> None:
    """Gives the file its name, unless another one has it now."""
    try:
        path.hardlink_to(made)
    except FileExistsError:
        return
    except OSError:  # a disk without hard links
        if not identity_of(path):
            made.rename(path)


def open_read_only(path: Path) -> Any:
    """A connection that changes nothing, to a file that nobody else changes; what is in it is not trusted."""
    connection = sqlite_library().connect(f"{_uri(path, 'ro')}&immutable=1", uri=True, check_same_thread=False)
    connection.isolation_level = None  # SQLAlchemy's "begin" starts each transaction itself
    for setting in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def open_alone(path: Path) -> Any:
    """A connection that waits for nobody, to find out whether there is anybody."""
    connection = sqlite_library().connect(_uri(path), uri=True, timeout=0)
    connection.isolation_level = None
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection


def _uri(path: Path, mode: str = "rw") -> str:
    """The file as SQLite's URI, which makes no file: every character of the path stands for itself."""
    posix = os.fsencode(path.as_posix())
    return f"file://{'' if posix.startswith(b'/') else '/'}{quote_from_bytes(posix)}?mode={mode}"


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


_OPTIONS: dict[str, Any] = {"timeout": BUSY_SECONDS, "check_same_thread": False}


@cache
def _connection_class() -> type[Any]:
    """The library's connection, with a place for what it has open."""
    return type("Connection", (sqlite_library().Connection,), {"opened": None})


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """While no other process is here. On Windows a file that is open cannot be moved in the first place."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
