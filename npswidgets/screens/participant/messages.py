"""What a participant's browser says. Who votes, and in which session, is not the browser's to say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from npswidgets.domain.events import Answer
from npswidgets.screens.messages import Typed, reader


@dataclass(frozen=True)
class PageSeen:
    """The page came to the front, or has been there for another minute."""

    kind: Literal["look"]


@dataclass(frozen=True)
class VoteCast:
    """A vote.

    Attributes:
        id: made by the browser.
        replaces: the id of the last vote that the browser knows to be saved.
        opening: as the pad has it; 0 from one that has none.
    """

    kind: Literal["cast"]
    id: str
    code: str
    round: int
    answer: Answer
    replaces: str | None
    opening: int = 0


@dataclass(frozen=True)
class ReasonGiven:
    """Why somebody voted so; an empty text takes it back.

    Attributes:
        ballot: the id of the vote that it was typed for; empty for whichever is stored.
    """

    kind: Literal["reason"]
    code: str
    round: int
    text: Typed
    ballot: str = ""


@dataclass(frozen=True)
class NextTopicAsked:
    """On to the next topic, while everybody scores alone."""

    kind: Literal["next"]


@dataclass(frozen=True)
class TopicLookedAt:
    """To this topic, while everybody scores alone."""

    kind: Literal["look_at"]
    code: str


@dataclass(frozen=True)
class TalkRequested:
    """Somebody wants to talk about a topic before its score is taken together with others, or no longer."""

    kind: Literal["wish"]
    code: str
    wanted: bool


@dataclass(frozen=True)
class DepartmentChosen:
    """One of the choices of the field."""

    kind: Literal["department"]
    department: str


@dataclass(frozen=True)
class Left:
    """Somebody goes, and does not count as in the room."""

    kind: Literal["leave"]


@dataclass(frozen=True)
class CameBack:
    """Somebody who had left is here."""

    kind: Literal["come_back"]


Message: TypeAlias = (
    PageSeen
    | VoteCast
    | ReasonGiven
    | NextTopicAsked
    | TopicLookedAt
    | TalkRequested
    | DepartmentChosen
    | Left
    | CameBack
)

read: Callable[[dict[str, Any]], Message] = reader(Message)
