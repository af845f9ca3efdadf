"""How a panel agrees that rates from 1 to 9, as tables: over all value codes, and of each one."""

from collections.abc import Iterator

from npswidgets.report.contents import CodeReport, Report, VoteRound
from npswidgets.report.layout import Block, Cell, Heading, Paragraph, Table
from npswidgets.report.ratings import PanelRatings

OVERVIEW = "What the panel agrees on"
SAID = (
    "How many people rated from 1 to 9 in each round, and what the criterion found that was fixed before the first "
    "one. How it works stands below “How the scores came about”."
)
_LONGEST = 12
"""So many rows are sure to fit on one page."""


def panel_blocks(report: Report) -> Iterator[Block]:
    """All votes of a panel; nothing where the rubric names no criterion of agreement."""
    rows = tuple(tuple(_row(code, one)) for _, _, code in report.codes for one in code.rounds if one.panel)
    if rows:
        yield Heading(1, OVERVIEW, anchor="panel")
        yield Paragraph(SAID, with_next=True)
        topic = report.words.topic.head
        head = (topic, "Rated 1 to 9", "Ratings", "Median", "P30 to P70", "Index", "The panel", "Result")
        widths = (26, 16, 10, 9, 11, 7, 14, 8)
        yield Table(OVERVIEW, head, rows, widths, kind="ratings", together=len(rows) <= _LONGEST)


def _row(code: CodeReport, one: VoteRound) -> Iterator[str | Cell]:
    if one.panel and one.figures:
        yield Cell(code.name, below=one.name, in_brackets=True, to=f"code-{code.id}")
        yield _figure(" ".join(map(str, one.counts)))
        yield from map(_figure, (one.votes, one.figures.median_text, one.panel.percentiles_text, one.panel.index_text))
        yield from _found(one.panel)


def code_ratings(code: CodeReport) -> Iterator[Block]:
    """The votes of a panel on one value code, with what the criterion was worked out from."""
    rows = tuple(tuple(_worked_out(one)) for one in code.rounds if one.panel)
    if rows:
        head = ("Vote", "In 1-3, 4-6, 7-9", "Band", "P30 to P70", "IPR of IPRAS", "Index", "The panel", "Result")
        widths = (18, 17, 8, 12, 14, 8, 15, 8)
        yield Table(f"How the panel agrees: {code.name}", head, rows, widths, kind="ratings", together=True)


def _worked_out(one: VoteRound) -> Iterator[str | Cell]:
    if one.panel:
        yield one.name
        figures = (one.panel.bands_text, one.panel.band, one.panel.percentiles_text, one.panel.ranges_text)
        yield from map(_figure, (*figures, one.panel.index_text))
        yield from _found(one.panel)


def _found(panel: PanelRatings) -> Iterator[Cell]:
    """What the panel agrees on: agreement or not, by which criterion, and the band."""
    yield Cell(panel.judged, below=panel.by_text, in_brackets=True, form="figure")
    yield _figure(panel.result)


def _figure(figure: object) -> Cell:
    return Cell(str(figure), form="figure")
