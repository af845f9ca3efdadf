"""Every error that the toolkit raises on purpose: a small letter that says what, where, expected, found, what now."""

from dataclasses import dataclass


class WorkshopError(Exception):
    """Base of all errors below; its text can be shown to the person who runs the workshop."""


class RuleBroken(WorkshopError):
    """A rule of the workshop forbids this; nothing was stored."""


class VoteRefused(RuleBroken):
    """A ballot that does not count, with the reason that its voter sees."""


class NotAllowed(WorkshopError):
    """The person who asks has no right to do this."""


class NotFound(WorkshopError):
    """No workshop, session, file or rubric of that name."""


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
