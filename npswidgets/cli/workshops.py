"""Making workshops, and looking at them."""

from typing import TYPE_CHECKING, Any

import click

from npswidgets.addresses import FACILITATE, PROJECT
from npswidgets.cli.common import TEXT, address, database_option, echo, in_line, open_engine, print_json, read
from npswidgets.domain.days import here
from npswidgets.domain.departments import SMALLEST_SHOWN
from npswidgets.domain.join_code import grouped
from npswidgets.domain.workshop import Workshop

if TYPE_CHECKING:
    from sqlalchemy import Engine


@click.command()
@click.option("--council", type=TEXT, required=True, help="The council's name.")
@click.option(
    "--title", type=TEXT, default="", help="What the workshop asks. Default: what the rubric says, else its title."
)
@click.option("--rubric", default="nps-2018", show_default=True, help="Id or folder of the rubric; a kept one, too.")
@click.option(
    "--anonymity",
    type=click.Choice(["anonymous", "alias", "named"]),
    default="anonymous",
    show_default=True,
    help="How people take part; it cannot be changed later.",
)
@click.option(
    "--department",
    "departments",
    type=TEXT,
    multiple=True,
    help="A department or role that people choose from. Repeat it.",
)
@click.option(
    "--departments-in-reports",
    is_flag=True,
    help=f"Reports show how departments of {SMALLEST_SHOWN} or more voted; it cannot be changed later.",
)
@click.option(
    "--session",
    "sessions",
    type=TEXT,
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
    engine = open_engine(database, migrate=True)
    created = create_workshop(engine, made)
    base = address(engine)
    links = {
        "facilitator": f"{FACILITATE.at(base, created.workshop)}#{created.facilitator_secret}",
        "projector": f"{PROJECT.at(base, created.workshop)}#{created.projector_secret}",
    }
    if as_json:
        print_json({"workshop": created.workshop, "codes": created.codes, "links": links})
        return
    echo(f"Workshop     {created.workshop}")
    echo(f"Facilitator  {links['facilitator']}")
    echo(f"Big screen   {links['projector']}")
    for session, code in created.codes.items():
        echo(f"Join code    {grouped(code)}  ({session})")
    echo("The links are shown once. `nps-workshop serve` opens the workshop; `nps-workshop link` makes a new link.")


@click.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@database_option
def list_(as_json: bool, database: str | None) -> None:
    """List the workshops, the one changed last first.

    Example: nps-workshop list
    """
    from npswidgets.store.workshops import list_workshops

    found = list_workshops(open_engine(database))
    if as_json:
        print_json([vars(one) | {"changed_at": one.changed_at.isoformat()} for one in found])
        return
    for one in found:
        state = "signed off" if one.sealed else ""
        echo(f"{one.id:<42} {here(one.changed_at):%Y-%m-%d %H:%M}  {state:<10}  {in_line(one.council)}")
    if not found:
        echo("There are no workshops yet. Make one with `nps-workshop new`.")


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
        print_json(_state(state))
        return
    echo(f"{in_line(state.council)}: {in_line(state.title)}  ({state.id}, revision {state.revision})")
    echo(f"Signed off as version {state.version}" if state.sealed else "Draft")
    for session in state.sessions.values():
        joined = f"{len(session.inside)} joined"
        scored = f"{state.scored(session.id)} of {len(session.codes)} scored"
        echo(f"\n{in_line(session.title)}: {session.state}, {scored}, {joined}")
        for topic in state.topics_of(session.id):
            name = state.rubric.value_codes[topic.code].display_name
            value = topic.score.value if topic.score else None
            echo(f"  {value or '-'}  {name}  ({topic.status.replace('_', ' ')})")


@click.command()
@click.argument("workshop")
@click.option("--role", type=click.Choice(["facilitator", "projector"]), default="facilitator", show_default=True)
@click.option(
    "--shut-out",
    is_flag=True,
    help="Also shut out every browser that is in by a link of this role. Operators, and who is named, may come back.",
)
@database_option
def link(workshop: str, role: Any, shut_out: bool, database: str | None) -> None:
    """Make a new link; the older one of this role lets nobody in any more, and whoever is in stays.

    Example: nps-workshop link 2026-01-example
    """
    from npswidgets.store.access import new_link

    engine = open_engine(database)
    secret = new_link(engine, workshop, role, shut_out=shut_out)
    page = FACILITATE if role == "facilitator" else PROJECT
    echo(f"{page.at(address(engine), workshop)}#{secret}")
    if shut_out and role == "facilitator" and (back := _who_may_come_back(engine, workshop)):
        echo(back, err=True)


def _who_may_come_back(engine: "Engine", workshop: str) -> str:
    """Who facilitates a workshop by a right of their own; without a name, since a log may hold it."""
    from npswidgets.store.rights import EVERYTHING, named_people, operators

    named = [where for _, where in named_people(engine)]
    ways = (
        (named.count(workshop), "is named for this workshop", "are named for this workshop", "sign-on"),
        (named.count(EVERYTHING), "is named as operator", "are named as operators", "sign-on"),
        (len(operators(engine)), "has an operator's secret", "have an operator's secret", "operator"),
    )
    there = [(f"{number} {one if number == 1 else more}", command) for number, one, more, command in ways if number]
    if not there:
        return ""
    commands = " and ".join(f"`nps-workshop {one} list`" for one in dict.fromkeys(command for _, command in there))
    return f"Not shut out: {', '.join(said for said, _ in there)}. See {commands}; `withdraw` shuts one of them out."


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
                "joined": len(session.inside),
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
