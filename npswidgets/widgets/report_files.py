"""The reports of a workshop, made by the server and kept by whoever asks for them."""

import traitlets

from npswidgets.widgets.base import Widget, rubric_nouns


class ReportFiles(Widget, files="report_files", scripts=("page_addresses",)):
    """Choose files, have them made, keep them. All traits are written by Python; the server makes the files.

    What can be made, and how far it is, the page asks the server at its own address; in a notebook, where there is
    none, it shows the commands.

    Attributes:
        here: whether the page is open; only then does it ask.
        radar: whether the workshop has enough key areas for a shape.
        form: score and comment of each value code, to be copied; empty while the page is not open.
        form_of: whose form takes that text, such as "LGA"; empty for nobody's.
    """

    workshop = traitlets.Unicode().tag(sync=True)
    here = traitlets.Bool(False).tag(sync=True)
    radar = traitlets.Bool(False).tag(sync=True)
    form = traitlets.Unicode().tag(sync=True)
    form_of = traitlets.Unicode().tag(sync=True)
    nouns = rubric_nouns()
