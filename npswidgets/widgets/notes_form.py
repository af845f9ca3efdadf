"""What is written down about a topic while the room talks."""

from typing import Any

import traitlets

from npswidgets.domain.notes import NOTES
from npswidgets.widgets.alone import notes_traits
from npswidgets.widgets.base import Widget


def note_kinds() -> list[dict[str, Any]]:
    """The kinds of notes as scripts draw them: {"note", "label", "hint"}."""
    return [{"note": note, "label": text.label, "hint": text.hint} for note, text in NOTES.items()]


class NotesForm(Widget, files="notes_form", scripts=("typed_field",), styles=("form",)):
    """The notes about a topic, saved as they are typed.

    All traits are written by Python and say what is saved. What is typed and not saved yet is kept by the window in
    `sessionStorage`, so a lost connection or a new page loses nothing.

    Attributes:
        workshop, code: what the texts are about.
        writing: whether anything is to be written now.
        kinds: of `note_kinds`.
        notes: the saved text of each kind.
        clash: what another facilitator saved in between: {"note", "theirs"}; empty for none.
        overwritten: the texts that were saved here and that another facilitator has changed since, by kind.
        problem: why the last text was not saved.
        value: the texts in `notes`, for who observes them. Set by Python, and not in the browser.
        writer: that somebody else writes about this topic now; empty for nobody.
    """

    workshop = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    writing = traitlets.Bool(False).tag(sync=True)
    kinds = traitlets.List(traitlets.Dict(), note_kinds()).tag(sync=True)
    notes = traitlets.Dict().tag(sync=True)
    clash = traitlets.Dict().tag(sync=True)
    overwritten = traitlets.Dict().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    writer = traitlets.Unicode().tag(sync=True)
    value = traitlets.Dict()

    def __init__(self, **traits: Any) -> None:
        super().__init__(**notes_traits(traits))
        if self.writing:  # it stands alone
            self.on_message = self._keep

    @traitlets.observe("notes")
    def _notes_changed(self, change: Any) -> None:
        self.value = dict(change["new"])

    def _keep(self, message: dict[str, Any]) -> None:
        match message:
            case {"kind": "note_typed", "code": self.code, "note": str(note), "text": str(text)} if note in NOTES:
                self.notes = {**self.notes, note: text}
