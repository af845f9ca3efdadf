"""One facilitator at work: what is looked at, chosen and typed, and what each message does."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from npswidgets.domain.door import taken_out_last
from npswidgets.domain.events import ClosingPart, SessionOpened
from npswidgets.domain.first_scores import outcome, unfinished
from npswidgets.domain.practice import is_offered, is_practice, practice_code, session_of_practice
from npswidgets.domain.rules import check_level
from npswidgets.domain.workshop import Score, Session, Workshop
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
)
from npswidgets.screens.facilitator import people_view, room_view, steps
from npswidgets.screens.facilitator.agenda import change_agenda
from npswidgets.screens.facilitator.agenda_messages import TopicGiven, TopicLeftOut, TopicShifted
from npswidgets.screens.facilitator.buttons import Action, buttons
from npswidgets.screens.facilitator.closing import Closing
from npswidgets.screens.facilitator.closing_messages import (
    ActionSettled,
    ActionTakenOut,
    ActionTyped,
    CorrectionSettled,
    DraftDated,
    Reopened,
    ScoreCorrected,
    SignedOff,
    TopicChosen,
)
from npswidgets.screens.facilitator.helpers import Helpers
from npswidgets.screens.facilitator.messages import (
    BreakAsked,
    DoorUsed,
    HelperUsed,
    MenuChosen,
    Message,
    PersonCounted,
    PhonesTakenOut,
    Pressed,
    ReasonChosen,
    ReasonTyped,
    ScoreChosen,
    ScoreSettled,
)
from npswidgets.screens.facilitator.now_view import press_token
from npswidgets.screens.facilitator.view_state import Draft, Page, Unseen, ViewState, mark_of, mark_of_draft, tidy
from npswidgets.screens.notes import Notes
from npswidgets.screens.sheets import Sheets
from npswidgets.screens.words import names_kept
from npswidgets.store.facilitator_store import FacilitatorStore


@dataclass(frozen=True)
class ScoreClash:
    """Another facilitator saved this score, or that there is none, while this one chose something else."""

    code: str
    theirs: Score


STOOD_STILL = timedelta(minutes=2)
"""The page looks at the time twice a minute: after so long without a look the computer has slept."""


class Controller:
    """What one facilitator does at a screen. What is chosen or typed and not saved is kept by the browser, too.

    Attributes:
        problem: why the last button did nothing; `unsaved` why the last text is not saved; `paper_problem` why no vote
            on paper was entered; `trouble` why what was done to actions, or to check, did nothing; `door_problem` the
            same at the door, `people_problem` in the list of people, `helper_problem` in that of helpers. In words, or
            empty.
        entering: whether the entry of paper votes is open.
        moved: the topic that was moved to another session last, while the agenda is open.
        clash: what to settle with another facilitator about a score; `notes.clash` about a text, `closing.clash`
            about an action.
    """

    def __init__(self, store: FacilitatorStore) -> None:
        self.store = store
        self.problem = self.unsaved = self.trouble = self.paper_problem = ""
        self.door_problem = self.people_problem = self.helper_problem = ""
        self.notes, self.closing, self.sheets = Notes(store), Closing(store), Sheets(store)
        self.helpers = Helpers(store)
        self.clash: ScoreClash | None = None
        self._votes_then = 0
        self._looked_at = datetime.now(UTC)
        self._awake: datetime | None = None
        self.page: Page = "topic"
        self.entering = self.hurrying = False
        self.moved = ""
        self._chosen: dict[str, ScoreChosen] = {}
        self._reasons: dict[str, ReasonTyped] = {}
        self.code: str
        self._enter(_first_session(store.workshop, store.actor.session))

    def view_state(self) -> ViewState:
        """What this screen is on, of what was read last: enough for the buttons and what they do. Asks no database."""
        code = self._first() if self.page != "topic" and is_practice(self.code) else self.code
        store, workshop = self.store, self.store.of_topic(code)
        chosen = self._chosen.get(code)
        draft = Draft(chosen.score, chosen.reason, chosen.case_study) if chosen else None
        return ViewState(
            workshop=workshop,
            session_id=self.session,
            code=code,
            page=self.page,
            draft=tidy(draft, workshop, workshop.topics[code]) if draft else None,
            to_talk=store.to_talk,
            hurrying=self.hurrying,
            agenda=store.workshop if is_practice(code) else None,
            live_practice=store.in_the_room(self.session).topics.get(practice_code(self.session)),
        )

    def counted_state(self) -> ViewState:
        """The same with what is counted, to be drawn; it asks the database, so it is called once for each drawing."""
        state, store = self.view_state(), self.store
        return replace(
            state,
            votes_in=store.votes_in(state.code),
            paper_in=store.paper_votes(state.code),
            unseen=self._unseen(state.session),
            reasons=store.reasons(state.code),
            finished=store.finished(self.session),
            still_to_vote=store.still_to_vote(state.code),
            booked=store.booked(self.session),
            names=names_kept(*store.times_that_count()) if self.page == "tidy" else "",
        )

    def leave_what_is_over(self) -> None:
        """Turns to the room where the topic looked at is not there any more.

        The practice is over for everybody as soon as anybody starts a topic; a topic may be left out, or moved.
        """
        session = self.store.workshop.sessions[self.session]
        there = is_offered(self.store.workshop, self.session) if is_practice(self.code) else self.code in session.codes
        if not there:
            self.code = session.live or self._first()

    def current_problem(self, votes_in: int) -> str:
        """Why the last button did nothing, in words, until a vote comes in."""
        return self.problem if votes_in == self._votes_then else ""

    def handle(self, message: Message) -> None:
        """Does what the browser asks for.

        Raises:
            RuleBroken: the message names a topic or a session that this workshop does not have.
        """
        self.leave_what_is_over()
        state = self.view_state()
        match message:
            case Pressed() if _offered(state, message):
                self._try(lambda: self._act(message.action, state))
            case LookedAt():
                self._look_at(message.code)
            case ScoreChosen():
                code = self.existing_code(message.code)
                check_level(self.store.of_topic(code), message.score, "A score")
                self._chosen[code] = message
                self.problem = ""
            case ReasonTyped():
                self._reasons[self.existing_code(message.code)] = message
            case NoteTyped():
                self.existing_code(message.code)
                self.unsaved = _words_of(lambda: self.notes.write(message))
            case NoteSettled():
                self.unsaved = _words_of(lambda: self.notes.settle(message))
            case ScoreSettled() if self.clash and self.clash.code == self.code == message.code:
                self._try(lambda: self._settle(message))
            case MenuChosen():
                self._choose(message)
            case TopicChosen() | ActionTyped() | ActionSettled() | ActionTakenOut() | DraftDated():
                self.trouble = _words_of(lambda: self.closing.handle(message))
            case ScoreCorrected() | CorrectionSettled() | SignedOff() | Reopened():
                self.trouble = _words_of(lambda: self.closing.handle(message))
            case BreakAsked():
                self._try(lambda: self._start_break(message.until, state))
            case ReasonChosen() if message.code == self.code:
                self._try(lambda: self._show_reason(message, state))
            case PaperAsked():
                self.entering, self.paper_problem = message.open, ""
            case DoorUsed():
                self.door_problem = _words_of(lambda: self._use_door(message))
            case HelperUsed():
                self.helper_problem = _words_of(lambda: self.helpers.handle(message, self.session))
            case PersonCounted():
                self.people_problem = _words_of(lambda: self._count_person(message))
            case SheetTyped() | SheetTurned():
                self.sheets.handle(message, self.session)
            case TopicLeftOut() | TopicShifted() | TopicGiven():
                self.trouble = _words_of(lambda: change_agenda(self.store, self.session, message))
                self.moved = message.code if isinstance(message, TopicGiven) and not self.trouble else self.moved
            case PaperCounted() | PhonesTakenOut():
                self._try(lambda: self._count(message))
            case PaperTyped() | HandsTyped():
                self.paper_problem = _words_of(lambda: self._count(message))

    def _use_door(self, used: DoorUsed) -> None:
        store = self.store
        match used.action:
            case "let_more_in":
                store.let_more_in(self.session)
            case "close" | "open":
                store.close_door(self.session, used.action == "close")
            case "new_code" | "new_secret":
                store.renew_code(self.session, with_secret=used.action == "new_secret")
            case "take_out":
                store.take_people_out(self.session, datetime.now(UTC) - timedelta(minutes=used.minutes))
            case "bring_back":
                store.refresh()
                if used.number == len(taken_out_last(store.workshop.sessions[self.session])):
                    store.bring_people_back(self.session)

    def _count_person(self, said: PersonCounted) -> None:
        self.store.refresh()
        session = self.store.workshop.sessions[self.session]
        self.store.record(*people_view.counted(session, said.number, said.counts))

    def _show_reason(self, chosen: ReasonChosen, state: ViewState) -> None:
        state = replace(state, reasons=self.store.reasons(state.code))
        self.store.record(*steps.show_reason(state, chosen.number, chosen.show))

    def _start_break(self, until: str, state: ViewState) -> None:
        self.store.record(*steps.start_break(state, until))

    def _unseen(self, session: Session) -> Unseen:
        now = datetime.now(UTC)
        if now - self._looked_at >= STOOD_STILL:
            self._awake = now
        self._looked_at = now
        return room_view.unseen(session, self.store.last_seen(session.id), now, self._awake)

    def _count(self, message: PaperCounted | PhonesTakenOut | PaperTyped | HandsTyped) -> None:
        self.store.refresh()
        session = self.store.workshop.sessions[self.session]
        match message:
            case PaperCounted():
                self.store.record(*room_view.change_on_paper(session, message.by))
            case PhonesTakenOut():
                unseen = self._unseen(session)
                if message.number == len(unseen.participants):
                    self.store.record(*room_view.mark_away(session, unseen))
            case PaperTyped():
                code = self.existing_code(message.code)
                self.store.enter_paper_vote(code, message.round, message.number, message.answer)
            case HandsTyped():
                self.store.enter_hands(self.existing_code(message.code), message.round, message.text)

    def _act(self, action: Action, state: ViewState) -> None:
        record = self.store.record
        self.trouble = ""
        match action:
            case "start" | "start_again" | "take_up":
                record(*steps.start(state.workshop, self.code))
                self._turn_to(self.code)
            case "first_scores":
                record(*steps.start_first_scores(state.of_agenda))
            case "show_first":
                self.hurrying = self._unfinished() > 0
                if not self.hurrying:
                    self._show_first()
            case "show_anyway":
                self._show_first()
            case "take_together" | "hide_together":
                record(*steps.take_together(state, action == "take_together"))
            case "agree_together":
                self.store.agree_together(self.session)
            case "start_talk":
                self._start_talk(state)
            case "start_first":
                record(*steps.start(self.store.workshop, self._first()))
                self._turn_to(self._first())
            case "explain":
                record(*steps.present(state))
            case "skip":
                self.store.skip_practice(self.session)
                self._turn_to(self._first())
            case "end_practice":
                practised = bool(state.topic.rounds)  # else the scoring was explained, and the practice comes now
                self.store.end_practice(self.session, leave=practised)
                if practised:
                    self._turn_to(self._first())
            case "start_afresh":
                record(*steps.start_afresh(state))
            case "end_break":
                record(*steps.end_break(state))
            case "show":
                self.store.show_votes(self.code)
            case "stop":
                record(*steps.stop(state))
            case "vote_again":
                record(*steps.vote_again(state))
            case "save" | "save_next" | "save_finish":
                self._save(action)
            case "next":
                self._next(state)
            case "park":
                record(*steps.park(state))
            case "save_not_applicable":
                self._save_not_applicable()
            case "score":
                self.page = "scoring"
            case "ask":
                self.page = "not_applicable"
            case "back" | "go_there":
                self._turn_to(state.session.live or self.code if action == "go_there" else self.code)
            case "read_back" | "actions":
                self._finish(state, action)
            case "show_closing":
                record(*steps.show_closing(state, "scores" if self.page == "agreed" else "actions"))
            case "hide_closing":
                record(*steps.show_closing(state, None))
            case "tidy" | "report":
                self.page = action
            case "open" | "reopen":
                record(*steps.open_session(state))
                self._turn_to(self.code)
            case "next_session":
                self._begin_next(state)
            case "close":
                record(*steps.close_session(state))
                self.page = "agreed"

    def _begin_next(self, state: ViewState) -> None:
        following = state.workshop.next_session(self.session)
        if following:
            if following.state == "planned":
                self.store.record(SessionOpened(following.id))
            self._enter(following.id)

    def _save(self, action: Action) -> None:
        """Saves the chosen score unless another facilitator saved a different one since it was chosen."""
        self.store.refresh()
        state, chosen = self.view_state(), self._chosen.get(self.code)
        if chosen and self._clashes(state, chosen.seen, mark_of_draft(state.draft, "")):
            return
        onward = steps.start_next(state) if action == "save_next" else ()
        self.store.record(*steps.save(state), *onward)
        self._chosen.pop(self.code, None)
        if action == "save_finish":
            self._finish(self.view_state(), "read_back")
        else:
            live = self.store.workshop.sessions[self.session].live
            self._turn_to(live or self.code if action == "save_next" else self.code)

    def _save_not_applicable(self) -> None:
        """Saves that the topic does not apply, unless another facilitator saved something else meanwhile."""
        self.store.refresh()
        state, typed = self.view_state(), self._reasons.get(self.code)
        why_not = typed.text.strip() if typed else ""
        if typed and self._clashes(state, typed.seen, mark_of_draft(None, why_not)):
            return
        self.store.record(*steps.save_not_applicable(state, why_not))
        self._turn_to(self.code)

    def _clashes(self, state: ViewState, seen: str, mine: str) -> bool:
        """Whether another score was saved than the one that was shown; then it is to be settled which holds."""
        score = state.topic.score
        if score is None or mark_of(score) in (seen, mine):
            return False
        self.clash = ScoreClash(self.code, score)
        return True

    def _next(self, state: ViewState) -> None:
        if state.next:
            self.store.record(*steps.start_next(state))
            self._turn_to(state.next.code)

    def _unfinished(self) -> int:
        """How many may not have scored all topics on their own."""
        self.store.refresh()
        return unfinished(self.store.workshop.sessions[self.session], self.store.finished(self.session))

    def _show_first(self) -> None:
        """Shows the first scores, and turns to what can be taken together, or to what to talk about first."""
        self.hurrying = False
        self.store.show_first_scores(self.session)
        state = self.view_state()
        if state.proposals:
            self.page = "together"
        elif state.first_to_talk:
            self._turn_to(state.first_to_talk.code)

    def _start_talk(self, state: ViewState) -> None:
        if state.first_to_talk:
            self.store.record(*steps.start_talk(state))
            self._turn_to(state.first_to_talk.code)

    def _finish(self, state: ViewState, action: Literal["read_back", "actions"]) -> None:
        """Turns to the scores or the actions; the room comes along from its topic, or if it reads already."""
        part: ClosingPart = "scores" if action == "read_back" else "actions"
        if state.session.closing or (not state.finishing and state.live):
            self.store.record(*steps.show_closing(state, part))
        self.page = "agreed" if action == "read_back" else "actions"

    def _settle(self, settled: ScoreSettled) -> None:
        self.store.refresh()
        score = self.store.workshop.topics[settled.code].score
        if settled.keep == "mine" and self.clash and score and mark_of(score) != mark_of(self.clash.theirs):
            self.clash = replace(self.clash, theirs=score)  # theirs has changed: it was not shown yet
            return
        if settled.keep == "mine" and self.page == "not_applicable":
            typed = self._reasons.get(settled.code)
            self.store.record(*steps.save_not_applicable(self.view_state(), typed.text if typed else ""))
        elif settled.keep == "mine":
            self.store.record(*steps.save(self.view_state()))
        self._chosen.pop(settled.code, None)
        self._reasons.pop(settled.code, None)
        self.clash = None

    def _try(self, act: Callable[[], None]) -> None:
        self.problem = _words_of(act)
        if self.problem:
            self._votes_then = self.store.votes_in(self.code)

    def _choose(self, chosen: MenuChosen) -> None:
        self.trouble = ""
        if chosen.action == "read_back":
            self.page = "agreed"
        elif chosen.action in ("actions", "tidy", "together", "report", "agenda"):
            self.page = chosen.action
            self.moved = ""
        elif chosen.action == "sheets":
            self.page = "sheets"
            self.sheets.open(self.session)
        elif chosen.session not in self.store.workshop.sessions:
            raise RuleBroken(f"The workshop has no session {chosen.session!r}.")
        else:
            self._enter(chosen.session)

    def _enter(self, session: str) -> None:
        found = self.store.workshop.sessions[session]
        self.session = session
        offered = is_offered(self.store.workshop, session) and not self.store.has_left_practice(session)
        self._turn_to(found.live or (practice_code(session) if offered else self._first()))
        state = self.view_state()
        if outcome(self.store.workshop, session) and state.first_to_talk:
            self._turn_to(state.first_to_talk.code)
        self.page = _page_of_the_room(state)

    def _first(self) -> str:
        """The first topic without a score; the first one if all have theirs."""
        topics = self.store.workshop.topics_of(self.session)
        return next((topic for topic in topics if topic.score is None), topics[0]).code

    def _look_at(self, code: str) -> None:
        session = self.store.workshop.sessions.get(session_of_practice(code) or "")
        if session is None or not is_offered(self.store.workshop, session.id):
            self.existing_code(code)
        self._turn_to(code)

    def _turn_to(self, code: str) -> None:
        if code != getattr(self, "code", code):
            self.notes.seen()
            self.closing.seen()
        self.code = code
        self.session = session_of_practice(code) or self.store.workshop.topics[code].session
        self.page = "topic"
        self.entering = self.hurrying = False
        self.problem = ""

    def existing_code(self, code: str) -> str:
        """The value code, if there is such a one.

        Raises:
            RuleBroken: no session of this workshop scores it.
        """
        if code not in self.store.workshop.topics:
            raise RuleBroken(f"No session of this workshop scores {code!r}.")
        return code


def _page_of_the_room(state: ViewState) -> Page:
    """Where a page begins that is opened: with the room, also where that is on no topic."""
    session, shown = state.session, outcome(state.workshop, state.session_id)
    if session.state == "closed":
        return "agreed"
    if session.closing:
        return "agreed" if session.closing == "scores" else "actions"
    between = shown is not None and (shown.close > 0 or state.workshop.scored(session.id) > 0)
    return "together" if session.together or between else "topic"


def _first_session(workshop: Workshop, wanted: str | None) -> str:
    """The session that the page was opened for; else the first one that is open, that is planned, that has ended.

    Raises:
        RuleBroken: there is none.
    """
    if not workshop.sessions:
        raise RuleBroken("This workshop has no session yet.")
    if wanted in workshop.sessions:
        return wanted
    order = ("open", "planned", "closed")
    return min(workshop.sessions.values(), key=lambda session: order.index(session.state)).id


def _offered(state: ViewState, pressed: Pressed) -> bool:
    """Whether this button is there now, and was when it was pressed."""
    main, others = buttons(state)
    return pressed.moment == press_token(state) and pressed.action in (main, *others)


def _words_of(act: Callable[[], None]) -> str:
    """What went wrong, in words; empty if nothing did."""
    try:
        act()
    except WorkshopError as error:
        return str(error)
    return ""
