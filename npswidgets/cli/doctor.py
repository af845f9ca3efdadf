"""Whether this computer is ready for a workshop."""

import asyncio
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from npswidgets.cli.common import database_option, echo, print_json
from npswidgets.errors import WorkshopError

if TYPE_CHECKING:
    from npswidgets.server.doctor import Finding


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--url", help="Look from outside at a server that runs there, through the proxy in front of it.")
@database_option
def doctor(as_json: bool, url: str | None, database: str | None) -> None:
    """Say what this computer can do for a workshop, and what to do about what it lacks.

    It ends with 1 if no workshop can run here. Do it on the day before, in the room.

    Example: nps-workshop doctor
    """
    from npswidgets.server.doctor import examine, examine_from_outside
    from npswidgets.server.machine.address import check_can_be_opened

    found: list[Finding] = []

    async def look(address: str) -> None:
        async for one in examine_from_outside(address):
            found.append(one)
            _say([one] if not as_json else [])

    if url:
        check_can_be_opened(url)
        asyncio.run(look(url))
    else:
        found.extend(examine(database))
        _say(found if not as_json else [])
    if as_json:
        print_json([asdict(one) for one in found])
    lacks = [one.what.lower() for one in found if one.todo and one.needed and one.what]
    if lacks:
        subject = "That server" if url else "This computer"
        raise WorkshopError(f"{subject} is not ready for a workshop: {' and '.join(lacks)}.")


def _say(findings: "Iterable[Finding]") -> None:
    for one in findings:
        echo(f"{'look' if one.todo else 'ok':<6}{one.what:<18}{one.says}")
        if one.todo:
            echo(f"{'':<24}{one.todo}")
