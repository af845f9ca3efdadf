"""What a facilitator's browser says on the page where the agenda is changed."""

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class TopicLeftOut:
    """A topic is left out of the agenda, or put back."""

    kind: Literal["topic_left_out"]
    code: str
    out: bool


@dataclass(frozen=True)
class TopicShifted:
    """A topic comes one place earlier or later."""

    kind: Literal["topic_shifted"]
    code: str
    by: Literal[-1, 1]


@dataclass(frozen=True)
class TopicGiven:
    """A topic is moved to another session; `told` is what the page said becomes of its first scores."""

    kind: Literal["topic_given"]
    code: str
    to: str
    told: str


AgendaMessage: TypeAlias = TopicLeftOut | TopicShifted | TopicGiven
