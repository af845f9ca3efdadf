"""The formats in which a report is written: what they are called, what they are for, and what makes them.

Nothing large is imported before a file is made: who only lists the formats need not wait.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from npswidgets.report.contents import Report
    from npswidgets.report.layout import Document

NOTEBOOK = "ipynb"
BUNDLE = "zip"
"""All files in one, which is none of the formats."""


@dataclass(frozen=True)
class Format:
    """A format of a report.

    Attributes:
        name: what people call it.
        use: what it is for, in a few words.
        place: where it is offered; 1 is what most people want.
        ending: what follows the workshop's id in the name of the file.
        made: its content; None for the session notebook, which is run and not made of a report.
    """

    name: str
    use: str
    place: int
    ending: str
    made: "Callable[[Report], str | bytes] | None"

    @property
    def is_pdf(self) -> bool:
        """Whether it is set in the fonts of our PDFs, which lack some letters."""
        return self.ending.endswith(".pdf")


def _html(report: "Report") -> str:
    from npswidgets.report.html import html_page

    return html_page(report)


def _pdf(report: "Report") -> bytes:
    from npswidgets.report.pdf import pdf_report

    return pdf_report(report)


def _word(report: "Report") -> bytes:
    from npswidgets.report.word import word_report

    return word_report(report)


def _excel(report: "Report") -> bytes:
    from npswidgets.report.workbook import excel_report

    return excel_report(report)


def _csv(report: "Report") -> str:
    from npswidgets.report.tables import csv_report

    return csv_report(report)


def _json(report: "Report") -> str:
    from npswidgets.report.tables import json_report

    return json_report(report)


def _slides(report: "Report") -> str:
    from npswidgets.report.slides import slides_page

    return slides_page(report)


def _summary(report: "Report") -> bytes:
    from npswidgets.report.layout_summary import summary_document

    return _document_pdf(summary_document(report))


def _response(report: "Report") -> bytes:
    from npswidgets.report.layout_response import response_document

    return _document_pdf(response_document(report))


def _document_html(document: "Document") -> str:
    from npswidgets.report.html import to_html

    return to_html(document)


def _document_pdf(document: "Document") -> bytes:
    from npswidgets.report.pdf import to_pdf

    return to_pdf(document)


def _document_word(document: "Document") -> bytes:
    from npswidgets.report.word import to_word

    return to_word(document)


FORMATS = {
    NOTEBOOK: Format("session notebook", "for JupyterLab", 10, ".ipynb", None),
    "html": Format("HTML report", "one page, to read and to send", 6, ".html", _html),
    "pdf": Format("PDF report", "to hand up and to print", 1, ".pdf", _pdf),
    "docx": Format("Word report", "to edit", 2, ".docx", _word),
    "xlsx": Format("Excel workbook", "scores, votes, actions, statements", 7, ".xlsx", _excel),
    "csv": Format("table of scores", "for a spreadsheet", 8, ".csv", _csv),
    "json": Format("data (JSON)", "for other software", 9, ".json", _json),
    "slides": Format("slides", "for the closing session", 5, ".slides.html", _slides),
    "summary": Format("executive summary", "one page to hand up (PDF)", 3, "-summary.pdf", _summary),
    "response": Format(
        "response report", "your answers, laid out as in the diagnostic (PDF)", 4, "-response.pdf", _response
    ),
}
"""What can be made beside the saved workshop."""

OFFERED = tuple(sorted(FORMATS, key=lambda one: FORMATS[one].place))
"""The formats as they are offered, what most people want first."""

DOCUMENT_FORMATS: dict[str, "Callable[[Document], str | bytes]"] = {
    "html": _document_html,
    "pdf": _document_pdf,
    "docx": _document_word,
}
"""What sets the pages of any document, by the ending of the file."""
