"""One facilitator at work: what is looked at, chosen and typed, and what each message does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from npswidgets.domain.events import NoteKind, NoteWritten, Words
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken, WorkshopError
from npswidgets.store.workshop_store import WorkshopStore
from npswidgets.widgets.facilitating import steps
from npswidgets.widgets.facilitating.buttons import Action, buttons
from npswidgets.widgets.facilitating.look import Draft, Look, Page, tidy
from npswidgets.widgets.facilitating.messages import (
    LookedAt,
    MenuChosen,
    Message,
    NoteTyped,
    Pressed,
    ReasonTyped,
    ScoreChosen,
    Settled,
)
from npswidgets.widgets.facilitating.now import moment


@dataclass(frozen=True)
class Clash:
    """What another facilitator saved about a topic while this one chose or typed something else."""

    code: str
    of: Literal["score"] | NoteKind
    theirs: str
    at: datetime
    mine: str


class Desk:
    """What one facilitator does at a screen. What is chosen or typed and not saved is kept by the browser, too.

    Attributes:
        problem: why the last button did nothing; `unsaved` why the last text is not saved. In words, or empty.
        clash: what to settle with another facilitator.
    """

    def __init__(self, store: WorkshopStore) -> None:
        self.store = store
        self.problem = self.unsaved = ""
        self.clash: Clash | None = None
        self.page: Page = "topic"
        self._chosen: dict[str, ScoreChosen] = {}
        self._reasons: dict[str, str] = {}
        self._written: dict[tuple[str, NoteKind], str] = {}
        self._enter(_first_session(store.workshop))

    @property
    def look(self) -> Look:
        """What this screen shows now."""
        workshop = self.store.workshop
        chosen = self._chosen.get(self.code)
        draft = Draft(chosen.score, chosen.reason, chosen.case_study) if chosen else None
        return Look(
            workshop,
            self.session,
            self.code,
            self.page,
            self.store.votes_in(self.code),
            tidy(draft, workshop.topics[self.code]) if draft else None,
        )

    def hear(self, message: Message) -> None:
        """Does what the browser asks for.

        Raises:
            RuleBroken: the message names a topic or a session that this workshop does not have.
        """
        match message:
            case Pressed() if self._offered(message):
                self.problem = _words_of(lambda: self._act(message.action))
            case LookedAt():
                self._turn_to(self._known(message.code))
            case ScoreChosen():
                self._chosen[self._known(message.code)] = message
            case ReasonTyped():
                self._reasons[self._known(message.code)] = message.text
            case NoteTyped():
                self._known(message.code)
                self.unsaved = _words_of(lambda: self._write(message))
            case Settled() if self.clash and self.clash.code == message.code:
                clash, self.clash = self.clash, None
                self.problem = _words_of(lambda: self._settle(clash, message.keep))
            case MenuChosen():
                self._choose(message)

    def _offered(self, pressed: Pressed) -> bool:
        """Whether this button is there now, and was when it was pressed."""
        main, others = buttons(self.look)
        return pressed.moment == moment(self.look) and pressed.action in (main, *others)

    def _act(self, action: Action) -> None:
        look, record = self.look, self.store.record
        match action:
            case "start" | "start_again" | "take_up":
                record(*steps.start(look.workshop, self.code))
            case "show":
                self.store.show_votes(self.code)
            case "stop":
                record(*steps.stop(look))
            case "vote_again":
                record(*steps.vote_again(look))
            case "save" | "save_next" | "save_finish":
                self._save(action)
            case "next":
                self._next(look)
            case "park":
                record(*steps.park(look))
            case "save_not_applicable":
                record(*steps.save_not_applicable(look, self._reasons.get(self.code, "")))
                self._turn_to(self.code)
            case "ask":
                self.page = "not_applicable"
            case "back" | "go_there":
                self._turn_to(look.session.live or self.code if action == "go_there" else self.code)
            case "read_back":
                self.page = "agreed"
            case "open" | "reopen":
                record(*steps.open_session(look))
                self._turn_to(self.code)
            case "close":
                record(*steps.close_session(look))

    def _save(self, action: Action) -> None:
        """Saves the chosen score unless another facilitator saved a different one since it was chosen."""
        self.store.refresh()
        look, chosen = self.look, self._chosen.get(self.code)
        saved = look.topic.score.value if look.topic.score else None
        if look.topic.score and saved and chosen and saved not in (chosen.seen, chosen.score):
            self.clash = Clash(self.code, "score", str(saved), look.topic.score.at, str(chosen.score))
            return
        onward = steps.start_next(look) if action == "save_next" else ()
        self.store.record(*steps.save(look), *onward)
        self._chosen.pop(self.code, None)
        if action == "save_finish":
            self.page = "agreed"
        elif action == "save_next":
            self._turn_to(self.store.workshop.sessions[self.session].live or self.code)

    def _next(self, look: Look) -> None:
        if look.next:
            self.store.record(*steps.start_next(look))
            self._turn_to(look.next.code)

    def _write(self, typed: NoteTyped) -> None:
        """Saves a note unless another facilitator changed it since; what this screen wrote itself is no change."""
        self.store.refresh()
        topic = self.store.workshop.topics[typed.code]
        saved = topic.note(typed.note)
        if saved == typed.text:
            return
        if saved not in (typed.seen, self._written.get((typed.code, typed.note))):
            self.clash = Clash(typed.code, typed.note, saved, self.store.saved_at, typed.text)
            return
        self._store_note(typed.code, typed.note, typed.text)

    def _store_note(self, code: str, note: NoteKind, text: str) -> None:
        session = self.store.workshop.topics[code].session
        self.store.record(NoteWritten(session, code, note, Words(text)))
        self._written[code, note] = text

    def _settle(self, clash: Clash, keep: Literal["theirs", "mine"]) -> None:
        if clash.of != "score" and keep == "mine":
            self._store_note(clash.code, clash.of, clash.mine)
        elif clash.of == "score" and keep == "theirs":
            self._chosen.pop(clash.code, None)
        elif clash.of == "score" and clash.code == self.code:
            self.store.record(*steps.save(self.look))
            self._chosen.pop(clash.code, None)

    def _choose(self, chosen: MenuChosen) -> None:
        if chosen.action == "read_back":
            self.page = "agreed"
        elif chosen.session not in self.store.workshop.sessions:
            raise RuleBroken(f"The workshop has no session {chosen.session!r}.")
        else:
            self._enter(chosen.session)

    def _enter(self, session: str) -> None:
        workshop = self.store.workshop
        self.session = session
        todo = (topic.code for topic in workshop.topics_of(session) if topic.score is None)
        found = workshop.sessions[session]
        self._turn_to(found.live or next(todo, found.codes[0]))
        if found.state == "closed":
            self.page = "agreed"

    def _turn_to(self, code: str) -> None:
        self.code = code
        self.session = self.store.workshop.topics[code].session
        self.page = "topic"
        self.problem = ""

    def _known(self, code: str) -> str:
        if code not in self.store.workshop.topics:
            raise RuleBroken(f"No session of this workshop scores {code!r}.")
        return code


def _first_session(workshop: Workshop) -> str:
    """The first session that is open, else one that is planned, else one that has ended.

    Raises:
        RuleBroken: there is none.
    """
    if not workshop.sessions:
        raise RuleBroken("This workshop has no session yet.")
    order = ("open", "planned", "closed")
    return min(workshop.sessions.values(), key=lambda session: order.index(session.state)).id


def _words_of(act: Callable[[], None]) -> str:
    """What went wrong, in words; empty if nothing did."""
    try:
        act()
    except WorkshopError as error:
        return str(error)
    return ""
