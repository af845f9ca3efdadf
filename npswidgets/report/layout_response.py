"""The response report: the layout in which the diagnostic itself gives a council's answers back.

Its blank form is the question book, with all statements and nothing chosen.
"""

from collections.abc import Iterator

from npswidgets.report.contents import AreaReport, CodeReport, Report
from npswidgets.report.guidance import guidance_blocks
from npswidgets.report.layout import Block, Cell, Document, Facts, Heading, NewPage, Paragraph, Table
from npswidgets.report.layout_ratings import code_ratings

CHOSEN = "Agreed score"


def response_document(report: Report, *, blank: bool = False) -> Document:
    """The answers of a workshop, key area by key area; "(draft)" stands in every title until it is signed off."""
    name = "question book" if blank else "response report"
    facts = Facts((*((fact.label, fact.text) for fact in report.facts), ("Report made on", report.made)))
    title = f"{report.source.title}: {name}{_mark(report, blank=blank)}"
    return Document(
        title=title,
        author=report.council,
        day=report.made_on,
        foot=f"{report.council}: {title}",
        facts=Facts((("Scored with", f"{report.source.title}, version {report.source.version}"),)) if blank else facts,
        blocks=tuple(_blocks(report, blank=blank)),
        scale=report.scale,
    )


def _mark(report: Report, *, blank: bool) -> str:
    return " (draft)" if report.draft and not blank else ""


def _blocks(report: Report, *, blank: bool) -> Iterator[Block]:
    mark = _mark(report, blank=blank)
    for theme in report.themes:
        for area in theme.key_areas:
            yield NewPage()
            yield from _area(area, mark)
            for code in area.codes:
                yield from _code(report, code, mark, blank=blank)
    yield NewPage()
    if report.source.guidance:
        yield Heading(1, "Appendix A: Guidance")
        yield from guidance_blocks(report.source.guidance)
    if report.source.agreement_by and not blank:
        yield from _method(report)
    yield Heading(1, "Source and record")
    yield Paragraph(report.source.credit)
    if not blank:
        yield Paragraph(report.record.sentence)
        yield Facts((("Digest (SHA-256)", report.record.head),))


def _method(report: Report) -> Iterator[Block]:
    """How a panel came to its ratings, under the headings of ACCORD; other answers go without."""
    yield Heading(1, "How the ratings came about")
    for section in report.method:
        yield Heading(2, section.heading, listed=False)
        yield from (Paragraph(text) for text in section.paragraphs)


def _area(area: AreaReport, mark: str) -> Iterator[Block]:
    yield Heading(1, f"{area.name}{mark}")
    yield Paragraph(area.definition)
    if area.what_it_is:
        yield Paragraph(f"What it is: {area.what_it_is}")
    if area.why_it_is_important:
        yield Paragraph(f"Why it is important: {area.why_it_is_important}")


def _code(report: Report, code: CodeReport, mark: str, *, blank: bool) -> Iterator[Block]:
    yield Heading(2, f"{code.source_name}{mark}")
    yield Paragraph(f"Description: {code.description}", with_next=True)
    chosen = None if blank else next((at for at, level in enumerate(code.levels) if level.agreed), None)
    head = tuple(
        (f"{level.value} - {level.name}" if level.name else str(level.value)) + (f"\n{CHOSEN}" if at == chosen else "")
        for at, level in enumerate(code.levels)
    )
    cells = tuple(Cell("\n\n".join(level.statements), form="statements") for level in code.levels)
    title, even = f"{report.words.level.heads}: {code.source_name}", (1,) * len(head)
    yield Table(title, head, (cells,), even, marked_column=chosen, together=True, with_next=not blank, row_heads=False)
    if not blank:
        yield Facts((("Score", code.score_text), ("Comment", code.comment)))
        yield from code_ratings(code)
