"""What the browsers of facilitators and helpers say alike: about texts, and votes on paper."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from npswidgets.domain.events import Abstention, NoteKind
from npswidgets.screens.messages import Typed


@dataclass(frozen=True)
class LookedAt:
    """A topic is looked at; the room does not see it."""

    kind: Literal["looked_at"]
    code: str


@dataclass(frozen=True)
class NoteTyped:
    """A note in full; `seen` is the saved text that it was made from."""

    kind: Literal["note_typed"]
    code: str
    note: NoteKind
    text: Typed
    seen: str


@dataclass(frozen=True)
class NoteSettled:
    """Two facilitators changed the same note: keep theirs, or save mine over it."""

    kind: Literal["note_settled"]
    code: str
    note: NoteKind
    keep: Literal["theirs", "mine"]


@dataclass(frozen=True)
class Writing:
    """Somebody types a text about this topic."""

    kind: Literal["writing"]
    code: str


@dataclass(frozen=True)
class PaperCounted:
    """One more on paper, or one fewer."""

    kind: Literal["paper_counted"]
    by: Literal[-1, 1]


@dataclass(frozen=True)
class PaperAsked:
    """The entry of paper votes is opened or closed."""

    kind: Literal["paper_asked"]
    open: bool


@dataclass(frozen=True)
class PaperTyped:
    """The vote on a sheet of paper; None takes it out."""

    kind: Literal["paper_typed"]
    code: str
    round: int
    number: int
    answer: int | Abstention | None


@dataclass(frozen=True)
class TypedMark:
    """What was typed for a topic of a sheet; `round` is the vote that the page showed as open, -1 for none."""

    code: str
    round: int
    answer: int | Abstention | None


@dataclass(frozen=True)
class SheetTyped:
    """A whole score sheet."""

    kind: Literal["sheet_typed"]
    number: int
    marks: tuple[TypedMark, ...]


@dataclass(frozen=True)
class HandsTyped:
    """A show of hands of those on paper, in one line: "2: 3, 3: 5" for three at level 2 and five at level 3."""

    kind: Literal["hands_typed"]
    code: str
    round: int
    text: Typed


@dataclass(frozen=True)
class SheetTurned:
    """Another sheet; `theme` is its place among the themes of the session, from 0 on.

    Attributes:
        left: the sheet that was there.
        marks: what was typed on that one and is to be saved.
    """

    kind: Literal["sheet_turned"]
    number: Annotated[int, Field(ge=1)]
    theme: Annotated[int, Field(ge=0)]
    left: int = 0
    marks: tuple[TypedMark, ...] = ()
