"""The operator's pages: a form with six fields makes a workshop, and the workshops that there are go on."""

from dataclasses import dataclass
from datetime import UTC, datetime

from jupyter_server.auth.decorator import allow_unauthenticated
from sqlalchemy import Engine
from tornado.web import HTTPError

from npswidgets.addresses import CHECK, FACILITATE, READY, join_link
from npswidgets.domain.actor import Actor
from npswidgets.domain.clock import Clock
from npswidgets.domain.days import day_of
from npswidgets.domain.join_code import grouped
from npswidgets.errors import NotFound, WorkshopError
from npswidgets.report.invitation import NOT_OPEN_YET, can_ask_before, invitation
from npswidgets.report.pack import MOST_SHEETS, PARTS, PEOPLE
from npswidgets.server.http.access import OPERATOR, browser_of, grant_of
from npswidgets.server.machine.address import join_address, qr_code
from npswidgets.server.machine.clock import say_time
from npswidgets.server.pages.link_page import draw_link_page
from npswidgets.server.pages.page import Page
from npswidgets.server.pages.plan import (
    LENGTHS,
    MOST_LISTED,
    Form,
    Plan,
    keep_plan,
    plan_of,
    say_length,
    say_workshop,
    to_date,
)
from npswidgets.store import doors
from npswidgets.store.access import add_grant, grants_of
from npswidgets.store.erasing import count_due
from npswidgets.store.rubric_files import load_rubric
from npswidgets.store.wifi import wifi_of
from npswidgets.store.workshops import create_workshop, list_workshops, read_workshop


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
        """Whether this browser came in by the operator's link."""
        browser = browser_of(self)
        return browser is not None and OPERATOR in grants_of(self.engine, browser)

    def may_prepare(self, workshop: str) -> bool:
        """Whether this browser may see what a workshop is prepared with: the operator's, and who facilitates it."""
        return self.is_operator() or grant_of(self, "facilitator", workshop) is not None

    async def open_workshop(self, workshop: str) -> None:
        """Lets the operator's browser in as facilitator, unless it is in already."""
        browser, facilitator = browser_of(self) or "", Actor(workshop, "facilitator")
        if facilitator not in grants_of(self.engine, browser):
            await self.stored(add_grant, self.engine, browser, facilitator)


class StartPage(OperatorPage):
    """`/start`: the form, and the list of workshops."""

    @allow_unauthenticated
    def get(self) -> None:
        """The form."""
        if not self.is_operator():
            return draw_link_page(self, "operator")
        known, today = list_workshops(self.engine), day_of(datetime.now(UTC)).isoformat()
        return self._draw(Form(council=known[0].council if known else "", day=today))

    head = get

    @allow_unauthenticated
    async def post(self) -> None:
        """Makes the workshop, or says what is missing."""
        if not self.is_operator():
            raise HTTPError(403)
        form, rubric = self._typed(), load_rubric()
        form.check(rubric)
        if form.problems:
            return self._draw(form)
        new = form.workshop(rubric)
        try:
            created = await self.stored(create_workshop, self.engine, new)
        except WorkshopError as error:
            form.problems["form"] = str(error)
            return self._draw(form)
        plan = Plan(new.sessions[0][0], form.day, int(form.minutes))
        await self.stored(keep_plan, self.engine, created.workshop, plan)
        await self.open_workshop(created.workshop)
        return self.redirect(READY.of(created.workshop), status=303)

    def _typed(self) -> Form:
        def typed(name: str) -> str:
            return self.get_body_argument(name, "")

        return Form(
            council=typed("council"),
            parts=self.get_body_arguments("parts"),
            day=typed("day"),
            minutes=typed("minutes") if typed("minutes") in map(str, LENGTHS) else Form.minutes,
            departments=typed("departments"),
            anonymity=typed("anonymity"),
            people=typed("people"),
            departments_in_reports=bool(typed("departments_in_reports")),
        )

    def _draw(self, form: Form) -> None:
        known = [(one.id, f"{say_workshop(self.engine, one)} · {one.council}") for one in list_workshops(self.engine)]
        listed = known[:MOST_LISTED]
        self.draw(
            "start.html",
            form=form,
            rubric=load_rubric(),
            lengths=LENGTHS,
            known=listed,
            problems=form.problems,
            doubt=self._doubt(),
        )

    def _doubt(self) -> Doubt | None:
        seen: Clock = self.settings["clock"].latest
        now = datetime.now(UTC)
        if seen.doubted is None:
            return None
        return Doubt(say_time(now), say_time(seen.certain), now.date().isoformat(), count_due(self.engine, now))


class ReadyPage(OperatorPage):
    """`/start/<workshop>`: the code, and the way to the two screens; posting there goes on with a workshop."""

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
        session = next(iter(state.sessions.values()))
        plan = plan_of(self.engine, workshop)
        says = say_length(state.rubric, session.codes, session.people_expected, plan.minutes if plan else 0)
        with self.engine.connect() as db:
            door = doors.read(db, workshop, session.id)
        address = join_address(self.engine)
        day, link = to_date(plan.day) if plan else None, join_link(address, door.secret) if door else ""
        return self.draw(
            "ready.html",
            workshop=state,
            session=session,
            says=says,
            code=grouped(door.code) if door else "",
            address=address,
            qr=qr_code(CHECK.at(address)),
            wifi=wifi_of(self.engine),
            invitation=invitation(state, session, day, link),
            asking=invitation(state, session, day, link, before_the_day=True) if can_ask_before(state, session) else "",
            not_open_yet=NOT_OPEN_YET,
            operator=self.is_operator(),
            parts=PARTS,
            people=session.people_expected or PEOPLE,
            most_sheets=MOST_SHEETS,
        )

    head = get

    @allow_unauthenticated
    async def post(self, workshop: str) -> None:
        """Opens an existing workshop."""
        if not self.may_prepare(workshop):
            raise HTTPError(403)
        if workshop not in {one.id for one in list_workshops(self.engine)}:
            raise HTTPError(404)
        if self.is_operator():
            await self.open_workshop(workshop)
        self.redirect(FACILITATE.of(workshop), status=303)
