"""Who comes to several sessions with one browser is one person; the record gets the number alone."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from room import Room, make_room
from sqlalchemy import Engine, select

from npswidgets.domain.events import PeopleCounted, PresenceChanged, SessionClosed, SessionOpened
from npswidgets.domain.ids import is_id
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken
from npswidgets.report.phrases import say_people
from npswidgets.store import access, people, record, tables
from npswidgets.store.erasing import erase, purge

SESSIONS = (("One", ("engaging-councillors",)), ("Two", ("engaging-smes",)), ("Three", ("working-with-partners",)))


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, sessions=SESSIONS, departments=())


def join(room: Room, session: int, *browsers: str, somebody_else: bool = False) -> list[str]:
    """The participants, in the order of the browsers."""
    name = [*room.created.codes][session]
    joined = (
        people.join(room.engine, room.created.workshop, name, browser=browser, somebody_else=somebody_else)
        for browser in browsers
    )
    return [actor.participant or "" for actor in joined]


def close(room: Room, *sessions: int) -> Workshop:
    names = [*room.created.codes]
    room.facilitator.refresh()
    return room.facilitator.record(*(SessionClosed(names[one]) for one in sessions))


def test_eight_people_in_each_of_three_sessions_are_eight(room: Room) -> None:
    browsers = [f"browser {number}" for number in range(8)]
    for session in range(3):
        join(room, session, *browsers)
    assert say_people(room.workshop) == "8 people in each of 3 sessions"
    workshop = close(room, 0, 1, 2)
    assert workshop.took_part == 8
    assert say_people(workshop) == "8 people in 3 sessions"


def test_people_who_came_to_one_session_alone_count_too(room: Room) -> None:
    join(room, 0, "a", "b", "c")
    join(room, 1, "b", "c", "d", "e")
    assert close(room, 0).took_part == 7, "not counted before a second session has ended"
    assert close(room, 1).took_part == 5
    join(room, 2, "a", "f")
    assert close(room, 2).took_part == 6


def test_somebody_who_joins_a_session_again_after_it_was_opened_again_is_counted_once(room: Room) -> None:
    names = [*room.created.codes]
    join(room, 0, "a", "b")
    join(room, 1, "b")
    assert close(room, 0, 1).took_part == 2
    room.facilitator.record(SessionOpened(names[0]))
    join(room, 0, "a", "c")
    assert close(room, 0).took_part == 3


def test_somebody_else_on_a_shared_tablet_is_another_person(room: Room) -> None:
    join(room, 0, "tablet")
    join(room, 1, "tablet", somebody_else=True)
    join(room, 2, "tablet")
    assert close(room, 0, 1, 2).took_part == 2


def test_the_same_browser_in_another_workshop_is_nobody_there(room: Room, engine: Engine) -> None:
    other = make_room(engine, sessions=SESSIONS, departments=())
    join(room, 0, "a")
    join(other, 1, "a")
    with engine.connect() as db:
        persons = list(db.scalars(select(tables.grants.c.person)))
    assert len(set(persons)) == 2


def test_those_on_paper_count_in_each_session(room: Room) -> None:
    for number, session in enumerate(room.created.codes):
        join(room, number, "a")
        room.facilitator.refresh()
        room.facilitator.record(PresenceChanged(session, on_paper=2))
    assert close(room, 0, 1, 2).took_part == 1 + 6


def test_a_workshop_of_one_session_counts_nobody_again(engine: Engine) -> None:
    room = make_room(engine, people=3)
    room.close()
    assert room.workshop.people == 0
    assert say_people(room.workshop) == "3 people in 1 session"


def test_the_record_holds_the_number_and_nothing_that_joins_people(room: Room, engine: Engine) -> None:
    join(room, 0, "a", "b")
    join(room, 1, "a", "b")
    close(room, 0, 1)
    with engine.connect() as db:
        lines = record.lines(db, room.created.workshop)
        persons = set(db.scalars(select(tables.grants.c.person)))
    assert len(persons) == 2
    assert all(map(is_id, persons))
    assert not [line for line in lines if any(person in line for person in persons)]
    events = [json.loads(line)["event"] for line in lines]
    assert [event["people"] for event in events if event["kind"] == "PeopleCounted"] == [2]


@pytest.mark.parametrize("number", [-1, 0, 4])
def test_the_record_takes_no_number_that_cannot_be(room: Room, number: int) -> None:
    join(room, 0, "a", "b")
    join(room, 1, "a")
    assert close(room, 0, 1).people == 2
    with pytest.raises(RuleBroken, match="So many people cannot have taken part"):
        room.facilitator.record(PeopleCounted(number))


def test_erase_takes_all_of_a_person_and_the_number_stays(room: Room, engine: Engine) -> None:
    first, second = join(room, 0, "a", "b"), join(room, 1, "a", "b")
    close(room, 0)
    erase(engine, room.created.workshop, first[0])
    workshop = room.workshop
    one, two, _ = workshop.sessions.values()
    assert (one.participants[first[0]].erased, two.participants[second[0]].erased) == (True, True)
    assert not two.participants[second[1]].erased
    assert access.grants_of(engine, "a") == ()
    assert len(access.grants_of(engine, "b")) == 2


def test_what_joins_people_goes_with_their_grants(room: Room, engine: Engine) -> None:
    join(room, 0, "a")
    join(room, 1, "a")
    close(room, 0, 1)
    later: date = (datetime.now(UTC) + timedelta(days=200)).date()
    assert purge(engine, later) == 2
    with engine.connect() as db:
        assert list(db.scalars(select(tables.grants.c.person).where(tables.grants.c.person != ""))) == []
    assert room.workshop.took_part == 1
