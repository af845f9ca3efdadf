"""When each person's page was last there. It stands beside the record, and goes when the session ends."""

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select

from npswidgets.domain.workshop import Session
from npswidgets.store import server_values, tables
from npswidgets.store.database import writing
from npswidgets.store.faults import readable

WATCHED = "watched since"

_PRESENCE = tables.presence.c
_LAST_SEEN = select(_PRESENCE.participant, _PRESENCE.at).where(
    _PRESENCE.workshop == bindparam("workshop"), _PRESENCE.session == bindparam("session")
)


def note(db: Connection, workshop: str, session: str, participant: str) -> None:
    """The page of this person is there now."""
    mine = (_PRESENCE.workshop == workshop) & (_PRESENCE.session == session) & (_PRESENCE.participant == participant)
    db.execute(delete(tables.presence).where(mine))
    row = {"workshop": workshop, "session": session, "participant": participant}
    db.execute(insert(tables.presence).values(row | {"at": datetime.now(UTC).isoformat()}))


def watch(engine: Engine, since: datetime) -> None:
    """From now on pages can say that they are there; nothing could before, without a server or with one that slept.

    Raises:
        StoreFault: the database cannot be written.
    """
    with writing(engine) as db:
        server_values.write(db, WATCHED, since.isoformat())


def last_seen(db: Connection, workshop: str, session: Session) -> dict[str, datetime]:
    """When each participant's page was last there: not before the person joined, nor before pages could say so."""
    noted = db.execute(_LAST_SEEN, {"workshop": workshop, "session": session.id})
    joined = {person.id: person.joined_at for person in session.participants.values()}
    with readable(f"{workshop}: when people were last there"):
        seen = joined | {who: datetime.fromisoformat(at) for who, at in noted}
        since = server_values.read(db, WATCHED)
        return {who: max(at, datetime.fromisoformat(since)) for who, at in seen.items()} if since else seen


def forget(db: Connection, workshop: str, session: str) -> None:
    """Deletes what is known of a session."""
    db.execute(delete(tables.presence).where(_PRESENCE.workshop == workshop, _PRESENCE.session == session))
