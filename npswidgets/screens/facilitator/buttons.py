"""Which buttons stand where: one main button, always in the same place, and up to four others."""

from typing import Literal, TypeAlias

from npswidgets.domain.first_scores import are_default
from npswidgets.screens.facilitator.view_state import ViewState

Action: TypeAlias = Literal[
    "open", "start", "start_again", "show", "stop", "vote_again", "save_next", "save_finish", "save", "next", "park",
    "start_afresh", "end_break",
    "take_up", "score", "ask", "save_not_applicable", "back", "go_there", "read_back", "close", "reopen",
    "show_closing", "hide_closing", "actions", "tidy", "first_scores", "show_first", "take_together",
    "show_anyway", "hide_together", "agree_together", "start_talk", "explain", "skip", "start_first",
    "end_practice", "report", "next_session",
]  # fmt: skip
Actions: TypeAlias = tuple[Action, ...]

LABELS: dict[Action, str] = {
    "open": "Let people join",
    "start": "Start voting",
    "start_again": "Go on voting",
    "start_afresh": "Start from zero",
    "end_break": "End break",
    "show": "Show the votes",
    "stop": "Stop voting",
    "vote_again": "Vote again",
    "save_next": "Save and start next",
    "save_finish": "Save and read back",
    "save": "Save only",
    "next": "Start next",
    "park": "Leave for later",
    "take_up": "Take it up again",
    "score": "Score without a vote",
    "ask": "Not applicable",
    "save_not_applicable": "Save as not applicable",
    "back": "Go back",
    "go_there": "Go there",
    "read_back": "Read back the scores",
    "close": "End the workshop",
    "reopen": "Open it again",
    "show_closing": "Show on the screen",
    "hide_closing": "Hide from the screen",
    "actions": "Choose topics for action",
    "tidy": "Check before sign-off",
    "first_scores": "Start first scores",
    "show_first": "Show the first scores",
    "show_anyway": "Show anyway",
    "take_together": "Agree without talking",
    "hide_together": "Hide from the screen",
    "agree_together": "Agree these",
    "start_talk": "Start next",
    "explain": "Explain scoring",
    "skip": "Skip the practice",
    "start_first": "Start the first topic",
    "end_practice": "End the practice",
    "report": "Make the report",
    "next_session": "Go to next session",
}


def buttons(state: ViewState) -> tuple[Action | None, Actions]:
    """The main button and the others, as they are drawn; no main button where nothing is left to do."""
    if state.finishing:
        return _finish(state)
    if state.session.break_until:
        back: Actions = ("back",) if state.page in ("sheets", "agenda") else ()
        return "end_break", ("save",) if state.unsaved and not back else back
    if state.page in ("sheets", "agenda"):
        return None, ("back",)
    if state.page == "together":
        return _together(state)
    if state.is_practice:
        return _practice(state)
    match state.stage:
        case "planned":
            return "open", ("score", "ask")
        case "first_scores":
            return ("show_anyway", ("back",)) if state.hurrying else ("show_first", ())
        case "ready" if state.first_scores == "default":
            return "first_scores", ("start", "ask", "score")
        case "ready":
            first: Actions = ("first_scores",) if state.first_scores else ()
            return "start", (*first, "park", "ask", "score")
        case "shown" if not state.presented:
            return "take_up", ("park", "ask")
        case "voting":
            return "show", ("stop",)
        case "stopped":
            return "start_again", ("show", "start_afresh", "park", "score")
        case "shown" if state.verdict and state.verdict.kind in ("wide", "a_few") and state.can_vote_again:
            return "vote_again", ("park", "ask")
        case "shown" | "agree":
            return _save(state)
        case "asking":
            return "save_not_applicable", ("back",)
        case "parked":
            return _parked(state)
        case "agreed" | "not_applicable":
            return _onward(state), (*_vote(state), "park", "ask", *_score(state))
        case "closed":
            return "read_back", ("ask",)


def _practice(state: ViewState) -> tuple[Action, Actions]:
    """As with any topic, but nothing is agreed, and the first topic comes after it."""
    match state.stage:
        case "planned":
            return "open", ("skip",)
        case "voting":
            return "show", ("stop",)
        case "stopped":
            return "start_again", ("show", "start_afresh", "end_practice")
        case "shown":
            first = state.agenda is not None and are_default(state.agenda, state.session_id)
            return "first_scores" if first else "start_first", (*_vote(state), "end_practice")
        case _:
            return "start", ("end_practice" if state.live_practice else "explain", "skip")


def _finish(state: ViewState) -> tuple[Action | None, Actions]:
    """Read back, choose topics for action, end; then check, sign off and report. The room sees what it is shown."""
    if state.page == "report":
        return ("tidy", ("read_back", "back")) if state.session.state == "closed" else ("back", ())
    if state.workshop.sealed:
        return ("report", ("read_back",)) if state.page == "tidy" else ("tidy", ("report", "back"))
    if state.session.state != "open":
        if state.page == "tidy":
            return "report", ("read_back", "actions", "reopen")
        other: Action = "actions" if state.page == "agreed" else "read_back"
        if state.workshop.next_session(state.session_id):
            return "next_session", ("tidy", "report", other, "reopen")
        return "tidy", ("report", other, "back", "reopen")
    match state.page, state.session.closing:
        case "agreed", "scores":
            return "actions", ("close", "hide_closing", "back")
        case "agreed", _:
            return "show_closing", ("actions", "close", "back")
        case "actions", "actions":
            return "close", ("read_back", "hide_closing", "back")
        case "actions", _:
            return "show_closing", ("read_back", "close", "back")
        case _:
            return "read_back", ("actions", "back")


def _together(state: ViewState) -> tuple[Action | None, Actions]:
    """What stands close is shown to the room, then agreed; then the room talks about the rest."""
    if state.session.together:
        return "agree_together", ("hide_together",)
    onward: Action = "start_talk" if state.first_to_talk else "read_back"
    return ("take_together", (onward,)) if state.proposals else (onward, ("back",))


def _save(state: ViewState) -> tuple[Action, Actions]:
    if state.session.state != "open":
        return "save", ("back", "ask") if state.page == "scoring" else ("ask",)
    again: Actions = _vote(state)
    if not state.live:
        return "save", (*again, "park", "ask")
    return "save_next" if state.next else "save_finish", ("save", *again, "park", "ask")


def _parked(state: ViewState) -> tuple[Action, Actions]:
    if state.session.live == state.code:
        return _onward(state), (*_vote(state), "ask", *_score(state))
    return _vote(state)[0], ("ask", *_score(state))


def _onward(state: ViewState) -> Action:
    """What comes after a topic that is done."""
    if not state.live:
        return "go_there"
    return "next" if state.next else "read_back"


def _vote(state: ViewState) -> Actions:
    """How a topic that is done or parked is opened again; nothing after the last vote that it can have."""
    if state.topic.parked and state.topic.shown:
        return ("take_up",)
    if state.topic.running:
        return ("start_again",)
    if not state.topic.shown:
        return ("start",)
    return ("vote_again",) if state.can_vote_again else ()


def _score(state: ViewState) -> Actions:
    """The score without a vote, where the form for it is not there already."""
    return () if state.topic.shown or state.stage == "agreed" else ("score",)
