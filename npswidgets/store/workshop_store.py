"""One actor's access to one workshop: who asks is bound when it is opened, and every rule is checked here."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from npswidgets import settings
from npswidgets.domain.actor import Actor, Role
from npswidgets.domain.ballots import Ballot, Reason, paper_ballot, paper_voter
from npswidgets.domain.door import Door, joined_since, more_places, taken_out_last
from npswidgets.domain.events import (
    Answer,
    DepartmentChanged,
    Event,
    PeopleBroughtBack,
    PeopleTakenOut,
    PresenceChanged,
    ScoreRecorded,
    TogetherAgreed,
)
from npswidgets.domain.practice import is_practice
from npswidgets.domain.retention import with_certain_times
from npswidgets.domain.rules import check_answer_open
from npswidgets.domain.rules.checks import person_inside
from npswidgets.domain.sheets import Mark, read_sheet
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import NotAllowed, RuleBroken
from npswidgets.store import access, ballot_box, clock, doors, people, practice, presence, record, talk_requests
from npswidgets.store.database import open_database, writing
from npswidgets.store.doors import Guessing
from npswidgets.store.faults import faults
from npswidgets.store.wifi import Wifi, read_wifi

NOTING_SECONDS = 0.1
"""How long that waits for who writes: the page, which is this person's alone, waits with it."""

SEEN_SECONDS = 60
"""How often at most it is noted that somebody's page is there."""


class WorkshopStore:
    """What an actor may read and write.

    Attributes:
        workshop: the state that was read last; `refresh` reads on.
        practices: what its sessions practise, beside the record.
        doors: of the facilitator and the projector: the doors by session. Whoever has the secret gets in.
        guessing: of the facilitator: whether somebody tries out codes; None if nobody ever did.
        to_talk: the value codes to talk about before their scores are taken together: a participant's own requests,
            and those of all people for the facilitator, who does not learn whose they are.

    Args:
        cached: a state of the workshop that need not be read again.
    """

    def __init__(self, engine: Engine, actor: Actor, cached: Workshop | None = None) -> None:
        self._engine = engine
        self._seen_until = 0.0
        self._reading: Connection | None = None
        self.actor = actor
        with faults(), engine.connect() as db:
            self.workshop: Workshop = record.read(db, actor.workshop, cached)
            self.practices = practice.read(db, self.workshop)
            self.to_talk = talk_requests.read(db, self.workshop, actor)
            self.doors, self.guessing = self._at_the_door(db)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is read within this block is of one moment, and takes one connection."""
        with self._read() as self._reading:
            try:
                yield
            finally:
                self._reading = None

    def refresh(self) -> bool:
        """Reads what is newer in the record, and beside it; whether there was anything."""
        with self._read() as db:
            newer = record.head_of(db, self.actor.workshop) != self.workshop.head
            if newer:
                self.workshop = record.read(db, self.actor.workshop, self.workshop)
            before, self.to_talk = self.to_talk, talk_requests.read(db, self.workshop, self.actor)
            practised, self.practices = self.practices, practice.read(db, self.workshop)
            door, (self.doors, self.guessing) = (self.doors, self.guessing), self._at_the_door(db)
        beside = before != self.to_talk or practised != self.practices or door != (self.doors, self.guessing)
        return newer or beside

    def of_topic(self, code: str) -> Workshop:
        """Where the topic with this code stands: in a practice, or in the workshop."""
        return practice.of_topic(self.workshop, self.practices, code)

    def in_the_room(self, session: str) -> Workshop:
        """What the room of a session is on: its practice once that has begun, until a topic is started."""
        return practice.in_the_room(self.workshop, self.practices, session)

    def record(self, *events: Event) -> Workshop:
        """Stores events by the facilitator, all or none.

        Raises:
            RuleBroken: one of them may not happen now.
            NotAllowed: somebody else asks.
            StoreFault: the database cannot take them.
        """
        self._only("facilitator")
        return self._append(*events)

    def show_votes(self, code: str) -> Workshop:
        """Ends the vote under way on a value code and shows it, in one transaction.

        Raises:
            RuleBroken: no vote is under way, or nobody has voted yet.
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        with self._changing() as db:
            self._store(db, ballot_box.open_votes(db, self.of_topic(code), code))
        return self.of_topic(code)

    def end_practice(self, session: str) -> None:
        """The practice of a session is gone, with its votes; it may start again.

        Raises:
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        with self._changing() as db:
            practice.forget(db, self.actor.workshop, session)
        self.refresh()

    def show_first_scores(self, session: str) -> Workshop:
        """Ends the first scores of a session and shows them, of all its topics in one transaction.

        Raises:
            RuleBroken: no first scores are open.
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        with self._changing() as db:
            topics = self.workshop.on_their_own(session)
            if not topics:
                raise RuleBroken("No first scores are open.")
            for topic in topics:
                self._store(db, ballot_box.open_votes(db, self.workshop, topic.code))
        return self.workshop

    def finished(self, session: str) -> int:
        """How many people have scored all topics whose first scores are open; 0 if none are.

        Raises:
            NotAllowed: a participant asks.
        """
        self._only("facilitator", "projector")
        codes = [topic.code for topic in self.workshop.on_their_own(session)]
        if not codes:  # each drawing of a screen asks
            return 0
        with self._read() as db:
            return ballot_box.finished(db, self.actor.workshop, codes, 0)

    def ask_to_talk(self, code: str, wanted: bool) -> None:
        """The participant wants to talk about a topic before its score is taken, or no longer.

        Raises:
            RuleBroken: the room is not asked about this topic now.
            NotAllowed: somebody else than a participant asks.
        """
        self._only("participant")
        with self._changing(shared=True) as db:
            session = self.workshop.sessions[self.actor.session or ""]
            person_inside(session, self.actor.participant or "")
            together = session.together
            if code not in [proposal.code for proposal in together]:
                raise RuleBroken("These scores are settled already. Tell the facilitator if you want to talk.")
            talk_requests.put(db, self.actor, code, wanted)
            self.to_talk = talk_requests.read(db, self.workshop, self.actor)

    def agree_together(self, session: str) -> Workshop:
        """Records the scores that the room was asked to take, but for those that somebody wants to talk about.

        Raises:
            RuleBroken: the room is not asked.
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        with self._changing() as db:
            to_talk = talk_requests.of_session(db, self.actor.workshop, session)
            proposals = self.workshop.sessions[session].together
            scores = (ScoreRecorded(session, one.code, one.level) for one in proposals if one.code not in to_talk)
            agreed = TogetherAgreed(session, tuple(one.code for one in proposals if one.code in to_talk))
            self._store(db, *scores, agreed)
        self.to_talk = frozenset()
        return self.workshop

    def cast(self, ballot: Ballot) -> Ballot:
        """Stores the participant's own ballot; the same one twice is one vote.

        Raises:
            VoteRefused: with the reason that the voter sees.
            NotAllowed: it is somebody else's ballot.
        """
        self._only("participant")
        if (ballot.participant, ballot.session) != (self.actor.participant, self.actor.session):
            raise NotAllowed("A vote is cast by the person whose it is.")
        with self._changing(shared=True) as db:
            return ballot_box.cast(db, self.of_topic(ballot.code), ballot)

    def seen(self) -> None:
        """Notes that the participant's page is there; somebody who was taken out of the count is in it again."""
        self._only("participant")
        me, session = self.actor.participant or "", self.workshop.sessions[self.actor.session or ""]
        person = session.participants[me]
        if person.erased or person.taken_out or session.state != "open" or time.monotonic() < self._seen_until:
            return
        if person.present and timedelta() <= datetime.now(UTC) - person.joined_at < timedelta(seconds=SEEN_SECONDS):
            return  # the joining says so: when everybody joins at once, a second write each would make them wait
        self._seen_until = time.monotonic() + SEEN_SECONDS
        with writing(self._engine, NOTING_SECONDS) as db:
            record.lock(db, self.actor.workshop, shared=True)
            now = record.read(db, self.actor.workshop, self.workshop).sessions[session.id]
            if now.state != "open" or now.participants[me].erased:
                return  # what is known of it has been deleted
            presence.note(db, self.actor.workshop, session.id, me)
        if not person.present:
            self._append(PresenceChanged(session.id, back=(me,)))

    def last_seen(self, session: str) -> dict[str, datetime]:
        """When each participant's page was last there.

        Raises:
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        with self._read() as db:
            return presence.last_seen(db, self.actor.workshop, self.workshop.sessions[session])

    def times_that_count(self) -> tuple[Workshop, date]:
        """The workshop with the times from which days are counted, and today, as far as the date is not in doubt.

        Raises:
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        with self._read() as db:
            counted = clock.counted_from(db, self.actor.workshop)
            return with_certain_times(self.workshop, counted), clock.certain_today(db, datetime.now(UTC)).date()

    def enter_paper_vote(self, code: str, round_number: int, number: int, answer: Answer | None) -> None:
        """Stores the vote on a sheet of paper in place of the one before; None takes it out.

        Raises:
            RuleBroken: no such vote is open, nobody is on that paper, or there is no such answer.
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        with self._changing(shared=True) as db:
            if answer is None:
                check_answer_open(self.workshop, code, round_number)
                ballot_box.delete_ballot(db, self.actor.workshop, code, round_number, paper_voter(number))
            else:
                ballot_box.put(db, self.workshop, paper_ballot(self.workshop, code, round_number, number, answer))

    def enter_sheet(self, session: str, number: int, marks: Sequence[Mark]) -> tuple[str, ...]:
        """Stores what stands on a score sheet, of all its topics in one transaction; gives those that were skipped.

        Raises:
            RuleBroken: nobody is on that paper, or no vote is open on any of these topics.
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        with self._changing(shared=True) as db:
            sheet = read_sheet(self.workshop, session, number, marks)
            for code, round_number in sheet.blank:
                ballot_box.delete_ballot(db, self.actor.workshop, code, round_number, paper_voter(number))
            for ballot in sheet.ballots:
                ballot_box.put(db, self.workshop, ballot)
        return sheet.skipped

    def sheets(self, codes: Sequence[str]) -> frozenset[int]:
        """The numbers of the sheets of which something was entered in the votes now open on these value codes.

        Raises:
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        topics = [self.workshop.topics[code] for code in codes]
        rounds = {topic.code: topic.running.number for topic in topics if topic.running}
        with self._read() as db:
            return ballot_box.sheets(db, self.actor.workshop, rounds)

    def paper_votes(self, code: str) -> tuple[int, ...]:
        """Which paper votes of the round under way were entered, by number; nobody learns what they are.

        Raises:
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        running = self.of_topic(code).topics[code].running
        with self._read() as db:
            return ballot_box.on_paper(db, self.actor.workshop, code, running.number) if running else ()

    def still_to_vote(self, code: str) -> tuple[str, ...]:
        """The names of those on phones who have not voted in the round under way; empty where people take part without.

        Raises:
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        topic = self.of_topic(code).topics[code]
        if self.workshop.anonymity == "anonymous" or not topic.running:
            return ()
        with self._read() as db:
            voted = ballot_box.voters(db, self.actor.workshop, code, topic.running.number)
            names = people.read_names(db, self.actor.workshop)
        there = self.workshop.sessions[topic.session].participants.values()
        waiting = (names.get(one.id, "") for one in there if one.counts and one.id not in voted)
        return tuple(sorted(filter(None, waiting), key=str.casefold))

    def reasons(self, code: str) -> tuple[Reason, ...]:
        """Why people voted as they did in the votes shown last, lowest level first; empty while a vote runs.

        Raises:
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        with self._read() as db:
            return ballot_box.reasons_given(db, self.of_topic(code), code)

    def own_ballots(self) -> dict[tuple[str, int], Ballot]:
        """The participant's own ballots by (value code, round); empty after the session, and for the others."""
        if self.actor.session is None or self.actor.participant is None:
            return {}
        if self.workshop.sessions[self.actor.session].state == "closed":
            return {}
        with self._read() as db:
            return ballot_box.own(db, self.actor.workshop, self.actor.session, self.actor.participant)

    def vote_counts(self) -> dict[tuple[str, int], int]:
        """How many have voted, by (value code, round).

        Raises:
            NotAllowed: a participant asks.
        """
        self._only("facilitator", "projector")
        with self._read() as db:
            return ballot_box.counts(db, self.actor.workshop)

    def votes_in(self, code: str) -> int:
        """How many have voted in the round under way on a value code; 0 if none is."""
        running = self.of_topic(code).topics[code].running
        return self.vote_counts().get((code, running.number), 0) if running else 0

    def change_department(self, department: str | None) -> Workshop:
        """Changes the participant's own department, from the next votes shown.

        Raises:
            RuleBroken: there is no such department, or the session is closed.
        """
        self._only("participant")
        return self._append(DepartmentChanged(self.actor.session or "", self.actor.participant or "", department))

    def let_more_in(self, session: str) -> None:
        """About as many more people as are expected may join.

        Raises:
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        with self._changing() as db:
            door = doors.read_all(db, self.actor.workshop)[session]
            self._change_door(db, session, places=more_places(self.workshop.sessions[session], door))

    def close_door(self, session: str, closed: bool) -> None:
        """Nobody new gets in from now on, or somebody does again.

        Raises:
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        with self._changing() as db:
            self._change_door(db, session, closed=closed)

    def renew_code(self, session: str, *, with_secret: bool) -> None:
        """New digits; with a new secret nobody gets in by what was printed or sent before.

        Raises:
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        with self._changing() as db:
            doors.renew(db, self.actor.workshop, session, with_secret=with_secret)
            self.doors = doors.read_all(db, self.actor.workshop)

    def take_people_out(self, session: str, since: datetime) -> None:
        """Those who joined at this time or later are not in the session any more, and the door is closed.

        Raises:
            RuleBroken: nobody joined since then, or the session is not open.
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        with self._changing() as db:
            newcomers = joined_since(self.workshop.sessions[session], since)
            if not newcomers:
                raise RuleBroken("Nobody has joined in that time.")
            self._store(db, PeopleTakenOut(session, newcomers))
            self._change_door(db, session, closed=True)

    def bring_people_back(self, session: str) -> None:
        """Those who were taken out the last time are in the session again, with what they voted.

        Raises:
            RuleBroken: there is nobody to bring back, or the session is not open.
            NotAllowed: somebody else than the facilitator asks.
        """
        self._only("facilitator")
        with self._changing() as db:
            people = tuple(person.id for person in taken_out_last(self.workshop.sessions[session]))
            self._store(db, PeopleBroughtBack(session, people))

    def _change_door(self, db: Connection, session: str, **values: Any) -> None:
        doors.change(db, self.actor.workshop, session, **values)
        self.doors = doors.read_all(db, self.actor.workshop)

    def _at_the_door(self, db: Connection) -> tuple[dict[str, Door], Guessing | None]:
        if self.actor.role == "participant":
            return {}, None
        guessing = doors.read_guessing(db) if self.actor.role == "facilitator" else None
        return doors.read_all(db, self.actor.workshop), guessing

    def join_address(self) -> str | None:
        """Where phones join, such as "http://10.0.0.1:8866"; None without a server."""
        with self._read() as db:
            return access.value(db, "address")

    def join_wifi(self) -> Wifi | None:
        """The Wi-Fi that phones join first; None where people use the one of the house."""
        with self._read() as db:
            return read_wifi(db)

    @property
    def saved_at(self) -> datetime:
        """When the last event was stored."""
        with self._read() as db:
            return record.changed_at(db, self.actor.workshop)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        if self._reading is not None:
            yield self._reading
        else:
            with faults(), self._engine.connect() as db:
                yield db

    @contextmanager
    def _changing(self, *, shared: bool = False) -> Iterator[Connection]:
        """One transaction with the workshop locked and read up to now; if it fails, what was known stays known."""
        before = self.workshop, self.practices
        try:
            with writing(self._engine) as db:
                record.lock(db, self.actor.workshop, shared=shared)
                self.workshop = record.read(db, self.actor.workshop, self.workshop)
                self.practices = practice.read(db, self.workshop)
                yield db
        except BaseException:
            self.workshop, self.practices = before
            raise

    def _append(self, *events: Event) -> Workshop:
        with self._changing() as db:
            self._store(db, *events)
        return self.workshop

    def _store(self, db: Connection, *events: Event) -> None:
        """Puts events into the record, those of a practice beside it."""
        for event in events:
            code = getattr(event, "code", "")
            if is_practice(code):
                self.practices = practice.append(db, self.workshop, self.practices, code, event, self.actor.role)
            else:
                self.workshop = record.append(db, self.workshop, event, self.actor.role)

    def _only(self, *roles: Role) -> None:
        if self.actor.role not in roles:
            raise NotAllowed(f"This is for the {' and the '.join(roles)}, not for the {self.actor.role}.")


def open_store(actor: Actor | None = None, url: str | None = None) -> WorkshopStore:
    """An actor's store; by default both are what the server put into this kernel's environment.

    Raises:
        NotAllowed: the environment names no actor.
        StoreFault: the database cannot be opened.
        NotFound: there is no such workshop.
    """
    if actor is None:
        if not os.environ.get(settings.NPS_ACTOR):
            raise NotAllowed(f"Nobody is named in {settings.NPS_ACTOR}: open this page through the workshop's server.")
        actor = Actor.from_json(os.environ[settings.NPS_ACTOR])
    return WorkshopStore(open_database(url), actor)
