"""Which participants of a workshop are one person: whoever came to several of its sessions with one browser.

It stands with the grants, beside the record, and goes with them. The record gets a number alone.
"""

import secrets

from sqlalchemy import Connection, select

from npswidgets.domain.events import PeopleCounted
from npswidgets.domain.workshop import Workshop
from npswidgets.store import tables

_GRANTS = tables.grants.c


def of_workshop(db: Connection, workshop: str) -> dict[str, str]:
    """The person by participant, of all who can still get in."""
    joined = (_GRANTS.workshop == workshop) & (_GRANTS.person != "")
    return dict(db.execute(select(_GRANTS.participant, _GRANTS.person).where(joined)).all())


def same_as(db: Connection, workshop: str, participant: str) -> frozenset[str]:
    """A participant, and whoever is the same person in other sessions of the workshop."""
    known = of_workshop(db, workshop)
    mine = known.get(participant)
    return frozenset(who for who, person in known.items() if person == mine) | {participant}


def person_for(known: dict[str, str], before: list[str]) -> str:
    """The person that somebody new is: the one whom this browser was last, or nobody that there is.

    Args:
        known: the person by participant.
        before: as whom the browser joined other sessions, the last one last; empty for somebody else.
    """
    return (known.get(before[-1]) if before else None) or secrets.token_hex(8)


def count(db: Connection, workshop: Workshop) -> PeopleCounted | None:
    """How many people took part in the sessions that have ended; None for fewer than two, or where that is counted."""
    there = frozenset(workshop.in_ended_sessions)
    ended = [one for one in workshop.sessions.values() if one.state == "closed" and one.inside]
    if len(ended) < 2 or there <= workshop.counted:
        return None
    known = of_workshop(db, workshop.id)
    before = {known.get(who, who) for who in workshop.counted}
    new = {known.get(who, who) for who in there - workshop.counted} - before
    return PeopleCounted(workshop.people + len(new))
