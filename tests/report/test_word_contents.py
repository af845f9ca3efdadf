"""Contents and links of a Word file: each leads to a heading of that name, before anybody has updated anything."""

from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from played import finished_theme, planned_theme, workshop_of

from npswidgets.report.contents import Report
from npswidgets.report.layout import Cell, Document, Facts, Heading, Table, on_paper
from npswidgets.report.layout_report import report_document
from npswidgets.report.layout_response import response_document
from npswidgets.report.make import make_report
from npswidgets.report.word import to_word

LINK, NAME = qn("w:anchor"), qn("w:name")


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report(workshop_of(planned_theme()))


def body(document: Document) -> Any:
    return docx.Document(BytesIO(to_word(document))).element.body


def text(element: Any) -> str:
    return "".join(part.text or "" for part in element.iter(qn("w:t")))


def headings(file: Any) -> dict[str, str]:
    """The names of the places in a file, with the headings that they are at."""
    return {start.get(NAME): text(start.getparent()) for start in file.iter(qn("w:bookmarkStart"))}


def entries(file: Any) -> list[tuple[str, str]]:
    """The lines of the contents: style and text."""
    found = [(paragraph.style, paragraph) for paragraph in file.iter(qn("w:p"))]
    return [(style, text(one)) for style, one in found if style and style.startswith("TOC") and style[3:].isdigit()]


@pytest.mark.parametrize("made", [report_document, response_document])
def test_the_contents_of_a_word_file_are_those_of_the_pdf(report: Report, made: Any) -> None:
    document = made(report)
    listed = [one for one in on_paper(document.blocks) if isinstance(one, Heading) and one.listed and one.level < 3]
    assert entries(body(document)) == [(f"TOC{one.level}", one.text) for one in listed]
    assert len(listed) > 10


@pytest.mark.parametrize("made", [report_document, response_document])
def test_each_link_in_a_word_file_leads_to_a_heading_with_its_words(report: Report, made: Any) -> None:
    file = body(made(report))
    places = headings(file)
    links = [(text(link), link.get(LINK)) for link in file.iter(qn("w:hyperlink")) if link.get(LINK)]
    assert [words for words, place in links if places.get(place) != words] == []
    assert len(links) > 10
    assert all(len(name) <= 40 and name.isascii() and name.lstrip("_").isalnum() for name in places)
    assert len(places) == len({start.get(qn("w:id")) for start in file.iter(qn("w:bookmarkStart"))})


def test_the_contents_are_a_field_that_word_can_make_again_and_that_ends() -> None:
    file = body(report_document(make_report(workshop_of(finished_theme()))))
    marks = [mark.get(qn("w:fldCharType")) for mark in file.iter(qn("w:fldChar"))]
    assert marks == ["begin", "separate", "end"]
    (order,) = file.iter(qn("w:instrText"))
    assert order.text.split()[:3] == ["TOC", "\\o", '"1-2"']


def test_a_value_code_in_a_table_leads_to_its_part_and_only_where_there_is_one() -> None:
    def cells(to: str) -> Table:
        cell = Cell("Reporting & more", below="https://example.org", in_brackets=True, to=to)
        return Table("A table", ("a",), ((cell,),), (1,))

    blocks = (Heading(1, "Reporting & more", anchor="code-1"), cells("code-1"), cells("nowhere"))
    file = body(Document("A title", "A council", "2026-03-12", "The foot", Facts(()), blocks, contents=False))
    first, second = ([text(one) for one in table.iter(qn("w:p"))] for table in file.iter(qn("w:tbl")))
    assert first == second
    inner = [text(link) for link in file.iter(qn("w:hyperlink")) if link.get(LINK)]
    assert inner == ["Reporting & more"]
    assert entries(file) == []
