"""What may happen next, and what it changes: `after(event, workshop, at)` gives the next state or raises `RuleBroken`.

The same function checks a new event, folds the record, and verifies a saved workshop.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import singledispatch
from typing import Any

from npswidgets.domain.events import (
    ActionAgreed,
    ActionChanged,
    ActionDropped,
    BreakEnded,
    BreakStarted,
    ClosingShown,
    DepartmentChanged,
    DraftPromised,
    Entry,
    Event,
    NoteWritten,
    ParticipantJoined,
    PresenceChanged,
    ReasonShown,
    ScoreRecorded,
    SessionClosed,
    SessionOpened,
    SessionPlanned,
    TargetSet,
    TogetherAgreed,
    TogetherShown,
    TopicParked,
    TopicPresented,
    VotesDiscarded,
    VotesRevealed,
    VotingOpened,
    VotingStopped,
    WorkshopCreated,
    WorkshopReopened,
    WorkshopSealed,
)
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.sign_off import missing
from npswidgets.domain.workshop import LAST_ROUND, Action, Participant, Round, Score, Session, Topic, Workshop
from npswidgets.errors import RuleBroken

VOTED_OUT = f"There have been {LAST_ROUND} votes on this topic. Agree a score, or come back to it."
FIRST_SCORES_OPEN = "The first scores are still open. Show them first."
MOST_ON_PAPER = 200
_TIME = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
SIGNED_OFF = "This workshop is signed off and locked. Reopen it with a reason to make changes."


def begin(entry: Entry, rubric: Rubric) -> Workshop:
    """The workshop after its first event; the store fills in `head`.

    Raises:
        RuleBroken: the first event is another one, or names another rubric.
    """
    event = entry.event
    if not isinstance(event, WorkshopCreated) or entry.revision != 1:
        raise RuleBroken("A record starts with WorkshopCreated as revision 1.")
    if event.rubric != rubric.id:
        raise RuleBroken(f"The workshop was made with the rubric {event.rubric!r}, not with {rubric.id!r}.")
    _check(bool(event.council.strip()), "Enter the name of the council.")
    _check(len(set(event.departments)) == len(event.departments), "A department stands twice in the list.")
    asked = bool(event.departments) or not event.departments_in_reports
    _check(asked, "Reports can show departments only where people are asked for theirs. Name the departments.")
    return Workshop(
        id=event.workshop,
        council=event.council,
        title=event.title,
        rubric=rubric,
        anonymity=event.anonymity,
        departments=event.departments,
        departments_in_reports=bool(event.departments_in_reports),
        created_at=entry.at,
        revision=1,
    )


def apply(workshop: Workshop, entry: Entry) -> Workshop:
    """The workshop after one more event.

    Raises:
        RuleBroken: the event may not happen now, or its revision is not the next one.
    """
    if entry.revision != workshop.revision + 1:
        raise RuleBroken(f"Revision {workshop.revision + 1} was expected, and {entry.revision} was found.")
    if workshop.sealed and not isinstance(entry.event, WorkshopReopened):
        raise RuleBroken(SIGNED_OFF)
    return replace(after(entry.event, workshop, entry.at), revision=entry.revision)


def fold(entries: Iterable[Entry], rubric: Rubric) -> Workshop:
    """The workshop that a whole record adds up to.

    Raises:
        RuleBroken: the record is empty or breaks a rule.
    """
    rest = iter(entries)
    first = next(rest, None)
    if first is None:
        raise RuleBroken("The record is empty.")
    workshop = begin(first, rubric)
    for entry in rest:
        workshop = apply(workshop, entry)
    return workshop


@singledispatch
def after(event: Event, workshop: Workshop, at: datetime) -> Workshop:
    """The workshop after this event, whose kind decides."""
    raise RuleBroken(f"{type(event).__name__} cannot happen here.")


@after.register
def _(event: SessionPlanned, workshop: Workshop, at: datetime) -> Workshop:
    _check(event.session not in workshop.sessions, f"There is already a session {event.session!r}.")
    _check(bool(event.codes), "Choose at least one theme or key area to score.")
    _check(len(set(event.codes)) == len(event.codes), "A topic stands twice in the session.")
    for code in event.codes:
        _check(code in workshop.rubric.value_codes, f"The rubric has no value code {code!r}.")
        _check(code not in workshop.topics, f"The value code {code!r} belongs to another session already.")
    session = Session(event.session, event.title, event.codes, event.people_expected)
    topics = {code: Topic(code, event.session) for code in event.codes}
    return replace(
        workshop,
        sessions=workshop.sessions | {session.id: session},
        topics=workshop.topics | topics,
    )


@after.register
def _(event: SessionOpened, workshop: Workshop, at: datetime) -> Workshop:
    session = _session(workshop, event.session)
    _check(session.state != "open", f"The session {session.title!r} is open already.")
    return _with_session(workshop, session, state="open", opened_at=session.opened_at or at, closed_at=None)


@after.register
def _(event: SessionClosed, workshop: Workshop, at: datetime) -> Workshop:
    session = _open_session(workshop, event.session)
    _check_nothing_open(workshop, session)
    return _with_session(workshop, session, state="closed", closed_at=at, closing=None, together=(), break_until=None)


@after.register
def _(event: ParticipantJoined, workshop: Workshop, at: datetime) -> Workshop:
    session = _open_session(workshop, event.session)
    _check(event.participant not in session.participants, "This person has joined already.")
    return _with_participant(workshop, session, event.participant, event.department, at)


@after.register
def _(event: DepartmentChanged, workshop: Workshop, at: datetime) -> Workshop:
    session = _open_session(workshop, event.session)
    _check(event.participant in session.participants, "This person has not joined the session.")
    person = session.participants[event.participant]
    moved = _with_participant(workshop, session, event.participant, event.department, person.joined_at)
    return moved if person.present else _with_presence(moved, session.id, {person.id: False})


@after.register
def _(event: PresenceChanged, workshop: Workshop, at: datetime) -> Workshop:
    session = _open_session(workshop, event.session)
    on_paper = session.on_paper if event.on_paper is None else event.on_paper
    _check(0 <= on_paper <= MOST_ON_PAPER, f"From 0 to {MOST_ON_PAPER} people can vote on paper, not {on_paper}.")
    changed = dict.fromkeys(event.away, False) | dict.fromkeys(event.back, True)
    _check(set(changed) <= set(session.participants), "This person has not joined the session.")
    return _with_presence(_with_session(workshop, session, on_paper=on_paper), session.id, changed)


@after.register
def _(event: TopicPresented, workshop: Workshop, at: datetime) -> Workshop:
    session = _open_session(workshop, event.session)
    topic = _topic(workshop, event)
    presented = _with_topic(workshop, topic, parked=False)
    return _with_session(presented, session, live=topic.code, closing=None, together=())


@after.register
def _(event: VotingOpened, workshop: Workshop, at: datetime) -> Workshop:
    session = _open_session(workshop, event.session)
    topic = _topic(workshop, event)
    if topic.running:
        again = topic.running.state == "stopped" and topic.running.number == event.round
        _check(again, "Voting on this topic is open already. Show or stop those votes first.")
        earlier = topic.rounds[:-1]
    else:
        expected = {0, 1} if not topic.rounds else {topic.next_round}
        _check(event.round <= LAST_ROUND, VOTED_OUT)
        _check(event.round in expected, f"The next vote on this topic is number {topic.next_round}, not {event.round}.")
        earlier = topic.rounds
    _check(event.round == 0 or session.break_until is None, "The room has a break. End it first.")
    rounds = (*earlier, Round(event.round, opened_at=at))
    opened = _with_topic(workshop, topic, parked=False, reason_shown=None, rounds=rounds)
    return _with_session(opened, session, live=topic.code if event.round else None, closing=None, together=())


@after.register
def _(event: VotingStopped, workshop: Workshop, at: datetime) -> Workshop:
    _open_session(workshop, event.session)
    topic = _topic(workshop, event)
    running = _running(topic, event.round)
    _check(running.state == "open", "Voting on this topic has stopped already.")
    return _with_topic(workshop, topic, rounds=(*topic.rounds[:-1], replace(running, state="stopped")))


@after.register
def _(event: VotesDiscarded, workshop: Workshop, at: datetime) -> Workshop:
    _open_session(workshop, event.session)
    running = _running(_topic(workshop, event), event.round)
    _check(running.state == "stopped", "Voting on this topic is open. Stop it first.")
    return workshop


@after.register
def _(event: VotesRevealed, workshop: Workshop, at: datetime) -> Workshop:
    _open_session(workshop, event.session)
    topic = _topic(workshop, event)
    running = _running(topic, event.round)
    _check(bool(event.votes) or event.round == 0, "Nobody has voted yet.")
    for vote in event.votes:
        check_answer(vote.answer)
        known = vote.department is None or vote.department in workshop.departments
        _check(known, "A vote names an unknown department.")
        anonymous = workshop.anonymity == "anonymous"
        _check(not (anonymous and vote.participant), "An anonymous workshop keeps no voter.")
    if not event.votes:  # nobody gave a first score: as if it had not been asked for
        return _with_topic(workshop, topic, rounds=topic.rounds[:-1])
    if event.weakest_department is not None:
        check_answer(event.weakest_department)
    shown = replace(
        running,
        state="shown",
        shown_at=at,
        votes=event.votes,
        absent=event.absent,
        moves=event.moves,
        weakest_department=event.weakest_department,
    )
    return _with_topic(workshop, topic, rounds=(*topic.rounds[:-1], shown))


@after.register
def _(event: ReasonShown, workshop: Workshop, at: datetime) -> Workshop:
    _open_session(workshop, event.session)
    topic = _topic(workshop, event)
    last = topic.rounds[-1] if topic.rounds else None
    shown = last is not None and last.state == "shown" and last.number == event.round
    _check(shown, "Reasons are shown only after the votes.")
    return _with_topic(workshop, topic, reason_shown=event.words if str(event.words) else None)


@after.register
def _(event: ScoreRecorded, workshop: Workshop, at: datetime) -> Workshop:
    topic = _topic(workshop, event)
    applies = event.not_applicable is None
    _check(applies == (event.score is not None), "Choose the agreed score, or say why the topic does not apply.")
    _check(event.score is None or _is_level(event.score), f"A score is a level from 1 to 5, not {event.score!r}.")
    _check(applies or bool(str(event.not_applicable).strip()), "Write why this topic does not apply.")
    _check(not event.case_study or event.score == 5, "Only a score of 5 can be a case study.")
    score = Score(event.score, at, event.not_applicable, event.reason_above, event.case_study)
    return _with_topic(workshop, topic, score=score, parked=False)


@after.register
def _(event: TopicParked, workshop: Workshop, at: datetime) -> Workshop:
    topic = _topic(workshop, event)
    _check(topic.status != "open", "Voting on this topic is open. Show or stop those votes first.")
    return _with_topic(workshop, topic, parked=True)


@after.register
def _(event: BreakStarted, workshop: Workshop, at: datetime) -> Workshop:
    session = _open_session(workshop, event.session)
    _check_no_vote_open(workshop, session)
    _check(bool(_TIME.fullmatch(event.until)), f"{event.until!r} is not a time such as 11:15.")
    return _with_session(workshop, session, break_until=event.until)


@after.register
def _(event: BreakEnded, workshop: Workshop, at: datetime) -> Workshop:
    session = _open_session(workshop, event.session)
    _check(session.break_until is not None, "There is no break to end.")
    return _with_session(workshop, session, break_until=None, break_ended_at=at)


@after.register
def _(event: NoteWritten, workshop: Workshop, at: datetime) -> Workshop:
    topic = _topic(workshop, event)
    _check(event.note in ("comment", "different_view", "evidence"), f"There is no note of the kind {event.note!r}.")
    return _with_topic(workshop, topic, notes=topic.notes | {event.note: event.words})


@after.register
def _(event: TargetSet, workshop: Workshop, at: datetime) -> Workshop:
    topic = _topic(workshop, event)
    _check(event.target is None or _is_level(event.target), f"A target is a level from 1 to 5, not {event.target!r}.")
    return _with_topic(workshop, topic, target=event.target)


@after.register
def _(event: ActionAgreed, workshop: Workshop, at: datetime) -> Workshop:
    topic = _topic(workshop, event)
    _check(event.action not in topic.actions, "This action has been agreed already.")
    return _with_action(workshop, topic, event)


@after.register
def _(event: ActionChanged, workshop: Workshop, at: datetime) -> Workshop:
    return _with_action(workshop, _topic_of_action(workshop, event), event)


@after.register
def _(event: ActionDropped, workshop: Workshop, at: datetime) -> Workshop:
    topic = _topic_of_action(workshop, event)
    rest = {id_: action for id_, action in topic.actions.items() if id_ != event.action}
    return _with_topic(workshop, topic, actions=rest)


@after.register
def _(event: ClosingShown, workshop: Workshop, at: datetime) -> Workshop:
    session = _open_session(workshop, event.session)
    _check(event.part in (None, "scores", "actions"), f"There is no closing part {event.part!r}.")
    if event.part:
        _check_nothing_open(workshop, session)
    return _with_session(workshop, session, closing=event.part, together=())


@after.register
def _(event: TogetherShown, workshop: Workshop, at: datetime) -> Workshop:
    session = _open_session(workshop, event.session)
    if event.proposals:
        _check_nothing_open(workshop, session)
        _check(session.break_until is None, "The room has a break. End it first.")
    codes = [proposal.code for proposal in event.proposals]
    _check(len(set(codes)) == len(codes), "A topic stands twice in the list.")
    for proposal in event.proposals:
        name = _name(workshop, proposal.code)
        _check(proposal.code in session.codes, f"{name} belongs to another session.")
        _check(_is_level(proposal.level), f"A score is a level from 1 to 5, not {proposal.level!r}.")
        _check(workshop.topics[proposal.code].score is None, f"{name} has a score already.")
        _check(bool(workshop.topics[proposal.code].shown), f"The votes on {name} are not shown yet.")
    live = session.live if not event.proposals else None
    return _with_session(workshop, session, together=event.proposals, live=live, closing=None)


@after.register
def _(event: TogetherAgreed, workshop: Workshop, at: datetime) -> Workshop:
    session = _open_session(workshop, event.session)
    _check(bool(session.together), "The room is not asked about scores to take together.")
    _check(set(event.to_talk) <= {one.code for one in session.together}, "The room was not asked about this topic.")
    for code in event.to_talk:
        workshop = _with_topic(workshop, workshop.topics[code], to_talk=True)
    return _with_session(workshop, session, together=())


@after.register
def _(event: DraftPromised, workshop: Workshop, at: datetime) -> Workshop:
    return _with_session(workshop, _session(workshop, event.session), draft_by=_date(event.by))


@after.register
def _(event: WorkshopSealed, workshop: Workshop, at: datetime) -> Workshop:
    _check(event.version == workshop.version + 1, f"The next version is {workshop.version + 1}, not {event.version}.")
    still_open = [one.title for one in workshop.sessions.values() if one.state == "open"]
    _check(not still_open, f"The session {', '.join(still_open)} is still open. End it before signing off.")
    lacks = missing(workshop)
    _check(not lacks, "\n".join(["Missing before sign-off:", *lacks]))
    return replace(workshop, version=event.version, sealed=True, sealed_at=at, signed_off_by=event.role)


@after.register
def _(event: WorkshopReopened, workshop: Workshop, at: datetime) -> Workshop:
    _check(workshop.sealed, "This workshop is not signed off, so there is nothing to reopen.")
    _check(bool(str(event.reason).strip()), "Write why the workshop is reopened.")
    return replace(workshop, sealed=False)


def check_answer(answer: object) -> None:
    """Whether this is an answer at all.

    Raises:
        RuleBroken: it is neither a level nor one of the two other answers.
    """
    _check(_is_level(answer) or answer in ("dont_know", "not_my_role"), f"There is no answer {answer!r}.")


def check_answer_open(workshop: Workshop, code: str, round_number: int) -> None:
    """Whether a vote may still be cast.

    Raises:
        RuleBroken: this value code has no open vote of that number.
    """
    if workshop.sealed:
        raise RuleBroken(SIGNED_OFF)
    topic = workshop.topics.get(code)
    running = topic.running if topic else None
    if running is None or running.number != round_number or running.state != "open":
        raise RuleBroken("Voting on this topic is not open.")


def _check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuleBroken(otherwise)


def _is_level(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5


def _session(workshop: Workshop, session: str) -> Session:
    _check(session in workshop.sessions, f"The workshop has no session {session!r}.")
    return workshop.sessions[session]


def _open_session(workshop: Workshop, session: str) -> Session:
    found = _session(workshop, session)
    _check(found.state == "open", f"The session {found.title!r} is not open.")
    return found


def _check_nothing_open(workshop: Workshop, session: Session) -> None:
    _check(not workshop.on_their_own(session.id), FIRST_SCORES_OPEN)
    _check_no_vote_open(workshop, session)


def _check_no_vote_open(workshop: Workshop, session: Session) -> None:
    """First scores may go on beside it: nobody waits for them."""
    for topic in workshop.topics_of(session.id):
        voting = topic.status == "open" and topic.rounds[-1].number > 0
        _check(not voting, f"Voting on {_name(workshop, topic.code)} is still open. Show or stop those votes first.")


def _name(workshop: Workshop, code: str) -> str:
    found = workshop.rubric.value_codes.get(code)
    return found.display_name if found else repr(code)


def _topic(workshop: Workshop, event: Any) -> Topic:
    _check(event.code in workshop.topics, f"No session of this workshop scores {event.code!r}.")
    topic = workshop.topics[event.code]
    at_home = topic.session == event.session
    _check(at_home, f"{event.code!r} belongs to the session {topic.session!r}, not {event.session!r}.")
    return topic


def _topic_of_action(workshop: Workshop, event: ActionChanged | ActionDropped) -> Topic:
    topic = _topic(workshop, event)
    _check(event.action in topic.actions, "There is no such action on this topic.")
    return topic


def _with_action(workshop: Workshop, topic: Topic, event: ActionAgreed | ActionChanged) -> Workshop:
    _check(bool(str(event.what).strip()), "Write what will be done.")
    action = Action(event.action, event.what, event.owner, _date(event.due), event.done_when)
    return _with_topic(workshop, topic, actions=topic.actions | {action.id: action})


def _date(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise RuleBroken(f"{text!r} is not a date such as 2026-09-30.") from None


def _running(topic: Topic, number: int) -> Round:
    running = topic.running
    if running is None or running.number != number:
        raise RuleBroken(f"There is no vote number {number} under way on this topic.")
    return running


def _with_topic(workshop: Workshop, topic: Topic, **changes: Any) -> Workshop:
    return replace(workshop, topics=workshop.topics | {topic.code: replace(topic, **changes)})


def _with_session(workshop: Workshop, session: Session, **changes: Any) -> Workshop:
    return replace(workshop, sessions=workshop.sessions | {session.id: replace(session, **changes)})


def _with_participant(workshop: Workshop, session: Session, who: str, department: str | None, at: datetime) -> Workshop:
    known = department is None or department in workshop.departments
    _check(known, f"{department!r} is not a department of this workshop.")
    people = session.participants | {who: Participant(who, department, at)}
    return _with_session(workshop, session, participants=people)


def _with_presence(workshop: Workshop, session: str, present: Mapping[str, bool]) -> Workshop:
    people = workshop.sessions[session].participants
    changed = {who: replace(people[who], present=here) for who, here in present.items()}
    return _with_session(workshop, workshop.sessions[session], participants=people | changed)
