"""Naming who may do what after signing on, by JupyterHub or by the proxy."""

import click

from npswidgets.cli.common import TEXT, database_option, echo, open_engine
from npswidgets.cli.logged import say_done

NAME = click.argument("name", type=TEXT)
WORKSHOP = click.argument("workshop", required=False, default="", type=TEXT)


@click.group("sign-on")
def sign_on() -> None:
    """Say who may do what after signing on, by JupyterHub or the proxy; signing on alone opens nothing.

    Example: nps-workshop sign-on list
    """


@sign_on.command("name")
@NAME
@WORKSHOP
@database_option
def name_(name: str, workshop: str, database: str | None) -> None:
    """Name a user as facilitator of WORKSHOP, or without one as operator, who opens all of them.

    Example: nps-workshop sign-on name anna 2026-01-example
    """
    from npswidgets.store.record import latest
    from npswidgets.store.rights import name_person

    engine = open_engine(database, migrate=True)
    if workshop:
        latest(engine, workshop)
    name_person(engine, name, workshop)
    say_done("named", workshop)
    echo(f"{name} may {_what(workshop)} after signing on.")


@sign_on.command("list")
@database_option
def list_(database: str | None) -> None:
    """List who is named, a line each.

    Example: nps-workshop sign-on list
    """
    from npswidgets.store.rights import named_people

    for name, workshop in named_people(open_engine(database, migrate=True)):
        echo(f"{name} may {_what(workshop)}.")


@sign_on.command()
@NAME
@WORKSHOP
@database_option
def withdraw(name: str, workshop: str, database: str | None) -> None:
    """Take back what `sign-on name` has said; who has signed on so is out at once, and nobody else.

    Example: nps-workshop sign-on withdraw anna 2026-01-example
    """
    from npswidgets.store.rights import unname_person

    unname_person(open_engine(database, migrate=True), name, workshop)
    say_done("unnamed", workshop)
    echo(f"{name} may no longer {_what(workshop)}.")


def _what(workshop: str) -> str:
    return f"facilitate {workshop}" if workshop else "start workshops and open all of them"
