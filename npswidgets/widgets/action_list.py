"""The topics chosen for action, and what will be done about them."""

import traitlets

from npswidgets.widgets.base import Widget, rubric_nouns


class ActionList(
    Widget, files="action_list", scripts=("typed_field", "action_fields"), styles=("form", "action_fields")
):
    """Choose topics for action; what, who and by when are saved as they are typed. All traits are written by Python.

    What is typed and not saved yet is kept by the window in `sessionStorage`.

    Attributes:
        topics: {"code", "name", "score", "level", "target", "chosen", "done_when", "actions"}, lowest score first; of
            an action: {"id", "what", "owner", "due", "done_when"}. Empty while the page is not open.
        hint: what stands there while no topic is chosen.
        most: how many topics can be chosen.
        full: no more topics can be chosen.
        draft_by: the day by which the draft report is sent, as ISO 8601; empty for none.
        clash: what another facilitator saved in between: {"code", "action", "field", "theirs"}; empty for none.
        overwritten: what was saved here and another facilitator has changed since, by "action/field".
        problem: why the last change was not saved.
    """

    workshop = traitlets.Unicode().tag(sync=True)
    session = traitlets.Unicode().tag(sync=True)
    topics = traitlets.List(traitlets.Dict()).tag(sync=True)
    hint = traitlets.Unicode().tag(sync=True)
    most = traitlets.Int().tag(sync=True)
    full = traitlets.Bool(False).tag(sync=True)
    draft_by = traitlets.Unicode().tag(sync=True)
    clash = traitlets.Dict().tag(sync=True)
    overwritten = traitlets.Dict().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    nouns = rubric_nouns()
