"""The columns left of the buttons: the list of topics, the topic with its votes, the form, and what was agreed."""

from datetime import datetime
from typing import Any

from npswidgets.domain import practice
from npswidgets.domain.first_scores import enough, kind_of, talk_order
from npswidgets.domain.notes import NOTES
from npswidgets.domain.sign_off import missing
from npswidgets.domain.starting_level import starting_level_of
from npswidgets.domain.workshop import Round, Topic, Workshop
from npswidgets.screens import words
from npswidgets.screens.facilitator.together_view import CLOSE_BY, TO_TALK, can_take_together
from npswidgets.screens.facilitator.view_state import ViewState, draft_of, mark_of
from npswidgets.screens.levels import level_names, level_rows, vote_columns
from npswidgets.screens.sheets import can_enter

STATES = {"open": "open", "stopped": "stopped", "shown": "shown", "parked": "left for later"}
BACK_TO = "Left for later"


def bar(state: ViewState, code: str | None, address: str | None, saved_at: datetime) -> dict[str, Any]:
    """The traits of the bar at the top."""
    others = [one for one in state.workshop.sessions.values() if one.id != state.session_id]
    ended, end = state.session.state == "closed", words.end_words(state.workshop, state.session_id)
    return {
        "council": state.workshop.council,
        "title": state.session.title,
        "session": state.session_id,
        "several": bool(others),
        "code": code or "",
        "address": address or "",
        "saved_at": saved_at.isoformat(),
        "apart": _apart(state),
        "menu": [
            *([_item("show_code", "Show the code", "room")] if code and not ended else []),
            *([_item("door", "The door", "room")] if code and state.session.state == "open" else []),
            *([_item("people", "People", "room")] if state.session.state == "open" else []),
            *([] if ended else [_item("helpers", "Helpers", "room")]),
            *([_item("sheets", "Enter a sheet", "room")] if can_enter(state.workshop, state.session_id) else []),
            *([] if state.workshop.sealed else [_item("agenda", "Change the agenda", "room")]),
            _item("read_back", "Show what we agreed" if ended else end, "after"),
            _item("tidy", "Check before sign-off", "after"),
            _item("report", "Make the report", "after"),
            *(_item("session", f"Go to {one.title}", "screens") | {"session": one.id} for one in others),
        ],
    }


def _apart(state: ViewState) -> dict[str, str]:
    """What leads a reloaded page to where this one is: a page of the menu, or a topic that the room is not on."""
    session = state.session
    match state.page:
        case "topic" | "scoring" | "not_applicable":
            elsewhere = session.live != state.code and not state.is_practice
            return {"kind": "looked_at", "code": state.code} if elsewhere else {}
        case "agreed":
            action = "" if session.state == "closed" or session.closing == "scores" else "read_back"
        case "actions":
            action = "" if session.closing == "actions" else "actions"
        case "together":
            action = "" if session.together else "together"
        case page:
            action = page
    return {"kind": "menu_chosen", "action": action, "session": ""} if action else {}


def _item(action: str, label: str, group: str) -> dict[str, str]:
    return {"action": action, "label": label, "group": group}


def topics(state: ViewState) -> dict[str, Any]:
    """The traits of the list of topics: the practice, then the agenda in its order by key area.

    Once all others are done, those to come back to stand on top.
    """
    areas: dict[str, list[dict[str, Any]]] = {}
    if practice.is_offered(state.workshop, state.session_id):
        areas[""] = [_practice_row(state)]
    topics = talk_order(state.workshop, state.session_id)
    late = all(one.parked or one.score for one in topics)
    sorted_by_spread = enough(state.workshop, state.session_id)
    for topic in sorted(topics, key=lambda topic: not (late and topic.parked)):
        area = BACK_TO if late and topic.parked else _area(state, topic, sorted_by_spread)
        areas.setdefault(area, []).append(_row(state, topic))
    return {
        "done": words.done(state.workshop, state.session_id),
        "areas": [{"name": name, "topics": rows} for name, rows in areas.items()],
        "break_possible": _break_possible(state),
        "together": can_take_together(state),
    }


def heading(state: ViewState) -> dict[str, Any]:
    """The traits of the heading: which topic this is, and which vote on it."""
    place = words.place(state.workshop, state.code)
    return {
        "place": f"{place} · {words.VOTES[state.topic.rounds[-1].number]}" if state.topic.rounds else place,
        "title": state.value_code.display_name,
        "named": True,
        "description": "" if state.topic.shown else state.value_code.description,
    }


def band(state: ViewState) -> dict[str, Any]:
    """The traits of the band, which is there if the room is on another topic than the one that is looked at."""
    if state.finishing or state.page in ("together", "sheets", "agenda"):
        return {"text": "", "code": ""}
    if state.session.closing:
        return {"text": "The room is reading back what was agreed.", "code": ""}
    if state.live_practice and not state.is_practice:
        return {"text": f"The room is on {practice.NAME}.", "code": practice.practice_code(state.session_id)}
    elsewhere = state.session.state == "open" and not state.live
    live = state.session.live or ""
    return {"text": f"The room is on {words.topic_name(state.workshop, live)}." if elsewhere else "", "code": live}


def board(state: ViewState) -> dict[str, Any]:
    """The traits of the board: the statements, and the votes of the rounds that are shown."""
    return {
        "levels": level_rows(state.workshop.rubric, state.value_code),
        "rounds": vote_columns(state.topic.shown, most=3),
        "summary": _summary(state.last) if state.last else "",
    }


def score(state: ViewState) -> dict[str, Any]:
    """The traits of the score; what is chosen there and not saved is the browser's."""
    saved = draft_of(state.topic.score)
    start = starting_level_of(state.last).level if state.last else None
    why_not = state.topic.score.not_applicable if state.topic.score else None
    return {
        "workshop": state.workshop.id,
        "code": state.code,
        "mode": _mode(state),
        "levels": level_names(state.workshop.rubric.scale),
        "saved": {"score": saved.score, "reason": saved.reason_above, "case_study": saved.case_study} if saved else {},
        "not_applicable": str(why_not) if why_not else "",
        "mark": mark_of(state.topic.score),
        "start": start,
        "case_study": state.workshop.rubric.case_study,
    }


def notes(state: ViewState) -> dict[str, Any]:
    """The traits of the texts; they are open from the start of the voting."""
    return {
        "workshop": state.workshop.id,
        "code": state.code,
        "writing": _mode(state) == "score" or (not state.is_practice and state.stage in ("voting", "stopped")),
        "notes": {note: state.topic.note(note) for note in NOTES},
    }


def agreed(state: ViewState) -> dict[str, Any]:
    """The traits of "Is this what we agreed?"."""
    workshop, ended = state.workshop, state.session.state == "closed"
    return {
        "heading": words.thanks(workshop, state.session_id) if ended else "Is this what we agreed?",
        "summary": words.done(workshop, state.session_id),
        "levels": level_names(workshop.rubric.scale),
        "rows": [_agreed_row(workshop, topic, ended) for topic in workshop.topics_of(state.session_id)],
        "missing": list(missing(workshop)),
    }


def _area(state: ViewState, topic: Topic, sorted_by_spread: bool) -> str:
    if sorted_by_spread:
        return CLOSE_BY if kind_of(topic) == "close" and not topic.to_talk else TO_TALK
    return state.workshop.rubric.key_area_of(topic.code).name


def _break_possible(state: ViewState) -> bool:
    topics = (*state.workshop.topics_of(state.session_id), *([state.live_practice] if state.live_practice else []))
    voting = any(one.voting for one in topics)
    return state.session.state == "open" and not state.session.break_until and not voting


def _row(state: ViewState, topic: Topic) -> dict[str, Any]:
    return {
        "code": topic.code,
        "name": words.topic_name(state.workshop, topic.code),
        "score": topic.agreed_level if topic.status == "agreed" else None,
        "state": _state(topic),
        "done": topic.score is not None,
        "live": state.session.state == "open" and topic.code == state.session.live,
        "looked_at": state.page != "together" and not state.finishing and topic.code == state.code,
    }


def _state(topic: Topic) -> str:
    alone = bool(topic.rounds) and topic.rounds[-1].number == 0
    if alone and topic.status in ("open", "shown"):  # all topics are: it says nothing about this one
        return ""
    return "not applicable" if topic.status == "not_applicable" else STATES.get(topic.status, "")


def _practice_row(state: ViewState) -> dict[str, Any]:
    code = practice.practice_code(state.session_id)
    status = STATES.get(state.live_practice.status, "") if state.live_practice else ""
    row = {"code": code, "name": practice.NAME, "score": None, "state": status, "done": False}
    return row | {"live": state.live_practice is not None, "looked_at": not state.finishing and state.code == code}


def _agreed_row(workshop: Workshop, topic: Topic, ended: bool) -> dict[str, Any]:
    level = None if topic.agreed_level is None else workshop.rubric.level(topic.agreed_level)
    return {
        "code": topic.code,
        "area": workshop.rubric.key_area_of(topic.code).name,
        "name": words.topic_name(workshop, topic.code),
        "score": level.value if level else None,
        "level": level.name if level else "",
        "state": _why_no_score(topic, ended),
        "notes": [*_why_not(topic), *_noted(topic)],
    }


def _noted(topic: Topic) -> list[str]:
    """The notes with what each is called, but for the first: "Evidence: the register"."""
    first = next(iter(NOTES))
    texts = {note: topic.note(note) for note in NOTES if topic.note(note)}
    return [text if note == first else f"{NOTES[note].label}: {text}" for note, text in texts.items()]


def _why_not(topic: Topic) -> list[str]:
    return [str(topic.score.not_applicable)] if topic.score and topic.score.not_applicable else []


def _why_no_score(topic: Topic, ended: bool) -> str:
    if topic.agreed_level is not None:
        return ""
    if topic.score:
        return "Not applicable"
    return "Not scored" if ended else "Left for later"


def _summary(last: Round) -> str:
    """Such as "15 votes. 2 don't know. 1 not part of their role."; what nobody chose is left out."""
    said = [words.votes(last.n).capitalize(), *words.other_answers(last), *words.did_not_vote(last)]
    return " ".join(f"{one}." for one in said)


def _mode(state: ViewState) -> str:
    """What is asked for: nothing, a score, or why the topic does not apply."""
    if state.is_practice:
        return "nothing"
    match state.stage:
        case "planned" | "first_scores" | "ready" | "voting" | "stopped":
            return "nothing"
        case "asking":
            return "not_applicable"
        case "parked" | "not_applicable" if not state.topic.shown:
            return "nothing"
        case _:
            return "score"
