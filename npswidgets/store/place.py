"""Where the database is: what people and the environment say becomes a URL, part by part."""

import re
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from npswidgets import settings
from npswidgets.errors import StoreFault

_KINDS = {"postgresql": "PostgreSQL", "sqlite": "SQLite in memory"}
_URL = re.compile(r"[A-Za-z][\w+]*://")


def place_of(text: str | None = None) -> URL:
    """The place that a text names, by default the one of the settings; a file's path is absolute in it.

    Args:
        text: the path of a SQLite file, whatever characters it has; or a SQLAlchemy URL, in which `%` and `?` of a
            path are written %25 and %3F. `sqlite://` alone is a database in memory.

    Raises:
        StoreFault: it is a URL that cannot be read.
    """
    text = text or settings.database_url()
    place = _read(text) if _URL.match(text) else URL.create("sqlite", database=text)
    if not is_file(place):
        return place
    if "?" in text and _URL.match(text):
        raise StoreFault(
            f"{text}: in a URL the part behind ? is for options, and a SQLite file takes none. "
            "If the ? belongs to a folder's name, give the path alone, without sqlite:///."
        )
    return place.set(database=str(Path(place.database or "").absolute()))


def is_file(place: URL) -> bool:
    """Whether it is a SQLite file, and not memory or a database server."""
    return place.get_backend_name() == "sqlite" and place.database not in (None, "", ":memory:")


def file_of(place: URL) -> Path | None:
    """The SQLite file; None for memory and for a database server."""
    return Path(place.database or "") if is_file(place) else None


def say_place(place: URL) -> str:
    """The place for people: a file's path as it is; of a server only what kind it is, since phones show it, too."""
    return str(file_of(place) or _KINDS.get(place.get_backend_name(), place.get_backend_name()))


def _read(text: str) -> URL:
    try:
        place = make_url(text)
        place.get_dialect()
    except (ArgumentError, ValueError):
        raise StoreFault(
            f"{_without_secrets(text)}: this is no address of a database. Give the path of a file, or a URL."
        ) from None
    return place


def _without_secrets(url: str) -> str:
    """A URL without name, password and options: a password may hold any sign, and stand in either place."""
    return re.sub(r"\?.*", "", re.sub(r"//.*@", "//...@", url, flags=re.DOTALL), flags=re.DOTALL)
