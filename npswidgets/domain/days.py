"""Days and times as people in the room say them: those of one time zone, in whichever zone a computer keeps time.

So an evening session has one day on the join page, in the report and in the name of a file. The zone is that of the
United Kingdom, unless `settings.time_zone` says another.
"""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

UNITED_KINGDOM = "Europe/London"
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def zone() -> ZoneInfo:
    """The time zone of the workshops; `settings` puts its own function in place of this."""
    return ZoneInfo(UNITED_KINGDOM)


def here(moment: datetime) -> datetime:
    """The same moment as clocks in the room show it."""
    return moment.astimezone(zone())


def day_of(moment: datetime) -> date:
    """The day in the room.

    >>> from datetime import UTC
    >>> say_day(day_of(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)))
    '2 July 2026'
    """
    return here(moment).date()


def seconds_until(time: str, since: datetime, now: datetime) -> float | None:
    """How long it is until clocks in the room first show, after `since`, a time such as "11:15"; None if it is none.

    0 from then on, and where it was typed a little too late: within the hour before `since`.

    >>> from datetime import UTC
    >>> seconds_until("11:15", datetime(2026, 3, 12, 11, tzinfo=UTC), datetime(2026, 3, 12, 11, 0, 30, tzinfo=UTC))
    870.0
    """
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})", time)
    if found is None:
        return None
    day = timedelta(days=1)
    lasts = (timedelta(hours=int(found[1]), minutes=int(found[2])) - _since_midnight(here(since))) % day
    return 0.0 if lasts > day - timedelta(hours=1) else max(0.0, (since + lasts - now).total_seconds())


def in_a_quarter_of_an_hour(now: datetime) -> str:
    """When a break of a quarter of an hour ends, at full five minutes: "11:15"."""
    room = here(now + timedelta(minutes=15))
    return f"{room + -_since_midnight(room) % timedelta(minutes=5):%H:%M}"


def _since_midnight(room: datetime) -> timedelta:
    return timedelta(hours=room.hour, minutes=room.minute, seconds=room.second, microseconds=room.microsecond)


def say_day(day: date) -> str:
    """The day with its month in words: "12 March 2026"."""
    return f"{day.day} {say_month(day)}"


def say_month(day: date) -> str:
    """The month in words, in English wherever this computer is: "March 2026"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"
