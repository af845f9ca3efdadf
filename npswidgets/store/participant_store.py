"""What a participant may read and do."""

import time
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from sqlalchemy import Connection, Engine

from npswidgets.domain.actor import Actor, Role
from npswidgets.domain.ballots import Ballot
from npswidgets.domain.events import DepartmentChanged, PresenceChanged
from npswidgets.domain.rules.checks import open_session, person_inside
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import NotAllowed, RuleBroken
from npswidgets.store import ballot_box, persons, presence, record, talk_requests
from npswidgets.store.database import writing
from npswidgets.store.workshop_store import WorkshopStore

NOTING_SECONDS = 0.1
"""How long that waits for who writes: the page, which is this person's alone, waits with it."""

SEEN_SECONDS = 60
"""How often at most it is noted that somebody's page is there."""


class ParticipantStore(WorkshopStore):
    """A participant's own votes and requests, in the session that was joined.

    Attributes:
        to_talk: the value codes that this person wants to talk about before their scores are taken together.
    """

    role: ClassVar[Role] = "participant"
    to_talk: frozenset[str] = frozenset()

    def __init__(self, engine: Engine, actor: Actor, cached: Workshop | None = None) -> None:
        self._seen_until = 0.0
        self._session, self._me = actor.session or "", actor.participant or ""
        super().__init__(engine, actor, cached)

    def own_ballots(self) -> dict[tuple[str, int], Ballot]:
        """The participant's own ballots by (value code, round); empty after the session."""
        if self.workshop.sessions[self._session].state == "closed":
            return {}
        with self._read() as db:
            return ballot_box.own(db, self.actor.workshop, self._session, self._me)

    def elsewhere(self) -> frozenset[str]:
        """The same person's ids in other sessions; asked for only where the record has votes that came from there."""
        here = self.workshop.sessions[self._session].participants
        shown = (one for topic in self.workshop.topics_of(self._session) for one in topic.shown)
        if all(vote.participant is None or vote.participant in here for one in shown for vote in one.votes):
            return frozenset()
        with self._read() as db:
            return persons.same_as(db, self.actor.workshop, self._me) - here.keys()

    def cast(self, ballot: Ballot) -> Ballot:
        """Stores the participant's own ballot; the same one twice is one vote.

        Raises:
            VoteRefused: with the reason that the voter sees.
            NotAllowed: it is somebody else's ballot.
        """
        if (ballot.participant, ballot.session) != (self._me, self._session):
            raise NotAllowed("A vote is cast by the person whose it is.")
        with self._changing(shared=True) as db:
            return ballot_box.cast(db, self.of_topic(ballot.code), ballot)

    def ask_to_talk(self, code: str, wanted: bool) -> None:
        """The participant wants to talk about a topic before its score is taken, or no longer.

        Raises:
            RuleBroken: the room is not asked about this topic now.
        """
        with self._changing(shared=True) as db:
            session = self.workshop.sessions[self._session]
            person_inside(session, self._me)
            if code not in [proposal.code for proposal in session.together]:
                raise RuleBroken("These scores are settled already. Tell the facilitator if you want to talk.")
            talk_requests.put(db, self.actor, code, wanted)
            self.to_talk = talk_requests.own(db, self.workshop, self.actor)

    def change_department(self, department: str | None) -> Workshop:
        """Changes the participant's own department, from the next votes shown.

        Raises:
            RuleBroken: there is no such department, or the session is closed.
        """
        return self._append(DepartmentChanged(self._session, self._me, department))

    def leave(self) -> None:
        """The participant goes, and does not count as in the room; what was voted stays. A second time changes nothing.

        Raises:
            RuleBroken: the session is not open.
        """
        self._count(PresenceChanged(self._session, left=(self._me,)), present=False)

    def come_back(self) -> None:
        """The participant counts as in the room again. A second time changes nothing.

        Raises:
            RuleBroken: the session is not open.
        """
        self._count(PresenceChanged(self._session, back=(self._me,)), present=True)

    def seen(self) -> None:
        """Notes that the participant's page is there; somebody whose page was not seen for long counts again.

        But not who has left: whether the page is still open says nothing then.
        """
        me, session = self._me, self.workshop.sessions[self._session]
        person = session.participants[me]
        if person.erased or person.taken_out or session.state != "open" or time.monotonic() < self._seen_until:
            return
        if person.present and timedelta() <= datetime.now(UTC) - person.joined_at < timedelta(seconds=SEEN_SECONDS):
            return  # the joining says so: when everybody joins at once, a second write each would make them wait
        self._seen_until = time.monotonic() + SEEN_SECONDS
        with writing(self._engine, NOTING_SECONDS, side_by_side=True) as db:
            record.lock(db, self.actor.workshop, shared_by=me)
            now = record.read(db, self.actor.workshop, self.workshop).sessions[session.id]
            if now.state != "open" or now.participants[me].erased:
                return  # what is known of it has been deleted
            presence.note(db, self.actor.workshop, session.id, me)
        if not person.present and not person.left:
            self._append(PresenceChanged(session.id, back=(me,)))

    def _count(self, changed: PresenceChanged, *, present: bool) -> None:
        with self._changing() as db:
            person = person_inside(open_session(self.workshop, self._session), self._me)
            if not (person.present if present else person.left):
                self._store(db, changed)

    def _read_beside(self, db: Connection) -> bool:
        before, self.to_talk = self.to_talk, talk_requests.own(db, self.workshop, self.actor)
        return super()._read_beside(db) or before != self.to_talk
