"""A rubric of one's own with odd names through all formats: each is made, and has the names as they were written."""

from dataclasses import replace
from io import BytesIO
from itertools import cycle
from pathlib import Path

import openpyxl
import played
import pytest
from docx import Document
from played import START, planned_theme, workshop_of
from pypdf import PdfReader
from reports import squeezed

from npswidgets.domain.rubric import Rubric
from npswidgets.report.contents import Report
from npswidgets.report.formats import FORMATS, NOTEBOOK
from npswidgets.report.make import make_report

ODD = (
    "Donau" + "dampfschifffahrt" * 9,
    "Quotes \"double\" 'single' “curly” & <b>bold</b> {{ 7 * 7 }} #panic() $x$",
    "מדיניות רכש العربية",
    "Caf\u00e9 cafe\u0301 😀 👩‍👩‍👧 \u200bunseen",
    "=1+1",
    "../up/and %41 ~ \\back",
)


def odd(rubric: Rubric) -> Rubric:
    names = cycle(ODD)
    return replace(
        rubric,
        title=f"Our rubric {ODD[1]}",
        themes=tuple(
            replace(theme, name=next(names), key_areas=tuple(
                replace(area, name=next(names), value_codes=tuple(
                    replace(code, display_name=next(names)) for code in area.value_codes
                )) for area in theme.key_areas
            )) for theme in rubric.themes
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def report() -> Report:
    rubric = odd(played.rubric())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(played, "rubric", lambda: rubric)
        return make_report(workshop_of(planned_theme()), START)


@pytest.mark.parametrize("format_", [name for name in FORMATS if name != NOTEBOOK])
def test_odd_names_are_whole_in_each_format(report: Report, format_: str, tmp_path: Path) -> None:
    made = FORMATS[format_].made
    assert made
    file = made(report)
    words = squeezed(words_of(file))
    names = {area.name for _, area, _ in report.codes} | {code.name for _, _, code in report.codes}
    if format_ in ("pdf", "response", "summary"):  # whose fonts lack some, which the PDF says
        names = {name for name in names if name.isascii() and "<" not in name}
    if format_ in ("pdf", "docx", "xlsx"):
        assert [name for name in names if squeezed(name) not in words] == []


def words_of(file: str | bytes) -> str:
    if isinstance(file, str):
        return file
    if file.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(file)).pages)
    book = BytesIO(file)
    if b"xl/workbook.xml" in file:
        cells = (
            cell for page in openpyxl.load_workbook(book) for row in page.iter_rows(values_only=True) for cell in row
        )
        return " ".join(str(cell) for cell in cells if cell)
    return " ".join("".join(node.text or "" for node in Document(book).element.iter() if node.tag.endswith("}t")))
