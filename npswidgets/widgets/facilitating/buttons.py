"""Which buttons stand where: one main button, always in the same place, and up to four others."""

from typing import Literal, TypeAlias, get_args

from npswidgets.domain.first_scores import are_default
from npswidgets.widgets.facilitating.look import Look

Action: TypeAlias = Literal[
    "open", "start", "start_again", "show", "stop", "vote_again", "save_next", "save_finish", "save", "next", "park",
    "start_afresh", "end_break",
    "take_up", "score", "ask", "save_not_applicable", "back", "go_there", "read_back", "close", "reopen",
    "show_closing", "hide_closing", "actions", "tidy", "first_scores", "show_first", "take_together",
    "hide_together", "agree_together", "start_talk", "explain", "skip", "start_first", "end_practice", "report",
]  # fmt: skip
Actions: TypeAlias = tuple[Action, ...]

LABELS: dict[Action, str] = {
    "open": "Let people join",
    "start": "Start voting",
    "start_again": "Start again",
    "start_afresh": "Start again from zero",
    "end_break": "End break",
    "show": "Show the votes",
    "stop": "Stop voting",
    "vote_again": "Vote again",
    "save_next": "Save and start next",
    "save_finish": "Save and read back",
    "save": "Save only",
    "next": "Start next",
    "park": "Come back to it",
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
    "tidy": "Tidy up",
    "first_scores": "Start first scores",
    "show_first": "Show the first scores",
    "take_together": "Take together",
    "hide_together": "Hide from the screen",
    "agree_together": "Agree these",
    "start_talk": "Start next",
    "explain": "Explain scoring",
    "skip": "Skip the practice",
    "start_first": "Start the first topic",
    "end_practice": "End the practice",
    "report": "Make the report",
}
ACTIONS: frozenset[str] = frozenset(get_args(Action))


def buttons(look: Look) -> tuple[Action | None, Actions]:
    """The main button and the others, as they are drawn; no main button where nothing is left to do."""
    if look.finishing:
        return _finish(look)
    if look.session.break_until:
        back: Actions = ("back",) if look.page == "sheets" else ()
        return "end_break", ("save",) if look.unsaved and not back else back
    if look.page == "sheets":
        return None, ("back",)
    if look.page == "together":
        return _together(look)
    if look.practice:
        return _practice(look)
    match look.stage:
        case "planned":
            return "open", ("score", "ask")
        case "first_scores":
            return "show_first", ()
        case "ready" if look.first_scores == "default":
            return "first_scores", ("start", "ask", "score")
        case "ready":
            first: Actions = ("first_scores",) if look.first_scores else ()
            return "start", (*first, "park", "ask", "score")
        case "shown" if not look.presented:
            return "take_up", ("park", "ask")
        case "voting":
            return "show", ("stop",)
        case "stopped":
            return "start_again", ("show", "start_afresh", "park", "score")
        case "shown" if look.verdict and look.verdict.kind in ("wide", "a_few") and look.can_vote_again:
            return "vote_again", ("park", "ask")
        case "shown" | "agree":
            return _save(look)
        case "asking":
            return "save_not_applicable", ("back",)
        case "parked":
            return _parked(look)
        case "agreed" | "not_applicable":
            return _onward(look), (*_vote(look), "park", "ask", *_score(look))
        case "closed":
            return "read_back", ("ask",)


def _practice(look: Look) -> tuple[Action, Actions]:
    """As with any topic, but nothing is agreed, and the first topic comes after it."""
    match look.stage:
        case "planned":
            return "open", ("skip",)
        case "voting":
            return "show", ("stop",)
        case "stopped":
            return "start_again", ("show", "start_afresh", "end_practice")
        case "shown":
            first = look.agenda is not None and are_default(look.agenda, look.session_id)
            return "first_scores" if first else "start_first", (*_vote(look), "end_practice")
        case _:
            return "start", ("end_practice" if look.practising else "explain", "skip")


def _finish(look: Look) -> tuple[Action | None, Actions]:
    """Read back, choose topics for action, end; then tidy up, and make the report. The room sees what it is shown."""
    if look.page == "report":
        return ("tidy", ("read_back", "back")) if look.session.state == "closed" else ("back", ())
    if look.workshop.sealed:
        return ("report", ("read_back",)) if look.page == "tidy" else ("tidy", ("report", "back"))
    if look.session.state != "open":
        if look.page == "tidy":
            return "report", ("read_back", "actions", "reopen")
        return "tidy", ("report", "actions" if look.page == "agreed" else "read_back", "back", "reopen")
    match look.page, look.session.closing:
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


def _together(look: Look) -> tuple[Action | None, Actions]:
    """What stands close is shown to the room, then agreed; then the room talks about the rest."""
    if look.session.together:
        return "agree_together", ("hide_together",)
    onward: Action = "start_talk" if look.first_to_talk else "read_back"
    return ("take_together", (onward,)) if look.proposals else (onward, ("back",))


def _save(look: Look) -> tuple[Action, Actions]:
    if look.session.state != "open":
        return "save", ("back", "ask") if look.page == "scoring" else ("ask",)
    again: Actions = _vote(look)
    if not look.live:
        return "save", (*again, "park", "ask")
    return "save_next" if look.next else "save_finish", ("save", *again, "park", "ask")


def _parked(look: Look) -> tuple[Action, Actions]:
    if look.session.live == look.code:
        return _onward(look), (*_vote(look), "ask", *_score(look))
    return _vote(look)[0], ("ask", *_score(look))


def _onward(look: Look) -> Action:
    """What comes after a topic that is done."""
    if not look.live:
        return "go_there"
    return "next" if look.next else "read_back"


def _vote(look: Look) -> Actions:
    """How a topic that is done or parked is opened again; nothing after the last vote that it can have."""
    if look.topic.parked and look.topic.shown:
        return ("take_up",)
    if look.topic.running:
        return ("start_again",)
    if not look.topic.shown:
        return ("start",)
    return ("vote_again",) if look.can_vote_again else ()


def _score(look: Look) -> Actions:
    """The score without a vote, where the form for it is not there already."""
    return () if look.topic.shown or look.stage == "agreed" else ("score",)
