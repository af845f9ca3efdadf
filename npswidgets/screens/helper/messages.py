"""What a helper's browser says: nothing that shows votes, agrees a score or signs off has a message here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

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
from npswidgets.screens.messages import reader


@dataclass(frozen=True)
class SheetsAsked:
    """The entry of score sheets is opened or closed."""

    kind: Literal["sheets_asked"]
    open: bool


Message: TypeAlias = (
    LookedAt
    | NoteTyped
    | NoteSettled
    | Writing
    | PaperAsked
    | PaperCounted
    | PaperTyped
    | HandsTyped
    | SheetsAsked
    | SheetTurned
    | SheetTyped
)

read: Callable[[dict[str, Any]], Message] = reader(Message)
