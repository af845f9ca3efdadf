"""The session notebook: the page `notebooks/report.ipynb`, run on a saved workshop that lies beside it."""

import asyncio
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import IPython.paths  # noqa: F401  # else imported when a kernel starts, and matplotlib in another thread sees half of it
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from npswidgets.errors import ExportFailed
from npswidgets.report.added import added_cells
from npswidgets.report.contents import MIME_TYPE, Report, report_from_json
from npswidgets.settings import data_folder

PAGE = "report.ipynb"
PARAMETERS_CELL = "nps-parameters"
CELL_SECONDS = 300
_QUIET = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def page() -> NotebookNode:
    """The page as it is committed: without outputs; the ids of its cells begin with "nps-"."""
    notebook: NotebookNode = nbformat.read(data_folder("notebooks") / PAGE, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def code_cells() -> int:
    """How many cells of the page are run."""
    return sum(cell.cell_type == "code" for cell in page().cells)


@dataclass(frozen=True)
class Given:
    """What the page works with: files in one folder, and whether there is to be a radar."""

    archive: Path
    earlier: Path | None = None
    radar: bool = False
    benchmark: Path | None = None
    edition_map: Path | None = None

    @property
    def source(self) -> str:
        """The cell of parameters that says so; files are named without their folder."""
        named = {
            "saved": self.archive,
            "earlier": self.earlier,
            "edition_map": self.edition_map,
            "benchmark": self.benchmark,
        }
        lines = {name: json.dumps(path.name) if path else "None" for name, path in named.items()}
        return "\n".join(f"{name} = {value}" for name, value in (lines | {"radar": str(self.radar)}).items())


def run_page(given: Given, ran: Callable[[], object] = lambda: None) -> NotebookNode:
    """The page with its outputs, run in the folder of its saved workshop; `ran` is called after each code cell.

    The notebook names the files and not their folder: they can be moved together, and run again anywhere.

    Raises:
        ExportFailed: a cell failed.
    """
    notebook = page()
    parameters = next(cell for cell in notebook.cells if cell.id == PARAMETERS_CELL)
    parameters.source = given.source
    return run(notebook, given.archive.parent, ran)


def run(notebook: NotebookNode, folder: Path, ran: Callable[[], object] = lambda: None) -> NotebookNode:
    """The notebook with its outputs, run in this folder.

    Raises:
        ExportFailed: a cell failed.
    """
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,  # names, codes and reasons, where nobody sees them
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
        on_cell_executed=lambda **_: ran(),
    )
    try:
        with ThreadPoolExecutor(1) as alone:  # whoever calls may have a running event loop
            alone.submit(asyncio.run, client.async_execute(env=os.environ | _QUIET)).result()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise ExportFailed(f"The notebook could not be run: {_kind(error)}.") from None
    return notebook


def added_to(path: Path) -> list[NotebookNode]:
    """The cells that people added to a session notebook, for the one that takes its place; none if it is not there.

    Raises:
        ExportFailed: the file is no notebook; it is left as it is.
    """
    if not path.exists():
        return []
    if not path.is_file():  # a pipe may never end
        raise ExportFailed(f"{path}: this is no file. Move it away, then export again.")
    try:
        return added_cells(nbformat.read(path, as_version=4))  # type: ignore[no-untyped-call]
    except (ValueError, nbformat.ValidationError, nbformat.reader.NotJSONError) as error:
        raise ExportFailed(
            f"{path}: this file is no notebook that can be read. Move it away if nobody needs it, then export again."
        ) from error


def to_text(notebook: NotebookNode) -> str:
    """The notebook as its file holds it."""
    text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return text


def carried_report(notebook: NotebookNode) -> Report:
    """The report that a notebook carries; the last one if cells were run more than once.

    Raises:
        ExportFailed: it carries none, or one that cannot be read.
    """
    found = [output.data[MIME_TYPE] for output in _outputs(notebook) if MIME_TYPE in output.get("data", {})]
    if not found:
        raise ExportFailed("This notebook carries no report. Run all its cells, save it, then export it again.")
    return report_from_json(json.dumps(found[-1]))


def _outputs(notebook: NotebookNode) -> list[Any]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def _kind(error: Exception) -> str:
    """The kind of error that ended a cell; its text may quote what people typed."""
    return str(error.ename) if isinstance(error, CellExecutionError) else type(error).__name__
