"""Who takes part, on a phone or on paper."""

from dataclasses import replace
from datetime import datetime

from npswidgets.domain.events import (
    DepartmentChanged,
    ParticipantJoined,
    PeopleBroughtBack,
    PeopleCounted,
    PeopleTakenOut,
    PersonErased,
    PresenceChanged,
)
from npswidgets.domain.rules.changes import with_participant, with_presence, with_session
from npswidgets.domain.rules.checks import check, open_session, person_in, person_inside, session_of
from npswidgets.domain.rules.dispatch import after
from npswidgets.domain.workshop import Workshop

MOST_ON_PAPER = 200


@after.register
def _(event: ParticipantJoined, workshop: Workshop, at: datetime) -> Workshop:
    session = open_session(workshop, event.session)
    check(event.participant not in session.participants, "This person has joined already.")
    return with_participant(workshop, session, event.participant, event.department, at)


@after.register
def _(event: DepartmentChanged, workshop: Workshop, at: datetime) -> Workshop:
    session = open_session(workshop, event.session)
    person = person_inside(session, event.participant)
    moved = with_participant(workshop, session, event.participant, event.department, person.joined_at)
    left = (person.id,) if person.left else ()
    return moved if person.present else with_presence(moved, session.id, {person.id: False}, left)


@after.register
def _(event: PersonErased, workshop: Workshop, at: datetime) -> Workshop:
    session = session_of(workshop, event.session)
    person = person_in(session, event.participant)
    nobody = replace(person, department=None, present=False, erased=True)
    return with_session(workshop, session, participants=session.participants | {nobody.id: nobody})


@after.register
def _(event: PresenceChanged, workshop: Workshop, at: datetime) -> Workshop:
    session = open_session(workshop, event.session)
    on_paper = session.on_paper if event.on_paper is None else event.on_paper
    check(0 <= on_paper <= MOST_ON_PAPER, f"From 0 to {MOST_ON_PAPER} people can vote on paper, not {on_paper}.")
    left = event.left or ()
    changed = dict.fromkeys((*event.away, *left), False) | dict.fromkeys(event.back, True)
    for who in changed:
        person_inside(session, who)
    return with_presence(with_session(workshop, session, on_paper=on_paper), session.id, changed, left)


@after.register
def _(event: PeopleTakenOut, workshop: Workshop, at: datetime) -> Workshop:
    session = open_session(workshop, event.session)
    check(bool(event.participants), "Nobody was named to be taken out.")
    out = {who: replace(person_inside(session, who), taken_out_at=at) for who in event.participants}
    return with_session(workshop, session, participants=session.participants | out)


@after.register
def _(event: PeopleBroughtBack, workshop: Workshop, at: datetime) -> Workshop:
    session = open_session(workshop, event.session)
    check(bool(event.participants), "Nobody was named to be brought back.")
    people = [person_in(session, who) for who in event.participants]
    check(all(person.taken_out for person in people), "This person was not taken out, or is back already.")
    back = {person.id: replace(person, taken_out_at=None) for person in people}
    return with_session(workshop, session, participants=session.participants | back)


@after.register
def _(event: PeopleCounted, workshop: Workshop, at: datetime) -> Workshop:
    there = frozenset(workshop.in_ended_sessions)
    most = workshop.people + len(there - workshop.counted)
    check(workshop.people <= event.people <= most, "So many people cannot have taken part.")
    return replace(workshop, people=event.people, counted=workshop.counted | there)
