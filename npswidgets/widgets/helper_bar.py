"""The head of the helper's page: where the room is and since when, the topic written about, and people on paper."""

import traitlets

from npswidgets.widgets.base import Widget, rubric_nouns


class HelperBar(Widget, files="helper_bar"):
    """All traits are written by Python.

    Attributes:
        title: the session's; nothing is drawn without it.
        word: where the room is, such as "Voting".
        elapsed: for how many seconds people vote or talk, when this was drawn; None where nothing runs.
        count: such as "12 of 18 votes in".
        topics: {"code", "name"} of each topic of the session.
        code: the value code looked at.
        on_paper: how many people are on paper; -1 where nobody is counted.
        enter, sheets: what opens the entry of paper votes, and of whole sheets; empty where there is nothing to enter.
        in_sheets: whether the entry of sheets is open.
        problem: why the last thing was not done.
    """

    title = traitlets.Unicode().tag(sync=True)
    word = traitlets.Unicode().tag(sync=True)
    elapsed = traitlets.Float(None, allow_none=True).tag(sync=True)
    count = traitlets.Unicode().tag(sync=True)
    topics = traitlets.List(traitlets.Dict()).tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    on_paper = traitlets.Int(-1).tag(sync=True)
    enter = traitlets.Unicode().tag(sync=True)
    sheets = traitlets.Unicode().tag(sync=True)
    in_sheets = traitlets.Bool(False).tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    nouns = rubric_nouns()
