"""The facilitator's page: three columns below a bar, and the end in place of the topic."""

import asyncio
import secrets
from asyncio import Task
from datetime import UTC, datetime
from typing import Any

import ipywidgets

from npswidgets.domain.actor import Actor
from npswidgets.screens.desk_messages import Writing
from npswidgets.screens.facilitator.controller import Controller
from npswidgets.screens.facilitator.messages import read
from npswidgets.screens.facilitator.view import facilitator_view
from npswidgets.screens.nouns import name_in
from npswidgets.screens.opening import opened
from npswidgets.screens.writers import Writers, follow_writers
from npswidgets.store.database import open_database
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.live import Trouble, follow
from npswidgets.store.opening import open_store
from npswidgets.store.workshops import id_of
from npswidgets.widgets.action_list import ActionList
from npswidgets.widgets.agenda_list import AgendaList
from npswidgets.widgets.agreed_list import AgreedList
from npswidgets.widgets.base import Group
from npswidgets.widgets.door_band import DoorBand
from npswidgets.widgets.facilitator_bar import FacilitatorBar
from npswidgets.widgets.helpers_window import HelpersWindow
from npswidgets.widgets.notes_form import NotesForm
from npswidgets.widgets.now_panel import NowPanel
from npswidgets.widgets.paper_votes import PaperVotes
from npswidgets.widgets.people_list import PeopleList
from npswidgets.widgets.report_files import ReportFiles
from npswidgets.widgets.room_band import RoomBand
from npswidgets.widgets.score_form import ScoreForm
from npswidgets.widgets.sheet_entry import SheetEntry
from npswidgets.widgets.tidy_list import TidyList
from npswidgets.widgets.together_list import TogetherList
from npswidgets.widgets.topic_heading import TopicHeading
from npswidgets.widgets.topic_list import TopicList
from npswidgets.widgets.vote_board import VoteBoard

LOOK_SECONDS = 30


class FacilitatorScreen:
    """The widgets of the page; they show nothing before `attach`."""

    def __init__(self) -> None:
        self.bar, self.topics, self.now = FacilitatorBar(scale="desk"), TopicList(scale="desk"), NowPanel(scale="desk")
        self.door, self.people = DoorBand(scale="desk"), PeopleList(scale="desk")
        self.helpers = HelpersWindow(scale="desk")
        self.band, self.heading = RoomBand(scale="desk"), TopicHeading(scale="desk")
        self.board = VoteBoard(scale="desk")
        self.paper = PaperVotes(scale="desk")
        self.score, self.notes = ScoreForm(scale="desk"), NotesForm(scale="desk")
        self.agreed, self.together = AgreedList(scale="desk"), TogetherList(scale="desk")
        self._statements = _box("nps-statements-box", self.board)
        self._topic = _box("nps-topic", self.band, self.heading, self._statements, self.paper, self.score, self.notes)
        self.sheets = SheetEntry(scale="desk")
        self.agenda = AgendaList(scale="desk")
        self.actions, self.tidy = ActionList(scale="desk"), TidyList(scale="desk")
        self.reports = ReportFiles(scale="desk")
        self._instead = {
            "together": _box("nps-agreed-box", self.together),
            "sheets": _box("nps-agreed-box", self.sheets),
            "agenda": _box("nps-agreed-box", self.agenda),
            "agreed": _box("nps-agreed-box", self.agreed),
            "actions": _box("nps-agreed-box", self.actions),
            "tidy": _box("nps-agreed-box", self.tidy),
            "report": _box("nps-agreed-box", self.reports),
        }
        self._trouble = Trouble("The facilitator's page could not be drawn; trying again")
        columns = _box("nps-columns", self.topics, self._topic, *self._instead.values(), self.now)
        self.widget = _box("nps-facilitator", self.bar, self.door, self.people, self.helpers, columns)

    def attach(self, store: FacilitatorStore) -> Task[None]:
        """Shows the workshop from now on; cancel the task to stop.

        Raises:
            RuntimeError: no event loop is running.
        """
        self.controller, self.writers = Controller(store), Writers(store.actor.workshop)
        left = (self.bar, self.door, self.people, self.topics, self.now, self.band, self.paper, self.score, self.notes)
        pages = (self.together, self.sheets, self.agenda, self.agreed, self.actions, self.tidy)
        for widget in (*left, self.helpers, *pages):
            widget.on_message = self._receive
        self.bar.opening = secrets.token_hex(4)
        name_in(self, store.workshop.rubric)
        self.draw()
        return asyncio.get_running_loop().create_task(self._stay(store))

    async def _stay(self, store: FacilitatorStore) -> None:
        """Follows the workshop, and looks at the time now and then: a phone that is not there says nothing."""
        following = follow(store, self.draw)
        writing = asyncio.get_running_loop().create_task(
            follow_writers(self.writers, store.actor.workshop, self._draw_writer)
        )
        try:
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                self._look_again()
        finally:
            following.cancel()
            writing.cancel()

    def draw(self) -> None:
        """Fills all traits; what has not changed is not sent. Unrevealed votes are in none of them."""
        self.controller.leave_what_is_over()
        with self.controller.store.at_once():
            self._fill()

    def _fill(self) -> None:
        state = self.controller.counted_state()
        workshop = state.of_agenda.workshop
        where = f"{workshop.id}/{state.session_id}"
        by_vote = {name: f"{where}/{workshop.openings_of(state.session_id)}" for name in ("paper", "sheets")}
        for name, traits in vars(facilitator_view(state, self.controller, datetime.now(UTC))).items():
            if traits is not None:
                traits |= {"about": by_vote.get(name, where)}
                getattr(self, name).fill(self._going_on(traits) if name == "now" else traits)
        self._draw_writer()
        self._topic.layout.display = "none" if state.page in self._instead else ""
        for page, box in self._instead.items():
            box.layout.display = "" if state.page == page else "none"

    def _going_on(self, panel: dict[str, Any]) -> dict[str, Any]:
        """The panel with the clock as it was told when it began: the browser counts on, and needs no word for that."""
        same = panel["clock"].get("since") == self.now.clock.get("since")
        return panel | {"clock": self.now.clock} if same else panel

    def _draw_writer(self) -> None:
        self.notes.writer = self.writers.words(self.controller.code)

    def _look_again(self) -> None:
        try:
            self.draw()
        except Exception as error:  # the page goes on with what it has, and looks again
            self._trouble.say(error)
        else:
            self._trouble.over()

    def _receive(self, content: dict[str, Any]) -> None:
        message = read(content)
        if isinstance(message, Writing):
            return self.writers.tell(self.controller.existing_code(message.code))
        try:
            self.controller.handle(message)
        finally:
            self.draw()
        return None


def build() -> FacilitatorScreen:
    """The page, made from nothing but code."""
    return FacilitatorScreen()


def facilitator(workshop_id: str | None = None) -> ipywidgets.Widget:
    """The facilitator's page.

    Args:
        workshop_id: a workshop in the database of the settings, for whoever runs JupyterLab on it, by its id, or by
            the council or title that only one has. Without one it is
            the workshop for which this kernel was started, or the example.

    Raises:
        NotFound, NotAllowed, StoreFault: the workshop cannot be opened.
    """
    screen = build()
    if workshop_id is None:
        return opened(screen, FacilitatorStore)
    engine = open_database()
    try:
        found = id_of(engine, workshop_id)
    finally:
        engine.dispose()
    screen.attach(open_store(FacilitatorStore, Actor(found, "facilitator")))
    return screen.widget


def _box(name: str, *children: ipywidgets.Widget) -> ipywidgets.Box:
    box = Group(children)
    box.add_class(name)
    return box
