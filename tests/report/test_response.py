"""The response report and the question book, by reading the files back."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from accessible import check_with_axe
from bs4 import BeautifulSoup, Tag
from click.testing import CliRunner
from played import HOSTILE, LONG, START, finished_theme, hostile_events, theme_codes, workshop_of
from playwright.sync_api import Browser
from pypdf import PdfReader
from reports import pdf_words, squeezed, word_table, word_texts

from npswidgets.cli import main
from npswidgets.domain.events import Words, WorkshopSealed
from npswidgets.report import formats
from npswidgets.report.contents import Report
from npswidgets.report.documents import write_document
from npswidgets.report.guidance import guidance_blocks
from npswidgets.report.html import to_html
from npswidgets.report.layout import Bullets, Document, Heading, Paragraph
from npswidgets.report.layout_response import response_document
from npswidgets.report.make import make_report
from npswidgets.report.pdf import to_pdf
from npswidgets.report.phrases import typed
from npswidgets.report.word import to_word
from npswidgets.settings import data_folder
from npswidgets.store.example import example_path
from npswidgets.store.saved import read_archive

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report(workshop_of(finished_theme()), START)


@pytest.fixture(scope="module")
def document(report: Report) -> Document:
    return response_document(report)


def titles(document: Document) -> list[str]:
    return [document.title, *(block.text for block in document.blocks if isinstance(block, Heading))]


def table_of(page: BeautifulSoup, name: str) -> Tag:
    caption = page.find("caption", string=f"Levels: {name}")
    assert caption
    assert isinstance(caption.parent, Tag)
    return caption.parent


def test_draft_stands_in_every_title_until_the_workshop_is_signed_off(report: Report) -> None:
    *answers, guidance, _, _, source = titles(response_document(report))
    assert len(answers) == 1 + 4 + 13
    assert all(title.endswith(" (draft)") for title in answers)
    assert (guidance, source) == ("Appendix A: Guidance", "Source and record")
    sealed = make_report(workshop_of([*finished_theme(), WorkshopSealed(1, Words("Head of procurement"))]), START)
    assert not [title for title in titles(response_document(sealed)) if "draft" in title]


def test_a_key_area_and_a_value_code_stand_as_in_the_diagnostic(document: Document) -> None:
    texts = word_texts(to_word(replace(document, contents=False)))
    start = texts.index("Engaging Councillors (draft)")
    assert texts[start + 1].startswith("Engaging Councillors refers to the engagement of councillors")
    assert texts[start + 2].startswith("What it is: Councillors set the council vision")
    assert texts[start + 3].startswith("Why it is important: When councillors are fully engaged")
    assert texts[start + 4] == "Proc. and commercial champions (draft)"
    assert texts[start + 5].startswith("Description: The extent to which")
    assert "Score: 2 Developing" in texts
    assert "Comment: The portfolio holder has asked for a champion." in texts
    assert "Comment: (no comment)" in texts


def test_the_chosen_level_is_marked_in_words(document: Document) -> None:
    head, cells = word_table(to_word(document), "Levels: Reporting")
    assert head == ["1 - Minimum", "2 - Developing\nAgreed score", "3 - Mature", "4 - Leader", "5 - Innovator"]
    assert cells[1].startswith("Council is exploring better ways")
    page = BeautifulSoup(to_html(document), "html.parser")
    marked = [cell.get_text(" ", strip=True) for cell in table_of(page, "Reporting").select("th.chosen")]
    assert marked == ["2 - Developing Agreed score"]


@pytest.mark.parametrize("blank", [False, True])
def test_all_formats_show_all_five_statements_of_every_value_code(report: Report, blank: bool) -> None:
    document = response_document(report, blank=blank)
    pdf = pdf_words(PdfReader(BytesIO(to_pdf(document))))
    page = squeezed(BeautifulSoup(to_html(document), "html.parser").get_text())
    word = squeezed("".join(word_texts(to_word(document))))
    for _, _, code in report.codes:
        for text in (text for level in code.levels for text in level.statements):
            assert squeezed(text) in pdf
            assert squeezed(text) in page
            assert squeezed(text) in word


def test_the_question_book_shows_no_answer(report: Report) -> None:
    document = response_document(report, blank=True)
    page = to_html(document)
    assert document.title == "National Procurement Strategy 2018 diagnostic: question book"
    assert "Agreed score" not in page
    assert "2 Developing" not in page
    assert "champion." not in page
    assert "(draft)" not in page


def test_the_guidance_and_its_source_are_at_the_end(document: Document) -> None:
    text = pdf_words(PdfReader(BytesIO(to_pdf(document))))
    assert squeezed("Scoring should be done on the basis of the weakest level of attainment in the council") in text
    assert squeezed("The words are those of the Local Government Association") in text


def test_the_guidance_has_the_headings_and_lists_of_the_diagnostic(document: Document) -> None:
    start = document.blocks.index(Heading(1, "Appendix A: Guidance"))
    guidance = document.blocks[start + 1 : document.blocks.index(Heading(1, "Source and record"))]
    assert [block.text for block in guidance if isinstance(block, Heading)] == [
        "About the 2018 diagnostic",
        "How to complete the diagnostic",
    ]
    lists = [block.items for block in guidance if isinstance(block, Bullets)]
    assert [(len(items), items[-1]) for items in lists] == [
        (2, "Identify where purposeful improvement activities are required and manage them to a successful conclusion"),
        (4, "provide any other observations"),
        (4, "Frequently Asked Questions"),
    ]
    paragraphs = [block.text for block in guidance if isinstance(block, Paragraph)]
    assert len(paragraphs) == 13
    assert any(text.startswith("Within each 'tab'") for text in paragraphs), "which has no full stop either"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", []),
        ("Only this", ["Paragraph"]),
        ("A heading\n\nA paragraph.", ["Heading", "Paragraph"]),
        ("Choose one of:\n\nthe first\n\nthe second", ["Paragraph", "Bullets"]),
        ("Choose:\n \nOne alone\n\nThen this.", ["Paragraph", "Heading", "Paragraph"]),
        ("Is it?\n\nIt is!\n\n\n", ["Paragraph", "Paragraph"]),
    ],
)
def test_guidance_of_an_own_rubric_is_read_by_the_same_rule(text: str, kinds: list[str]) -> None:
    assert [type(block).__name__ for block in guidance_blocks(text)] == kinds


def test_statements_of_a_level_stand_apart_in_every_format(document: Document) -> None:
    name = "Councillor development"
    _, cells = word_table(to_word(document), f"Levels: {name}")
    assert cells[2].count("\n\n") == 1
    shown = table_of(BeautifulSoup(to_html(document), "html.parser"), name).select("td")[2]
    assert len(shown.find_all("p")) == 2


def test_no_page_begins_with_the_score_of_what_stands_on_the_page_before() -> None:
    pages = PdfReader(BytesIO(to_pdf(response_document(make_report(read_archive(example_path()).workshop))))).pages
    begin = [page.extract_text().split("\n")[0] for page in pages]
    assert len(begin) > 5
    assert not [one for one in begin if one.startswith(("Score", "Comment"))]


def test_hostile_words_stay_words_in_the_response() -> None:
    document = response_document(make_report(workshop_of(list(hostile_events())), START))
    page = BeautifulSoup(to_html(document), "html.parser")
    assert not page.find_all(["script", "img", "textarea"])
    comment = typed(HOSTILE + LONG)
    assert comment in [part.text for part in page.select(".typed")]
    assert f"Comment: {comment}" in word_texts(to_word(document))
    assert pdf_words(PdfReader(BytesIO(to_pdf(document)))).count("x") > len(LONG)


def test_the_command_writes_the_files_and_prints_them(tmp_path: Path) -> None:
    example = str(data_folder("sessions") / "example.jsonl")
    result = CliRunner().invoke(main, ["response", example, "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    made = [Path(line) for line in result.stdout.splitlines()]
    assert [path.name for path in made] == [f"example-response.{one}" for one in ("html", "pdf", "docx")]
    assert made[1].read_bytes().startswith(b"%PDF")
    assert len(docx.Document(str(made[2])).tables) == len(theme_codes())
    result = CliRunner().invoke(main, ["response", example, "--out", str(tmp_path), "--blank", "--to", "html"])
    assert result.stdout.split() == [str(tmp_path / "example" / "example-questions.html")]


def test_the_command_names_the_formats_that_there_are(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["response", "example.jsonl", "--to", "fax", "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "There is no format 'fax'. There is: html, pdf, docx." in result.output


def test_a_format_that_fails_leaves_the_others(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Document) -> bytes:
        raise RuntimeError("no ink")

    monkeypatch.setitem(formats.DOCUMENT_FORMATS, "pdf", broken)
    steps = write_document(document, ("pdf", "html"), tmp_path / "a-response")
    assert [step.state for step in steps] == ["failed", "done"]
    assert "no ink" not in steps[0].reason, "which could be what people typed"
    assert [path.name for path in tmp_path.iterdir()] == ["a-response.html"]


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_the_response_page_is_accessible_and_fits(
    document: Document, chromium: Browser, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "response.html"
    file.write_text(to_html(document), encoding="utf-8")
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.goto(file.as_uri())
    check_with_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()
