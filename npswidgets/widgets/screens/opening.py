"""How a screen finds its store: the server names an actor, and without one there is the example."""

import os
from asyncio import Task
from typing import Protocol

import ipywidgets

from npswidgets import settings
from npswidgets.domain.actor import Role
from npswidgets.store.example import open_example
from npswidgets.store.workshop_store import WorkshopStore, open_store
from npswidgets.widgets.passage import Passage, text

EXAMPLE = "This is the example workshop. It is kept in memory: nothing that you do here is saved."


class Screen(Protocol):
    """What all screens have in common."""

    widget: ipywidgets.Box

    def attach(self, store: WorkshopStore) -> Task[None]:
        """Shows what is in the store, and follows it."""
        ...


def opened(screen: Screen, role: Role) -> ipywidgets.Widget:
    """The screen's widget, attached to the store of this kernel's actor, or to the example, which it says then.

    Raises:
        NotFound, NotAllowed, StoreFault: the store cannot be opened for this actor.
    """
    if os.environ.get(settings.NPS_ACTOR):
        screen.attach(open_store())
        return screen.widget
    screen.attach(open_example(role))
    return ipywidgets.VBox([Passage(parts=[text(EXAMPLE)]), screen.widget])
