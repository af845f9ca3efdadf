"""What a browser says at the end of a workshop and afterwards: actions, corrections, signing off."""

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from npswidgets.screens.messages import Typed

ActionField: TypeAlias = Literal["what", "owner", "due", "done_when"]
CorrectedText: TypeAlias = Literal["reason", "not_applicable"]
ActionId: TypeAlias = Annotated[str, Field(min_length=1, max_length=64)]


@dataclass(frozen=True)
class TopicChosen:
    """A topic is chosen for action, or no longer."""

    kind: Literal["topic_chosen"]
    code: str
    chosen: bool


@dataclass(frozen=True)
class ActionTyped:
    """A field of an action in full; `seen` is the saved text that it was made from."""

    kind: Literal["action_typed"]
    code: str
    action: ActionId
    field: ActionField
    text: Typed
    seen: str


@dataclass(frozen=True)
class ActionSettled:
    """Two facilitators changed the same field of an action: keep theirs, or save mine over it."""

    kind: Literal["action_settled"]
    code: str
    action: ActionId
    field: ActionField
    keep: Literal["theirs", "mine"]


@dataclass(frozen=True)
class ActionTakenOut:
    """An action will not be done after all; `seen` are its fields as the page showed them, a line each."""

    kind: Literal["action_taken_out"]
    code: str
    action: ActionId
    seen: Typed


@dataclass(frozen=True)
class DraftDated:
    """The day by which the draft report is sent, as a date field gives it; empty for none."""

    kind: Literal["draft_dated"]
    session: str
    by: str


@dataclass(frozen=True)
class ScoreCorrected:
    """A score put right in the list of all topics.

    Exactly one of `score` and `not_applicable` says something.

    Attributes:
        seen: the mark of the saved score that the list showed.
        text: which text was typed; empty where something was chosen.
        made_from: the saved text that it was made from.
    """

    kind: Literal["score_corrected"]
    code: str
    score: int | None
    not_applicable: Typed
    reason: Typed
    case_study: bool
    seen: str
    text: CorrectedText | Literal[""] = ""
    made_from: str = ""


@dataclass(frozen=True)
class CorrectionSettled:
    """Two facilitators changed the same text about a score: keep theirs, or save mine over it."""

    kind: Literal["correction_settled"]
    code: str
    text: CorrectedText
    keep: Literal["theirs", "mine"]


@dataclass(frozen=True)
class SignedOff:
    """The workshop is signed off and locked, by a job title."""

    kind: Literal["signed_off"]
    role: Typed


@dataclass(frozen=True)
class Reopened:
    """The lock is taken off, for a reason."""

    kind: Literal["reopened"]
    reason: Typed


ClosingMessage: TypeAlias = (
    TopicChosen
    | ActionTyped
    | ActionSettled
    | ActionTakenOut
    | DraftDated
    | ScoreCorrected
    | CorrectionSettled
    | SignedOff
    | Reopened
)
