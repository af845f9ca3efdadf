"""Which store somebody gets: the one of the actor's role, in this kernel's database or another one."""

import os
from typing import TypeVar

from sqlalchemy import Engine

from npswidgets import settings
from npswidgets.domain.actor import Actor, Role
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import NotAllowed
from npswidgets.store.database import open_database
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.helper_store import HelperStore
from npswidgets.store.participant_store import ParticipantStore
from npswidgets.store.projector_store import ProjectorStore
from npswidgets.store.workshop_store import WorkshopStore

STORES: dict[Role, type[WorkshopStore]] = {
    "facilitator": FacilitatorStore,
    "helper": HelperStore,
    "participant": ParticipantStore,
    "projector": ProjectorStore,
}
Store = TypeVar("Store", bound=WorkshopStore)


def store_of(engine: Engine, actor: Actor, cached: Workshop | None = None) -> WorkshopStore:
    """The store of an actor's role.

    Args:
        cached: a state of the workshop that need not be read again.

    Raises:
        NotFound: there is no such workshop.
        StoreFault: the database cannot be read.
    """
    return STORES[actor.role](engine, actor, cached)


def open_store(kind: type[Store], actor: Actor | None = None, url: str | None = None) -> Store:
    """A store of this kind; by default for whom, and where, the server put into this kernel's environment.

    Raises:
        NotAllowed: the environment names no actor, or one of another role.
        StoreFault: the database cannot be opened.
        NotFound: there is no such workshop.
    """
    return kind(open_database(url), actor or _actor_here())


def _actor_here() -> Actor:
    if not os.environ.get(settings.NPS_ACTOR):
        raise NotAllowed(f"Nobody is named in {settings.NPS_ACTOR}: open this page through the workshop's server.")
    return Actor.from_json(os.environ[settings.NPS_ACTOR])
