"""Where things are: the package's data folders, the database, and the names of the environment's variables."""

import os
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from npswidgets.domain import days
from npswidgets.errors import NotFound

NPS_DATABASE = "NPS_DATABASE"
"""The database: the path of a SQLite file, or a URL as SQLAlchemy reads it."""

NPS_ACTOR = "NPS_ACTOR"
"""Who a kernel belongs to, as JSON; the server sets it when it starts the kernel."""

NPS_LIVE = "NPS_LIVE"
"""Where hints about news are sent, and where they come from: two addresses; the server sets it for its kernels."""

NPS_PAGES = "NPS_PAGES"
"""The version of the files on the server, which sets it for its kernels; without it widgets bring theirs along."""

NPS_FORKING = "NPS_FORKING"
"""Set it to "no" to have no kernel forked, as where that is not possible."""

NPS_HOSTS = "NPS_HOSTS"
"""Other names of this computer that browsers may ask for it by, with spaces between, such as "laptop.fritz.box"."""

NPS_PREFIX = "NPS_PREFIX"
"""The path that all pages are below, such as "/nps/"; without it "/". The server sets it for its kernels."""

NPS_TIME_ZONE = "NPS_TIME_ZONE"
"""The time zone in which days and times are said; by default that of the United Kingdom, "Europe/London"."""

NPS_ERASURES = "NPS_ERASURES"
"""Where the list of who was erased is kept, for a database on a server: a file. Beside a SQLite file it needs none."""

NPS_DIRECT_DATABASE = "NPS_DIRECT_DATABASE"
"""The same database without a PgBouncer in between, by which several servers of it hear of each other at once."""

NPS_ACCESSIBILITY = "NPS_ACCESSIBILITY"
"""A council's own accessibility statement, as a Markdown file, in place of ours."""

NPS_METRICS_TOKEN = "NPS_METRICS_TOKEN"
"""What Prometheus brings to read the server's figures at `/metrics`; without it nobody can."""

NPS_PROXY_SECRET = "NPS_PROXY_SECRET"
"""What the proxy shows to be believed who has signed on, where it does not come by a Unix socket."""

_PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """The folder of data that belongs to the project: "rubric", "notebooks", "docs" or "sessions" (an example).

    An installed package carries them inside itself; in a checkout they stand beside the package.

    Raises:
        NotFound: there is no such folder.
    """
    places = (_PACKAGE / "_data" / name, _PACKAGE.parent / name)
    for folder in places:
        if folder.is_dir():
            return folder
    raise NotFound(f'No data folder "{name}": looked for {" and ".join(map(str, places))}. Install the package again.')


def database_url() -> str:
    """Where the database is: NPS_DATABASE, or the SQLite file `sessions/workshops.db` below the working folder."""
    here = os.environ.get(NPS_DATABASE)
    return here or f"sqlite:///{quote((Path.cwd() / 'sessions' / 'workshops.db').as_posix())}"


def erasures() -> Path | None:
    """The list of who was erased from a database on a server: NPS_ERASURES; None where it names no file."""
    named = os.environ.get(NPS_ERASURES)
    return Path(named).absolute() if named else None


def accessibility_statement() -> Path:
    """The file with the accessibility statement: NPS_ACCESSIBILITY where that is a file, or ours."""
    own = Path(os.environ.get(NPS_ACCESSIBILITY, ""))
    return own if own.is_file() else data_folder("docs") / "accessibility-statement.md"


def time_zone() -> ZoneInfo:
    """The time zone in which days and times are said: NPS_TIME_ZONE, or that of the United Kingdom.

    Raises:
        NotFound: this computer knows no such time zone.
    """
    name = os.environ.get(NPS_TIME_ZONE) or days.UNITED_KINGDOM
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:  # a folder; a path; not there
        expected = f"Expected the name of a time zone, such as {days.UNITED_KINGDOM}."
        raise NotFound(f"{NPS_TIME_ZONE} is {name!r}. {expected}") from error


days.zone = time_zone
