"""Where a participant votes, and the bar that tells the truth about the vote."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import traitlets

from npswidgets.domain.events import Answer
from npswidgets.errors import WorkshopError
from npswidgets.widgets.base import Widget

UNREADABLE = "This vote cannot be read. Open the page again, then vote."


@dataclass(frozen=True)
class Cast:
    """A vote as the browser sends it. Who votes, and in which session, is not the browser's to say.

    Attributes:
        id: made by the browser.
        replaces: the id of the last vote that the browser knows to be saved.
    """

    id: str
    code: str
    round: int
    answer: Answer
    replaces: str | None


@dataclass(frozen=True)
class Reasoned:
    """Why somebody voted so, as the browser sends it; an empty text takes it back."""

    code: str
    round: int
    text: str


class VotePad(Widget, files="vote_pad", scripts=("vote_sending", "vote_reason")):
    """The five levels and the two other answers as radio buttons, and the bar at the bottom of the page.

    The browser sends each vote until the kernel has answered it by `saved` or `refused`. All traits are written by
    Python.

    Attributes:
        voter: whose pad this is, so that a vote kept in the browser is never another person's.
        code, round: the vote under way, or the last one.
        voting: whether votes are taken.
        question: the legend of the choice.
        lead: what stands above the choice in a second vote, as {"title", "words", "hint", "keep", "label"}; else empty.
        levels: of `vote_board.level_rows`.
        help: the sentences behind "How we score".
        source: whose words the statements are.
        saved: the vote in the store, as {"ballot": id, "answer": 3}; empty for none.
        refused: the last vote that was not taken, as {"ballot": id, "words": why, "again": whether to try again}.
        reasons: whether a reason can be given with the vote.
        reason: the reason in the store; empty for none.
        reason_problem: why the last reason was not saved; empty if it was.
        onward: the button of the bar once a vote is saved, which leads to the next topic; empty for none.
        status: what the bar says when no votes are taken.
        said: read out by a screen reader when it changes.
        on_cast: called with each vote that the browser sends.
        on_reason: called with each reason that the browser sends.
        on_next: called when the person goes on to the next topic.
        on_look: called when the page comes to the front again, and once a minute while it is there.
    """

    voter = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    round = traitlets.Int().tag(sync=True)
    voting = traitlets.Bool().tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    lead = traitlets.Dict().tag(sync=True)
    levels = traitlets.List(traitlets.Dict()).tag(sync=True)
    help = traitlets.List(traitlets.Unicode()).tag(sync=True)
    source = traitlets.Unicode().tag(sync=True)
    saved = traitlets.Dict().tag(sync=True)
    refused = traitlets.Dict().tag(sync=True)
    reasons = traitlets.Bool(True).tag(sync=True)
    reason = traitlets.Unicode().tag(sync=True)
    reason_problem = traitlets.Unicode().tag(sync=True)
    onward = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode("Connected").tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_cast: Callable[[Cast], None] = lambda _: None
        self.on_reason: Callable[[Reasoned], None] = lambda _: None
        self.on_next: Callable[[], None] = lambda: None
        self.on_look: Callable[[], None] = lambda: None

    def receive(self, message: dict[str, Any]) -> None:
        """Takes "look", "next", "reason", and {"kind": "cast", "id", "code", "round", "answer", "replaces"}."""
        match message:
            case {"kind": "look"}:
                self.on_look()
            case {"kind": "next"}:
                self.on_next()
            case {"kind": "reason", "code": str(code), "round": int(number), "text": str(text)}:
                self.on_reason(Reasoned(code, number, text))
            case {
                "kind": "cast",
                "id": str(ballot),
                "code": str(code),
                "round": int(number),
                "answer": int() | "dont_know" | "not_my_role" as answer,
                "replaces": str() | None as replaces,
            }:
                self.on_cast(Cast(ballot, code, number, answer, replaces))
            case _:
                raise WorkshopError(UNREADABLE)
