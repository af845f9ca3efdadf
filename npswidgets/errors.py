"""The errors that several subjects share: each a small letter that says what, where, expected, found, what now.

An error of one subject stands with it; each that is raised on purpose is a `WorkshopError`.
"""

import logging
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

_PACKAGE = Path(__file__).parent


MOST_FAULTS = 200
"""Of a benchmark that are told in one message: more than all value codes could have."""


class WorkshopError(Exception):
    """Base of all errors raised on purpose; its text can be shown to the person who runs the workshop."""


class RuleBroken(WorkshopError):
    """A rule of the workshop forbids this; nothing was stored."""


class VoteRefused(RuleBroken):
    """A ballot that does not count, with the reason that its voter sees."""


class DoorShut(RuleBroken):
    """Nobody new gets into a session now; it may open again, in the words for whoever waits."""


class NotAllowed(WorkshopError):
    """The person who asks has no right to do this."""


class NotFound(WorkshopError):
    """No workshop, session, file or rubric of that name."""


class WrongAddress(WorkshopError):
    """Where pages are said to be they cannot be."""


class UnknownName(NotFound, KeyError):
    """A name or id that a workshop or a rubric does not have; who looks one up may expect a KeyError."""

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would put quotes around it


class BenchmarkFaults(RuleBroken, NotFound):
    """A benchmark with mistakes; `faults` has all of them, each with its row, the text as many as can be read."""

    def __init__(self, faults: Sequence[str], name: str = "benchmark") -> None:
        self.faults = tuple(faults)
        said = [
            f"{name}: {fault.rstrip('.')}{'' if fault.endswith('?') else '.'}" for fault in self.faults[:MOST_FAULTS]
        ]
        more = len(self.faults) - MOST_FAULTS
        super().__init__("\n".join([*said, f"{name}: and {more:,} more."] if more > 0 else said))


class NothingToShow(WorkshopError, ValueError):
    """A chart of what a workshop does not have, or may not show."""


class StoreFault(WorkshopError):
    """The database is missing, locked, full, or from another version."""


class ArchiveFault(WorkshopError):
    """A saved workshop that cannot be read, or does not fit together."""


class ExportFailed(WorkshopError):
    """A report was not made; nothing half-written is left."""


@dataclass(frozen=True)
class Fault:
    """One mistake in a data file: where it stands, what was expected there and what was found."""

    file: str
    place: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: expected {self.expected}, found {self.found}"


class RubricFaults(WorkshopError):
    """A rubric with mistakes; carries all of them at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


def say_error(error: BaseException) -> str:
    """The kind of an error and where it came from, for a log: its text may hold a vote, a name or a reason.

    Only what is wrong with the database is told in its words, which hold none.
    """
    steps = traceback.extract_tb(error.__traceback__)
    ours = [step for step in steps[:-1] if Path(step.filename).is_relative_to(_PACKAGE)] + steps[-1:]
    way = " > ".join(f"{Path(step.filename).name}:{step.lineno} {step.name}" for step in ours)
    words = f": {error}" if isinstance(error, StoreFault) else ""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{type(error).__name__}{words} ({way or 'nowhere'})" + (f", after {say_error(before)}" if before else "")


def say_reason(error: Exception) -> str:
    """Why something was not made, for people and the log: our words, the system's, or else what `say_error` says.

    A library's own text may quote what people typed.
    """
    if isinstance(error, WorkshopError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}."
    return f"something went wrong in the toolkit: {say_error(error)}"


def keep_texts_out_of_logs() -> None:
    """From now on this process logs no error's text, whichever library logs it, and none when it ends by one."""
    made = logging.getLogRecordFactory()

    def make(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = made(*args, **kwargs)
        if record.exc_info and record.exc_info[1]:
            record.exc_text = say_error(record.exc_info[1])  # which is what formatters print, if it is there
        return record

    logging.setLogRecordFactory(make)
    sys.excepthook = _say_the_end


def _say_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        sys.stderr.write(say_error(error.with_traceback(trace)) + "\n")
