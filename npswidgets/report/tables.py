"""The report for programs and spreadsheets: Excel, CSV and JSON. What people typed is text, and never a formula."""

import csv
import json
from datetime import datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from npswidgets.report.addresses import addresses
from npswidgets.report.contents import Report, report_to_json
from npswidgets.report.sheets import Column, Kind, Sheet, scores_sheet, sheets

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LONGEST_CELL = 32_767
"""UTF-16 units that Excel holds in a cell."""

_CUT = " … (cut: a cell of Excel holds no more)"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FORMATS: dict[Kind, dict[str, Any]] = {
    "text": {"text_wrap": True, "valign": "top"},
    "whole": {"num_format": "0", "valign": "top"},
    "figure": {"num_format": "General", "valign": "top"},
    "index": {"num_format": "0.00", "valign": "top"},
    "date": {"num_format": "d mmm yyyy", "align": "left", "valign": "top"},
}


def json_report(report: Report) -> str:
    """The report itself, as docs/report.schema.json describes it."""
    value = json.loads(report_to_json(report))
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def csv_report(report: Report) -> str:
    """The scores, a line a value code; each carries workshop, revision and digest of the record.

    A spreadsheet would run text that begins like a formula, so such text has a "'" before it. The first character says
    to Excel that this is UTF-8.
    """
    sheet = scores_sheet(report)
    record = (report.record.workshop, report.record.revision, report.record.head)
    buffer = StringIO(newline="")
    lines = csv.writer(buffer)
    lines.writerow([*(column.name for column in sheet.columns), "workshop", "revision", "digest"])
    for row in sheet.rows:
        pairs = zip(sheet.columns, row, strict=True)
        lines.writerow([*(_harmless(cell) if one.kind == "text" else cell for one, cell in pairs), *record])
    return "\ufeff" + buffer.getvalue()


def excel_report(report: Report) -> bytes:
    """A workbook with a sheet about the workshop, one for each table, and the scores as a chart of Excel."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(buffer, options) as book:
        made = datetime.fromisoformat(report.made_on)
        book.set_properties({"title": report.title, "author": report.council, "created": made})
        _about(book, report)
        for sheet in sheets(report):
            _sheet(book, sheet)
        _chart(book, report)
    return buffer.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _about(book: "Workbook", report: Report) -> None:
    """What the first page of the report says, and how to check the record."""
    page = book.add_worksheet("about")
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 100)
    strong, wrapped = book.add_format({"bold": True, "valign": "top"}), book.add_format(_FORMATS["text"])
    rows = [("Council", report.council), ("Title", report.title), *((one.label, one.text) for one in report.facts)]
    rows += [("Report made on", report.made), ("Revision", str(report.record.revision))]
    rows += [("Digest (SHA-256)", report.record.head), ("Record", report.record.sentence)]
    rows += [("Source", report.source.credit)]
    for at, (label, text) in enumerate(rows):
        page.write_string(at, 0, label, strong)
        _text(page, at, 1, text, wrapped)


def _sheet(book: "Workbook", sheet: Sheet) -> None:
    """A table whose heads stay in sight, with filters."""
    page = book.add_worksheet(sheet.name)
    head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
    formats = {kind: book.add_format(given) for kind, given in _FORMATS.items()}
    for x, column in enumerate(sheet.columns):
        page.set_column(x, x, column.width)
        page.write_string(0, x, column.name, head)
        for y, row in enumerate(sheet.rows, 1):
            _cell(page, y, x, column, row[x], formats[column.kind])
    page.freeze_panes(1, 4)
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)


def _cell(page: "Worksheet", y: int, x: int, column: Column, cell: str | int | None, look: Any) -> None:
    if cell is None or cell == "":
        return
    if column.kind == "text":
        _text(page, y, x, str(cell), look)
    elif column.kind == "date":
        page.write_datetime(y, x, datetime.fromisoformat(str(cell)), look)
    else:
        page.write_number(y, x, float(cell), look)


def _text(page: "Worksheet", y: int, x: int, text: str, look: Any) -> None:
    """A cell with a text; one that holds an address is a link to the first, since Excel knows one link a cell."""
    shown, found = _cut(text), addresses(text)
    if found and page.write_url(y, x, found[0], look, shown) == 0:
        return
    page.write_string(y, x, shown, look)


def _cut(text: str) -> str:
    """What a cell of Excel holds, which counts in UTF-16: a letter beyond U+FFFF is two."""
    if len(text) <= LONGEST_CELL // 2 or _units(text) <= LONGEST_CELL:
        return text
    kept = text.encode("utf-16-le")[: 2 * (LONGEST_CELL - len(_CUT))].decode("utf-16-le", errors="ignore")
    return kept + _CUT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _chart(book: "Workbook", report: Report) -> None:
    """A bar for each value code at its score."""
    from npswidgets.report.pictures import profile

    codes = list(report.codes)
    names = [column.name for column in scores_sheet(report).columns]
    chart = book.add_chart({"type": "bar"})
    last = max(len(codes), 1)
    series = {
        "name": "Agreed score",
        "categories": ["scores", 1, names.index("value_code"), last, names.index("value_code")],
        "values": ["scores", 1, names.index("score"), last, names.index("score")],
        "data_labels": {"value": True},
        "fill": {"color": "#355f8d"},
        "gap": 60,
    }
    chart.add_series(series)
    chart.set_title({"name": "Agreed scores", "name_font": {"size": 14}})
    chart.set_x_axis({"min": 0, "max": 5, "major_unit": 1})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"none": True})
    chart.set_size({"width": 820, "height": 120 + 26 * len(codes)})
    book.add_worksheet("chart").insert_chart(0, 0, chart, {"description": profile(report).alt})
