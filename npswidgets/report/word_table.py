"""A table of a Word file, as its XML: python-docx needs a hundred times as long for a table of some length."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from npswidgets.report.addresses import pieces
from npswidgets.report.layout import LINES_A_PAGE, Cell, Table, plain

TWIPS_A_CM = 567
_HALF_POINTS = 17
_SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="E9E8F1"/>'
_LINK = '<w:rStyle w:val="Hyperlink"/>'
_BREAKS = {"\n": "<w:br/>", "\t": "<w:tab/>"}


def parse_table(table: Table, width_cm: float, target: Callable[[str], str], places: Mapping[str, str]) -> Any:
    """The element `w:tbl`. Its heads are said to be heads and stand on each page.

    A row is split over two pages only where one page might not hold it: Word hides the end of what cannot be split.

    Args:
        target: gives the id by which the file knows an address.
        places: anchors of headings, with the names by which the file knows them.
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    widths = [round(width_cm * TWIPS_A_CM * part / sum(table.widths)) for part in table.widths]
    name = quoteattr(table.title)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_Rows(table, widths, target, places))
    return parse_xml(
        f'<w:tbl {nsdecls("w", "r")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1"/>'
        f"<w:tblCaption w:val={name}/><w:tblDescription w:val={name}/></w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


@dataclass(frozen=True)
class _Rows:
    table: Table
    widths: list[int]
    target: Callable[[str], str]
    places: Mapping[str, str]

    def __iter__(self) -> Iterator[str]:
        keep = "<w:pPr><w:keepNext/></w:pPr>" if self.table.on_one_page else ""
        rows: tuple[tuple[str | Cell, ...], ...] = (self.table.head, *self.table.rows)
        for y, row in enumerate(rows):
            head = "<w:tblHeader/>" if y == 0 else ""
            whole = "<w:cantSplit/>" if self.table.lines(tuple(map(plain, row))) <= LINES_A_PAGE else ""
            cells = "".join(self._cell(keep, x, y, cell) for x, cell in enumerate(row))
            yield f"<w:tr><w:trPr>{whole}{head}</w:trPr>{cells}</w:tr>"

    def _cell(self, keep: str, x: int, y: int, cell: str | Cell) -> str:
        table = self.table
        marked = (y > 0 and table.marked_row == y - 1) or table.marked_column == x
        bold = "<w:b/>" if y == 0 or (marked and x == 0 and table.marked_row is not None) else ""
        shade = _SHADE if marked else ""
        runs = "".join(self._runs(cell, f'{bold}<w:sz w:val="{_HALF_POINTS}"/>'))
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{self.widths[x]}" w:type="dxa"/>{shade}</w:tcPr><w:p>{keep}{runs}</w:p></w:tc>'
        )

    def _runs(self, cell: str | Cell, look: str) -> Iterator[str]:
        text = plain(cell)
        if isinstance(cell, Cell) and cell.to in self.places:
            place = quoteattr(self.places[cell.to])
            yield f"<w:hyperlink w:anchor={place}>{_run(cell.text, _LINK + look)}</w:hyperlink>"
            text = text[len(cell.text) :]
        for piece in pieces(text):
            if piece.linked:
                run = _run(piece.text, _LINK + look)
                yield f"<w:hyperlink r:id={quoteattr(self.target(piece.text))}>{run}</w:hyperlink>"
            else:
                yield _run(piece.text, look)


def _run(text: str, look: str) -> str:
    return f"<w:r><w:rPr>{look}</w:rPr>{''.join(_text(text))}</w:r>"


def _text(text: str) -> Iterator[str]:
    """The text, in which Word needs an element for each break."""
    start = 0
    for at, mark in enumerate(text):
        if mark in _BREAKS:
            yield f'<w:t xml:space="preserve">{escape(text[start:at])}</w:t>{_BREAKS[mark]}'
            start = at + 1
    yield f'<w:t xml:space="preserve">{escape(text[start:])}</w:t>'
