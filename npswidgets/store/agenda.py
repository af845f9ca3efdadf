"""Topics that go to another session: what becomes of their first scores is known from who takes part in both."""

from dataclasses import dataclass

from sqlalchemy import Connection

from npswidgets.domain.rules.checks import session_of
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken
from npswidgets.store import ballot_box, persons


@dataclass(frozen=True)
class Moving:
    """What becomes of the first scores on a topic that is moved.

    Attributes:
        given: how many people gave one; 0 for none, and then nothing becomes of them.
        open: they are not shown yet.
        along: everybody who could give one takes part in the other session, too, so that they are first scores there.
        stays_open: they go along and are not shown, because people still give first scores there.
        back: how many people gave first scores there, before the topic left it, which are its first scores again.
    """

    given: int = 0
    open: bool = False
    along: bool = False
    stays_open: bool = False
    back: int = 0


def moving(db: Connection, workshop: Workshop, code: str, to: str) -> Moving:
    """What it means to move a topic now.

    Raises:
        RuleBroken: there is no such topic, or no such session.
    """
    topic, target = workshop.topics.get(code), session_of(workshop, to)
    if topic is None:
        raise RuleBroken(f"No session of this workshop scores {code!r}.")
    before = topic.given_in(to)
    back = len(before.round.votes) if before else 0
    if not topic.rounds:
        return Moving(back=back)
    running = topic.running is not None
    given = ballot_box.counts(db, workshop.id).get((code, 0), 0) if running else len(topic.rounds[0].votes)
    along = ballot_box.on_paper(db, workshop.id, code, 0) == () and _are_in_both(db, workshop, topic.session, to)
    stays_open = along and running and bool(workshop.on_their_own(target.id))
    return Moving(given, running, along, stays_open, 0 if along else back)


def others(db: Connection, workshop: Workshop, source: str, target: str) -> dict[str, str]:
    """Who somebody of one session is in another one, by the id there; only of those who are in both."""
    known = persons.of_workshop(db, workshop.id)
    there = {known[one.id]: one.id for one in workshop.sessions[target].inside if one.id in known}
    here = (one.id for one in workshop.sessions[source].inside)
    return {who: there[known[who]] for who in here if known.get(who) in there}


def _are_in_both(db: Connection, workshop: Workshop, source: str, target: str) -> bool:
    inside = {one.id for one in workshop.sessions[source].inside}
    return bool(inside) and set(others(db, workshop, source, target)) == inside
