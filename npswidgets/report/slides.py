"""The slides as one HTML page without network or program: Page Down, or the links, lead from one to the next."""

from npswidgets.report.contents import Report
from npswidgets.report.html import block_html, templates
from npswidgets.report.layout_slides import slides


def slides_page(report: Report) -> str:
    """The slides of a report."""
    shown = [(slide.title, [block_html(block) for block in slide.blocks]) for slide in slides(report)]
    return templates().get_template("slides.html.j2").render(report=report, slides=shown, scale=report.scale)
