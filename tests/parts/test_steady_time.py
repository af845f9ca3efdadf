"""What the server does again and again goes on when the computer's clock is set."""

import asyncio
import time

import pytest
from messages import run
from serving import WAIT_SECONDS
from tornado.ioloop import PeriodicCallback

from npswidgets.server.app import count_time_steadily

HOURS = 3600.0


@pytest.mark.parametrize("jump", [-7 * HOURS, 7 * HOURS])
def test_periodic_work_goes_on_when_the_clock_jumps(monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    async def watch() -> int:
        count_time_steadily()
        looked = asyncio.Semaphore(0)
        watching = PeriodicCallback(looked.release, 5)
        watching.start()
        try:
            await looked.acquire()
            now = time.time
            monkeypatch.setattr(time, "time", lambda: now() + jump)
            async with asyncio.timeout(WAIT_SECONDS):
                for _ in range(5):
                    await looked.acquire()
        finally:
            watching.stop()
        return 5

    assert run(watch()) == 5
