"""What a record adds up to: its first event, one more, all of them."""

from collections.abc import Iterable
from dataclasses import replace

from npswidgets.domain.events import Entry, WorkshopCreated, WorkshopReopened
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.rules.checks import SIGNED_OFF, check
from npswidgets.domain.rules.dispatch import after
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken


def begin(entry: Entry, rubric: Rubric) -> Workshop:
    """The workshop after its first event; the store fills in `head`.

    Raises:
        RuleBroken: the first event is another one, or names another rubric.
    """
    event = entry.event
    if not isinstance(event, WorkshopCreated) or entry.revision != 1:
        raise RuleBroken("A record starts with WorkshopCreated as revision 1.")
    if event.rubric != rubric.id:
        raise RuleBroken(f"The workshop was made with the rubric {event.rubric!r}, not with {rubric.id!r}.")
    check(bool(event.council.strip()), "Enter the name of the council.")
    check(len(set(event.departments)) == len(event.departments), "A department stands twice in the list.")
    asked = bool(event.departments) or not event.departments_in_reports
    check(asked, "Reports can show departments only where people are asked for theirs. Name the departments.")
    return Workshop(
        id=event.workshop,
        council=event.council,
        title=event.title,
        rubric=rubric,
        anonymity=event.anonymity,
        departments=event.departments,
        departments_in_reports=bool(event.departments_in_reports),
        created_at=entry.at,
        revision=1,
    )


def apply(workshop: Workshop, entry: Entry) -> Workshop:
    """The workshop after one more event.

    Raises:
        RuleBroken: the event may not happen now, or its revision is not the next one.
    """
    if entry.revision != workshop.revision + 1:
        raise RuleBroken(f"Revision {workshop.revision + 1} was expected, and {entry.revision} was found.")
    if workshop.sealed and not isinstance(entry.event, WorkshopReopened):
        raise RuleBroken(SIGNED_OFF)
    return replace(after(entry.event, workshop, entry.at), revision=entry.revision)


def fold(entries: Iterable[Entry], rubric: Rubric) -> Workshop:
    """The workshop that a whole record adds up to.

    Raises:
        RuleBroken: the record is empty or breaks a rule.
    """
    rest = iter(entries)
    first = next(rest, None)
    if first is None:
        raise RuleBroken("The record is empty.")
    workshop = begin(first, rubric)
    for entry in rest:
        workshop = apply(workshop, entry)
    return workshop
