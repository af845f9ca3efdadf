"""The score that the room agrees on."""

from typing import Any

import traitlets

from npswidgets.widgets.alone import form_traits
from npswidgets.widgets.base import Widget, rubric_nouns


class ScoreForm(Widget, files="score_form", styles=("form",)):
    """The agreed score, and what belongs to a high one; or why the topic does not apply.

    All traits are written by Python and say what is saved. What is chosen or typed and not saved yet is kept by the
    window in `sessionStorage`, so a lost connection or a new page loses nothing.

    Attributes:
        workshop, code: what the score is about.
        mode: what is asked for now.
        levels: of `screens.levels.level_names`.
        saved: {"score", "reason", "case_study"} as saved; empty for none.
        not_applicable: the saved reason.
        mark: all that is saved, by which one saved score is told from another; empty for none.
        start: the suggested level, once votes are shown; None for none.
        case_study: the level with which people are asked to be a case study; None for none.
        value: the score in `saved`, for who observes it; None for none. Set by Python, and not in the browser.
        clash: what another facilitator saved in between: {"theirs": "3", "said": the same in words, "at": time as ISO
            8601}, where "theirs" is empty if the topic does not apply; empty for none.
    """

    workshop = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    mode = traitlets.Enum(("nothing", "score", "not_applicable"), "nothing").tag(sync=True)
    levels = traitlets.List(traitlets.Dict()).tag(sync=True)
    saved = traitlets.Dict().tag(sync=True)
    not_applicable = traitlets.Unicode().tag(sync=True)
    mark = traitlets.Unicode().tag(sync=True)
    start = traitlets.Int(None, allow_none=True).tag(sync=True)
    case_study = traitlets.Int(None, allow_none=True).tag(sync=True)
    clash = traitlets.Dict().tag(sync=True)
    value = traitlets.Int(None, allow_none=True)
    nouns = rubric_nouns()

    def __init__(self, **traits: Any) -> None:
        super().__init__(**form_traits(traits))
        if self.mode == "score":  # it stands alone
            self.on_message = self._keep

    @traitlets.observe("saved")
    def _saved_changed(self, change: Any) -> None:
        self.value = change["new"].get("score")

    def _keep(self, message: dict[str, Any]) -> None:
        match message:
            case {"kind": "score_chosen", "code": self.code, "score": int(score)} if score in self._values:
                self.saved = {name: message.get(name) for name in ("score", "reason", "case_study")}

    @property
    def _values(self) -> list[int]:
        return [level["value"] for level in self.levels]
