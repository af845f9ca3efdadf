"""What the record has no place for: when the sessions of a workshop are to be held, and for how long."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from sqlalchemy import Connection, Engine

from npswidgets.domain.workshop import Workshop
from npswidgets.store import server_values
from npswidgets.store.access import set_server_value
from npswidgets.store.faults import faults


@dataclass(frozen=True)
class Slot:
    """When a session is to be held: a date such as "2026-03-12" and how long; empty and 0 where that is not known."""

    day: str = ""
    minutes: int = 0

    @property
    def date(self) -> date | None:
        """The day; None where it is not known."""
        return to_date(self.day)


@dataclass(frozen=True)
class Plan:
    """The plan of a workshop.

    Attributes:
        title: what is scored first.
        day, minutes: of the first session.
        others: of the other ones by id, as (day, minutes).
    """

    title: str
    day: str
    minutes: int
    others: Mapping[str, Sequence[str | int]] = field(default_factory=dict)

    def slot(self, session: str, first: str) -> Slot:
        """When a session is to be held, as far as that can be read; `first` is the id of the first one."""
        try:
            day, minutes = (self.day, self.minutes) if session == first else self.others.get(session, ("", 0))
            return Slot(str(day), max(0, int(minutes)))
        except (ValueError, TypeError):
            return Slot()


def keep_plan(engine: Engine, workshop: str, plan: Plan) -> None:
    """Stores the plan of a workshop."""
    set_server_value(engine, _key(workshop), json.dumps(asdict(plan)))


def plan_of(engine: Engine, workshop: str) -> Plan | None:
    """The plan of a workshop; None for one that was not made on the start page, or whose plan cannot be read."""
    with faults(), engine.connect() as db:
        return read_plan(db, workshop)


def read_plan(db: Connection, workshop: str) -> Plan | None:
    """The same on a connection that is open."""
    stored = server_values.read(db, _key(workshop))
    try:
        plan = Plan(**json.loads(stored)) if stored else None
        others = plan.others if plan and isinstance(plan.others, Mapping) else {}
        return replace(plan, title=str(plan.title), day=str(plan.day), others=others) if plan else None
    except (ValueError, TypeError):
        return None


def slot_of(plan: Plan | None, workshop: Workshop, session: str) -> Slot:
    """When a session is to be held, as far as that is known."""
    first = next(iter(workshop.sessions))
    return plan.slot(session, first) if plan else Slot()


def slots_of(plan: Plan | None, workshop: Workshop) -> dict[str, Slot]:
    """The same of all sessions, by id."""
    return {session: slot_of(plan, workshop, session) for session in workshop.sessions}


def add_slot(plan: Plan | None, workshop: Workshop, session: str, slot: Slot) -> Plan:
    """The plan with one more session."""
    plan = plan or Plan(workshop.title, "", 0)
    return replace(plan, others={**plan.others, session: (slot.day, slot.minutes)})


def to_date(typed: str) -> date | None:
    """The date of a date field; None if it is none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _key(workshop: str) -> str:
    return f"plan {workshop}"
