"""The report as one HTML page, which loads nothing; and the templates of all HTML pages that are exported."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from npswidgets.report.addresses import pieces
from npswidgets.report.contents import Report
from npswidgets.report.pictures import department_charts, gap_chart, heat_map, profile, radar

if TYPE_CHECKING:
    from npswidgets.report.added import Addition

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "report"


@dataclass(frozen=True)
class Shown:
    """A chart as SVG, in which all words are escaped, and the sentence that says what it shows."""

    svg: Markup
    says: str


@cache
def templates() -> Environment:
    """They escape everything; charts, and the Markdown that was made harmless, are the only exceptions."""
    loader = FileSystemLoader(TEMPLATES)
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["linked"] = linked
    return made


def linked(text: str) -> Markup:
    """The text, escaped, in which addresses are links."""
    link = Markup('<a href="{0}" rel="noreferrer">{0}</a>')
    return Markup("").join(link.format(piece.text) if piece.linked else piece.text for piece in pieces(text))


def html_page(report: Report, additions: "Sequence[Addition]" = ()) -> str:
    """The page of a report; `additions` are what people added to the session notebook."""
    page = templates().get_template("report.html.j2")
    return page.render(report=report, pictures=_pictures(report), additions=additions)


def _pictures(report: Report) -> dict[str, Shown]:
    """The charts by name: "" is the profile of the whole workshop, those of its themes have the theme's id."""
    themes = [theme.id for theme in report.themes] if len(report.themes) > 1 else []
    pictures = {"": profile(report)} | {theme: profile(report, theme) for theme in themes}
    if any(code.rounds for _, _, code in report.codes):
        pictures["votes"] = heat_map(report)
    if report.radar:
        pictures["radar"] = radar(report)
    if report.gaps:
        pictures["gaps"] = gap_chart(report)
    pictures |= {f"departments-{code.id}": chart for code, chart in department_charts(report)}
    return {name: Shown(Markup(chart.svg()), chart.says) for name, chart in pictures.items()}
