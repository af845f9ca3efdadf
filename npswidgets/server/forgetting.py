"""Names that are past their date go by themselves, as long as the server runs."""

import asyncio
import logging
from datetime import UTC, datetime

from sqlalchemy import Engine

from npswidgets.errors import WorkshopError
from npswidgets.store.erasing import purge

LOOKING_SECONDS = 3600
"""The day may turn while the computer sleeps, and a timer of a day would sleep with it."""

log = logging.getLogger(__name__)


async def forget_people(engine: Engine) -> None:
    """Deletes what is past its date, now and each hour; never returns."""
    while True:
        try:
            await asyncio.to_thread(purge, engine, datetime.now(UTC).astimezone().date())
        except WorkshopError as error:
            log.warning("Names that are past their date are still there: %s", error)
        except Exception as fault:  # the next hour comes all the same
            log.warning("Names that are past their date are still there (%s).", type(fault).__name__)
        await asyncio.sleep(LOOKING_SECONDS)
