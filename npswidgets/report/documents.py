"""Documents as files, in the formats that set pages."""

from collections.abc import Sequence
from pathlib import Path

from npswidgets.errors import say_reason
from npswidgets.report.exports import Step
from npswidgets.report.formats import DOCUMENT_FORMATS
from npswidgets.report.layout import Document
from npswidgets.whole_file import write_whole


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
        reason = _lacks(document) if format_ == "pdf" else ""
    except Exception as error:  # one that fails does not take the others with it
        return Step(format_, "failed", step, steps, reason=say_reason(error))
    return Step(format_, "done", step, steps, file=str(file), reason=reason)


def _lacks(document: Document) -> str:
    """What a PDF cannot show."""
    from npswidgets.report.pdf import lacks

    return lacks(document)
