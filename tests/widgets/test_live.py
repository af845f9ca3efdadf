"""News reaches the screens: by a hint at once, without one after a moment."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import messages
import pytest
from room import Room, make_room
from serving import WAIT_SECONDS
from sqlalchemy import Engine

from npswidgets.domain.events import TopicPresented
from npswidgets.errors import RuleBroken
from npswidgets.screens import writers
from npswidgets.screens.facilitator import screen
from npswidgets.server.forwarder import Forwarder
from npswidgets.store import hints, live, people
from npswidgets.store.opening import store_of
from npswidgets.store.workshop_store import WorkshopStore

NEVER = 3600.0


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, people=4)


@pytest.fixture
def forwarder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Forwarder]:
    """A forwarder, and no looking without a hint."""
    forwarder = Forwarder(tmp_path)
    monkeypatch.setenv("NPS_LIVE", forwarder.addresses)
    monkeypatch.setattr(live, "SAFE_SECONDS", NEVER)
    yield forwarder
    forwarder.stop()


@pytest.fixture(autouse=True)
def _no_socket_left() -> Iterator[None]:
    yield
    hints.tell_no_more()


class Follower:
    """Somebody who follows a workshop: how often it was looked at, and how often something had changed.

    Attributes:
        seconds: how long a look takes, beside what it takes by itself.
    """

    def __init__(self, store: WorkshopStore) -> None:
        self.changes = self.looks = 0
        self.seconds = 0.0
        self._store = store
        self._refresh = store.refresh
        store.refresh = self._look  # type: ignore[method-assign]
        self.task = live.follow(store, self._change)

    def _look(self) -> bool:
        self.looks += 1
        time.sleep(self.seconds)
        return self._refresh()

    def _change(self) -> None:
        self.changes += 1

    async def until(self, holds: Callable[["Follower"], bool]) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while not holds(self):
                await asyncio.sleep(0.005)

    async def listens(self) -> None:
        """Waits for the second look, by which it is connected."""
        await self.until(lambda one: one.looks >= 2)


def run(story: Coroutine[Any, Any, None]) -> None:
    async def told() -> None:
        try:
            await story
        finally:
            hints.tell_no_more()

    messages.run(told())


def another(store: WorkshopStore) -> WorkshopStore:
    """The same person's page in another window."""
    return store_of(store._engine, store.actor)


@pytest.mark.usefixtures("forwarder")
class TestWithAServer:
    def test_an_event_reaches_everybody_at_once(self, room: Room) -> None:
        async def story() -> None:
            everybody = [
                Follower(another(room.facilitator)),
                *(Follower(another(one)) for one in room.participants),
            ]
            for one in everybody:
                await one.listens()
            before = [one.changes for one in everybody]
            room.facilitator.record(TopicPresented(room.session, room.codes[0]))
            for one, changes in zip(everybody, before, strict=True):
                await one.until(lambda one, changes=changes: one.changes > changes)

        run(story())

    def test_a_vote_wakes_only_those_who_count_votes(self, room: Room) -> None:
        room.open_voting(room.codes[0])

        async def story() -> None:
            counter, voter = Follower(another(room.facilitator)), Follower(another(room.participants[1]))
            for one in (counter, voter):
                await one.listens()
            looks, changes = voter.looks, counter.changes
            room.vote(room.codes[0], 3)
            await counter.until(lambda one: one.changes > changes)
            await asyncio.sleep(0.1)
            assert voter.looks == looks

        run(story())

    def test_many_votes_at_once_leave_time_for_others(self, room: Room) -> None:
        took = 0.02

        async def story() -> None:
            counter = Follower(another(room.facilitator))
            await counter.listens()
            counter.seconds, before, began = took, counter.looks, time.monotonic()
            while counter.looks - before < 5:
                hints._tell(f"{room.workshop.id}/ballots")
                await asyncio.sleep(0)
            assert time.monotonic() - began >= 4 * took * (1 + live.QUIET)

        run(story())

    def test_a_hint_that_was_lost_costs_a_moment(self, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(live, "SAFE_SECONDS", 0.2)
        monkeypatch.setattr(hints, "_tell", lambda _: None)

        async def story() -> None:
            somebody = Follower(another(room.participants[0]))
            await somebody.listens()
            room.facilitator.record(TopicPresented(room.session, room.codes[0]))
            await somebody.until(lambda one: one.changes > 0)

        run(story())


class TestHints:
    def test_tell_nothing_of_what_was_not_stored(self, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
        told: list[str] = []
        monkeypatch.setattr(hints, "_tell", told.append)
        with pytest.raises(RuleBroken):
            room.facilitator.record(TopicPresented(room.session, room.codes[0]), TopicPresented("none", "none"))
        assert not told
        room.facilitator.record(TopicPresented(room.session, room.codes[0]))
        assert told == [f"{room.workshop.id}/public"]

    def test_of_votes_say_no_more_than_that(self, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
        room.open_voting(room.codes[0])
        told: list[str] = []
        monkeypatch.setattr(hints, "_tell", told.append)
        room.vote(room.codes[0], 3, 4)
        assert told == [f"{room.workshop.id}/ballots"] * 2

    def test_of_people_who_join_wake_only_those_who_count(self, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
        told: list[str] = []
        monkeypatch.setattr(hints, "_tell", told.append)
        people.join(room.engine, room.workshop.id, room.session)
        assert told == [f"{room.workshop.id}/ballots"]

    def test_wait_for_nobody(self, room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NPS_LIVE", f"ipc://{tmp_path}/nobody ipc://{tmp_path}/there")
        for _ in range(3000):  # more than are kept
            hints._tell("x/public")
        room.facilitator.record(TopicPresented(room.session, room.codes[0]))


def test_without_a_server_screens_look_by_themselves(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NPS_LIVE", raising=False)

    async def story() -> None:
        somebody = Follower(another(room.participants[0]))
        await somebody.listens()
        room.facilitator.record(TopicPresented(room.session, room.codes[0]))
        await somebody.until(lambda one: one.changes > 0)

    run(story())


@pytest.mark.usefixtures("forwarder")
class TestWriting:
    def test_the_other_facilitator_sees_it_and_the_record_does_not(
        self, room: Room, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writers, "STOPPED_SECONDS", 0.2)
        here, there = screen.build(), screen.build()
        before = room.workshop.head

        async def story() -> None:
            tasks = [one.attach(another(room.facilitator)) for one in (here, there)]
            for one in (here, there):
                messages.skip_practice(one)
            async with asyncio.timeout(WAIT_SECONDS):
                while not there.notes.writer:
                    messages.send(here.notes, {"kind": "writing", "code": room.codes[0]})
                    await asyncio.sleep(0.05)
                assert (there.notes.writer, here.notes.writer) == ("Helper is writing", "")
                while there.notes.writer:
                    await asyncio.sleep(0.05)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        run(story())
        assert room.workshop.head == before

    def test_only_beside_the_topic_that_it_is_about(self, room: Room) -> None:
        known = writers.Writers("a workshop")
        assert known.receive("somebody reporting")
        assert (known.words("reporting"), known.words("councillor-development")) == ("Helper is writing", "")

    def test_about_no_topic_is_refused(self, room: Room) -> None:
        page = messages.attached(screen.build(), another(room.facilitator))
        messages.send(page.notes, {"kind": "writing", "code": "alchemy"})
        assert "No session of this workshop scores 'alchemy'." in page.notes.fault
