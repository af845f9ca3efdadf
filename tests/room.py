"""A workshop with people in it, played through the store as the screens do."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

from npswidgets.domain.actor import Actor
from npswidgets.domain.ballots import Ballot
from npswidgets.domain.events import (
    Answer,
    NoteWritten,
    ScoreRecorded,
    SessionClosed,
    TopicPresented,
    VotesDiscarded,
    VotingOpened,
    VotingStopped,
    Words,
)
from npswidgets.domain.join_code import new_code
from npswidgets.domain.workshop import Workshop
from npswidgets.store import people, workshops
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.participant_store import ParticipantStore
from npswidgets.store.workshops import NewWorkshop

JOIN_CODE = new_code(lambda below: below // 3)
"""A code as people type it."""

DEPARTMENTS = ("Adult social care", "Finance and legal", "Procurement")


@dataclass
class Room:
    """A facilitator and some participants of one session."""

    engine: Engine
    created: workshops.Created
    session: str
    facilitator: FacilitatorStore
    participants: list[ParticipantStore] = field(default_factory=list)

    @property
    def workshop(self) -> Workshop:
        return workshops.read_workshop(self.engine, self.created.workshop)

    @property
    def codes(self) -> tuple[str, ...]:
        return self.workshop.sessions[self.session].codes

    def join(self, number: int = 1, department: str | None = None, name: str | None = None) -> list[ParticipantStore]:
        """More people come in."""
        joined = [
            ParticipantStore(
                self.engine, people.join(self.engine, self.created.workshop, self.session, department, name)
            )
            for _ in range(number)
        ]
        self.participants += joined
        return joined

    def open_voting(self, code: str, round_number: int = 1) -> None:
        """The facilitator starts a vote."""
        self.facilitator.record(
            TopicPresented(self.session, code),
            VotingOpened(self.session, code, round_number),
        )

    def start_from_zero(self, code: str, round_number: int = 1) -> None:
        """The facilitator stops a vote and starts it without the votes so far."""
        stopped = VotingStopped(self.session, code, round_number), VotesDiscarded(self.session, code, round_number)
        self.facilitator.record(*stopped, VotingOpened(self.session, code, round_number))

    def vote(self, code: str, *answers: Answer, round_number: int = 1) -> None:
        """The first participants vote, in their order."""
        for store, answer in zip(self.participants, answers, strict=False):
            store.cast(self.ballot(store, code, answer, round_number))

    def ballot(self, store: ParticipantStore, code: str, answer: Answer, round_number: int = 1, **more: Any) -> Ballot:
        """A ballot as that participant's browser would make it."""
        who = store.actor.participant or ""
        return Ballot(secrets.token_hex(8), self.session, code, round_number, who, answer, **more)

    def agree(self, code: str, score: int, comment: str = "") -> None:
        """The facilitator records what was agreed."""
        self.facilitator.record(
            NoteWritten(self.session, code, "comment", Words(comment)),
            ScoreRecorded(self.session, code, score, case_study=score == self.workshop.rubric.case_study),
        )

    def score_all(self, score: int = 2) -> None:
        """Every topic that has none gets this score."""
        for topic in self.workshop.topics_of(self.session):
            if topic.score is None:
                self.agree(topic.code, score, "As agreed.")

    def close(self) -> None:
        """The session ends."""
        self.facilitator.record(SessionClosed(self.session))


def make_room(engine: Engine, people: int = 0, **more: object) -> Room:
    """A workshop on "Engaging Councillors" (three topics) with its session open."""
    options: dict[str, object] = {
        "council": "Example County Council",
        "departments": DEPARTMENTS,
        "sessions": (("Showing leadership", ("engaging-councillors",)),),
    }
    created = workshops.create_workshop(engine, NewWorkshop(**(options | more)))  # type: ignore[arg-type]
    facilitator = FacilitatorStore(engine, Actor(created.workshop, "facilitator"))
    room = Room(engine, created, next(iter(facilitator.workshop.sessions)), facilitator)
    room.join(people)
    return room
