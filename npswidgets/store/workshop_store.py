"""One actor's access to one workshop: who asks is bound when it is opened, and every rule is checked here.

What every role may read is here; what one role alone may read or do is in the store of that role.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Connection, Engine

from npswidgets.domain.actor import Actor, Role
from npswidgets.domain.events import Event
from npswidgets.domain.practice import is_practice
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import NotAllowed
from npswidgets.store import access, practice, record
from npswidgets.store.database import writing
from npswidgets.store.faults import faults
from npswidgets.store.practice import Lines
from npswidgets.store.wifi import Wifi, read_wifi


class WorkshopStore:
    """What every role may read of a workshop.

    Attributes:
        role: whose store this is; nobody else gets one, so that whoever has it may call what it has.
        workshop: the state that was read last; `refresh` reads on.
        practices: what its sessions practise, beside the record.

    Args:
        cached: a state of the workshop that need not be read again.

    Raises:
        NotAllowed: the actor is of another role.
        NotFound: there is no such workshop.
    """

    role: ClassVar[Role]

    def __init__(self, engine: Engine, actor: Actor, cached: Workshop | None = None) -> None:
        if actor.role != self.role:
            raise NotAllowed(f"This is for the {self.role}, not for the {actor.role}.")
        self._engine = engine
        self._reading: Connection | None = None
        self.actor = actor
        self.practices: Lines = {}
        with faults(), engine.connect() as db:
            self.workshop: Workshop = record.read(db, actor.workshop, cached)
            self._read_beside(db)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is read within this block is of one moment, and takes one connection."""
        with self._read() as self._reading:
            try:
                yield
            finally:
                self._reading = None

    def refresh(self) -> bool:
        """Reads what is newer in the record, and beside it; whether there was anything."""
        with self._read() as db:
            newer = record.head_of(db, self.actor.workshop) != self.workshop.head
            if newer:
                self.workshop = record.read(db, self.actor.workshop, self.workshop)
            return self._read_beside(db) or newer

    def of_topic(self, code: str) -> Workshop:
        """Where the topic with this code stands: in a practice, or in the workshop."""
        return practice.of_topic(self.workshop, self.practices, code)

    def in_the_room(self, session: str) -> Workshop:
        """What the room of a session is on: its practice once that has begun, until a topic is started."""
        return practice.in_the_room(self.workshop, self.practices, session)

    def join_address(self) -> str | None:
        """Where phones join, such as "http://10.0.0.1:8866"; None without a server."""
        with self._read() as db:
            return access.value(db, "address")

    def join_wifi(self) -> Wifi | None:
        """The Wi-Fi that phones join first; None where people use the one of the house."""
        with self._read() as db:
            return read_wifi(db)

    @property
    def saved_at(self) -> datetime:
        """When the last event was stored."""
        with self._read() as db:
            return record.changed_at(db, self.actor.workshop)

    @property
    def _whose(self) -> str:
        """Whose rows a ballot of this role is: a participant's own, or those on paper, whoever writes them down."""
        return self.actor.participant if self.role == "participant" and self.actor.participant else "paper"

    def _read_beside(self, db: Connection) -> bool:
        """Reads what stands beside the record, as far as it is for this role; whether it has changed."""
        before, self.practices = self.practices, practice.read(db, self.workshop)
        return before != self.practices

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        if self._reading is not None:
            yield self._reading
        else:
            with faults(), self._engine.connect() as db:
                yield db

    @contextmanager
    def _changing(self, *, shared: bool = False) -> Iterator[Connection]:
        """One transaction with the workshop locked and read up to now; if it fails, what was known stays known."""
        before = self.workshop, self.practices
        try:
            with writing(self._engine, side_by_side=True) as db:
                record.lock(db, self.actor.workshop, shared_by=self._whose if shared else "")
                self.workshop = record.read(db, self.actor.workshop, self.workshop)
                self.practices = practice.read(db, self.workshop)
                yield db
        except BaseException:
            self.workshop, self.practices = before
            raise

    def _append(self, *events: Event) -> Workshop:
        with self._changing() as db:
            self._store(db, *events)
        return self.workshop

    def _store(self, db: Connection, *events: Event) -> None:
        """Puts events into the record, those of a practice beside it."""
        for event in events:
            code = getattr(event, "code", "")
            if is_practice(code):
                self.practices = practice.append(db, self.workshop, self.practices, code, event, self.role)
            else:
                self.workshop = record.append(db, self.workshop, event, self.role)
