"""What stands close together: shown to the room, agreed in one go, and what the room talks about instead."""

from typing import Any

from npswidgets.domain.events import Proposal
from npswidgets.domain.first_scores import enough, talk_order
from npswidgets.domain.starting_level import ENOUGH_VOTES
from npswidgets.domain.verdict import verdict_on
from npswidgets.domain.workshop import Topic
from npswidgets.screens import words
from npswidgets.screens.facilitator.view_state import ViewState

TO_TALK, CLOSE_BY = "To talk about", "Close together"


def can_take_together(state: ViewState) -> bool:
    """Whether there is something to take together beside what the room talks about, and it has time for it."""
    if state.session.state != "open" or state.session.break_until or state.page == "together":
        return False
    voting = any(topic.status == "open" for topic in state.workshop.topics_of(state.session_id))
    return not voting and any(one.code != state.session.live for one in state.proposals)


def together_list(state: ViewState) -> dict[str, Any]:
    """The traits of the two lists."""
    close = {one.code for one in state.proposals}
    order = talk_order(state.workshop, state.session_id)
    return {
        "close": [_proposal(state, one) for one in state.proposals],
        "talk": [_to_talk(state, one) for one in order if one.score is None and one.code not in close],
    }


def lines(state: ViewState) -> list[str]:
    """What to know before the room is asked, while it is, and after it has agreed."""
    number = len(state.proposals)
    if state.session.together:
        pulled = number - len(state.to_agree)
        told = f"Somebody wants to talk about {_pulled(pulled, number)}." if pulled else "Nobody has ticked one so far."
        return [f'Say: "{words.together(number)}"', told]
    if number:
        return [
            f"{state.called.topic.counted(number)} can be agreed without talking.",
            "The room does not see this page yet.",
        ]
    if state.workshop.scored(state.session_id):
        return [words.done(state.workshop, state.session_id)]
    return [_nothing_close(state) if enough(state.workshop, state.session_id) else _too_few(state)]


def agree_label(state: ViewState) -> str:
    """The words of the button that agrees what nobody wants to talk about."""
    number = len(state.to_agree)
    if not number:
        return {1: "Talk about it", 2: "Talk about both"}.get(len(state.proposals), "Talk about all")
    return f"Agree these {number}" if number > 1 else "Agree this one"


def _pulled(pulled: int, number: int) -> str:
    if pulled < number:
        return f"{pulled} of them"
    return {1: "it", 2: "both of them"}.get(number, "all of them")


def _nothing_close(state: ViewState) -> str:
    topics = state.called.topic.many
    return f"No {topics} are close enough to agree without talking. Start with the first one to discuss."


def _too_few(state: ViewState) -> str:
    most = max((topic.shown[0].n for topic in state.workshop.topics_of(state.session_id) if topic.shown), default=0)
    people = "1 person has" if most == 1 else f"{most} people have"
    topics = state.called.topic.many
    return f"{people} scored. With {ENOUGH_VOTES} or more, {topics} can be sorted by spread."


def _proposal(state: ViewState, one: Proposal) -> dict[str, Any]:
    topic = state.workshop.topics[one.code]
    return {
        "code": one.code,
        "name": words.topic_name(state.workshop, one.code),
        "spread": verdict_on(topic.shown[-1]).sentence,
        "level": str(state.workshop.rubric.level(one.level)),
        "statements": list(state.workshop.rubric.value_codes[one.code].levels[one.level]),
        "talk": one.code in state.to_talk,
    }


def _to_talk(state: ViewState, topic: Topic) -> dict[str, Any]:
    spread = verdict_on(topic.shown[-1]).sentence if topic.shown else "No first scores"
    said = "Somebody wants to talk" if topic.to_talk else spread
    return {"code": topic.code, "name": words.topic_name(state.workshop, topic.code), "spread": said}
