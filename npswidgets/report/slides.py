"""The slides as one HTML page without network or program: Page Down, or the links, lead from one to the next."""

from markupsafe import Markup

from npswidgets.report.contents import Report
from npswidgets.report.html import templates
from npswidgets.report.layout import Block, Picture
from npswidgets.report.layout_slides import slides


def slides_page(report: Report) -> str:
    """The slides of a report."""
    shown = [(slide.title, [_block(block) for block in slide.blocks]) for slide in slides(report)]
    return templates().get_template("slides.html.j2").render(report=report, slides=shown)


def _block(block: Block) -> tuple[str, Block | Markup]:
    """Its kind, and the block itself; of a chart the SVG, in which all words are escaped."""
    if isinstance(block, Picture) and block.chart:
        return "Picture", Markup(block.chart.svg())
    return type(block).__name__, block
