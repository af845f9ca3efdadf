"""The texts that are written down about a topic: which kinds there are, what each is called, and what it asks for."""

from dataclasses import dataclass

from npswidgets.domain.events import NoteKind


@dataclass(frozen=True)
class NoteText:
    """What a kind of note is called, and what stands in its empty field."""

    label: str
    hint: str


NOTES: dict[NoteKind, NoteText] = {
    "comment": NoteText(
        "Comment", "An example, what matters most, how it is done, or anything else. Do not name people."
    ),
    "different_view": NoteText("A different view", "What do some see otherwise, and why?"),
    "evidence": NoteText("Evidence", "What, and where it is kept"),
}
"""In the order of the form; the first is always there, the others where somebody asks for them."""
