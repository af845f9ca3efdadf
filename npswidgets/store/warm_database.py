"""A warm database: used by a process before kernels are forked from it, and without a connection when they are.

What SQLAlchemy makes of each statement belongs to the engine, and costs a kernel more than asking the database does. So
the engine of a file is used in memory first. A database is read before a fork only to keep a workshop's state at hand.
"""

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from npswidgets.domain.actor import Actor
from npswidgets.store import database, tables
from npswidgets.store.opening import store_of
from npswidgets.store.place import file_of, is_file, place_of
from npswidgets.store.sqlite_file import DatabaseFile
from npswidgets.store.workshop_cache import WorkshopCache
from npswidgets.store.workshop_store import WorkshopStore

FRESH_SECONDS = 2.0
"""How old a state may be that a kernel starts from; it reads on by itself."""


class WarmDatabase:
    """A SQLite file; until `open_file` is called, an empty database in memory in its place.

    Attributes:
        engine: has no connection between two calls.
    """

    def __init__(self, url: str) -> None:
        place = place_of(url)
        self._url, self._file, self._open = url, DatabaseFile(file_of(place) or Path()), False
        self.engine = database.sqlite_engine(place, self._connect)
        self._cache = WorkshopCache()
        self._read_at: dict[str, float] = {}
        tables.metadata.create_all(self.engine)

    def open_file(self) -> None:
        """Lets go of the memory.

        Raises:
            StoreFault: the file cannot be opened, is missing, or is from another version of the toolkit.
        """
        self.engine.dispose()
        database.open_database(self._url).dispose()
        self._open = True

    def keep_at_hand(self, workshop: str) -> None:
        """Reads what is new in a workshop, so that kernels that are forked now need not; at most every two seconds."""
        if time.monotonic() < self._read_at.get(workshop, 0.0) + FRESH_SECONDS:
            return
        self._read_at[workshop] = time.monotonic()
        with suppress(Exception):  # whoever needs it will say so; others' kernels are forked from this process, too
            self._cache.latest(self.engine, workshop)
        self.engine.dispose()

    def store(self, actor: Actor) -> WorkshopStore:
        """An actor's store, in a process of its own.

        Raises:
            NotFound: there is no such workshop.
            StoreFault: the database cannot be read.
        """
        return store_of(self.engine, actor, self._cache.last_read(actor.workshop))

    def _connect(self) -> Any:
        return self._file.connect() if self._open else database.memory_connection()


class WarmServer(WarmDatabase):
    """A database server, which each kernel connects to by itself; its library and its engine are there already."""

    def __init__(self, url: str) -> None:
        self.engine = database.open_database(url)
        self._cache, self._read_at = WorkshopCache(), {}
        self.open_file()

    def open_file(self) -> None:
        """Leaves no connection."""
        self.engine.dispose()


def on_server(url: str) -> WarmServer | None:
    """The database of this address, if it is on a server; one in memory is made by each kernel anew."""
    return WarmServer(url) if place_of(url).get_backend_name() != "sqlite" else None


def can_be_warmed(url: str) -> bool:
    """Whether a page can be played through in this database, because it is a file, and memory can stand for it."""
    return is_file(place_of(url))
