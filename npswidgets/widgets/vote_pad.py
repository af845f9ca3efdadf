"""Where a participant votes, and the bar that tells the truth about the vote."""

from typing import Any

import traitlets

from npswidgets.errors import RuleBroken
from npswidgets.widgets.alone import pad_traits
from npswidgets.widgets.base import Widget, rubric_nouns


class VotePad(Widget, files="vote_pad", scripts=("vote_sending", "vote_reason")):
    """The levels and the two other answers as radio buttons, and the bar at the bottom of the page.

    The browser sends each vote until the kernel has answered it by `saved` or `refused`. All traits are written by
    Python.

    Attributes:
        voter: whose pad this is, so that a vote kept in the browser is never another person's.
        code, round: the vote under way, or the last one.
        opening: which one of that number it is, where voting was started from zero.
        topic: what its topic is called.
        voting: whether votes are taken.
        question: the legend of the choice.
        lead: what stands above the choice in a second vote, as {"title", "words", "hint", "keep", "label"}; else empty.
        levels: of `screens.levels.level_rows`.
        help: the sentences behind "How we score".
        source: whose words the statements are.
        saved: the vote in the store, as {"ballot": id, "answer": 3}; empty for none.
        taken: the id of the last vote that was stored, or was found there, although the pad is on another one by now.
        refused: the last vote that was not taken, as {"ballot": id, "words": why, "again": whether to try again}.
        reasons: whether a reason can be given with the vote.
        reason: the reason in the store, given for the vote in `saved`; empty for none.
        given: all reasons of this person in the store, by vote, as {"reporting/1": reason}.
        shown: whether the votes of that round are shown and talked about, so that what was not saved can be said.
        reason_problem: why the last reason was not saved; empty if it was.
        onward: the button of the bar once a vote is saved, which leads to the next topic; empty for none.
        status: what the bar says when no votes are taken.
        said: read out by a screen reader when it changes.
        value: the answer in `saved`, for who observes it: a level, "dont_know" or "not_my_role"; None for none. It is
            set by Python, and is not in the browser.

    `VotePad(code="reporting")` stands alone: it takes the votes that are cast in it.
    """

    voter = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    round = traitlets.Int().tag(sync=True)
    opening = traitlets.Int().tag(sync=True)
    topic = traitlets.Unicode().tag(sync=True)
    voting = traitlets.Bool().tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    lead = traitlets.Dict().tag(sync=True)
    levels = traitlets.List(traitlets.Dict()).tag(sync=True)
    help = traitlets.List(traitlets.Unicode()).tag(sync=True)
    source = traitlets.Unicode().tag(sync=True)
    saved = traitlets.Dict().tag(sync=True)
    taken = traitlets.Unicode().tag(sync=True)
    refused = traitlets.Dict().tag(sync=True)
    reasons = traitlets.Bool(True).tag(sync=True)
    reason = traitlets.Unicode().tag(sync=True)
    given = traitlets.Dict().tag(sync=True)
    shown = traitlets.Bool(False).tag(sync=True)
    reason_problem = traitlets.Unicode().tag(sync=True)
    onward = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode("Connected").tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    value = traitlets.Any()
    nouns = rubric_nouns()

    def __init__(self, **traits: Any) -> None:
        super().__init__(**pad_traits(traits))
        if self.voting:
            self.on_message = self._keep

    @traitlets.observe("saved")
    def _saved_changed(self, change: Any) -> None:
        self.value = change["new"].get("answer")

    def _keep(self, message: dict[str, Any]) -> None:
        match message:
            case {"kind": "cast", "id": str(ballot), "code": self.code, "round": self.round, "answer": answer}:
                if type(answer) not in (int, str) or answer not in self._answers:
                    raise RuleBroken("There is no such answer.")
                self.reason = self.reason if answer == self.saved.get("answer") else ""
                self.saved, self.refused = {"ballot": ballot, "answer": answer}, {}
            case {"kind": "cast"}:
                raise RuleBroken("There is no such vote.")
            case {"kind": "reason", "code": self.code, "text": str(text)}:
                self.reason, self.given = text, {f"{self.code}/{self.round}": text}

    @property
    def _answers(self) -> list[int | str]:
        return [*(level["value"] for level in self.levels), "dont_know", "not_my_role"]
