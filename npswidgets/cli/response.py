"""Writing the response report and the question book."""

from pathlib import Path

import click

from npswidgets.cli.common import chosen_formats, collect_seldom, database_option, echo, read, settle
from npswidgets.cli.logged import say_done
from npswidgets.domain.ids import file_in
from npswidgets.errors import ExportFailed
from npswidgets.report.formats import DOCUMENT_FORMATS


@click.command()
@click.argument("workshop")
@click.option(
    "--to", "formats", metavar="FORMAT,...", default=",".join(DOCUMENT_FORMATS), show_default=True, help="What to make."
)
@click.option("--blank", is_flag=True, help="The question book: all statements, and nothing chosen.")
@click.option(
    "--out", default="exports", show_default=True, type=click.Path(file_okay=False, path_type=Path), help="Where to."
)
@database_option
def response(workshop: str, formats: str, blank: bool, out: Path, database: str | None) -> None:
    """Write a workshop's answers in the layout of the diagnostic; prints the files.

    WORKSHOP is an id, or the path of a saved workshop. "(draft)" stands in every title until it is signed off.

    Example: nps-workshop response sessions/example.jsonl --to pdf
    """
    settle(database, out)
    from npswidgets.report.documents import write_document
    from npswidgets.report.layout_response import response_document
    from npswidgets.report.make import make_report

    collect_seldom()
    wanted = chosen_formats(formats, DOCUMENT_FORMATS)
    found = read(workshop, database)
    stem = file_in(file_in(out, found.id), found.id, "-questions" if blank else "-response")
    made = write_document(response_document(make_report(found), blank=blank), wanted, stem)
    for step in made:
        if step.file:
            echo(step.file)
            if step.reason:
                echo(step.reason, err=True)
    say_done("exported", found.id)
    failed = [f"{step.format} was not made: {step.reason}" for step in made if step.state == "failed"]
    if failed:
        raise ExportFailed("\n".join(failed))
