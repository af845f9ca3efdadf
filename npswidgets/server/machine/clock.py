"""The date as a running server believes it: looked at each minute, and said in words when it is in doubt."""

import logging
from datetime import UTC, datetime, timedelta
from threading import Lock

from sqlalchemy import Engine

from npswidgets.domain.clock import Clock, has_jumped
from npswidgets.domain.days import say_day
from npswidgets.server.machine.system_clock import is_synchronised, time_passed
from npswidgets.store import clock, presence

LOOKING_SECONDS = 60
LONGEST = timedelta(seconds=2 * LOOKING_SECONDS)
"""What counts as running from one look to the next: the computer may have slept between."""

log = logging.getLogger(__name__)


class ServerClock:
    """What this server knows of the date.

    Attributes:
        latest: as of the last look; the first one is before the server stores anything.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine, self._looking = engine, Lock()
        self._last: tuple[datetime, timedelta] | None = None
        self.latest: Clock
        self.look()

    def look(self, *, sure: bool = False) -> Clock:
        """Looks at the clock.

        Args:
            sure: the operator says that the date is right.

        Raises:
            StoreFault: the database cannot be written; the next look makes up for it.
        """
        with self._looking:
            now, passed = datetime.now(UTC), time_passed()
            ran = passed - self._last[1] if self._last else None
            jumped = self._last is not None and has_jumped(self._last[0], now, passed - self._last[1])
            sure = sure or is_synchronised(now)
            if ran is None or jumped or not timedelta() <= now - (self._last or (now,))[0] <= LONGEST:
                presence.watch(self._engine, now)
            before = self.latest.doubted if self._last else None
            self.latest = clock.look(self._engine, now, ran and min(ran, LONGEST), jumped=jumped, sure=sure)
            self._last = now, passed
        if self.latest.doubted and not before:
            log.warning("%s If the date is right, say so on the start page.", say_doubt(self.latest))
        if before and not self.latest.doubted:
            log.warning("The date of this computer is certain again: %s.", say_time(self.latest.certain))
        return self.latest


def say_doubt(seen: Clock) -> str:
    """Why the date is in doubt, in sentences; empty while it is not."""
    if seen.doubted is None:
        return ""
    return (
        f"The date of this computer may be wrong: it says {say_time(seen.doubted)}. "
        f"The last time that is certain is {say_time(seen.certain)}. Until the date is certain nobody is forgotten."
    )


def say_time(time: datetime) -> str:
    """A time as the clock of this computer shows it, which is to be put right: "12 March 2026, 09:14"."""
    here = time.astimezone()
    return f"{say_day(here.date())}, {here:%H:%M}"
