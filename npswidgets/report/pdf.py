"""Documents as PDF, through Typst: tagged for people who do not see it, and made to last (PDF/UA-1 and PDF/A-2a)."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from io import BytesIO
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from npswidgets.domain.scale import Scale
from npswidgets.report.addresses import addresses, pieces
from npswidgets.report.contents import Report
from npswidgets.report.layout import (
    LONGEST_FOOT,
    Block,
    Bullets,
    Cell,
    Document,
    Facts,
    Heading,
    Paragraph,
    Picture,
    Table,
    on_paper,
    plain,
)
from npswidgets.report.layout_report import report_document
from npswidgets.report.letters import missing_letters, say_missing
from npswidgets.report.typesetting import typeset

if TYPE_CHECKING:
    from typst import PDFStandard

STANDARDS: list["PDFStandard"] = ["ua-1", "a-2a"]


def pdf_report(report: Report, added: Sequence[Block] = ()) -> bytes:
    """The PDF of a report; `added` is what people added to the session notebook.

    Raises:
        ExportFailed: it would not keep to the standards.
    """
    return to_pdf(report_document(report, added))


def to_pdf(document: Document) -> bytes:
    """The document as PDF. The same document gives the same bytes.

    Raises:
        ExportFailed: it would not keep to the standards.
    """
    lacking = lacks(document)
    noted = replace(document, blocks=(*document.blocks, Paragraph(lacking, "quiet"))) if lacking else document
    return typeset("document.typ", "document", _given(noted), STANDARDS)


def lacks(document: Document) -> str:
    """A sentence about the letters that its PDF cannot show; empty for none."""
    return say_missing(missing_letters(_texts(document)))


def _texts(document: Document) -> Iterator[str]:
    """What is set in the PDF's fonts."""
    yield from (document.title, document.author, document.foot)
    yield from (text for row in document.facts.said for text in row)
    for block in document.blocks:
        if isinstance(block, Table):
            yield from (text for row in (block.head, *block.texts) for text in row)
        elif isinstance(block, Facts):
            yield from (text for row in block.said for text in row)
        elif isinstance(block, Bullets):
            yield from block.items
        elif isinstance(block, Heading | Paragraph):
            yield block.text


def _given(document: Document) -> dict[str, Any]:
    """What the template reads."""
    given = asdict(replace(document, facts=Facts(()), blocks=()))
    given["foot"] = shorten(document.foot, LONGEST_FOOT, placeholder=" …")
    given["colours"] = _colours(document.scale) if document.scale else {}
    return given | {"facts": document.facts.said, "blocks": list(map(_block, on_paper(document.blocks)))}


def _colours(scale: Scale) -> dict[str, str]:
    return {str(value): scale.colour(value) for value in scale.values}


def _block(block: Block) -> dict[str, Any]:
    kind = {"kind": type(block).__name__}
    if isinstance(block, Picture):
        return kind | {"alt": block.alt, "svg": _svg(block)}
    if isinstance(block, Facts):
        return kind | {"rows": _linked(block.said)}
    if isinstance(block, Table):
        marked = {"marked_row": block.marked_row, "marked_column": block.marked_column}
        held = {"together": block.on_one_page, "with_next": block.with_next and block.on_one_page}
        rows = [[_cell(cell) for cell in row] for row in block.rows]
        return kind | marked | held | {"head": block.head, "rows": rows, "widths": block.widths}
    if isinstance(block, Bullets):
        return kind | {"items": _linked(block.items)}
    if isinstance(block, Paragraph):
        return kind | asdict(block) | {"text": _linked(block.text)}
    return kind | asdict(block)


def _cell(given: str | Cell) -> Any:
    """The words of a cell, with the bar that stands before them."""
    words = _linked(plain(given))
    return {"bar": asdict(given.bar), "words": words} if isinstance(given, Cell) and given.bar else words


def _linked(texts: Any) -> Any:
    """Texts, in which those that hold addresses are cut in pieces."""
    if isinstance(texts, tuple):
        return [_linked(text) for text in texts]
    return {"pieces": [piece._asdict() for piece in pieces(texts)]} if addresses(texts) else texts


def _svg(picture: Picture) -> str:
    """A chart as it is; another picture inside an SVG, as wide as the page at most."""
    if picture.chart:
        return picture.chart.svg("text")  # Typst has the font
    from PIL import Image

    with Image.open(BytesIO(picture.data)) as image:
        width, height, kind = image.width, image.height, image.get_format_mimetype()
    address = f"data:{kind};base64,{b64encode(picture.data).decode()}"
    shown = min(width, 600)
    size = f'width="{shown}" height="{shown * height / width:.0f}" viewBox="0 0 {width} {height}"'
    image_part = f'<image href="{address}" width="{width}" height="{height}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{image_part}</svg>'
