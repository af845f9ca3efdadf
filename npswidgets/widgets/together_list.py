"""What stands close together, and what the room talks about."""

import traitlets

from npswidgets.widgets.base import Widget, rubric_nouns


class TogetherList(Widget, files="together_list"):
    """Two lists: topics to take together with the levels proposed, and topics to talk about, the widest first.

    A click on a topic looks at it without the room seeing it. All traits are written by Python.

    Attributes:
        close: {"code", "name", "spread", "level", "statements" of that level, "talk": whether somebody wants
            to talk about it} of each.
        talk: {"code", "name", "spread"} of each.
    """

    close = traitlets.List(traitlets.Dict()).tag(sync=True)
    talk = traitlets.List(traitlets.Dict()).tag(sync=True)
    nouns = rubric_nouns()
