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
    "the database is damaged. Stop the server, and put your last backup in its place with `nps-workshop restore FILE`; "
    "`nps-workshop import` brings back a saved workshop."
)
UNREACHABLE = (
    "the database's server cannot be reached, or does not let us in. Nothing was saved. Check that it runs, and that "
    "the address, the name and the password are right; then try again."
)
NOT_KNOWN = (
    "the connection to the database's server was lost at the moment of saving: it may be saved, or not. "
    "Look whether it is, then try again."
)
FULL = "the database's server takes no more connections. Try again in a moment; whoever runs it can let more in."
_DISK = "the disk is full. Free some space, then try again."
_INCOMPLETE = f"a part of the database is missing: {DAMAGED}"
_WORDS = {
    "is full": _DISK,
    "No space left": _DISK,
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

_BY_STATE = {
    "25006": "the database's server lets nobody write now. Nothing was saved. Try again when it does.",
    "40001": BUSY,
    "40P01": BUSY,
    "42501": "the database's user may not do this. Let it own the database's tables, then try again.",
    "42703": _INCOMPLETE,
    "42P01": _INCOMPLETE,
    "53100": _DISK,
    "53300": FULL,
    "55P03": BUSY,
    "57014": BUSY,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
}
"""By the code of what PostgreSQL refuses: https://www.postgresql.org/docs/current/errcodes-appendix.html"""

_AT_THE_DOOR = {
    "too many clients": FULL,
    "connection slots": FULL,
    "starting up": "the database's server is starting. Try again in a moment.",
    "shutting down": "the database's server is stopping. Try again when it runs.",
    "does not exist": (
        "the database's server knows no such database, or no such user. Let whoever runs it make them "
        "(`createuser`, `createdb`), then try again."
    ),
}
"""By a sign in what it says to who is not let in, for which it gives no code."""


def in_words(error: BaseException) -> str:
    """What is wrong and what to do; of what the library says, only the kind of error is kept."""
    if isinstance(error, PoolTimeout):
        return BUSY
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    said = f"{code} {getattr(getattr(cause, 'diag', None), 'message_primary', None) or cause}"  # without the row
    kind = type(cause).__name__ + (f", {code}" if code else "")
    other = f"the database did not take this ({kind}). Nothing was saved. Try again, or start the server again."
    return _BY_STATE.get(str(code)) or next((words for sign, words in _WORDS.items() if sign in said), other)


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
    if isinstance(error, StoreFault) or context.is_pre_ping:  # a new connection takes that one's place
        return
    words = _say_away(context) if _is_away(context) else in_words(error)
    error.args = (words,)  # psycopg's DETAIL is the row; the error goes on as the cause of ours
    raise StoreFault(words)


def _say_away(context: ExceptionContext) -> str:
    """Why a database server does not answer: in the middle of a commit nobody knows whether it has taken it."""
    if context.connection is not None:
        return UNREACHABLE if context.statement else NOT_KNOWN
    said = str(context.original_exception)
    return next((words for sign, words in _AT_THE_DOOR.items() if sign in said), UNREACHABLE)


def _is_away(context: ExceptionContext) -> bool:
    """Whether a database server was not reached, or is not any more."""
    return context.dialect.name != "sqlite" and (context.is_disconnect or context.connection is None)
