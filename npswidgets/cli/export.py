"""Writing reports."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from npswidgets.cli.common import chosen_formats, collect_seldom, database_option, echo, open_engine, print_json, settle
from npswidgets.cli.logged import say_done
from npswidgets.errors import ExportFailed
from npswidgets.report.formats import BUNDLE, FORMATS

if TYPE_CHECKING:
    from npswidgets.report.exports import Step
    from npswidgets.store.saved import Archive


@click.command()
@click.argument("workshop")
@click.option("--to", "formats", metavar="FORMAT,...", default="all", show_default=True, help="What to make.")
@click.option(
    "--out", default="exports", show_default=True, type=click.Path(file_okay=False, path_type=Path), help="Where to."
)
@click.option("--earlier", metavar="WORKSHOP", help="One that was signed off, to show its scores beside.")
@click.option("--other-council", is_flag=True, help="The earlier workshop may be of another council.")
@click.option(
    "--map",
    "edition_map",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="What became of the earlier workshop's topics in this rubric, as rubric diff --map writes it.",
)
@click.option("--radar", is_flag=True, help="Show the weakest score of each key area as a shape, too.")
@click.option("--zip", "together", is_flag=True, help="Write all files as one ZIP file, too.")
@click.option("--benchmark", metavar="FILE", help="Figures to show beside: CSV or Excel with code and score.")
@click.option("--json", "as_json", is_flag=True, help="Print each step as a line of JSON.")
@database_option
def export(
    workshop: str,
    formats: str,
    out: Path,
    earlier: str | None,
    other_council: bool,
    edition_map: Path | None,
    radar: bool,
    together: bool,
    benchmark: str | None,
    as_json: bool,
    database: str | None,
) -> None:
    """Write a workshop's reports; prints the files. WORKSHOP is an id, or the path of a saved workshop.

    The saved workshop is written, too: the notebook runs on it, so that whoever has the folder can run it again.

    Example: nps-workshop export sessions/example.jsonl --to html
    """
    settle(database, out)
    from npswidgets.report.earlier import check_council
    from npswidgets.report.exports import export as export_all

    if edition_map and not earlier:
        raise click.UsageError("--map says what became of an earlier workshop's topics. Name that: --earlier.")
    collect_seldom()
    wanted = tuple(FORMATS) if formats.strip().casefold() == "all" else chosen_formats(formats, FORMATS)
    archive = _saved(workshop, database)
    before = _saved(earlier, database) if earlier else None
    if before and not other_council:
        check_council(archive.workshop, before.workshop)
    with ExitStack() as stack:
        told = _print_json if as_json else _Bar(stack)
        made = export_all(
            archive,
            wanted,
            out,
            told,
            earlier=before,
            radar=radar,
            together=together,
            benchmark=benchmark,
            edition_map=edition_map,
        )
    if not as_json:
        for step in made:
            if step.file:
                echo(step.file)
        for lacking in dict.fromkeys(step.reason for step in made if step.state == "done" and step.reason):
            echo(lacking, err=True)
    say_done("exported", archive.workshop.id)
    _report_failures(made)


def _saved(workshop: str, database: str | None) -> "Archive":
    """The saved form of a workshop."""
    from npswidgets.store.saved import is_saved, read_archive

    if is_saved(workshop):
        return read_archive(workshop)
    from npswidgets.store.archive import stored_archive

    engine = open_engine(database)
    try:
        return stored_archive(engine, workshop)
    finally:
        engine.dispose()


class _Bar:
    """A progress bar on the terminal; none if the output goes elsewhere."""

    def __init__(self, stack: ExitStack) -> None:
        from tqdm import tqdm

        self._bar = stack.enter_context(tqdm(disable=None, leave=False, bar_format="{desc:<18} {bar} {n}/{total}"))

    def __call__(self, step: "Step") -> None:
        self._bar.total = step.steps
        self._bar.set_description_str(_name(step.format), refresh=False)
        self._bar.update()


def _name(format_: str) -> str:
    if format_ in FORMATS:
        return FORMATS[format_].name
    return "file with all files" if format_ == BUNDLE else "saved workshop"


def _print_json(step: "Step") -> None:
    print_json(asdict(step), indent=None)


def _report_failures(made: "Sequence[Step]") -> None:
    failed = [f"The {_name(step.format)} was not made: {step.reason}" for step in made if step.state == "failed"]
    if failed:
        raise ExportFailed("\n".join([*failed, "The other files are ready."]))
