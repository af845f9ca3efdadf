"""The executive summary: one page, two at most, that begins with what was decided. It names no department."""

from collections import Counter
from collections.abc import Iterator

from npswidgets.report.contents import CodeReport, Report
from npswidgets.report.layout import Bar, Block, Bullets, Cell, Document, Facts, Heading, Paragraph, Table
from npswidgets.report.layout_report import score_briefs
from npswidgets.report.phrases import shortened

MOST_ROWS = 3
FEW_ROWS = 2
_BARS = 70
"""Of a hundred parts of the page's width."""


def summary_document(report: Report) -> Document:
    """The summary of a report."""
    shown = {"Held on", "Took part", "State"}
    return Document(
        title=f"Summary: {report.title}",
        author=report.council,
        day=report.made_on,
        foot=f"Record {report.record.head[:16]} · {report.council}: {report.title}",
        facts=Facts(tuple((fact.label, fact.text) for fact in report.facts if fact.label in shown)),
        blocks=tuple(_blocks(report)),
        contents=False,
        scale=report.scale,
    )


def _blocks(report: Report) -> Iterator[Block]:
    yield Heading(1, "What was decided")
    yield Bullets(report.decided)
    if report.plan:
        yield Heading(2, "What comes first")
        first = sorted(report.plan, key=lambda line: (not line.due, line.due))[:MOST_ROWS]
        scores = score_briefs(report)
        about = (f"{shortened(line.what)}\n({line.name}: {scores[line.code]})" for line in first)
        rows = [(what, shortened(line.owner), line.due_text) for what, line in zip(about, first, strict=True)]
        yield Table("What comes first", ("What", "Owner", "By"), tuple(rows), (52, 31, 17))
    if report.gaps:
        yield Heading(2, "Largest gaps")
        gaps = [(gap.name, gap.score_text, gap.target_text) for gap in report.gaps[:MOST_ROWS]]
        yield Table("Largest gaps", (report.words.topic.head, "Agreed score", "Target"), tuple(gaps), (56, 22, 22))
    yield Heading(1, "What came out")
    yield levels_table(report)
    yield Bullets(report.summary)
    if report.disagreements:
        yield Heading(2, "Where views differ most")
        rows = [(one.name, one.verdict, shortened(one.score_text)) for one in report.disagreements[:FEW_ROWS]]
        head = report.words.topic.head, "Last vote", "Agreed score"
        yield Table("Where views differ most", head, tuple(rows), (36, 44, 20), together=True)
    yield Paragraph(f"{report.source.credit} The report says how the scores came about.", "quiet")


def levels_table(report: Report) -> Table:
    """How many value codes are at each level, as bars with numbers: by theme, or by key area where there is one."""
    several = len(report.themes) > 1
    parts = [(theme.name, [code for area in theme.key_areas for code in area.codes]) for theme in report.themes]
    if not several:
        parts = [(area.name, list(area.codes)) for theme in report.themes for area in theme.key_areas]
    counted = [(name, _scores(codes)) for name, codes in parts]
    values, unscored = report.scale.values, any(scores[None] for _, scores in counted)
    most = max((scores[value] for _, scores in counted for value in values), default=0)
    rows = [
        (
            name,
            *(_bar(scores[value], value, most) for value in values),
            *((str(scores[None]),) if unscored else ()),
        )
        for name, scores in counted
        if scores.total()
    ]
    first = "Theme" if several else report.words.key_area.head
    head = first, *map(str, report.scale.levels), *(("Not scored",) if unscored else ())
    widths = 30, *(_BARS // len(values),) * len(values), *((11,) if unscored else ())
    return Table(f"Scores by {head[0].lower()}", head, tuple(rows), widths, together=True)


def _scores(codes: list[CodeReport]) -> Counter[int | None]:
    """How many of these value codes have which score, without those that do not apply."""
    return Counter(code.score for code in codes if code.state != "not_applicable")


def _bar(number: int, level: int, most: int) -> Cell:
    return Cell(str(number), bar=Bar(number / most, level) if number else None)
