"""A workshop with one part replaced."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from npswidgets.domain.rules.checks import check
from npswidgets.domain.workshop import Participant, Session, Topic, Workshop


def with_topic(workshop: Workshop, topic: Topic, **changes: Any) -> Workshop:
    """The workshop with a topic changed."""
    return replace(workshop, topics=workshop.topics | {topic.code: replace(topic, **changes)})


def with_session(workshop: Workshop, session: Session, **changes: Any) -> Workshop:
    """The workshop with a session changed."""
    return replace(workshop, sessions=workshop.sessions | {session.id: replace(session, **changes)})


def with_participant(workshop: Workshop, session: Session, who: str, department: str | None, at: datetime) -> Workshop:
    """The workshop with somebody new in a session, or in another department.

    Raises:
        RuleBroken: there is no such department.
    """
    known = department is None or department in workshop.departments
    check(known, f"{department!r} is not a department of this workshop.")
    people = session.participants | {who: Participant(who, department, at)}
    return with_session(workshop, session, participants=people)


def with_presence(
    workshop: Workshop, session: str, present: Mapping[str, bool], left: Collection[str] = ()
) -> Workshop:
    """The workshop with who counts as being there changed; those of them who have left are not there."""
    people = workshop.sessions[session].participants
    changed = {who: replace(people[who], present=here, left=who in left) for who, here in present.items()}
    return with_session(workshop, workshop.sessions[session], participants=people | changed)
