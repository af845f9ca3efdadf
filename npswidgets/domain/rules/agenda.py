"""Which topics a session scores, and in which order: it can be changed for each until the room votes on it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from npswidgets.domain.events import AgendaOrdered, TopicMoved, TopicsLeftOut, TopicsPutBack
from npswidgets.domain.first_scores import enough
from npswidgets.domain.rules.changes import with_session
from npswidgets.domain.rules.checks import check, name_of, session_of, topic_of
from npswidgets.domain.rules.dispatch import after
from npswidgets.domain.workshop import GivenElsewhere, Session, Topic, Workshop

LAST_ONE = "A session keeps at least one topic."


@after.register
def _(event: TopicsLeftOut, workshop: Workshop, at: datetime) -> Workshop:
    session = session_of(workshop, event.session)
    _check_named(event.codes)
    _check_not_ended(session)
    for code in event.codes:
        _check_changeable(workshop, session, code)
    left_out = {code: _out_of_the_room(workshop.topics[code]) for code in event.codes}
    rest = _without(workshop, session, event.codes)
    return replace(rest, left_out=rest.left_out | left_out)


@after.register
def _(event: TopicsPutBack, workshop: Workshop, at: datetime) -> Workshop:
    session = session_of(workshop, event.session)
    _check_named(event.codes)
    _check_not_ended(session)
    for code in event.codes:
        kept = workshop.left_out.get(code)
        ours = kept is not None and kept.session == session.id
        check(ours, f"{name_of(workshop, code)} was not left out of this session.")
    back = {code: workshop.left_out[code] for code in event.codes}
    left_out = {code: topic for code, topic in workshop.left_out.items() if code not in back}
    returned = with_session(workshop, session, codes=session.codes + event.codes)
    return replace(returned, left_out=left_out, topics=workshop.topics | back)


@after.register
def _(event: TopicMoved, workshop: Workshop, at: datetime) -> Workshop:
    topic, source = topic_of(workshop, event), session_of(workshop, event.session)
    target = session_of(workshop, event.to)
    check(target.id != source.id, f"{name_of(workshop, topic.code)} is in {target.title} already.")
    _check_not_ended(target)
    check_unsettled(workshop, topic)
    goes_on = event.along and bool(workshop.on_their_own(target.id))
    check(topic.running is None or goes_on, "First scores on this topic are open. Show them first.")
    returns = not event.along and topic.given_in(target.id) is not None
    check(returns or not event.back, f"No first scores on {name_of(workshop, topic.code)} were given there.")
    rest = _without(workshop, source, (topic.code,))
    moved = replace(_out_of_the_room(topic), session=target.id, **_first_scores(topic, target, event))
    placed = with_session(rest, rest.sessions[target.id], codes=(*target.codes, topic.code))
    return replace(placed, topics=placed.topics | {topic.code: moved})


@after.register
def _(event: AgendaOrdered, workshop: Workshop, at: datetime) -> Workshop:
    session = session_of(workshop, event.session)
    _check_not_ended(session)
    check(sorted(event.codes) == sorted(session.codes), "The order does not hold each topic of the session once.")
    settled = [code for code in event.codes if workshop.topics[code].settled]
    kept = settled == [code for code in session.codes if workshop.topics[code].settled]
    check(kept, "Topics that the room has voted on keep their order.")
    return with_session(workshop, session, codes=event.codes, own_order=enough(workshop, session.id))


def _without(workshop: Workshop, session: Session, codes: tuple[str, ...]) -> Workshop:
    """The workshop without these topics on a session's agenda, and in its room."""
    rest = tuple(code for code in session.codes if code not in codes)
    check(bool(rest), LAST_ONE)
    topics = {code: topic for code, topic in workshop.topics.items() if code not in codes}
    together = tuple(one for one in session.together if one.code not in codes)
    live = None if session.live in codes else session.live
    changed = with_session(workshop, session, codes=rest, together=together, live=live)
    return replace(changed, topics=topics)


def _out_of_the_room(topic: Topic) -> Topic:
    """A topic that leaves the agenda: no room has come to it yet, or left it for later."""
    return replace(topic, parked=False, to_talk=False, presented_at=None, reason_shown=None)


def _first_scores(topic: Topic, target: Session, event: TopicMoved) -> dict[str, Any]:
    """What becomes of the first scores: those of the session that the topic comes to, or of the one that it leaves."""
    if event.along:
        return {"rounds": tuple(replace(one, people=target.participants) for one in topic.rounds)}
    given = tuple(GivenElsewhere(topic.session, one, topic.ballots_deleted, topic.departments) for one in topic.rounds)
    own = topic.given_in(target.id) if event.back else None
    return {
        "rounds": (own.round,) if own else (),
        "ballots_deleted": own.ballots_deleted if own else False,
        "departments": own.departments if own else None,
        "elsewhere": tuple(one for one in topic.elsewhere if one is not own) + given,
    }


def _check_named(codes: tuple[str, ...]) -> None:
    check(bool(codes) and len(set(codes)) == len(codes), "Name each topic once.")


def _check_changeable(workshop: Workshop, session: Session, code: str) -> None:
    check(code in session.codes, f"{name_of(workshop, code)} is not on the agenda of this session.")
    check_unsettled(workshop, workshop.topics[code])


def check_unsettled(workshop: Workshop, topic: Topic) -> None:
    """Whether the agenda can still be changed for a topic.

    Raises:
        RuleBroken: the room has voted on it.
    """
    name = name_of(workshop, topic.code)
    check(not topic.settled, f"The room has voted on {name}, or agreed its score. It stays on the agenda.")


def _check_not_ended(session: Session) -> None:
    check(session.state != "closed", f"The session {session.title!r} has ended.")
