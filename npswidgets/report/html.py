"""Documents as HTML pages, which load nothing; and the templates of all HTML pages that are exported."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from npswidgets.report.addresses import pieces
from npswidgets.report.contents import Report
from npswidgets.report.layout import Addition, Block, Cell, Document, Heading, NewPage, OnScreen, Picture
from npswidgets.report.layout_report import report_document
from npswidgets.report.phrases import shortened

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "report"


@cache
def templates() -> Environment:
    """They escape everything; charts, and the Markdown that was made harmless, are the only exceptions."""
    loader = FileSystemLoader(TEMPLATES)
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"linked": linked, "cell": _cell, "drawn": _drawn, "shortened": shortened}
    return made


def linked(text: str) -> Markup:
    """The text, escaped, in which addresses are links."""
    link = Markup('<a href="{0}" rel="noreferrer">{0}</a>')
    return Markup("").join(link.format(piece.text) if piece.linked else piece.text for piece in pieces(text))


def html_page(report: Report, additions: Sequence[Addition] = ()) -> str:
    """The page of a report; `additions` are what people added to the session notebook."""
    return to_html(report_document(report, additions))


def to_html(document: Document) -> str:
    """The document as one page."""
    blocks = tuple(_all_of(document.blocks, count(1)))
    page = templates().get_template("document.html.j2")
    return page.render(
        document=document, contents=_contents(blocks), body=Markup("").join(_body(blocks)), scale=document.scale
    )


def block_html(block: Block) -> Markup:
    """A block alone, which the macro draws that has the name of its kind."""
    drawn: Markup = getattr(_macros(), type(block).__name__)(block)
    return drawn


@cache
def _macros() -> object:
    return templates().get_template("blocks.html.j2").module


def _all_of(blocks: Iterable[Block], numbers: Iterator[int]) -> Iterator[Block]:
    """The blocks with those that only a screen shows; each heading has an anchor."""
    for block in blocks:
        if isinstance(block, OnScreen):
            yield from _all_of(block.blocks(), numbers)
        elif isinstance(block, Heading) and not block.anchor:
            yield replace(block, anchor=f"part-{next(numbers)}")
        else:
            yield block


def _contents(blocks: Iterable[Block]) -> list[tuple[Heading, list[Heading]]]:
    """The headings of level 1, and below each those of level 2 that are not about a single value code."""
    found: list[tuple[Heading, list[Heading]]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            found.append((block, []))
        elif isinstance(block, Heading) and block.level == 2 and block.listed and not block.part:
            found[-1][1].append(block)
    return found


def _body(blocks: Iterable[Block]) -> Iterator[Markup]:
    """The blocks, in a section for each heading of level 1 and an article for each other part that one begins."""
    opened: list[tuple[int, str]] = []
    on_new_page = False
    for block in blocks:
        if isinstance(block, NewPage):
            on_new_page = True
            continue
        if isinstance(block, Heading):
            yield from _closed(opened, block.level)
            if block.level == 1 or block.part:
                yield _opened(opened, block, "new-page" if on_new_page else "")
            on_new_page = False
        yield block_html(block)
    yield from _closed(opened, 1)


def _opened(opened: list[tuple[int, str]], heading: Heading, *classes: str) -> Markup:
    tag = ("footer" if heading.part == "source" else "section") if heading.level == 1 else "article"
    opened.append((heading.level, tag))
    named = " ".join(filter(None, (heading.part, *classes)))
    return Markup('<{} class="{}" aria-labelledby="{}">\n').format(tag, named, heading.anchor)


def _closed(opened: list[tuple[int, str]], level: int) -> Iterator[Markup]:
    """Ends what began with a heading of this level or a lower one."""
    while opened and opened[-1][0] >= level:
        yield Markup("</{}>\n").format(opened.pop()[1])


def _cell(given: str | Cell) -> Cell:
    return Cell(given) if isinstance(given, str) else given


def _drawn(picture: Picture) -> Markup:
    """A chart as SVG, in which all words are escaped; another picture as an image."""
    if picture.chart:
        return Markup(picture.chart.svg())
    kind = "png" if picture.data.startswith(b"\x89PNG") else "jpeg"
    address = f"data:image/{kind};base64,{b64encode(picture.data).decode()}"
    return Markup('<img src="{}" alt="{}">').format(address, picture.alt)
