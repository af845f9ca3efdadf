"""A topic comes to the room and is voted on; the votes are shown, and reasons for them."""

from dataclasses import replace
from datetime import datetime

from npswidgets.domain.events import (
    ReasonShown,
    TopicPresented,
    VotesDiscarded,
    VotesRevealed,
    VotingOpened,
    VotingStopped,
)
from npswidgets.domain.rules.changes import with_session, with_topic
from npswidgets.domain.rules.checks import check, check_answer, open_session, running_vote, topic_of
from npswidgets.domain.rules.dispatch import after
from npswidgets.domain.workshop import LAST_ROUND, Round, Workshop

VOTED_OUT = f"There have been {LAST_ROUND} votes on this topic. Agree a score, or leave it for later."


@after.register
def _(event: TopicPresented, workshop: Workshop, at: datetime) -> Workshop:
    session = open_session(workshop, event.session)
    topic = topic_of(workshop, event)
    since = topic.presented_at if session.live == topic.code else None
    presented = with_topic(workshop, topic, parked=False, presented_at=since or at)
    return with_session(presented, session, live=topic.code, closing=None, together=())


@after.register
def _(event: VotingOpened, workshop: Workshop, at: datetime) -> Workshop:
    session = open_session(workshop, event.session)
    topic = topic_of(workshop, event)
    if topic.running:
        again = topic.running.state == "stopped" and topic.running.number == event.round
        check(again, "Voting on this topic is open already. Show or stop those votes first.")
        earlier, before = topic.rounds[:-1], topic.running
    else:
        expected = {0, 1} if not topic.rounds else {topic.next_round}
        check(event.round <= LAST_ROUND, VOTED_OUT)
        check(event.round in expected, f"The next vote on this topic is number {topic.next_round}, not {event.round}.")
        earlier, before = topic.rounds, Round(event.round, workshop.rubric.scale)
    check(event.round == 0 or session.break_until is None, "The room has a break. End it first.")
    opening = before.opening or topic.openings + 1
    rounds = (*earlier, replace(before, state="open", opened_at=at, opening=opening))
    openings = max(opening, topic.openings)
    opened = with_topic(workshop, topic, parked=False, reason_shown=None, rounds=rounds, openings=openings)
    return with_session(opened, session, live=topic.code if event.round else None, closing=None, together=())


@after.register
def _(event: VotingStopped, workshop: Workshop, at: datetime) -> Workshop:
    open_session(workshop, event.session)
    topic = topic_of(workshop, event)
    running = running_vote(topic, event.round)
    check(running.state == "open", "Voting on this topic has stopped already.")
    return with_topic(workshop, topic, rounds=(*topic.rounds[:-1], replace(running, state="stopped")))


@after.register
def _(event: VotesDiscarded, workshop: Workshop, at: datetime) -> Workshop:
    open_session(workshop, event.session)
    topic = topic_of(workshop, event)
    running = running_vote(topic, event.round)
    check(running.state == "stopped", "Voting on this topic is open. Stop it first.")
    emptied = replace(running, opening=0, from_zero=True)
    return with_topic(workshop, topic, rounds=(*topic.rounds[:-1], emptied))


@after.register
def _(event: VotesRevealed, workshop: Workshop, at: datetime) -> Workshop:
    session = open_session(workshop, event.session)
    topic = topic_of(workshop, event)
    running = running_vote(topic, event.round)
    check(bool(event.votes) or event.round == 0, "Nobody has voted yet.")
    for vote in event.votes:
        check_answer(workshop, vote.answer)
        known = vote.department is None or vote.department in workshop.departments
        check(known, "A vote names an unknown department.")
        anonymous = workshop.anonymity == "anonymous"
        check(not (anonymous and vote.participant), "An anonymous workshop keeps no voter.")
    if not event.votes:  # nobody gave a first score: as if it had not been asked for
        return with_topic(workshop, topic, rounds=topic.rounds[:-1])
    if event.weakest_department is not None:
        check_answer(workshop, event.weakest_department)
    if event.voted_in_both is not None:
        changed, both = sum(move.voters for move in event.moves), event.voted_in_both
        check(changed <= both <= len(event.votes), "The numbers of people who voted in both votes do not fit.")
    shown = replace(
        running,
        state="shown",
        shown_at=at,
        votes=event.votes,
        absent=event.absent,
        moves=event.moves,
        voted_in_both=event.voted_in_both,
        weakest_department=event.weakest_department,
        people=session.participants,
    )
    return with_topic(workshop, topic, rounds=(*topic.rounds[:-1], shown))


@after.register
def _(event: ReasonShown, workshop: Workshop, at: datetime) -> Workshop:
    open_session(workshop, event.session)
    topic = topic_of(workshop, event)
    last = topic.rounds[-1] if topic.rounds else None
    shown = last is not None and last.state == "shown" and last.number == event.round
    check(shown, "Reasons are shown only after the votes.")
    return with_topic(workshop, topic, reason_shown=event.words if str(event.words) else None)
