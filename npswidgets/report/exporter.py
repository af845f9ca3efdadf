"""The exporters of nbconvert: `jupyter nbconvert --to nps_pdf`, and JupyterLab's export menu.

Each renders the report that a session notebook carries, and what people added to the notebook behind it. JupyterLab
imports this module only to list the formats, so nothing large is imported before one of them is used; and whoever
exports from the command line does not need nbconvert.
"""

from typing import Any, ClassVar

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from npswidgets.report.notebook import carried_report


class FileExporter(Exporter):
    """Makes a file of the report that a session notebook carries. `ending` is that of the file's name."""

    ending: ClassVar[str]

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return self.ending

    def render(self, notebook: NotebookNode) -> str | bytes:
        """The file.

        Raises:
            ExportFailed: the notebook carries no report.
        """
        raise NotImplementedError

    def from_notebook_node(  # type: ignore[override]  # a file's content is text or bytes
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """The file, and nbconvert's resources."""
        checked, resources = super().from_notebook_node(nb, resources, **kw)
        return self.render(checked), resources


class NpsHtmlExporter(FileExporter):
    """The report as one HTML page."""

    export_from_notebook = "Workshop report (HTML)"
    output_mimetype = "text/html"
    ending = ".html"

    def render(self, notebook: NotebookNode) -> str:
        """The page."""
        from npswidgets.report.added import additions
        from npswidgets.report.html import html_page

        return html_page(carried_report(notebook), additions(notebook))


class NpsPdfExporter(FileExporter):
    """The report as PDF."""

    export_from_notebook = "Workshop report (PDF)"
    output_mimetype = "application/pdf"
    ending = ".pdf"

    def render(self, notebook: NotebookNode) -> bytes:
        """The file."""
        from npswidgets.report.added_blocks import added_blocks
        from npswidgets.report.pdf import pdf_report

        return pdf_report(carried_report(notebook), added_blocks(notebook))


class NpsWordExporter(FileExporter):
    """The report as a Word file."""

    export_from_notebook = "Workshop report (Word)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ending = ".docx"

    def render(self, notebook: NotebookNode) -> bytes:
        """The file."""
        from npswidgets.report.added_blocks import added_blocks
        from npswidgets.report.word import word_report

        return word_report(carried_report(notebook), added_blocks(notebook))


class NpsSlidesExporter(FileExporter):
    """The slides as one HTML page."""

    export_from_notebook = "Workshop slides (HTML)"
    output_mimetype = "text/html"
    ending = ".slides.html"

    def render(self, notebook: NotebookNode) -> str:
        """The page."""
        from npswidgets.report.slides import slides_page

        return slides_page(carried_report(notebook))
