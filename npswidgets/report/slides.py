"""The slides as one HTML page, which loads nothing: arrow keys, Page Down, or the links, lead from one to the next."""

from base64 import b64encode
from functools import cache
from hashlib import sha256

from markupsafe import Markup

from npswidgets.report.contents import Report
from npswidgets.report.html import TEMPLATES, block_html, templates
from npswidgets.report.layout_slides import slides


def slides_page(report: Report) -> str:
    """The slides of a report. Of programs the page runs its own and no other, which it knows by its digest."""
    shown = [(slide.title, [block_html(block) for block in slide.blocks]) for slide in slides(report)]
    script, digest = _script()
    page = templates().get_template("slides.html.j2")
    return page.render(report=report, slides=shown, scale=report.scale, script=script, digest=digest)


@cache
def _script() -> tuple[Markup, str]:
    text = (TEMPLATES / "slides.js").read_text(encoding="utf-8")
    return Markup(text), b64encode(sha256(text.encode()).digest()).decode()
