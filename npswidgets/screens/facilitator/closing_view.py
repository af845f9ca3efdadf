"""What the pages at the end show: the topics chosen for action with their actions, and all topics to check."""

from typing import Any

from npswidgets.domain.days import day_of, say_day
from npswidgets.domain.notes import NOTES
from npswidgets.domain.sign_off import missing_counted, missing_in
from npswidgets.domain.starting_level import starting_level_of
from npswidgets.domain.workshop import Action, Topic, Workshop
from npswidgets.screens import words
from npswidgets.screens.facilitator.closing import (
    FIELDS,
    MOST_TOPICS,
    ActionClash,
    CorrectionClash,
    chosen_topics,
    done_when,
    field_of,
    is_chosen,
    next_level,
)
from npswidgets.screens.facilitator.view_state import ViewState, mark_of
from npswidgets.screens.levels import level_names


def actions(state: ViewState) -> dict[str, Any]:
    """The traits of the list of actions; topics with the lowest score come first."""
    workshop, session = state.workshop, state.session
    above = {topic.code: next_level(workshop, topic) for topic in workshop.topics_of(session.id)}
    topics = [one for one in workshop.topics_of(session.id) if above[one.code] is not None or is_chosen(one)]
    lowest_first = sorted(topics, key=lambda one: (above[one.code] is None, above[one.code] or 0))
    return {
        "workshop": workshop.id,
        "session": session.id,
        "hint": f"No actions yet. Choose {workshop.rubric.words.topic.a} to start."
        if topics
        else _nothing_to_choose(state),
        "most": MOST_TOPICS,
        "full": len(chosen_topics(workshop, session.id)) >= MOST_TOPICS,
        "topics": [_choice(workshop, topic) for topic in lowest_first] if state.page == "actions" else [],
        "draft_by": session.draft_by.isoformat() if session.draft_by else "",
    }


def tidy_up(state: ViewState) -> dict[str, Any]:
    """The traits of the list of all topics of the workshop, with what is missing before signing off."""
    workshop = state.workshop
    here = state.page == "tidy"
    return {
        "workshop": workshop.id,
        "levels": level_names(workshop.rubric.scale),
        "case_study": workshop.rubric.case_study,
        "lacking": list(missing_counted(workshop)) if here else [],
        "open_sessions": [one.title for one in workshop.sessions.values() if one.state == "open"] if here else [],
        "signed": _signed(workshop),
        "names": state.names if here else "",
        "rows": [_row(workshop, topic) for topic in workshop.topics.values()] if here else [],
    }


def clash_of(clash: ActionClash | CorrectionClash | None) -> dict[str, Any]:
    """What another facilitator changed in an action, or in a text about a score; empty for nothing."""
    if clash is None:
        return {}
    if isinstance(clash, CorrectionClash):
        return {"code": clash.typed.code, "text": clash.typed.text, "theirs": clash.theirs}
    typed = clash.typed
    return {"code": typed.code, "action": typed.action, "field": typed.field, "theirs": clash.theirs}


def _nothing_to_choose(state: ViewState) -> str:
    """Why no topic can be chosen."""
    called = state.called
    if any(one.agreed_level is not None for one in state.workshop.topics_of(state.session_id)):
        at = f"{called.level.one} {state.workshop.rubric.scale.highest}"
        return f"All {called.topic.many} with a score are at {at}. There is no next {called.level.one} to reach."
    return f"No {called.topic.one} has a score yet. Score one, then choose it here."


def _choice(workshop: Workshop, topic: Topic) -> dict[str, Any]:
    score = topic.agreed_level
    return {
        "code": topic.code,
        "name": words.topic_name(workshop, topic.code),
        "score": score,
        "level": "" if score is None else workshop.rubric.level(score).name,
        "target": "" if topic.target is None else str(workshop.rubric.level(topic.target)),
        "chosen": is_chosen(topic),
        "done_when": done_when(workshop, topic),
        "actions": [_action(action) for action in topic.actions.values()],
    }


def _row(workshop: Workshop, topic: Topic) -> dict[str, Any]:
    score = topic.score
    start = starting_level_of(topic.shown[-1]).level if topic.shown else None
    return {
        "code": topic.code,
        "area": workshop.rubric.key_area_of(topic.code).name,
        "name": words.topic_name(workshop, topic.code),
        "score": topic.agreed_level,
        "not_applicable": str(score.not_applicable) if score and score.not_applicable else "",
        "reason": str(score.reason_above) if score and score.reason_above else "",
        "case_study": bool(score and score.case_study),
        "start": start,
        "mark": mark_of(score),
        "notes": {note: topic.note(note) for note in NOTES},
        "actions": [_action(action) for action in topic.actions.values()],
        "done_when": done_when(workshop, topic),
        "missing": missing_in(workshop, topic),
    }


def _action(action: Action) -> dict[str, str]:
    return {"id": action.id, **{name: field_of(action, name) for name in FIELDS}}


def _signed(workshop: Workshop) -> dict[str, Any]:
    """Who signed off, when and as which version; empty while nothing is locked."""
    if not workshop.sealed or workshop.sealed_at is None:
        return {}
    return {
        "version": workshop.version,
        "role": str(workshop.signed_off_by or ""),
        "day": say_day(day_of(workshop.sealed_at)),
    }
