"""The agenda of a session as a facilitator changes it: the list, and what is done to it."""

from collections.abc import Mapping
from typing import Any

from npswidgets.domain.events import AgendaOrdered, TopicsLeftOut
from npswidgets.domain.first_scores import talk_order
from npswidgets.domain.workshop import Topic, Workshop
from npswidgets.errors import RuleBroken
from npswidgets.screens import words
from npswidgets.screens.facilitator.agenda_messages import AgendaMessage, TopicGiven, TopicLeftOut, TopicShifted
from npswidgets.store.agenda import Move, Moving
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
            order = shifted(store.workshop, session, message.code, message.by)
            if order != _order(store.workshop, session):  # else it is gone since, or at its end
                store.record(AgendaOrdered(session, order))
        case TopicGiven():
            moving = store.moving(message.code, message.to)
            if message.told != say_moving(store.workshop, message.code, message.to, moving):
                raise RuleBroken(FIRST_SCORES_CHANGED)
            store.move_topic(message.code, message.to, moving)


def shifted(workshop: Workshop, session: str, code: str, by: int) -> tuple[str, ...]:
    """The agenda with a topic one place earlier or later; as it is where there is no such place."""
    order = [*_order(workshop, session)]
    if code not in order or not 0 <= order.index(code) + by < len(order):
        return tuple(order)
    place = order.index(code)
    order[place], order[place + by] = order[place + by], order[place]
    return tuple(order)


def _order(workshop: Workshop, session: str) -> tuple[str, ...]:
    return tuple(topic.code for topic in talk_order(workshop, session))


def agenda_list(store: FacilitatorStore, session: str, moved: str = "") -> dict[str, Any]:
    """The traits of the list.

    Args:
        moved: what was moved to another session last; it can be moved back as long as it can be changed there.
    """
    workshop = store.workshop
    topics = talk_order(workshop, session)
    targets = workshop.to_come(session)
    movable = [topic.code for topic in topics if not topic.settled]
    moves = store.movings(movable, [one.id for one in targets])
    ended = workshop.sessions[session].state == "closed"
    return {
        "title": workshop.sessions[session].title,
        "fixed": ended,
        "rows": [_row(workshop, topic, moves, place, topics) for place, topic in enumerate(topics)],
        "left_out": [
            {"code": one.code, "name": words.topic_name(workshop, one.code)} for one in workshop.left_out_of(session)
        ],
        "moved": {} if ended else _moved(store, session, moved),
    }


def _moved(store: FacilitatorStore, session: str, code: str) -> dict[str, str]:
    workshop = store.workshop
    topic = workshop.topics.get(code)
    if topic is None or topic.session == session or topic.settled or len(workshop.topics_of(topic.session)) == 1:
        return {}
    name, there = words.topic_name(workshop, code), workshop.sessions[topic.session].title
    told = say_moving(workshop, code, session, store.moving(code, session))
    return {"code": code, "name": name, "title": there, "session": session, "told": told}


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
    workshop: Workshop, topic: Topic, moves: Mapping[Move, Moving], place: int, topics: tuple[Topic, ...]
) -> dict[str, Any]:
    return {
        "code": topic.code,
        "name": words.topic_name(workshop, topic.code),
        "state": _state(workshop, topic),
        "settled": topic.settled,
        "up": place > 0 and not (topic.settled and topics[place - 1].settled),
        "down": place + 1 < len(topics) and not (topic.settled and topics[place + 1].settled),
        "out": not topic.settled and len(topics) > 1,
        "moves": [_move(workshop, *one) for one in moves.items() if one[0][0] == topic.code and len(topics) > 1],
    }


def _move(workshop: Workshop, move: Move, moving: Moving) -> dict[str, str]:
    code, to = move
    return {"session": to, "title": workshop.sessions[to].title, "told": say_moving(workshop, code, to, moving)}


def _state(workshop: Workshop, topic: Topic) -> str:
    if topic.score is not None and topic.score.value is not None:
        return str(workshop.rubric.level(topic.score.value))
    if topic.score is not None:
        return "Not applicable"
    if topic.settled:
        return "Voted on"
    return "First scores" if topic.rounds else ""
