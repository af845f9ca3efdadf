"""Days and times as people in the room say them: those of the United Kingdom, in whichever zone a computer keeps time.

So an evening session has one day on the join page, in the report and in the name of a file.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

_UK = ZoneInfo("Europe/London")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def here(moment: datetime) -> datetime:
    """The same moment as clocks in the United Kingdom show it."""
    return moment.astimezone(_UK)


def day_of(moment: datetime) -> date:
    """The day in the United Kingdom.

    >>> from datetime import UTC
    >>> say_day(day_of(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)))
    '2 July 2026'
    """
    return here(moment).date()


def say_day(day: date) -> str:
    """The day with its month in words: "12 March 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
