"""The entry of score sheets: which one it is, what became of the last one, and what comes next."""

from collections.abc import Sequence
from typing import Any

from npswidgets.domain.sheets import Mark, is_open
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import WorkshopError
from npswidgets.screens import words
from npswidgets.screens.desk_messages import SheetTurned, SheetTyped, TypedMark
from npswidgets.store.desk_store import DeskStore


def can_enter(workshop: Workshop, session_id: str) -> bool:
    """Whether there may be sheets to enter: people vote now, and some of them on paper."""
    session = workshop.sessions[session_id]
    voting = any(is_open(workshop, code) for code in session.codes)
    on_their_own = bool(workshop.on_their_own(session_id))
    return session.state == "open" and voting and (session.on_paper > 0 or on_their_own)


class Sheets:
    """The sheet that is entered now. A sheet is one person's, for the topics of one theme."""

    def __init__(self, store: DeskStore) -> None:
        self._store = store
        self.number, self.theme, self.turn = 1, 0, 0
        self.said = self.problem = ""
        self._fresh = True
        self._refused: SheetTurned | None = None

    def open(self, session: str) -> None:
        """Begins with the first sheet that was not entered."""
        self.theme, self.said, self.problem = 0, "", ""
        self._go_on(session)

    def _turn(self, number: int, theme: int, session: str) -> None:
        """On to a sheet. One that was not entered yet is whoever's comes next: it never goes over another screen's."""
        self.number, self.theme = number, theme
        self.turn += 1
        themes = _themes(self._store.workshop, session)
        self._fresh = number not in self._store.sheets(themes[min(theme, len(themes) - 1)][1])

    def handle(self, message: SheetTyped | SheetTurned, session: str) -> None:
        """Saves a sheet and goes on to the next one, or turns to another one."""
        self.problem = ""
        match message:
            case SheetTurned() if self._may_leave(message, session):
                self._turn(message.number, message.theme, session)
            case SheetTyped() if self._save(message.number, message.marks, session):
                self._go_on(session)

    def traits(self, workshop: Workshop, session: str) -> dict[str, Any]:
        """The traits of the entry."""
        themes, on_paper = _themes(workshop, session), workshop.sessions[session].on_paper
        theme = min(self.theme, len(themes) - 1)
        codes = themes[theme][1]
        return {
            "number": min(self.number, on_paper),
            "total": on_paper,
            "levels": list(workshop.rubric.scale.values),
            "entered": sorted(self._store.sheets(codes) - ({self.number} if self._fresh else set())),
            "theme": themes[theme][0],
            "themes": [name for name, _ in themes],
            "rows": [_row(workshop, code) for code in codes],
            "turn": self.turn,
            "said": self.said,
            "problem": self.problem,
        }

    def _may_leave(self, turned: SheetTurned, session: str) -> bool:
        """Whether what was typed on the sheet is saved; what cannot be is left when that is asked for once more."""
        self.said = ""
        if not turned.marks or self._save(turned.left, turned.marks, session):
            return True
        again, self._refused = turned == self._refused, turned
        self.problem = "" if again else f"{self.problem} What you typed is still here. Press again to leave it out."
        return again

    def _save(self, typed: int, typed_marks: Sequence[TypedMark], session: str) -> bool:
        """Saves what was typed on a sheet, and says so; whether it is saved."""
        marks = tuple(Mark(one.code, one.round, one.answer) for one in typed_marks)
        themes = _themes(self._store.workshop, session)
        codes, number = themes[min(self.theme, len(themes) - 1)][1], typed
        try:
            if self._fresh and typed == self.number:
                number, skipped = self._store.enter_next_sheet(session, number, marks, codes)
            else:
                skipped = self._store.enter_sheet(session, number, marks)
        except WorkshopError as error:
            self.problem = str(error)
            return False
        filled = sum(mark.answer is not None and mark.code not in skipped for mark in marks)
        blank = all(mark.answer is None for mark in marks)
        of = self._store.workshop.rubric.words.topic.counted(len(codes))
        self.said = f"Sheet {number} is {'empty now' if blank else f'saved: {filled} of {of}'}."
        if number != typed:
            self.said += f" Another screen has entered sheet {typed} in between."
        if skipped:
            names = ", ".join(words.topic_name(self._store.workshop, code) for code in skipped)
            self.said += f" Not entered, because no vote on them is open: {names}."
        return True

    def _go_on(self, session: str) -> None:
        """The first sheet that was not entered: of this theme, else of the next one."""
        workshop = self._store.workshop
        themes = _themes(workshop, session)
        for theme in (*range(self.theme, len(themes)), *range(self.theme)):
            entered = self._store.sheets(themes[theme][1])
            missing = [one for one in range(1, workshop.sessions[session].on_paper + 1) if one not in entered]
            if missing:
                self._turn(missing[0], theme, session)
                return
        self._turn(self.number, self.theme, session)
        self.said = f"{self.said} All sheets are entered.".strip()


def _themes(workshop: Workshop, session: str) -> list[tuple[str, list[str]]]:
    """The themes that a session has a sheet for, and their topics in the order of the sheet."""
    themes: dict[str, list[str]] = {}
    for code in workshop.sessions[session].codes:
        themes.setdefault(workshop.rubric.theme_of(code).name, []).append(code)
    return list(themes.items())


def _row(workshop: Workshop, code: str) -> dict[str, Any]:
    running = workshop.topics[code].running
    return {
        "code": code,
        "number": str(words.topic_place(workshop, code)),
        "name": words.topic_name(workshop, code),
        "round": running.number if running and is_open(workshop, code) else -1,
    }
