"""JupyterHub ends servers that nobody uses; it is told while a session is open, so that it leaves this one alone."""

import asyncio
import logging
from datetime import UTC, datetime

from sqlalchemy import Engine

from npswidgets.errors import WorkshopError
from npswidgets.server.http.hub import Hub
from npswidgets.store.workshop_cache import WorkshopCache
from npswidgets.store.workshops import list_workshops

log = logging.getLogger(__name__)


async def keep_from_being_ended(engine: Engine, cache: WorkshopCache, hub: Hub) -> None:
    """Tells the hub again and again while any session is open; never returns.

    A session may be open for days before the room meets, for first scores: nobody could give any if the hub had ended
    the server, and the hub starts none for who has no account.
    """
    heard = True
    while True:
        try:
            if await asyncio.to_thread(has_open_session, engine, cache):
                await hub.say_active(datetime.now(UTC).isoformat())
                heard = True
        except Exception as fault:  # the workshop goes on all the same, and the next time comes
            if heard:
                why = fault if isinstance(fault, WorkshopError) else type(fault).__name__
                log.warning("JupyterHub does not hear that a session is open, and may end this server: %s", why)
            heard = False
        await asyncio.sleep(hub.activity_seconds)


def has_open_session(engine: Engine, cache: WorkshopCache) -> bool:
    """Whether people can vote, or prepare to, in any workshop; also where one cannot be read, which may be that one."""
    for known in list_workshops(engine):
        try:
            workshop = cache.latest(engine, known.id)
        except WorkshopError:
            return True
        if any(session.state == "open" for session in workshop.sessions.values()):
            return True
    return False
