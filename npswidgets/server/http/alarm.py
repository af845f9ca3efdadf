"""Facilitators learn that somebody tries out codes: their screens look into the database, not into this process."""

import asyncio
import logging
from datetime import UTC, datetime

from sqlalchemy import Engine

from npswidgets.errors import WorkshopError
from npswidgets.server.http.guesses import ALARM_CODES, Guesses
from npswidgets.store.doors import Guessing, keep_guessing

LOOKING_SECONDS = 10

log = logging.getLogger(__name__)


async def tell_of_guessing(engine: Engine, guesses: Guesses) -> None:
    """Stores how many wrong codes there were lately, when there were many and there are more; never returns."""
    told = 0
    while True:
        await asyncio.sleep(LOOKING_SECONDS)
        codes = guesses.wrong_lately()
        try:
            if codes >= ALARM_CODES and codes != told:
                await asyncio.to_thread(keep_guessing, engine, Guessing(codes, datetime.now(UTC)))
            told = codes
        except WorkshopError as error:
            log.warning("Facilitators do not learn that somebody tries out codes: %s", error)
