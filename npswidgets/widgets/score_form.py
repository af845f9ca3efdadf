"""The score that the room agrees on, and what is written down with it."""

import traitlets

from npswidgets.widgets.facilitating.speaker import Speaker


class ScoreForm(Speaker, files="score_form"):
    """Agreed score, comment, a different view, evidence; or why the topic does not apply.

    All traits are written by Python and say what is saved. What is chosen or typed and not saved yet is kept by the
    browser in `sessionStorage`, so a lost connection or a new page loses nothing.

    Attributes:
        workshop, code: what the form is about.
        mode: "nothing", "comment" alone, "score" for all of it, or "not_applicable".
        levels: {"value", "name"} of each level.
        saved: {"score", "reason", "case_study"} as saved; empty for none.
        not_applicable: the saved reason.
        notes: the saved texts of "comment", "different_view" and "evidence".
        start: the starting level, once votes are shown; 0 for none.
        clash: what another facilitator saved in between: {"of": "score" or a note, "theirs", "at"}; empty for none.
        problem: why the last text was not saved.
    """

    workshop = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    mode = traitlets.Enum(("nothing", "comment", "score", "not_applicable"), "nothing").tag(sync=True)
    levels = traitlets.List(traitlets.Dict()).tag(sync=True)
    saved = traitlets.Dict().tag(sync=True)
    not_applicable = traitlets.Unicode().tag(sync=True)
    notes = traitlets.Dict().tag(sync=True)
    start = traitlets.Int(0).tag(sync=True)
    clash = traitlets.Dict().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
