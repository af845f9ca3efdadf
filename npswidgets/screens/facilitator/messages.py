"""What a facilitator's browser says. Whether a number is a level, only the rubric knows: it is asked in the store."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

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
    Writing,
)
from npswidgets.screens.facilitator.agenda_messages import AgendaMessage
from npswidgets.screens.facilitator.buttons import Action
from npswidgets.screens.facilitator.closing_messages import ClosingMessage
from npswidgets.screens.facilitator.door_view import DoorAction
from npswidgets.screens.messages import Typed, reader


@dataclass(frozen=True)
class Pressed:
    """A button was pressed, at a moment that `now_view.press_token` names."""

    kind: Literal["pressed"]
    action: Action
    moment: str


@dataclass(frozen=True)
class ScoreChosen:
    """A score was chosen and is not saved yet; `seen` is the mark of the saved score that the form showed then."""

    kind: Literal["score_chosen"]
    code: str
    score: int
    reason: Typed
    case_study: bool
    seen: str


@dataclass(frozen=True)
class ScoreSettled:
    """Two facilitators saved different scores: keep theirs, or save mine over it."""

    kind: Literal["score_settled"]
    code: str
    keep: Literal["theirs", "mine"]


@dataclass(frozen=True)
class ReasonTyped:
    """Why a topic does not apply, as it is typed; `seen` is the mark of the saved score that it was begun beside."""

    kind: Literal["reason_typed"]
    code: str
    text: Typed
    seen: str


@dataclass(frozen=True)
class MenuChosen:
    """An item of the menu; `session` where it leads to another session."""

    kind: Literal["menu_chosen"]
    action: Literal["read_back", "actions", "tidy", "together", "sheets", "report", "session", "agenda"]
    session: str = ""


@dataclass(frozen=True)
class BreakAsked:
    """The room has a break until this time, such as "11:15"."""

    kind: Literal["break_asked"]
    until: str


@dataclass(frozen=True)
class ReasonChosen:
    """A reason is put on the big screen, or taken off it; `number` is its place in the list, from 0 on."""

    kind: Literal["reason_chosen"]
    code: str
    number: Annotated[int, Field(ge=0)]
    show: bool


@dataclass(frozen=True)
class PhonesTakenOut:
    """The phones that were not seen for long do not count; `number` is how many the page showed."""

    kind: Literal["phones_taken_out"]
    number: int


@dataclass(frozen=True)
class PersonCounted:
    """One person counts as in the room, or not; `number` is the place in the list, from 1 on."""

    kind: Literal["person_counted"]
    number: Annotated[int, Field(ge=1)]
    counts: bool


@dataclass(frozen=True)
class HelperUsed:
    """A link for a helper is made, shown, hidden or withdrawn; `number` is the helper's."""

    kind: Literal["helper_used"]
    action: Literal["add", "show", "hide", "withdraw"]
    number: Annotated[int, Field(ge=0)]


@dataclass(frozen=True)
class DoorUsed:
    """Something was done at the door.

    Attributes:
        minutes: with `take_out`, in how many minutes those joined who are taken out.
        number: with `bring_back`, how many people the page showed.
    """

    kind: Literal["door_used"]
    action: DoorAction
    minutes: Annotated[int, Field(ge=0, le=60)] = 0
    number: int = 0


Message: TypeAlias = (
    Pressed
    | LookedAt
    | ScoreChosen
    | ScoreSettled
    | ReasonTyped
    | NoteTyped
    | NoteSettled
    | Writing
    | MenuChosen
    | BreakAsked
    | ReasonChosen
    | PaperCounted
    | PhonesTakenOut
    | PersonCounted
    | HelperUsed
    | DoorUsed
    | PaperAsked
    | PaperTyped
    | HandsTyped
    | SheetTyped
    | SheetTurned
    | ClosingMessage
    | AgendaMessage
)

read: Callable[[dict[str, Any]], Message] = reader(Message)
