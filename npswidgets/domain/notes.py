"""The texts that are written down about a topic: which kinds there are, what each is called, and what it asks for."""

from dataclasses import dataclass

from npswidgets.domain.events import NoteKind


@dataclass(frozen=True)
class NoteText:
    """What a kind of note is called, what stands in its empty field, and what it holds, as tables say it."""

    label: str
    hint: str
    holds: str


NOTES: dict[NoteKind, NoteText] = {
    "comment": NoteText(
        "Comment",
        "An example, what matters most, how it is done, or anything else. Do not name people.",
        "the comment on the score",
    ),
    "different_view": NoteText("A different view", "What do some see otherwise, and why?", "the view that differs"),
    "evidence": NoteText("Evidence", "What, and where it is kept", "what shows it"),
}
"""In the order of the form; the first is always there, the others where somebody asks for them."""

FURTHER_NOTES = tuple(NOTES)[1:]
"""The kinds that somebody asks for."""
