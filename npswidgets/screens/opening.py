"""How a screen finds its store: the server names an actor, and without one there is the example."""

import asyncio
import os
from asyncio import Task
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import ipywidgets

from npswidgets import settings
from npswidgets.errors import NothingToShow, StoreFault
from npswidgets.store.example import open_example
from npswidgets.store.opening import Store, open_store
from npswidgets.store.workshop_store import WorkshopStore
from npswidgets.widgets.base import Column
from npswidgets.widgets.passage import Passage, text

AGAIN_SECONDS = 2.0
"""Between two tries to use a database that cannot be used."""

EXAMPLE = "This is the example workshop. It is kept in memory: nothing that you do here is saved."

Shown = TypeVar("Shown", bound=WorkshopStore, contravariant=True)


class Screen(Protocol[Shown]):
    """What all screens have in common."""

    widget: ipywidgets.Box
    heading: Any

    def attach(self, store: Shown) -> Task[None]:
        """Shows what is in the store, and follows it."""
        ...


def attach_when_possible(screen: Screen[Store], find_store: Callable[[], Store]) -> None:
    """Attaches a screen now, or as soon as the database can be used; meanwhile the page says what is wrong."""
    with screen.heading.faults_shown():
        try:
            screen.attach(find_store())
            screen.heading.fault = ""
        except StoreFault:
            asyncio.get_running_loop().call_later(AGAIN_SECONDS, attach_when_possible, screen, find_store)
            raise


def opened(screen: Screen[Store], kind: type[Store]) -> ipywidgets.Widget:
    """The screen's widget, attached to the store of this kernel's actor, or to the example, which it says then.

    Raises:
        NotFound, NotAllowed, StoreFault: the store cannot be opened for this actor.
        NothingToShow: this is no notebook, and nothing would keep the screen up to date.
    """
    _check_runs_on()
    if os.environ.get(settings.NPS_ACTOR):
        screen.attach(open_store(kind))
        return screen.widget
    screen.attach(open_example(kind))
    return Column([Passage(parts=[text(EXAMPLE)]), screen.widget])


def _check_runs_on() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise NothingToShow("A screen is shown in a notebook: run this in a cell of JupyterLab or in Voila.") from None
