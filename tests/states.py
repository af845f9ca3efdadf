"""A workshop from the first person who joins to the end, state by state, with its three screens.

For what holds in every state, such as that all is seen in forced colours, and for `make pictures`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from messages import attached
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import (
    ActionAgreed,
    BreakEnded,
    BreakStarted,
    ClosingShown,
    DraftPromised,
    ReasonShown,
    ScoreRecorded,
    TargetSet,
    TogetherAgreed,
    TogetherShown,
    TopicParked,
    TopicPresented,
    VotingOpened,
    VotingStopped,
    Words,
)
from npswidgets.domain.first_scores import opening, to_take_together
from npswidgets.domain.practice import practice_code
from npswidgets.domain.rubric import Rubric
from npswidgets.screens import facilitator, helper, participant, projector
from npswidgets.store import access
from npswidgets.store.opening import store_of
from npswidgets.store.plans import Plan, keep_plan
from npswidgets.store.rubric_files import load_rubric

FIRST = (1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, "dont_know", "dont_know", "not_my_role")
SECOND = (2, 2, 1, 2, 2, 2, 2, 3, 3, 3, 3, 2, 2, 3, 4, "dont_know", "dont_know", "not_my_role")
PEOPLE = len(FIRST)


@dataclass(frozen=True)
class Texts:
    """What people typed into the workshop."""

    council: str = "Example County Council"
    title: str = "How good is our procurement?"
    session: str = "Showing leadership"
    address: str = "http://10.0.0.1:8866"
    reason: str = "Reports come when a decision is due, and never before."
    comment: str = "Scrutiny gets reports when a decision is due."
    why_not: str = "We have none."
    owner: str = "Head of procurement"
    actions: tuple[str, str, str] = (
        "Brief scrutiny every quarter",
        "Name a champion",
        "Publish the forward plan of contracts",
    )


SHORT = Texts()


@dataclass(frozen=True)
class State:
    """A moment of a workshop.

    Attributes:
        name: such as "vote", with "lost" at its end where the connection is gone.
        lost: whether each page has lost the connection.
    """

    name: str
    room: Room
    lost: bool = False

    def phone(self, at: int = 0) -> Any:
        """The page of one of the participants."""
        store = self.room.participants[at]
        store.refresh()
        return attached(participant.build(), store)

    def helper(self) -> Any:
        """The page of a helper."""
        secret = self.room.facilitator.new_helper(self.room.session).secret
        actor = access.helper_of_link(self.room.engine, self.room.created.workshop, secret)
        assert actor
        access.open_helper_link(self.room.engine, None, "the helper's browser", actor)
        return attached(helper.build(), store_of(self.room.engine, actor))

    def wall(self) -> Any:
        """The big screen."""
        return attached(projector.build(), store_of(self.room.engine, self._actor("projector")))

    def facilitator(self) -> Any:
        """The facilitator's page, on the topic that the room is on."""
        store = store_of(self.room.engine, self._actor("facilitator"))
        return self._with_the_room(attached(facilitator.build(), store))

    def turn(self, drawn: Any) -> None:
        """A page of one of these methods that was open before looks at the workshop again."""
        of_facilitator = isinstance(drawn, facilitator.FacilitatorScreen)
        store = drawn.controller.store if of_facilitator else drawn._store
        store.refresh()
        attached(drawn, store)
        if of_facilitator:
            self._with_the_room(drawn)

    def _with_the_room(self, page: Any) -> Any:
        """The facilitator reads what the room reads together."""
        session = self.room.workshop.sessions[self.room.session]
        pages = {"scores": "agreed", "actions": "actions"}
        page.controller.page = "together" if session.together else pages.get(session.closing, page.controller.page)
        page.draw()
        return page

    def _actor(self, role: Any) -> Actor:
        return Actor(self.room.created.workshop, role)


def states(new_engine: Callable[[], Engine], texts: Texts = SHORT, rubric: Rubric | None = None) -> Iterator[State]:
    """The states of a workshop that votes topic by topic, then those that only one with first scores has.

    A state is to be drawn before the next one is asked for.

    Args:
        new_engine: makes an empty database.
        rubric: what is scored, with six topics or more in its first theme; by default the diagnostic of 2018.
    """
    yield from _topic_by_topic(_room(new_engine(), texts, rubric), texts)
    yield from _first_scores(_room(new_engine(), texts, rubric))


def _room(engine: Engine, texts: Texts, rubric: Rubric | None) -> Room:
    access.set_server_value(engine, "address", texts.address)
    scored = rubric or load_rubric()
    sessions = ((texts.session, (scored.themes[0].id,)),)
    options = {"council": texts.council, "title": texts.title, "rubric": scored, "sessions": sessions}
    room = make_room(engine, people=PEOPLE, **options)
    keep_plan(engine, room.created.workshop, Plan(texts.session, "", 120))
    return room


def _second(room: Room) -> str:
    """The topic that the room votes on first, which is the second one of its agenda."""
    return room.codes[1]


def _on_scale(room: Room, answer: Any) -> Any:
    """An answer of a scale from 1 to 5, on the scale of the room."""
    values = room.workshop.rubric.scale.values
    return values[round((answer - 1) * (len(values) - 1) / 4)] if isinstance(answer, int) else answer


def _topic_by_topic(room: Room, texts: Texts) -> Iterator[State]:
    record, session = room.facilitator.record, room.session
    practice, first = practice_code(session), _second(room)
    yield State("join", room)
    yield State("join lost", room, lost=True)
    record(TopicPresented(session, practice))
    yield State("how we score", room)
    record(VotingOpened(session, practice, 1))
    yield State("practice", room)
    record(TopicPresented(session, first))
    yield State("read", room)
    record(VotingOpened(session, first, 1))
    yield State("vote", room)
    _vote(room, *FIRST[:12])
    yield State("voted", room)
    yield State("voted lost", room, lost=True)
    record(VotingStopped(session, first, 1))
    yield State("stopped", room)
    record(VotingOpened(session, first, 1))
    _vote(room, *FIRST)
    room.facilitator.show_votes(first)
    yield State("shown", room)
    record(ReasonShown(session, first, 1, Words(texts.reason)))
    yield State("shown with a reason", room)
    record(ReasonShown(session, first, 1, Words("")), VotingOpened(session, first, 2))
    yield State("second vote", room)
    _vote(room, *SECOND, number=2)
    room.facilitator.show_votes(first)
    yield State("second vote shown", room)
    room.agree(first, _on_scale(room, 2), texts.comment)
    yield State("agreed", room)
    other = room.codes[2]
    record(TopicPresented(session, other), TopicParked(session, other))
    yield State("parked", room)
    other = room.codes[3]
    record(TopicPresented(session, other), ScoreRecorded(session, other, not_applicable=Words(texts.why_not)))
    yield State("not applicable", room)
    record(BreakStarted(session, f"{datetime.now(UTC).astimezone() + timedelta(minutes=14):%H:%M}"))
    yield State("break", room)
    record(BreakEnded(session))
    for at, code in enumerate(room.codes):
        if room.workshop.topics[code].score is None and code != room.codes[2]:
            room.agree(code, _on_scale(room, (2, 3, 1, 4, 3, 2, 5)[at % 7]), "As agreed.")
    record(ClosingShown(session, "scores"))
    yield State("closing scores", room)
    owner = Words(texts.owner)
    for at, code in enumerate((first, room.codes[0], room.codes[4])):
        what = Words(texts.actions[at])
        record(
            TargetSet(session, code, _on_scale(room, 4)),
            ActionAgreed(session, code, f"a{at}", what, owner, f"2026-0{at + 4}-30"),
        )
    record(ClosingShown(session, "actions"))
    yield State("closing actions", room)
    record(DraftPromised(session, "2026-12-19"))
    room.close()
    yield State("ended", room)


def _first_scores(room: Room) -> Iterator[State]:
    record, session = room.facilitator.record, room.session
    record(*opening(room.workshop, session))
    yield State("first scores", room)
    for at, code in enumerate(room.codes):
        scale = (2, 2, 3) if at % 2 else (1, 4, 2, 3)
        for who, store in enumerate(room.participants):
            store.cast(room.ballot(store, code, _on_scale(room, scale[who % len(scale)]), 0))
    yield State("first scores finished", room)
    for code in room.codes:
        room.facilitator.show_votes(code)
    yield State("first scores shown", room)
    if not (proposed := to_take_together(room.workshop, session)):
        return  # no level is suggested
    record(TogetherShown(session, proposed))
    yield State("together", room)
    together = room.workshop.sessions[session].together
    record(*(ScoreRecorded(session, one.code, one.level) for one in together), TogetherAgreed(session))
    yield State("between", room)


def _vote(room: Room, *answers: Any, number: int = 1) -> None:
    first = _second(room)
    for store, answer in zip(room.participants, answers, strict=False):
        own = store.own_ballots().get((first, number))
        store.cast(room.ballot(store, first, _on_scale(room, answer), number, **({"replaces": own.id} if own else {})))


def lose(page: Any) -> None:
    """The page notices that its connection is gone."""
    page.evaluate("dispatchEvent(new CustomEvent('nps:connection', { detail: { connected: false } }))")
