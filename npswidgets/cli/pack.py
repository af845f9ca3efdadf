"""Paper for a workshop."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from npswidgets.cli.common import database_option, echo, open_engine, read, settle
from npswidgets.cli.logged import say_done
from npswidgets.domain.ids import file_in
from npswidgets.domain.workshop import Workshop
from npswidgets.report.pack import MOST_SHEETS, PARTS, pack_pdf

if TYPE_CHECKING:
    from npswidgets.report.pack import WaysIn


@click.command()
@click.argument("workshop")
@click.option("--out", default="exports", show_default=True, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--sheets",
    type=click.IntRange(0, MOST_SHEETS),
    help="How many people vote on paper. Default: all who are expected.",
)
@click.option(
    "--part", "parts", multiple=True, type=click.Choice(tuple(PARTS)), help="Only this part; can be given again."
)
@database_option
def pack(workshop: str, out: Path, sheets: int | None, parts: tuple[str, ...], database: str | None) -> None:
    """Write what a workshop needs on paper: table cards, score sheets, question book, run sheet, and the invitation.

    WORKSHOP is an id, or the path of a saved workshop; that one has no join code, so that it gets no table cards.

    Example: nps-workshop pack 2026-01-example --sheets 6
    """
    settle(database, out)
    from npswidgets.report.invitation import invitation
    from npswidgets.store.saved import is_saved
    from npswidgets.whole_file import write_whole

    state = read(workshop, database)
    ways, days = (None, {}) if is_saved(workshop) else _ways_and_days(state, database)
    folder = file_in(out, state.id)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "pack.pdf", pack_pdf(state, ways, sheets, days, parts or PARTS))
    texts = [invitation(state, one, days.get(one.id), _link(ways, one.id)) for one in state.sessions.values()]
    write_whole(folder / "invitation.txt", "\n\n".join(texts) + "\n")
    say_done("exported", state.id)
    echo(folder / "pack.pdf")
    echo(folder / "invitation.txt")
    if parts and "cards" not in parts:
        return
    if ways:
        echo(f"The cards say {ways.address}. Print them again if `nps-workshop serve` names another address.")
    else:
        echo("There are no table cards: start the server in the room once, then the address is known.")


def _ways_and_days(state: Workshop, database: str | None) -> tuple["WaysIn | None", dict[str, date]]:
    """How people get in, which is known once a server has run; and the days of sessions that were made on its pages."""
    from npswidgets.report.pack import WaysIn
    from npswidgets.server.machine.address import join_address
    from npswidgets.store.doors import read_all
    from npswidgets.store.plans import plan_of, slots_of
    from npswidgets.store.wifi import wifi_of

    engine = open_engine(database)
    slots, address = slots_of(plan_of(engine, state.id), state), join_address(engine)
    with engine.connect() as db:
        doors = read_all(db, state.id)
    ways = WaysIn(address, doors, wifi_of(engine)) if address and doors else None
    engine.dispose()
    return ways, {session: slot.date for session, slot in slots.items() if slot.date}


def _link(ways: "WaysIn | None", session: str) -> str:
    from npswidgets.addresses import join_link

    return join_link(ways.address, ways.doors[session].secret) if ways and session in ways.doors else ""
