"""What was agreed, to be read back to the room before the end."""

import traitlets

from npswidgets.widgets.base import Widget, rubric_nouns


class AgreedList(Widget, files="agreed_list"):
    """Every topic with its score as steps; a click on a topic goes back to it. All traits are written by Python.

    Attributes:
        heading: the question, or the thanks after the end.
        summary: such as "12 of 13 topics scored".
        levels: of `screens.levels.level_names`.
        rows: {"code", "area", "name", "score" (None for none), "level", "state", "notes"} of each topic.
        missing: what has to be written before signing off.
    """

    heading = traitlets.Unicode().tag(sync=True)
    summary = traitlets.Unicode().tag(sync=True)
    levels = traitlets.List(traitlets.Dict()).tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    missing = traitlets.List(traitlets.Unicode()).tag(sync=True)
    nouns = rubric_nouns()
