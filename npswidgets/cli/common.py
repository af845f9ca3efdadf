"""What several commands share: the option for the database, and how it is opened."""

import atexit
import gc
import json
from collections.abc import Collection
from contextlib import suppress
from os import W_OK, access
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from npswidgets.domain.text import printable, printable_json, without_halves
from npswidgets.errors import StoreFault

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from npswidgets.domain.workshop import Workshop

database_option = click.option(
    "--database",
    metavar="PATH OR URL",
    help="The database: a file, or a URL as SQLAlchemy reads it. Default: NPS_DATABASE, or sessions/workshops.db.",
)


def read(workshop: str, database: str | None) -> "Workshop":
    """The workshop of this id, or the one saved in this file.

    Raises:
        NotFound, StoreFault, ArchiveFault: there is none that can be read.
    """
    from npswidgets.store.saved import is_saved, read_archive

    if is_saved(workshop):
        return read_archive(workshop).workshop
    from npswidgets.store.workshops import read_workshop

    return read_workshop(open_engine(database), workshop)


def chosen_formats(text: str, known: Collection[str]) -> tuple[str, ...]:
    """The formats that were named, each once, however they are spelt.

    Raises:
        BadParameter: there is no such format.
    """
    named = (part.strip().casefold() for part in text.split(","))
    wanted = tuple(dict.fromkeys(filter(None, named)))
    for one in wanted or ("",):
        if one not in known:
            raise click.BadParameter(f"There is no format {one!r}. There is: {', '.join(known)}.", param_hint="--to")
    return wanted


def open_engine(database: str | None, *, migrate: bool = False) -> "Engine":
    """The database of the option, or of the settings, until the command ends."""
    from npswidgets.store.database import open_database

    engine = open_database(database, migrate=migrate)
    click.get_current_context().call_on_close(engine.dispose)
    return engine


def settle(database: str | None, out: Path) -> None:
    """Gives libraries a home and a folder for temporary files, where there is none: by the database, else in `out`."""
    from npswidgets.server.machine.home import settle_below
    from npswidgets.store.place import file_of, place_of

    with suppress(StoreFault):  # it is told where the database is opened
        file = file_of(place_of(database))
        if file and access(file.absolute().parent, W_OK):
            return settle_below(file.absolute().parent)
    return settle_below(out, make=True)


def address(engine: "Engine") -> str:
    """Where the server was reached the last time, without a slash at the end."""
    from npswidgets.store.access import stored_value

    return stored_value(engine, "address") or "http://127.0.0.1:8866"


def collect_seldom() -> None:
    """For a command that makes much and ends soon: looking for garbage would take a seventh of its time.

    At its end nothing is looked through again: what is left goes with the process.
    """
    gc.set_threshold(100_000, 20, 20)
    atexit.register(gc.freeze)


class _Text(click.types.StringParamType):
    """What a person typed, to be stored: a terminal that is not set to UTF-8 hands over bytes that are no text."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = super().convert(value, param, ctx)
        if without_halves(text) != text:
            self.fail(f"{text!r} is not in UTF-8. Set the terminal to UTF-8, then type it again.", param, ctx)
        return text


TEXT = _Text()


def echo(text: object, *, err: bool = False) -> None:
    """Prints a line, with escapes in place of what would control the terminal; all commands print here."""
    click.echo(printable(str(text)), err=err)


def in_line(text: str) -> str:
    """A name or title as part of a line, however it was recorded."""
    return " ".join(text.split())


def print_json(data: object, indent: int | None = 2) -> None:
    """Prints JSON for other programs, which says the same and controls no terminal either."""
    click.echo(printable_json(json.dumps(data, ensure_ascii=False, indent=indent)))
