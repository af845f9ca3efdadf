"""What people added to the session notebook, made harmless: Markdown, pictures and text.

HTML that they wrote is shown as text, and pictures from the network are named and not loaded.
"""

import base64
import re
from collections.abc import Iterator
from copy import deepcopy
from hashlib import sha256
from secrets import token_hex
from typing import Any

import mistune
from nbformat import NotebookNode

from npswidgets.report.contents import MIME_TYPE
from npswidgets.report.layout import Addition
from npswidgets.report.phrases import typed

OWN_CELL = "nps-"
"""The ids of the page's own cells begin so; Jupyter gives none such to a new cell."""

WIDGET = "application/vnd.jupyter.widget-view+json"
"""A widget that was drawn in a browser: without its kernel nothing can be seen of it but a picture."""

INJECTED = "injected-parameters"
"""The tag of the cell with which papermill sets the parameters of the page."""

PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
LOWEST_HEADING = 6
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def additions(notebook: NotebookNode) -> tuple[Addition, ...]:
    """What people added, in their order; a text of the page that they changed is theirs, too."""
    return tuple(found for cell in notebook.cells if not _is_own(cell) for found in _in_cell(cell))


def added_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that people added or changed, for another notebook.

    They keep what they show, but for a report; of a widget its picture alone stays.
    """
    return [_for_another(cell) for cell in notebook.cells if not _is_own(cell)]


def mark_of(source: str) -> str:
    """What the metadata of a text of the page carries as "npswidgets", so that a later change of it is noticed."""
    return sha256(source.encode()).hexdigest()[:16]


def _is_own(cell: NotebookNode) -> bool:
    if INJECTED in cell.metadata.get("tags", ()):
        return True
    if not str(cell.get("id", "")).startswith(OWN_CELL):
        return False
    return bool(cell.cell_type == "code" or cell.metadata.get("npswidgets") == mark_of(cell.source))


def _for_another(cell: NotebookNode) -> NotebookNode:
    kept = deepcopy(cell)
    if str(kept.get("id", "")).startswith(OWN_CELL):
        kept.id = token_hex(4)
    for output in kept.get("outputs", []):
        output.get("data", {}).pop(MIME_TYPE, None)  # else it would be taken for the notebook's own
        if WIDGET in output.get("data", {}):
            for kind in set(output.data) - set(PICTURES):
                del output.data[kind]
    if "outputs" in kept:
        kept.outputs = [output for output in kept.outputs if output.get("data", True)]
    return kept


def _in_cell(cell: NotebookNode) -> Iterator[Addition]:
    if cell.cell_type == "markdown" and cell.source.strip():
        yield Addition("html", markdown(cell.source, cell.get("attachments", {})))
    elif cell.cell_type == "raw" and cell.source.strip():
        yield Addition("text", typed(cell.source))
    for output in cell.get("outputs", []):
        yield from _in_output(output)


def _in_output(output: NotebookNode) -> Iterator[Addition]:
    if output.output_type == "stream":
        yield _text(output.text)
    elif output.output_type == "error":
        yield _text(f"{output.ename}: {output.evalue}")
    else:
        yield from _in_data(output.data, output.get("metadata", {}))


def _in_data(data: dict[str, Any], metadata: dict[str, Any]) -> Iterator[Addition]:
    """The best form that is harmless; the text/html of an output is not among them."""
    picture = next((kind for kind in PICTURES if kind in data), None)
    if picture:
        said = (
            metadata.get(picture, {}).get("alt")
            or metadata.get("alt")
            or (data.get("text/plain") if WIDGET not in data else "")
        )
        yield Addition("picture", data_address(picture, data[picture]), typed(said or "A picture from the notebook"))
    elif "text/markdown" in data and WIDGET not in data:
        yield Addition("html", markdown(data["text/markdown"], {}))
    elif _plain(data):
        yield _text(_plain(data))


def _plain(data: dict[str, Any]) -> str:
    """The plain text of an output; that of a widget is how it was made, with what it shows."""
    return "" if WIDGET in data else str(data.get("text/plain", ""))


def _text(text: str) -> Addition:
    return Addition("text", typed(_ANSI.sub("", text)))


def data_address(kind: str, data: str) -> str:
    """A `data:` address of a picture; `data` is base64, or the text of an SVG."""
    packed = base64.b64encode(data.encode()).decode() if kind == "image/svg+xml" else "".join(data.split())
    return f"data:{kind};base64,{packed}"


def markdown(source: str, attachments: dict[str, dict[str, str]]) -> str:
    """Markdown as HTML that is safe to show; its headings stand below those of the report."""
    render = mistune.create_markdown(renderer=_Harmless(attachments), plugins=["strikethrough", "table", "url"])
    return str(render(typed(source)))


class _Harmless(mistune.HTMLRenderer):
    """Shows HTML as text, refuses addresses that run something, and loads nothing."""

    def __init__(self, attachments: dict[str, dict[str, str]]) -> None:
        super().__init__(escape=True)
        self._attachments = attachments

    def heading(self, text: str, level: int, **_: Any) -> str:
        return super().heading(text, min(level + 2, LOWEST_HEADING))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        address = self._attached(url) if url.startswith("attachment:") else url
        if address.startswith("data:image/"):
            return super().image(text, address, title)
        return f"<em>{text or 'picture'} (not in this file)</em>"

    def _attached(self, url: str) -> str:
        pictures = self._attachments.get(url.removeprefix("attachment:"), {})
        kind = next((kind for kind in ("image/png", "image/jpeg") if kind in pictures), None)
        return data_address(kind, pictures[kind]) if kind else ""
