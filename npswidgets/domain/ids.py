"""Ids: those that begin with a record are readable, and safe in an address, in a terminal and as a name of a file."""

import re
import unicodedata
from datetime import datetime
from pathlib import Path

from npswidgets.domain.days import here
from npswidgets.errors import ExportFailed, RuleBroken

LONGEST_ID = 70
"""Characters; the database has room for 80, some of them for what stands before or behind an id."""

_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?")
_OF_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_SAVED = ".jsonl"
"""What ends so is the path of a saved workshop to each command."""

_FILE_NAME = re.compile(r"\w(?:[\w.-]*[\w-])?")


def is_id(text: str) -> bool:
    """Whether something new can be called so: ASCII letters, digits, "-", "_", and "." inside; no device of Windows.

    >>> is_id("2026-01-example"), is_id("../escaped"), is_id("nul")
    (True, False, False)
    """
    kept = _OF_WINDOWS.fullmatch(text) or text.lower().endswith(_SAVED)
    return len(text) <= LONGEST_ID and bool(_ID.fullmatch(text)) and not kept


def check_id(text: str, what: str) -> None:
    """Whether something new can be called so.

    Raises:
        RuleBroken: it names no file on every computer, or would be read as a path.
    """
    if not is_id(text):
        raise RuleBroken(
            f"The id of {what} is {text[:LONGEST_ID]!r}. Expected up to {LONGEST_ID} of the characters a to z, A to Z, "
            "0 to 9, '-', '_' and '.', which begin with a letter or digit, do not end with '.' or '.jsonl', and "
            "are no name that Windows keeps."
        )


def readable_id(name: str) -> str:
    """Lower case, ASCII, words joined by hyphens: what is safe in an address and a file name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-") or "workshop"
    return readable if is_id(readable) else f"{readable}-1"


def dated_id(council: str, made: datetime) -> str:
    """What a council's workshop is called by, with the month in which it was made."""
    return f"{here(made):%Y-%m}-{readable_id(council)}"


def file_in(folder: Path, id_: str, suffix: str = "") -> Path:
    """The place of a file or folder that is named by an id; each path that is made of an id is made here.

    >>> file_in(Path("exports"), "2026-01-example", ".jsonl").as_posix()
    'exports/2026-01-example.jsonl'

    Raises:
        ExportFailed: this id of an older record would lead out of the folder, or is no name of a file.
    """
    fits = len(id_.encode(errors="replace")) <= 2 * LONGEST_ID and _FILE_NAME.fullmatch(id_)
    if not fits or _OF_WINDOWS.fullmatch(id_):
        raise ExportFailed(f"The id {id_!r} of this workshop cannot be the name of a folder or file.")
    return folder / f"{id_}{suffix}"
