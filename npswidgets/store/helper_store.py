"""What a helper may read and do: texts, votes on paper, and how many have voted, in one session."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from sqlalchemy import Connection

from npswidgets.domain.actor import Role
from npswidgets.errors import NotAllowed
from npswidgets.store import helper_links
from npswidgets.store.desk_store import DeskStore

WITHDRAWN = "This link is no longer valid. Ask the facilitator for a new one."
ELSEWHERE = "A helper writes and enters votes in the session of the link."


class HelperStore(DeskStore):
    """The session of the helper's link, as long as that is valid: asked in the transaction of everything that is done.

    Attributes:
        withdrawn: the link does not hold any more.
    """

    role: ClassVar[Role] = "helper"
    withdrawn: bool = False

    @contextmanager
    def _changing(self, *, shared: bool = False) -> Iterator[Connection]:
        with super()._changing(shared=shared) as db:
            if not helper_links.is_valid(db, self.actor):
                raise NotAllowed(WITHDRAWN)
            yield db

    def _read_beside(self, db: Connection) -> bool:
        before, self.withdrawn = self.withdrawn, not helper_links.is_valid(db, self.actor)
        return super()._read_beside(db) or before != self.withdrawn

    def _mine(self, session: str) -> str:
        if session != self.actor.session:
            raise NotAllowed(ELSEWHERE)
        return session
