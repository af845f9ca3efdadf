"""The slides as one HTML page without network or program: Page Down, or the links, lead from one to the next."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbformat import NotebookNode

from npswidgets.report.exporter import FileExporter
from npswidgets.report.html import TEMPLATES
from npswidgets.report.layout import Block, Picture
from npswidgets.report.layout_slides import slides
from npswidgets.report.notebook import carried_report


class NpsSlidesExporter(FileExporter):
    """Renders the report that a session notebook carries."""

    export_from_notebook = "Workshop slides (HTML)"
    output_mimetype = "text/html"
    ending = ".slides.html"

    def render(self, notebook: NotebookNode) -> str:
        """The page."""
        return slides_page(notebook)


def slides_page(notebook: NotebookNode) -> str:
    """The slides of a session notebook.

    Raises:
        ExportFailed: the notebook carries no report.
    """
    report = carried_report(notebook)
    shown = [(slide.title, [_block(block) for block in slide.blocks]) for slide in slides(report)]
    return block_templates().get_template("slides.html.j2").render(report=report, slides=shown)


def block_templates() -> Environment:
    """The templates of pages made of blocks; they escape everything."""
    loader = FileSystemLoader(TEMPLATES / "nps")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _block(block: Block) -> tuple[str, Block | Markup]:
    """Its kind, and the block itself; of a chart the SVG, in which all words are escaped."""
    if isinstance(block, Picture) and block.chart:
        return "Picture", Markup(block.chart.svg())
    return type(block).__name__, block
