"""The report as Excel workbook, CSV and JSON, by reading the files back; and that all formats say the same."""

import csv
import json
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import jsonschema
import openpyxl
import pytest
from bs4 import BeautifulSoup
from openpyxl import Workbook
from paths import ROOT
from played import (
    DEPARTMENTS,
    HOSTILE,
    LONG,
    PEOPLE,
    START,
    beginning,
    hostile_events,
    planned_theme,
    reworded,
    sealed,
    theme_codes,
    voted,
    votes,
    workshop_of,
)
from pypdf import PdfReader
from reports import pdf_words, squeezed, word_table

from npswidgets.domain.events import NoteWritten, Vote, Words, WorkshopSealed
from npswidgets.report.contents import Report, report_from_json, report_schema
from npswidgets.report.html import html_page
from npswidgets.report.make import make_report
from npswidgets.report.pdf import pdf_report
from npswidgets.report.phrases import typed
from npswidgets.report.slides import slides_page
from npswidgets.report.tables import csv_report, json_report
from npswidgets.report.word import word_report
from npswidgets.report.workbook import LONGEST_CELL, excel_report

pytestmark = pytest.mark.slow

SCHEMA = ROOT / "docs" / "report.schema.json"


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report(workshop_of(planned_theme()), START)


@pytest.fixture(scope="module")
def hostile() -> Report:
    return make_report(workshop_of(list(hostile_events())), START)


def book_of(report: Report) -> Workbook:
    return openpyxl.load_workbook(BytesIO(excel_report(report)))


def rows_of(book: Workbook, sheet: str) -> list[dict[str, Any]]:
    head, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def csv_rows(report: Report) -> list[dict[str, str]]:
    text = csv_report(report)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_workbook_has_a_sheet_for_each_table_with_filters_and_frozen_heads(report: Report) -> None:
    book = book_of(report)
    tables = ["scores", "rounds", "votes", "actions", "statements", "panel", "times", "columns"]
    assert book.sheetnames == ["about", *tables, "chart"]
    for name in tables:
        assert book[name].freeze_panes == ("B2" if name in ("panel", "columns") else "E2")
        assert book[name].auto_filter.ref
    assert len(book["chart"]._charts) == 1


def test_the_cells_of_the_workbook_are_typed(report: Report) -> None:
    book = book_of(report)
    reporting = next(row for row in rows_of(book, "scores") if row["code"] == "reporting")
    assert (reporting["score"], reporting["target"], reporting["priority"]) == (2, 4, 8)
    assert (reporting["median"], reporting["consensus"], reporting["agreement"]) == (2, 0.75, 0.67)
    assert reporting["comment"] == "Scrutiny gets reports when a decision is due."
    (champions,) = [row for row in rows_of(book, "actions") if row["what"] == "Ask for a champion"]
    assert champions["due"] == datetime(2026, 4, 30)  # noqa: DTZ001  # a cell of Excel has no time zone


def test_the_workbook_prints_one_page_wide_with_its_heads_on_each_page(report: Report) -> None:
    book = book_of(report)
    for page in book.worksheets:
        assert (page.page_setup.paperSize, page.page_setup.fitToWidth or 1) == (9, 1)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToHeight == (None if page.title == "chart" else 0)  # None stands for one page
    for page in book.worksheets[1:-1]:
        assert page.print_title_rows == "$1:$1"
        assert page.page_setup.orientation == "landscape"
    assert "$K$" in book["scores"].print_area


def test_a_value_code_leads_to_its_statements(report: Report) -> None:
    book = book_of(report)
    for row in book["scores"].iter_rows(min_row=2, max_col=1):
        sheet, cell = row[0].hyperlink.location.split("!")
        assert sheet.strip("'") == "statements"
        assert book["statements"][cell].value == row[0].value
        assert book["statements"].cell(book["statements"][cell].row - 1, 1).value != row[0].value


def test_the_status_of_an_action_is_chosen_from_a_list(report: Report) -> None:
    page = book_of(report)["actions"]
    assert page.cell(1, page.max_column).value == "status"
    (choice,) = page.data_validations.dataValidation
    assert choice.formula1 == '"not started,under way,done,dropped"'


def test_numbers_are_numbers_in_json(report: Report) -> None:
    code = json.loads(json_report(report))["themes"][0]["key_areas"][0]["codes"][1]
    figures = code["rounds"][-1]["figures"]
    assert (figures["median"], figures["q1"], figures["q3"], figures["iqr"]) == (2.0, 2.0, 3.0, 1.0)
    assert figures["consensus"] == pytest.approx(0.751, abs=0.001)
    assert all(isinstance(value, float) for value in figures.values())


def test_votes_are_counts_for_each_round_and_answer(report: Report) -> None:
    votes = [row for row in rows_of(book_of(report), "votes") if row["code"] == "reporting" and row["round"] == 2]
    assert [(row["answer"], row["people"]) for row in votes] == [
        ("1", 1), ("2", 8), ("3", 5), ("4", 1), ("5", 0),
        ("I don't know", 2), ("Not part of my role", 1), ("No answer", 0),
    ]  # fmt: skip


def test_the_workbook_holds_all_statements_and_says_where_it_comes_from(report: Report) -> None:
    book = book_of(report)
    wanted = [text for _, _, code in report.codes for level in code.levels for text in level.statements]
    assert [row["statement"] for row in rows_of(book, "statements")] == wanted
    about = {row[0]: row[1] for row in book["about"].iter_rows(values_only=True)}
    assert about["Digest (SHA-256)"] == report.record.head
    assert about["Title"] == report.title
    assert (book.properties.title, book.properties.creator) == (report.title, report.council)


def test_each_line_of_the_csv_carries_its_record(report: Report) -> None:
    rows = csv_rows(report)
    assert [row["code"] for row in rows] == [code.id for _, _, code in report.codes]
    assert {(row["workshop"], row["digest"]) for row in rows} == {(report.record.workshop, report.record.head)}


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_text_that_begins_like_a_formula_is_text_everywhere(start: str) -> None:
    begin = f'{start}HYPERLINK("http://a.example","press")'
    events = [event for event in hostile_events() if not isinstance(event, WorkshopSealed)]
    report = make_report(workshop_of([_with_comment(event, begin) for event in events]), START)
    book = book_of(report)
    row = rows_of(book, "scores")[0]
    assert row["comment"] == begin
    assert {cell.data_type for line in book["scores"].iter_rows() for cell in line} <= {"s", "n", "d"}
    assert csv_rows(report)[0]["comment"] == f"'{begin}"


def _with_comment(event: Any, text: str) -> Any:
    return replace(event, words=Words(text)) if isinstance(event, NoteWritten) else event


def test_hostile_words_are_read_back_from_the_tables(hostile: Report) -> None:
    book = book_of(hostile)
    first = rows_of(book, "scores")[0]
    assert first["comment"] == csv_rows(hostile)[0]["comment"] == typed(HOSTILE + LONG)
    (action,) = rows_of(book, "actions")
    assert action["what"] == typed(f"Action {HOSTILE}")
    assert report_from_json(json_report(hostile)) == hostile


def test_what_a_cell_of_excel_cannot_hold_is_cut_and_says_so() -> None:
    events = [_with_comment(event, "y" * 40_000) for event in hostile_events()]
    comment = rows_of(book_of(make_report(workshop_of(events), START)), "scores")[0]["comment"]
    assert len(comment) == LONGEST_CELL
    assert comment.endswith("(cut: a cell of Excel holds no more)")


def test_the_published_schema_is_that_of_the_report(report: Report) -> None:
    published = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert published == report_schema(), "make it again: see docs/exports.md"
    jsonschema.Draft202012Validator(published).validate(json.loads(json_report(report)))


def test_no_person_and_no_department_is_in_the_tables(report: Report) -> None:
    inside = ZipFile(BytesIO(excel_report(report)))
    texts = [csv_report(report), json_report(report), *(inside.read(name).decode() for name in inside.namelist())]
    assert not [name for name in (*PEOPLE, *DEPARTMENTS) for text in texts if name in text]


@dataclass(frozen=True)
class Said:
    """What a format says of the last vote on a value code, and of its score."""

    score: str
    verdict: str
    median: str
    iqr: str
    consensus: str
    agreement: str


def test_all_formats_agree_to_the_digit(report: Report) -> None:
    page, word = BeautifulSoup(html_page(report), "html.parser"), word_report(report)
    pdf = pdf_words(PdfReader(BytesIO(pdf_report(report))))
    excel = {row["code"]: row for row in rows_of(book_of(report), "scores")}
    table = {row["code"]: row for row in csv_rows(report)}
    voted = [code for _, _, code in report.codes if code.rounds]
    assert len(voted) == 12
    for code in voted:
        last = code.rounds[-1]
        assert last.figures is not None
        one = last.figures
        figures = (one.median_text, one.iqr_text, one.consensus_text, one.agreement_text)
        expected = Said(code.score_text, last.verdict, *figures)
        assert _in_page(page, code.id) == expected
        assert _in_word(word, code.name, code.score_text) == expected
        assert _in_row(table[code.id]) == expected
        assert _in_row(excel[code.id] | _as_shown(excel[code.id])) == expected
        row = (last.name, last.verdict, last.sentence, one.median_text, one.middle_half, *figures[1:])
        assert squeezed("".join(row)) in pdf


@pytest.fixture(scope="module")
def by_department() -> Report:
    """Two value codes in a workshop that chose to show departments; on the first, many of one do not know."""
    first, *opening = beginning(["reporting", "councillor-development"])
    care, finance, highways = DEPARTMENTS
    unsure = [Vote("dont_know", care)] * 4
    cast = [
        (
            *votes(0, 3, 3, department=care),
            *unsure,
            *votes(0, 0, 2, 4, department=finance),
            *votes(1, department=highways),
        ),
        (*votes(2, 3, department=care), *votes(0, 4, 2, department=finance)),
    ]
    told = [event for code, one in zip(theme_codes()[1:], cast, strict=False) for event in voted(code, one)]
    chosen = replace(first, departments_in_reports=True)  # type: ignore[type-var]
    return make_report(workshop_of([chosen, *opening, *told]), START)


def test_all_formats_agree_on_departments_and_on_who_does_not_know(by_department: Report) -> None:
    report = by_department
    page, word = BeautifulSoup(html_page(report), "html.parser"), word_report(report)
    pdf = pdf_words(PdfReader(BytesIO(pdf_report(report))))
    reporting, development = (code for _, _, code in report.codes)
    assert [line.name for line in reporting.departments] == ["Adult social care", "Other departments and roles"]
    for code in (reporting, development):
        expected = [[line.name, *map(str, line.counts), str(line.middle)] for line in code.departments]
        name = f"Last vote by department: {code.name}"
        assert _page_rows(page, name) == word_table(word, name)[1:] == expected
        assert squeezed("".join(expected[0])) in pdf
    unsure = [
        [one.name, str(one.value_codes), f"{one.dont_know} of {one.answers}", one.share_text, one.most or "–"]
        for one in report.unsure_departments
    ]
    assert unsure[0] == ["Adult social care", "2", "4 of 15", "27%", "Reporting"]
    name = "What departments do not know"
    assert _page_rows(page, name) == word_table(word, name)[1:] == unsure
    rows = rows_of(book_of(report), "departments")
    assert [row["people"] for row in rows if row["code"] == "reporting"] == [
        people for line in reporting.departments for people in line.counts
    ]


def test_all_formats_agree_on_an_earlier_workshop_and_on_the_radar() -> None:
    workshop = workshop_of(planned_theme())
    earlier = reworded(sealed("2025-03-example", 1, 2, None, 4), "reporting")
    report = make_report(workshop, START, earlier=earlier, radar=True)
    page, word = BeautifulSoup(html_page(report), "html.parser"), word_report(report)
    pdf = pdf_words(PdfReader(BytesIO(pdf_report(report))))
    assert report.earlier
    assert report.earlier.sentence.endswith(
        "Of 3 scores, 1 higher, 1 lower and 1 the same. "
        "On 1 value code the wording changed: a difference may come from that."
    )
    codes = [code for _, _, code in report.codes]
    assert [(one.score, one.text, one.changes) for one in (code.earlier for code in codes[:4]) if one] == [
        (1, "1 Minimum", ""),
        (2, "2 Developing", "wording changed"),
        (None, "(not applicable: No)", ""),
        (4, "4 Leader", ""),
    ]
    assert codes[4].earlier is None
    cells = [
        "\n".join(filter(None, (one.text, one.changes))) if one else "–" for one in (code.earlier for code in codes)
    ]
    assert [row[2] for row in word_table(word, "Agreed scores")[1:]] == cells
    assert [list(row.select("td")[1].stripped_strings)[1:] for row in page.select(".scores tr:has(td)")] == [
        cell.split("\n") for cell in cells
    ]
    for rows in (rows_of(book_of(report), "scores"), csv_rows(report)):
        found = [(row["earlier_score"] or None, row["earlier_changes"] or "") for row in rows][:2]
        assert [(int(score or 0), changes) for score, changes in found] == [(1, ""), (2, "wording changed")]
    weakest = [[one.key_area, str(one.score or "–"), str(one.target or "–")] for one in report.radar]
    assert weakest[:2] == [["Engaging Councillors", "2", "3"], ["Engaging senior managers", "1", "4"]]
    name = "The weakest score of each key area"
    assert _page_rows(page, name) == word_table(word, name)[1:] == weakest
    assert name in BeautifulSoup(slides_page(report), "html.parser").text
    for text in (report.earlier.sentence, report.earlier.head, *("".join(row) for row in weakest), *cells):
        assert squeezed(text) in pdf
    assert report_from_json(json_report(report)) == report


def test_all_formats_agree_on_all_votes_in_figures(report: Report) -> None:
    page, word = BeautifulSoup(html_page(report), "html.parser"), word_report(report)
    expected = [
        [code.name, one.name, *map(str, (*one.counts, one.dont_know, one.not_my_role, one.absent))]
        for _, _, code in report.codes
        for one in code.rounds
    ]
    assert word_table(word, "All votes in figures")[1:] == expected
    shown = [
        [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in page.select(".appendix tbody tr")
    ]
    assert shown == expected
    people = [row["people"] for row in rows_of(book_of(report), "votes")]
    assert people == [int(text) for row in expected for text in row[2:]]


def _page_rows(page: BeautifulSoup, name: str) -> list[list[str]]:
    """The rows of the table with this caption, without the heads that stand in them on a narrow page."""
    table = page.find("caption", string=name).find_parent("table")  # type: ignore[union-attr]
    cells = [row.find_all(["th", "td"]) for row in table.select("tbody tr")]  # type: ignore[union-attr]
    return [[list(cell.stripped_strings)[-1] for cell in row] for row in cells]


def _in_page(page: BeautifulSoup, code: str) -> Said:
    article: Any = page.find(id=f"code-{code}").find_parent("article")  # type: ignore[union-attr]
    cells = article.select(".figures tbody tr")[-1].find_all("td")
    texts = [list(cell.stripped_strings)[-1] for cell in cells[1:]]
    score = article.select_one(".said .score").get_text(strip=True)
    return Said(score, cells[0].strong.text, texts[0], texts[2], texts[3], texts[4])


def _in_word(word: bytes, name: str, score_text: str) -> Said:
    *_, last = word_table(word, f"Votes in words and figures: {name}")
    marked = next(row for row in word_table(word, f"Statements and votes: {name}") if row[0].endswith("Agreed score"))
    assert marked[0].startswith(score_text)
    return Said(score_text, last[1].split("\n")[0], last[2], last[4], last[5], last[6])


def _in_row(row: dict[str, Any]) -> Said:
    return Said(*(row[name] for name in ("score_text", "verdict", "median", "iqr", "consensus", "agreement")))


def _as_shown(row: dict[str, Any]) -> dict[str, str]:
    """The numbers as Excel shows them in these columns."""
    plain = {name: f"{row[name]:g}" for name in ("median", "iqr")}
    return plain | {name: f"{row[name]:.2f}" for name in ("consensus", "agreement")}
