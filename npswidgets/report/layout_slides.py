"""The slides for the closing session: one chart or one finding on each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from npswidgets.report.contents import ActionLine, Report
from npswidgets.report.layout import Block, Bullets, Paragraph, Picture, Table
from npswidgets.report.layout_report import actions_table, score_briefs
from npswidgets.report.phrases import shortened

ROWS = 5
"""Of a table on a slide."""


@dataclass(frozen=True)
class Slide:
    """A slide: its title and what stands below."""

    title: str
    blocks: tuple[Block, ...]


def slides(report: Report) -> tuple[Slide, ...]:
    """All slides, what was decided first; after the title slide, which the template makes."""
    return tuple(_slides(report))


def _slides(report: Report) -> Iterator[Slide]:
    from npswidgets.report.pictures import profile, radar

    yield Slide("What was decided", (Bullets(report.decided),))
    yield Slide("What came out", (Bullets(report.summary),))
    if report.radar:
        shape = radar(report)
        yield Slide("The weakest score of each key area", (Picture(shape.alt, shape),))
    for theme in report.themes:
        for area in theme.key_areas:
            chart = profile(report, area.id)
            yield Slide(area.name, (Picture(chart.alt, chart),))
    if report.disagreements:
        rows = tuple((one.name, one.verdict, shortened(one.score_text)) for one in report.disagreements[:ROWS])
        table = Table("Where views differ most", ("Value code", "Last vote", "Agreed score"), rows, (40, 36, 24))
        yield Slide("Where views differ most", (table,))
    if report.unsure:
        unsure = tuple((one.name, f"{one.dont_know} of {one.answers}") for one in report.unsure[:ROWS])
        table = Table("What people do not know", ("Value code", "I don't know"), unsure, (72, 28))
        yield Slide("What people do not know", (table,))
    if report.gaps:
        gaps = tuple((gap.name, gap.score_text, gap.target_text) for gap in report.gaps[:ROWS])
        table = Table("Largest gaps", ("Value code", "Agreed score", "Target"), gaps, (52, 24, 24))
        yield Slide("Largest gaps", (table,))
    yield from _plan(report)
    for card in report.exemplars:
        said = [card.score_text, *card.statements, shortened(card.comment)]
        yield Slide(f"What others can learn from: {card.name}", tuple(Paragraph(text) for text in said))


def _plan(report: Report) -> Iterator[Slide]:
    plan, scores = [_short_action(line) for line in report.plan], score_briefs(report)
    pages = [plan[at : at + ROWS] for at in range(0, len(plan), ROWS)]
    for number, page in enumerate(pages, 1):
        title = "Action plan" if len(pages) == 1 else f"Action plan ({number} of {len(pages)})"
        yield Slide(title, (actions_table(page, title, scores),))


def _short_action(line: ActionLine) -> ActionLine:
    return replace(line, what=shortened(line.what), owner=shortened(line.owner), done_when=shortened(line.done_when))
