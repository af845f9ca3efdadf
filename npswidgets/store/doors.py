"""The doors of sessions, beside the record: with which digits or secret people join, and how many get in.

The secret of a QR code stands here in clear: the wall, the cards and the invitation are drawn from it each time.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, insert, select, update

from npswidgets.domain.actor import Actor
from npswidgets.domain.door import Door
from npswidgets.domain.join_code import new_code
from npswidgets.store import erasures, happened, hints, server_values, tables
from npswidgets.store.database import writing
from npswidgets.store.faults import faults, readable

_DOORS = tables.join_codes.c
_GUESSING = "guessing"


@dataclass(frozen=True)
class Guessing:
    """Somebody tries out codes: how many wrong ones in the last ten minutes, as of when."""

    codes: int
    at: datetime


def read(db: Connection, workshop: str, session: str) -> Door | None:
    """The door of a session; None if it has none."""
    return read_all(db, workshop).get(session)


def read_all(db: Connection, workshop: str) -> dict[str, Door]:
    """The doors of a workshop by session."""
    rows = db.execute(select(tables.join_codes).where(_DOORS.workshop == workshop)).all()
    return {row.session: Door(row.code, row.secret, row.places, bool(row.closed)) for row in rows}


def make(db: Connection, workshop: str, session: str) -> Door:
    """A door with a code that no other session of this database has, stored."""
    door = Door(_free_code(db), new_secret())
    row = {"workshop": workshop, "session": session, "code": door.code, "secret": door.secret, "closed": False}
    db.execute(insert(tables.join_codes).values(row))
    return door


def renew(db: Connection, workshop: str, session: str, *, with_secret: bool) -> None:
    """New digits in place of the old ones; and a new secret, so that what was printed leads nowhere."""
    changes = {"code": _free_code(db)} | ({"secret": new_secret()} if with_secret else {})
    erasures.note(db, "door", workshop, (session,))
    change(db, workshop, session, **changes)
    happened.note(db, workshop, "code-changed")
    if with_secret:
        happened.note(db, workshop, "link-withdrawn")
        happened.note(db, workshop, "link-made")


def change(db: Connection, workshop: str, session: str, **values: Any) -> None:
    """Stores these columns of a session's door, and wakes the screens."""
    this = (_DOORS.workshop == workshop) & (_DOORS.session == session)
    db.execute(update(tables.join_codes).where(this).values(values))
    hints.note(db, workshop, "public")


def session_for_code(engine: Engine, code: str) -> tuple[str, str] | None:
    """Workshop and session of a join code, whether open or ended; None if nothing has this code."""
    return _session(engine, _DOORS.code == code)


def own_session_for_code(engine: Engine, code: str, actors: Iterable[Actor]) -> tuple[str, str] | None:
    """The same among the sessions that these actors are in.

    The code itself is not looked up, so that the time this takes tells nothing of the codes of others.
    """
    with faults(), engine.connect() as db:
        for actor in actors:
            door = read(db, actor.workshop, actor.session) if actor.session else None
            if actor.session and door and door.code == code:
                return actor.workshop, actor.session
    return None


def session_for_secret(engine: Engine, secret: str) -> tuple[str, str] | None:
    """The same for the secret of a QR code or link."""
    return _session(engine, _DOORS.secret == secret) if secret else None


def new_secret() -> str:
    """128 bits, in 22 characters."""
    return secrets.token_urlsafe(16)


def keep_guessing(engine: Engine, guessing: Guessing) -> None:
    """Stores that somebody tries out codes, for the facilitators' screens."""
    stored = json.dumps({"codes": guessing.codes, "at": guessing.at.isoformat()})
    with writing(engine) as db:
        server_values.write(db, _GUESSING, stored)


def read_guessing(db: Connection) -> Guessing | None:
    """What was stored of it last; None if nobody ever did."""
    stored = server_values.read(db, _GUESSING)
    if stored is None:
        return None
    with readable("whether somebody tries out codes"):
        kept = json.loads(stored)
        return Guessing(int(kept["codes"]), datetime.fromisoformat(kept["at"]).astimezone(UTC))


def _session(engine: Engine, which: ColumnElement[bool]) -> tuple[str, str] | None:
    with faults(), engine.connect() as db:
        found = db.execute(select(_DOORS.workshop, _DOORS.session).where(which)).first()
    return (found.workshop, found.session) if found else None


def _free_code(db: Connection) -> str:
    while True:
        code = new_code(secrets.randbelow)
        if db.scalar(select(_DOORS.code).where(_DOORS.code == code)) is None:
            return code
