"""How a report says numbers, days, lists and what people typed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from textwrap import shorten

from npswidgets.domain.days import say_day
from npswidgets.domain.text import cleaned, cleaned_line
from npswidgets.domain.workshop import Workshop

LONGEST = 160
"""Characters of a text that people typed, on a slide and in the summary; the report has all of it."""
NO_COMMENT = "(no comment)"
NO_OWNER = "(no owner yet)"
NOT_SCORED = "(not scored)"
NOT_APPLICABLE = "(not applicable)"


def typed(text: object) -> str:
    """What somebody typed, without characters that nobody sees and that no format can carry."""
    return cleaned(str(text)).strip()


def shortened(text: str, longest: int = LONGEST) -> str:
    """A text that stands in full elsewhere, for a slide or a table of the summary; a word alone is cut as well."""
    short, whole = shorten(text, longest, placeholder=" …"), " ".join(text.split())
    return short if len(short) > longest / 2 or short == whole else f"{whole[: longest - 1]}…"


def one_line(text: object) -> str:
    """A name or title that somebody typed, on one line."""
    return cleaned_line(str(text))


def said_time(moment: datetime | None) -> str:
    """A time as ISO 8601 in UTC, such as "2026-03-12T10:04:05Z"; empty for none."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else ""


def counted(amount: int, one: str, many: str | None = None) -> str:
    """How many there are: "1 vote", "15 votes", "1 person", "2 people"."""
    return f"{amount} {one if amount == 1 else many or one + 's'}"


def listed(parts: Iterable[object]) -> str:
    """All in a row: "a", "a and b", "a, b and c"; empty for none."""
    *first, last = [str(part) for part in parts] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def say_people(workshop: Workshop) -> str:
    """How many people came to how many sessions; to each of them, where nobody has counted who came to several."""
    numbers = [session.took_part for session in workshop.sessions.values() if session.took_part]
    if workshop.counted or len(numbers) < 2:
        came = workshop.took_part if workshop.counted else sum(numbers)
        return f"{counted(came, 'person', 'people')} in {counted(len(numbers) or len(workshop.sessions), 'session')}"
    said = counted(max(numbers), "person", "people")
    return f"{said if min(numbers) == max(numbers) else f'{min(numbers)} to {said}'} in each of {len(numbers)} sessions"


def say_days(days: Iterable[date]) -> str:
    """Up to three days by name, more as a span; empty for none."""
    found: Sequence[date] = sorted(set(days))
    if len(found) > 3:
        return f"{say_day(found[0])} to {say_day(found[-1])}"
    return listed(map(say_day, found))
