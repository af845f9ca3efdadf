"""What a facilitator may read and do."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import Connection

from npswidgets.domain.actor import Role
from npswidgets.domain.ballots import Reason
from npswidgets.domain.door import Door, joined_since, more_places, taken_out_last
from npswidgets.domain.events import (
    Event,
    PeopleBroughtBack,
    PeopleTakenOut,
    ScoreRecorded,
    TogetherAgreed,
    TopicMoved,
    TopicsPutBack,
    VotingOpened,
)
from npswidgets.domain.retention import with_certain_times
from npswidgets.domain.rules.checks import session_of
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken
from npswidgets.store import agenda, ballot_box, clock, doors, helper_links, people, practice, presence, talk_requests
from npswidgets.store.agenda import Move, Moving
from npswidgets.store.desk_store import DeskStore
from npswidgets.store.doors import Guessing
from npswidgets.store.helper_links import HelperLink
from npswidgets.store.plans import read_plan, slot_of
from npswidgets.store.projector_store import ProjectorStore

FIRST_SCORES_CHANGED = "The first scores have changed since. Read what becomes of them, then move the topic."


class FacilitatorStore(ProjectorStore, DeskStore):
    """Everything but what somebody voted before the votes are shown.

    Attributes:
        guessing: whether somebody tries out codes; None if nobody ever did.
        helpers: the links of helpers that are valid, by session. Whoever has a secret among them gets in, once.
        to_talk: the value codes that somebody, nobody learns who, wants to talk about before their scores are taken
            together.
    """

    role: ClassVar[Role] = "facilitator"
    guessing: Guessing | None = None
    to_talk: frozenset[str] = frozenset()
    helpers: dict[str, tuple[HelperLink, ...]] = {}  # noqa: RUF012  # read anew, never changed

    def record(self, *events: Event) -> Workshop:
        """Stores events, all or none.

        Raises:
            RuleBroken: one of them may not happen now.
            StoreFault: the database cannot take them.
        """
        return self._append(*events)

    def show_votes(self, code: str) -> Workshop:
        """Ends the vote under way on a value code and shows it, in one transaction.

        Raises:
            RuleBroken: no vote is under way, or nobody has voted yet.
        """
        with self._changing() as db:
            self._store(db, ballot_box.open_votes(db, self.of_topic(code), code))
        return self.of_topic(code)

    def show_first_scores(self, session: str) -> Workshop:
        """Ends the first scores of a session and shows them, of all its topics in one transaction.

        Raises:
            RuleBroken: no first scores are open.
        """
        with self._changing() as db:
            topics = self.workshop.on_their_own(session)
            if not topics:
                raise RuleBroken("No first scores are open.")
            for topic in topics:
                self._store(db, ballot_box.open_votes(db, self.workshop, topic.code))
        return self.workshop

    def end_practice(self, session: str, *, leave: bool) -> None:
        """The practice of a session is gone, with its votes; it may start again.

        Args:
            leave: whether the room goes on to its first topic.
        """
        with self._changing() as db:
            practice.forget(db, self.actor.workshop, session)
            if leave:
                practice.leave(db, self.workshop, session)
        self.refresh()

    def skip_practice(self, session: str) -> None:
        """The room goes without the practice of a session, or on after it; what the big screen explains stays."""
        with self._changing() as db:
            practice.leave(db, self.workshop, session)

    def has_left_practice(self, session: str) -> bool:
        """Whether a page that is opened now begins with the first topic."""
        with self._read() as db:
            return practice.is_left(db, self.actor.workshop, session)

    def agree_together(self, session: str) -> Workshop:
        """Records the scores that the room was asked to take, but for those that somebody wants to talk about.

        Raises:
            RuleBroken: the room is not asked.
        """
        with self._changing() as db:
            to_talk = talk_requests.of_session(db, self.actor.workshop, session)
            proposals = self.workshop.sessions[session].together
            scores = (ScoreRecorded(session, one.code, one.level) for one in proposals if one.code not in to_talk)
            agreed = TogetherAgreed(session, tuple(one.code for one in proposals if one.code in to_talk))
            self._store(db, *scores, agreed)
        self.to_talk = frozenset()
        return self.workshop

    def reasons(self, code: str) -> tuple[Reason, ...]:
        """Why people voted as they did in the votes shown last, lowest level first; none of them while a vote runs.

        Then why others gave the first scores that they gave in another session, before the topic was moved from there.
        """
        with self._read() as db:
            return ballot_box.reasons_given(db, self.of_topic(code), code)

    def still_to_vote(self, code: str) -> tuple[str, ...]:
        """The names of those on phones who have not voted in the round under way; empty in an anonymous workshop."""
        topic = self.of_topic(code).topics[code]
        if self.workshop.anonymity == "anonymous" or not topic.running:
            return ()
        with self._read() as db:
            voted = ballot_box.voters(db, self.actor.workshop, code, topic.running.number)
            names = people.read_names(db, self.actor.workshop)
        there = self.workshop.sessions[topic.session].participants.values()
        waiting = (names.get(one.id, "") for one in there if one.counts and one.id not in voted)
        return tuple(sorted(filter(None, waiting), key=str.casefold))

    def names(self, session: str) -> dict[str, str]:
        """The names of who joined a session, by participant; empty in an anonymous workshop."""
        if self.workshop.anonymity == "anonymous":
            return {}
        with self._read() as db:
            names = people.read_names(db, self.actor.workshop)
        return {who: names[who] for who in self.workshop.sessions[session].participants if who in names}

    def last_seen(self, session: str) -> dict[str, datetime]:
        """When each participant's page was last there."""
        with self._read() as db:
            return presence.last_seen(db, self.actor.workshop, self.workshop.sessions[session])

    def booked(self, session: str) -> int:
        """For how many minutes a session is planned; 0 where nobody said."""
        with self._read() as db:
            return slot_of(read_plan(db, self.actor.workshop), self.workshop, session).minutes

    def times_that_count(self) -> tuple[Workshop, date]:
        """The workshop with the times from which days are counted, and today, as far as the date is not in doubt."""
        with self._read() as db:
            counted = clock.counted_from(db, self.actor.workshop)
            return with_certain_times(self.workshop, counted), clock.certain_today(db, datetime.now(UTC)).date()

    def new_helper(self, session: str) -> HelperLink:
        """A link for one more helper of a session.

        Raises:
            RuleBroken: the session has ended, or has as many as it can have.
        """
        with self._changing() as db:
            if session_of(self.workshop, session).state == "closed":
                raise RuleBroken("The session has ended. A helper can come when it is open.")
            made = helper_links.make(db, self.actor.workshop, session)
            self.helpers = helper_links.of_workshop(db, self.actor.workshop)
        return made

    def withdraw_helper(self, session: str, link: str) -> None:
        """The link, and the page that it has opened, are not valid any more; nothing where that is so already."""
        with self._changing() as db:
            helper_links.withdraw(db, self.actor.workshop, session, link)
            self.helpers = helper_links.of_workshop(db, self.actor.workshop)

    def moving(self, code: str, to: str) -> Moving:
        """What it means for the first scores on a topic to move it to another session now.

        Raises:
            RuleBroken: there is no such topic, no such session, or the room has voted on the topic.
        """
        with self._read() as db:
            return agenda.moving(db, self.workshop, code, to)

    def movings(self, codes: Sequence[str], targets: Sequence[str]) -> dict[Move, Moving]:
        """The same of several topics and sessions, by both."""
        with self._read() as db:
            return agenda.movings(db, self.workshop, codes, targets)

    def move_topic(self, code: str, to: str, told: Moving) -> Workshop:
        """Moves a topic to another session, with its first scores as `moving` says.

        Args:
            told: what the facilitator has read.

        Raises:
            RuleBroken: it means something else by now, or the topic cannot be moved.
        """
        with self._changing() as db:
            if agenda.moving(db, self.workshop, code, to) != told:
                raise RuleBroken(FIRST_SCORES_CHANGED)
            source = self.workshop.topics[code].session
            if told.open and not told.stays_open:
                self._store(db, ballot_box.open_votes(db, self.workshop, code))
            along = told.along and bool(self.workshop.topics[code].rounds)
            self._store(db, TopicMoved(source, code, to, along, True if told.back else None))
            if along:
                ballot_box.hand_over(db, self.workshop.id, code, to, agenda.others(db, self.workshop, source, to))
            else:
                ballot_box.set_aside(db, self.workshop.id, code, source)
            if told.back:
                ballot_box.take_back(db, self.workshop.id, code, to)
            self._ask_too(db, to, (code,))
        return self.workshop

    def put_back(self, session: str, codes: tuple[str, ...]) -> Workshop:
        """Puts topics back on the agenda; first scores that were open on them go on, or are shown where the others are.

        Raises:
            RuleBroken: one of them was not left out of this session.
        """
        with self._changing() as db:
            self._store(db, TopicsPutBack(session, codes))
            if not self._ask_too(db, session, codes):
                for code in codes:
                    if self.workshop.topics[code].running:
                        self._store(db, ballot_box.open_votes(db, self.workshop, code))
        return self.workshop

    def _ask_too(self, db: Connection, session: str, codes: tuple[str, ...]) -> bool:
        """Asks for first scores on topics that came to a session, where it asks on others; whether it does."""
        asks = any(topic.code not in codes for topic in self.workshop.on_their_own(session))
        new = [code for code in codes if asks and not self.workshop.topics[code].rounds]
        self._store(db, *(VotingOpened(session, code, 0) for code in new))
        return asks

    def let_more_in(self, session: str) -> None:
        """About as many more people as are expected may join."""
        with self._changing() as db:
            door = doors.read_all(db, self.actor.workshop)[session]
            self._change_door(db, session, places=more_places(self.workshop.sessions[session], door))

    def close_door(self, session: str, closed: bool) -> None:
        """Nobody new gets in from now on, or somebody does again."""
        with self._changing() as db:
            self._change_door(db, session, closed=closed)

    def renew_code(self, session: str, *, with_secret: bool) -> None:
        """New digits; with a new secret nobody gets in by what was printed or sent before."""
        with self._changing() as db:
            doors.renew(db, self.actor.workshop, session, with_secret=with_secret)
            self.doors = self._read_doors(db)

    def take_people_out(self, session: str, since: datetime) -> None:
        """Those who joined at this time or later are not in the session any more, and the door is closed.

        Raises:
            RuleBroken: nobody joined since then, or the session is not open.
        """
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
        """
        with self._changing() as db:
            back = tuple(person.id for person in taken_out_last(self.workshop.sessions[session]))
            self._store(db, PeopleBroughtBack(session, back))

    def _read_doors(self, db: Connection) -> dict[str, Door]:
        return doors.read_all(db, self.actor.workshop)

    def _change_door(self, db: Connection, session: str, **values: Any) -> None:
        doors.change(db, self.actor.workshop, session, **values)
        self.doors = self._read_doors(db)

    def _read_beside(self, db: Connection) -> bool:
        before = self.to_talk, self.guessing, self.helpers
        self.to_talk, self.guessing = talk_requests.of_all(db, self.workshop), doors.read_guessing(db)
        self.helpers = helper_links.of_workshop(db, self.actor.workshop)
        return super()._read_beside(db) or before != (self.to_talk, self.guessing, self.helpers)
