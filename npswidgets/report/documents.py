"""Documents as files, in the formats that set pages."""

from collections.abc import Callable, Sequence
from pathlib import Path

from npswidgets.errors import say_reason
from npswidgets.report.exports import Step
from npswidgets.report.html import to_html
from npswidgets.report.layout import Document
from npswidgets.store.whole_file import write_whole


def write_document(document: Document, formats: Sequence[str], stem: Path) -> tuple[Step, ...]:
    """Writes `<stem>.<format>` for each of `DOCUMENT_FORMATS`; gives what became of each.

    A file is whole or is not there; one that cannot be made does not stop the others.
    """
    stem.parent.mkdir(parents=True, exist_ok=True)
    return tuple(_write(document, one, stem, at, len(formats)) for at, one in enumerate(formats, 1))


def _write(document: Document, format_: str, stem: Path, step: int, steps: int) -> Step:
    file = stem.with_name(f"{stem.name}.{format_}")
    try:
        write_whole(file, DOCUMENT_FORMATS[format_](document))
    except Exception as error:  # one that fails does not take the others with it
        return Step(format_, "failed", step, steps, reason=say_reason(error))
    return Step(format_, "done", step, steps, file=str(file))


def _pdf(document: Document) -> bytes:
    from npswidgets.report.pdf import to_pdf

    return to_pdf(document)


def _word(document: Document) -> bytes:
    from npswidgets.report.word import to_word

    return to_word(document)


DOCUMENT_FORMATS: dict[str, Callable[[Document], str | bytes]] = {"html": to_html, "pdf": _pdf, "docx": _word}
