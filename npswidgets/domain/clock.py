"""Whether the date of this computer can be believed. A wrong one would have people forgotten whose day has not come.

A battery that is empty goes back by years, a slip of the finger goes ahead by months. What is certain is that time does
not go back behind what was stored; so the newest time that is not in doubt is kept, and what the clock says is compared
with it. What a doubted clock says never becomes certain by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

FARTHEST = timedelta(days=30)
"""A clock farther ahead of the newest certain time is doubted; also one that is right, after months in a drawer."""

EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)
"""Before there was this toolkit: what an empty battery says in a database where nothing is stored."""

DRIFT = timedelta(minutes=10)
"""How far a right clock may go back or jump: twice what a poor quartz (100 ppm) loses in a month without a network."""

STANDING = timedelta(hours=48)
"""After so long a time of running, summed over starts, nobody has found the date wrong."""


@dataclass(frozen=True)
class Clock:
    """What is known of the date.

    Attributes:
        certain: the newest time that is not in doubt.
        doubted: what a clock in doubt said last; None while the clock is believed.
        stood: for how long that clock has run in doubt.
    """

    certain: datetime
    doubted: datetime | None = None
    stood: timedelta = timedelta()


def fits(certain: datetime, now: datetime) -> bool:
    """Whether a clock that says this may be right, where nothing else is known."""
    return -DRIFT <= now - certain <= FARTHEST


def in_doubt(clock: Clock, now: datetime) -> bool:
    """Whether what is stored now is stored by a clock in doubt."""
    return clock.doubted is not None or not fits(clock.certain, now)


def has_jumped(before: datetime, now: datetime, ran: timedelta) -> bool:
    """Whether a clock went otherwise than the time that has passed since it said `before`."""
    return abs(now - before - ran) > DRIFT


def at_start(known: Clock | None, stored: Iterable[datetime], now: datetime) -> Clock:
    """What is known when a program starts, before it stores anything.

    Args:
        known: what was kept; None in a database that never kept it. Then the newest of all times is believed.
        stored: the times of all that is stored. While the clock was believed, what was stored without a server counts
            as far as it follows on what is certain; a time that is far ahead of it does not.
    """
    if known is None:
        return Clock(max(stored, default=max(now, EARLIEST)))
    if known.doubted:
        return known
    for time in sorted(one for one in stored if one <= now):
        if known.certain < time and fits(known.certain, time):
            known = Clock(time)
    return known


def look(known: Clock, now: datetime, ran: timedelta = timedelta(), *, jumped: bool = False) -> Clock:
    """What is known after a look at the clock.

    Args:
        ran: how long this program has run since its last look.
        jumped: the clock has jumped since then.
    """
    if known.doubted is None:
        believed = fits(known.certain, now) and not jumped
        return Clock(max(known.certain, now)) if believed else replace(known, doubted=now)
    if fits(known.certain, now) and not _is_still_ahead(known, now):
        return Clock(max(known.certain, now))  # it was set right
    goes_on = fits(known.doubted, now) and not jumped
    after = Clock(known.certain, now, known.stood + ran if goes_on else timedelta())
    return Clock(now) if after.stood >= STANDING else after


def _is_still_ahead(known: Clock, now: datetime) -> bool:
    """Whether it is the clock that was doubted for having jumped ahead."""
    return known.doubted is not None and known.certain + DRIFT < known.doubted <= now + DRIFT
