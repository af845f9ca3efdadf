"""The slides for the closing session: one chart or one finding on each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from npswidgets.report.contents import ActionLine, Report
from npswidgets.report.layout import Block, Bullets, Picture, Table
from npswidgets.report.layout_report import actions_table, radar_title, score_briefs
from npswidgets.report.phrases import shortened
from npswidgets.report.slide_sizes import LONGEST_PARAGRAPH, LONGEST_TITLE, paragraphs, parts

ROWS = 5
"""Of a table on a slide."""


@dataclass(frozen=True)
class Slide:
    """A slide: its title and what stands below."""

    title: str
    blocks: tuple[Block, ...]


def slides(report: Report) -> tuple[Slide, ...]:
    """All slides, what was decided first; after the title slide, which the template makes.

    None is higher than the screen: what does not fit goes on on the next slide.
    """
    return tuple(_slides(report))


def _slides(report: Report) -> Iterator[Slide]:
    from npswidgets.report.pictures import profile, radar

    yield from _going_on("What was decided", _bullets(report.decided))
    yield from _going_on("What came out", _bullets(report.summary))
    if report.radar:
        shape = radar(report)
        yield Slide(radar_title(report), (Picture(shape.alt, shape),))
    for theme in report.themes:
        for area in theme.key_areas:
            chart = profile(report, area.id)
            yield Slide(shortened(area.name, LONGEST_TITLE), (Picture(chart.alt, chart),))
    if report.disagreements:
        rows = [(one.name, one.verdict, one.score_text) for one in report.disagreements[:ROWS]]
        head = report.words.topic.head, "Last vote", "Agreed score"
        yield from _table("Where views differ most", head, rows, (40, 36, 24))
    if report.unsure:
        unsure = [(one.name, f"{one.dont_know} of {one.answers}") for one in report.unsure[:ROWS]]
        yield from _table("What people do not know", (report.words.topic.head, "I don't know"), unsure, (72, 28))
    if report.gaps:
        gaps = [(gap.name, gap.score_text, gap.target_text) for gap in report.gaps[:ROWS]]
        yield from _table("Largest gaps", (report.words.topic.head, "Agreed score", "Target"), gaps, (52, 24, 24))
    yield from _plan(report)
    for card in report.exemplars:
        said = [card.score_text, *card.statements, shortened(card.comment)]
        shown = [shortened(text, LONGEST_PARAGRAPH) for text in said if text]
        yield from _going_on(f"What others can learn from: {card.name}", paragraphs(shown))


def _plan(report: Report) -> Iterator[Slide]:
    plan, scores = [_short_action(line) for line in report.plan], score_briefs(report)
    pages = [plan[at : at + ROWS] for at in range(0, len(plan), ROWS)]
    tables = (part for page in pages for part in parts(actions_table(page, "Action plan", scores)))
    yield from _going_on("Action plan", ((part,) for part in tables))


def _table(
    title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], widths: tuple[int, ...]
) -> Iterator[Slide]:
    cells = tuple(tuple(map(shortened, row)) for row in rows)
    yield from _going_on(title, ((part,) for part in parts(Table(title, head, cells, widths))))


def _bullets(items: Sequence[str]) -> Iterator[tuple[Block, ...]]:
    return ((part,) for part in parts(Bullets(tuple(shortened(item, LONGEST_PARAGRAPH) for item in items))))


def _going_on(title: str, pages: Iterable[tuple[Block, ...]]) -> Iterator[Slide]:
    """A slide for each of the pages, numbered where there are several."""
    found, name = tuple(pages), shortened(title, LONGEST_TITLE)
    for number, blocks in enumerate(found, 1):
        yield Slide(name if len(found) == 1 else f"{name} ({number} of {len(found)})", blocks)


def _short_action(line: ActionLine) -> ActionLine:
    said = {"what": line.what, "name": line.name, "owner": line.owner, "done_when": line.done_when}
    return replace(line, **{name: shortened(text) for name, text in said.items()})
