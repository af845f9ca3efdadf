"""The page of a role, rendered once: the next person's differs in the id of the kernel alone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from voila.notebook_renderer import NotebookRenderer

KERNEL_ID = "kernel-id-of-this-page"
WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class PreparedPage:
    """A page without its kernel.

    Attributes:
        head: what can be sent before there is a kernel.
    """

    head: str
    rest: str

    def with_kernel(self, kernel_id: str) -> str:
        """What follows the head."""
        return self.rest.replace(KERNEL_ID, kernel_id)


class PreparedRenderer(NotebookRenderer):  # type: ignore[misc]  # Voila has no types
    """Voila's renderer for a notebook of one cell, whose screen is there already: it starts and runs nothing."""

    started = False

    async def _jinja_kernel_start(self, nb: NotebookNode, kernel_id: str, kernel_future: None) -> str:  # noqa: ARG002 (the interface)
        self.started = True
        return KERNEL_ID

    async def _jinja_cell_generator(self, nb: NotebookNode, kernel_id: str) -> AsyncIterator[NotebookNode]:  # noqa: ARG002 (the interface)
        for cell in nb.cells:
            yield cell


async def prepare_page(renderer: PreparedRenderer, screen: str) -> PreparedPage:
    """The page that shows one screen.

    Args:
        screen: the id of its widget.
    """
    view = {"version_major": 2, "version_minor": 0, "model_id": screen}
    shown = new_output("display_data", {WIDGET: view, "text/plain": "A screen of a workshop"})
    renderer.notebook.cells = [new_code_cell(outputs=[shown])]
    head, rest = "", ""
    async for html, _ in renderer.generate_content_generator():
        head, rest = (head, rest + html) if renderer.started else (head + html, rest)
    return PreparedPage(head, rest)
