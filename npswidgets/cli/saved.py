"""Saving workshops, checking them, bringing them back, signing them off."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from npswidgets.cli.common import TEXT, database_option, echo, open_engine
from npswidgets.cli.logged import say_done
from npswidgets.domain.ids import file_in
from npswidgets.domain.text import printable
from npswidgets.errors import WorkshopError
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
    say_done("exported", workshop)


class NotAllReadable(WorkshopError):
    """A backup is there, and holds a workshop that was damaged before."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@database_option
def backup(file: Path, database: str | None) -> None:
    """Copy the whole database to FILE, also while the server runs; prints the file and its digest.

    The copy is checked before it gets its name. FILE.erasures, beside it, says who was erased, and belongs to it.

    Example: nps-workshop backup sessions/backup.db
    """
    from npswidgets.store.backup import back_up

    made = back_up(open_engine(database), file)
    echo(f"{made.file}  {made.digest}")
    say_done("copied")
    if made.unreadable:
        raise NotAllReadable(
            f"The backup is made, and {', '.join(made.unreadable)} cannot be read in it, as in the database. "
            "Keep an older backup, too, and see `nps-workshop doctor`."
        )


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--list", "lists", multiple=True, type=click.Path(path_type=Path), help="A copy of the list of who was erased."
)
@click.option("--not-known", is_flag=True, help="Also where it is not known who was erased since; they may be back.")
@click.option("--yes", is_flag=True, help="Put it in the place of the database that is there without being asked.")
@database_option
def restore(file: Path, lists: tuple[Path, ...], not_known: bool, yes: bool, database: str | None) -> None:
    """Put the backup FILE in the place of the database, while no server runs; whoever was erased since stays erased.

    What was there is kept under another name. Delete it when it is not needed any more: it holds what it held.

    Example: nps-workshop restore sessions/backup.db
    """
    from npswidgets.store.place import file_of, place_of
    from npswidgets.store.restoring import restore as put_back

    place = file_of(place_of(database))
    if place and place.exists() and not yes:
        click.confirm(printable(f"Put {file} in the place of {place}, and keep that under another name?"), abort=True)
    done = put_back(file, database, lists, not_known=not_known)
    say_done("restored")
    made = f" of {done.made_at}" if done.made_at else ""
    workshops = "1 workshop is" if done.workshops == 1 else f"{done.workshops} workshops are"
    echo(f"{workshops} back from the backup{made}; what was taken away since is gone again.")
    if done.aside:
        echo(f"What was there: {done.aside}. Delete it when you do not need it any more.")
    for workshop in done.left_out:
        echo(f"{workshop} cannot be read, and was left out. It is in the backup alone.", err=True)
    for one in done.by_hand:
        echo(one, err=True)


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy a whole database into an empty one, between a file and PostgreSQL; prints each workshop and its digest.

    Stop the server before: what is stored after the copy has begun is not in it. FROM stays as it is; TO is made, where
    it is a file. Where it breaks off, nothing is copied.

    Example: nps-workshop copy sessions/workshops.db postgresql+psycopg://nps@localhost/anytown
    """
    from npswidgets.store.copying import copy as copy_all
    from npswidgets.store.place import place_of, say_place

    copied = copy_all(source, target)
    for workshop, head in copied.items():
        echo(f"{workshop}  {head}")
    workshops = "1 workshop" if len(copied) == 1 else f"{len(copied)} workshops"
    echo(f"{workshops}, and all that belongs to this database, copied to {say_place(place_of(target))}.")
    say_done("copied")


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
    workshop = import_archive(engine, saved)
    echo(workshop)
    say_done("imported", workshop)


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
