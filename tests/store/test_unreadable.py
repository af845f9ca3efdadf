"""One workshop that cannot be read keeps nobody from the others."""

from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from messages import run
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.cli import main
from npswidgets.domain.actor import Actor
from npswidgets.server.app import WorkshopServer
from npswidgets.server.http.access import Grant
from npswidgets.server.pages.plan import say_workshop
from npswidgets.store.access import add_grant, set_server_value
from npswidgets.store.database import writing
from npswidgets.store.plans import Plan, keep_plan
from npswidgets.store.warm_database import WarmDatabase
from npswidgets.store.workshop_cache import WorkshopCache
from npswidgets.store.workshops import list_workshops


@pytest.fixture
def room(engine: Engine) -> Room:
    """A workshop that can be read, with 3 people expected; one that was changed later has no rubric any more."""
    room = make_room(engine, people_expected=3)
    broken = make_room(engine, id="broken")
    with writing(engine) as db:
        db.exec_driver_sql("UPDATE workshops SET rubric = '{' WHERE id = ?", (broken.workshop.id,))
    return room


def test_the_list_shows_a_workshop_whose_time_or_plan_cannot_be_read(room: Room) -> None:
    keep_plan(room.engine, room.workshop.id, Plan("All themes", "2026-03-12", 90))
    set_server_value(room.engine, "plan broken", "no plan")
    with writing(room.engine) as db:
        db.exec_driver_sql("UPDATE workshops SET changed_at = 'no time' WHERE id = 'broken'")
    assert {say_workshop(room.engine, one) for one in list_workshops(room.engine)} == {
        "All themes, 12 March 2026",
        "How good is our procurement?, 1 January 1970",
    }
    said = CliRunner().invoke(main, ["list", "--database", room.engine.url.render_as_string()]).output
    assert {line.split()[0] for line in said.splitlines()} == {room.workshop.id, "broken"}


@pytest.mark.parametrize(
    "stored",
    [
        "no plan",
        "[]",
        "null",
        '{"title": "A", "day": "soon", "minutes": "an hour"}',
        '{"title": "A", "day": 1, "minutes": null}',
    ],
)
def test_a_plan_that_cannot_be_read_keeps_no_facilitator_out(room: Room, stored: str) -> None:
    set_server_value(room.engine, f"plan {room.created.workshop}", stored)
    assert room.facilitator.booked(room.session) == 0
    assert all(say_workshop(room.engine, one) for one in list_workshops(room.engine))
    set_server_value(
        room.engine, f"plan {room.created.workshop}", '{"title": "A", "day": "", "minutes": 9, "others": 5}'
    )
    assert room.facilitator.booked(room.session) == 9
    assert all(say_workshop(room.engine, one) for one in list_workshops(room.engine))


def test_people_are_expected_in_the_newest_workshop_that_can_be_read(room: Room) -> None:
    server: Any = SimpleNamespace(engine=room.engine, app=SimpleNamespace(settings={"workshop_cache": WorkshopCache()}))
    assert WorkshopServer._people_to_come(server) == 3


def test_kernels_of_others_are_prepared(room: Room) -> None:
    database = WarmDatabase(room.engine.url.render_as_string())
    database.open_file()
    database.keep_at_hand("broken")
    assert database.store(Actor(room.workshop.id, "facilitator")).workshop == room.workshop


def test_pages_of_others_are_ended(room: Room) -> None:
    actor = Actor(room.workshop.id, "facilitator")
    add_grant(room.engine, "lost", Actor("broken", "facilitator"))
    with writing(room.engine) as db:
        db.exec_driver_sql("UPDATE grants SET role = 'no role'")
    ended = []

    async def end_kernel(kernel_id: str) -> None:
        ended.append(kernel_id)

    owners = {"first": Grant("lost", Actor("broken", "facilitator")), "second": Grant("gone", actor)}
    server: Any = SimpleNamespace(
        engine=room.engine,
        kernel_manager=SimpleNamespace(owners=owners, owner_of=owners.get, end_kernel=end_kernel),
    )
    run(WorkshopServer._end_kernels_without_grant(server))
    assert ended == ["second"]
