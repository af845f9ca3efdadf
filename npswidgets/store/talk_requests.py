"""Who wants to talk about a topic before its score is taken together with others.

It stands beside the record and goes with the question. Nobody reads whose request it is but the one who made it.
"""

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from npswidgets.domain.actor import Actor
from npswidgets.domain.workshop import Workshop
from npswidgets.store import hints, tables, taken_out

_REQUESTS = tables.wishes.c
_COUNTS = ~taken_out.is_out(tables.wishes)


def put(db: Connection, actor: Actor, code: str, wanted: bool) -> None:
    """The participant wants to talk about a value code, or no longer."""
    row = {"workshop": actor.workshop, "session": actor.session, "code": code, "participant": actor.participant}
    mine = (_REQUESTS.code == code) & (_REQUESTS.participant == actor.participant)
    db.execute(delete(tables.wishes).where(_of_session(actor.workshop, actor.session or ""), mine))
    if wanted:
        db.execute(insert(tables.wishes).values(row))
    hints.note(db, actor.workshop, "ballots")


def own(db: Connection, workshop: Workshop, actor: Actor) -> frozenset[str]:
    """What a participant wants to talk about; nothing where nobody is asked."""
    return _read(db, workshop, (_REQUESTS.session == actor.session) & (_REQUESTS.participant == actor.participant))


def of_all(db: Connection, workshop: Workshop) -> frozenset[str]:
    """What somebody wants to talk about; nothing where nobody is asked."""
    return _read(db, workshop, _REQUESTS.workshop == workshop.id)


def of_session(db: Connection, workshop: str, session: str) -> frozenset[str]:
    """The value codes of a session that somebody wants to talk about."""
    return frozenset(db.scalars(select(_REQUESTS.code).where(_of_session(workshop, session), _COUNTS)))


def forget(db: Connection, workshop: str, session: str) -> None:
    """Deletes the requests of a session."""
    db.execute(delete(tables.wishes).where(_of_session(workshop, session)))


def _read(db: Connection, workshop: Workshop, whose: ColumnElement[bool]) -> frozenset[str]:
    if not any(session.together for session in workshop.sessions.values()):
        return frozenset()
    return frozenset(db.scalars(select(_REQUESTS.code).where(_REQUESTS.workshop == workshop.id, whose, _COUNTS)))


def _of_session(workshop: str, session: str) -> ColumnElement[bool]:
    return (_REQUESTS.workshop == workshop) & (_REQUESTS.session == session)
