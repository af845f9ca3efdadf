"""What there is, by id, for whoever looks something up: a wrong id is answered, and all of it fits into a line."""

from collections.abc import Mapping
from typing import TypeVar

from npswidgets.domain.card import Card, Carded
from npswidgets.domain.nearest import unknown

_T = TypeVar("_T")
MOST_IN_LINE = 3
"""Ids that are named in a line."""


class Known(dict[str, _T], Carded):
    """What there is, by id; an id that there is not gets our error. Otherwise it is a dictionary."""

    def __init__(self, what: str, known: Mapping[str, _T]) -> None:
        super().__init__(known)
        self.what = what

    def __missing__(self, wanted: str) -> _T:
        raise unknown(self.what, wanted, self)

    def __repr__(self) -> str:
        return self.card().line

    def card(self) -> Card:
        """How many there are, and which."""
        more = len(self) - MOST_IN_LINE
        ids = [*list(self)[:MOST_IN_LINE], *([f"and {more} more"] if more > 0 else [])]
        parts = [(code, _facts(one)) for code, one in self.items()]
        return Card("By id, each a", self.what, [("these", ", ".join(ids))], parts)


def _facts(one: object) -> str:
    """The first two of what it says of itself."""
    return ", ".join(f"{label} {said}" for label, said in one.card().facts[:2]) if isinstance(one, Carded) else ""
