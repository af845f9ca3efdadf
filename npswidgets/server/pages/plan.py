"""What the form for a new workshop says, and the workshop that is made of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import Engine

from npswidgets.domain.agenda import expected_minutes
from npswidgets.domain.days import day_of, say_day
from npswidgets.domain.events import Anonymity
from npswidgets.domain.recording import years_meant
from npswidgets.domain.rubric import KeyArea, Rubric, Theme
from npswidgets.domain.workshop import MOST_EXPECTED, Workshop
from npswidgets.store.plans import Slot, plan_of, to_date
from npswidgets.store.workshops import NewWorkshop, WorkshopSummary

DEPARTMENTS = (
    "Adult social care",
    "Children's services",
    "Environment and highways",
    "Finance and legal",
    "Procurement",
    "Councillor",
)
OF_PROCUREMENT = "Procurement"
"""Of these, the one that is proposed only where procurement is what is scored."""
LENGTHS = {60: "1 hour", 90: "1 hour 30 minutes", 120: "2 hours", 180: "3 hours", 240: "Half a day", 360: "A day"}
MODES: dict[Anonymity, str] = {
    "anonymous": "Anonymous",
    "alias": "With an alias: people choose a name, and nobody is told whose it is",
    "named": "With names",
}
MOST_SESSIONS = 12
MOST_LISTED = 20


Problems: TypeAlias = dict[str, str]
"""What is wrong, in words, by field."""


@dataclass
class SessionForm:
    """The fields of one session as they were typed.

    Attributes:
        mark: what stands behind the names of its fields: nothing for the first session, then "-2", "-3".
    """

    parts: list[str] = field(default_factory=list)
    day: str = ""
    minutes: str = "90"
    people: str = "18"
    mark: str = ""

    def check(self, rubric: Rubric, taken: Mapping[str, str]) -> Problems:
        """What is wrong, by field.

        Args:
            taken: the value codes that belong to another session, with the words that say which.
        """
        known = {theme.id for theme in rubric.themes} | {area.id for area in rubric.key_areas}
        self.parts = [part for part in self.parts if part in known]
        problems = {}
        if not self.parts:
            problems["parts"] = "Select what you will score"
        elif twice := self._twice(rubric, taken):
            problems["parts"] = twice
        if wrong := _wrong_day(self.day):
            problems["day"] = wrong
        if not re.fullmatch(r"\d{1,9}", self.people) or not 1 <= int(self.people) <= MOST_EXPECTED:
            problems["people"] = f"Enter how many people you expect, from 1 to {MOST_EXPECTED}"
        return {name + self.mark: words for name, words in problems.items()}

    def codes(self, rubric: Rubric) -> tuple[str, ...]:
        """The value codes that were chosen, in the order of the rubric."""
        return tuple(code for part in chosen_parts(rubric, self.parts) for code in rubric.codes_in(part.id))

    def planned(self, rubric: Rubric) -> tuple[str, tuple[str, ...]]:
        """The title, and what is scored."""
        chosen = chosen_parts(rubric, self.parts)
        return say_parts(rubric, chosen), tuple(part.id for part in chosen)

    @property
    def slot(self) -> Slot:
        """When it is held."""
        return Slot(self.day, int(self.minutes))

    def _twice(self, rubric: Rubric, taken: Mapping[str, str]) -> str:
        for part in chosen_parts(rubric, self.parts):
            code = next((one for one in rubric.codes_in(part.id) if one in taken), None)
            if code:
                once = f"Each {rubric.words.topic.one} is scored in one session."
                return f"{part.name} belongs to {taken[code]} already. {once}"
        return ""


def departments_for(typed: str, rubric: Rubric) -> str:
    """The departments as somebody typed them; where nobody has, those that are proposed for what is scored."""
    others = tuple(one for one in DEPARTMENTS if one != OF_PROCUREMENT)
    if typed.splitlines() not in (list(DEPARTMENTS), list(others)):
        return typed
    return "\n".join(DEPARTMENTS if OF_PROCUREMENT.casefold() in rubric.title.casefold() else others)


def _wrong_day(typed: str) -> str:
    """Why this is no day of a session: none, or of a year that a browser makes of "09 30 26"."""
    day, (first, last) = to_date(typed), years_meant(datetime.now(UTC))
    if day is None:
        return "Enter the date of the workshop"
    return "" if first <= day.year <= last else f"Enter the date with a year from {first} to {last}"


@dataclass
class Form:
    """The fields for a new workshop as they were typed, and what is wrong with them by field.

    Attributes:
        rubric: the digest of what is scored; empty for the diagnostic of 2018.
    """

    council: str = ""
    sessions: list[SessionForm] = field(default_factory=lambda: [SessionForm()])
    departments: str = "\n".join(DEPARTMENTS)
    anonymity: str = "anonymous"
    departments_in_reports: bool = False
    rubric: str = ""
    problems: Problems = field(default_factory=dict)

    def check(self, rubric: Rubric) -> None:
        """Notes what is missing."""
        if not self.council.strip():
            self.problems["council"] = "Enter the name of the council"
        taken: dict[str, str] = {}
        for number, session in enumerate(self.sessions, 1):
            self.problems |= session.check(rubric, taken)
            taken |= dict.fromkeys(session.codes(rubric), f"session {number}")
        if self.departments_in_reports and not self.departments.strip():
            self.problems["departments"] = "Enter the departments that reports may show, or clear that choice"

    def change_sessions(self, asked: str) -> None:
        """One more session on the day of the last one, or one fewer."""
        if asked == "add" and len(self.sessions) < MOST_SESSIONS:
            last = self.sessions[-1]
            self.sessions.append(SessionForm([], last.day, last.minutes, last.people))
        elif any(asked == f"remove{one.mark}" for one in self.sessions[1:]):
            self.sessions = [one for one in self.sessions if asked != f"remove{one.mark}"]
        for number, session in enumerate(self.sessions, 1):
            session.mark = mark_of(number)

    def workshop(self, rubric: Rubric) -> NewWorkshop:
        """The workshop that is wanted."""
        return NewWorkshop(
            council=self.council,
            rubric=rubric,
            anonymity=next((mode for mode in MODES if mode == self.anonymity), "anonymous"),
            departments=tuple(line for line in self.departments.splitlines() if line.strip()),
            sessions=tuple(one.planned(rubric) for one in self.sessions),
            people_expected=tuple(int(one.people) for one in self.sessions),
            departments_in_reports=self.departments_in_reports,
        )


def mark_of(number: int) -> str:
    """What stands behind the names of a session's fields."""
    return "" if number == 1 else f"-{number}"


def say_workshop(engine: Engine, summary: WorkshopSummary) -> str:
    """A workshop in a list: what was to be scored, and its day."""
    plan = plan_of(engine, summary.id)
    day = (plan and to_date(plan.day)) or day_of(summary.changed_at)
    more = f" and {len(plan.others)} more" if plan and plan.others else ""
    return f"{plan.title if plan else summary.title}{more}, {say_day(day)}"


def chosen_parts(rubric: Rubric, ids: list[str]) -> tuple[Theme | KeyArea, ...]:
    """The themes and key areas that were chosen, without the key areas of a theme that was."""
    chosen: list[Theme | KeyArea] = []
    for theme in rubric.themes:
        chosen += [theme] if theme.id in ids else [area for area in theme.key_areas if area.id in ids]
    return tuple(chosen)


def free_parts(workshop: Workshop) -> dict[str, tuple[str, int]]:
    """What one more session can score: key areas by id, with their name and how many topics no session has."""
    return {
        area.id: (area.name, left)
        for area in workshop.rubric.key_areas
        if (left := sum(code.id not in workshop.topics for code in area.value_codes))
    }


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
    room = f" with {people} {'person' if people == 1 else 'people'}" if people else ""  # 0 where nobody has said
    says = [f"{rubric.words.topic.counted(len(codes))}, about {minutes} minutes{room}."]
    if planned and minutes > planned * 1.1:
        says.append(
            f"You planned {planned} minutes. Plan a second session, or choose fewer {rubric.words.key_area.many}."
        )
    return tuple(says)
