"""Tables that are longer than a page: nothing of them is lost, in any format."""

from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from paths import DATA
from pypdf import PageObject, PdfReader
from reports import squeezed

from npswidgets.report.layout import Block, Bullets, Document, Facts, Paragraph, Table
from npswidgets.report.layout_report import report_document
from npswidgets.report.layout_response import response_document
from npswidgets.report.make import make_report
from npswidgets.report.pdf import to_pdf
from npswidgets.report.word import to_word
from npswidgets.store.saved import read_archive

pytestmark = pytest.mark.slow

TALL = DATA / "saved" / "six-long-statements.jsonl"
FOOT = 20 / 25.4 * 72
"""The height of the margin at the foot of a page, in points."""

LONG = "\n".join(
    f"A sentence of some length about what a council does, the {number}th of them." for number in range(90)
)
SHORT = "\n".join(f"line {number}" for number in range(200))
WIDE = "採購" * 900 + "尾"
TEXTS = {"long": LONG, "short": SHORT, "wide": WIDE, "one paragraph": LONG.replace("\n", " "), "one word": "m" * 9000}


def document(*blocks: Block) -> Document:
    return Document("A title", "A council", "2026-03-12", "The foot", Facts(()), blocks, contents=False)


def level_table(text: str, *, marked_column: int | None = None) -> Table:
    """Five columns in one row, as the response report has them."""
    cells = (*("Short.",) * 4, f"{text}\nthe very end")
    head = ("1", "2", "3", "4", "5")
    return Table("Levels", head, (cells,), (1,) * 5, marked_column=marked_column, together=True)


def seen(pdf: PdfReader) -> str:
    """What stands between the foot and the head of the pages, without spaces."""
    return squeezed("".join(text for page in pdf.pages for height, text in placed(page) if FOOT < height < 842))


def placed(page: PageObject) -> list[tuple[float, str]]:
    """The texts of a page with their height above its lower edge, in points."""
    found: list[tuple[float, str]] = []

    def note(text: str, transformed: list[float], moved: list[float], *_: Any) -> None:
        found.append((moved[5] * transformed[3] + transformed[5], text))

    page.extract_text(visitor_text=note)
    return found


def rows_kept_whole(word: bytes) -> list[bool]:
    rows = docx.Document(BytesIO(word)).element.body.iter(qn("w:tr"))
    return [row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_row_taller_than_a_page_is_seen_to_its_end_in_the_pdf(text: str) -> None:
    rows = tuple((f"Level {number}", f"{text}\nend of {number}") for number in range(3))
    blocks = (
        level_table(text, marked_column=4),
        Table("Statements", ("Level", "Statements"), rows, (18, 82), marked_row=1, together=True),
        Facts((("Comment", f"{text}\nend of the comment"),)),
        Bullets((f"{text}\nend of the list",)),
        Paragraph(f"{text}\nend of all"),
    )
    words = seen(PdfReader(BytesIO(to_pdf(document(*blocks)))))
    ends = ("the very end", "end of 0", "end of 1", "end of 2", "end of the comment", "end of the list", "end of all")
    assert [end for end in ends if squeezed(end) not in words] == []


def test_nothing_stands_over_the_foot_but_the_foot() -> None:
    pdf = PdfReader(BytesIO(to_pdf(document(level_table(LONG), level_table(SHORT)))))
    below = {squeezed(text) for page in pdf.pages for height, text in placed(page) if height <= FOOT}
    assert {text for text in below if text and "foot" not in text and "Page" not in text} == set()


def test_statements_taller_than_a_page_are_whole_in_report_and_response() -> None:
    report = make_report(read_archive(TALL).workshop)
    statements = [text for _, _, code in report.codes for level in code.levels for text in level.statements]
    assert len(statements) > 30
    for one in (report_document(report), response_document(report), response_document(report, blank=True)):
        words = seen(PdfReader(BytesIO(to_pdf(one))))
        assert [text for text in statements if squeezed(text) not in words] == []


def test_word_may_split_a_row_that_a_page_might_not_hold_and_no_other() -> None:
    short = Table("Short", ("Level", "Statements"), (("1", "a"), ("2", "b")), (18, 82), together=True)
    tall = Table("Tall", ("Level", "Statements"), (("1", "a"), ("2", LONG)), (18, 82), together=True)
    assert rows_kept_whole(to_word(document(short, tall))) == [True] * 5 + [False]
    for text in TEXTS.values():
        assert rows_kept_whole(to_word(document(level_table(text)))) == [True, False]


def test_what_is_taller_than_a_page_is_not_held_together_in_word() -> None:
    kept = docx.Document(BytesIO(to_word(document(level_table(LONG))))).element.body.iter(qn("w:keepNext"))
    assert list(kept) == []
