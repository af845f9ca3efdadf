"""The report as PDF and as Word file, by reading the files back."""

import base64
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import docx
import nbformat
import pytest
from docx.oxml.ns import qn
from nbconvert.exporters.base import get_exporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image
from played import DEPARTMENTS, LONG, PEOPLE, START, hostile_events, planned_theme, whole_diagnostic, workshop_of
from pypdf import PdfReader
from pypdf.generic import IndirectObject
from reports import notebook_with, pdf_words, squeezed, word_texts

from npswidgets.errors import ExportFailed
from npswidgets.report.contents import Report
from npswidgets.report.make import make_report
from npswidgets.report.pdf import pdf_report
from npswidgets.report.word import word_report

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report(workshop_of(planned_theme()), START)


@pytest.fixture(scope="module")
def pdf(report: Report) -> PdfReader:
    return PdfReader(BytesIO(pdf_report(report)))


@pytest.fixture(scope="module")
def word(report: Report) -> bytes:
    return word_report(report)


CHARTS = ["Largest gaps", "Agreed scores", "All votes at a glance"]


def said_in(report: Report) -> list[str]:
    """What every format that is read has to say."""
    said = [report.council, report.title, report.status, report.record.head, report.gap_sentence, report.plan_sentence]
    said += [report.unsure_sentence, *(one.name for one in report.unsure)]
    said += [*report.decided, *report.summary, *(text for part in report.method for text in part.paragraphs)]
    for _, _, code in report.codes:
        said += [code.name, code.score_text, code.comment, code.different_view, code.evidence, code.reason_above]
        said += [statement for level in code.levels for statement in level.statements]
        said += [text for one in code.rounds for text in (one.verdict, one.sentence, one.movement)]
        figures = [one.figures for one in code.rounds if one.figures]
        said += [
            text
            for one in figures
            for text in (one.median_text, one.middle_half, one.consensus_text, one.agreement_text)
        ]
        said += [text for one in code.actions for text in (one.what, one.owner, one.due_text, one.done_when)]
    return said


def test_the_pdf_says_all_that_the_report_says(pdf: PdfReader, report: Report) -> None:
    words = pdf_words(pdf)
    assert [said for said in said_in(report) if squeezed(said) not in words] == []


def test_the_same_report_gives_the_same_word_file_whenever_it_is_made(word: bytes, report: Report) -> None:
    assert word_report(report) == word
    assert {part.date_time for part in ZipFile(BytesIO(word)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_word_file_names_council_and_day_in_its_title_and_at_the_foot(word: bytes) -> None:
    document = docx.Document(BytesIO(word))
    assert document.paragraphs[0].text == "Example County Council, 12 March 2026"
    foot = document.sections[0].footer.paragraphs[0].text
    assert foot.startswith("Example County Council: How good is our procurement? (draft), 12 March 2026\tPage ")


def test_a_long_title_leaves_room_for_the_day_at_the_foot(report: Report) -> None:
    file = word_report(replace(report, title="How good is it? " * 20))
    foot = docx.Document(BytesIO(file)).sections[0].footer.paragraphs[0].text
    assert len(foot) < 120
    assert " …, 12 March 2026\tPage " in foot


def test_the_word_file_says_all_that_the_report_says(word: bytes, report: Report) -> None:
    words = "\n".join(word_texts(word))
    assert [said for said in said_in(report) if said not in words] == []


def test_the_pdf_is_tagged_and_says_title_language_and_standards(pdf: PdfReader) -> None:
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert pdf.metadata is not None
    assert (pdf.metadata.title, pdf.metadata.author) == (
        "How good is our procurement? (draft)",
        "Example County Council",
    )
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    about = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert "<pdfaid:part>2</pdfaid:part>" in about


def test_the_pdf_has_bookmarks_and_numbered_pages(pdf: PdfReader) -> None:
    titles = [entry["/Title"] for entry in pdf.outline if not isinstance(entry, list)]
    assert titles[:5] == [
        "In brief", "Action plan", "Largest gaps", "Agreed scores", "Where views differ most",
    ]  # fmt: skip
    for number, page in enumerate(pdf.pages, 1):
        assert squeezed(f"Page {number} of {len(pdf.pages)}") in squeezed(page.extract_text())


def test_the_fonts_of_the_pdf_are_embedded(pdf: PdfReader) -> None:
    objects = (pdf.get_object(IndirectObject(number, 0, pdf)) for number in range(1, len(pdf.xref[0]) + 1))
    described = [one for one in objects if isinstance(one, dict) and one.get("/Type") == "/FontDescriptor"]
    assert described
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(one) for one in described)


def test_the_words_in_a_chart_of_the_pdf_can_be_searched(pdf: PdfReader) -> None:
    assert squeezed("Number: people who chose this level") in pdf_words(pdf)


def test_the_same_report_gives_the_same_pdf(report: Report) -> None:
    assert pdf_report(report) == pdf_report(report)


def test_the_word_file_has_real_headings_in_order(word: bytes, report: Report) -> None:
    paragraphs = docx.Document(BytesIO(word)).paragraphs
    levels = [int(one.style.name[-1]) for one in paragraphs if one.style.name.startswith("Heading")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    named = {one.text for one in paragraphs if one.style.name == "Heading 3"}
    assert {code.name for _, _, code in report.codes} == named


def test_each_table_of_the_word_file_has_a_header_row_and_a_name(word: bytes) -> None:
    tables = docx.Document(BytesIO(word)).tables
    assert len(tables) > 25
    for table in tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_the_word_file_says_title_author_language_and_what_its_pictures_show(word: bytes) -> None:
    document = docx.Document(BytesIO(word))
    about = document.core_properties
    assert (about.title, about.author) == ("How good is our procurement? (draft)", "Example County Council")
    assert (about.language, about.comments) == ("en-GB", "")
    shown = [picture._inline.docPr.get("descr") for picture in document.inline_shapes]
    assert [text.split(".")[0].split(":")[0] for text in shown] == CHARTS
    fields = [one.get(qn("w:instr")) for one in document.sections[0].footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_no_picture_of_the_word_file_is_taller_than_its_page() -> None:
    word = word_report(make_report(workshop_of(whole_diagnostic()), START))
    heights = [picture.height.cm for picture in docx.Document(BytesIO(word)).inline_shapes]
    assert 20 < max(heights) <= 23.01


def test_no_person_and_no_department_is_in_the_files(pdf: PdfReader, word: bytes) -> None:
    inside = ZipFile(BytesIO(word))
    texts = [pdf_words(pdf), str(pdf.metadata), *(inside.read(name).decode("latin-1") for name in inside.namelist())]
    assert not [name for name in (*PEOPLE, *DEPARTMENTS) for text in texts if name in text or squeezed(name) in text]


@pytest.fixture(scope="module")
def hostile() -> Report:
    return make_report(workshop_of(list(hostile_events())), START)


def test_hostile_words_are_read_back_from_the_word_file(hostile: Report) -> None:
    words = "\n".join(word_texts(word_report(hostile)))
    assert [said[:80] for said in said_in(hostile) if said not in words] == []


def test_hostile_words_are_words_in_the_pdf(hostile: Report) -> None:
    words = pdf_words(PdfReader(BytesIO(pdf_report(hostile))))
    plain = (
        "<script>alert('x')</script>",
        "**bold**",
        "$x^2$",
        "=1+1",
        "#panic()",
        "*strong*",
        "@none",
        "😀",
        "אבג",
    )
    assert [part for part in plain if squeezed(part) not in words] == []
    assert words.count("x") > len(LONG)


PICTURE = BytesIO()
Image.new("RGB", (40, 20), "#355f8d").save(PICTURE, "PNG")
ADDED = (
    new_markdown_cell(
        "# Next year\n\n- a **plan**\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n<b>raw</b> ![x](http://a.example/b.png)"
    ),
    new_markdown_cell(
        "![A plan](attachment:a.png)",
        attachments={"a.png": {"image/png": base64.b64encode(PICTURE.getvalue()).decode()}},
    ),
    new_code_cell("1", outputs=[new_output("display_data", data={"image/png": "aGVsbG8=", "text/plain": "Broken"})]),
    new_code_cell("1", outputs=[new_output("stream", name="stdout", text="#printed*")]),
)
ADDED_WORDS = (
    "Added to this report",
    "Next year",
    "a plan",
    "<b>raw</b>",
    "x (not in this file)",
    "#printed*",
    "Broken",
)


def test_what_people_add_follows_in_pdf_and_word(report: Report) -> None:
    notebook = nbformat.from_dict(notebook_with(report, *ADDED))
    made = [get_exporter(name)().from_notebook_node(notebook)[0] for name in ("nps_pdf", "nps_docx")]
    pdf, word = PdfReader(BytesIO(made[0])), made[1]
    assert [part for part in ADDED_WORDS if squeezed(part) not in pdf_words(pdf)] == []
    assert [part for part in ADDED_WORDS if part not in "\n".join(word_texts(word))] == []
    shown = [picture._inline.docPr.get("descr") for picture in docx.Document(BytesIO(word)).inline_shapes]
    assert shown[len(CHARTS) :] == ["A plan"]


@pytest.mark.parametrize(("name", "kind"), [("nps_pdf", "application/pdf"), ("nps_docx", "application/vnd.openxml")])
def test_nbconvert_knows_the_exporters(name: str, kind: str, report: Report) -> None:
    made, resources = get_exporter(name)().from_notebook_node(notebook_with(report))
    assert isinstance(made, bytes)
    assert resources["output_extension"] == f".{name.removeprefix('nps_')}"
    assert get_exporter(name).output_mimetype.startswith(kind)
    with pytest.raises(ExportFailed, match="carries no report"):
        get_exporter(name)().from_notebook_node(new_notebook())
