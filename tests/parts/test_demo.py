"""The demonstration shows what a workshop has that was planned on the form."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import TopicPresented
from npswidgets.domain.time_left import time_left
from npswidgets.server.demo import open_demo
from npswidgets.store.opening import store_of
from npswidgets.store.plans import plan_of, slot_of


def test_the_demonstration_has_a_length_so_that_the_time_left_is_seen_in_it(engine: Engine) -> None:
    store = store_of(engine, Actor(open_demo(engine).workshop, "facilitator"))
    (session,) = store.workshop.sessions.values()
    store.record(TopicPresented(session.id, session.codes[0]))  # type: ignore[attr-defined]
    booked = slot_of(plan_of(engine, store.workshop.id), store.workshop, session.id).minutes
    left = time_left(store.workshop, session.id, booked, datetime.now(UTC))
    assert left is not None
    assert left.booked == 90
