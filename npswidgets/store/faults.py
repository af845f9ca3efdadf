"""What a database library raises, in words that say what to do.

What was to be stored stays out of them: a vote, a name or a reason must not stand in a log or on somebody's page.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from npswidgets.errors import RubricFaults, StoreFault
from npswidgets.store.place import say_place

BUSY = "the database is busy in another program. Try again."
MOVED = "the database file is not where it was opened. Nothing was saved. Put it back, then try again."
DAMAGED = (
    "the database is damaged. Stop the server, keep a copy of the file, and put your last backup in its place; "
    "`nps-workshop import` brings back a saved workshop."
)
UNREACHABLE = (
    "the database's server cannot be reached, or does not let us in. Nothing was saved. Check that it runs, and that "
    "the address, the name and the password are right; then try again."
)
_INCOMPLETE = f"a part of the database is missing: {DAMAGED}"
_WORDS = {
    "is full": "the disk is full. Free some space, then try again.",
    "No space left": "the disk is full. Free some space, then try again.",
    "is locked": BUSY,
    "unable to open": "the database cannot be opened. Check that the folder exists and can be written.",
    "not a database": "this file is not a workshop database.",
    "DBMOVED": MOVED,
    "readonly": "the database cannot be written. Check the rights of the file and its folder.",
    "disk I/O error": "the disk cannot be read or written. Check it, free some space, then try again.",
    "malformed": DAMAGED,
    "decode to UTF-8": DAMAGED,
    "no such table": _INCOMPLETE,
    "no such column": _INCOMPLETE,
    "append-only": "the record is never changed. Nothing was saved.",
    "only erased": "what was typed can be erased, and not changed. Nothing was saved.",
    "signed off": "This workshop is signed off and locked. Reopen it with a reason to make changes.",
}
"""By a sign in what the library says."""


def in_words(error: BaseException) -> str:
    """What is wrong and what to do; of what the library says, only the kind of error is kept."""
    if isinstance(error, PoolTimeout):
        return BUSY
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    said = f"{code} {cause}"
    kind = type(cause).__name__ + (f", {code}" if code else "")
    other = f"the database did not take this ({kind}). Nothing was saved. Try again, or start the server again."
    return next((words for sign, words in _WORDS.items() if sign in said), other)


@contextmanager
def faults(place: URL | None = None) -> Iterator[None]:
    """Turns what a database library raises into a `StoreFault` that says what to do, and where if a place is given."""
    where = f"{say_place(place)}: " if place else ""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreFault(f"{where}{in_words(error)}") from None  # what it is from holds the values of the row
    except StoreFault as fault:
        if str(fault).startswith(where):
            raise
        raise StoreFault(f"{where}{fault}") from None


@contextmanager
def readable(what: str) -> Iterator[None]:
    """Around the reading of what stands in the database: what is not as it was written is said to be damaged."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RubricFaults, TypeError, ValueError):
        raise StoreFault(f"{what} cannot be read: {DAMAGED}") from None  # pydantic's errors hold what was read


def say_faults(engine: Engine) -> None:
    """Lets an engine raise our words alone, wherever it is used."""
    event.listen(engine, "handle_error", _say)


def _say(context: ExceptionContext) -> None:
    error = context.original_exception
    if isinstance(error, StoreFault):
        return
    words = UNREACHABLE if _is_away(context) else in_words(error)
    error.args = (words,)  # psycopg's DETAIL is the row; the error goes on as the cause of ours
    raise StoreFault(words)


def _is_away(context: ExceptionContext) -> bool:
    """Whether a database server was not reached, or is not any more."""
    return context.dialect.name != "sqlite" and (context.is_disconnect or context.connection is None)
