"""The agenda of a session as a facilitator changes it: the list, and what is done to it."""

from typing import Any

from npswidgets.domain.events import AgendaOrdered, TopicsLeftOut
from npswidgets.domain.first_scores import talk_order
from npswidgets.domain.workshop import Session, Topic, Workshop
from npswidgets.errors import RuleBroken
from npswidgets.screens import words
from npswidgets.screens.facilitator.agenda_messages import AgendaMessage, TopicGiven, TopicLeftOut, TopicShifted
from npswidgets.store.agenda import Moving
from npswidgets.store.facilitator_store import FIRST_SCORES_CHANGED, FacilitatorStore


def change_agenda(store: FacilitatorStore, session: str, message: AgendaMessage) -> None:
    """Does what the browser asks for.

    Raises:
        RuleBroken: it cannot be done, or the page said something else of the first scores.
    """
    store.refresh()
    match message:
        case TopicLeftOut(out=True):
            store.record(TopicsLeftOut(session, (message.code,)))
        case TopicLeftOut():
            store.put_back(session, (message.code,))
        case TopicShifted():
            store.record(AgendaOrdered(session, shifted(store.workshop, session, message.code, message.by)))
        case TopicGiven():
            moving = store.moving(message.code, message.to)
            if message.told != say_moving(store.workshop, message.code, message.to, moving):
                raise RuleBroken(FIRST_SCORES_CHANGED)
            store.move_topic(message.code, message.to, moving)


def shifted(workshop: Workshop, session: str, code: str, by: int) -> tuple[str, ...]:
    """The agenda with a topic one place earlier or later; as it is where there is no such place."""
    order = [topic.code for topic in talk_order(workshop, session)]
    if code not in order or not 0 <= order.index(code) + by < len(order):
        return tuple(order)
    place = order.index(code)
    order[place], order[place + by] = order[place + by], order[place]
    return tuple(order)


def agenda_list(store: FacilitatorStore, session: str) -> dict[str, Any]:
    """The traits of the list."""
    workshop = store.workshop
    topics = talk_order(workshop, session)
    targets = workshop.to_come(session)
    ended = workshop.sessions[session].state == "closed"
    return {
        "title": workshop.sessions[session].title,
        "fixed": ended,
        "rows": [_row(store, topic, targets, place, topics) for place, topic in enumerate(topics)],
        "left_out": [
            {"code": one.code, "name": words.topic_name(workshop, one.code)} for one in workshop.left_out_of(session)
        ],
    }


def say_moving(workshop: Workshop, code: str, to: str, moving: Moving) -> str:
    """What becomes of the first scores, in words; empty where nobody gave any."""
    here, there = workshop.sessions[workshop.topics[code].session].title, workshop.sessions[to].title
    back = f"First scores that {_people(moving.back)} gave on it in {there} count there again." if moving.back else ""
    if not moving.given:
        return back
    given = f"{_people(moving.given)} {'has' if moving.given == 1 else 'have'} given first scores on it."
    if moving.along:
        return f"{given} They are in {there}, too: their first scores go along."
    shown = "are shown now, and stay" if moving.open else "stay"
    return f"{given} Not all of them are in {there}: their first scores {shown} those of {here}. {back}".strip()


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _row(
    store: FacilitatorStore, topic: Topic, targets: tuple[Session, ...], place: int, topics: tuple[Topic, ...]
) -> dict[str, Any]:
    workshop = store.workshop
    moves = [] if topic.settled else [_move(store, topic, target) for target in targets]
    return {
        "code": topic.code,
        "name": words.topic_name(workshop, topic.code),
        "state": _state(workshop, topic),
        "settled": topic.settled,
        "up": place > 0 and not (topic.settled and topics[place - 1].settled),
        "down": place + 1 < len(topics) and not (topic.settled and topics[place + 1].settled),
        "out": not topic.settled and len(topics) > 1,
        "moves": moves if len(topics) > 1 else [],
    }


def _move(store: FacilitatorStore, topic: Topic, target: Session) -> dict[str, str]:
    told = say_moving(store.workshop, topic.code, target.id, store.moving(topic.code, target.id))
    return {"session": target.id, "title": target.title, "told": told}


def _state(workshop: Workshop, topic: Topic) -> str:
    if topic.score is not None and topic.score.value is not None:
        return str(workshop.rubric.level(topic.score.value))
    if topic.score is not None:
        return "Not applicable"
    if topic.settled:
        return "Voted on"
    return "First scores" if topic.rounds else ""
