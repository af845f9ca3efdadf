"""The report as one HTML page, through nbconvert: `jupyter nbconvert --to nps_html`, and JupyterLab's export menu."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode
from traitlets import default

from npswidgets.report.added import additions
from npswidgets.report.contents import Report
from npswidgets.report.notebook import carried_report

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "nbconvert"


@dataclass(frozen=True)
class Shown:
    """A chart as SVG, in which all words are escaped, and the sentence that says what it shows."""

    svg: Markup
    says: str


class NpsHtmlExporter(TemplateExporter):
    """Renders the report that a session notebook carries, and what people added to the notebook below it.

    The template escapes everything; the charts and the Markdown that was made harmless are the only exceptions.
    """

    export_from_notebook = "Workshop report (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "nps"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.autoescape = True
        environment.undefined = StrictUndefined
        environment.trim_blocks = environment.lstrip_blocks = True
        return environment

    def from_notebook_node(  # type: ignore[override]  # a template's result is text, as in the class above
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page, and nbconvert's resources.

        Raises:
            ExportFailed: the notebook carries no report.
        """
        report = carried_report(nb)
        shown = {"report": report, "pictures": _pictures(report), "additions": additions(nb)}
        return super().from_notebook_node(nb, {**(resources or {}), **shown}, **kw)


def html_page(notebook: NotebookNode) -> str:
    """The page of a session notebook.

    Raises:
        ExportFailed: the notebook carries no report.
    """
    html, _ = NpsHtmlExporter().from_notebook_node(notebook)  # type: ignore[no-untyped-call]
    return html


def _pictures(report: Report) -> dict[str, Shown]:
    """The charts by name: "" is the profile of the whole workshop, those of its themes have the theme's id."""
    # JupyterLab imports all exporters to list them, and matplotlib is slow to import.
    from npswidgets.report.pictures import department_charts, gap_chart, heat_map, profile

    themes = [theme.id for theme in report.themes] if len(report.themes) > 1 else []
    pictures = {"": profile(report)} | {theme: profile(report, theme) for theme in themes}
    if any(code.rounds for _, _, code in report.codes):
        pictures["votes"] = heat_map(report)
    if report.gaps:
        pictures["gaps"] = gap_chart(report)
    pictures |= {f"departments-{code.id}": chart for code, chart in department_charts(report)}
    return {name: Shown(Markup(chart.svg()), chart.says) for name, chart in pictures.items()}
