"""Whose page is opened next, and how many one browser can have opened."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from messages import run
from serving import WAIT_SECONDS

from npswidgets.server.kernels import openings
from npswidgets.server.kernels.openings import MOST_BROWSERS, PAGES_A_SECOND, PAGES_AT_ONCE, Openings


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


def test_of_pages_that_take_seconds_no_more_open_at_a_time_than_there_are_cores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(openings, "processors", lambda: 2)

    async def scene() -> None:
        own, better, at_once, most, opened = Openings(), asyncio.Event(), 0, 0, 0

        async def page() -> None:
            nonlocal at_once, most, opened
            async with own.slower_turn(better) as is_slower:
                assert is_slower
                at_once += 1
                most = max(most, at_once)
                await asyncio.sleep(0)
                at_once -= 1
                opened += 1

        await asyncio.gather(*(page() for _ in range(30)))
        assert (most, opened) == (2, 30)

    run(scene())


def test_pages_that_wait_for_a_turn_of_seconds_take_the_better_way_as_soon_as_there_is_one() -> None:
    async def scene() -> None:
        own, better, said = Openings(), asyncio.Event(), list[bool]()
        free, slower = own._places._value, own._slower_places._value

        async def page() -> None:
            async with own.slower_turn(better) as is_slower:
                said.append(is_slower)

        async with AsyncExitStack() as slow:
            for _ in range(slower):
                assert await slow.enter_async_context(own.slower_turn(better))
            waiting = [asyncio.create_task(page()) for _ in range(10)]
            await asyncio.sleep(0)
            waiting.pop().cancel()
            better.set()
            await asyncio.gather(*waiting)
        assert said == [False] * 9
        assert (own._places._value, own._slower_places._value) == (free, slower)

    run(scene())


def test_a_page_that_hangs_in_the_slower_way_gives_up_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openings, "SLOWEST_SECONDS", 0.05)

    async def scene() -> None:
        own, never = Openings(), asyncio.Event()
        async with AsyncExitStack() as hanging:
            for _ in range(2 * own._slower_places._value):
                async with asyncio.timeout(WAIT_SECONDS):
                    assert await hanging.enter_async_context(own.slower_turn(never))

    run(scene())
