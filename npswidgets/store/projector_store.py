"""What the big screen may read."""

from typing import ClassVar

from sqlalchemy import Connection

from npswidgets.domain.actor import Role
from npswidgets.domain.door import Door
from npswidgets.store import doors
from npswidgets.store.counting_store import CountingStore


class ProjectorStore(CountingStore):
    """How people join, and how many have voted; never who, or what.

    Attributes:
        doors: by session. Whoever has the secret gets in.
    """

    role: ClassVar[Role] = "projector"
    doors: dict[str, Door] = {}  # noqa: RUF012  # read anew, never changed

    def _read_beside(self, db: Connection) -> bool:
        before, self.doors = self.doors, doors.read_all(db, self.actor.workshop)
        return super()._read_beside(db) or before != self.doors
