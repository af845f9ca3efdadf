"""A page that may not go on ends as soon as its right is withdrawn, also by a command, which tells no server."""

import asyncio
from collections.abc import Callable

import pytest
from messages import run
from room import Room, make_room
from serving import WAIT_SECONDS
from sqlalchemy import Engine

from npswidgets.server.machine import taking_back
from npswidgets.server.machine.taking_back import times_to_look
from npswidgets.settings import NPS_LIVE
from npswidgets.store import access, rights
from npswidgets.store.database import open_database
from npswidgets.store.facilitator_store import FacilitatorStore

BEN = "ben"


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, people=0)


def withdraw_name(room: Room, elsewhere: Engine) -> None:
    rights.unname_person(elsewhere, BEN, room.workshop.id)


def withdraw_operator(_: Room, elsewhere: Engine) -> None:
    rights.withdraw_operator(elsewhere, BEN)


def shut_out(room: Room, elsewhere: Engine) -> None:
    access.new_link(elsewhere, room.workshop.id, "facilitator", shut_out=True)


def withdraw_helper(room: Room, elsewhere: Engine) -> None:
    (link,) = room.facilitator.helpers[room.session]
    FacilitatorStore(elsewhere, room.facilitator.actor).withdraw_helper(room.session, link.id)


@pytest.mark.parametrize("take_back", [withdraw_name, withdraw_operator, shut_out, withdraw_helper])
def test_without_a_hint_it_is_seen_all_the_same(
    room: Room, monkeypatch: pytest.MonkeyPatch, take_back: Callable[[Room, Engine], None]
) -> None:
    monkeypatch.delenv(NPS_LIVE, raising=False)
    monkeypatch.setattr(taking_back, "SWEEP_SECONDS", 10 * WAIT_SECONDS)
    rights.name_person(room.engine, BEN, room.workshop.id)
    rights.new_operator(room.engine, BEN)
    room.facilitator.new_helper(room.session)
    elsewhere = open_database(room.engine.url.render_as_string(hide_password=False))

    async def look() -> None:
        times = times_to_look(room.engine)
        first = asyncio.ensure_future(anext(times))
        take_back(room, elsewhere)
        await first
        await times.aclose()

    run(asyncio.wait_for(look(), WAIT_SECONDS))
    elsewhere.dispose()


def test_what_takes_nothing_back_makes_nobody_look(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NPS_LIVE, raising=False)
    monkeypatch.setattr(taking_back, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(taking_back, "SWEEP_SECONDS", 10 * WAIT_SECONDS)
    looked: list[str] = []
    latest = taking_back.taken_back.latest

    def look_once_more(engine: Engine) -> str:
        looked.append(latest(engine))
        return looked[-1]

    monkeypatch.setattr(taking_back.taken_back, "latest", look_once_more)

    async def look() -> None:
        times = times_to_look(room.engine)
        waiting = asyncio.ensure_future(anext(times))
        rights.name_person(room.engine, BEN)
        while len(looked) < 3:
            await asyncio.sleep(0.01)
        assert not waiting.done()
        rights.unname_person(room.engine, BEN)
        await waiting
        await times.aclose()

    run(asyncio.wait_for(look(), WAIT_SECONDS))
