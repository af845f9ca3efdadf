"""What the room agrees: scores one by one or together, texts, targets and actions."""

from datetime import datetime

from npswidgets.domain.events import (
    ActionAgreed,
    ActionChanged,
    ActionDropped,
    NoteWritten,
    ScoreRecorded,
    TargetSet,
    TogetherAgreed,
    TogetherShown,
    TopicParked,
)
from npswidgets.domain.notes import NOTES
from npswidgets.domain.rules.changes import with_session, with_topic
from npswidgets.domain.rules.checks import (
    check,
    check_level,
    check_nothing_open,
    date_of,
    name_of,
    open_session,
    topic_of,
)
from npswidgets.domain.rules.dispatch import after
from npswidgets.domain.workshop import Action, Score, Topic, Workshop


@after.register
def _(event: TopicParked, workshop: Workshop, at: datetime) -> Workshop:
    topic = topic_of(workshop, event)
    check(topic.status != "open", "Voting on this topic is open. Show or stop those votes first.")
    return with_topic(workshop, topic, parked=True)


@after.register
def _(event: ScoreRecorded, workshop: Workshop, at: datetime) -> Workshop:
    topic = topic_of(workshop, event)
    applies = event.not_applicable is None
    check(applies == (event.score is not None), "Choose the agreed score, or say why the topic does not apply.")
    if event.score is not None:
        check_level(workshop, event.score, "A score")
    check(applies or bool(str(event.not_applicable).strip()), "Write why this topic does not apply.")
    level = workshop.rubric.case_study
    can_be = "No score" if level is None else f"Only a score of {level}"
    check(not event.case_study or event.score == level, f"{can_be} can be a case study.")
    score = Score(event.score, at, event.not_applicable, event.reason_above, event.case_study)
    return with_topic(workshop, topic, score=score, parked=False)


@after.register
def _(event: TogetherShown, workshop: Workshop, at: datetime) -> Workshop:
    session = open_session(workshop, event.session)
    if event.proposals:
        check_nothing_open(workshop, session)
        check(session.break_until is None, "The room has a break. End it first.")
    codes = [proposal.code for proposal in event.proposals]
    check(len(set(codes)) == len(codes), "A topic stands twice in the list.")
    for proposal in event.proposals:
        name = name_of(workshop, proposal.code)
        check(proposal.code in session.codes, f"{name} belongs to another session.")
        check_level(workshop, proposal.level, "A score")
        check(workshop.topics[proposal.code].score is None, f"{name} has a score already.")
        check(bool(workshop.topics[proposal.code].shown), f"The votes on {name} are not shown yet.")
    live = session.live if not event.proposals else None
    return with_session(workshop, session, together=event.proposals, live=live, closing=None)


@after.register
def _(event: TogetherAgreed, workshop: Workshop, at: datetime) -> Workshop:
    session = open_session(workshop, event.session)
    check(bool(session.together), "The room is not asked about scores to take together.")
    check(set(event.to_talk) <= {one.code for one in session.together}, "The room was not asked about this topic.")
    for code in event.to_talk:
        workshop = with_topic(workshop, workshop.topics[code], to_talk=True)
    return with_session(workshop, session, together=())


@after.register
def _(event: NoteWritten, workshop: Workshop, at: datetime) -> Workshop:
    topic = topic_of(workshop, event)
    check(event.note in NOTES, f"There is no note of the kind {event.note!r}.")
    return with_topic(workshop, topic, notes=topic.notes | {event.note: event.words})


@after.register
def _(event: TargetSet, workshop: Workshop, at: datetime) -> Workshop:
    topic = topic_of(workshop, event)
    if event.target is not None:
        check_level(workshop, event.target, "A target")
    return with_topic(workshop, topic, target=event.target)


@after.register
def _(event: ActionAgreed, workshop: Workshop, at: datetime) -> Workshop:
    topic = topic_of(workshop, event)
    check(event.action not in topic.actions, "This action has been agreed already.")
    return _with_action(workshop, topic, event)


@after.register
def _(event: ActionChanged, workshop: Workshop, at: datetime) -> Workshop:
    return _with_action(workshop, _topic_of_action(workshop, event), event)


@after.register
def _(event: ActionDropped, workshop: Workshop, at: datetime) -> Workshop:
    topic = _topic_of_action(workshop, event)
    rest = {id_: action for id_, action in topic.actions.items() if id_ != event.action}
    return with_topic(workshop, topic, actions=rest)


def _topic_of_action(workshop: Workshop, event: ActionChanged | ActionDropped) -> Topic:
    topic = topic_of(workshop, event)
    check(event.action in topic.actions, "There is no such action on this topic.")
    return topic


def _with_action(workshop: Workshop, topic: Topic, event: ActionAgreed | ActionChanged) -> Workshop:
    check(bool(str(event.what).strip()), "Write what will be done.")
    action = Action(event.action, event.what, event.owner, date_of(event.due), event.done_when)
    return with_topic(workshop, topic, actions=topic.actions | {action.id: action})
