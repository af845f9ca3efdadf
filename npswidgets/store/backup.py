"""A copy of the whole database in one file, made while people vote, and beside it who was erased."""

import hashlib
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.engine import URL
from sqlalchemy.pool import StaticPool

from npswidgets.errors import StoreFault
from npswidgets.store import erasures, server_values, sqlite_file, tables
from npswidgets.store.archive import stored_archive
from npswidgets.store.database import sqlite_engine, writing
from npswidgets.store.faults import faults, in_words
from npswidgets.store.place import file_of, say_place
from npswidgets.whole_file import private_file

UNFINISHED = ".nps-{}.part"

MADE_AT = "backup"
"""Set in the `server_values` of a backup: when it was made."""

ON_A_SERVER = (
    "{}: a database on a server is backed up by that server's own program: "
    "`pg_dump --format=custom --file=anytown.dump anytown`, where anytown is its name there. Copy the list that "
    "NPS_ERASURES names after it, and keep the two together. Or make a file of it by `nps-workshop copy`, and back "
    "that up."
)
THERE_ALREADY = "{} is there already, and nothing is written over it. Choose another name."
NOT_SOUND = "The copy is not sound, so it was not kept. {}"


@dataclass(frozen=True)
class Backup:
    """A backup that was made and checked.

    Attributes:
        erasures: the list as it stood after the copy was made; it belongs to the file.
        digest: SHA-256 of the file.
        unreadable: workshops that are in it as they are in the database, and cannot be read there either.
    """

    file: Path
    erasures: Path
    digest: str
    workshops: int
    unreadable: tuple[str, ...]


def back_up(engine: Engine, file: Path) -> Backup:
    """Copies the database as it stands at one moment into a new file, checks the copy, and keeps it if it is sound.

    Nobody who votes meanwhile waits for it.

    Raises:
        StoreFault: it cannot be made, or is not sound; nothing is left of it.
    """
    source, file = file_of(engine.url), file.absolute()
    if source is None:
        raise StoreFault(ON_A_SERVER.format(say_place(engine.url)))
    beside = erasures.list_beside(file)
    for one in (file, beside):
        if os.path.lexists(one):
            raise StoreFault(THERE_ALREADY.format(one))
    with writing(engine) as db:
        erasures.begin(db)
    with _cannot_write(file), unfinished(file) as copy, unfinished(beside) as list_copy:
        _copy(engine, copy)
        _mark(copy, datetime.now(UTC))
        found, unreadable = check(copy)
        if any(_is_readable(engine, one) for one in unreadable):
            raise StoreFault(NOT_SOUND.format("Check the disk, then try again."))
        digest = _sync(copy)
        with writing(engine) as db:
            erasures.note(db, "backup", "", (digest,))
        list_copy.write_bytes(erasures.list_beside(source).read_bytes())  # after the copy: it lacks no line of that
        _sync(list_copy)
        _name(list_copy, beside)
        try:
            _name(copy, file)
        except BaseException:
            beside.unlink()
            raise
        erasures.sync_folder(file.parent)
    return Backup(file, beside, digest, len(found), unreadable)


def check(file: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids of all workshops in a database file of this version, and of those that cannot be read; it is only read.

    Raises:
        StoreFault: it is not sound, or no database of this version.
    """
    place = URL.create("sqlite", database=str(file))
    engine = sqlite_engine(place, lambda: sqlite_file.open_read_only(file), poolclass=StaticPool)
    try:
        with faults(), engine.connect() as db:
            if db.exec_driver_sql("PRAGMA integrity_check").scalars().all() != ["ok"]:
                raise StoreFault(NOT_SOUND.format("Check the disk, then the database: `nps-workshop doctor`."))
            sqlite_file.check_version(db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())
            there = tuple(db.scalars(select(tables.workshops.c.id).order_by(tables.workshops.c.id)))
        return there, tuple(one for one in there if not _is_readable(engine, one))
    finally:
        engine.dispose()


def _is_readable(engine: Engine, workshop: str) -> bool:
    try:
        stored_archive(engine, workshop)
    except Exception:  # whatever a damaged record raises; its text may quote what people typed
        return False
    return True


def _copy(engine: Engine, file: Path) -> None:
    """One moment of the database, without what was deleted from it."""
    connection: Any = engine.raw_connection()  # outside of any transaction
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(file),))
    except sqlite_file.sqlite_library().Error as error:
        raise StoreFault(f"{file.parent}: {in_words(error)}") from None
    finally:
        connection.close()


def _mark(file: Path, at: datetime) -> None:
    place = URL.create("sqlite", database=str(file))
    engine = sqlite_engine(place, sqlite_file.DatabaseFile(file).connect, poolclass=StaticPool)
    try:
        with faults(), engine.execution_options(writing=True).begin() as db:
            server_values.write(db, MADE_AT, at.isoformat(timespec="seconds"))
        connection = engine.raw_connection()
        connection.cursor().execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
        connection.close()
    finally:
        engine.dispose()


@contextmanager
def unfinished(file: Path) -> Iterator[Path]:
    """An empty file in the same folder, for its owner alone, of which nothing is left afterwards.

    What commands have left there that were killed goes, too: it holds what a database holds. Whose command still runs
    holds a lock on its file.
    """
    remove_left(file.parent)
    made, held = _begun(file)
    try:
        yield made
    finally:
        _remove(made)
        if held is not None:
            os.close(held)  # with nothing open in it any more: SQLite's own locks would end with this


def remove_left(folder: Path) -> None:
    """Removes the unfinished files of backups and restores in a folder that nobody works on any more."""
    for left in folder.glob(UNFINISHED.format("*")):
        with suppress(OSError):  # it is somebody's, or has gone meanwhile; on Windows nobody removes what is open
            if sys.platform == "win32":
                _remove(left)
                continue
            handle = os.open(left, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                _lock(handle)
                _remove(left)
            finally:
                os.close(handle)


def _begun(file: Path) -> tuple[Path, int | None]:
    """A new file beside this one, and what holds it, where the system has that."""
    while True:
        made = file.with_name(UNFINISHED.format(secrets.token_hex(8)))
        handle = private_file(made)
        if sys.platform == "win32":
            os.close(handle)
            return made, None
        try:
            _lock(handle)
        except BlockingIOError:  # somebody has taken it for left, in this moment
            os.close(handle)
            continue
        except OSError:  # a disk without locks, on which nobody takes any for left
            pass
        if made.exists():
            return made, handle
        os.close(handle)


def _lock(handle: int) -> None:
    import fcntl

    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _remove(unfinished: Path) -> None:
    """The file itself goes last, so that the rest is found again where this is killed, too."""
    for ending in ("-wal", "-shm", "-journal", ""):
        with suppress(OSError):
            unfinished.with_name(unfinished.name + ending).unlink(missing_ok=True)


@contextmanager
def _cannot_write(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreFault(
            f"{file}: the backup cannot be written: {error.strerror}. Check the folder, its rights and the free space."
        ) from None


def _sync(file: Path) -> str:
    """The digest of what is on the disk when this returns."""
    with file.open("rb+") as there:
        os.fsync(there.fileno())
        return hashlib.file_digest(there, "sha256").hexdigest()


def _name(made: Path, path: Path) -> None:
    """Gives a file its name, and never takes one from another."""
    try:
        path.hardlink_to(made)
    except FileExistsError:
        raise StoreFault(THERE_ALREADY.format(path)) from None
    except OSError:  # a disk without hard links
        if os.path.lexists(path):
            raise StoreFault(THERE_ALREADY.format(path)) from None
        made.rename(path)
