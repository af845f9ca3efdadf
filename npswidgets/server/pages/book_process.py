"""A rubric's workbook is read in a process of its own: what a hostile one costs stays out of the server.

Run with the name of the workbook and a folder, in which it lies as `BOOK`. Prints one `Answer` as JSON.
"""

import json
import sys
from pathlib import Path
from typing import Any, TypedDict

from npswidgets.errors import MOST_FAULTS, Fault, RubricFaults, RuleBroken
from npswidgets.server.pages.command import begin

BOOK = "book.xlsx"
PROGRAM = "from npswidgets.server.pages.book_process import main; main()"

MOST_DATA_BYTES = 600_000_000
"""The worst that we found takes half of it, with all that is imported."""
PROCESSOR_SECONDS = 60
PATIENT_SECONDS = 3.0
"""What a workbook takes that people have written: the diagnostic of 2018 a third of it."""
TOO_MUCH = "The workbook needs more memory than any rubric does. Copy its sheets into a new one, then send that."


class Answer(TypedDict, total=False):
    """What was read; of `rubric`, `faults` and `problem` there is one.

    Attributes:
        rubric: as `rubric_to_json`, with `notices` for people.
        faults: file, place, expected and found of each, `MOST_FAULTS` at the most, of so many in all as `found` says.
        problem: why it was not read, in a sentence.
    """

    rubric: dict[str, Any]
    notices: list[str]
    faults: list[tuple[str, str, str, str]]
    found: int
    problem: str


def main() -> None:
    """Reads the workbook, within bounds."""
    begin(PATIENT_SECONDS)
    _bound()
    name, folder = sys.argv[-2:]
    try:
        answer = read(Path(folder, BOOK).read_bytes(), name)
    except MemoryError:
        answer = {"problem": TOO_MUCH}
    json.dump(answer, sys.stdout)
    sys.stdout.flush()


def read(data: bytes, name: str) -> Answer:
    """The rubric in a workbook, or what is not right in it."""
    from npswidgets.rubric_book.reading import read_book
    from npswidgets.store.rubric_json import check_length, rubric_to_json

    try:
        book = read_book(data, name)
        check_length(book.rubric)
    except RubricFaults as error:
        return {"faults": [_as_list(fault) for fault in error.faults[:MOST_FAULTS]], "found": len(error.faults)}
    except RuleBroken as error:
        return {"problem": str(error)}
    return {"rubric": rubric_to_json(book.rubric), "notices": list(book.notices)}


def _as_list(fault: Fault) -> tuple[str, str, str, str]:
    return fault.file, fault.place, fault.expected, fault.found


def _bound() -> None:
    """Where the system has that: on Windows time alone is bounded, by the server."""
    if sys.platform == "win32":
        return
    import resource

    for kind, most in ((resource.RLIMIT_DATA, MOST_DATA_BYTES), (resource.RLIMIT_CPU, PROCESSOR_SECONDS)):
        _, hard = resource.getrlimit(kind)
        lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (lower, hard))
