"""The operator's pages: a form makes a workshop and its sessions, and the workshops that there are go on."""

from dataclasses import dataclass
from datetime import UTC, datetime

from jupyter_server.auth.decorator import allow_unauthenticated
from sqlalchemy import Engine
from tornado.web import HTTPError

from npswidgets.addresses import CHECK, FACILITATE, FACILITATE_SESSION, READY, join_link
from npswidgets.domain.agenda import talk_minutes
from npswidgets.domain.clock import Clock
from npswidgets.domain.days import day_of, say_day
from npswidgets.domain.door import Door
from npswidgets.domain.join_code import grouped
from npswidgets.domain.naming import Names, names_of
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.workshop import Session, Workshop
from npswidgets.errors import NotFound, RuleBroken, WorkshopError
from npswidgets.report.invitation import NOT_OPEN_YET, can_ask_before, invitation
from npswidgets.report.pack import MOST_SHEETS, PARTS, PEOPLE
from npswidgets.server.http.access import browser_of, grant_of, is_operator
from npswidgets.server.machine.address import join_address, qr_code
from npswidgets.server.machine.clock import say_time
from npswidgets.server.pages.link_page import draw_link_page
from npswidgets.server.pages.offered_rubrics import offered, rubric_of
from npswidgets.server.pages.page import Page
from npswidgets.server.pages.plan import (
    LENGTHS,
    MODES,
    MOST_LISTED,
    MOST_SESSIONS,
    Form,
    Problems,
    SessionForm,
    departments_for,
    free_parts,
    mark_of,
    say_length,
    say_workshop,
)
from npswidgets.store import doors
from npswidgets.store.access import open_as_operator
from npswidgets.store.erasing import count_due
from npswidgets.store.mark_image import MOST_GIVEN_BYTES, TOO_LARGE
from npswidgets.store.plans import Plan, add_slot, keep_plan, plan_of, slot_of
from npswidgets.store.rubric_json import rubric_digest
from npswidgets.store.wifi import wifi_of
from npswidgets.store.workshops import add_session, create_workshop, list_workshops, read_workshop

LONGEST_NUMBER = 9
SAVED = "changed"
"""What stands behind the address of the ready page once names are saved."""


@dataclass(frozen=True)
class Doubt:
    """What the start page says while the date is in doubt.

    Attributes:
        day: the date, as the button sends it back.
        due: how many people are past it, if it is right.
    """

    now: str
    certain: str
    day: str
    due: int


class OperatorPage(Page):
    """A page for whoever runs the server."""

    @property
    def engine(self) -> Engine:
        """The database."""
        engine: Engine = self.settings["engine"]
        return engine

    def is_operator(self) -> bool:
        """Whether whoever asks is one."""
        return is_operator(self)

    def may_prepare(self, workshop: str) -> bool:
        """Whether this browser may see what a workshop is prepared with: the operator's, and who facilitates it."""
        return self.is_operator() or grant_of(self, "facilitator", workshop) is not None

    async def open_workshop(self, workshop: str) -> None:
        """Lets the operator's browser in as facilitator, unless it is in already."""
        if grant_of(self, "facilitator", workshop) is None:
            await self.stored(open_as_operator, self.engine, browser_of(self) or "", workshop)


class StartPage(OperatorPage):
    """`/start`: the form, and the list of workshops."""

    @allow_unauthenticated
    def get(self) -> None:
        """The form."""
        if not self.is_operator():
            return draw_link_page(self, "operator")
        known, today = list_workshops(self.engine), day_of(datetime.now(UTC)).isoformat()
        council, asked = known[0].council if known else "", self.get_query_argument("rubric", "")
        return self._draw(Form(council=council, sessions=[SessionForm(day=today)], rubric=asked))

    head = get

    @allow_unauthenticated
    async def post(self) -> None:
        """Makes the workshop, or says what is missing; or the form comes back with other sessions or another rubric."""
        if not self.is_operator():
            raise HTTPError(403)
        form = self._typed()
        rubric = self._rubric(form)
        if asked := self.get_body_argument("change", ""):
            form.change_sessions(asked)
            return self._draw(form)
        form.check(rubric)
        if form.problems:
            return self._draw(form)
        new = form.workshop(rubric)
        try:
            created = await self.stored(create_workshop, self.engine, new)
        except WorkshopError as error:
            form.problems["form"] = str(error)
            return self._draw(form)
        slots = [(one.slot.day, one.slot.minutes) for one in form.sessions]
        plan = Plan(new.sessions[0][0], *slots[0], dict(zip([*created.codes][1:], slots[1:], strict=True)))
        await self.stored(keep_plan, self.engine, created.workshop, plan)
        await self.open_workshop(created.workshop)
        return self.redirect(READY.of(created.workshop), status=303)

    def _typed(self) -> Form:
        def typed(name: str) -> str:
            return self.get_body_argument(name, "")

        number = typed("sessions")
        known = number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER
        return Form(
            council=typed("council"),
            sessions=[
                typed_session(self, mark_of(one))
                for one in range(1, min(max(int(number) if known else 1, 1), MOST_SESSIONS) + 1)
            ],
            departments=typed("departments"),
            anonymity=typed("anonymity"),
            departments_in_reports=bool(typed("departments_in_reports")),
            rubric=typed("rubric"),
        )

    def _rubric(self, form: Form) -> Rubric:
        """What is scored; the diagnostic of 2018 where the chosen one has gone meanwhile, which is noted."""
        try:
            return rubric_of(self.engine, form.rubric)
        except NotFound as gone:
            form.rubric, form.problems["rubric"] = "", str(gone)
            return rubric_of(self.engine, "")

    def _draw(self, form: Form) -> None:
        known = [(one.id, f"{say_workshop(self.engine, one)} · {one.council}") for one in list_workshops(self.engine)]
        listed, rubric = known[:MOST_LISTED], self._rubric(form)
        topics = rubric.value_codes.values()
        form.departments = departments_for(form.departments, rubric)
        self.draw(
            "start.html",
            form=form,
            rubric=rubric,
            chosen=rubric_digest(rubric),
            rubrics=offered(self.engine, form.rubric),
            topics=len(topics),
            topic_minutes=talk_minutes(topics, int(SessionForm.people)),
            areas={area.id: (area.name, len(area.value_codes)) for area in rubric.key_areas},
            lengths=LENGTHS,
            modes=MODES,
            most_sessions=MOST_SESSIONS,
            known=listed,
            problems=form.problems,
            doubt=self._doubt(),
            signs_on=self.settings["hub"] is not None,
        )

    def _doubt(self) -> Doubt | None:
        seen: Clock = self.settings["clock"].latest
        now = datetime.now(UTC)
        if seen.doubted is None:
            return None
        return Doubt(say_time(now), say_time(seen.certain), now.date().isoformat(), count_due(self.engine, now))


def typed_session(page: Page, mark: str = "") -> SessionForm:
    """What was typed for one session."""
    minutes = page.get_body_argument(f"minutes{mark}", "")
    return SessionForm(
        parts=page.get_body_arguments(f"parts{mark}"),
        day=page.get_body_argument(f"day{mark}", ""),
        minutes=minutes if minutes in map(str, LENGTHS) else SessionForm.minutes,
        people=page.get_body_argument(f"people{mark}", ""),
        mark=mark,
    )


@dataclass(frozen=True)
class ReadySession:
    """What the ready page says of a session.

    Attributes:
        code: as people type it; empty once it has ended.
        says: how long it takes.
        day: when it is held; empty where that is not known.
        invitation: to copy; `asking` the one that asks for first scores before the day, where that can be.
    """

    session: Session
    code: str
    says: tuple[str, ...]
    day: str
    invitation: str
    asking: str


class DrawsReady(OperatorPage):
    """A page that shows what is ready."""

    def draw_ready(
        self,
        state: Workshop,
        added: SessionForm | None = None,
        names: Names | None = None,
        problems: Problems | None = None,
    ) -> None:
        """The page.

        Args:
            added: what was typed for one more session.
            names: what was typed for other names and numbers.
            problems: what is wrong with either.
        """
        plan, address = plan_of(self.engine, state.id), join_address(self.engine)
        with self.engine.connect() as db:
            known = doors.read_all(db, state.id)
        sessions = [self._ready(state, one, known.get(one.id), plan, address) for one in state.sessions.values()]
        free = free_parts(state)
        last = slot_of(plan, state, sessions[-1].session.id)
        expected = max(one.session.people_expected for one in sessions)
        return self.draw(
            "ready.html",
            council=self.councils.of(state.id),
            workshop=state,
            sessions=sessions,
            address=address,
            qr=qr_code(CHECK.at(address)),
            wifi=wifi_of(self.engine),
            not_open_yet=NOT_OPEN_YET,
            operator=self.is_operator(),
            parts=PARTS,
            people=expected or PEOPLE,
            most_sheets=MOST_SHEETS,
            MOST_GIVEN_BYTES=MOST_GIVEN_BYTES,
            TOO_LARGE=TOO_LARGE,
            free=free,
            lengths=LENGTHS,
            names=names or names_of(state),
            recorded=names_of(state),
            opened="names" if names else "session" if problems else "",
            saved=self.request.query == SAVED,
            added=added or SessionForm([], last.day, str(last.minutes or 90), str(expected or PEOPLE)),
            problems=problems or {},
        )

    def _ready(
        self, state: Workshop, session: Session, door: Door | None, plan: Plan | None, address: str
    ) -> ReadySession:
        slot = slot_of(plan, state, session.id)
        day, open_door = slot.date, None if session.state == "closed" else door
        link = join_link(address, door.secret) if door else ""
        return ReadySession(
            session,
            grouped(open_door.code) if open_door else "",
            say_length(state.rubric, session.codes, session.people_expected, slot.minutes),
            say_day(day) if day else "",
            invitation(state, session, day, link),
            invitation(state, session, day, link, before_the_day=True) if can_ask_before(state, session) else "",
        )


class ReadyPage(DrawsReady):
    """`/start/<workshop>`: the codes, and the way to the screens; posting there goes on with a workshop."""

    @allow_unauthenticated
    async def get(self, workshop: str) -> None:
        """What people need to join; the operator's browser is let in, so that its links to the screens open."""
        if not self.may_prepare(workshop):
            return draw_link_page(self, "operator")
        try:
            state = read_workshop(self.engine, workshop)
        except NotFound:
            raise HTTPError(404) from None
        if self.is_operator():
            await self.open_workshop(workshop)
        return self.draw_ready(state)

    head = get

    @allow_unauthenticated
    async def post(self, workshop: str) -> None:
        """Opens an existing workshop, or one of its sessions."""
        if not self.may_prepare(workshop):
            raise HTTPError(403)
        if workshop not in {one.id for one in list_workshops(self.engine)}:
            raise HTTPError(404)
        if self.is_operator():
            await self.open_workshop(workshop)
        session = self.get_body_argument("session", "")
        self.redirect(FACILITATE_SESSION.of(workshop, session) if session else FACILITATE.of(workshop), status=303)


class SessionsPage(DrawsReady):
    """`/start/<workshop>/sessions`: one more session."""

    @allow_unauthenticated
    async def post(self, workshop: str) -> None:
        """Plans the session and opens it, or says what is missing."""
        if not self.is_operator():
            raise HTTPError(403)
        try:
            state = read_workshop(self.engine, workshop)
        except NotFound:
            raise HTTPError(404) from None
        typed = typed_session(self)
        problems = typed.check(state.rubric, {})
        codes = tuple(code for code in typed.codes(state.rubric) if code not in state.topics)
        if not codes:
            problems.setdefault("parts", f"Another session scores all of these {state.rubric.words.topic.many}")
        if problems:
            return self.draw_ready(state, typed, problems=problems)
        title, _ = typed.planned(state.rubric)
        try:
            session = await self.stored(add_session, self.engine, workshop, title, codes, int(typed.people))
        except RuleBroken as broken:
            return self.draw_ready(state, typed, problems={"form": str(broken)})
        plan = add_slot(plan_of(self.engine, workshop), state, session, typed.slot)
        await self.stored(keep_plan, self.engine, workshop, plan)
        return self.redirect(READY.of(workshop), status=303)
