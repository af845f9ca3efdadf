"""People: their joining, and the names that the record does not hold."""

import secrets

from sqlalchemy import Connection, Engine, insert, select

from npswidgets.domain.actor import Actor
from npswidgets.domain.door import check_door
from npswidgets.domain.events import ParticipantJoined, PeopleBroughtBack
from npswidgets.domain.names import name_of_person, told_apart
from npswidgets.domain.retention import people_of
from npswidgets.domain.workshop import Session, Workshop
from npswidgets.store import access, doors, persons, record, tables
from npswidgets.store.database import writing
from npswidgets.store.faults import faults


def join(
    engine: Engine,
    workshop: str,
    session: str,
    department: str | None = None,
    name: str | None = None,
    cached: Workshop | None = None,
    browser: str | None = None,
    somebody_else: bool = False,
) -> Actor:
    """Somebody new in a session.

    Args:
        browser: which is let in with it. However often it asks at once, it is one person.
        department: one of the workshop's; None for "Other, or prefer not to say".
        cached: a state of the workshop that need not be read again.
        somebody_else: than whoever joined other sessions of the workshop with this browser, as on a tablet that several
            people use.
        name: kept only where the workshop is held with names or aliases, and asked for there. Whoever comes second with
            a name of this session, or with one that looks the same, is kept as "Anna (2)".

    Raises:
        DoorShut: the door is closed, or the room is full.
        RuleBroken: the session is not open, the department is unknown, or the name is missing or is none.
    """
    actor = Actor(workshop, "participant", session, participant := secrets.token_hex(8))
    _look_at_door(engine, workshop, session, cached)
    with writing(engine, side_by_side=True) as db:
        record.lock(db, workshop)
        if browser and (joined := access.participant_of(db, browser, workshop, session)):
            return joined
        state = record.read(db, workshop, cached)
        _check_door(db, state, session)
        record.append(db, state, ParticipantJoined(session, participant, department), "participant")
        if state.anonymity != "anonymous":
            there = read_names(db, workshop)
            others = [there[one] for one in state.sessions[session].participants if one in there]
            row = {"workshop": workshop, "participant": participant, "name": told_apart(name_of_person(name), others)}
            db.execute(insert(tables.people).values(row))
        if browser:
            before = [] if somebody_else else _joined_before(db, browser, state)
            person = persons.person_for(persons.of_workshop(db, workshop), before)
            access.store_grant(db, browser, actor, person)
    return actor


def session_before(engine: Engine, browser: str, workshop: Workshop) -> Session | None:
    """The session of this workshop that a browser joined last; None for none."""
    with faults(), engine.connect() as db:
        before = _joined_before(db, browser, workshop)
    there = (one for one in workshop.sessions.values() if before and before[-1] in one.participants)
    return next(there, None)


def _joined_before(db: Connection, browser: str, workshop: Workshop) -> list[str]:
    """As whom this browser joined sessions of a workshop, the last one last."""
    mine, known = access.participants_of(db, browser, workshop.id), people_of(workshop)
    return sorted((who for who in mine if who in known), key=lambda who: known[who].joined_at)


def come_back(engine: Engine, actor: Actor, cached: Workshop | None = None) -> None:
    """Somebody who was taken out is in the session again, as the same person; asked at the door like anybody new.

    A second time changes nothing.

    Raises:
        DoorShut: the door is closed, or the room is full.
        RuleBroken: the session is not open.
    """
    session, me = actor.session or "", actor.participant or ""
    _look_at_door(engine, actor.workshop, session, cached)
    with writing(engine, side_by_side=True) as db:
        record.lock(db, actor.workshop)
        state = record.read(db, actor.workshop, cached)
        if not state.sessions[session].participants[me].taken_out:
            return
        _check_door(db, state, session)
        record.append(db, state, PeopleBroughtBack(session, (me,)), "participant")


def names(engine: Engine, workshop: str) -> dict[str, str]:
    """The names by participant; empty in an anonymous workshop."""
    with faults(), engine.connect() as db:
        return read_names(db, workshop)


def read_names(db: Connection, workshop: str) -> dict[str, str]:
    """The same for who has a connection already."""
    wanted = select(tables.people.c.participant, tables.people.c.name).where(tables.people.c.workshop == workshop)
    return dict(db.execute(wanted).all())


def _look_at_door(engine: Engine, workshop: str, session: str, cached: Workshop | None) -> None:
    """Says no without a lock where that is so: a hundred phones may wait at the door, and ask again and again."""
    with faults(), engine.connect() as db:
        _check_door(db, record.read(db, workshop, cached), session)


def _check_door(db: Connection, state: Workshop, session: str) -> None:
    door = doors.read(db, state.id, session)
    if door and session in state.sessions:
        check_door(state.sessions[session], door)
