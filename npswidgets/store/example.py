"""The committed example, opened in memory: what the screens show in JupyterLab, where no server says who is there."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from npswidgets import settings
from npswidgets.domain.actor import Actor, Role
from npswidgets.domain.events import Event, VotesRevealed, VotingOpened
from npswidgets.domain.workshop import Workshop
from npswidgets.store import archive, helper_links, record
from npswidgets.store.database import open_database, writing
from npswidgets.store.opening import Store
from npswidgets.store.saved import read_archive


def example_path() -> Path:
    """Where the example lies."""
    return settings.data_folder("sessions") / "example.jsonl"


def open_example(kind: type[Store], engine: Engine | None = None) -> Store:
    """The example in the middle of its session: a participant may vote, the others see votes that are shown.

    Args:
        engine: an empty database to put it into; by default one in memory, which is gone when the kernel ends.
    """
    saved = read_archive(example_path())
    moment = VotingOpened if kind.role == "participant" else VotesRevealed
    last = max((one for one in saved.entries if isinstance(one.event, moment)), key=lambda one: one.revision)
    engine = engine or open_database("sqlite://")
    with writing(engine) as db:
        archive.restore(db, saved, until=last.revision)
    actor = _somebody(kind.role, saved.at(last.revision), last.event)
    return kind(engine, _with_link(engine, actor) if kind.role == "helper" else actor)


def _with_link(engine: Engine, actor: Actor) -> Actor:
    """A helper with a link to the first session."""
    with engine.connect() as db:
        session = next(iter(record.read(db, actor.workshop).sessions))
    with writing(engine) as db:
        link = helper_links.make(db, actor.workshop, session)
        helper = replace(actor, session=session, link=link.id)
        helper_links.give(db, helper, link.id)
    return helper


def _somebody(role: Role, workshop: Workshop, event: Event) -> Actor:
    if role != "participant" or not isinstance(event, VotingOpened):
        return Actor(workshop.id, role)
    who = next(iter(workshop.sessions[event.session].participants))
    return Actor(workshop.id, role, event.session, who)
