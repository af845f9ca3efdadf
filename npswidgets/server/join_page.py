"""The way in for participants: the code, then the department or the name, then their own page."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from jupyter_server.auth.decorator import allow_unauthenticated
from sqlalchemy import Engine

from npswidgets.domain.ids import address_of
from npswidgets.domain.names import name_of_person
from npswidgets.domain.retention import DAYS_AFTER_JOINING, DAYS_AFTER_SIGN_OFF, deleted_on
from npswidgets.domain.workshop import Session, Workshop
from npswidgets.errors import RuleBroken
from npswidgets.server.access import browser_of, grant_of, remember_browser
from npswidgets.server.guesses import Guesses, NoDoor
from npswidgets.server.pages import Page
from npswidgets.server.plan import say_day
from npswidgets.store import people
from npswidgets.store.access import add_grant, session_for_code

OTHER = "other"


@dataclass(frozen=True)
class Door:
    """Where a code leads."""

    code: str
    workshop: Workshop
    session: Session

    @property
    def address(self) -> str:
        """The participant's own page."""
        return address_of("vote", self.workshop.id, self.session.id)


@dataclass
class Answers:
    """What somebody typed and chose, kept when something is missing."""

    department: str = ""
    name: str = ""
    problems: dict[str, str] = field(default_factory=dict)


class JoinPage(Page):
    """`/` asks for the code, `/join/<code>` for the rest. Only posting lets anybody in."""

    @allow_unauthenticated
    async def get(self, code: str = "") -> None:
        """The form that is needed."""
        if not code:
            return self._draw_code_form()
        try:
            door = await self._door(code)
        except NoDoor as refused:
            return self._draw_code_form(code, str(refused))
        if self._is_in(door):
            return self.redirect(door.address)
        remember_browser(self)  # so that a second tap on Join is the same person's
        return self._draw_join_form(door, Answers())

    head = get

    @allow_unauthenticated
    async def post(self, code: str = "") -> None:
        """Lets somebody in, or asks for what is missing."""
        typed = code or self.get_body_argument("code", "")
        try:
            door = await self._door(typed)
        except NoDoor as refused:
            return self._draw_code_form(typed, str(refused))
        if self._is_in(door):
            return self.redirect(door.address, status=303)
        if not code:
            return self.redirect(f"/join/{door.code}", status=303)
        answers = self._answers(door)
        if answers.problems or not self._let_in(door, answers):
            return self._draw_join_form(door, answers)
        return self.redirect(door.address, status=303)

    async def _door(self, typed: str) -> Door:
        """Where the code leads.

        Raises:
            NoDoor: nowhere; the error says why.
        """
        code = re.sub(r"\D", "", typed)
        if len(code) != 6:
            raise NoDoor("Enter the workshop code, 6 numbers")
        guesses: Guesses = self.settings["guesses"]
        guesser = browser_of(self) or self.get_cookie("_xsrf"), self.request.remote_ip or ""
        guesses.check(*guesser)
        found = session_for_code(self.settings["engine"], code)
        if found is None:
            with guesses.failed(*guesser) as seconds:
                await asyncio.sleep(seconds)
            shown = f"{code[:3]} {code[3:]}"
            raise NoDoor(f"There is no open workshop with the code {shown}. Check the number on the big screen.")
        workshop = self.settings["known_workshops"].latest(self.settings["engine"], found[0])
        door = Door(code, workshop, workshop.sessions[found[1]])
        if door.session.state != "open" and not self._is_in(door):
            raise NoDoor(_why_closed(door.session))
        return door

    def _is_in(self, door: Door) -> bool:
        return grant_of(self, "participant", door.workshop.id, door.session.id) is not None

    def _answers(self, door: Door) -> Answers:
        answers = Answers(self.get_body_argument("department", ""), self.get_body_argument("name", ""))
        known = {OTHER, *(str(place) for place in range(len(door.workshop.departments)))}
        if door.workshop.anonymity != "anonymous":
            try:
                name_of_person(answers.name)
            except RuleBroken as broken:
                answers.problems["name"] = str(broken)
        if door.workshop.departments and answers.department not in known:
            answers.problems["department"] = "Select your department or role"
        return answers

    def _let_in(self, door: Door, answers: Answers) -> bool:
        departments = door.workshop.departments
        chosen = departments[int(answers.department)] if answers.department.isdecimal() and departments else None
        engine: Engine = self.settings["engine"]
        try:
            actor = people.join(engine, door.workshop.id, door.session.id, chosen, answers.name, door.workshop)
        except RuleBroken as broken:
            answers.problems["form"] = str(broken)
            return False
        add_grant(engine, remember_browser(self), actor)
        return True

    def _draw_code_form(self, typed: str = "", problem: str = "") -> None:
        self.draw("code.html", typed=typed, problems={"code": problem} if problem else {})

    def _names_until(self, door: Door) -> str:
        """The day on which a name is deleted that is typed now.

        While the date is in doubt it counts from the newest certain time; empty where that says nothing any more.
        """
        known, now = self.settings["clock"].known, datetime.now(UTC)
        until = deleted_on(door.workshop, known.certain if known.doubted else now)
        return "" if known.doubted and until <= now.date() else f"{say_day(until)} {until.year}"

    def _draw_join_form(self, door: Door, answers: Answers) -> None:
        self.draw(
            "join.html",
            door=door,
            workshop=door.workshop,
            answers=answers,
            problems=answers.problems,
            names_until=self._names_until(door),
            OTHER=OTHER,
            DAYS_AFTER_SIGN_OFF=DAYS_AFTER_SIGN_OFF,
            DAYS_AFTER_JOINING=DAYS_AFTER_JOINING,
        )


def _why_closed(session: Session) -> str:
    if session.closed_at:
        day = say_day(session.closed_at.astimezone().date())
        return f"This workshop ended on {day}. Ask the facilitator for the report."
    return "This workshop has not started yet. Try again when the facilitator has opened it."
