"""Rehearsing with simulated people."""

from random import Random

import click

from npswidgets.cli.common import address, database_option, echo, open_engine


@click.command()
@click.argument("workshop")
@click.option(
    "--participants", default=12, show_default=True, type=click.IntRange(1, 200), help="How many people to simulate."
)
@click.option("--session", default="", help="Which session. Default: the first.")
@click.option("--play", is_flag=True, help="Play the facilitator's part too, to the end.")
@click.option(
    "--pace", default=6.0, show_default=True, type=click.FloatRange(0), help="Seconds within which all have voted."
)
@click.option("--seed", default=1, show_default=True, help="The same number gives the same votes.")
@database_option
def rehearse(
    workshop: str, participants: int, session: str, play: bool, pace: float, seed: int, database: str | None
) -> None:
    """Practise with simulated people on a copy of a workshop, while the server runs.

    Example: nps-workshop rehearse 2026-01-example --participants 12
    """
    from npswidgets.addresses import FACILITATE, PROJECT
    from npswidgets.domain.join_code import grouped
    from npswidgets.errors import NotFound
    from npswidgets.rehearsal import Rehearsal, copy_for_rehearsal

    engine = open_engine(database)
    copy = copy_for_rehearsal(engine, workshop)
    session = session or next(iter(copy.codes))
    if session not in copy.codes:
        raise NotFound(f"{workshop} has no session {session!r}. It has: {', '.join(copy.codes)}.")
    base = address(engine)
    echo(f"Facilitator  {FACILITATE.at(base, copy.workshop)}#{copy.facilitator_secret}")
    echo(f"Big screen   {PROJECT.at(base, copy.workshop)}#{copy.projector_secret}")
    echo(f"Join code    {grouped(copy.codes[session])}")
    rehearsal = Rehearsal(engine, copy.workshop, session, participants, pace, Random(seed), echo)
    rehearsal.join()
    if play:
        rehearsal.play()
    else:
        echo("They vote as soon as you start voting. Ctrl+C ends the rehearsal.")
        rehearsal.take_part()
