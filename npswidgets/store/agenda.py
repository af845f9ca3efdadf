"""Topics that go to another session: what becomes of their first scores is known from who takes part in both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection

from npswidgets.domain.rules.agenda import check_unsettled
from npswidgets.domain.rules.checks import session_of
from npswidgets.domain.workshop import Topic, Workshop
from npswidgets.errors import RuleBroken
from npswidgets.store import ballot_box, persons

Move: TypeAlias = tuple[str, str]
"""A value code, and the session that it would go to."""


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
        RuleBroken: there is no such topic, no such session, or the room has voted on the topic.
    """
    return movings(db, workshop, [code], [to])[code, to]


def movings(db: Connection, workshop: Workshop, codes: Sequence[str], targets: Sequence[str]) -> dict[Move, Moving]:
    """The same of several topics and sessions, by both.

    Raises:
        RuleBroken: as above.
    """
    for to in targets:
        session_of(workshop, to)
    for code in codes:
        if code not in workshop.topics:
            raise RuleBroken(f"No session of this workshop scores {code!r}.")
        check_unsettled(workshop, workshop.topics[code])
    known = _Known(workshop, ballot_box.counts(db, workshop.id), persons.of_workshop(db, workshop.id))
    on_paper = ballot_box.codes_on_paper(db, workshop.id, 0)
    return {(code, to): _moving(known, workshop.topics[code], to, code in on_paper) for code in codes for to in targets}


@dataclass(frozen=True)
class _Known:
    """What is asked once: how many have voted, by value code and round, and who is which person."""

    workshop: Workshop
    counts: dict[tuple[str, int], int]
    persons: dict[str, str]

    def are_in_both(self, source: str, target: str) -> bool:
        """Whether everybody in the one session is in the other one, too."""
        here = {self.persons.get(one.id) for one in self.workshop.sessions[source].inside}
        there = {self.persons.get(one.id) for one in self.workshop.sessions[target].inside}
        return bool(here) and None not in here and here <= there


def _moving(known: _Known, topic: Topic, to: str, on_paper: bool) -> Moving:
    before = topic.given_in(to)
    back = len(before.round.votes) if before else 0
    if not topic.rounds:
        return Moving(back=back)
    running = topic.running is not None
    given = known.counts.get((topic.code, 0), 0) if running else len(topic.rounds[0].votes)
    along = not on_paper and known.are_in_both(topic.session, to)
    stays_open = along and running and bool(known.workshop.on_their_own(to))
    return Moving(given, running, along, stays_open, 0 if along else back)


def others(db: Connection, workshop: Workshop, source: str, target: str) -> dict[str, str]:
    """Who somebody of one session is in another one, by the id there; only of those who are in both."""
    known = persons.of_workshop(db, workshop.id)
    there = {known[one.id]: one.id for one in workshop.sessions[target].inside if one.id in known}
    here = (one.id for one in workshop.sessions[source].inside)
    return {who: there[known[who]] for who in here if known.get(who) in there}
