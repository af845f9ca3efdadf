"""A whole database goes into an empty one: from the file to a server, or back. All of it, or nothing."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, select

from npswidgets.errors import StoreFault
from npswidgets.store import erasures, postgresql, tables
from npswidgets.store.database import open_database, writing
from npswidgets.store.faults import faults
from npswidgets.store.place import place_of, say_place

AT_ONCE = 500
_WHOLE = 2**256

NOT_EMPTY = "{}: there is something in this database, and nothing is written over it. Name a new one, or an empty one."
THE_SAME = "Both are the same database. Name another one to copy it to."
NO_LIST = (
    "This database has a list of who was erased, and nobody has said where it is to be for the other one. "
    "Let NPS_ERASURES name a file for it, then try again. Nothing was copied."
)
DIFFERS = "{}: what arrived in the table {} is not what was sent. Nothing was copied."
NOT_TAKEN = "{}: the table {} does not take what stands in it there. {}"


def copy(source: str, target: str) -> dict[str, str]:
    """Copies all that is in one database, of one moment, into another one; gives the digest of each workshop's record.

    Raises:
        StoreFault: one of them cannot be opened, or the other one is not empty. Nothing was copied.
    """
    if place_of(source) == place_of(target):
        raise StoreFault(THE_SAME)
    there = open_database(source)
    try:
        here = open_database(target, migrate=True)
        try:
            return _copy(there, here)
        finally:
            here.dispose()
    finally:
        there.dispose()


def _copy(there: Engine, here: Engine) -> dict[str, str]:
    name = say_place(here.url)
    with faults(), _one_moment(there) as read, writing(here) as write:
        every = sorted(tables.metadata.tables.values(), key=lambda one: one.name == "workshops")  # see its triggers
        if any(write.execute(select(table).limit(1)).first() for table in every):
            raise StoreFault(NOT_EMPTY.format(name))
        for table in every:
            sent = _send(read, write, table, name)
            if sent != sum(map(_digest, _rows(write, table))) % _WHOLE:
                raise StoreFault(DIFFERS.format(name, table))
        _take_list_along(read, write)
        heads = select(tables.workshops.c.id, tables.workshops.c.head).order_by(tables.workshops.c.id)
        return dict(write.execute(heads).all())


def _one_moment(engine: Engine) -> Connection:
    """A transaction that sees nothing of what is stored meanwhile; on SQLite each one does so."""
    db = engine.connect()
    return db.execution_options(isolation_level="REPEATABLE READ") if postgresql.is_here(engine) else db


def _send(read: Connection, write: Connection, table: Table, name: str) -> int:
    """Puts all rows of a table into the other one; their digest, whatever their order."""
    digest, waiting = 0, []
    for row in _rows(read, table):
        digest = (digest + _digest(row)) % _WHOLE
        waiting.append(row)
        if len(waiting) == AT_ONCE:
            _put(write, table, waiting, name)
            waiting = []
    _put(write, table, waiting, name)
    return digest


def _put(write: Connection, table: Table, rows: list[dict[str, Any]], name: str) -> None:
    try:
        if rows:
            write.execute(insert(table), rows)
    except StoreFault as fault:
        raise StoreFault(NOT_TAKEN.format(name, table, fault)) from None


def _rows(db: Connection, table: Table) -> Iterator[dict[str, Any]]:
    return map(dict, db.execute(select(table), execution_options={"yield_per": AT_ONCE}).mappings())


def _digest(row: dict[str, Any]) -> int:
    return int.from_bytes(hashlib.sha256(repr(row).encode(errors="surrogatepass")).digest())


def _take_list_along(read: Connection, write: Connection) -> None:
    """What must not come back is known to the other database, too."""
    source, target = erasures.list_of(read), erasures.list_of(write)
    lines = erasures.read_list(source) if source else ()
    if not lines or source == target:
        return
    if target is None:
        raise StoreFault(NO_LIST)
    try:
        erasures.write_list(target, erasures.united(lines, erasures.read_list(target)))
    except OSError as error:
        raise StoreFault(erasures.CANNOT_WRITE.format(target, error.strerror)) from None
