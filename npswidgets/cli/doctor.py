"""Whether this computer is ready for a workshop."""

from dataclasses import asdict

import click

from npswidgets.cli.common import database_option, echo, print_json
from npswidgets.errors import WorkshopError


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@database_option
def doctor(as_json: bool, database: str | None) -> None:
    """Say what this computer can do for a workshop, and what to do about what it lacks.

    It ends with 1 if no workshop can run here. Do it on the day before, in the room.

    Example: nps-workshop doctor
    """
    from npswidgets.server.doctor import examine

    found = examine(database)
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        for one in found:
            echo(f"{'look' if one.todo else 'ok':<6}{one.what:<18}{one.says}")
            if one.todo:
                echo(f"{'':<24}{one.todo}")
    lacks = [one.what.lower() for one in found if one.todo and one.needed and one.what]
    if lacks:
        raise WorkshopError(f"This computer is not ready for a workshop: {' and '.join(lacks)}.")
