"""Whose page is opened next, and how many one browser can have opened."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from messages import run
from serving import WAIT_SECONDS

from npswidgets.server import openings
from npswidgets.server.openings import MOST_BROWSERS, PAGES_A_SECOND, PAGES_AT_ONCE, Openings


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that pages had to wait, which take no time here."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(openings, "sleep", sleep)
    return waited


def test_pages_that_take_long_keep_no_place_among_those_that_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openings, "SLOW_SECONDS", 0.05)

    async def scene() -> None:
        own, number = Openings(), 0
        async with AsyncExitStack() as hanging:
            while not own._places.locked():
                await hanging.enter_async_context(own.turn(f"browser {number}"))
                number += 1
            for browser in ("of somebody else", "browser 0"):
                async with asyncio.timeout(WAIT_SECONDS), own.turn(browser):
                    pass
            while own._places.locked():
                await asyncio.sleep(0.01)
            places = own._places._value
        assert own._places._value == places  # none is given back twice

    run(scene())


def test_pages_of_one_browser_open_one_after_another_and_keep_no_other_waiting() -> None:
    async def scene() -> None:
        own, order = Openings(), []

        async def another() -> None:
            async with own.turn("anna"):
                order.append("anna")

        async with own.turn("anna"):
            next_page = asyncio.create_task(another())
            async with asyncio.timeout(WAIT_SECONDS), own.turn("ben"):
                order.append("ben")
        await next_page
        assert order == ["ben", "anna"]

    run(scene())


def test_a_browser_opens_a_few_pages_at_once_and_a_flood_slowly(waits: list[float]) -> None:
    async def scene() -> None:
        own = Openings()
        for _ in range(int(PAGES_AT_ONCE) + 5):
            async with own.turn("anna"):
                pass
        async with own.turn("ben"):
            pass

    run(scene())
    *annas, bens = waits
    assert not any(annas[: int(PAGES_AT_ONCE)])
    assert not bens
    assert annas[-1] == pytest.approx(5 / PAGES_A_SECOND, abs=0.5)


def test_a_page_that_was_loaded_again_meanwhile_takes_nothing_from_the_next(waits: list[float]) -> None:
    async def scene() -> None:
        own = Openings()
        for _ in range(100):
            async with own.turn("anna", gone=lambda: True):
                pass
        async with own.turn("anna"):
            pass

    run(scene())
    assert waits == [0]


def test_browsers_that_are_forgotten_are_those_that_came_first() -> None:
    async def scene() -> None:
        own = Openings()
        for number in range(MOST_BROWSERS + 5):
            async with own.turn(f"browser {number}"):
                pass
        assert len(own._browsers) == MOST_BROWSERS
        assert "browser 0" not in own._browsers

    run(scene())
