"""The states of workshops that this process has read before: only what is new is read, however long the record is."""

from sqlalchemy import Engine

from npswidgets.domain.workshop import Workshop
from npswidgets.store import record
from npswidgets.store.faults import faults


class WorkshopCache:
    """States by workshop; a workshop that was replaced by another one of the same id is read anew."""

    def __init__(self) -> None:
        self._states: dict[str, Workshop] = {}

    def latest(self, engine: Engine, workshop: str) -> Workshop:
        """The workshop as it stands.

        Raises:
            NotFound: there is no such workshop.
            StoreFault: the database cannot be read.
        """
        cached = self._states.pop(workshop, None)
        with faults(), engine.connect() as db:
            self._states[workshop] = record.read(db, workshop, cached)
        return self._states[workshop]

    def last_read(self, workshop: str) -> Workshop | None:
        """The workshop as it was read last; None if it was not."""
        return self._states.get(workshop)
