"""The report as data, for software and spreadsheets: CSV and JSON. What people typed is text, and never a formula."""

import csv
import json
from io import StringIO

from npswidgets.domain.spreadsheets import as_text
from npswidgets.domain.statistics import rounded
from npswidgets.report.columns import Cell, Column
from npswidgets.report.contents import Report, report_to_json
from npswidgets.report.sheets import sheet


def json_report(report: Report) -> str:
    """The report itself, as docs/report.schema.json describes it."""
    value = json.loads(report_to_json(report))
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def csv_report(report: Report) -> str:
    """The scores, a line a value code; each carries workshop, revision and digest of the record.

    A spreadsheet would run text that begins like a formula, and change what looks like a date or a number, so such text
    has a "'" before it. The first character says to Excel that this is UTF-8.
    """
    scores = sheet(report, "scores")
    record = (as_text(report.record.workshop), report.record.revision, report.record.head)
    buffer = StringIO(newline="")
    lines = csv.writer(buffer)
    lines.writerow([*(column.name for column in scores.columns), "workshop", "revision", "digest"])
    for row in scores.rows:
        lines.writerow([*(_written(one, cell) for one, cell in zip(scores.columns, row, strict=True)), *record])
    return "\ufeff" + buffer.getvalue()


def _written(column: Column, cell: Cell) -> Cell:
    if isinstance(cell, float):
        return rounded(cell, 2) if column.kind == "index" else f"{cell:g}"
    return as_text(cell) if isinstance(cell, str) and column.kind not in ("date", "time") else cell
