"""The agenda of a session, to be changed."""

import traitlets

from npswidgets.widgets.base import Widget, rubric_nouns


class AgendaList(Widget, files="agenda_list"):
    """The topics in their order, each to be put earlier or later, left out, or moved. All traits are written by Python.

    Attributes:
        title: of the session.
        fixed: the session has ended: topics only leave it.
        rows: {"code", "name", "state", "settled", "up", "down", "out": whether that is possible, "moves"} of each, the
            last one a list of {"session", "title", "told": what becomes of its first scores}.
        left_out: {"code", "name"} of each.
        moved: {"code", "name", "title": of the session that it was moved to, "session": this one, "told": what
            becomes of its first scores when it is moved back} of what was moved last; empty for nothing.
        problem: why the last change was not made; empty if it was.
    """

    title = traitlets.Unicode().tag(sync=True)
    fixed = traitlets.Bool(False).tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    left_out = traitlets.List(traitlets.Dict()).tag(sync=True)
    moved = traitlets.Dict().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    nouns = rubric_nouns()
