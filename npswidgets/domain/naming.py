"""Names and numbers that can be changed until sign-off, as the fields of a form."""

from collections.abc import Mapping
from typing import TypeAlias

from npswidgets.domain.events import NamesChanged, SessionNamed
from npswidgets.domain.names import composed
from npswidgets.domain.workshop import Workshop

Names: TypeAlias = dict[str, str]
"""By field: "council", "title", and of the first session "title-1" and "people-1", which is empty where nobody said."""


def names_of(workshop: Workshop) -> Names:
    """The names and numbers as they are."""
    names = {"council": workshop.council, "title": workshop.title}
    for number, session in enumerate(workshop.sessions.values(), 1):
        expected = str(session.people_expected or "")
        names |= {f"title-{number}": session.title, f"people-{number}": expected}
    return names


def put_together(now: Names, shown: Mapping[str, str], typed: Mapping[str, str]) -> tuple[Names, tuple[str, ...]]:
    """What is wanted, and the fields that somebody else has changed to something else since they were shown.

    Whoever did not touch a field wants it as it is now.

    >>> put_together({"council": "B", "title": "T"}, {"council": "A", "title": "T"}, {"council": "A", "title": "U"})
    ({'council': 'B', 'title': 'U'}, ())
    """
    touched = {field for field in now if field in typed and composed(typed[field]) != composed(shown.get(field, ""))}
    wanted = {field: composed(typed[field]) if field in touched else now[field] for field in now}
    unseen = (field for field in now if field in touched and now[field] not in (shown.get(field, ""), wanted[field]))
    return wanted, tuple(unseen)


def change_of(workshop: Workshop, wanted: Names) -> NamesChanged | None:
    """The event that makes it so; None where nothing changes. A number that is none becomes 0."""
    if wanted == names_of(workshop):
        return None
    sessions = (
        SessionNamed(session, wanted[f"title-{number}"], number_of(wanted[f"people-{number}"]))
        for number, session in enumerate(workshop.sessions, 1)
    )
    return NamesChanged(wanted["council"], wanted["title"], tuple(sessions))


def number_of(typed: str) -> int:
    """How many people; 0 for nothing, -1 for what is no number.

    >>> number_of("18"), number_of(""), number_of("about 18"), number_of("9" * 30)
    (18, 0, -1, -1)
    """
    if not typed:
        return 0
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1
