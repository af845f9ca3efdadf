"""How much of the booked time is left, and which topics it is enough for: one calm line, with more behind it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from npswidgets.domain.days import here
from npswidgets.domain.rubric_words import Noun, capital
from npswidgets.domain.time_left import TimeLeft, time_left
from npswidgets.screens import words
from npswidgets.screens.facilitator.view_state import Page, ViewState

PAGES: frozenset[Page] = frozenset({"topic", "together", "agenda"})


def time_of(state: ViewState, now: datetime) -> dict[str, Any]:
    """The traits: empty where no time is booked, before the room has begun, and at the end.

    It is unfolded where the next steps are planned: after the first scores, and on the agenda.
    """
    left = time_left(state.workshop, state.session_id, state.booked, now) if state.page in PAGES else None
    if left is None:
        return {}
    return {"title": _title(state, left), "lines": _lines(state, left), "unfolded": _is_planned(state)}


def _is_planned(state: ViewState) -> bool:
    return state.page == "agenda" or (state.page == "together" and not state.session.together)


def _title(state: ViewState, left: TimeLeft) -> str:
    """Such as "35 minutes left: 4 of 6 topics fit"."""
    number, time = len(left.fit) + len(left.rest), f"{_minutes(abs(left.left))} {'over' if left.left < 0 else 'left'}"
    if not number:
        return f"{time} of {left.booked} booked" if left.left >= 0 else f"{time} the {left.booked} booked"
    topic = state.called.topic
    return f"{time}: {_fitting(topic, len(left.fit), number) if left.left >= 0 else f'{topic.counted(number)} to go'}"


def _fitting(topic: Noun, fitting: int, number: int) -> str:
    if fitting == number:
        return f"the last {topic.one} fits" if number == 1 else f"{topic.all_of(number)} fit"
    return f"{fitting} of {topic.counted(number)} fit{'s' if number == 1 else ''}"


def _lines(state: ViewState, left: TimeLeft) -> list[str]:
    booked = f"{_minutes(left.booked)} are booked, until {here(left.until):%H:%M}."
    if not left.fit and not left.rest:
        return [booked]
    topic = state.called.topic
    each = f"{booked} {capital(topic.a)} takes about {_minutes(left.each)}."
    if not left.rest:
        return [each]
    fits = [f"Time for: {_names(state, left.fit)}"] if left.fit else []
    late = [] if state.page == "agenda" else [_too_late(topic)]
    return [each, *fits, f"No time for: {_names(state, left.rest)}", *late]


def _too_late(topic: Noun) -> str:
    return f"Leave {topic.many} for later; or leave them out, or move them to another session: Change the agenda."


def _minutes(number: int) -> str:
    return f"{number} minute{'' if number == 1 else 's'}"


def _names(state: ViewState, codes: Sequence[str]) -> str:
    return "; ".join(words.topic_name(state.workshop, code) for code in codes)
