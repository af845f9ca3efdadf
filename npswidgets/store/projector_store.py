"""What the big screen may read."""

from typing import ClassVar

from sqlalchemy import Connection

from npswidgets.domain.actor import Role
from npswidgets.domain.door import Door
from npswidgets.domain.workshop import wall_session
from npswidgets.store import doors
from npswidgets.store.counting_store import CountingStore


class ProjectorStore(CountingStore):
    """How people join, and how many have voted; never who, or what.

    Attributes:
        doors: by session, of those that this page may show. Whoever has the secret gets in.
    """

    role: ClassVar[Role] = "projector"
    doors: dict[str, Door] = {}  # noqa: RUF012  # read anew, never changed

    def _read_beside(self, db: Connection) -> bool:
        before, self.doors = self.doors, self._read_doors(db)
        return super()._read_beside(db) or before != self.doors

    def _read_doors(self, db: Connection) -> dict[str, Door]:
        """That of the session which the wall is for: nobody joins another one by it."""
        shown = wall_session(self.workshop, self.actor.session)
        door = doors.read(db, self.actor.workshop, shown.id) if shown else None
        return {shown.id: door} if shown and door else {}
