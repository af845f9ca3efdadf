"""The score that the room agrees on."""

import traitlets

from npswidgets.widgets.base import Widget


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
        start: the starting level, once votes are shown; 0 for none.
        clash: what another facilitator saved in between: {"theirs": "3", "at": time as ISO 8601}; empty for none.
    """

    workshop = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    mode = traitlets.Enum(("nothing", "score", "not_applicable"), "nothing").tag(sync=True)
    levels = traitlets.List(traitlets.Dict()).tag(sync=True)
    saved = traitlets.Dict().tag(sync=True)
    not_applicable = traitlets.Unicode().tag(sync=True)
    start = traitlets.Int(0).tag(sync=True)
    clash = traitlets.Dict().tag(sync=True)
