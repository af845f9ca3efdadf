"""How much of the booked time is left, and which topics it is enough for: one calm line, with more behind it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from npswidgets.domain.days import here
from npswidgets.domain.time_left import TimeLeft, time_left
from npswidgets.screens import words
from npswidgets.screens.facilitator.view_state import Page, ViewState

PAGES: frozenset[Page] = frozenset({"topic", "together", "agenda"})
TOO_LATE = "Leave topics for later; or leave them out, or move them to another session: Change the agenda."


def time_of(state: ViewState, now: datetime) -> dict[str, Any]:
    """The traits: empty where no time is booked, before the room has begun, and at the end.

    It is unfolded where the next steps are planned: after the first scores, and on the agenda.
    """
    left = time_left(state.workshop, state.session_id, state.booked, now) if state.page in PAGES else None
    if left is None:
        return {}
    return {"title": _title(left), "lines": _lines(state, left), "unfolded": _is_planned(state)}


def _is_planned(state: ViewState) -> bool:
    return state.page == "agenda" or (state.page == "together" and not state.session.together)


def _title(left: TimeLeft) -> str:
    """Such as "35 minutes left: 4 of 6 topics fit"."""
    number, time = len(left.fit) + len(left.rest), f"{_minutes(abs(left.left))} {'over' if left.left < 0 else 'left'}"
    if not number:
        return f"{time} of {left.booked} booked" if left.left >= 0 else f"{time} the {left.booked} booked"
    return f"{time}: {_fitting(len(left.fit), number) if left.left >= 0 else f'{words.topics(number)} to go'}"


def _fitting(fitting: int, number: int) -> str:
    if fitting == number:
        return "the last topic fits" if number == 1 else f"{words.all_of(number, 'topic')} fit"
    return f"{fitting} of {words.topics(number)} fit{'s' if number == 1 else ''}"


def _lines(state: ViewState, left: TimeLeft) -> list[str]:
    booked = f"{_minutes(left.booked)} are booked, until {here(left.until):%H:%M}."
    if not left.fit and not left.rest:
        return [booked]
    each = f"{booked} A topic takes about {_minutes(left.each)}."
    if not left.rest:
        return [each]
    fits = [f"Time for: {_names(state, left.fit)}"] if left.fit else []
    late = [] if state.page == "agenda" else [TOO_LATE]
    return [each, *fits, f"No time for: {_names(state, left.rest)}", *late]


def _minutes(number: int) -> str:
    return f"{number} minute{'' if number == 1 else 's'}"


def _names(state: ViewState, codes: Sequence[str]) -> str:
    return "; ".join(words.topic_name(state.workshop, code) for code in codes)
