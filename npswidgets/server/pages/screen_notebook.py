"""What a screen's notebook has to say: as the package ships it, or with what somebody has added."""

import logging
from pathlib import Path
from typing import get_args

import nbformat
from nbformat import NotebookNode

from npswidgets.domain.actor import Role

TITLE_CELL = "nps-title"
CODE = "import npswidgets as nps\n\nnps.{}()"
"""What each screen's notebook runs."""

ADDED = "{} is not as it was shipped: that page runs it as it is, opens more slowly, and loads Voila's own scripts."
LEFT_ALONE = (
    "{} is not as it was shipped. Participants do not get what was added, nor do helpers: nothing but our own code "
    "runs for them."
)

ALONE: tuple[Role, ...] = ("participant", "helper")
"""Whose pages are for people who do not run the workshop."""

log = logging.getLogger(__name__)


def is_shipped(notebook: NotebookNode, role: Role) -> bool:
    """Whether it shows the screen and nothing else; its title may be another."""
    cells = [cell for cell in notebook.cells if cell.get("id") != TITLE_CELL and cell.source.strip()]
    return [(cell.cell_type, cell.source.strip()) for cell in cells] == [("code", CODE.format(role))]


class ScreenNotebooks:
    """Looks at the notebooks in a folder, again when one of them has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[Role, tuple[tuple[int, int], bool]] = {}

    def is_added_to(self, role: Role) -> bool:
        """Whether the page of this role shows what somebody has added; a participant's or helper's never does."""
        return role not in ALONE and not self._is_shipped(role)

    def say_what_was_added(self) -> None:
        """Tells the operator which notebooks are no longer as they were shipped."""
        roles: tuple[Role, ...] = get_args(Role)
        for role in roles:
            if not self._is_shipped(role):
                log.warning((LEFT_ALONE if role in ALONE else ADDED).format(f"notebooks/{role}.ipynb"))

    def _is_shipped(self, role: Role) -> bool:
        path = self._folder / f"{role}.ipynb"
        file = path.stat()
        now = (file.st_mtime_ns, file.st_size)
        known = self._known.get(role)
        if known is None or known[0] != now:
            known = self._known[role] = now, is_shipped(nbformat.read(path, as_version=4), role)
        return known[1]
