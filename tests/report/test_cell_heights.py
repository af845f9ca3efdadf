"""Rows of the Excel workbook are as high as their texts, since LibreOffice prints them as they are."""

import doctest
from io import BytesIO
from textwrap import wrap

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from played import START, agreed, beginning, planned_theme, scored, theme_codes, whole_diagnostic, workshop_of

from npswidgets.domain.events import Event
from npswidgets.report import cell_heights
from npswidgets.report.cell_heights import HIGHEST, LINE, height
from npswidgets.report.make import make_report
from npswidgets.report.workbook import excel_report

LONG = "Ask everybody who buys for the council what they need, and by when they need it. " * 6


def sheets(events: list[Event]) -> list[Worksheet]:
    made = excel_report(make_report(workshop_of(events), START))
    return load_workbook(BytesIO(made)).worksheets[:-1]  # the last one holds the chart


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(cell_heights).failed == 0


def test_each_row_has_a_line_for_each_line_of_its_texts() -> None:
    first = theme_codes()[0]
    noted = [*beginning([first]), scored(first, 2), agreed(first, LONG, "An owner\nand another", "2026-09-30")]
    for page in [one for events in (planned_theme(), noted) for one in sheets(events)]:
        columns = page.column_dimensions.values()
        widths = {at: int(one.width) for one in columns for at in range(one.min, one.max + 1)}
        for number, row in enumerate(page.iter_rows(values_only=True), 1):
            lines = [needed(text, widths[at]) for at, text in enumerate(row, 1) if isinstance(text, str)]
            assert (page.row_dimensions[number].height or LINE) >= min(HIGHEST, LINE * max(lines, default=1))


def test_a_time_or_a_name_takes_one_line_and_no_rule_is_over_the_first_row() -> None:
    pages = {page.title: page for page in sheets(planned_theme())}
    for name, column in (("votes", "vote"), ("times", "opened_at")):
        heads, *rows = pages[name].iter_rows()
        place = next(at for at, head in enumerate(heads) if head.value == column)
        assert all(head.fill.fill_type == "solid" and not head.border.bottom.style for head in heads)
        short = [row for row in rows if row[0].value == "reporting" and row[place].value]
        assert short
        assert {pages[name].row_dimensions[row[0].row].height for row in short} == {None}, name


def needed(text: str, width: int) -> int:
    return sum(len(wrap(line, width)) or 1 for line in text.split("\n"))


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 1), ("a" * 20, 2), ("wide 漢字漢字 words", 3), ("one\n\ntwo", 3), ("a\tb", 1), (LONG * 99, HIGHEST / LINE)],
)
def test_a_row_is_as_high_as_its_text(text: str, lines: float) -> None:
    assert height([text, ""], [12, 12]) == LINE * lines


def test_a_table_without_rows_prints_its_head_alone() -> None:
    """LibreOffice printed an empty page before a head that comes again over nothing."""
    (actions,) = [one for one in sheets([*beginning(theme_codes())]) if one.title == "actions"]
    assert actions.print_title_rows is None
    assert actions.print_area.endswith("$1")
    assert all(one.print_title_rows for one in sheets(whole_diagnostic()) if one.title in ("scores", "votes"))
