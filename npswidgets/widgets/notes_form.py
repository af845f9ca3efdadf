"""What is written down about a topic while the room talks."""

import traitlets

from npswidgets.widgets.speaker import Speaker


class NotesForm(Speaker, files="notes_form"):
    """Comment, a different view, evidence: saved as they are typed.

    All traits are written by Python and say what is saved. What is typed and not saved yet is kept by the window in
    `sessionStorage`, so a lost connection or a new page loses nothing.

    Attributes:
        workshop, code: what the texts are about.
        writing: whether anything is to be written now.
        notes: the saved texts of "comment", "different_view" and "evidence".
        clash: what another facilitator saved in between: {"note", "theirs"}; empty for none.
        problem: why the last text was not saved.
        writer: that somebody else writes about this topic now; empty for nobody.
    """

    workshop = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    writing = traitlets.Bool(False).tag(sync=True)
    notes = traitlets.Dict().tag(sync=True)
    clash = traitlets.Dict().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    writer = traitlets.Unicode().tag(sync=True)
