"""Addresses that people typed: links in every format, and words that can be copied."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import docx
import openpyxl
import pytest
from bs4 import BeautifulSoup
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from played import finished_theme, workshop_of
from pypdf import PdfReader
from reports import word_texts

from npswidgets.report.addresses import addresses, pieces
from npswidgets.report.contents import Report
from npswidgets.report.html import html_page, to_html
from npswidgets.report.layout import Bullets, Document, Facts, Paragraph, Table
from npswidgets.report.layout_response import response_document
from npswidgets.report.make import make_report
from npswidgets.report.pdf import to_pdf
from npswidgets.report.word import to_word
from npswidgets.report.workbook import LONGEST_CELL, excel_report

pytestmark = pytest.mark.slow

PAGE = "https://example.org/procurement/strategy(2026)?part=2&all=yes#aims"
MAIL = "mailto:procurement@example.org"
TYPED = f"See {PAGE}, or write to {MAIL}."
LONG_WORD = "5dd408aa11ad4a381ef2b5ed0bf3c626c81cc4171c0538e92b9e10b0fef9f4a0" * 3
FIELDS = ("comment", "different_view", "evidence", "case_study", "reason_above")


def document(*texts: str) -> Document:
    """Each text as each kind of block."""
    rows = tuple((text,) for text in texts)
    facts = Facts(tuple(("Label", text) for text in texts))
    blocks = (*map(Paragraph, texts), Bullets(texts), facts, Table("A table", ("Head",), rows, (1,)))
    return Document("A title", "A council", "2026-03-12", "The foot", Facts(()), blocks, contents=False)


def report_that_says(text: str) -> Report:
    report = make_report(workshop_of(finished_theme()), datetime(2026, 3, 12, tzinfo=UTC))
    theme, *themes = report.themes
    area, *areas = theme.key_areas
    code = replace(area.codes[0], **dict.fromkeys(FIELDS, text))
    area = replace(area, codes=(code, *area.codes[1:]))
    return replace(report, themes=(replace(theme, key_areas=(area, *areas)), *themes))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TYPED, [PAGE, MAIL]),
        ("(see https://example.org/a_(b))", ["https://example.org/a_(b)"]),
        ("https://example.org/a.", ["https://example.org/a"]),
        ("HTTP://EXAMPLE.ORG/A", ["HTTP://EXAMPLE.ORG/A"]),
        ("„https://example.org”", ["https://example.org"]),
        ("<https://example.org/>", ["https://example.org/"]),
        ("https://example.org/gwasanaeth/caffaël", ["https://example.org/gwasanaeth/caffaël"]),
        ("javascript:alert(1) file:///etc/passwd ftp://example.org data:text/html,x", []),
        ("https:// http:// mailto: https://. xhttps://example.org", []),
        ("https://" + "a" * 3000, []),
        ('https://example.org/"onclick="x', ["https://example.org/"]),
        ("one\nhttps://example.org\ntwo", ["https://example.org"]),
    ],
)
def test_addresses_are_told_from_the_words_around_them(text: str, found: list[str]) -> None:
    assert addresses(text) == found


@given(st.text(alphabet=st.sampled_from("https://mailto:a.)( \n<&'\"é😀"), max_size=60))
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text)) == text


def test_typed_addresses_are_links_in_the_pdf_and_long_ones_can_be_copied() -> None:
    long = f"https://example.org/{LONG_WORD}"
    pdf = PdfReader(BytesIO(to_pdf(document(TYPED, long, LONG_WORD))))
    targets = [str(one.get_object()["/A"]["/URI"]) for page in pdf.pages for one in page.get("/Annots", [])]
    assert {PAGE, MAIL, long} == set(targets)
    said = "".join(page.extract_text() for page in pdf.pages)
    assert "\u200b" not in said
    assert said.replace("\n", "").count(LONG_WORD) == 8


def test_typed_addresses_are_links_in_word() -> None:
    file = to_word(document(TYPED))
    word = docx.Document(BytesIO(file))
    links = list(word.element.body.iter(qn("w:hyperlink")))
    assert [word.part.rels[link.get(qn("r:id"))].target_ref for link in links] == [PAGE, MAIL] * 4
    assert ["".join(text.text for text in link.iter(qn("w:t"))) for link in links] == [PAGE, MAIL] * 4
    assert sum(TYPED in text for text in word_texts(file)) == 4
    assert "Hyperlink" in [style.name for style in word.styles]


def test_typed_addresses_are_links_in_html() -> None:
    report = report_that_says(f"{TYPED} <b>not bold</b>")
    for page in (html_page(report), to_html(response_document(report)), to_html(document(f"{TYPED} <b>not bold</b>"))):
        links = [str(link["href"]) for link in BeautifulSoup(page, "html.parser").find_all("a")]
        outside = [link for link in links if not link.startswith("#")]
        assert set(outside) == {PAGE, MAIL}
        assert "<b>not bold" not in page
    assert (
        len([link for link in BeautifulSoup(html_page(report), "html.parser").find_all("a") if link["href"] == PAGE])
        >= 5
    )


def test_a_cell_of_excel_is_a_link_to_the_first_address_in_it() -> None:
    book = openpyxl.load_workbook(BytesIO(excel_report(report_that_says(TYPED))))
    linked = [cell for row in book["scores"].iter_rows() for cell in row[1:] if cell.hyperlink]
    assert {cell.hyperlink.target + "#" + (cell.hyperlink.location or "") for cell in linked} == {PAGE}
    assert {cell.value for cell in linked} == {TYPED}
    assert len(linked) == 4


@pytest.mark.parametrize("letter", ["a", "é", "😀"])
def test_a_cell_of_excel_is_cut_by_what_excel_counts_and_says_so(letter: str) -> None:
    for length in (LONGEST_CELL // 2 - 1, LONGEST_CELL - 1, LONGEST_CELL + 5):
        text = letter * length
        book = openpyxl.load_workbook(BytesIO(excel_report(report_that_says(text))))
        (cell, *_) = [cell.value for row in book["scores"].iter_rows() for cell in row if letter * 3 in str(cell.value)]
        units = len(text.encode("utf-16-le")) // 2
        assert len(cell.encode("utf-16-le")) // 2 <= LONGEST_CELL
        assert cell == text if units <= LONGEST_CELL else cell.endswith("(cut: a cell of Excel holds no more)")
