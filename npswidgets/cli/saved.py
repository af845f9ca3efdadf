"""Saving workshops, checking them, bringing them back, signing them off."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from npswidgets.cli.common import TEXT, database_option, echo, open_engine
from npswidgets.domain.ids import file_in
from npswidgets.store.facilitator_store import FacilitatorStore

if TYPE_CHECKING:
    from npswidgets.store.saved import Archive


@click.command()
@click.argument("workshop")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@database_option
def archive(workshop: str, file: Path | None, database: str | None) -> None:
    """Save a workshop to a file, by default sessions/WORKSHOP.jsonl.

    Example: nps-workshop archive 2026-01-example
    """
    from npswidgets.store.archive import write_archive
    from npswidgets.store.saved import verify

    saved = write_archive(open_engine(database), workshop, file or file_in(Path("sessions"), workshop, ".jsonl"))
    echo(f"{saved}  {verify(saved)}")


@click.command(name="import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@database_option
def import_(file: Path, database: str | None) -> None:
    """Bring a saved workshop into the database; prints its id.

    Example: nps-workshop import sessions/example.jsonl
    """
    from npswidgets.server.machine.system_clock import is_synchronised
    from npswidgets.store.archive import import_archive
    from npswidgets.store.clock import look

    engine, saved, now = open_engine(database, migrate=True), _read(file), datetime.now(UTC)
    look(engine, now, sure=is_synchronised(now))  # before there are times of another computer
    echo(import_archive(engine, saved))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--digest", metavar="HEX", help="The digest that a report shows, to compare with.")
def verify(file: Path, digest: str | None) -> None:
    """Check a saved workshop line by line; prints its digest.

    Example: nps-workshop verify sessions/example.jsonl
    """
    from npswidgets.errors import ArchiveFault

    found = _read(file).workshop.head
    if digest and digest.strip().lower() != found:
        raise ArchiveFault(f"{file}: the digest is {found}, not {digest}. The report was made from another record.")
    echo(found)


@click.command()
@click.argument("workshop")
@click.option("--role", type=TEXT, default="Facilitator", show_default=True, help="The role that signs off.")
@database_option
def seal(workshop: str, role: str, database: str | None) -> None:
    """Sign off a workshop and lock it.

    Example: nps-workshop seal 2026-01-example --role "Head of procurement"
    """
    from npswidgets.domain.events import Words, WorkshopSealed

    store = _facilitator(workshop, database)
    state = store.record(WorkshopSealed(store.workshop.version + 1, Words(role)))
    echo(f"{workshop} is signed off as version {state.version}.")


@click.command()
@click.argument("workshop")
@click.option("--reason", type=TEXT, required=True, help="Why it is opened again; it stays in the record.")
@database_option
def reopen(workshop: str, reason: str, database: str | None) -> None:
    """Open a signed-off workshop again; the signed-off version stays in the record.

    Example: nps-workshop reopen 2026-01-example --reason "A comment was missing"
    """
    from npswidgets.domain.events import Words, WorkshopReopened

    _facilitator(workshop, database).record(WorkshopReopened(Words(reason)))
    echo(f"{workshop} is open again.")


def _read(file: Path) -> "Archive":
    """A saved workshop; says so if a program changed the ends of its lines."""
    from npswidgets.store.saved import read_archive
    from npswidgets.store.travelled import TRAVELLED

    found = read_archive(file)
    if found.travelled:
        echo(f"{file}: {TRAVELLED}", err=True)
    return found


def _facilitator(workshop: str, database: str | None) -> FacilitatorStore:
    from npswidgets.domain.actor import Actor

    return FacilitatorStore(open_engine(database), Actor(workshop, "facilitator"))
