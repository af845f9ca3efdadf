"""Whether this computer is ready for a workshop."""

import asyncio
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from npswidgets.cli.common import database_option, echo, print_json
from npswidgets.cli.configured import keys, said_where
from npswidgets.cli.serve import check_together, serve
from npswidgets.errors import WorkshopError
from npswidgets.settings import NPS_PREFIX

if TYPE_CHECKING:
    from npswidgets.server.doctor import Finding, ServerSettings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="NPS_CONFIG",
    show_envvar=True,
    metavar="FILE",
    help="The file of settings that the server is started with.",
)
@click.option("--url", help="Look from outside at a server that runs there, through the proxy in front of it.")
@database_option
def doctor(as_json: bool, config: Path | None, url: str | None, database: str | None) -> None:
    """Say what this computer can do for a workshop, and what to do about what it lacks.

    It ends with 1 if no workshop can run here. Do it on the day before, in the room. It looks at the settings that the
    server would take, from the environment and the file.

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
        there, given = settings_of_server(config)
        found.extend(examine(database or there, given))
        _say(found if not as_json else [])
    if as_json:
        print_json([asdict(one) for one in found])
    lacks = [one.what.lower() for one in found if one.todo and one.needed and one.what]
    if lacks:
        subject = "That server" if url else "This computer"
        raise WorkshopError(f"{subject} is not ready for a workshop: {' and '.join(lacks)}.")


def settings_of_server(config: Path | None) -> tuple[str | None, "ServerSettings"]:
    """The database and the rest of what `serve` would be called with here and now; where it would not, why."""
    from npswidgets.addresses import below, root
    from npswidgets.server.doctor import ServerSettings

    try:
        context = serve.make_context("serve", ["--config", str(config)] if config else [])
        check_together(context)
        taken = context.params
        os.environ[NPS_PREFIX] = below(taken["prefix"] or "/")
    except click.ClickException as wrong:
        return None, ServerSettings(said=True, wrong=wrong.format_message())
    except WorkshopError as wrong:
        return None, ServerSettings(said=True, wrong=str(wrong))
    return taken["database"], ServerSettings(
        said=config is not None or any(said_where(context, one) for one in keys(serve) - {"database"}),
        url=taken["url"],
        behind=tuple(taken["behind"]),
        socket=taken["socket_path"],
        header=taken["sign_on"],
        below=root() != "/",
        most_memory=taken["most_memory"],
    )


def _say(findings: "Iterable[Finding]") -> None:
    for one in findings:
        echo(f"{'look' if one.todo else 'ok':<6}{one.what:<18}{one.says}")
        if one.todo:
            echo(f"{'':<24}{one.todo}")
