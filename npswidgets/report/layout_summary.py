"""The executive summary: one page, two at most, that begins with what was decided. It names no department."""

from collections.abc import Iterator

from npswidgets.report.contents import Report
from npswidgets.report.layout import Block, Bullets, Document, Facts, Heading, Paragraph, Table
from npswidgets.report.phrases import shortened

MOST_ROWS = 4
FEW_ROWS = 3


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
        yield Table("What comes first", ("What", "Owner", "By"), tuple(rows), (56, 26, 18))
    if report.gaps:
        yield Heading(2, "Largest gaps")
        gaps = [(gap.name, gap.score_text, gap.target_text) for gap in report.gaps[:MOST_ROWS]]
        yield Table("Largest gaps", ("Value code", "Agreed score", "Target"), tuple(gaps), (56, 22, 22))
    yield Heading(1, "What came out")
    yield Bullets(report.summary)
    if report.disagreements:
        yield Heading(2, "Where views differ most")
        rows = [(one.name, one.verdict, shortened(one.score_text)) for one in report.disagreements[:FEW_ROWS]]
        yield Table("Where views differ most", ("Value code", "Last vote", "Agreed score"), tuple(rows), (44, 34, 22))
    yield Paragraph(f"{report.source.credit} The report says how the scores came about.", "quiet")
