"""Making workshops, looking at them, saving them, signing them off."""

import json
from pathlib import Path
from random import Random
from typing import Any

import click
from sqlalchemy import Engine

from npswidgets.domain.workshop import Workshop

database_option = click.option(
    "--database",
    metavar="URL",
    help="The database, as SQLAlchemy reads it. Default: NPS_DATABASE, or sessions/workshops.db.",
)


@click.command()
@click.option("--council", required=True, help="The council's name.")
@click.option("--title", default="", help="What the workshop asks. Default: How good is our procurement?")
@click.option("--rubric", default="nps-2018", show_default=True, help="Id or folder of the rubric.")
@click.option(
    "--anonymity",
    type=click.Choice(["anonymous", "alias", "named"]),
    default="anonymous",
    show_default=True,
    help="How people take part; it cannot be changed later.",
)
@click.option(
    "--department", "departments", multiple=True, help="A department or role that people choose from. Repeat it."
)
@click.option(
    "--session",
    "sessions",
    multiple=True,
    metavar='"TITLE=THEME[,THEME OR KEY AREA]"',
    help="A session and what it scores. Repeat it. Default: a session a theme.",
)
@click.option("--people", default=0, metavar="N", help="How many people are expected.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@database_option
def new(as_json: bool, database: str | None, sessions: tuple[str, ...], people: int, **said: Any) -> None:
    """Make a workshop; prints its id, its links and its join codes.

    Example: nps-workshop new --council "Example County Council" --session "Leadership=showing-leadership"
    """
    from npswidgets.store.workshops import NewWorkshop, create_workshop

    planned = tuple(_session(text) for text in sessions)
    made = NewWorkshop(**said, sessions=planned, people_expected=people)
    engine = _open(database, migrate=True)
    created = create_workshop(engine, made)
    base = _address(engine)
    links = {
        "facilitator": f"{base}/facilitate/{created.workshop}#{created.facilitator_secret}",
        "projector": f"{base}/project/{created.workshop}#{created.projector_secret}",
    }
    if as_json:
        _print_json({"workshop": created.workshop, "codes": created.codes, "links": links})
        return
    click.echo(f"Workshop     {created.workshop}")
    click.echo(f"Facilitator  {links['facilitator']}")
    click.echo(f"Big screen   {links['projector']}")
    for session, code in created.codes.items():
        click.echo(f"Join code    {code[:3]} {code[3:]}  ({session})")
    click.echo(
        "The links are shown once. `nps-workshop serve` opens the workshop; `nps-workshop link` makes a new link."
    )


@click.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@database_option
def list_(as_json: bool, database: str | None) -> None:
    """List the workshops, the one changed last first.

    Example: nps-workshop list
    """
    from npswidgets.store.workshops import list_workshops

    found = list_workshops(_open(database))
    if as_json:
        _print_json([vars(one) | {"changed_at": one.changed_at.isoformat()} for one in found])
        return
    for one in found:
        click.echo(
            f"{one.id:<42} {one.changed_at:%Y-%m-%d %H:%M}  {'signed off' if one.sealed else '':<10}  {one.council}"
        )
    if not found:
        click.echo("There are no workshops yet. Make one with `nps-workshop new`.")


@click.command()
@click.argument("workshop")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@database_option
def show(workshop: str, as_json: bool, database: str | None) -> None:
    """Show the state of a workshop, by session. WORKSHOP is an id, or the path of a saved workshop.

    Example: nps-workshop show sessions/example.jsonl
    """
    state = read(workshop, database)
    if as_json:
        _print_json(_state(state))
        return
    click.echo(f"{state.council}: {state.title}  ({state.id}, revision {state.revision})")
    click.echo(f"Signed off as version {state.version}" if state.sealed else "Draft")
    for session in state.sessions.values():
        joined = f"{len(session.participants)} joined"
        scored = f"{state.scored(session.id)} of {len(session.codes)} scored"
        click.echo(f"\n{session.title}: {session.state}, {scored}, {joined}")
        for topic in state.topics_of(session.id):
            name = state.rubric.value_codes[topic.code].display_name
            value = topic.score.value if topic.score else None
            click.echo(f"  {value or '-'}  {name}  ({topic.status.replace('_', ' ')})")


@click.command()
@click.argument("workshop")
@click.option("--role", type=click.Choice(["facilitator", "projector"]), default="facilitator", show_default=True)
@database_option
def link(workshop: str, role: Any, database: str | None) -> None:
    """Make a new link; the older one of this role stops working.

    Example: nps-workshop link 2026-01-example
    """
    from npswidgets.store.access import new_link

    engine = _open(database)
    secret = new_link(engine, workshop, role)
    click.echo(f"{_address(engine)}/{'facilitate' if role == 'facilitator' else 'project'}/{workshop}#{secret}")


@click.command()
@click.argument("workshop")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@database_option
def archive(workshop: str, file: Path | None, database: str | None) -> None:
    """Save a workshop to a file, by default sessions/WORKSHOP.jsonl.

    Example: nps-workshop archive 2026-01-example
    """
    from npswidgets.store.archive import verify, write_archive

    saved = write_archive(_open(database), workshop, file or Path("sessions") / f"{workshop}.jsonl")
    click.echo(f"{saved}  {verify(saved)}")


@click.command(name="import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@database_option
def import_(file: Path, database: str | None) -> None:
    """Bring a saved workshop into the database; prints its id.

    Example: nps-workshop import sessions/example.jsonl
    """
    from npswidgets.store.archive import import_archive

    click.echo(import_archive(_open(database, migrate=True), file))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--digest", metavar="HEX", help="The digest that a report shows, to compare with.")
def verify(file: Path, digest: str | None) -> None:
    """Check a saved workshop line by line; prints its digest.

    Example: nps-workshop verify sessions/example.jsonl
    """
    from npswidgets.errors import ArchiveFault
    from npswidgets.store.archive import verify as verified

    found = verified(file)
    if digest and digest.strip().lower() != found:
        raise ArchiveFault(f"{file}: the digest is {found}, not {digest}. The report was made from another record.")
    click.echo(found)


@click.command()
@click.argument("workshop")
@click.option("--role", default="Facilitator", show_default=True, help="The role (job title) that signs off.")
@database_option
def seal(workshop: str, role: str, database: str | None) -> None:
    """Sign off a workshop and lock it.

    Example: nps-workshop seal 2026-01-example --role "Head of procurement"
    """
    from npswidgets.domain.events import Words, WorkshopSealed

    store = _facilitator(workshop, database)
    state = store.record(WorkshopSealed(store.workshop.version + 1, Words(role)))
    click.echo(f"{workshop} is signed off as version {state.version}.")


@click.command()
@click.argument("workshop")
@click.option("--reason", required=True, help="Why it is opened again; it stays in the record.")
@database_option
def reopen(workshop: str, reason: str, database: str | None) -> None:
    """Open a signed-off workshop again; the signed-off version stays in the record.

    Example: nps-workshop reopen 2026-01-example --reason "A comment was missing"
    """
    from npswidgets.domain.events import Words, WorkshopReopened

    _facilitator(workshop, database).record(WorkshopReopened(Words(reason)))
    click.echo(f"{workshop} is open again.")


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
    from npswidgets.errors import NotFound
    from npswidgets.rehearsal import Rehearsal, copy_for_rehearsal

    engine = _open(database)
    copy = copy_for_rehearsal(engine, workshop)
    session = session or next(iter(copy.codes))
    if session not in copy.codes:
        raise NotFound(f"{workshop} has no session {session!r}. It has: {', '.join(copy.codes)}.")
    base = _address(engine)
    click.echo(f"Facilitator  {base}/facilitate/{copy.workshop}#{copy.facilitator_secret}")
    click.echo(f"Big screen   {base}/project/{copy.workshop}#{copy.projector_secret}")
    click.echo(f"Join code    {copy.codes[session][:3]} {copy.codes[session][3:]}")
    rehearsal = Rehearsal(engine, copy.workshop, session, participants, pace, Random(seed), click.echo)
    rehearsal.join()
    if play:
        rehearsal.play()
    else:
        click.echo("They vote as soon as you start voting. Ctrl+C ends the rehearsal.")
        rehearsal.take_part()


def read(workshop: str, database: str | None) -> Workshop:
    """The workshop of this id, or the one saved in this file.

    Raises:
        NotFound, StoreFault, ArchiveFault: there is none that can be read.
    """
    if Path(workshop).suffix == ".jsonl":
        from npswidgets.store.archive import read_archive

        return read_archive(workshop).workshop
    from npswidgets.store.workshops import read_workshop

    return read_workshop(_open(database), workshop)


def _open(database: str | None, *, migrate: bool = False) -> Engine:
    from npswidgets.store.database import open_database

    return open_database(database, migrate=migrate)


def _facilitator(workshop: str, database: str | None) -> Any:
    from npswidgets.domain.actor import Actor
    from npswidgets.store.workshop_store import WorkshopStore

    return WorkshopStore(_open(database), Actor(workshop, "facilitator"))


def _address(engine: Engine) -> str:
    from npswidgets.store.access import known_server_value

    return known_server_value(engine, "address") or "http://127.0.0.1:8866"


def _session(text: str) -> tuple[str, tuple[str, ...]]:
    title, separator, parts = text.partition("=")
    if not separator or not title.strip() or not parts.strip():
        raise click.BadParameter(f"{text!r} is not of the form TITLE=THEME[,THEME OR KEY AREA]", param_hint="--session")
    return title.strip(), tuple(part.strip() for part in parts.split(","))


def _state(workshop: Workshop) -> dict[str, Any]:
    return {
        "workshop": workshop.id,
        "council": workshop.council,
        "title": workshop.title,
        "revision": workshop.revision,
        "head": workshop.head,
        "version": workshop.version,
        "sealed": workshop.sealed,
        "sessions": [
            {
                "session": session.id,
                "title": session.title,
                "state": session.state,
                "joined": len(session.participants),
                "topics": [_topic(workshop, code) for code in session.codes],
            }
            for session in workshop.sessions.values()
        ],
    }


def _topic(workshop: Workshop, code: str) -> dict[str, Any]:
    topic = workshop.topics[code]
    return {
        "code": code,
        "name": workshop.rubric.value_codes[code].display_name,
        "status": topic.status,
        "score": topic.score.value if topic.score else None,
        "comment": topic.note("comment"),
        "rounds": [{"round": one.number, "counts": one.counts} for one in topic.shown],
    }


def _print_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))
