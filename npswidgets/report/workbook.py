"""The report as an Excel workbook, to calculate with and to print. What people typed is text, and never a formula."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from npswidgets.domain.rubric_words import RubricWords
from npswidgets.domain.statistics import rounded
from npswidgets.report.addresses import addresses
from npswidgets.report.cell_heights import LETTER_OF_A_HEAD, height
from npswidgets.report.columns import KINDS, PLACE, TABLES, Cell, Column, Kind, in_words
from npswidgets.report.contents import Report
from npswidgets.report.sheets import Sheet, sheet, sheets

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LONGEST_CELL = 32_767
"""UTF-16 units that Excel holds in a cell."""

STATUSES = ("not started", "under way", "done", "dropped")
"""What can be chosen for an action; the column is empty, for whoever follows it up."""

_CUT = " … (cut: a cell of Excel holds no more)"
_A4 = 9
_PRINTED = {"scores": "verdict"}
"""The last column that is printed, where a page cannot hold all of them."""
_TOP = {"valign": "top"}
_HEAD = {"bold": True, "bg_color": "#ECEBF2", **_TOP}
"""A ground and no rule below: LibreOffice sets the letters of the first row on the rule."""
_RIGHT = {"align": "right", "indent": 1, **_TOP}
"""Figures, which do not touch the words in the column that follows."""
_FORMATS: dict[Kind, dict[str, Any]] = {
    "text": {"text_wrap": True, **_TOP},
    "level": {"text_wrap": True, **_TOP},
    "choice": {"text_wrap": True, **_TOP},
    "whole": {"num_format": "0", **_RIGHT},
    "figure": {"num_format": "General", **_RIGHT},
    "index": {"num_format": "0.00", **_RIGHT},
    "yes": _TOP,
    "date": {"num_format": "d mmm yyyy", "align": "left", **_TOP},
    "time": {"num_format": "d mmm yyyy hh:mm", "align": "left", **_TOP},
}
_COLUMNS = (
    Column("table", "sheet of this workbook", width=14),
    Column("column", "its head", width=18),
    Column("holds", "what stands in it", width=76),
    Column("kind", "of which kind it is", width=36),
)


def excel_report(report: Report) -> bytes:
    """A workbook with a sheet about the workshop, one for each table and for what they hold, and a chart of Excel."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(buffer, options) as book:
        made = datetime.fromisoformat(report.made_on)
        book.set_properties({"title": report.title, "author": report.council, "created": made})
        pages = _Pages(book, f"{report.council}: {report.title}")
        _about(pages, report)
        tables = sheets(report)
        for one in tables:
            page = _sheet(pages, one)
            if one.name == "scores":
                _link_statements(pages, page, one, sheet(report, "statements"))
            if one.name == "actions":
                _statuses(pages, page, one)
        _sheet(pages, _dictionary(tables, report.words))
        _chart(pages, report)
    return buffer.getvalue()


@dataclass(frozen=True)
class _Pages:
    """The sheets of a workbook, each set up to be printed with this head."""

    book: "Workbook"
    head: str

    def add(self, name: str, *, wide: bool = True) -> "Worksheet":
        """A sheet that prints one page wide on A4, with council, title and the number of the page."""
        page = self.book.add_worksheet(name)
        page.set_paper(_A4)
        if wide:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.7)
        page.set_header(f"&L{_in_head(self.head)}&R&A")
        page.set_footer("&R&P / &N")
        return page


def _in_head(text: str) -> str:
    """A text in the head of a page: "&" gives an order there, and there is room for 255 characters."""
    return text[:100].replace("&", "&&")


def _about(pages: _Pages, report: Report) -> None:
    """What the first page of the report says, and how to check the record."""
    page = pages.add("about", wide=False)
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 100)
    strong, wrapped = pages.book.add_format({"bold": True, **_TOP}), pages.book.add_format(_FORMATS["text"])
    rows = [("Council", report.council), ("Title", report.title), *((one.label, one.text) for one in report.facts)]
    rows += [("Report made on", report.made), ("Revision", str(report.record.revision))]
    rows += [("Digest (SHA-256)", report.record.head), ("Record", report.record.sentence)]
    rows += [("Benchmark", report.benchmark)] if report.benchmark else []
    rows += [("Source", report.source.credit)]
    for at, (label, text) in enumerate(rows):
        page.set_row(at, height([label, text], [22, 100]))
        page.write_string(at, 0, label, strong)
        _text(page, at, 1, text, wrapped)


def _sheet(pages: _Pages, table: Sheet) -> "Worksheet":
    """A table whose heads stay in sight and come again on each page, with filters."""
    page = pages.add(table.name)
    head = pages.book.add_format({"text_wrap": True, **_HEAD})
    formats = {kind: pages.book.add_format(given) for kind, given in _FORMATS.items()}
    widths = [column.width for column in table.columns]
    page.set_row(0, height([column.name for column in table.columns], widths, LETTER_OF_A_HEAD))
    wraps = ["text_wrap" in _FORMATS[column.kind] for column in table.columns]
    for y, row in enumerate(table.rows, 1):
        page.set_row(
            y, height([str(cell or "") if wrap else "" for cell, wrap in zip(row, wraps, strict=True)], widths)
        )
    for x, column in enumerate(table.columns):
        page.set_column(x, x, column.width)
        page.write_string(0, x, column.name, head)
        for y, row in enumerate(table.rows, 1):
            _cell(page, y, x, column, row[x], formats[column.kind])
    names, last = [column.name for column in table.columns], max(len(table.rows), 1)
    page.freeze_panes(1, len(PLACE) if table.columns[0] == PLACE[0] else 1)
    page.autofilter(0, 0, last, len(names) - 1)
    if table.rows:  # LibreOffice prints an empty page before a head that comes again over nothing
        page.repeat_rows(0)
    page.print_area(0, 0, len(table.rows), names.index(_PRINTED.get(table.name, names[-1])))
    return page


def _dictionary(tables: tuple[Sheet, ...], words: RubricWords) -> Sheet:
    """What each column of the tables holds."""
    shown = [(one.name, column) for one in tables for column in TABLES[one.name]]
    rows = [(name, one.name, in_words(one.says, words), in_words(KINDS[one.kind], words)) for name, one in shown]
    return Sheet("columns", _COLUMNS, tuple(rows))


def _link_statements(pages: _Pages, page: "Worksheet", scores: Sheet, statements: Sheet) -> None:
    """The id of a value code leads to its statements."""
    first = {row[0]: at for at, row in reversed(list(enumerate(statements.rows, 2)))}
    look = pages.book.add_format({"font_color": "#0b5394", "underline": 1, **_FORMATS["text"]})
    for y, (code, *_) in enumerate(scores.rows, 1):
        if code in first:
            page.write_url(y, 0, f"internal:'statements'!A{first[code]}", look, str(code), "Its statements")


def _statuses(pages: _Pages, page: "Worksheet", actions: Sheet) -> None:
    """A last column to choose the status of each action in."""
    x, last = len(actions.columns), max(len(actions.rows), 1)
    page.set_column(x, x, 14)
    page.write_string(0, x, "status", pages.book.add_format(_HEAD))
    page.data_validation(1, x, last, x, {"validate": "list", "source": list(STATUSES)})
    page.autofilter(0, 0, last, x)
    page.print_area(0, 0, len(actions.rows), x)


def _cell(page: "Worksheet", y: int, x: int, column: Column, cell: Cell, look: Any) -> None:
    if cell is None or cell == "":
        return
    match column.kind:
        case "date":
            page.write_datetime(y, x, datetime.fromisoformat(str(cell)), look)
        case "time":  # which has no zone in Excel: all are UTC
            page.write_datetime(y, x, datetime.fromisoformat(str(cell)).replace(tzinfo=None), look)
        case "index":
            page.write_number(y, x, float(rounded(float(cell), 2)), look)
        case "whole" | "figure":
            page.write_number(y, x, float(cell), look)
        case "yes":
            page.write_boolean(y, x, bool(cell), look)
        case _:
            _text(page, y, x, str(cell), look)


def _text(page: "Worksheet", y: int, x: int, text: str, look: Any) -> None:
    """A cell with a text; one that holds an address is a link to the first, since Excel knows one link a cell."""
    shown, found = _cut(text), addresses(text)
    if found and page.write_url(y, x, found[0], look, shown) == 0:
        return
    page.write_string(y, x, shown, look)


def _cut(text: str) -> str:
    """What a cell of Excel holds, which counts in UTF-16: a letter beyond U+FFFF is two."""
    if len(text) <= LONGEST_CELL // 2 or utf16_units(text) <= LONGEST_CELL:
        return text
    kept = text.encode("utf-16-le")[: 2 * (LONGEST_CELL - len(_CUT))].decode("utf-16-le", errors="ignore")
    return kept + _CUT


def utf16_units(text: str) -> int:
    """How long Excel takes a text to be."""
    return len(text.encode("utf-16-le")) // 2


def _chart(pages: _Pages, report: Report) -> None:
    """A bar for each value code at its score, on one page."""
    from npswidgets.report.pictures import profile

    codes = list(report.codes)
    names = [column.name for column in TABLES["scores"]]
    chart = pages.book.add_chart({"type": "bar"})
    last = max(len(codes), 1)
    series = {
        "name": "Agreed score",
        "categories": ["scores", 1, names.index("value_code"), last, names.index("value_code")],
        "values": ["scores", 1, names.index("score"), last, names.index("score")],
        "data_labels": {"value": True},
        "fill": {"color": report.scale.middle_colour},
        "gap": 60,
    }
    chart.add_series(series)
    chart.set_title({"name": "Agreed scores", "name_font": {"size": 14}})
    chart.set_x_axis({"min": 0, "max": report.scale.highest, "major_unit": 1})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"none": True})
    chart.set_size({"width": 820, "height": 120 + 26 * len(codes)})
    page = pages.add("chart", wide=False)
    page.fit_to_pages(1, 1)
    page.insert_chart(0, 0, chart, {"description": profile(report).alt})
