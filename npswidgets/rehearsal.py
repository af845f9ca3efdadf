"""A rehearsal: simulated people take part in a copy of a workshop, so that one can practise alone."""

import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from sqlalchemy import Engine

from npswidgets.domain import first_scores, simulated_people
from npswidgets.domain.actor import Actor
from npswidgets.domain.ballots import Ballot
from npswidgets.domain.events import (
    Answer,
    NoteWritten,
    ScoreRecorded,
    SessionClosed,
    TogetherShown,
    TopicPresented,
    VotingOpened,
    Words,
)
from npswidgets.domain.starting_level import starting_level_of
from npswidgets.domain.verdict import verdict_on
from npswidgets.domain.workshop import Round, Topic
from npswidgets.errors import VoteRefused
from npswidgets.store import doors, people, workshops
from npswidgets.store.database import writing
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.participant_store import ParticipantStore
from npswidgets.store.workshops import REHEARSAL_SUFFIX, Created

OWN_PHONES = 20
"""So many real phones get in beside the simulated people."""


def copy_for_rehearsal(engine: Engine, workshop: str) -> Created:
    """The copy that is played with: the same plan, with nobody in it; an older copy goes.

    Raises:
        NotFound: there is no such workshop.
    """
    plan = workshops.plan_of(workshops.read_workshop(engine, workshop))
    copy = workshop.removesuffix(REHEARSAL_SUFFIX) + REHEARSAL_SUFFIX
    workshops.discard_rehearsal(engine, copy)
    return workshops.create_workshop(engine, replace(plan, id=copy, title=f"Rehearsal: {plan.title}"))


@dataclass
class Rehearsal:
    """Simulated people in one session.

    Attributes:
        pace: seconds within which all of them have voted.
        chance: makes a rehearsal repeatable.
    """

    engine: Engine
    workshop: str
    session: str
    number: int
    pace: float
    chance: Random
    say: Callable[[str], None]
    _stores: list[ParticipantStore] = field(default_factory=list)
    _people: tuple[simulated_people.Person, ...] = ()

    def join(self) -> None:
        """All of them come in, in the course of the pace."""
        facilitator = FacilitatorStore(self.engine, Actor(self.workshop, "facilitator"))
        with writing(self.engine) as db:
            doors.change(db, self.workshop, self.session, places=self.number + OWN_PHONES)
        self._people = simulated_people.people(self.number, facilitator.workshop.departments, self.chance)
        for at, person in enumerate(self._people, 1):
            name = f"Person {at}"
            actor = people.join(self.engine, self.workshop, self.session, person.department, name)
            self._stores.append(ParticipantStore(self.engine, actor))
            self._wait()
        self.say(f"{self.number} simulated {'person has' if self.number == 1 else 'people have'} joined.")

    def take_part(self) -> None:
        """Votes whenever the facilitator opens a vote, until the session is closed."""
        watcher = self._stores[0]
        answered: set[tuple[str, datetime | None]] = set()
        while watcher.workshop.sessions[self.session].state == "open":
            room = watcher.in_the_room(self.session)
            alone = room.on_their_own(self.session)
            opened = {(topic.code, topic.rounds[-1].opened_at) for topic in alone}
            if opened - answered:
                answered |= opened
                self.score_alone(alone)
            for topic in room.topics_of(self.session):
                running = topic.running
                if running and running.state == "open" and (topic.code, running.opened_at) not in answered:
                    answered.add((topic.code, running.opened_at))
                    self._vote(topic, running)
            time.sleep(0.2)
            watcher.refresh()

    def score_alone(self, topics: Sequence[Topic]) -> None:
        """First scores of all who have given none: one person after the other has finished, as the screens say."""
        for store, person in zip(self._stores, self._people, strict=True):
            self._wait()
            store.seen()
            own = store.own_ballots()
            for topic in topics:
                if (topic.code, 0) not in own:
                    self._cast(store, person, topic, topic.rounds[-1])

    def play(self) -> None:
        """Plays the facilitator too: first scores where they are the default, then each topic that is left, the end.

        There is another vote where views lie apart.
        """
        facilitator = FacilitatorStore(self.engine, Actor(self.workshop, "facilitator"))
        if first_scores.are_default(facilitator.workshop, self.session):
            self._take_together(facilitator)
        for topic in first_scores.talk_order(facilitator.workshop, self.session):
            if topic.score is None:
                voted = self._round(facilitator, topic.code, 1)
                wide = verdict_on(voted.shown[-1]).kind == "wide"
                self._agree(facilitator, self._round(facilitator, topic.code, 2) if wide else voted)
        facilitator.record(SessionClosed(self.session))
        self.say("The session has ended.")

    def _take_together(self, facilitator: FacilitatorStore) -> None:
        """Everybody scores all topics alone; what stands close is taken together."""
        opened = facilitator.record(*first_scores.opening(facilitator.workshop, self.session))
        for topic in opened.on_their_own(self.session):
            self._vote(topic, topic.rounds[-1])
        workshop = facilitator.show_first_scores(self.session)
        if proposals := first_scores.to_take_together(workshop, self.session):
            facilitator.record(TogetherShown(self.session, proposals))
            time.sleep(self.pace)
            facilitator.agree_together(self.session)
        topics = "1 topic was" if len(proposals) == 1 else f"{len(proposals) or 'No'} topics were"
        self.say(f"{topics} agreed without talking after first scores.")

    def _round(self, facilitator: FacilitatorStore, code: str, number: int) -> Topic:
        opened = facilitator.record(TopicPresented(self.session, code), VotingOpened(self.session, code, number))
        topic = opened.topics[code]
        self._vote(topic, topic.rounds[-1])
        topic = facilitator.show_votes(code).topics[code]
        time.sleep(self.pace / 2)
        return topic

    def _agree(self, facilitator: FacilitatorStore, topic: Topic) -> None:
        scale = facilitator.workshop.rubric.scale
        start = starting_level_of(topic.shown[-1]).level
        agreed = scale.lowest if start is None else start
        facilitator.record(
            NoteWritten(self.session, topic.code, "comment", Words("Agreed in a rehearsal.")),
            ScoreRecorded(self.session, topic.code, agreed, case_study=agreed == scale.case_study),
        )
        self.say(f"{facilitator.workshop.rubric.value_codes[topic.code].display_name}: {agreed}")
        time.sleep(self.pace / 2)

    def _vote(self, topic: Topic, running: Round) -> None:
        voters = list(zip(self._stores, self._people, strict=True))
        self.chance.shuffle(voters)
        for store, person in voters:
            if (topic.code, running.number) in store.own_ballots():
                continue  # voting had stopped, and goes on
            self._wait()
            store.seen()
            self._cast(store, person, topic, running)

    def _cast(self, store: ParticipantStore, person: simulated_people.Person, topic: Topic, running: Round) -> None:
        answer, who = self._answer(store, person, topic), store.actor.participant or ""
        with suppress(VoteRefused):  # the facilitator did not wait for this vote
            store.cast(Ballot(secrets.token_hex(8), self.session, topic.code, running.number, who, answer))

    def _answer(self, store: ParticipantStore, person: simulated_people.Person, topic: Topic) -> Answer:
        view = Random(f"{self.workshop} {topic.code}")
        stands, disputed = simulated_people.standing(view), view.choice((0, 0, 0.3, 0.9))
        scale = store.workshop.rubric.scale
        before = store.own_ballots().get((topic.code, topic.shown[-1].number)) if topic.shown else None
        if before is None:
            return simulated_people.first_answer(person, stands, disputed, scale, self.chance)
        return simulated_people.second_answer(before.answer, topic.shown[-1].counts, scale, self.chance)

    def _wait(self) -> None:
        time.sleep(self.chance.uniform(0, 2 * self.pace / max(1, self.number)))
