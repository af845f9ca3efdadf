"""The executive summary: one page, two at most, that begins with what was decided. It names no department."""

from collections.abc import Iterator

from npswidgets.report.contents import Report
from npswidgets.report.layout import Block, Bullets, Document, Facts, Heading, Paragraph, Picture, Table
from npswidgets.report.phrases import shortened
from npswidgets.report.pictures import by_part

MOST_ROWS = 3
FEW_ROWS = 2


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
        rows = [(shortened(line.what), shortened(line.owner), line.due_text) for line in first]
        yield Table("What comes first", ("What", "Owner", "By"), tuple(rows), (49, 33, 18))
    if report.gaps:
        yield Heading(2, "Largest gaps")
        gaps = [(gap.name, gap.score_text, gap.target_text) for gap in report.gaps[:MOST_ROWS]]
        yield Table("Largest gaps", ("Value code", "Agreed score", "Target"), tuple(gaps), (56, 22, 22))
    yield Heading(1, "What came out")
    picture = by_part(report)
    yield Picture(picture.alt, picture)
    yield Bullets(report.summary)
    if report.disagreements:
        yield Heading(2, "Where views differ most")
        rows = [(one.name, one.verdict, shortened(one.score_text)) for one in report.disagreements[:FEW_ROWS]]
        head = "Value code", "Last vote", "Agreed score"
        yield Table("Where views differ most", head, tuple(rows), (36, 44, 20), together=True)
    yield Paragraph(f"{report.source.credit} The report says how the scores came about.", "quiet")
