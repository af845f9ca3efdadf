"""What an event must be to come into the record: one door, for new events only.

Records from before are read as they are, whatever stands in them, because a line's digest is that of its bytes.
"""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from npswidgets.domain.events import (
    ActionAgreed,
    ActionChanged,
    DraftPromised,
    Event,
    NamesChanged,
    ParticipantJoined,
    SessionNamed,
    SessionPlanned,
    Words,
    WorkshopCreated,
)
from npswidgets.domain.ids import check_id
from npswidgets.domain.names import composed, is_visible, looks
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.rules.checks import check, date_of
from npswidgets.domain.text import cleaned
from npswidgets.domain.workshop import Workshop

LONGEST_TITLE = 200
"""Characters in the name of a council, a workshop or a session: what fits the screens."""

YEARS_BACK, YEARS_ON = 1, 10
"""How far from the year of the workshop a date may be: something is due soon, or was promised just before."""


def as_recorded(event: Event, workshop: Workshop | None = None, at: datetime | None = None) -> Event:
    """The event with its texts cleaned and its names composed; references to what is recorded stay as they are.

    Args:
        workshop: the state before it; None for the first event.
        at: when it happens, by which dates are judged.

    Raises:
        RuleBroken: a new id or name cannot be one, or a date is none that anybody means.
    """
    check_ids(event)
    if workshop and at:
        _check_day(_new_day(event, workshop), at)
    match event:
        case WorkshopCreated():
            return as_created(event)
        case SessionPlanned():
            there = [one.title for one in workshop.sessions.values()] if workshop else []
            return replace(event, title=_title(event.title, there))
        case NamesChanged():
            return _named(event)
    typed = {one.name: value for one in fields(event) if isinstance(value := getattr(event, one.name), Words)}
    texts: dict[str, Any] = {name: replace(words, text=cleaned(words.text or "")) for name, words in typed.items()}
    return replace(event, **texts) if texts else event


def _new_day(event: Event, workshop: Workshop) -> str | None:
    """The date that this event brings; None for none, and for one that is recorded already."""
    match event:
        case ActionAgreed():
            return event.due
        case ActionChanged():
            topic = workshop.topics.get(event.code)
            before = topic.actions.get(event.action) if topic else None
            return event.due if before is None or event.due != str(before.due) else None
        case DraftPromised():
            return event.by
    return None


def _check_day(typed: str | None, at: datetime) -> None:
    """Whether somebody means this year: while it is typed digit by digit, it is 2, 20 and 202 as well."""
    day, (first, last) = date_of(typed), years_meant(at)
    said = f"The date {typed} is not between {first} and {last}. Enter all four digits of the year."
    check(day is None or first <= day.year <= last, said)


def years_meant(at: datetime) -> tuple[int, int]:
    """The first and the last year that somebody means who types a date now."""
    return at.year - YEARS_BACK, at.year + YEARS_ON


def check_ids(event: Event) -> None:
    """Whether the ids that begin with this event can be ids; an imported record is asked the same.

    Raises:
        RuleBroken: one cannot.
    """
    match event:
        case WorkshopCreated():
            check_id(event.workshop, "the workshop")
        case SessionPlanned():
            check_id(event.session, "a session")
        case ParticipantJoined():
            check_id(event.participant, "a participant")
        case ActionAgreed():
            check_id(event.action, "an action")


def check_rubric_ids(rubric: Rubric) -> None:
    """The same for all parts of a rubric.

    Raises:
        RuleBroken: one cannot be an id.
    """
    check_id(rubric.id, "the rubric")
    for theme in rubric.themes:
        check_id(theme.id, "a theme")
    for area in rubric.key_areas:
        check_id(area.id, "a key area")
    for code in rubric.value_codes:
        check_id(code, "a value code")


def as_created(event: WorkshopCreated) -> WorkshopCreated:
    """The first event, as it comes into the record.

    Raises:
        RuleBroken: its id cannot be one, the council has no name, or two departments look the same.
    """
    check_id(event.workshop, "the workshop")
    named = tuple(filter(is_visible, map(composed, event.departments)))
    check(len(set(map(looks, named))) == len(named), "A department stands twice in the list, or two look the same.")
    return replace(event, council=_council(event.council), title=_short(event.title), departments=named)


def _named(event: NamesChanged) -> NamesChanged:
    sessions: list[SessionNamed] = []
    for one in event.sessions:
        sessions.append(replace(one, title=_title(one.title, [other.title for other in sessions])))
    title = _short(event.title)
    check(is_visible(title), "Give the workshop a title.")
    return replace(event, council=_council(event.council), title=title, sessions=tuple(sessions))


def _council(typed: str) -> str:
    council = _short(typed)
    check(is_visible(council), "Enter the name of the council.")
    return council


def _title(typed: str, others: Iterable[str]) -> str:
    """The title of a session, which looks like no other one."""
    title = _short(typed)
    check(is_visible(title), "Give each session a title.")
    check(looks(title) not in map(looks, others), f"Two sessions have the title {title!r}. Give each its own.")
    return title


def _short(typed: str) -> str:
    """A name in one line, which fits the screens."""
    name = composed(typed)
    check(len(name) <= LONGEST_TITLE, f"Shorten the name to {LONGEST_TITLE} characters. It has {len(name)}.")
    return name
