"""What the form for a new workshop says, and the workshop that is made of it."""

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import date

from sqlalchemy import Engine

from npswidgets.domain.agenda import expected_minutes
from npswidgets.domain.days import day_of, say_day
from npswidgets.domain.rubric import KeyArea, Rubric, Theme
from npswidgets.store.access import set_server_value, stored_value
from npswidgets.store.workshops import NewWorkshop, WorkshopSummary

DEPARTMENTS = (
    "Adult social care",
    "Children's services",
    "Environment and highways",
    "Finance and legal",
    "Procurement",
    "Councillor",
)
LENGTHS = {60: "1 hour", 90: "1 hour 30 minutes", 120: "2 hours", 180: "3 hours", 240: "Half a day", 360: "A day"}
MOST_PEOPLE = 500
MOST_LISTED = 20


@dataclass
class Form:
    """The six fields as they were typed, and what is wrong with them by field."""

    council: str = ""
    parts: list[str] = field(default_factory=list)
    day: str = ""
    minutes: str = "90"
    departments: str = "\n".join(DEPARTMENTS)
    anonymity: str = "anonymous"
    people: str = "18"
    departments_in_reports: bool = False
    problems: dict[str, str] = field(default_factory=dict)

    def check(self, rubric: Rubric) -> None:
        """Notes what is missing."""
        known = {theme.id for theme in rubric.themes} | {area.id for area in rubric.key_areas}
        self.parts = [part for part in self.parts if part in known]
        if not self.council.strip():
            self.problems["council"] = "Enter the name of the council"
        if not self.parts:
            self.problems["parts"] = "Select what you will score"
        if to_date(self.day) is None:
            self.problems["day"] = "Enter the date of the workshop"
        if not re.fullmatch(r"\d{1,9}", self.people) or not 1 <= int(self.people) <= MOST_PEOPLE:
            self.problems["people"] = f"Enter how many people you expect, from 1 to {MOST_PEOPLE}"
        if self.departments_in_reports and not self.departments.strip():
            self.problems["departments"] = "Enter the departments that reports may show, or clear that choice"

    def workshop(self, rubric: Rubric) -> NewWorkshop:
        """The workshop that is wanted, with one session."""
        chosen = chosen_parts(rubric, self.parts)
        return NewWorkshop(
            council=self.council,
            anonymity="named" if self.anonymity == "named" else "anonymous",
            departments=tuple(line for line in self.departments.splitlines() if line.strip()),
            sessions=((say_parts(rubric, chosen), tuple(part.id for part in chosen)),),
            people_expected=int(self.people),
            departments_in_reports=self.departments_in_reports,
        )


@dataclass(frozen=True)
class Plan:
    """What the record has no place for: when the workshop is to be held, and for how long."""

    title: str
    day: str
    minutes: int


def keep_plan(engine: Engine, workshop: str, plan: Plan) -> None:
    """Stores the plan of a workshop."""
    set_server_value(engine, f"plan {workshop}", json.dumps(asdict(plan)))


def plan_of(engine: Engine, workshop: str) -> Plan | None:
    """The plan of a workshop; None for one that was not made on the start page, or whose plan cannot be read."""
    stored = stored_value(engine, f"plan {workshop}")
    try:
        return Plan(**json.loads(stored)) if stored else None
    except (ValueError, TypeError):
        return None


def say_workshop(engine: Engine, summary: WorkshopSummary) -> str:
    """A workshop in a list: what was to be scored, and its day."""
    plan = plan_of(engine, summary.id)
    day = (plan and to_date(plan.day)) or day_of(summary.changed_at)
    return f"{plan.title if plan else summary.title}, {say_day(day)}"


def chosen_parts(rubric: Rubric, ids: list[str]) -> tuple[Theme | KeyArea, ...]:
    """The themes and key areas that were chosen, without the key areas of a theme that was."""
    chosen: list[Theme | KeyArea] = []
    for theme in rubric.themes:
        chosen += [theme] if theme.id in ids else [area for area in theme.key_areas if area.id in ids]
    return tuple(chosen)


def say_parts(rubric: Rubric, parts: tuple[Theme | KeyArea, ...]) -> str:
    """What is scored, short enough for a heading on a phone."""
    if parts == rubric.themes:
        return "All themes"
    if len(parts) <= 2:
        return " and ".join(part.name for part in parts)
    return f"{parts[0].name} and {len(parts) - 1} more"


def say_length(rubric: Rubric, codes: tuple[str, ...], people: int, planned: int) -> tuple[str, ...]:
    """How long it will take, and whether that is more than was planned."""
    minutes = expected_minutes([rubric.value_codes[code] for code in codes], people)
    says = [f"{len(codes)} topics, about {minutes} minutes with {people} people."]
    if planned and minutes > planned * 1.1:
        says.append(f"You planned {planned} minutes. Plan a second session, or choose fewer key areas.")
    return tuple(says)


def to_date(typed: str) -> date | None:
    """The date of a date field; None if it is none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
