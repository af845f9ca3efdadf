"""Until when the program keeps what leads from a workshop's record to a person: the name above all."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from npswidgets.domain.workshop import Participant, Workshop

DAYS_AFTER_SIGN_OFF = 30
DAYS_AFTER_JOINING = 180
SIGN_OFF = ""
"""In place of a participant's id: the time at which a workshop was signed off."""


def deleted_on(workshop: Workshop, joined_at: datetime) -> date:
    """The day, in UTC wherever this computer travels, on which the name of somebody who joined then is deleted.

    A workshop that was reopened counts from when it is signed off again; nobody's name stays longer for it than 180
    days after joining.
    """
    latest = joined_at + timedelta(days=DAYS_AFTER_JOINING)
    if workshop.sealed and workshop.sealed_at:
        latest = min(latest, workshop.sealed_at + timedelta(days=DAYS_AFTER_SIGN_OFF))
    return latest.astimezone(UTC).date()


def with_certain_times(workshop: Workshop, counted_from: Mapping[str, datetime]) -> Workshop:
    """The workshop with the times that count, by participant and `SIGN_OFF`, where a clock in doubt wrote others."""
    sessions = {
        session.id: replace(
            session,
            participants={
                who: replace(person, joined_at=counted_from.get(who, person.joined_at))
                for who, person in session.participants.items()
            },
        )
        for session in workshop.sessions.values()
    }
    return replace(workshop, sessions=sessions, sealed_at=counted_from.get(SIGN_OFF, workshop.sealed_at))


def written_later(workshop: Workshop, today: date) -> frozenset[str]:
    """Whose times lie after today, which is certain: of participants, and `SIGN_OFF`."""
    later = {person.id for person in people_of(workshop).values() if person.joined_at.astimezone(UTC).date() > today}
    if workshop.sealed and workshop.sealed_at and workshop.sealed_at.astimezone(UTC).date() > today:
        later.add(SIGN_OFF)
    return frozenset(later)


def last_deleted_on(workshop: Workshop) -> date | None:
    """The day on which the last name of a workshop is deleted; None if nobody has joined."""
    return max((deleted_on(workshop, person.joined_at) for person in people_of(workshop).values()), default=None)


def past(workshop: Workshop, today: date) -> frozenset[str]:
    """Who is to be forgotten by today: ids of participants."""
    people = people_of(workshop).values()
    return frozenset(person.id for person in people if deleted_on(workshop, person.joined_at) <= today)


def people_of(workshop: Workshop) -> dict[str, Participant]:
    """Everybody who joined one of the workshop's sessions."""
    return {who: person for session in workshop.sessions.values() for who, person in session.participants.items()}
