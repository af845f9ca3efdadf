"""The way in for participants: the code or the QR code, then the department or the name, then their own page."""

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated

from npswidgets.addresses import JOIN_FORM, VOTE
from npswidgets.domain.actor import Actor
from npswidgets.domain.days import day_of, say_day
from npswidgets.domain.join_code import ASKED, digits_of, grouped, is_code
from npswidgets.domain.names import name_of_person
from npswidgets.domain.retention import DAYS_AFTER_JOINING, DAYS_AFTER_SIGN_OFF, deleted_on
from npswidgets.domain.workshop import Session, Workshop
from npswidgets.errors import DoorShut, RuleBroken, StoreFault
from npswidgets.server.http.access import browser_of, grant_of, keep_pass, pass_of, remember_browser
from npswidgets.server.http.guesses import CodeRefused, Guesses
from npswidgets.server.pages.one_address import belongs_at, lost_place, opened_at
from npswidgets.server.pages.page import Page
from npswidgets.server.pages.screen_files import screen_files
from npswidgets.store import doors, people
from npswidgets.store.access import grants_of, taken_out_of

OTHER = "other"
HERE = "here"
"""In place of the code, for a browser that has shown a code or a secret before."""

NO_PASS = f"Scan the QR code again, or enter {ASKED}."
NO_SECRET = "This QR code or link does not lead to a workshop any more. Enter the code that is on the big screen."
NOT_LET_IN = "You are not in yet: the computer that runs the workshop is busy. Try again."

log = logging.getLogger(__name__)


class NotOpen(CodeRefused):
    """The code is right, but nobody can join: not any more, or not yet."""

    def __init__(self, workshop: str, title: str, happened: str, now: str) -> None:
        super().__init__(f"{happened} {now}")
        self.workshop = workshop
        self.said = title, happened, now


@dataclass(frozen=True)
class Entrance:
    """Where a code or a secret leads.

    Attributes:
        key: what stands in the address of the form: the code, or `here`.
    """

    key: str
    workshop: Workshop
    session: Session

    @property
    def address(self) -> str:
        """The participant's own page."""
        return VOTE.of(self.workshop.id, self.session.id)


@dataclass
class Answers:
    """What somebody typed and chose, kept when something is missing."""

    department: str = ""
    name: str = ""
    somebody_else: bool = False
    problems: dict[str, str] = field(default_factory=dict)


class JoinPage(Page):
    """`/` and `/join` ask for the code or take the secret behind the #; `/join/<code>` and `/join/here` ask the rest.

    Only posting lets anybody in. What once was right, a browser need not show again: it has a pass.
    """

    @allow_unauthenticated
    async def get(self, key: str = "") -> None:
        """The form that is needed, at the one address that people are told."""
        if address := belongs_at(self):
            return self.redirect(address)
        if not key:
            return self._draw_code_form()
        try:
            entrance = self._entrance(key)
        except CodeRefused as refused:
            return self._draw_refused(key, refused)
        if self._is_in(entrance):
            return self.redirect(entrance.address)
        remember_browser(self)  # so that a second tap on Join is the same person's
        return self._draw_join_form(entrance, Answers())

    head = get

    @allow_unauthenticated
    async def post(self, key: str = "") -> None:
        """Lets somebody in, or asks for what is missing."""
        if secret := self.get_body_argument("secret", ""):
            return self._scanned(secret)
        typed = key or self.get_body_argument("code", "")
        try:
            entrance = self._entrance(typed)
        except CodeRefused as refused:
            return self._draw_refused(typed, refused)
        if self.get_body_argument("into", entrance.address) != entrance.address:
            return self._draw_code_form(HERE, NO_PASS)  # this browser has shown another code since
        if self._is_in(entrance):
            return self._go(entrance.address)
        if not key:
            return self._go(JOIN_FORM.of(entrance.key))
        answers = self._answers(entrance)
        if answers.problems:
            return self._draw_join_form(entrance, answers)
        try:
            await self._let_in(entrance, answers)
        except DoorShut as shut:
            if self._is_in(entrance):  # by another tap, which took the last place
                return self._go(entrance.address)
            return self._draw_door_shut(entrance, answers, str(shut))
        except RuleBroken as broken:
            answers.problems["form"] = str(broken)
            return self._draw_join_form(entrance, answers)
        except StoreFault as fault:
            log.warning("Somebody did not get in: %s", fault)
            return self._draw_not_let_in(entrance, answers)
        return self._go(entrance.address)

    def _scanned(self, secret: str) -> None:
        """Tells the page where its secret leads; no limit holds here, since nobody guesses 128 bits."""
        found = doors.session_for_secret(self.settings["engine"], secret)
        if found is None:
            return self._tell(words=NO_SECRET)
        entrance = self._entrance_to(HERE, found)
        if self._is_in(entrance):
            return self._tell(address=entrance.address)
        if entrance.session.state != "open":
            return self._tell(words=str(_not_open(entrance.workshop, entrance.session)))
        keep_pass(self, secret)
        return self._tell(address=JOIN_FORM.of(HERE))

    def _tell(self, **said: Any) -> None:
        """Answers a script: the address to go to, or the words to show, and whether it is over."""
        self.set_header("Cache-Control", "no-store")
        self.finish(said)

    def _entrance(self, typed: str) -> Entrance:
        """Where it leads.

        Raises:
            CodeRefused: nowhere; the error says why.
        """
        found = self._by_pass() if typed == HERE else self._by_code(typed)
        entrance = self._entrance_to(HERE if typed == HERE else digits_of(typed), found)
        if entrance.session.state != "open" and not self._is_in(entrance):
            raise _not_open(entrance.workshop, entrance.session)
        return entrance

    def _entrance_to(self, key: str, found: tuple[str, str]) -> Entrance:
        workshop = self.settings["workshop_cache"].latest(self.settings["engine"], found[0])
        return Entrance(key, workshop, workshop.sessions[found[1]])

    def _by_pass(self) -> tuple[str, str]:
        engine, shown = self.settings["engine"], pass_of(self)
        found = doors.session_for_secret(engine, shown) or doors.session_for_code(engine, shown)
        if found is None:
            raise CodeRefused(NO_PASS)
        return found

    def _by_code(self, typed: str) -> tuple[str, str]:
        code, engine = digits_of(typed), self.settings["engine"]
        if not is_code(code):
            raise CodeRefused(f"Enter {ASKED}")
        if found := self._without_a_look(code):
            return found
        guesses: Guesses = self.settings["guesses"]
        guess = guesses.ask(
            browser_of(self) or self.get_cookie(self.settings["xsrf_cookie_name"]), self.request.remote_ip or ""
        )
        found = doors.session_for_code(engine, code)
        if found is None:
            raise CodeRefused(
                f"There is no open workshop with the code {grouped(code)}. Check the number on the big screen."
            )
        guess.was_right()
        keep_pass(self, code)
        return found

    def _without_a_look(self, code: str) -> tuple[str, str] | None:
        """Where the code leads if this browser has shown it before, or is in its session already."""
        engine, browser = self.settings["engine"], browser_of(self)
        if code == pass_of(self):
            return doors.session_for_code(engine, code)
        return doors.own_session_for_code(engine, code, grants_of(engine, browser) if browser else ())

    def _is_in(self, entrance: Entrance) -> bool:
        return grant_of(self, "participant", entrance.workshop.id, entrance.session.id) is not None

    def _answers(self, entrance: Entrance) -> Answers:
        other = bool(self.get_body_argument("somebody_else", ""))
        answers = Answers(self.get_body_argument("department", ""), self.get_body_argument("name", ""), other)
        if self._before(entrance):  # the same person comes back, whose answers are known
            return answers
        known = {OTHER, *(str(place) for place in range(len(entrance.workshop.departments)))}
        if entrance.workshop.anonymity != "anonymous":
            try:
                name_of_person(answers.name)
            except RuleBroken as broken:
                answers.problems["name"] = str(broken)
        if entrance.workshop.departments and answers.department not in known:
            answers.problems["department"] = "Select your department or role"
        return answers

    async def _let_in(self, entrance: Entrance, answers: Answers) -> None:
        workshop, engine = entrance.workshop, self.settings["engine"]
        if before := self._before(entrance):
            return await self.stored(people.come_back, engine, before, workshop)
        departments = workshop.departments
        chosen = departments[int(answers.department)] if answers.department.isdecimal() and departments else None
        browser = remember_browser(self)

        await self.stored(
            people.join,
            engine,
            workshop.id,
            entrance.session.id,
            chosen,
            answers.name,
            workshop,
            browser,
            answers.somebody_else,
        )
        guesses: Guesses = self.settings["guesses"]
        guesses.joined(self.request.remote_ip or "")
        return None

    def _before(self, entrance: Entrance) -> Actor | None:
        """Who this browser was in the session, until it was taken out; None if it was not."""
        was = taken_out_of(self.settings["engine"], browser_of(self) or "")
        here = (entrance.workshop.id, entrance.session.id)
        return next((actor for actor in was if (actor.workshop, actor.session) == here), None)

    @property
    def _is_script(self) -> bool:
        """Whether a page asks again by itself, and reads the answer."""
        return self.request.headers.get("Accept", "") == "application/json"

    def _go(self, address: str) -> None:
        if self._is_script:
            self._tell(address=address)
        else:
            self.redirect(address, status=303)

    def _draw_refused(self, typed: str, refused: CodeRefused) -> None:
        if self._is_script or not isinstance(refused, NotOpen):
            return self._draw_code_form(typed, str(refused))
        return self.draw_problem(200, *refused.said, council=self.councils.of(refused.workshop))

    def _draw_code_form(self, typed: str = "", problem: str = "") -> None:
        if self._is_script:
            return self._tell(words=problem, over=True)
        shown = "" if typed == HERE else typed
        return draw_code_page(self, shown, {"code": problem} if problem else {})

    def _names_until(self, workshop: Workshop) -> str:
        """The day on which a name is deleted that is typed now.

        While the date is in doubt it counts from the newest certain time; empty where that says nothing any more.
        """
        seen, now = self.settings["clock"].latest, datetime.now(UTC)
        until = deleted_on(workshop, seen.certain if seen.doubted else now)
        return "" if seen.doubted and until <= now.date() else say_day(until)

    def _draw_door_shut(self, entrance: Entrance, answers: Answers, words: str) -> None:
        if self._is_script:
            return self._tell(words=words)
        return self.draw(
            "door_shut.html",
            council=self.councils.of(entrance.workshop.id),
            workshop=entrance.workshop,
            session=entrance.session,
            answers=answers,
            words=words,
            here=HERE,
            into=entrance.address,
        )

    def _draw_not_let_in(self, entrance: Entrance, answers: Answers) -> None:
        if self._is_script:
            return self._tell(words=NOT_LET_IN)
        self.set_status(503)
        answers.problems["form"] = NOT_LET_IN
        return self._draw_join_form(entrance, answers)

    def _draw_join_form(self, entrance: Entrance, answers: Answers) -> None:
        if self._is_script:
            return self._tell(address=JOIN_FORM.of(entrance.key))
        return self.draw(
            "join.html",
            self.get_status(),
            self.councils.of(entrance.workshop.id),
            entrance=entrance,
            workshop=entrance.workshop,
            again=self._before(entrance) is not None,
            earlier=people.session_before(self.settings["engine"], browser_of(self) or "", entrance.workshop),
            answers=answers,
            problems=answers.problems,
            names_until=self._names_until(entrance.workshop),
            moved=lost_place(self, entrance.session),
            ahead=screen_files("participant"),
            OTHER=OTHER,
            DAYS_AFTER_SIGN_OFF=DAYS_AFTER_SIGN_OFF,
            DAYS_AFTER_JOINING=DAYS_AFTER_JOINING,
        )


def draw_code_page(page: Page, typed: str = "", problems: dict[str, str] | None = None, moved: str = "") -> None:
    """The page that asks for the code.

    Args:
        moved: where people joined before this computer got another address.
    """
    page.draw("code.html", typed=typed, problems=problems or {}, moved=moved, opened=opened_at(page))


def _not_open(workshop: Workshop, session: Session) -> NotOpen:
    if session.closed_at:
        day, ended = say_day(day_of(session.closed_at)), "session" if workshop.to_come(session.id) else "workshop"
        happened = f"This {ended} ended on {day}."
        return NotOpen(workshop.id, f"The {ended} has ended", happened, "Ask the facilitator for the report.")
    happened = "This workshop has not started yet."
    return NotOpen(workshop.id, "Not open yet", happened, "Try again when the facilitator has opened it.")
