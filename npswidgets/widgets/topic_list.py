"""The topics of a session, with where each one stands."""

import traitlets

from npswidgets.widgets.base import Widget, rubric_nouns


class TopicList(Widget, files="topic_list"):
    """The topics by key area; a click looks at one without the room seeing it. All traits are written by Python.

    Attributes:
        done: such as "1 of 13 done".
        areas: {"name": ..., "topics": [{"code", "name", "score", "state", "done", "live", "looked_at"}]}; a score
            is None for none.
        break_possible: whether the room can have a break now.
        break_end: when one of a quarter of an hour ends, by the server's clock, such as "11:15".
        together: whether there are scores that the room can take together now.
    """

    done = traitlets.Unicode().tag(sync=True)
    areas = traitlets.List(traitlets.Dict()).tag(sync=True)
    break_possible = traitlets.Bool(False).tag(sync=True)
    break_end = traitlets.Unicode().tag(sync=True)
    together = traitlets.Bool(False).tag(sync=True)
    nouns = rubric_nouns()
