"""What was read of a workshop before is not read again, and never stands in the way of what is there now."""

from typing import Any

import pytest
from room import Room, make_room
from sqlalchemy import Connection, Engine, delete

from npswidgets.domain.events import TopicPresented
from npswidgets.errors import NotFound
from npswidgets.store import people, record, tables
from npswidgets.store.database import writing
from npswidgets.store.workshop_cache import WorkshopCache


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, people=2)


def let_go_of_the_record(db: Connection) -> None:
    """Nothing of it can be deleted otherwise."""
    for trigger in db.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
        db.exec_driver_sql(f"DROP TRIGGER {trigger}")


def test_only_what_is_new_is_read(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = WorkshopCache()
    cache.latest(room.engine, room.workshop.id)
    room.facilitator.record(TopicPresented(room.session, room.codes[0]))
    read: list[str] = []
    read_lines = record.read_lines

    def note(newer: Any, said: Any) -> Any:
        read.extend(newer)
        return read_lines(newer, said)

    now = room.workshop
    monkeypatch.setattr(record, "read_lines", note)
    assert cache.latest(room.engine, now.id) == now
    assert len(read) == 1


def test_a_workshop_in_the_place_of_another_is_read_anew(room: Room) -> None:
    cache = WorkshopCache()
    room.facilitator.record(TopicPresented(room.session, room.codes[0]))
    before = cache.latest(room.engine, room.workshop.id)
    with writing(room.engine) as db:  # as a rehearsal that begins again
        first = record.lines(db, before.id)[0]
        let_go_of_the_record(db)
        db.execute(delete(tables.events).where(tables.events.c.revision > 1))
    assert cache.latest(room.engine, before.id).revision == 1
    assert cache.latest(room.engine, before.id).head == record.line_digest(first)


def test_a_workshop_that_is_gone_is_forgotten(room: Room) -> None:
    cache = WorkshopCache()
    workshop = cache.latest(room.engine, room.workshop.id).id
    with writing(room.engine) as db:
        let_go_of_the_record(db)
        db.execute(delete(tables.events))
    with pytest.raises(NotFound):
        cache.latest(room.engine, workshop)
    assert cache.last_read(workshop) is None


def test_somebody_joins_from_a_state_that_is_old(room: Room) -> None:
    old = WorkshopCache().latest(room.engine, room.workshop.id)
    people.join(room.engine, room.workshop.id, room.session)
    actor = people.join(room.engine, room.workshop.id, room.session, cached=old)
    assert actor.participant in room.workshop.sessions[room.session].participants
    assert len(room.workshop.sessions[room.session].participants) == 4
