"""Whose pages these are: the council that stands at the head of each."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Engine

from npswidgets.errors import WorkshopError
from npswidgets.store.marks import Mark, marks
from npswidgets.store.workshops import list_workshops

KEPT_SECONDS = 3.0
"""After so long it is looked again: each page asks, and an error's page may be asked for when the database is away."""


@dataclass(frozen=True)
class Council:
    """What the head of a page says.

    Attributes:
        name: empty where a page is nobody's in particular.
        mark: None where only the name is known.
    """

    name: str = ""
    mark: Mark | None = None


class Councils:
    """The councils of the workshops that there are."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._clock = engine, clock
        self._known: dict[str, Council] = {}
        self._looked_at = -KEPT_SECONDS

    def of(self, workshop: str) -> Council:
        """The council of a workshop; nobody's where there is no such workshop."""
        if workshop not in self._known:
            self._look()
        return self._now().get(workshop, Council())

    def common(self) -> Council:
        """The one council of all workshops; nobody's where there are several, or none."""
        return _only(self._now())

    def last(self) -> Council:
        """The same as it was last known: for a page that says what is wrong, perhaps with the database."""
        return _only(self._known)

    def forget(self) -> None:
        """Looks again at the next question: something has changed."""
        self._looked_at = -KEPT_SECONDS

    def _now(self) -> dict[str, Council]:
        if self._clock() - self._looked_at >= KEPT_SECONDS:
            self._look()
        return self._known

    def _look(self) -> None:
        self._looked_at = self._clock()
        with suppress(WorkshopError):  # the page is drawn all the same
            there = marks(self._engine)
            self._known = {one.id: Council(one.council, there.get(one.id)) for one in list_workshops(self._engine)}


def _only(known: dict[str, Council]) -> Council:
    """The council of all, with the mark that one of its workshops has, the one changed last first."""
    if len({one.name for one in known.values()}) != 1:
        return Council()
    return next((one for one in known.values() if one.mark), next(iter(known.values())))
