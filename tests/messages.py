"""What a browser sends to a widget, and what a browser holds of a screen."""

import asyncio
import json
import secrets
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from ipywidgets import Widget

from npswidgets.screens.facilitator import FacilitatorScreen
from npswidgets.store.workshop_store import WorkshopStore

Result = TypeVar("Result")


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """What this comes to, in a loop of its own."""
    return in_a_thread(lambda: asyncio.run(main))


def in_a_thread(act: Callable[[], Result]) -> Result:
    """What it returns in a thread of its own: in that of the tests, Playwright keeps a loop running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(act).result()


def attached(screen: Any, store: WorkshopStore) -> Any:
    """The screen, filled from a store; it does not follow it, so that a test says when it looks.

    A facilitator's page looks at the first topic, and not at the practice.
    """

    async def attach() -> None:
        screen.attach(store).cancel()

    run(attach())
    if isinstance(screen, FacilitatorScreen):
        skip_practice(screen)
    return screen


def skip_practice(screen: FacilitatorScreen) -> None:
    """The facilitator looks at the first topic instead."""
    if screen.controller.view_state().is_practice:
        send(screen.topics, {"kind": "looked_at", "code": screen.controller.view_state().of_agenda.session.codes[0]})


def send(widget: Widget, content: Any) -> None:
    """A message of our own, as it comes from the browser."""
    widget._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


def set_traits(widget: Widget, **state: Any) -> None:
    """A browser changes what it holds of a widget."""
    widget._handle_msg({"content": {"data": {"method": "update", "state": state}}, "buffers": []})


def cast(widget: Widget, code: str, answer: Any, round_number: int = 1, **more: Any) -> str:
    """A vote, as the browser sends it; gives its id."""
    vote = {"id": secrets.token_hex(16), "code": code, "round": round_number, "answer": answer, "replaces": None} | more
    send(widget, {"kind": "cast", **vote})
    return str(vote["id"])


def in_the_browser(screen: Any) -> str:
    """All that a screen has given to the browser, as JSON."""
    states = [widget.get_state() for widget in screen.widget.children]
    return json.dumps(
        [{name: value for name, value in state.items() if name[0] != "_"} for state in states], default=str
    )
