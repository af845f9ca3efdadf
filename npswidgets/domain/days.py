"""Days and times as people in the room say them: those of one time zone, in whichever zone a computer keeps time.

So an evening session has one day on the join page, in the report and in the name of a file. The zone is that of the
United Kingdom, unless `settings.time_zone` says another.
"""

from datetime import date, datetime
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


def say_day(day: date) -> str:
    """The day with its month in words: "12 March 2026"."""
    return f"{day.day} {say_month(day)}"


def say_month(day: date) -> str:
    """The month in words, in English wherever this computer is: "March 2026"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"
