"""The participant's page: wait, vote, see the votes and what was agreed."""

import logging
from asyncio import Task
from dataclasses import replace
from typing import Any

import ipywidgets

from npswidgets.domain.ballots import ENDED, Ballot, kept_reason, say_answer
from npswidgets.errors import RuleBroken, VoteRefused, WorkshopError, say_error
from npswidgets.screens.nouns import name_in
from npswidgets.screens.opening import opened
from npswidgets.screens.participant.arriving import arrival
from npswidgets.screens.participant.messages import (
    CameBack,
    DepartmentChosen,
    Left,
    NextTopicAsked,
    PageSeen,
    ReasonGiven,
    TalkRequested,
    TopicLookedAt,
    VoteCast,
    read,
)
from npswidgets.screens.participant.view import participant_view
from npswidgets.store.live import follow
from npswidgets.store.participant_store import ParticipantStore
from npswidgets.widgets.base import Column
from npswidgets.widgets.department_field import NO_DEPARTMENT, DepartmentField
from npswidgets.widgets.first_scores import FirstScores
from npswidgets.widgets.leaving import Leaving
from npswidgets.widgets.passage import Passage
from npswidgets.widgets.take_together import TakeTogether
from npswidgets.widgets.topic_heading import TopicHeading
from npswidgets.widgets.vote_board import VoteBoard
from npswidgets.widgets.vote_pad import VotePad

log = logging.getLogger(__name__)

NOT_SAVED = "Your vote is not saved. We keep trying."


class ParticipantScreen:
    """The widgets of the page, before they know whose they are."""

    def __init__(self) -> None:
        self.heading = TopicHeading()
        self.department = DepartmentField()
        self.first = FirstScores()
        self.together = TakeTogether()
        self.board = VoteBoard(statements=False)
        self.passage = Passage()
        self.pad, self.leaving = VotePad(), Leaving()
        above = [self.first, self.heading, self.department, self.board, self.passage, self.together]
        self.widget = Column([*above, self.pad, self.leaving])
        self.widget.add_class("nps-page").add_class("nps-page-phone")
        self._ballots: dict[tuple[str, int], Ballot] = {}
        self._refusals = 0
        self._at: str | None = None

    def attach(self, store: ParticipantStore) -> Task[None]:
        """Shows this person's page from now on; cancel the task to stop.

        Raises:
            RuntimeError: no event loop is running.
        """
        self._store = store
        for widget in (self.pad, self.first, self.together, self.department, self.leaving):
            widget.on_message = self._receive
        name_in(self, store.workshop.rubric)
        self._draw()
        self._show_presence()
        return follow(store, self._draw)

    def _receive(self, content: dict[str, Any]) -> None:
        match read(content):
            case PageSeen():
                self._look_again()
            case VoteCast() as vote:
                self._cast(vote)
            case ReasonGiven() as reason:
                self._give_reason(reason)
            case NextTopicAsked():
                self._next()
            case TopicLookedAt(code=code):
                self._look_at(code)
            case TalkRequested(code=code, wanted=wanted):
                self._request_talk(code, wanted)
            case DepartmentChosen(department=department):
                self._change_department(department)
            case Left() | CameBack() as said:
                self._count(here=isinstance(said, CameBack))

    def _draw(self) -> None:
        workshop = self._store.in_the_room(self._store.actor.session or "")
        self._ballots = self._store.own_ballots()
        elsewhere = self._store.elsewhere()
        view = participant_view(workshop, self._store.actor, self._ballots, self._at, self._store.to_talk, elsewhere)
        self._at = view.at if view.state == "first_scores" else None
        actor = self._store.actor
        about = f"{actor.workshop}/{actor.session}/{actor.participant}"
        asked = [f"{row['code']} {row['level']}" for row in view.together.get("rows", ())]
        self.first.fill(view.first | {"about": about})
        self.together.fill(view.together | {"about": "/".join([about, *asked])})
        session = workshop.sessions[self._store.actor.session or ""]
        self.heading.fill(view.heading | arrival(workshop, session, view))
        self.department.fill(view.department | {"about": f"{about}/{view.department.get('chosen', '')}"})
        self.board.fill(view.board)
        self.passage.fill({"parts": view.parts})
        self.pad.fill(view.pad | {"about": about})
        self.leaving.fill({"state": view.leaving, "about": f"{about}/{view.leaving}"})

    def _cast(self, cast: VoteCast) -> None:
        """Stores a vote and answers the browser; whose vote it is stands in the store, not in the message."""
        actor = self._store.actor
        ballot = Ballot(
            id=cast.id,
            session=actor.session or "",
            code=cast.code,
            round=cast.round,
            participant=actor.participant or "",
            answer=cast.answer,
            replaces=cast.replaces,
            reason=kept_reason(self._ballots.get((cast.code, cast.round)), cast.answer),
            opening=cast.opening,
        )
        try:
            self._store.cast(ballot)
        except VoteRefused as refused:
            self._look_again()
            self._refuse(ballot, str(refused), again=False)
        except Exception as error:  # whatever it was, the voter has to know; the page sends it again
            log.error("A vote was not stored: %s", say_error(error))
            self._refuse(ballot, NOT_SAVED, again=True)
        else:
            self._draw()
            self._show_presence()
            if (cast.code, cast.round) != (self.pad.code, self.pad.round):
                self.pad.taken = ballot.id

    def _next(self) -> None:
        """On to the next topic that this person has not scored, behind the one that was scored."""
        codes = [row["code"] for row in self.first.rows]
        at = codes.index(self._at) if self._at in codes else -1
        todo = [row["code"] for row in [*self.first.rows[at + 1 :], *self.first.rows[: at + 1]] if not row["answer"]]
        self._go_to(next(iter(todo), ""))

    def _look_at(self, code: str) -> None:
        if code not in [row["code"] for row in self.first.rows]:
            raise RuleBroken("There is no such topic. Open the page again, then go on.")
        self._go_to(code)

    def _go_to(self, code: str) -> None:
        self._at = code
        self._draw()

    def _request_talk(self, code: str, wanted: bool) -> None:
        """Pulls a topic out of those that are taken together, or puts it back."""
        self.together.problem = ""
        try:
            self._store.ask_to_talk(code, wanted)
        except WorkshopError as error:
            self.together.problem = str(error)
        self._draw()

    def _count(self, here: bool) -> None:
        """Says whether the person counts as in the room."""
        self.leaving.problem = ""
        try:
            self._store.come_back() if here else self._store.leave()
        except WorkshopError as error:
            self.leaving.problem = str(error)
        self._draw()

    def _give_reason(self, given: ReasonGiven) -> None:
        """Stores a reason with the vote that it belongs to."""
        self.pad.reason_problem = ""
        own = self._store.own_ballots().get((given.code, given.round))
        try:
            if own is None:
                raise VoteRefused(self._why_no_reason())
            if given.ballot not in ("", own.id):
                raise VoteRefused(
                    f"You chose {say_answer(own.answer)} in another window. Is your reason for that, too?"
                )
            self._store.cast(replace(own, reason=given.text.strip()))
        except VoteRefused as refused:
            self.pad.reason_problem = str(refused)
        except Exception as error:  # whatever it was, the person has to know, and can try again
            log.error("A reason was not stored: %s", say_error(error))
            self.pad.reason_problem = "Your reason is not saved. Try again."
        self._draw()

    def _why_no_reason(self) -> str:
        session = self._store.workshop.sessions[self._store.actor.session or ""]
        return ENDED if session.state == "closed" else "Vote first, then add a reason."

    def _refuse(self, ballot: Ballot, words: str, again: bool) -> None:
        self._refusals += 1  # so that the same answer twice is news to the browser
        self.pad.refused = {"ballot": ballot.id, "words": words, "again": again, "number": self._refusals}

    def _look_again(self) -> None:
        """Reads what other windows of the same person may have done."""
        self._store.refresh()
        self._show_presence()
        self._draw()

    def _show_presence(self) -> None:
        try:
            self._store.seen()
        except Exception as error:  # the person can vote all the same
            log.error("It was not noted that a page is there: %s", say_error(error))

    def _change_department(self, department: str) -> None:
        if department not in self.department.choices:
            raise RuleBroken("Select your department or role")
        self._store.change_department(None if department == NO_DEPARTMENT else department)
        self._draw()


def build() -> ParticipantScreen:
    """The page without a person, a workshop or a database."""
    return ParticipantScreen()


def participant() -> ipywidgets.Widget:
    """The page of the participant for whom this kernel was started; in JupyterLab, of one in the example."""
    return opened(build(), ParticipantStore)
