"""When the server looks whether all pages that are open may be: at once when somebody is let in no more."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import suppress

from sqlalchemy import Engine

from npswidgets.store import taken_back
from npswidgets.store.hints import EVERYWHERE, Listener

LOOK_SECONDS = 1.0
"""Between two looks at whether a command has taken something back."""

SWEEP_SECONDS = 5
"""Between two sweeps though nothing is known of: a hint may be lost, and a database changed by hand."""


async def times_to_look(engine: Engine) -> AsyncGenerator[None]:
    """Yields when it is time; never ends."""
    listener, seen, swept = Listener(EVERYWHERE, "access"), "", time.monotonic()
    try:
        while True:
            await listener.wait(LOOK_SECONDS)
            now_there = seen
            with suppress(Exception):  # a database that does not answer says nothing; the sweep finds out
                now_there = await asyncio.to_thread(taken_back.latest, engine)
            if now_there != seen or time.monotonic() - swept >= SWEEP_SECONDS:
                yield
                seen, swept = now_there, time.monotonic()
    finally:
        listener.close()
