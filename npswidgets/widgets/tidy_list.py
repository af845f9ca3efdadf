"""All topics of a workshop, to put right before it is signed off."""

import traitlets

from npswidgets.widgets.base import Widget, rubric_nouns
from npswidgets.widgets.notes_form import note_kinds


class TidyList(Widget, files="tidy_list", scripts=("typed_field", "action_fields"), styles=("form", "action_fields")):
    """Scores, texts and actions are edited in place; then a role signs off. All traits are written by Python.

    What is typed and not saved yet is kept by the window in `sessionStorage`.

    Attributes:
        levels: of `screens.levels.level_names`.
        case_study: the level with which people are asked to be a case study; None for none.
        kinds: the kinds of notes, of `note_kinds`.
        lacking: what is missing before signing off, a sentence for each kind: "1 topic has no score".
        open_sessions: titles of the sessions that have not ended.
        signed: {"version", "role", "day"} once it is locked; else empty.
        names: until when names are kept; empty where nobody was asked for one.
        rows: {"code", "area", "name", "score", "not_applicable", "reason", "case_study", "start", "notes", "actions",
            "done_when", "missing", "mark"} of each topic. Empty while the page is not open.
        clash: what another facilitator changed: {"code", "action", "field", "theirs"} of an action, {"code", "note",
            "theirs"} of a text, {"code", "text", "theirs"} of a text about a score; empty for nothing.
        overwritten: what was saved here and another facilitator has changed since, by "action/field" and "code/note".
        problem: why the last change was not saved.
    """

    workshop = traitlets.Unicode().tag(sync=True)
    levels = traitlets.List(traitlets.Dict()).tag(sync=True)
    case_study = traitlets.Int(None, allow_none=True).tag(sync=True)
    kinds = traitlets.List(traitlets.Dict(), note_kinds()).tag(sync=True)
    lacking = traitlets.List(traitlets.Unicode()).tag(sync=True)
    open_sessions = traitlets.List(traitlets.Unicode()).tag(sync=True)
    signed = traitlets.Dict().tag(sync=True)
    names = traitlets.Unicode().tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    clash = traitlets.Dict().tag(sync=True)
    overwritten = traitlets.Dict().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    nouns = rubric_nouns()
