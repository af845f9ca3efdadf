"""What is known of the date, kept beside the workshops: the newest time that is not in doubt, and since when.

It is kept apart from the times of what is stored, because a wrong clock writes those, too, and a saved workshop brings
its own along.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select, update

from npswidgets.domain import clock
from npswidgets.domain.clock import Clock
from npswidgets.domain.events import Event, ParticipantJoined, WorkshopSealed
from npswidgets.domain.retention import DAYS_AFTER_JOINING, DAYS_AFTER_SIGN_OFF, SIGN_OFF
from npswidgets.store import server_values, tables
from npswidgets.store.database import writing

CLOCK = "clock"
AT_LEAST = timedelta(days=30)
"""So long somebody who joined by a doubted date stays once it is certain: the workshop may be going on."""

_AT = re.compile(r'"at":"([^"\\]+)"')
_COUNTED = tables.counted_from.c


def look(
    engine: Engine, now: datetime, ran: timedelta | None = None, *, jumped: bool = False, sure: bool = False
) -> Clock:
    """Looks at the clock, and keeps what is known then.

    Args:
        now: what the clock says.
        ran: how long this program has run since its last look; None for its first one.
        jumped: the clock has jumped since then.
        sure: somebody, or the system, knows that the date is right.

    Raises:
        StoreFault: the database cannot be written.
    """
    with writing(engine) as db:
        known = read(db)
        if ran is None or known is None:
            known = clock.at_start(known, tuple(_stored_times(db)), now)
        if jumped:
            _keep_who_is_here(db, known)
        after = Clock(now) if sure else clock.look(known, now, ran or timedelta(), jumped=jumped)
        kept = {
            "certain": after.certain.isoformat(),
            "doubted": after.doubted and after.doubted.isoformat(),
            "stood": after.stood.total_seconds(),
        }
        server_values.write(db, CLOCK, json.dumps(kept))
        if after.doubted is None:
            _settle(db, now)
    return after


def confirm(engine: Engine, now: datetime) -> Clock:
    """The operator says that the date is right.

    Raises:
        StoreFault: the database cannot be written.
    """
    return look(engine, now, sure=True)


def read(db: Connection) -> Clock | None:
    """What is known of the date; None where it was never looked at, and where that cannot be read."""
    try:
        kept = json.loads(server_values.read(db, CLOCK) or "null")
        if kept is None:
            return None
        doubted = datetime.fromisoformat(kept["doubted"]) if kept["doubted"] else None
        return Clock(datetime.fromisoformat(kept["certain"]), doubted, timedelta(seconds=kept["stood"]))
    except (ValueError, TypeError, KeyError):
        return None


def note(db: Connection, workshop: str, event: Event, at: datetime) -> None:
    """Notes from when days are counted, where somebody joins or signs off by a clock that is in doubt."""
    if not isinstance(event, ParticipantJoined | WorkshopSealed):
        return
    known, who = read(db), event.participant if isinstance(event, ParticipantJoined) else SIGN_OFF
    db.execute(delete(tables.counted_from).where(_COUNTED.workshop == workshop, _COUNTED.participant == who))
    if known and clock.in_doubt(known, at):
        count_from(db, workshop, who, known.certain, settled=False)


def count_from(db: Connection, workshop: str, who: str, at: datetime, *, settled: bool = True) -> None:
    """Counts the days of a participant, or of the sign-off, from this time in place of the one in the record."""
    row = {"workshop": workshop, "participant": who, "at": at.astimezone(UTC).isoformat(), "settled": settled}
    db.execute(insert(tables.counted_from).values(row))


def counted_from(db: Connection, workshop: str) -> Mapping[str, datetime]:
    """From when days are counted, by participant (`SIGN_OFF` for the sign-off), where the record's time is in doubt."""
    rows = db.execute(select(_COUNTED.participant, _COUNTED.at).where(_COUNTED.workshop == workshop))
    return {who: datetime.fromisoformat(at) for who, at in rows}


def certain_today(db: Connection, now: datetime) -> datetime:
    """The newest time that is not in doubt."""
    known = read(db)
    return known.certain if known and clock.in_doubt(known, now) else now


def _keep_who_is_here(db: Connection, known: Clock) -> None:
    """Whoever's page was there within a day of a jump joined by a date that may have been wrong before it."""
    here = select(tables.presence.c.workshop, tables.presence.c.participant).distinct()
    since = (known.certain - timedelta(days=1)).astimezone(UTC).isoformat()
    for workshop, who in db.execute(here.where(tables.presence.c.at >= since)).all():
        if who not in counted_from(db, workshop):
            count_from(db, workshop, who, known.certain, settled=False)


def _settle(db: Connection, now: datetime) -> None:
    """The date is certain: nobody who joined while it was not goes at once."""
    open_ = _COUNTED.settled.is_(False)
    for these, days in (
        (_COUNTED.participant == SIGN_OFF, DAYS_AFTER_SIGN_OFF),
        (_COUNTED.participant != SIGN_OFF, DAYS_AFTER_JOINING),
    ):
        earliest = (now + AT_LEAST - timedelta(days)).astimezone(UTC).isoformat()
        db.execute(update(tables.counted_from).where(open_, these, _COUNTED.at < earliest).values(at=earliest))
    db.execute(update(tables.counted_from).where(open_).values(settled=True))


def _stored_times(db: Connection) -> Iterator[datetime]:
    """The times of all that is stored; what cannot be read as one is left out."""
    columns = (tables.workshops.c.changed_at, tables.ballots.c.at, tables.presence.c.at)
    found = [one for column in columns for one in db.scalars(select(column))]
    for column in (tables.events.c.line, tables.practice.c.line):
        found += [at for line in db.scalars(select(column)) for at in _AT.findall(line)[:1]]
    for text in found:
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            continue
        if time.tzinfo:
            yield time
