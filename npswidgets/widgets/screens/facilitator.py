"""The facilitator's page: three columns below a bar, and the end in place of the topic."""

import asyncio
from asyncio import Task
from datetime import UTC, datetime
from typing import Any

import ipywidgets

from npswidgets.domain.actor import Actor
from npswidgets.store.hints import Listener
from npswidgets.store.live import Trouble, follow
from npswidgets.store.workshop_store import WorkshopStore, open_store
from npswidgets.widgets.action_list import ActionList
from npswidgets.widgets.agreed_list import AgreedList
from npswidgets.widgets.door_band import DoorBand
from npswidgets.widgets.facilitating import closing_pages, pages, report_page, room, together
from npswidgets.widgets.facilitating.desk import Desk
from npswidgets.widgets.facilitating.door import traits as door_traits
from npswidgets.widgets.facilitating.look import Look
from npswidgets.widgets.facilitating.messages import Message, Writing
from npswidgets.widgets.facilitating.now import now
from npswidgets.widgets.facilitating.writers import STOPPED_SECONDS, Writers
from npswidgets.widgets.facilitator_bar import FacilitatorBar
from npswidgets.widgets.notes_form import NotesForm
from npswidgets.widgets.now_panel import NowPanel
from npswidgets.widgets.paper_votes import PaperVotes
from npswidgets.widgets.passage import Passage
from npswidgets.widgets.report_files import ReportFiles
from npswidgets.widgets.room_band import RoomBand
from npswidgets.widgets.score_form import ScoreForm
from npswidgets.widgets.screens.opening import opened
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
        self.door = DoorBand(scale="desk")
        self.band, self.heading = RoomBand(scale="desk"), TopicHeading(scale="desk")
        self.board, self.importance = VoteBoard(scale="desk"), Passage(scale="desk")
        self.paper = PaperVotes(scale="desk")
        self.score, self.notes = ScoreForm(scale="desk"), NotesForm(scale="desk")
        self.agreed, self.together = AgreedList(scale="desk"), TogetherList(scale="desk")
        self._statements = _box("nps-statements-box", self.board, self.importance)
        self._topic = _box("nps-topic", self.band, self.heading, self._statements, self.paper, self.score, self.notes)
        self.sheets = SheetEntry(scale="desk")
        self.actions, self.tidy = ActionList(scale="desk"), TidyList(scale="desk")
        self.reports = ReportFiles(scale="desk")
        self._instead = {
            "together": _box("nps-agreed-box", self.together),
            "sheets": _box("nps-agreed-box", self.sheets),
            "agreed": _box("nps-agreed-box", self.agreed),
            "actions": _box("nps-agreed-box", self.actions),
            "tidy": _box("nps-agreed-box", self.tidy),
            "report": _box("nps-agreed-box", self.reports),
        }
        self._trouble = Trouble("The facilitator's page could not be drawn; trying again")
        columns = _box("nps-columns", self.topics, self._topic, *self._instead.values(), self.now)
        self.widget = _box("nps-facilitator", self.bar, self.door, columns)

    def attach(self, store: WorkshopStore) -> Task[None]:
        """Shows the workshop from now on; cancel the task to stop.

        Raises:
            RuntimeError: no event loop is running.
        """
        self.desk, self.writers = Desk(store), Writers(store.actor.workshop)
        left = (self.bar, self.door, self.topics, self.now, self.band, self.paper, self.score, self.notes)
        for speaker in (*left, self.together, self.sheets, self.agreed, self.actions, self.tidy):
            speaker.hear = self._hear
        self.draw()
        return asyncio.get_running_loop().create_task(self._stay(store))

    async def _stay(self, store: WorkshopStore) -> None:
        """Follows the workshop, and looks at the time now and then: a phone that is not there says nothing."""
        following = follow(store, self.draw, ballots=True)
        hearing = asyncio.get_running_loop().create_task(self._hear_writers(store.actor.workshop))
        try:
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                self._look_again()
        finally:
            following.cancel()
            hearing.cancel()

    async def _hear_writers(self, workshop: str) -> None:
        """Shows who else writes, until that person has stopped for a while."""
        listener, loop = Listener(workshop, "writing"), asyncio.get_running_loop()
        try:
            while listener.hears:
                if self.writers.hear(await listener.next()):
                    self._draw_writer()
                    loop.call_later(STOPPED_SECONDS, self._draw_writer)
        finally:
            listener.close()

    def draw(self) -> None:
        """Fills all traits; what has not changed is not sent. Unrevealed votes are in none of them."""
        with self.desk.store.at_once():
            self._fill()

    def _fill(self) -> None:
        look, store = self.desk.look, self.desk.store
        agenda = look.of_agenda
        ended = look.session.state == "closed"
        door = None if ended else store.doors.get(look.session_id)
        self.bar.fill(pages.header(look, door.code if door else None, store.join_address(), store.saved_at))
        at_the_door = door_traits(look.session, door, store.guessing, datetime.now(UTC))
        self.door.fill(at_the_door | {"problem": self.desk.door_problem})
        self.topics.fill(pages.topics(agenda))
        self.now.fill(now(look) | {"problem": self.desk.told(look)})
        self.band.fill(pages.band(look))
        self.heading.fill(pages.heading(look))
        self.board.fill(pages.board(look))
        self.importance.fill(pages.importance(look))
        self.paper.fill(room.paper(look, self.desk.entering))
        self.score.fill(pages.score(look) | {"clash": self._score_clash()})
        self.notes.fill(pages.notes(look) | {"problem": self.desk.unsaved, "clash": self._note_clash()})
        self._draw_writer()
        self.agreed.fill(pages.agreed(agenda))
        self.together.fill(together.traits(agenda))
        self.reports.fill(report_page.report_files(agenda))
        if look.page == "sheets":
            self.sheets.fill(self.desk.sheets.traits(agenda))
        self._draw_finish(agenda)
        self._topic.layout.display = "none" if look.page in self._instead else ""
        for page, box in self._instead.items():
            box.layout.display = "" if look.page == page else "none"

    def _draw_finish(self, look: Look) -> None:
        """What goes wrong is said on the page that is open, and on no other."""
        desk = self.desk
        clash, texts = closing_pages.clash_of(desk.closing.clash), desk.notes.clash
        told = {"problem": desk.trouble, "clash": clash}
        self.actions.fill(closing_pages.actions(look) | (told if look.page == "actions" else _NOTHING_TOLD))
        if texts and not clash:
            told["clash"] = {"code": texts.code, "note": texts.note, "theirs": texts.theirs}
        told["problem"] = desk.trouble or desk.unsaved
        self.tidy.fill(closing_pages.tidy_up(look) | (told if look.page == "tidy" else _NOTHING_TOLD))

    def _draw_writer(self) -> None:
        self.notes.writer = self.writers.words(self.desk.code)

    def _look_again(self) -> None:
        try:
            self.draw()
        except Exception as error:  # the page goes on with what it has, and looks again
            self._trouble.say(error)
        else:
            self._trouble.over()

    def _hear(self, message: Message) -> None:
        if isinstance(message, Writing):
            return self.writers.tell(self.desk.known(message.code))
        try:
            self.desk.hear(message)
        finally:
            self.draw()
        return None

    def _score_clash(self) -> dict[str, Any]:
        clash = self.desk.clash
        here = clash is not None and clash.code == self.desk.code
        return {"theirs": str(clash.theirs), "at": clash.at.isoformat()} if clash and here else {}

    def _note_clash(self) -> dict[str, Any]:
        clash = self.desk.notes.clash
        here = clash is not None and clash.code == self.desk.code
        return {"note": clash.note, "theirs": clash.theirs} if clash and here else {}


_NOTHING_TOLD: dict[str, Any] = {"problem": "", "clash": {}}


def build() -> FacilitatorScreen:
    """The page, made from nothing but code."""
    return FacilitatorScreen()


def facilitator(workshop_id: str | None = None) -> ipywidgets.Widget:
    """The facilitator's page.

    Args:
        workshop_id: a workshop in the database of the settings, for whoever runs JupyterLab on it. Without one it is
            the workshop for which this kernel was started, or the example.

    Raises:
        NotFound, NotAllowed, StoreFault: the workshop cannot be opened.
    """
    screen = build()
    if workshop_id is None:
        return opened(screen, "facilitator")
    screen.attach(open_store(Actor(workshop_id, "facilitator")))
    return screen.widget


def _box(name: str, *children: ipywidgets.Widget) -> ipywidgets.Box:
    box = ipywidgets.Box(children)
    box.add_class(name)
    return box
