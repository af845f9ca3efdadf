"""How far somebody is who scores a whole theme alone, and the way to each topic."""

import traitlets

from npswidgets.widgets.base import Widget, rubric_nouns


class FirstScores(Widget, files="first_scores"):
    """A line such as "4 of 13 scored", and behind it all topics. Nothing is drawn without rows.

    Attributes:
        words: how far this person is. Written by Python.
        rows: {"code", "name", "answer" (empty for none), "here"} of each topic. Written by Python.
        finished: all topics are scored and none is looked at, so that the list stands open. Written by Python.
    """

    words = traitlets.Unicode().tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    finished = traitlets.Bool(False).tag(sync=True)
    nouns = rubric_nouns()
