"""Paper for a workshop."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from npswidgets.cli.common import database_option, echo, open_engine, read
from npswidgets.domain.ids import file_in
from npswidgets.domain.workshop import Workshop

if TYPE_CHECKING:
    from npswidgets.report.pack import Door


@click.command()
@click.argument("workshop")
@click.option("--out", default="exports", show_default=True, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--sheets", type=click.IntRange(0, 500), help="How many people vote on paper. Default: all who are expected."
)
@database_option
def pack(workshop: str, out: Path, sheets: int | None, database: str | None) -> None:
    """Write what a workshop needs on paper: table cards, score sheets, question book, run sheet, and the invitation.

    WORKSHOP is an id, or the path of a saved workshop; that one has no join code, so that it gets no table cards.

    Example: nps-workshop pack 2026-01-example --sheets 6
    """
    from npswidgets.report.invitation import invitation
    from npswidgets.report.pack import pack_pdf
    from npswidgets.store.saved import is_saved

    state = read(workshop, database)
    door, day = (None, None) if is_saved(workshop) else _door_and_day(state, database)
    folder = file_in(out, state.id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.pdf").write_bytes(pack_pdf(state, door, sheets, day))
    texts = [invitation(state, one, day, _link(door, one.id)) for one in state.sessions.values()]
    (folder / "invitation.txt").write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    echo(folder / "pack.pdf")
    echo(folder / "invitation.txt")
    if door:
        echo(f"The cards say {door.address}. Print them again if `nps-workshop serve` names another address.")
    else:
        echo("There are no table cards: start the server in the room once, then the address is known.")


def _door_and_day(state: Workshop, database: str | None) -> tuple["Door | None", date | None]:
    """How people get in, which is known once a server has run; and the day, if the workshop was made on its page."""
    from npswidgets.report.pack import Door
    from npswidgets.server.address import join_address
    from npswidgets.server.plan import plan_of, to_date
    from npswidgets.store.access import join_code
    from npswidgets.store.wifi import wifi_of

    engine = open_engine(database)
    plan, address = plan_of(engine, state.id), join_address(engine)
    with engine.connect() as db:
        codes = {session: join_code(db, state.id, session) for session in state.sessions}
    known = {session: code for session, code in codes.items() if code}
    door = Door(address, known, wifi_of(engine)) if address and known else None
    engine.dispose()
    return door, to_date(plan.day) if plan else None


def _link(door: "Door | None", session: str) -> str:
    return f"{door.address}/join/{door.codes[session]}" if door and session in door.codes else ""
