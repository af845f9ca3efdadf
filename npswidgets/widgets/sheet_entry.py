"""Where the facilitator enters a person's score sheet: a key a topic, and Enter."""

import traitlets

from npswidgets.widgets.base import Widget


class SheetEntry(Widget, files="sheet_entry", scripts=("paper_keys",)):
    """A row for each topic of a theme, in the order of the sheet; what is typed is hidden at once, and sent as a whole.

    All traits are written by Python.

    Attributes:
        number: the sheet's; 0 where nobody is on paper.
        levels: the values that a vote can have, lowest first.
        total: how many people are on paper.
        entered: the numbers of the sheets that were entered. What stands on them is nowhere.
        theme: the sheet's.
        themes: those that the session has a sheet for.
        rows: {"code", "number": its place on the agenda, "name", "round": the vote that is open, -1 for none}.
        turn: counts the sheets, so that each begins with empty rows.
        said: what became of the last sheet.
        problem: why it was not saved.
    """

    number = traitlets.Int().tag(sync=True)
    levels = traitlets.List(traitlets.Int()).tag(sync=True)
    total = traitlets.Int().tag(sync=True)
    entered = traitlets.List(traitlets.Int()).tag(sync=True)
    theme = traitlets.Unicode().tag(sync=True)
    themes = traitlets.List(traitlets.Unicode()).tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    turn = traitlets.Int().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
