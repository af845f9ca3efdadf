"""What people type is data, in every field and every format: it is read back as it was typed, and does nothing."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO, StringIO

import openpyxl
import pytest
from bs4 import BeautifulSoup
from played import (
    DEPARTMENTS,
    HOSTILE,
    LONG,
    PEOPLE,
    SESSION,
    START,
    agreed,
    beginning,
    scored,
    theme_codes,
    voted,
    votes,
    workshop_of,
    written,
)
from pypdf import PdfReader
from reports import may_run, pdf_words, squeezed, word_texts

from npswidgets.domain.events import (
    ActionChanged,
    DepartmentChanged,
    Event,
    ReasonShown,
    SessionClosed,
    SessionPlanned,
    TargetSet,
    Words,
    WorkshopCreated,
    WorkshopReopened,
    WorkshopSealed,
)
from npswidgets.report.contents import Report
from npswidgets.report.formats import DOCUMENT_FORMATS, FORMATS
from npswidgets.report.layout_response import response_document
from npswidgets.report.make import make_report
from npswidgets.report.phrases import one_line, typed

pytestmark = pytest.mark.slow

ONE_LINE = ("council", "title", "session", "owner", "changed owner", "role")
LINES = ("comment", "different view", "evidence", "not applicable", "reason above", "what", "done when", "changed what")
UNSEEN = ("department", "reason of reopening", "reason of a vote")
"""These are in no report."""


def said(field: str, end: str = LONG) -> str:
    """What somebody types into a field: all that does harm somewhere, and 10,000 letters."""
    return f"Field {field}: {HOSTILE} {end}"


def events(end: str = LONG) -> Iterator[Event]:
    """A workshop in which every field was typed so."""
    above, absent, *_ = codes = theme_codes()[:3]
    opening = list(beginning(codes, council=said("council", end), title=said("title", end)))
    assert isinstance(opening[0], WorkshopCreated)
    yield replace(opening[0], departments=(said("department", end), "Finance"))
    assert isinstance(opening[1], SessionPlanned)
    yield replace(opening[1], title=said("session", end))
    yield opening[2]
    yield from (replace(one, department=said("department", end)) for one in opening[3:])  # type: ignore[call-arg]
    yield DepartmentChanged(SESSION, PEOPLE[0], said("department", end))
    yield from voted(above, votes(0, 6, 9, 1, 0))
    yield ReasonShown(SESSION, above, 1, Words(said("reason of a vote", end)))
    notes = {kind: said(kind.replace("_", " "), end) for kind in ("comment", "different_view", "evidence")}
    yield from written(above, **notes)
    yield scored(above, 3, said("reason above", end))
    yield TargetSet(SESSION, above, 4)
    yield agreed(above, said("what", end), said("owner", end), "2026-04-30", said("done when", end))
    changed = agreed(absent, said("what", end), said("owner", end))
    yield changed
    words = Words(said("changed what", end)), Words(said("changed owner", end))
    yield ActionChanged(SESSION, absent, changed.action, *words)  # type: ignore[attr-defined]
    yield scored(absent, None, said("not applicable", end))
    yield scored(codes[2], 2)
    yield SessionClosed(SESSION)
    yield WorkshopSealed(1, Words("Somebody"))
    yield WorkshopReopened(Words(said("reason of reopening", end)))
    yield WorkshopSealed(2, Words(said("role", end)))


def made_of(report: Report) -> dict[str, bytes]:
    """Every format of the report, and of the response report."""
    made = {name: format_.made(report) for name, format_ in FORMATS.items() if format_.made}
    response = response_document(report)
    made |= {f"response.{name}": DOCUMENT_FORMATS[name](response) for name in ("html", "docx")}
    return {name: one.encode() if isinstance(one, str) else one for name, one in made.items()}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """All formats but PDF, which pypdf would read for minutes."""
    made = made_of(make_report(workshop_of(list(events())), START))
    return {name: file for name, file in made.items() if not file.startswith(b"%PDF")}


@pytest.fixture(scope="module")
def pdfs() -> dict[str, str]:
    """The words of each PDF, from fields that are not as long."""
    made = made_of(make_report(workshop_of(list(events("the end"))), START))
    return {name: pdf_words(PdfReader(BytesIO(file))) for name, file in made.items() if file.startswith(b"%PDF")}


def expected(*fields: str) -> list[str]:
    return [one_line(said(field)) if field in ONE_LINE else typed(said(field)) for field in fields]


def texts(name: str, file: bytes) -> str:
    """All that people read in a file."""
    kind = name.rpartition(".")[2]
    if kind in ("html", "slides"):
        return BeautifulSoup(file, "html.parser").get_text()
    if kind == "docx":
        return "\n".join(word_texts(file))
    if kind == "xlsx":
        book = openpyxl.load_workbook(BytesIO(file))
        return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    if kind == "csv":
        rows = csv.reader(StringIO(file.decode("utf-8-sig"), newline=""))
        return "\n".join(cell for row in rows for cell in row)
    return "\n".join(strings(json.loads(file)))


def strings(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)
    else:
        yield str(value)


@pytest.mark.parametrize("name", ["html", "docx", "xlsx", "json"])
def test_every_field_is_read_back_as_it_was_typed(files: dict[str, bytes], name: str) -> None:
    words = texts(name, files[name])
    wanted = expected(*ONE_LINE, *LINES)
    if name == "xlsx":  # it says how many sessions there were, and not their titles
        wanted.remove(one_line(said("session")))
    assert [one[:30] for one in wanted if one not in words] == []


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("csv", ("comment", "different view", "evidence", "not applicable", "reason above")),
        ("response.html", ("council", "comment", "not applicable")),
        ("response.docx", ("council", "comment", "not applicable")),
    ],
)
def test_what_a_format_says_is_what_was_typed(files: dict[str, bytes], name: str, fields: tuple[str, ...]) -> None:
    words = texts(name, files[name])
    assert [one[:30] for one in expected(*fields) if one not in words] == []


@pytest.mark.parametrize("name", ["pdf", "summary", "response"])
def test_words_are_no_markup_in_a_pdf(pdfs: dict[str, str], name: str) -> None:
    plain = ("<script>alert('x')</script>", "**bold**", "$x^2$", "*strong*", "@none", "#panic()", "=1+1", "😀", "אבג")
    assert [part for part in plain if squeezed(part) not in pdfs[name]] == []


def test_every_field_is_in_the_pdf(pdfs: dict[str, str]) -> None:
    assert [field for field in (*ONE_LINE, *LINES) if squeezed(f"Field {field}:") not in pdfs["pdf"]] == []


@pytest.mark.parametrize("name", ["html", "slides", "response.html"])
def test_nothing_runs_in_a_page(files: dict[str, bytes], name: str) -> None:
    soup = BeautifulSoup(files[name], "html.parser")
    assert not may_run(soup)
    assert not [tag for tag in soup.find_all(True) if any(attribute.startswith("on") for attribute in tag.attrs)]
    assert not [link for link in soup.find_all("a", href=True) if not link["href"].startswith("#")]
    assert all(image["src"].startswith("data:") for image in soup.find_all("img"))


def test_what_no_report_says_is_in_no_file(files: dict[str, bytes], pdfs: dict[str, str]) -> None:
    words = {name: texts(name, file) for name, file in files.items()} | pdfs
    assert not [
        (name, field) for name in words for field in UNSEEN if squeezed(f"Field {field}") in squeezed(words[name])
    ]


def test_no_file_holds_a_control_character(files: dict[str, bytes], pdfs: dict[str, str]) -> None:
    words = {name: texts(name, file) for name, file in files.items()} | pdfs
    assert not [name for name in words if any(one < " " and one not in "\n\r\t" for one in words[name])]


def test_the_name_of_a_department_is_data_where_reports_may_show_it() -> None:
    names = [f"Field {one}: {HOSTILE}" for one in ("first", "second")]
    opening, *rest = beginning(theme_codes()[:1])
    chosen = replace(opening, departments=(*names, *DEPARTMENTS), departments_in_reports=True)  # type: ignore[type-var]
    cast = [vote for name in names for vote in votes(0, 3, 3, department=name)]
    report = make_report(workshop_of([chosen, *rest, *voted(theme_codes()[0], tuple(cast))]), START)
    made = made_of(report)
    for name in ("html", "docx", "xlsx", "json"):
        assert [one[:20] for one in map(one_line, names) if one not in texts(name, made[name])] == [], name
    words = pdf_words(PdfReader(BytesIO(made["pdf"])))
    assert [one for one in ("Field first:", "Field second:", "#panic()", "$x^2$") if squeezed(one) not in words] == []
    for name in ("html", "slides"):
        soup = BeautifulSoup(made[name], "html.parser")
        assert not [*may_run(soup), *soup.find_all("img")]
    assert not [name for name in ("slides", "csv", "summary") if b"Field first" in made[name]]
