"""What happens to a session: planned, opened, closed, its breaks, and what its room reads at the end."""

import re
from dataclasses import replace
from datetime import datetime

from npswidgets.domain.events import (
    BreakEnded,
    BreakStarted,
    ClosingShown,
    DraftPromised,
    NamesChanged,
    SessionClosed,
    SessionOpened,
    SessionPlanned,
)
from npswidgets.domain.rules.changes import with_session, with_topic
from npswidgets.domain.rules.checks import (
    check,
    check_no_vote_open,
    check_nothing_open,
    date_of,
    open_session,
    session_of,
)
from npswidgets.domain.rules.dispatch import after
from npswidgets.domain.workshop import MOST_EXPECTED, GivenElsewhere, Session, Topic, Workshop

_TIME = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")


@after.register
def _(event: SessionPlanned, workshop: Workshop, at: datetime) -> Workshop:
    check(event.session not in workshop.sessions, f"There is already a session {event.session!r}.")
    check(bool(event.codes), "Choose at least one theme or key area to score.")
    check(len(set(event.codes)) == len(event.codes), "A topic stands twice in the session.")
    for code in event.codes:
        check(code in workshop.rubric.value_codes, f"The rubric has no value code {code!r}.")
        check(workshop.is_free(code), f"The value code {code!r} belongs to another session already.")
    session = Session(event.session, event.title, event.codes, event.people_expected)
    topics = {code: Topic(code, event.session) for code in event.codes}
    return replace(
        workshop,
        sessions=workshop.sessions | {session.id: session},
        topics=workshop.topics | topics,
        left_out={code: topic for code, topic in workshop.left_out.items() if code not in topics},
    )


@after.register
def _(event: NamesChanged, workshop: Workshop, at: datetime) -> Workshop:
    check(bool(event.council.strip()), "Enter the name of the council.")
    named = {one.session: one for one in event.sessions}
    whole = len(named) == len(event.sessions) and named.keys() == workshop.sessions.keys()
    check(whole, "The names do not hold each session of the workshop once.")
    for one in event.sessions:
        fits = 0 <= one.people_expected <= MOST_EXPECTED
        check(fits, f"{one.people_expected} people cannot be expected. Enter a number from 1 to {MOST_EXPECTED}.")
    sessions = {
        session.id: replace(session, title=named[session.id].title, people_expected=named[session.id].people_expected)
        for session in workshop.sessions.values()
    }
    called_anew = workshop.called_anew or event.council != workshop.council
    return replace(workshop, council=event.council, title=event.title, sessions=sessions, called_anew=called_anew)


@after.register
def _(event: SessionOpened, workshop: Workshop, at: datetime) -> Workshop:
    session = session_of(workshop, event.session)
    check(session.state != "open", f"The session {session.title!r} is open already.")
    again = {"went_on_at": at} if session.opened_at else {}
    return with_session(workshop, session, state="open", opened_at=session.opened_at or at, closed_at=None, **again)


@after.register
def _(event: SessionClosed, workshop: Workshop, at: datetime) -> Workshop:
    session = open_session(workshop, event.session)
    check_nothing_open(workshop, session)
    for topic in workshop.topics_of(session.id):
        workshop = with_topic(workshop, topic, ballots_deleted=bool(topic.shown))
    kept = (replace(one, rounds=one.shown, ballots_deleted=bool(one.shown)) for one in workshop.left_out_of(session.id))
    workshop = replace(workshop, left_out=workshop.left_out | {one.code: one for one in kept})
    for topic in [one for one in workshop.topics.values() if one.given_in(session.id)]:
        workshop = with_topic(workshop, topic, elsewhere=tuple(_closed(one, session.id) for one in topic.elsewhere))
    ended = {"closing": None, "together": (), "break_until": None, "break_since": None}
    return with_session(workshop, session, state="closed", closed_at=at, **ended)


def _closed(given: GivenElsewhere, session: str) -> GivenElsewhere:
    return replace(given, ballots_deleted=True) if given.session == session else given


@after.register
def _(event: BreakStarted, workshop: Workshop, at: datetime) -> Workshop:
    session = open_session(workshop, event.session)
    check_no_vote_open(workshop, session)
    check(bool(_TIME.fullmatch(event.until)), f"{event.until!r} is not a time such as 11:15.")
    return with_session(workshop, session, break_until=event.until, break_since=at)


@after.register
def _(event: BreakEnded, workshop: Workshop, at: datetime) -> Workshop:
    session = open_session(workshop, event.session)
    check(session.break_until is not None, "There is no break to end.")
    return with_session(workshop, session, break_until=None, break_since=None, went_on_at=at)


@after.register
def _(event: ClosingShown, workshop: Workshop, at: datetime) -> Workshop:
    session = open_session(workshop, event.session)
    check(event.part in (None, "scores", "actions"), f"There is no closing part {event.part!r}.")
    if event.part:
        check_nothing_open(workshop, session)
    return with_session(workshop, session, closing=event.part, together=())


@after.register
def _(event: DraftPromised, workshop: Workshop, at: datetime) -> Workshop:
    return with_session(workshop, session_of(workshop, event.session), draft_by=date_of(event.by))
