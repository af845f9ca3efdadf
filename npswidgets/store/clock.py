"""What is known of the date, kept beside the workshops: the newest time that is not in doubt, and since when.

It is kept apart from the times of what is stored, because a wrong clock writes those, too, and a saved workshop brings
its own along.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select, update

from npswidgets.domain import clock
from npswidgets.domain.clock import Clock
from npswidgets.domain.events import Event, ParticipantJoined, WorkshopSealed
from npswidgets.domain.retention import DAYS_AFTER_JOINING, DAYS_AFTER_SIGN_OFF, SIGN_OFF
from npswidgets.errors import ArchiveFault
from npswidgets.store import server_values, tables
from npswidgets.store.codec import from_line
from npswidgets.store.database import writing

CLOCK = "clock"
AT_LEAST = timedelta(days=30)
"""So long somebody who was there by a doubted date stays once it is certain: the workshop may be going on."""

HERE = timedelta(days=1)
"""Whose page was there within a day is in the room, or comes back to it."""

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
            _note_who_is_here(db, known.certain)
        if known.doubted:
            _note_who_is_here(db, known.doubted)
        after = Clock(now) if sure else clock.look(known, now, ran or timedelta(), jumped=jumped)
        kept = {
            "certain": after.certain.isoformat(),
            "doubted": after.doubted and after.doubted.isoformat(),
            "stood": after.stood.total_seconds(),
        }
        server_values.write(db, CLOCK, json.dumps(kept))
        if after.doubted is None and (known.doubted or jumped or _leaps(known, now)):
            _settle(db, known, now)
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
        count_from(db, workshop, who, known.certain)


def count_from(db: Connection, workshop: str, who: str, at: datetime) -> None:
    """Counts the days of a participant, or of the sign-off, from this time, until a doubt ends at the least."""
    db.execute(delete(tables.counted_from).where(_COUNTED.workshop == workshop, _COUNTED.participant == who))
    row = {"workshop": workshop, "participant": who, "at": at.astimezone(UTC).isoformat(), "settled": False}
    db.execute(insert(tables.counted_from).values(row))


def counted_from(db: Connection, workshop: str, certain: datetime | None = None) -> Mapping[str, datetime]:
    """From when days are counted, by participant (`SIGN_OFF` for the sign-off), where the record's time is in doubt.

    Args:
        certain: as it would be if somebody said now that this is the time.
    """
    rows = db.execute(select(_COUNTED.participant, _COUNTED.at, _COUNTED.settled).where(_COUNTED.workshop == workshop))
    found = {who: (datetime.fromisoformat(at), settled) for who, at, settled in rows}
    known = read(db) if certain else None
    if certain is None or known is None:
        return {who: at for who, (at, _) in found.items()}
    return {who: at if settled else _after_doubt(known, who, at, certain) for who, (at, settled) in found.items()}


def certain_today(db: Connection, now: datetime) -> datetime:
    """The newest time that is not in doubt."""
    known = read(db)
    return known.certain if known and clock.in_doubt(known, now) else now


def _leaps(known: Clock, now: datetime) -> bool:
    """Whether the date becomes certain at a time that did not follow on what was."""
    return not clock.fits(known.certain, now)


def _after_doubt(known: Clock, who: str, at: datetime, now: datetime) -> datetime:
    """From when days count that a doubted date began: nobody goes at once, and nobody stays for what is no date yet."""
    if who == SIGN_OFF:
        return min(max(at, now + AT_LEAST - timedelta(DAYS_AFTER_SIGN_OFF)), now)
    return min(max(at, now + AT_LEAST - timedelta(DAYS_AFTER_JOINING)), now) if _leaps(known, now) else at


def _note_who_is_here(db: Connection, time: datetime) -> None:
    """Whose page is there in doubt, or was when the clock jumped, joined by a date that may have been wrong.

    Once a person, or their days would never end. Who has just joined has not been seen yet.
    """
    since, until = time - HERE, time + HERE
    first, last = (one.astimezone(UTC).isoformat() for one in (since, until))
    changed = select(tables.workshops.c.id).where(tables.workshops.c.changed_at.between(first, last))
    there = select(tables.presence.c.workshop, tables.presence.c.participant).where(
        tables.presence.c.at.between(first, last)
    )
    seen = set(map(tuple, db.execute(there).all()))
    for workshop in {one for one, _ in seen} | set(db.scalars(changed)):
        noted = counted_from(db, workshop)
        for who, at in _joined(db, workshop).items():
            if who not in noted and ((workshop, who) in seen or since <= at <= until):
                count_from(db, workshop, who, at)


def _joined(db: Connection, workshop: str) -> dict[str, datetime]:
    """When each participant joined, by the record; nobody where it cannot be read, which forgets nobody either."""
    lines = select(tables.events.c.line).where(tables.events.c.workshop == workshop)
    joining = lines.where(tables.events.c.line.contains(ParticipantJoined.__name__))
    with suppress(ArchiveFault):
        found = [(entry.event, entry.at) for entry in map(from_line, db.scalars(joining))]
        return {event.participant: at for event, at in found if isinstance(event, ParticipantJoined)}
    return {}


def _settle(db: Connection, known: Clock, now: datetime) -> None:
    """A doubt has ended; whose time was cut down to today stays open, since it is today that may be wrong."""
    open_ = select(_COUNTED.workshop, _COUNTED.participant, _COUNTED.at).where(_COUNTED.settled.is_(False))
    for workshop, who, text in db.execute(open_).all():
        at, mine = datetime.fromisoformat(text), (_COUNTED.workshop == workshop) & (_COUNTED.participant == who)
        after = _after_doubt(known, who, at, now).astimezone(UTC).isoformat()
        db.execute(update(tables.counted_from).where(mine).values(at=after, settled=at <= now))


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
