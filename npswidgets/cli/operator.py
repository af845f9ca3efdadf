"""Operators, where a server is hosted: who may start workshops and open each of them."""

import click

from npswidgets.cli.common import TEXT, address, database_option, echo, open_engine
from npswidgets.cli.logged import say_done

NAME = click.argument("name", type=TEXT)


@click.group()
def operator() -> None:
    """Say who may start workshops and open all of them, each by a secret of their own.

    Example: nps-workshop operator list
    """


@operator.command()
@NAME
@database_option
def new(name: str, database: str | None) -> None:
    """Make an operator; prints their secret, which is shown this once.

    Example: nps-workshop operator new anna
    """
    from npswidgets.addresses import START
    from npswidgets.store.access import stored_value
    from npswidgets.store.rights import checked_name, new_operator

    engine = open_engine(database, migrate=True)
    secret = new_operator(engine, name)
    say_done("operator-made")
    where = START.at(address(engine))
    echo(f"Secret of {checked_name(name)}   {secret}")
    if stored_value(engine, "mode") == "hosted":
        echo(f"Or as a link   {where}#{secret}")
    else:  # an address of before is the laptop's, or nobody's
        where = f"{START.of()}, below the address that `nps-workshop serve --url` says"
    echo(f"It is shown this once, and opens every workshop at {where}: give it to nobody else.")


@operator.command("list")
@database_option
def list_(database: str | None) -> None:
    """List the operators who have a secret, and since when.

    Example: nps-workshop operator list
    """
    from npswidgets.store.rights import operators

    for name, day in operators(open_engine(database, migrate=True)):
        echo(f"{name}   since {day}")


@operator.command()
@NAME
@database_option
def withdraw(name: str, database: str | None) -> None:
    """Withdraw an operator's secret: whoever is in by it is out at once, and nobody else.

    Example: nps-workshop operator withdraw anna
    """
    from npswidgets.store.rights import withdraw_operator

    withdraw_operator(open_engine(database, migrate=True), name)
    say_done("operator-withdrawn")
    echo(f"{name.strip()} is no operator any more, and pages that this secret has opened close.")
