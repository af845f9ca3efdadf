"""People are forgotten by themselves on their day, as long as the server runs and its date is certain."""

import asyncio
import logging
from datetime import UTC, datetime

from sqlalchemy import Engine

from npswidgets.errors import WorkshopError
from npswidgets.server.machine.clock import LOOKING_SECONDS, ServerClock
from npswidgets.store.erasing import purge, say_forgotten

LOOKS_A_PURGE = 60
"""Once an hour: the day may turn while the computer sleeps, and a timer of a day would sleep with it."""

log = logging.getLogger(__name__)


async def forget_people(engine: Engine, clock: ServerClock | None = None) -> None:
    """Deletes what is past its date, now, each hour, and as soon as the date is certain; never returns."""
    watched = ServerClock(engine) if clock is None else clock
    looks = 0
    while True:
        try:
            looks = await asyncio.to_thread(_look, engine, watched, looks)
        except WorkshopError as error:
            log.warning("Who is past the date is not forgotten yet: %s", error)
        except Exception as fault:  # the next time comes all the same
            log.warning("Who is past the date is not forgotten yet (%s).", type(fault).__name__)
        await asyncio.sleep(LOOKING_SECONDS)


def forget_now(engine: Engine) -> int:
    """Deletes what is past its date, which is certain, and says how much; how many people there were."""
    gone = purge(engine, datetime.now(UTC).date())
    if gone:
        log.warning("%s: their date has come.", say_forgotten(gone))
    return gone


def _look(engine: Engine, clock: ServerClock, looks: int) -> int:
    """How many more looks there are until the next time."""
    if clock.look().doubted:
        return 0
    if looks == 0:
        forget_now(engine)
    return (looks or LOOKS_A_PURGE) - 1
