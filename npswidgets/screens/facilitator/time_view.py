"""How much of the booked time is left, and which topics it is enough for: one calm line, with more behind it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from npswidgets.domain.days import here
from npswidgets.domain.time_left import TimeLeft, time_left
from npswidgets.screens import words
from npswidgets.screens.facilitator.view_state import Page, ViewState

PAGES: frozenset[Page] = frozenset({"topic", "together", "agenda"})
TOO_LATE = "Leave topics for later, leave them out, or move them to another session: Change the agenda."


def time_of(state: ViewState, now: datetime) -> dict[str, Any]:
    """The traits: empty where no time is booked, before the room has begun, and at the end.

    It is unfolded where the room's next steps are planned: after the first scores, and on the agenda.
    """
    left = time_left(state.workshop, state.session_id, state.booked, now) if state.page in PAGES else None
    if left is None:
        return {}
    return {"title": _title(left), "lines": _lines(state, left), "unfolded": state.page != "topic"}


def _title(left: TimeLeft) -> str:
    """Such as "35 of 120 minutes left · 4 of 6 topics fit"."""
    number, fitting = len(left.fit) + len(left.rest), len(left.fit)
    over = f"{-left.left} minute{'' if left.left == -1 else 's'} over the {left.booked} booked"
    time = over if left.left < 0 else f"{left.left} of {left.booked} minutes left"
    if not number:
        return time
    if left.left < 0:
        return f"{time} · {words.topics(number)} to go"
    return f"{time} · {_fitting(fitting, number)}"


def _fitting(fitting: int, number: int) -> str:
    if fitting == number:
        return "the last topic fits" if number == 1 else f"all {number} topics fit"
    return f"{fitting} of {words.topics(number)} fit{'s' if number == 1 else ''}"


def _lines(state: ViewState, left: TimeLeft) -> list[str]:
    until = f"The time that was booked ends at {here(left.until):%H:%M}."
    if not left.fit and not left.rest:
        return [until]
    each = f"A topic takes about {left.each} minute{'' if left.each == 1 else 's'}. {until}"
    fits = [f"Time for: {_names(state, left.fit)}"] if left.fit else []
    late = [f"No time for: {_names(state, left.rest)}", TOO_LATE] if left.rest else []
    return [each, *fits, *late]


def _names(state: ViewState, codes: Sequence[str]) -> str:
    return "; ".join(words.topic_name(state.workshop, code) for code in codes)
