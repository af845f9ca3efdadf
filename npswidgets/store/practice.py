"""The practice of each session, beside the record: lines as the record writes them, kept until a topic is started.

A row without a line says that the room goes without it, or has had it: a page that is opened again does not offer it.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select

from npswidgets.domain.events import Entry, Event, VotesDiscarded
from npswidgets.domain.practice import check_step, is_offered, practice_code, practice_of, session_of_practice
from npswidgets.domain.recording import as_recorded
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import ArchiveFault, RuleBroken, StoreFault
from npswidgets.store import ballot_box, hints, tables
from npswidgets.store.codec import FIRST, from_line, to_line

Lines: TypeAlias = Mapping[str, tuple[str, ...]]
"""By session."""

_LEFT = 0
_PRACTICE = tables.practice.c
_LINES = (
    select(_PRACTICE.session, _PRACTICE.line)
    .where(_PRACTICE.workshop == bindparam("workshop"), _PRACTICE.number > 0)
    .order_by(_PRACTICE.session, _PRACTICE.number)
)


def of_topic(workshop: Workshop, lines: Lines, code: str) -> Workshop:
    """Where the topic with this code stands: in a practice, as a workshop of its own, or in the workshop."""
    session = session_of_practice(code)
    if session not in workshop.sessions:
        return workshop
    return practice_of(workshop, session, _entries(_lines_of(workshop, lines, session)))


def in_the_room(workshop: Workshop, lines: Lines, session: str) -> Workshop:
    """What the room of a session is on: its practice once that has begun, until a topic is started."""
    begun = _lines_of(workshop, lines, session)
    return of_topic(workshop, lines, practice_code(session)) if begun else workshop


def read(db: Connection, workshop: Workshop) -> Lines:
    """The lines of all practices; nothing is asked for once every session has started with its topics."""
    if not any(is_offered(workshop, session) for session in workshop.sessions):
        return {}
    found = defaultdict[str, list[str]](list)
    for session, line in db.execute(_LINES, {"workshop": workshop.id}):
        found[session].append(line)
    return {session: tuple(lines) for session, lines in found.items()}


def append(db: Connection, workshop: Workshop, lines: Lines, code: str, event: Event, by: str) -> Lines:
    """One more step of the practice with this code, checked and stored; the lock is held and all is up to date.

    Raises:
        RuleBroken: it may not happen now; nothing is stored.
    """
    session, at = session_of_practice(code) or "", datetime.now(UTC)
    if session not in workshop.sessions:
        raise RuleBroken(f"There is no practice {code!r}.")
    event = as_recorded(event)
    check_step(workshop, session, of_topic(workshop, lines, code), event, at)
    before = lines.get(session, ())
    number = len(before) + 1
    line = to_line(Entry(number, at, by, event, FIRST))
    db.execute(delete(tables.practice).where(_left(workshop.id, session)))
    row = {"workshop": workshop.id, "session": session, "number": number, "line": line}
    db.execute(insert(tables.practice).values(row))
    if isinstance(event, VotesDiscarded):
        ballot_box.discard(db, workshop.id, event.code, event.round)
    hints.note(db, workshop.id, "public")
    return {**lines, session: (*before, line)}


def forget(db: Connection, workshop: str, session: str) -> None:
    """Deletes the practice of a session with its votes."""
    db.execute(delete(tables.practice).where(_PRACTICE.workshop == workshop, _PRACTICE.session == session))
    ballot_box.discard(db, workshop, practice_code(session))
    hints.note(db, workshop, "public")


def leave(db: Connection, workshop: Workshop, session: str) -> None:
    """The room goes on without the practice, until somebody takes a step in it; the lock is held."""
    if is_offered(workshop, session) and not is_left(db, workshop.id, session):
        row = {"workshop": workshop.id, "session": session, "number": _LEFT, "line": ""}
        db.execute(insert(tables.practice).values(row))


def is_left(db: Connection, workshop: str, session: str) -> bool:
    """Whether the room goes without the practice of a session, or has had it."""
    return db.scalar(select(_PRACTICE.number).where(_left(workshop, session))) is not None


def _left(workshop: str, session: str) -> ColumnElement[bool]:
    return (_PRACTICE.workshop == workshop) & (_PRACTICE.session == session) & (_PRACTICE.number == _LEFT)


def _lines_of(workshop: Workshop, lines: Lines, session: str) -> tuple[str, ...]:
    """Nothing once a topic was started, whatever was read before."""
    return lines.get(session, ()) if is_offered(workshop, session) else ()


@lru_cache(maxsize=16)
def _entries(lines: tuple[str, ...]) -> tuple[Entry, ...]:
    try:
        return tuple(map(from_line, lines))
    except ArchiveFault:
        raise StoreFault("The practice cannot be read: it is damaged. End it, then start it again.") from None
