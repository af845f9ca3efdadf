"""What is written of a workshop: its saved form, the notebook that runs on it, and the pages made of that."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Literal

from nbformat import NotebookNode

from npswidgets.errors import ExportFailed
from npswidgets.report.notebook import carried_report, code_cells, run_page, to_text

FORMATS = {
    "ipynb": "session notebook",
    "html": "HTML report",
    "pdf": "PDF report",
    "docx": "Word report",
    "xlsx": "Excel workbook",
    "csv": "table of scores",
    "json": "report for programs",
    "slides": "slides",
    "summary": "executive summary",
}
"""What can be made beside the saved workshop, and what people call it."""

USES = {
    "pdf": "to hand up and to print",
    "docx": "to edit",
    "summary": "one page to hand up (PDF)",
    "slides": "for the closing session",
    "html": "one page, to read and to send",
    "xlsx": "scores, votes, actions, statements",
    "csv": "for a spreadsheet",
    "json": "for other software",
    "ipynb": "for JupyterLab",
}
"""What each is for; what most people want comes first."""

ARCHIVE = "jsonl"
_NAMES = {"slides": ".slides.html", "summary": "-summary.pdf"}
"""What follows the workshop's id in the name of a file, where it is not the format."""


@dataclass(frozen=True)
class Step:
    """How far an export is: after `step` of `steps`.

    Attributes:
        format: what is worked on: "jsonl" is the saved workshop.
        state: "running" is a cell of the notebook.
        file: the file that is done.
        reason: why it failed.
    """

    format: str
    state: Literal["running", "done", "failed"]
    step: int
    steps: int
    file: str = ""
    reason: str = ""


def export(
    workshop: str, archive: str, formats: Sequence[str], out: Path, told: Callable[[Step], None] = lambda _: None
) -> tuple[Step, ...]:
    """Writes `<out>/<workshop>/<workshop>.jsonl` and the formats beside it; gives what became of each.

    A file is whole or is not there; one that cannot be made does not stop the others.

    Args:
        workshop: its id, which names folder and files.
        archive: the text of the saved workshop.
        formats: of `FORMATS`.
        out: the folder for exports; it is made if need be.
        told: is called at each step.

    Raises:
        ExportFailed: the id cannot name a folder.
        OSError: the saved workshop cannot be written.
    """
    return _Export(workshop, out, formats, told).run(archive)


class _Export:
    def __init__(self, workshop: str, out: Path, formats: Sequence[str], told: Callable[[Step], None]) -> None:
        if not re.fullmatch(r"\w[\w.-]*", workshop):
            raise ExportFailed(f"The id {workshop!r} of this workshop cannot be the name of a folder.")
        self._stem = out / workshop / workshop
        self._formats = formats
        self._told = told
        self._steps = 1 + code_cells() + len(formats)
        self._step = 0

    def run(self, archive: str) -> tuple[Step, ...]:
        saved = self._file(ARCHIVE)
        saved.parent.mkdir(parents=True, exist_ok=True)
        write_whole(saved, archive)
        done = self._say(ARCHIVE, "done", file=str(saved))
        Thread(target=_import_ahead, daemon=True).start()
        try:
            notebook = run_page(saved, lambda: self._say(self._formats[0], "running"))
        except Exception as error:  # whatever it was, it is told, and what is there stays
            return done, *(self._failed(one, error) for one in self._formats)
        return done, *(self._make(one, notebook) for one in self._formats)

    def _make(self, format_: str, notebook: NotebookNode) -> Step:
        try:
            write_whole(self._file(format_), _RENDERERS[format_](notebook))
        except Exception as error:  # one that fails does not take the others with it
            return self._failed(format_, error)
        return self._say(format_, "done", file=str(self._file(format_)))

    def _failed(self, format_: str, error: Exception) -> Step:
        return self._say(format_, "failed", reason=str(error).strip() or type(error).__name__)

    def _say(self, format_: str, state: Literal["running", "done", "failed"], file: str = "", reason: str = "") -> Step:
        self._step += 1
        step = Step(format_, state, self._step, self._steps, file, reason)
        self._told(step)
        return step

    def _file(self, format_: str) -> Path:
        return self._stem.with_name(self._stem.name + _NAMES.get(format_, f".{format_}"))


def _import_ahead() -> None:
    """What formats are made with, imported while the notebook runs in its kernel; what is missing fails later."""
    for name in ("matplotlib.figure", "nbconvert.exporters", "docx", "typst", "xlsxwriter", "bs4"):
        with suppress(ImportError):
            import_module(name)


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file as a whole, text as UTF-8; or leaves the one that was there."""
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _html(notebook: NotebookNode) -> str:
    from npswidgets.report.html import html_page

    return html_page(notebook)


def _pdf(notebook: NotebookNode) -> bytes:
    from npswidgets.report.pdf import pdf_report

    return pdf_report(notebook)


def _word(notebook: NotebookNode) -> bytes:
    from npswidgets.report.word import word_report

    return word_report(notebook)


def _excel(notebook: NotebookNode) -> bytes:
    from npswidgets.report.tables import excel_report

    return excel_report(notebook)


def _csv(notebook: NotebookNode) -> str:
    from npswidgets.report.tables import csv_report

    return csv_report(notebook)


def _json(notebook: NotebookNode) -> str:
    from npswidgets.report.tables import json_report

    return json_report(notebook)


def _slides(notebook: NotebookNode) -> str:
    from npswidgets.report.slides import slides_page

    return slides_page(notebook)


def _summary(notebook: NotebookNode) -> bytes:
    from npswidgets.report.layout_summary import summary_document
    from npswidgets.report.pdf import to_pdf

    return to_pdf(summary_document(carried_report(notebook)))


_RENDERERS: dict[str, Callable[[NotebookNode], str | bytes]] = {
    "ipynb": to_text,
    "html": _html,
    "pdf": _pdf,
    "docx": _word,
    "xlsx": _excel,
    "csv": _csv,
    "json": _json,
    "slides": _slides,
    "summary": _summary,
}
