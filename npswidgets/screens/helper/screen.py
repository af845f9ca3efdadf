"""The helper's page: where the room is, the texts about a topic, and votes on paper."""

import asyncio
from asyncio import Task
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import ipywidgets

from npswidgets.errors import RuleBroken, WorkshopError
from npswidgets.screens.desk_messages import (
    HandsTyped,
    LookedAt,
    NoteSettled,
    NoteTyped,
    PaperAsked,
    PaperCounted,
    PaperTyped,
    SheetTurned,
    SheetTyped,
    Writing,
)
from npswidgets.screens.helper.messages import Message, SheetsAsked, read
from npswidgets.screens.helper.view import Counted, helper_view, withdrawn_view
from npswidgets.screens.notes import Notes
from npswidgets.screens.nouns import name_in
from npswidgets.screens.opening import opened
from npswidgets.screens.sheets import Sheets, can_enter
from npswidgets.screens.writers import Writers, follow_writers
from npswidgets.store.helper_store import HelperStore
from npswidgets.store.live import follow
from npswidgets.widgets.base import Column
from npswidgets.widgets.helper_bar import HelperBar
from npswidgets.widgets.notes_form import NotesForm
from npswidgets.widgets.paper_votes import PaperVotes
from npswidgets.widgets.passage import Passage
from npswidgets.widgets.room_band import RoomBand
from npswidgets.widgets.sheet_entry import SheetEntry
from npswidgets.widgets.topic_heading import TopicHeading
from npswidgets.widgets.vote_board import VoteBoard


class HelperScreen:
    """The widgets of the page, before they know which session it is for."""

    def __init__(self) -> None:
        self.bar, self.band, self.heading = HelperBar(), RoomBand(), TopicHeading()
        self.paper, self.sheets, self.notes = PaperVotes(), SheetEntry(), NotesForm()
        self.board, self.passage = VoteBoard(statements=False), Passage()
        self._topic = (self.band, self.heading, self.paper, self.notes, self.board, self.passage)
        self.widget = Column([self.bar, self.sheets, *self._topic])
        self.widget.add_class("nps-page").add_class("nps-page-phone").add_class("nps-page-helper")

    def attach(self, store: HelperStore) -> Task[None]:
        """Shows the session from now on; cancel the task to stop.

        Raises:
            RuntimeError: no event loop is running.
        """
        self._store, self._session = store, store.actor.session or ""
        self._notes, self._sheets, self._writers = Notes(store), Sheets(store), Writers(store.actor.workshop)
        self._code = ""
        self._entering, self._in_sheets = False, False
        self._problem = self._paper_problem = ""
        for widget in (self.bar, self.band, self.paper, self.sheets, self.notes):
            widget.on_message = self._receive
        name_in(self, store.workshop.rubric)
        self._draw()
        return asyncio.get_running_loop().create_task(self._stay())

    async def _stay(self) -> None:
        writing = asyncio.get_running_loop().create_task(
            follow_writers(self._writers, self._store.actor.workshop, self._draw_writer)
        )
        try:
            await follow(self._store, self._draw)
        finally:
            writing.cancel()

    def _receive(self, content: dict[str, Any]) -> None:
        message = read(content)
        if isinstance(message, Writing):
            return self._writers.tell(self._own(message.code))
        try:
            self._handle(message)
        finally:
            self._draw()
        return None

    def _handle(self, message: Message) -> None:
        self._problem = self._paper_problem = ""
        match message:
            case LookedAt(code=code):
                if code != self._code:
                    self._notes.seen()
                self._code, self._entering, self._in_sheets = self._own(code), False, False
            case NoteTyped():
                self._own(message.code)
                self._say(lambda: self._notes.write(message))
            case NoteSettled():
                self._say(lambda: self._notes.settle(message))
            case PaperAsked():
                self._entering = message.open
            case PaperCounted(by=by):
                self._say(lambda: self._count_on_paper(by))
            case PaperTyped():
                self._paper_problem = self._words_of(lambda: self._enter(message))
            case HandsTyped():
                self._paper_problem = self._words_of(lambda: self._enter_hands(message))
            case SheetsAsked():
                self._in_sheets = message.open and can_enter(self._store.workshop, self._session)
                if self._in_sheets:
                    self._sheets.open(self._session)
            case SheetTyped() | SheetTurned():
                self._sheets.handle(message, self._session)

    def _count_on_paper(self, by: int) -> None:
        self._store.refresh()
        there = self._store.workshop.sessions[self._session].on_paper
        if there + by >= 0:
            self._store.count_on_paper(self._session, there + by)

    def _enter(self, typed: PaperTyped) -> None:
        self._store.enter_paper_vote(self._own(typed.code), typed.round, typed.number, typed.answer)

    def _enter_hands(self, typed: HandsTyped) -> None:
        self._store.enter_hands(self._own(typed.code), typed.round, typed.text)

    def _say(self, act: Callable[[], object]) -> None:
        """Does something, or says on the page why it was not done."""
        self._problem = self._words_of(act)

    @staticmethod
    def _words_of(act: Callable[[], object]) -> str:
        """Why it was not done; empty if it was."""
        try:
            act()
        except WorkshopError as error:
            return str(error)
        return ""

    def _own(self, code: str) -> str:
        """The value code, if it is one of the session.

        Raises:
            RuleBroken: it is none.
        """
        if code not in self._store.workshop.sessions[self._session].codes:
            raise RuleBroken(f"This session does not score {code!r}.")
        return code

    def _draw(self) -> None:
        store = self._store
        self._in_sheets = self._in_sheets and not store.withdrawn and can_enter(store.workshop, self._session)
        view = withdrawn_view() if store.withdrawn else self._view()
        about = f"{store.workshop.id}/{self._session}"
        by_vote = f"{about}/{store.workshop.openings_of(self._session)}"
        for name, traits in vars(view).items():
            getattr(self, name).fill(traits | {"about": by_vote if name == "paper" else about})
        for widget in self._topic:  # before the sheets go: the keyboard of whoever types there goes on to its title
            widget.layout.display = "none" if self._in_sheets else ""
        self.sheets.layout.display = "" if self._in_sheets else "none"
        sheets = self._sheets.traits(store.workshop, self._session) if self._in_sheets else {}
        self.sheets.fill(sheets | {"about": by_vote})
        self._draw_writer()

    def _view(self) -> Any:
        store, session = self._store, self._session
        agenda = store.workshop.sessions[session]
        if self._code not in agenda.codes:  # at first, and where it was left out or moved meanwhile
            self._code = agenda.live if agenda.live in agenda.codes else agenda.codes[0]
        room = store.in_the_room(session)
        live = room.sessions[session].live
        with store.at_once():
            votes_in = store.finished(session) if room.on_their_own(session) else store.votes_in(live) if live else 0
            counted = Counted(votes_in, store.paper_votes(self._code))
        view = helper_view(store.workshop, room, session, self._code, counted, self._entering, datetime.now(UTC))
        view.bar["in_sheets"] = self._in_sheets
        at_entry = self._paper_problem if view.paper["total"] else ""  # where it is looked for, while that is open
        view.bar["problem"] = self._problem or (self._paper_problem if not at_entry else "")
        clash = self._notes.clash
        here = {"note": clash.note, "theirs": clash.theirs} if clash and clash.code == self._code else {}
        view.notes.update(clash=here, problem=self._problem, overwritten=self._notes.overwritten(self._code))
        view.paper["problem"] = at_entry or view.paper["problem"]
        return view

    def _draw_writer(self) -> None:
        self.notes.writer = "" if self._store.withdrawn else self._writers.words(self._code)


def build() -> HelperScreen:
    """The page without a session or a database."""
    return HelperScreen()


def helper() -> ipywidgets.Widget:
    """The page of the helper for whom this kernel was started; in JupyterLab, of one in the example."""
    return opened(build(), HelperStore)
