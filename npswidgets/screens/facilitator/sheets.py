"""The entry of score sheets: which one it is, what became of the last one, and what comes next."""

from typing import Any

from npswidgets.domain.sheets import Mark, is_open
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import WorkshopError
from npswidgets.screens import words
from npswidgets.screens.facilitator.messages import SheetTurned, SheetTyped
from npswidgets.screens.facilitator.view_state import ViewState
from npswidgets.store.facilitator_store import FacilitatorStore


def can_enter(state: ViewState) -> bool:
    """Whether there may be sheets to enter: people vote now, and some of them on paper."""
    voting = any(is_open(state.workshop, code) for code in state.session.codes)
    on_their_own = bool(state.workshop.on_their_own(state.session_id))
    return state.session.state == "open" and voting and (state.session.on_paper > 0 or on_their_own)


class Sheets:
    """The sheet that is entered now. A sheet is one person's, for the topics of one theme."""

    def __init__(self, store: FacilitatorStore) -> None:
        self._store = store
        self.number, self.theme, self.turn = 1, 0, 0
        self.said = self.problem = ""

    def open(self, session: str) -> None:
        """Begins with the first sheet that was not entered."""
        self.theme, self.said, self.problem = 0, "", ""
        self._go_on(session)

    def handle(self, message: SheetTyped | SheetTurned, session: str) -> None:
        """Saves a sheet and goes on to the next one, or turns to another one."""
        self.problem = ""
        match message:
            case SheetTurned():
                self.number, self.theme, self.said = message.number, message.theme, ""
                self.turn += 1
            case SheetTyped():
                self._save(message, session)

    def traits(self, state: ViewState) -> dict[str, Any]:
        """The traits of the entry."""
        themes = _themes(state.workshop, state.session_id)
        theme = min(self.theme, len(themes) - 1)
        codes = themes[theme][1]
        return {
            "number": min(self.number, state.session.on_paper),
            "total": state.session.on_paper,
            "levels": list(state.workshop.rubric.scale.values),
            "entered": sorted(self._store.sheets(codes)),
            "theme": themes[theme][0],
            "themes": [name for name, _ in themes],
            "rows": [_row(state, code) for code in codes],
            "turn": self.turn,
            "said": self.said,
            "problem": self.problem,
        }

    def _save(self, typed: SheetTyped, session: str) -> None:
        marks = tuple(Mark(one.code, one.round, one.answer) for one in typed.marks)
        try:
            skipped = self._store.enter_sheet(session, typed.number, marks)
        except WorkshopError as error:
            self.problem = str(error)
            return
        filled = sum(mark.answer is not None and mark.code not in skipped for mark in marks)
        self.said = f"Sheet {typed.number} is saved: {filled} of {len(marks)} topics."
        if skipped:
            names = ", ".join(words.topic_name(self._store.workshop, code) for code in skipped)
            self.said += f" Not entered, because no vote on them is open: {names}."
        self._go_on(session)

    def _go_on(self, session: str) -> None:
        """The first sheet that was not entered: of this theme, else of the next one."""
        workshop = self._store.workshop
        themes = _themes(workshop, session)
        self.turn += 1
        for theme in (*range(self.theme, len(themes)), *range(self.theme)):
            entered = self._store.sheets(themes[theme][1])
            missing = [one for one in range(1, workshop.sessions[session].on_paper + 1) if one not in entered]
            if missing:
                self.number, self.theme = missing[0], theme
                return
        self.said = f"{self.said} All sheets are entered.".strip()


def _themes(workshop: Workshop, session: str) -> list[tuple[str, list[str]]]:
    """The themes that a session has a sheet for, and their topics in the order of the sheet."""
    themes: dict[str, list[str]] = {}
    for code in workshop.sessions[session].codes:
        themes.setdefault(workshop.rubric.theme_of(code).name, []).append(code)
    return list(themes.items())


def _row(state: ViewState, code: str) -> dict[str, Any]:
    running = state.workshop.topics[code].running
    return {
        "code": code,
        "number": words.topic_number(state.workshop, code).removeprefix("Topic "),
        "name": words.topic_name(state.workshop, code),
        "round": running.number if running and is_open(state.workshop, code) else -1,
    }
