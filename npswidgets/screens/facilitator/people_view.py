"""The list of who joined. Nothing in it tells who has voted: neither a vote, nor when a page was last used."""

from collections.abc import Mapping
from typing import Any

from npswidgets.domain.days import here
from npswidgets.domain.events import PresenceChanged
from npswidgets.domain.workshop import Participant, Session
from npswidgets.errors import RuleBroken


def people_list(session: Session, names: Mapping[str, str]) -> dict[str, Any]:
    """The traits of the list; empty while the session is not open, since nobody is counted then.

    Args:
        names: by participant; empty in an anonymous workshop.
    """
    if session.state != "open":
        return {}
    numbered = enumerate(session.participants.values(), 1)
    rows = [_row(number, person, names.get(person.id, "")) for number, person in numbered if not person.taken_out]
    return {"state": _state(session), "rows": rows}


def counted(session: Session, number: int, counts: bool) -> tuple[PresenceChanged, ...]:
    """Somebody counts as in the room or not, by the place in the list; nothing where that is so already.

    Raises:
        RuleBroken: there is nobody in this place.
    """
    people = list(session.participants.values())
    if not 1 <= number <= len(people) or people[number - 1].erased:
        raise RuleBroken("There is nobody in this place of the list.")
    person = people[number - 1]
    if person.counts == counts:
        return ()
    who = (person.id,)
    return (PresenceChanged(session.id, back=who) if counts else PresenceChanged(session.id, left=who),)


def _row(number: int, person: Participant, name: str) -> dict[str, Any]:
    said = f"{here(person.joined_at):%H:%M} · {name or f'Person {number}'}"
    row = {"number": number, "text": said, "hint": person.department or "", "counts": person.counts, "label": ""}
    if person.erased:
        return row | {"hint": "erased"}
    if person.counts:
        return row | {"label": "Take out of the count"}
    return row | {"hint": "has left" if person.left else "not seen for long", "label": "Undo"}


def _state(session: Session) -> str:
    inside = session.inside
    if not inside:
        return "Nobody has joined yet."
    away = sum(not person.counts for person in inside)
    joined = f"{len(inside)} {'person has' if len(inside) == 1 else 'people have'} joined, in this order."
    gone = f" {away} {'does' if away == 1 else 'do'} not count as in the room." if away else ""
    return f"{joined}{gone} Who is taken out keeps the vote, and can say on the phone: “I am here”."
