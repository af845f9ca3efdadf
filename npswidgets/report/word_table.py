"""A table of a Word file, as its XML: python-docx needs a hundred times as long for a table of some length."""

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from npswidgets.report.layout import LINES_A_PAGE, Table

TWIPS_A_CM = 567
_HALF_POINTS = 17
_SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="E9E8F1"/>'
_BREAKS = {"\n": "<w:br/>", "\t": "<w:tab/>"}


def parse_table(table: Table, width_cm: float) -> Any:
    """The element `w:tbl`. Its heads are said to be heads and stand on each page.

    A row is split over two pages only where one page might not hold it: Word hides the end of what cannot be split.
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    widths = [round(width_cm * TWIPS_A_CM * part / sum(table.widths)) for part in table.widths]
    name = quoteattr(table.title)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    keep = "<w:pPr><w:keepNext/></w:pPr>" if table.on_one_page else ""
    rows = "".join(_row(table, widths, keep, y, row) for y, row in enumerate((table.head, *table.rows)))
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1"/>'
        f"<w:tblCaption w:val={name}/><w:tblDescription w:val={name}/></w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(table: Table, widths: list[int], keep: str, y: int, row: tuple[str, ...]) -> str:
    head = "<w:tblHeader/>" if y == 0 else ""
    columns = enumerate(zip(widths, row, strict=True))
    cells = "".join(_cell(table, width, keep, x, y, text) for x, (width, text) in columns)
    whole = "<w:cantSplit/>" if table.lines(row) <= LINES_A_PAGE else ""
    return f"<w:tr><w:trPr>{whole}{head}</w:trPr>{cells}</w:tr>"


def _cell(table: Table, width: int, keep: str, x: int, y: int, text: str) -> str:
    marked = (y > 0 and table.marked_row == y - 1) or table.marked_column == x
    bold = "<w:b/>" if y == 0 or (marked and x == 0 and table.marked_row is not None) else ""
    look = f'<w:rPr>{bold}<w:sz w:val="{_HALF_POINTS}"/></w:rPr>'
    shade = _SHADE if marked else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
        f"<w:p>{keep}<w:r>{look}{''.join(_text(text))}</w:r></w:p></w:tc>"
    )


def _text(text: str) -> Iterator[str]:
    """The text, in which Word needs an element for each break."""
    start = 0
    for at, mark in enumerate(text):
        if mark in _BREAKS:
            yield f'<w:t xml:space="preserve">{escape(text[start:at])}</w:t>{_BREAKS[mark]}'
            start = at + 1
    yield f'<w:t xml:space="preserve">{escape(text[start:])}</w:t>'
