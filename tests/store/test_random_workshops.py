"""Random sequences of legal and illegal steps: whatever people and forged messages do, the rules hold."""

import secrets
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, initialize, invariant, multiple, rule
from room import DEPARTMENTS, Room, make_room

from npswidgets.domain.ballots import Ballot
from npswidgets.domain.events import (
    DepartmentsCounted,
    Event,
    NoteWritten,
    ParticipantJoined,
    ScoreRecorded,
    SessionClosed,
    SessionOpened,
    TopicParked,
    TopicPresented,
    VotesDiscarded,
    VotesRevealed,
    VotingOpened,
    VotingStopped,
    Words,
    WorkshopCreated,
    WorkshopReopened,
    WorkshopSealed,
)
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken
from npswidgets.store import archive
from npswidgets.store.database import open_database
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.participant_store import ParticipantStore
from npswidgets.store.saved import read_archive

pytestmark = pytest.mark.slow

CARE = DEPARTMENTS[0]
CODES = st.sampled_from(
    [*["reporting"] * 4, "councillor-development", "procurement-and-commercial-champions", "alchemy"]
)
OFF = st.sampled_from([0, 0, 0, 0, 0, 1, -1])
"""How far the number of a round is from the one that could be meant."""
ANSWERS = st.sampled_from([1, 2, 3, 4, 5, "dont_know", "not_my_role", 0, "5"])
MIXED = st.lists(st.sampled_from([1, 2, 3, 4, 5, "dont_know"]), min_size=13, max_size=13)
SELDOM = st.sampled_from([False] * 7 + [True])


@cache
def _beginning() -> Room:
    """A room in memory that thirteen people have joined: that takes longer than the steps that are tried."""
    room = make_room(open_database("sqlite://"), departments_in_reports=True)
    for department, number in zip(DEPARTMENTS, (6, 6, 1), strict=True):
        room.join(number, department)
    return room


def room_with_people() -> Room:
    """A copy of it, in a database of its own."""
    first, engine = _beginning(), open_database("sqlite://")
    with first.engine.connect() as there, engine.connect() as here:
        there.connection.driver_connection.backup(here.connection.driver_connection)  # type: ignore[union-attr]
    stores = [ParticipantStore(engine, one.actor) for one in first.participants]
    return Room(engine, first.created, first.session, FacilitatorStore(engine, first.facilitator.actor), stores)


class RandomWorkshop(RuleBasedStateMachine):
    """A model remembers only what was accepted: who voted what, what was shown, how many events there are."""

    people: Bundle[ParticipantStore] = Bundle("people")

    @initialize(target=people)
    def start(self) -> MultipleResults[ParticipantStore]:
        self.room = room_with_people()
        self.session = self.room.session
        self.box: dict[tuple[str, int], dict[str, Ballot]] = {}
        self.shown: dict[tuple[str, int], list[str]] = {}
        self.reopened: set[str] = set()
        stores = self.room.participants[-2:]
        self.room.open_voting("reporting")
        self.revision = self.room.workshop.revision
        return multiple(*stores)

    @rule(target=people)
    def somebody_joins(self) -> MultipleResults[ParticipantStore]:
        closed = self.read_on().sessions[self.session].state != "open" or self.read_on().sealed
        try:
            (store,) = self.room.join(1)
        except RuleBroken:
            assert closed
            return multiple()
        assert not closed
        self.revision += 1
        return multiple(store)

    @rule(store=people, code=CODES, off=OFF, answer=ANSWERS, seen=st.booleans())
    def somebody_votes(self, store: ParticipantStore, code: str, off: int, answer: Any, seen: bool) -> None:
        number = self.last_round(code) + off
        who = store.actor.participant or ""
        last = self.box.get((code, number), {}).get(who)
        replaces = last.id if last and seen else None
        ballot = Ballot(secrets.token_hex(8), self.session, code, number, who, answer, replaces=replaces)
        topic = self.read_on().topics.get(code)
        running = topic.running if topic else None
        may = bool(running and running.number == number and running.state == "open" and answer not in (0, "5"))
        may = may and (last is None or seen)
        try:
            store.cast(ballot)
        except RuleBroken:
            assert not may, f"{ballot} should have counted"
        else:
            assert may, f"{ballot} should have been refused"
            self.box.setdefault((code, number), {})[who] = ballot

    @rule(code=st.sampled_from(["reporting", "councillor-development"]), answers=MIXED)
    def everybody_votes_and_the_votes_are_shown(self, code: str, answers: list[Any]) -> None:
        self.voting_opens(code, 0)
        for store, answer in zip(self.room.participants, answers, strict=False):
            self.somebody_votes(store, code, 0, answer, seen=True)
        self.votes_are_shown(code)

    @rule(code=CODES, off=OFF)
    def voting_opens(self, code: str, off: int) -> None:
        topic = self.read_on().topics.get(code)
        number = self.last_round(code) if topic and topic.running else self.last_round(code) + 1
        self.try_to(VotingOpened(self.session, code, number + off))

    @rule(code=CODES, off=OFF)
    def voting_stops(self, code: str, off: int) -> None:
        self.try_to(VotingStopped(self.session, code, self.last_round(code) + off))

    @rule(code=CODES, off=OFF)
    def votes_are_discarded(self, code: str, off: int) -> None:
        number = self.last_round(code) + off
        topic = self.read_on().topics.get(code)
        running = topic.running if topic else None
        may = bool(running and running.number == number and running.state == "stopped")
        if self.try_to(VotesDiscarded(self.session, code, number)):
            assert may
            self.box.pop((code, number), None)

    @rule(code=CODES)
    def votes_are_shown(self, code: str) -> None:
        topic = self.read_on().topics.get(code)
        if topic is None:
            return
        running = topic.running
        ballots = self.box.get((code, running.number), {}) if running else {}
        try:
            after = self.room.facilitator.show_votes(code)
        except RuleBroken:
            assert not ballots or self.read_on().sealed or self.read_on().sessions[self.session].state != "open"
            return
        self.revision += 1
        assert running is not None
        answers = [str(vote.answer) for vote in after.topics[code].shown[-1].votes]
        assert sorted(answers) == sorted(str(ballot.answer) for ballot in ballots.values())
        self.shown[code, running.number] = answers

    @rule(code=CODES, score=st.sampled_from([None, 0, 1, 3, 5, 6]), case_study=st.booleans())
    def a_score_is_recorded(self, code: str, score: int | None, case_study: bool) -> None:
        self.try_to(ScoreRecorded(self.session, code, score, case_study=case_study))

    @rule(code=CODES, text=st.text(max_size=30))
    def a_comment_is_written(self, code: str, text: str) -> None:
        self.try_to(NoteWritten(self.session, code, "comment", Words(text)))

    @rule(code=CODES)
    def another_step(self, code: str) -> None:
        self.try_to(TopicPresented(self.session, code))
        self.try_to(TopicParked(self.session, code))

    @rule(really=SELDOM)
    def the_session_is_closed(self, really: bool) -> None:
        if really:
            self.close()

    @rule()
    def the_session_is_opened_again(self) -> None:
        self.try_to(SessionOpened(self.session))

    @rule(version=st.integers(0, 3), really=SELDOM)
    def the_workshop_is_sealed(self, version: int, really: bool) -> None:
        if really:
            self.try_to(WorkshopSealed(version, Words("Somebody")))

    @rule(really=SELDOM)
    def everything_is_scored_and_sealed(self, really: bool) -> None:
        if not really:
            return
        self.close()
        for topic in self.read_on().topics.values():
            self.try_to(ScoreRecorded(self.session, topic.code, not_applicable=Words("Not ours.")))
        self.try_to(WorkshopSealed(self.read_on().version + 1, Words("Somebody")))

    @rule(reason=st.sampled_from(["", "A comment was missing"]))
    def the_workshop_is_reopened(self, reason: str) -> None:
        self.try_to(WorkshopReopened(Words(reason)))

    def close(self) -> None:
        """Ballots go; of the topics voted on since the session was opened, departments may be counted before."""
        before = self.read_on()
        if self.try_to(SessionClosed(self.session)):
            topics = self.read_on().topics
            new = {code for code in topics if topics[code].departments != before.topics[code].departments}
            assert new <= {code for code, _ in self.shown} - self.reopened
            self.revision += len(new)
            self.reopened |= {code for code, _ in self.shown}
            self.box = {place: {} for place in self.box}

    def read_on(self) -> Workshop:
        self.room.facilitator.refresh()
        return self.room.facilitator.workshop

    def last_round(self, code: str) -> int:
        topic = self.read_on().topics.get(code)
        return topic.rounds[-1].number if topic and topic.rounds else 0

    def try_to(self, event: Event) -> bool:
        sealed = self.read_on().sealed
        try:
            self.room.facilitator.record(event)
        except RuleBroken:
            return False
        assert not sealed or isinstance(event, WorkshopReopened)
        self.revision += 1
        return True

    @invariant()
    def the_record_holds_what_was_accepted_and_nothing_else(self) -> None:
        workshop = self.room.workshop
        assert workshop.revision == self.revision
        for topic in workshop.topics.values():
            for one in topic.rounds:
                kept = self.shown.get((topic.code, one.number))
                assert [str(vote.answer) for vote in one.votes] == (kept or [])
                assert (one.state == "shown") == (kept is not None)
        counts = {place: len(votes) for place, votes in self.box.items() if votes}
        assert self.room.facilitator.vote_counts() == counts

    def teardown(self) -> None:
        if not hasattr(self, "room"):
            return
        with TemporaryDirectory() as folder:
            path = archive.write_archive(self.room.engine, self.room.created.workshop, Path(folder) / "saved.jsonl")
            saved = read_archive(path)
            assert saved.workshop == self.room.workshop
        naming = {type(one.event) for one, line in zip(saved.entries, saved.lines, strict=True) if CARE in line}
        assert naming <= {WorkshopCreated, ParticipantJoined, DepartmentsCounted}
        shown = [one.event for one in saved.entries if isinstance(one.event, VotesRevealed)]
        assert not [vote for event in shown for vote in event.votes if vote.department or vote.participant]
        self.room.engine.dispose()


RandomWorkshop.TestCase.settings = settings(max_examples=25, stateful_step_count=40)
TestRandomWorkshops = RandomWorkshop.TestCase
