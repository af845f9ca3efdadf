"""The page of a role, rendered once: the next person's differs in its kernel, and in what is said meanwhile."""

import html
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from voila.notebook_renderer import NotebookRenderer

from npswidgets.server.kernels.states import told

KERNEL_ID = "kernel-id-of-this-page"
WHOSE, SESSION = "whose-page-this-is", "session-of-this-page"
STATES = "states-of-this-page"
WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Opening:
    """What a page says of the workshop that it opens.

    Attributes:
        whose: the head of the page, as HTML of ours.
    """

    whose: str = ""
    session: str = ""


@dataclass(frozen=True)
class PreparedPage:
    """A page without its kernel."""

    head: str
    rest: str

    def with_opening(self, opening: Opening) -> str:
        """The head, which can be sent before there is a kernel."""
        return _filled(self.head, {WHOSE: opening.whose, SESSION: html.escape(opening.session)})

    def with_kernel(self, kernel_id: str, states: str) -> str:
        """What follows the head.

        Args:
            states: in JSON, what is in the widgets of that kernel; empty where that is not known.
        """
        return _filled(self.rest, {KERNEL_ID: kernel_id, STATES: within_page(states or "null")})


def _filled(text: str, values: dict[str, str]) -> str:
    """With all values put in at once, so that none is looked for in another."""
    return re.sub("|".join(values), lambda found: values[found[0]], text)


def within_page(data: str) -> str:
    """JSON as it can stand in a page, whatever people have typed: no markup, and no line break but JSON's own."""
    for letter in "<>&\u2028\u2029":
        data = data.replace(letter, f"\\u{ord(letter):04x}")
    return data


class PreparedRenderer(NotebookRenderer):  # type: ignore[misc]  # Voila has no types
    """Voila's renderer for a notebook of one cell, whose screen is there already: it starts and runs nothing."""

    started = False

    async def _jinja_kernel_start(self, nb: NotebookNode, kernel_id: str, kernel_future: None) -> str:  # noqa: ARG002 (the interface)
        self.started = True
        return KERNEL_ID

    async def _jinja_cell_generator(self, nb: NotebookNode, kernel_id: str) -> AsyncIterator[NotebookNode]:  # noqa: ARG002 (the interface)
        for cell in nb.cells:
            yield cell


class OrdinaryRenderer(NotebookRenderer):  # type: ignore[misc]  # Voila has no types
    """Voila's renderer, which notes what is in the widgets when all cells have run."""

    async def _jinja_cell_generator(self, nb: NotebookNode, kernel_id: str) -> AsyncIterator[NotebookNode]:
        async for cell in super()._jinja_cell_generator(nb, kernel_id):
            yield cell
        states = {name: {"state": told(state)} for name, state in self.executor.widget_state.items()}
        nb.metadata.states = within_page(json.dumps({"states": states}))


async def prepare_page(renderer: PreparedRenderer, screen: str) -> PreparedPage:
    """The page that shows one screen.

    Args:
        screen: the id of its widget.
    """
    view = {"version_major": 2, "version_minor": 0, "model_id": screen}
    shown = new_output("display_data", {WIDGET: view, "text/plain": "A screen of a workshop"})
    renderer.notebook.cells = [new_code_cell(outputs=[shown])]
    renderer.notebook.metadata |= {"whose": WHOSE, "session": SESSION, "states": STATES}
    head, rest = "", ""
    async for part, _ in renderer.generate_content_generator():
        head, rest = (head, rest + part) if renderer.started else (head + part, rest)
    return PreparedPage(head, rest)
