"""The texts that a facilitator or a helper writes about topics, beside another one who may write the same."""

from dataclasses import dataclass, replace

from npswidgets.domain.events import NoteKind
from npswidgets.screens.desk_messages import NoteSettled, NoteTyped
from npswidgets.store.desk_store import DeskStore


@dataclass(frozen=True)
class NoteClash:
    """Another facilitator changed this text while this one typed `mine`, which is not saved."""

    code: str
    note: NoteKind
    theirs: str
    mine: str


class Notes:
    """Saves texts as they are typed, and never one over another that its writer has not seen.

    Attributes:
        clash: what to settle with the other facilitator.
    """

    def __init__(self, store: DeskStore) -> None:
        self.clash: NoteClash | None = None
        self._store = store
        self._written: dict[tuple[str, NoteKind], str] = {}

    def write(self, typed: NoteTyped) -> None:
        """Saves a text unless somebody else changed it; what was written here is no change of somebody else.

        Raises:
            RuleBroken, StoreFault: it is not saved.
        """
        self._store.refresh()
        saved = self._store.workshop.topics[typed.code].note(typed.note)
        if saved == typed.text:
            return
        if saved not in (typed.seen, self._written.get((typed.code, typed.note))):
            self.clash = NoteClash(typed.code, typed.note, saved, typed.text)
            return
        self._save(typed.code, typed.note, typed.text)

    def settle(self, settled: NoteSettled) -> None:
        """Keeps their text, or saves mine over it; nothing if there is no such clash.

        Raises:
            RuleBroken, StoreFault: it is not saved.
        """
        clash = self.clash
        if clash is None or (clash.code, clash.note) != (settled.code, settled.note):
            return
        self._store.refresh()
        saved = self._store.workshop.topics[clash.code].note(clash.note)
        if settled.keep == "mine" and saved != clash.theirs:
            self.clash = replace(clash, theirs=saved)  # they went on writing: these words were not shown yet
            return
        if settled.keep == "mine":
            self._save(clash.code, clash.note, clash.mine)
        self.clash = None
        self._written[clash.code, clash.note] = clash.mine if settled.keep == "mine" else saved

    def overwritten(self, code: str) -> dict[NoteKind, str]:
        """What was saved here about a topic and was changed by another facilitator since, by kind."""
        saved = self._store.workshop.topics[code].note
        return {
            kind: text for (of, kind), text in self._written.items() if of == code and text not in ("", saved(kind))
        }

    def overwritten_anywhere(self) -> dict[str, str]:
        """The same of all topics, by code and kind."""
        codes = {code for code, _ in self._written if code in self._store.workshop.topics}
        return {f"{code}/{kind}": text for code in codes for kind, text in self.overwritten(code).items()}

    def seen(self) -> None:
        """The facilitator turns elsewhere: what another one changed was told, and is no text of this one any more."""
        saved = self._store.workshop.topics
        self._written = {
            (code, note): text for (code, note), text in self._written.items() if saved[code].note(note) == text
        }

    def _save(self, code: str, note: NoteKind, text: str) -> None:
        self._store.write_note(code, note, text)
        self._written[code, note] = text
