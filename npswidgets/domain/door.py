"""The door of a session: how many people it lets in, who came in a rush, and who was taken out."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from npswidgets.domain.workshop import Participant, Session
from npswidgets.errors import DoorShut

FEWEST_PLACES = 10
UNKNOWN_PLACES = 60
"""How many people may be in where nobody said how many are expected."""

RUSH_SECONDS = 10
RUSH_MINUTES = 30
"""A rush that is longer ago is not offered to be taken out."""

FULL = "The room is full for now. Tell the facilitator, who can let more people in."
CLOSED = "The door is closed for now. Tell the facilitator, who can open it."
TAKEN_OUT = (
    "The facilitator took out everybody who joined in the last minutes, and you are one of them. Your votes do not "
    "count now.",
    "If you are in the room, tell the facilitator, or join again.",
)


@dataclass(frozen=True)
class Door:
    """How people get into a session.

    Attributes:
        code: to type.
        secret: 128 bits, in QR codes and links.
        places: how many people may be in; None for about twice the people expected.
        closed: nobody new gets in.
    """

    code: str
    secret: str = field(repr=False)
    places: int | None = None
    closed: bool = False


def places(session: Session, door: Door) -> int:
    """How many people may be in before the facilitator decides."""
    if door.places is not None:
        return door.places
    expected = session.people_expected
    return max(FEWEST_PLACES, 2 * expected) if expected else UNKNOWN_PLACES


def more_places(session: Session, door: Door) -> int:
    """How many people may be in once more are let in: about as many again as are expected, and no fewer."""
    return max(places(session, door), len(session.inside) + places(session, Door("", "")) // 2)


def is_full(session: Session, door: Door) -> bool:
    """Whether nobody gets in until the facilitator lets more in."""
    return len(session.inside) >= places(session, door)


def check_door(session: Session, door: Door) -> None:
    """Whether somebody new gets in.

    Raises:
        DoorShut: nobody does now; the words are for that person.
    """
    if door.closed:
        raise DoorShut(CLOSED)
    if is_full(session, door):
        raise DoorShut(FULL)


def joined_since(session: Session, since: datetime) -> tuple[str, ...]:
    """Who is in and joined at this time or later."""
    return tuple(person.id for person in session.inside if not person.erased and person.joined_at >= since)


def rush_minutes(session: Session, now: datetime) -> int:
    """How many minutes back a rush began: more people than the room expects within ten seconds; 0 for none.

    A room in which everybody who is expected joins within a breath is no rush.
    """
    joined = sorted(person.joined_at for person in session.inside)
    many = places(session, Door("", "")) // 2 + 1
    for first, last in zip(joined, joined[many - 1 :], strict=False):
        recent = now - first < timedelta(minutes=RUSH_MINUTES)
        if recent and last - first <= timedelta(seconds=RUSH_SECONDS):
            return max(1, math.floor((now - first).total_seconds() / 60 + 0.5) + 1)
    return 0


def taken_out_last(session: Session) -> tuple[Participant, ...]:
    """Those who were taken out together, the last time; without those of whom nothing is known any more."""
    out = [person for person in session.participants.values() if person.taken_out_at and not person.erased]
    last = max((person.taken_out_at for person in out if person.taken_out_at), default=None)
    return tuple(person for person in out if person.taken_out_at == last)
