"""Values of the server that outlive a restart, by key. They belong to the database and to no workshop."""

from sqlalchemy import Connection, bindparam, delete, insert, select

from npswidgets.store import tables

_VALUES = tables.server_values.c
_VALUE = select(_VALUES.value).where(_VALUES.key == bindparam("key"))


def read(db: Connection, key: str) -> str | None:
    """A value; None if none was stored."""
    return db.scalar(_VALUE, {"key": key})


def write(db: Connection, key: str, value: str) -> None:
    """Stores a value in place of the one before."""
    forget(db, key)
    db.execute(insert(tables.server_values).values(key=key, value=value))


def forget(db: Connection, key: str) -> None:
    """Deletes a value, if there is one."""
    db.execute(delete(tables.server_values).where(_VALUES.key == key))
