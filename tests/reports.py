"""Session notebooks that carry a report, and reading the files that are made of them."""

import re
from io import BytesIO
from typing import Any

import docx
from bs4 import BeautifulSoup, Tag
from docx.oxml.ns import qn
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from pypdf import PdfReader

from npswidgets.report.contents import Report
from npswidgets.report.html import TEMPLATES


def notebook_with(report: Report, *cells: NotebookNode) -> NotebookNode:
    """A session notebook that carries this report."""
    output = new_output("execute_result", data=report._repr_mimebundle_())
    return new_notebook(cells=[new_code_cell("report", id="nps-report", outputs=[output]), *cells])


def squeezed(text: str) -> str:
    """Without spaces, hyphens and places to break, for comparing."""
    return re.sub(r"[\s\u00ad\u200b\u2010-]", "", text)


def may_run(page: BeautifulSoup) -> list[Tag]:
    """What a page could run, but for the script of the slides, whose digest their policy names."""
    own = (TEMPLATES / "slides.js").read_text(encoding="utf-8")
    return [tag for tag in page.find_all(["script", "textarea", "iframe", "object"]) if tag.string != own]


def pdf_words(pdf: PdfReader) -> str:
    """All words without spaces and line ends, which a PDF does not keep."""
    return squeezed("".join(page.extract_text() for page in pdf.pages))


def word_texts(file: bytes) -> list[str]:
    """The text of each paragraph, those of tables included."""
    body = docx.Document(BytesIO(file)).element.body
    return [_text_of(paragraph) for paragraph in body.iter(qn("w:p"))]


def word_table(file: bytes, name: str) -> list[list[str]]:
    """The rows of the table of this name."""
    (table,) = [
        table
        for table in docx.Document(BytesIO(file)).tables
        if table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == name
    ]
    return [[cell.text for cell in row.cells] for row in table.rows]


def _text_of(paragraph: Any) -> str:
    parts = {qn("w:t"): lambda part: part.text or "", qn("w:br"): lambda _: "\n", qn("w:tab"): lambda _: "\t"}
    return "".join(parts[part.tag](part) for part in paragraph.iter() if part.tag in parts)
