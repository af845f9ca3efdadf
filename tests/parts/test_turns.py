"""Whose request is next when there are too many: never somebody's who has joined, and strangers' address by address."""

import asyncio
from collections.abc import Callable

import pytest
from messages import run
from serving import WAIT_SECONDS

from npswidgets.server.http import turns
from npswidgets.server.http.turns import BROWSER_REQUESTS_A_SECOND, FIRST_OF_A_BROWSER, FIRST_REQUESTS, Turns


class Room:
    """Requests that come, with a clock that is turned by hand, and the order in which they get their turn."""

    def __init__(self) -> None:
        self.now = 0.0
        self.turns = Turns(lambda: self.now)
        self.called: list[str] = []
        self.waiting: list[asyncio.Future[None]] = []

    def come(self, name: str, browser: str = "", address: str = "a", gone: Callable[[], bool] = lambda: False) -> bool:
        """Whether it has to wait."""
        turn = self.turns.come(browser, address, gone)
        if turn is None:
            return False
        turn.add_done_callback(lambda _: self.called.append(name))
        self.waiting.append(turn)
        return True

    def flood(self, address: str = "a") -> None:
        """Takes what strangers may ask at once."""
        assert not any(self.come("first", address=address) for _ in range(FIRST_REQUESTS))


def test_a_hundred_people_come_at_once_and_nobody_waits() -> None:
    room = Room()
    assert not any(room.come("join") for _ in range(400))


def test_strangers_wait_and_who_has_joined_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "REQUESTS_A_SECOND", 10_000)

    async def scene() -> None:
        room = Room()
        room.flood()
        assert room.come("stranger")
        assert not any(room.come("anna", browser="anna") for _ in range(FIRST_OF_A_BROWSER))
        assert room.come("too much of anna", browser="anna")
        assert not room.come("ben", browser="ben")
        room.now += 1
        assert not any(room.come("anna", browser="anna") for _ in range(BROWSER_REQUESTS_A_SECOND))
        await asyncio.gather(*room.waiting)

    run(scene())


def test_a_crowd_at_one_address_keeps_nobody_at_another_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "REQUESTS_A_SECOND", 10_000)

    async def scene() -> None:
        room = Room()
        room.flood()
        for number in range(50):
            room.come(f"crowd {number}", address="a")
        room.come("other", address="b")
        await asyncio.gather(*room.waiting)
        await asyncio.sleep(0)
        assert room.called[:4] == ["crowd 0", "other", "crowd 1", "crowd 2"]
        assert len(room.called) == 51

    run(scene())


def test_whoever_has_gone_takes_no_time_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        room = Room()
        room.flood()
        for number in range(1000):
            room.come(f"gone {number}", gone=lambda: True)
        room.come("there")
        await asyncio.wait_for(asyncio.gather(*room.waiting), WAIT_SECONDS)

    monkeypatch.setattr(turns, "REQUESTS_A_SECOND", 1)
    run(scene())


def test_browsers_that_are_remembered_are_bounded() -> None:
    room = Room()
    for number in range(turns.MOST_BROWSERS + 100):
        room.come("one", browser=f"browser {number}")
    assert len(room.turns._browsers) == turns.MOST_BROWSERS
