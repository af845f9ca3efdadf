"""Checking and showing rubrics."""

from collections.abc import Iterator

import click

from npswidgets.cli.common import echo, print_json
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.spreadsheets import taken_for
from npswidgets.errors import RubricFaults

rubric_argument = click.argument("path", default="nps-2018")


@click.group()
def rubric() -> None:
    """Check or show what a workshop scores.

    Example: nps-workshop rubric check
    """


@rubric.command()
@rubric_argument
def check(path: str) -> None:
    """Check the rubric in the folder PATH (or with this id; default nps-2018); prints all mistakes at once.

    Example: nps-workshop rubric check rubric/nps-2018
    """
    from npswidgets.store.rubric_files import load_rubric

    try:
        found = load_rubric(path)
    except RubricFaults as error:
        raise click.ClickException(f"{_count(len(error.faults), 'mistake')} in {path}\n{error}") from error
    statements = sum(len(texts) for code in found.value_codes.values() for texts in code.levels.values())
    echo(
        f"{found.id} is complete: {_count(len(found.themes), 'theme')}, {_count(len(found.key_areas), 'key area')}, "
        f"{_count(len(found.value_codes), 'value code')}, {_count(statements, 'statement')}."
    )
    for line in _warnings(found):
        echo(line, err=True)


def _warnings(found: Rubric) -> Iterator[str]:
    """A line for each id that does not stay as it is in a spreadsheet, and what to do about them."""
    ids = [("rubric", found.id), *(("theme", theme.id) for theme in found.themes)]
    ids += [("key area", area.id) for area in found.key_areas] + [("value code", code) for code in found.value_codes]
    taken = [(what, id_, kind) for what, id_ in ids if (kind := taken_for(id_))]
    yield from (f'Warning: {what} "{id_}": spreadsheets take this id for {kind}' for what, id_, kind in taken)
    if taken:
        yield (
            "The files of the toolkit keep such ids; a table of your own may lose them. Better are ids of words, "
            f'such as "topic-{taken[0][1]}", as long as no workshop has used the rubric.'
        )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


@rubric.command()
@rubric_argument
@click.option("--json", "as_json", is_flag=True, help="Print everything, as JSON.")
def show(path: str, as_json: bool) -> None:
    """Show the rubric in the folder PATH (or with this id; default nps-2018): its themes, key areas and value codes.

    Example: nps-workshop rubric show --json
    """
    from npswidgets.store.rubric_files import load_rubric, rubric_to_json

    found = load_rubric(path)
    if as_json:
        print_json(rubric_to_json(found))
    else:
        echo("\n".join(_overview(found)))


def _overview(found: Rubric) -> Iterator[str]:
    """The lines of a page that names every part of the rubric with its id."""
    yield f"{found.title} ({found.id}, version {found.version})"
    yield found.source
    yield "Levels: " + ", ".join(str(level) for level in found.levels)
    for theme in found.themes:
        yield f"\n{theme.name} [{theme.id}]"
        for area in theme.key_areas:
            yield f"  {area.name} [{area.id}]"
            yield from (f"    {code.display_name} [{code.id}]" for code in area.value_codes)
