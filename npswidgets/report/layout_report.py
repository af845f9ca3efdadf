"""The report as a document for PDF and Word: the same words and order as the HTML page."""

from collections.abc import Iterable, Iterator, Sequence

from npswidgets.report.contents import ActionLine, AreaReport, CodeReport, Exemplar, Report, ThemeReport, VoteRound
from npswidgets.report.layout import Block, Bullets, Document, Facts, Heading, NewPage, Paragraph, Picture, Table

AGREED = "Agreed score"
NO_FIGURES = "No figures: fewer than 5 votes"


def report_document(report: Report, added: Sequence[Block] = ()) -> Document:
    """The whole report; `added` is what people added to the session notebook."""
    return Document(
        title=report.title,
        author=report.council,
        day=report.made_on,
        foot=f"{report.council}: {report.title}",
        facts=Facts((*((fact.label, fact.text) for fact in report.facts), ("Report made on", report.made))),
        blocks=tuple(_blocks(report, added)),
    )


def actions_table(actions: Sequence[ActionLine], title: str, *, with_code: bool) -> Table:
    """What will be done; the value code is named where actions of several stand together."""
    rows = [
        (f"{line.what}\n({line.name})" if with_code else line.what, line.owner, line.due_text, line.done_when)
        for line in actions
    ]
    return Table(title, ("What", "Owner", "By", "Done when"), tuple(rows), (38, 20, 16, 26))


def gap_blocks(report: Report) -> Iterator[Block]:
    """The largest gaps between score and target."""
    yield Paragraph(report.gap_sentence)
    if report.gaps:
        rows = [
            (f"{gap.name}\n({gap.key_area})", gap.score_text, gap.target_text, str(gap.levels), str(gap.priority))
            for gap in report.gaps
        ]
        head = ("Value code", AGREED, "Target", "Levels between", "Priority")
        yield Table("Largest gaps", head, tuple(rows), (38, 20, 16, 14, 12))


def plan_blocks(report: Report) -> Iterator[Block]:
    """The action plan."""
    yield Paragraph(report.plan_sentence)
    if report.plan:
        yield actions_table(report.plan, "Action plan", with_code=True)


def _blocks(report: Report, added: Sequence[Block]) -> Iterator[Block]:
    yield from _in_brief(report)
    yield from _scores(report)
    yield from _differences(report)
    yield Heading(1, "Largest gaps")
    yield from gap_blocks(report)
    yield Heading(1, "Action plan")
    yield from plan_blocks(report)
    yield from _exemplars(report.exemplars)
    for theme in report.themes:
        yield from _theme(theme)
    yield from _method(report)
    if added:
        yield Heading(1, "Added to this report")
        yield Paragraph("People added what follows to the session notebook. It is not part of the record.", "quiet")
        yield from added


def _in_brief(report: Report) -> Iterator[Block]:
    yield Heading(1, "In brief")
    yield Heading(2, "What was decided", listed=False)
    yield Bullets(report.decided)
    yield Heading(2, "What came out", listed=False)
    yield Bullets(report.summary)


def _scores(report: Report) -> Iterator[Block]:
    # Word and PDF are made in JupyterLab, too, where matplotlib is not imported only to list the formats.
    from npswidgets.report.pictures import profile

    yield NewPage()
    yield Heading(1, "Agreed scores")
    chart = profile(report)
    yield Picture(chart.alt, chart)
    yield Paragraph(
        "The chart in figures, with the starting level and the last vote of each value code:", with_next=True
    )
    rows = [
        (code.name, code.score_text, code.target_text, code.starting.text, last_verdict(code))
        for _, _, code in report.codes
    ]
    head = ("Value code", AGREED, "Target", "Starting level", "Last vote")
    yield Table("Agreed scores", head, tuple(rows), (30, 18, 14, 16, 22))


def last_verdict(code: CodeReport) -> str:
    """The last vote in words."""
    return code.rounds[-1].verdict if code.rounds else "No votes"


def _differences(report: Report) -> Iterator[Block]:
    yield Heading(1, "Where views differ most")
    yield Paragraph(report.disagreement_sentence)
    if report.disagreements:
        rows = [
            (
                f"{one.name}\n({one.key_area})",
                "\n".join(filter(None, (one.verdict, one.different_view))),
                one.consensus,
                one.score_text,
            )
            for one in report.disagreements
        ]
        head = ("Value code", "Last vote", "Consensus, 0 to 1", AGREED)
        yield Table("Where views differ most", head, tuple(rows), (32, 34, 14, 20))


def _exemplars(exemplars: Sequence[Exemplar]) -> Iterator[Block]:
    if exemplars:
        yield Heading(1, "What others can learn from")
        yield Paragraph("Who scores 5 should be ready to act as a case study for other councils.")
    for one in exemplars:
        yield Heading(2, one.name, listed=False)
        yield Paragraph(f"{one.key_area}. {one.score_text}.", "quiet")
        yield from (Paragraph(statement) for statement in one.statements)
        yield Facts((("Comment", one.comment), ("Evidence", one.evidence), ("Case study", one.case_study)))


def _theme(theme: ThemeReport) -> Iterator[Block]:
    from_area = [area for area in theme.key_areas if area.name != theme.name]
    yield NewPage()
    yield Heading(1, theme.name)
    yield Paragraph(f"{theme.scored}.", "lead")
    for area in theme.key_areas:
        if area in from_area:
            yield Heading(2, area.name)
        yield Paragraph(area.definition, "quiet")
        yield from _codes(area, 3 if area in from_area else 2)


def _codes(area: AreaReport, level: int) -> Iterator[Block]:
    for code in area.codes:
        yield Heading(level, code.name)
        yield Paragraph(code.description, "quiet", with_next=True)
        yield _said(code)
        yield _levels(code)
        yield from _votes(code)
        if code.actions:
            yield actions_table(code.actions, f"Actions: {code.name}", with_code=False)


def _said(code: CodeReport) -> Facts:
    return Facts(
        (
            (AGREED, code.score_text),
            ("Comment", code.comment),
            ("A different view", code.different_view),
            ("Evidence", code.evidence),
            ("Why above the starting level", code.reason_above),
            ("Case study", code.case_study),
            ("Target", code.target_text),
        )
    )


def _levels(code: CodeReport) -> Table:
    """The five levels with their statements, and how many people chose each."""
    rows = [
        (
            f"{level.value} {level.name}" + (f"\n{AGREED}" if level.agreed else ""),
            "\n".join(level.statements),
            *(str(one.counts[level.value - 1]) for one in code.rounds),
        )
        for level in code.levels
    ]
    marked = next((at for at, level in enumerate(code.levels) if level.agreed), None)
    votes = len(code.rounds)
    head = ("Level", "Statements", *(one.name for one in code.rounds))
    widths = (18, 82 - 11 * votes, *(11,) * votes)
    title = f"Statements and votes: {code.name}"
    return Table(title, head, tuple(rows), widths, marked_row=marked, together=True)


def _votes(code: CodeReport) -> Iterator[Block]:
    if not code.rounds:
        yield Paragraph("No votes on this value code are shown.", "quiet")
        return
    head = ("Vote", "What it looks like", "Median", "Middle half", "IQR", "Consensus", "Agreement")
    rows = tuple(tuple(_vote(one)) for one in code.rounds)
    yield Table(f"Votes in words and figures: {code.name}", head, rows, (13, 33, 10, 12, 8, 12, 12))
    for one in code.rounds:
        if one.movement:
            yield Paragraph(f"{one.name}: {one.movement}", "quiet")
    if code.starting.sentences:
        said = " ".join(f"{sentence.rstrip('.')}." for sentence in code.starting.sentences)
        yield Paragraph(said, "quiet")


def _vote(one: VoteRound) -> Iterable[str]:
    yield one.name
    figures = one.figures
    if figures is None:
        yield f"{one.verdict}\n{one.sentence} {NO_FIGURES}."
        yield from ("–",) * 5
        return
    yield f"{one.verdict}\n{one.sentence}"
    yield from (figures.median, figures.middle_half, figures.iqr, figures.consensus, figures.agreement)


def _method(report: Report) -> Iterator[Block]:
    yield NewPage()
    yield Heading(1, "How the scores came about")
    yield Heading(2, "Sessions", listed=False)
    rows = [(one.title, one.date, str(one.people), str(one.value_codes), str(one.scored)) for one in report.sessions]
    yield Table("Sessions", ("Session", "Date", "People", "Value codes", "Scored"), tuple(rows), (36, 28, 12, 12, 12))
    for section in report.method:
        yield Heading(2, section.heading, listed=False)
        yield from (Paragraph(text) for text in section.paragraphs)
    yield Heading(1, "The record")
    yield Paragraph(report.record.sentence)
    yield Facts((("Revision", str(report.record.revision)), ("Digest (SHA-256)", report.record.head)))
    yield Heading(1, "Source of the statements")
    yield Paragraph(f"{report.source.credit} {report.source.title}, version {report.source.version}.")
