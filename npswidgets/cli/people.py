"""Forgetting people."""

from datetime import UTC, datetime

import click
from sqlalchemy import Engine

from npswidgets.cli.common import database_option, echo, in_line, open_engine
from npswidgets.domain.days import here
from npswidgets.errors import WorkshopError


class NameInTexts(WorkshopError):
    """Whoever erases a person has to say what becomes of texts with the name in them."""


@click.command()
@click.argument("workshop")
@click.option("--participant", metavar="ID", help="Who. Default: list those who joined, and erase nobody.")
@click.option(
    "--typed/--no-typed", default=None, help="Whether texts that were typed with the person's name in them go, too."
)
@database_option
def erase(workshop: str, participant: str | None, typed: bool | None, database: str | None) -> None:
    """Erase a person from a workshop: name, ballots, reasons, and the way back in.

    A person who came to several sessions with the same browser is erased from all of them.
    Votes that were shown stay, and nobody can say whose they were; the record still verifies.

    Example: nps-workshop erase 2026-01-example --participant 3f9c1a2b4d5e6f70
    """
    engine = open_engine(database, migrate=True)
    if participant is None:
        return _list(engine, workshop)
    from npswidgets.store.erasing import erase as erase_person
    from npswidgets.store.erasing import texts_naming

    named = texts_naming(engine, workshop, participant)
    if named and typed is None:
        raise NameInTexts(
            "\n".join(["The name stands in what was typed:", *(f"  {text}" for text in named.values())])
            + "\nErase these texts with --typed, or leave them with --no-typed. Nobody was erased."
        )
    erase_person(engine, workshop, participant, named if typed else ())
    echo(f"{participant} is erased from {workshop}. Files that were exported or saved before are not changed.")
    return None


class DateInDoubt(WorkshopError):
    """Nobody is forgotten by a date that may be wrong."""


@click.command()
@click.option("--yes", is_flag=True, help="The date of this computer is right, also where it is in doubt.")
@database_option
def purge(yes: bool, database: str | None) -> None:
    """Delete names that are past their date, as the server does each hour by itself.

    Names are kept until 30 days after a workshop is signed off, and for 180 days after joining at the most. It ends
    with 1 if something is left, and does nothing while the date of this computer is in doubt.

    Example: nps-workshop purge
    """
    from npswidgets.server.machine.clock import say_doubt
    from npswidgets.server.machine.system_clock import is_synchronised
    from npswidgets.store.clock import look
    from npswidgets.store.erasing import purge as purge_people
    from npswidgets.store.erasing import say_forgotten

    engine, now = open_engine(database, migrate=True), datetime.now(UTC)
    known = look(engine, now, sure=yes or is_synchronised(now))
    if known.doubted:
        raise DateInDoubt(f"{say_doubt(known)} If it is right: `nps-workshop purge --yes`. If not, set it first.")
    gone = purge_people(engine, now.date())
    echo(f"{say_forgotten(gone)}.")


def _list(engine: Engine, workshop: str) -> None:
    """Who joined, by session; with names where they are kept."""
    from npswidgets.store.people import names
    from npswidgets.store.workshops import read_workshop

    known = names(engine, workshop)
    for session in read_workshop(engine, workshop).sessions.values():
        for person in session.participants.values():
            name = "(erased)" if person.erased else known.get(person.id, "")
            joined = f"{here(person.joined_at):%Y-%m-%d %H:%M}"
            department, title = in_line(person.department or ""), in_line(session.title)
            echo(f"{person.id}  {joined}  {in_line(name):<24} {department:<28} {title}")
