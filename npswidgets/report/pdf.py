"""Documents as PDF, through Typst: tagged for people who do not see it, and made to last (PDF/UA-1 and PDF/A-2a)."""

from base64 import b64encode
from dataclasses import asdict, replace
from io import BytesIO
from textwrap import shorten
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from nbformat import NotebookNode

from npswidgets.report.added_blocks import added_blocks
from npswidgets.report.exporter import FileExporter
from npswidgets.report.layout import LONGEST_FOOT, Block, Document, Facts, Picture
from npswidgets.report.layout_report import report_document
from npswidgets.report.notebook import carried_report
from npswidgets.report.typesetting import typeset

if TYPE_CHECKING:
    from typst import PDFStandard

STANDARDS: list["PDFStandard"] = ["ua-1", "a-2a"]


class NpsPdfExporter(FileExporter):
    """Renders the report that a session notebook carries."""

    export_from_notebook = "Workshop report (PDF)"
    output_mimetype = "application/pdf"
    ending = ".pdf"

    def render(self, notebook: NotebookNode) -> bytes:
        """The file."""
        return pdf_report(notebook)


def pdf_report(notebook: NotebookNode) -> bytes:
    """The PDF of a session notebook.

    Raises:
        ExportFailed: the notebook carries no report, or the PDF would not keep to the standards.
    """
    return to_pdf(report_document(carried_report(notebook), added_blocks(notebook)))


def to_pdf(document: Document) -> bytes:
    """The document as PDF. The same document gives the same bytes.

    Raises:
        ExportFailed: it would not keep to the standards.
    """
    return typeset("document.typ", "document", _given(document), STANDARDS)


def _given(document: Document) -> dict[str, Any]:
    """What the template reads."""
    plain = asdict(replace(document, blocks=()))
    plain["foot"] = shorten(document.foot, LONGEST_FOOT, placeholder=" …")
    return plain | {"facts": document.facts.said, "blocks": [_block(block) for block in document.blocks]}


def _block(block: Block) -> dict[str, Any]:
    kind = {"kind": type(block).__name__}
    if isinstance(block, Picture):
        return kind | {"alt": block.alt, "svg": _svg(block)}
    if isinstance(block, Facts):
        return kind | {"rows": block.said}
    return kind | asdict(block)


def _svg(picture: Picture) -> str:
    """A chart as it is; another picture inside an SVG, as wide as the page at most."""
    if picture.chart:
        return picture.chart.svg()
    from PIL import Image

    with Image.open(BytesIO(picture.data)) as image:
        width, height, kind = image.width, image.height, image.get_format_mimetype()
    address = quoteattr(f"data:{kind};base64,{b64encode(picture.data).decode()}")
    shown = min(width, 600)
    size = f'width="{shown}" height="{shown * height / width:.0f}" viewBox="0 0 {width} {height}"'
    image_part = f'<image href={address} width="{width}" height="{height}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{image_part}</svg>'
