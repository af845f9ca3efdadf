"""What other servers of the same PostgreSQL store: heard by a connection of its own, and told to this one's screens."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

from npswidgets.settings import NPS_DIRECT_DATABASE
from npswidgets.store import hints, postgresql
from npswidgets.store.database import engine_for_one
from npswidgets.store.live import Trouble
from npswidgets.store.place import place_of

SAYS_SECONDS = hints.SURE_SECONDS / 4
"""Between two times that the screens are told that others are heard."""

AGAIN_SECONDS = 2.0
"""After which a connection that was lost is tried again."""

log = logging.getLogger(__name__)


@contextmanager
def _given_up(db: Connection) -> Iterator[None]:
    """A lost connection is not cleared up: that would fail, too, and stand in the log in the library's words."""
    try:
        yield
    except Exception:
        db.invalidate()
        raise


class OtherServers:
    """Listens in a thread until it is stopped; nothing happens where the database is a file, which one server has."""

    def __init__(self, engine: Engine) -> None:
        self._ends = threading.Event()
        self._trouble = Trouble("What other servers store comes late")
        if not postgresql.is_here(engine):
            return
        direct = os.environ.get(NPS_DIRECT_DATABASE)
        self._engine = engine_for_one(place_of(direct) if direct else engine.url)
        threading.Thread(target=self._run, daemon=True).start()  # which may be within a question for a while

    def stop(self) -> None:
        """Passes nothing on any more."""
        self._ends.set()

    def _run(self) -> None:
        while not self._ends.is_set():
            try:
                with self._engine.connect() as db, _given_up(db):
                    self._listen(db)
            except Exception as error:  # whatever it was, screens look by themselves meanwhile
                self._trouble.say(error)
            hints.pass_on(hints.HEARS_NOBODY)
            self._ends.wait(AGAIN_SECONDS)
        hints.tell_no_more()

    def _listen(self, db: Connection) -> None:
        line: Any = db.connection.driver_connection
        line.execute(f"LISTEN {postgresql.NEWS}")
        self._trouble.over()
        own = hints.own_server()
        while not self._ends.is_set():
            hints.pass_on(hints.HEARS_OTHERS)
            for told in line.notifies(timeout=SAYS_SECONDS):
                server, _, hint = told.payload.partition(" ")
                if server != own and hints.is_for_servers(hint):
                    hints.pass_on(hint)
