"""The report as a document: its words and their order in HTML, PDF and Word."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING

from npswidgets.domain.days import day_of, here, say_day
from npswidgets.domain.notes import NOTES
from npswidgets.domain.rubric_words import RubricWords
from npswidgets.domain.starting_level import ENOUGH_VOTES, called
from npswidgets.report.contents import ActionLine, AreaReport, CodeReport, Report, ThemeReport, VoteRound
from npswidgets.report.layout import (
    Block,
    Bullets,
    Cell,
    Document,
    Dots,
    Facts,
    Heading,
    NewPage,
    OnScreen,
    Paragraph,
    Picture,
    Table,
)
from npswidgets.report.layout_ratings import code_ratings, panel_blocks

if TYPE_CHECKING:
    from npswidgets.charts.chart import Chart

AGREED = "Agreed score"
EARLIER = "Earlier workshop"
APPENDIX = "How many people gave which answer. The Excel and CSV files hold the same figures."
NO_FIGURES = f"No figures: fewer than {ENOUGH_VOTES} votes"
DOTS_ON_A_LINE = {1: 15, 2: 9, 3: 6}
"""So many dots stand side by side, by the number of votes on a value code."""
FEWEST_ON_A_LINE = 5
NOT_SAID = "(not said yet)"
SHORT = 1000
"""So many characters of different views, in a table of few rows, are sure to fit on one page."""


def report_document(report: Report, added: Sequence[Block] = ()) -> Document:
    """The whole report; `added` is what people added to the session notebook."""
    return Document(
        title=report.title,
        author=report.council,
        day=report.made_on,
        foot=f"{report.council}: {report.title}",
        facts=Facts((*((fact.label, fact.text) for fact in report.facts), ("Report made on", report.made))),
        blocks=tuple(_blocks(report, added)),
        scale=report.scale,
    )


def actions_table(actions: Sequence[ActionLine], title: str, scores: Mapping[str, str] | None = None) -> Table:
    """What will be done.

    Args:
        scores: by value code, where actions of several stand together; else the table does not name it.
    """
    rows = [
        (
            Cell(line.what, below=f"{line.name}: {scores[line.code]}" if scores else "", in_brackets=True),
            line.owner,
            line.due_text,
            line.done_when or NOT_SAID,
        )
        for line in actions
    ]
    return Table(title, ("What", "Owner", "By", "Done when"), tuple(rows), (38, 20, 16, 26), kind="actions")


def code_cell(code: str, name: str, key_area: str = "") -> Cell:
    """A value code, with its key area below; it leads to all about it."""
    return Cell(name, below=key_area, in_brackets=True, to=f"code-{code}")


def gap_blocks(report: Report) -> Iterator[Block]:
    """The largest gaps between score and target."""
    yield Paragraph(report.gap_sentence, with_next=bool(report.gaps))
    if report.gaps:
        from npswidgets.report.pictures import gap_chart

        yield from _shown(gap_chart(report))
        rows = [
            (
                code_cell(gap.code, gap.name, gap.key_area),
                gap.score_text,
                gap.target_text,
                str(gap.levels),
                str(gap.priority),
            )
            for gap in report.gaps
        ]
        head = (report.words.topic.head, AGREED, "Target", f"{report.words.level.heads} between", "Priority")
        yield Table("Largest gaps", head, tuple(rows), (38, 20, 16, 14, 12), together=True)


def plan_blocks(report: Report) -> Iterator[Block]:
    """The action plan."""
    yield Paragraph(report.plan_sentence, with_next=bool(report.plan))
    if report.plan:
        yield actions_table(report.plan, "Action plan", score_briefs(report))


def score_briefs(report: Report) -> dict[str, str]:
    """The agreed score of each value code."""
    return {code.id: code.score_brief for _, _, code in report.codes}


def _blocks(report: Report, added: Sequence[Block]) -> Iterator[Block]:
    yield from _in_brief(report)
    yield Heading(1, "Action plan", anchor="plan")
    yield from plan_blocks(report)
    yield Heading(1, "Largest gaps", anchor="gaps")
    yield from gap_blocks(report)
    yield from _scores(report)
    yield from panel_blocks(report)
    yield from _differences(report)
    yield from _unsure(report)
    yield from _exemplars(report)
    for theme in report.themes:
        yield from _theme(report, theme)
    yield from _method(report)
    if added:
        yield Heading(1, "Added to this report", anchor="added", part="added")
        yield Paragraph("People added what follows to the session notebook. It is not part of the record.", "quiet")
        yield from added


def _in_brief(report: Report) -> Iterator[Block]:
    yield Heading(1, "In brief", anchor="brief")
    yield Heading(2, "What was decided", listed=False)
    yield Bullets(report.decided)
    yield Heading(2, "What came out", listed=False)
    yield Bullets(report.summary)


def _scores(report: Report) -> Iterator[Block]:
    # Word and PDF are made in JupyterLab, too, where matplotlib is not imported only to list the formats.
    from npswidgets.report.pictures import profile

    yield Heading(1, "Agreed scores", anchor="profile")
    yield from _shown(profile(report))
    if report.earlier:
        yield Paragraph(report.earlier.sentence)
    if report.benchmark:
        yield Paragraph(report.benchmark)
    beside = f"suggested {report.words.level.one} and " if called(report.scale) else ""
    yield Paragraph(f"The same in figures, with {beside}last vote of each {report.words.topic.one}:", with_next=True)
    yield _scores_table(report)
    yield from _radar(report)


def _scores_table(report: Report) -> Table:
    """With a column for the scores of an earlier workshop and one for a benchmark, where there is one."""
    suggested = called(report.scale)
    rows = tuple(
        (
            code_cell(code.id, code.name),
            Cell(code.score_brief, level=code.score, form="score"),
            *((earlier_cell(code),) if report.earlier else ()),
            *((code.benchmark_text or "–",) if report.benchmark else ()),
            code.target_text,
            *((code.starting.text,) if suggested else ()),
            code.last_vote,
        )
        for _, _, code in report.codes
    )
    groups = tuple((area.name, len(area.codes)) for theme in report.themes for area in theme.key_areas)
    beside = [(EARLIER, 17)] if report.earlier else []
    beside += [("Benchmark", 13)] if report.benchmark else []
    columns = [
        (report.words.topic.head, 24),
        (AGREED, 16),
        *beside,
        ("Target", 12),
        *([(suggested, 13)] if suggested else []),
        ("Last vote", 18),
    ]
    heads, widths = zip(*columns, strict=True)
    return Table("Agreed scores", heads, rows, widths, kind="scores", groups=groups)


def earlier_cell(code: CodeReport) -> Cell:
    """The earlier score, and below it what else changed."""
    return Cell(code.earlier.text, below=code.earlier.changes) if code.earlier else Cell("–")


def _radar(report: Report) -> Iterator[Block]:
    from npswidgets.report.pictures import radar

    if report.radar:
        area, title = report.words.key_area, radar_title(report)
        yield Heading(2, title)
        yield from _shown(radar(report))
        rows = [(one.key_area, *(_or_dash(level) for level in (one.score, one.target))) for one in report.radar]
        yield Table(title, (area.head, "Weakest score", "Lowest target"), tuple(rows), (60, 20, 20), together=True)


def radar_title(report: Report) -> str:
    """Of the chart with a spoke for each key area."""
    return f"The weakest score of each {report.words.key_area.one}"


def _shown(chart: "Chart") -> Iterator[Block]:
    """A chart, and what it shows in a sentence."""
    yield Paragraph(chart.says, with_next=True)
    yield Picture(chart.alt, chart)


def _differences(report: Report) -> Iterator[Block]:
    yield Heading(1, "Where views differ most", anchor="differences")
    yield Paragraph(report.disagreement_sentence, with_next=bool(report.disagreements))
    if report.disagreements:
        rows = [
            (
                code_cell(one.code, one.name, one.key_area),
                "\n".join(filter(None, (one.verdict, one.different_view))),
                one.consensus_text,
                one.score_text,
            )
            for one in report.disagreements
        ]
        head = (report.words.topic.head, "Last vote", "Consensus, 0 to 1", AGREED)
        short = sum(len(one.different_view) for one in report.disagreements) < SHORT
        yield Table("Where views differ most", head, tuple(rows), (32, 34, 14, 20), together=short)
    yield from _votes_at_a_glance(report)


def _votes_at_a_glance(report: Report) -> Iterator[Block]:
    """All last votes, and those by department where that was chosen."""
    from npswidgets.report.pictures import department_charts, heat_map

    if any(code.rounds for _, _, code in report.codes):
        yield Heading(2, "All votes at a glance")
        yield from _shown(heat_map(report))
    by_department = tuple(department_charts(report))
    if by_department:
        yield Heading(2, "How departments and roles see it")
    for code, chart in by_department:
        yield Heading(3, f"{code.name}, by department", listed=False)
        yield from _shown(chart)


def _unsure(report: Report) -> Iterator[Block]:
    yield Heading(1, "What people do not know", anchor="unsure")
    yield Paragraph(report.unsure_sentence, with_next=bool(report.unsure))
    if report.unsure:
        rows = [
            (code_cell(one.code, one.name), one.key_area, f"{one.dont_know} of {one.answers}") for one in report.unsure
        ]
        head = (report.words.topic.head, report.words.key_area.head, "I don't know")
        yield Table("What people do not know", head, tuple(rows), (46, 36, 18), together=True)
    if report.unsure_departments:
        topics = report.words.topic
        yield Paragraph(f"By department or role, over the last votes on all {topics.many}:", with_next=True)
        shares = [
            (one.name, str(one.value_codes), f"{one.dont_know} of {one.answers}", one.share_text, one.most or "–")
            for one in report.unsure_departments
        ]
        heads = ("Department or role", topics.heads, "I don't know", "Share", "Three or more of them on")
        yield Table("What departments do not know", heads, tuple(shares), (28, 12, 16, 10, 34))


def _exemplars(report: Report) -> Iterator[Block]:
    if report.exemplars:
        score = next(code.score for _, _, code in report.codes if code.id == report.exemplars[0].code)
        yield Heading(1, "What others can learn from", anchor="exemplars")
        yield Paragraph(f"Who scores {score} should be ready to act as a case study for other councils.")
    for one in report.exemplars:
        yield Heading(2, one.name, listed=False, anchor=f"exemplar-{one.code}", part="card")
        yield Paragraph(f"{one.key_area}. {one.score_text}.", "quiet")
        yield from (Paragraph(statement) for statement in one.statements)
        yield Facts((("Comment", one.comment), ("Evidence", one.evidence), ("Case study", one.case_study)))


def _theme(report: Report, theme: ThemeReport) -> Iterator[Block]:
    from_area = [area for area in theme.key_areas if area.name != theme.name]
    yield NewPage()
    yield Heading(1, theme.name, anchor=f"theme-{theme.id}")
    yield Paragraph(f"{theme.scored}.", "lead")
    if len(report.themes) > 1:
        yield OnScreen(lambda: _profile_of(report, theme))
    for area in theme.key_areas:
        if area in from_area:
            yield Heading(2, area.name, anchor=f"area-{area.id}")
        yield Paragraph(area.definition, "quiet")
        yield from _codes(report.words, area, 3 if area in from_area else 2)


def _profile_of(report: Report, theme: ThemeReport) -> Iterator[Block]:
    from npswidgets.report.pictures import profile

    yield from _shown(profile(report, theme.id))


def _codes(words: RubricWords, area: AreaReport, level: int) -> Iterator[Block]:
    for code in area.codes:
        yield Heading(level, code.name, anchor=f"code-{code.id}", part="code")
        yield Paragraph(code.description, "quiet", with_next=True)
        yield _said(words, code)
        yield _levels(words, code)
        yield from _votes(words, code)
        yield from _departments(words, code)
        if code.actions:
            yield actions_table(code.actions, f"Actions: {code.name}")


def _departments(words: RubricWords, code: CodeReport) -> Iterator[Block]:
    if code.departments:
        head = ("Last vote by department or role", *(str(level.value) for level in code.levels), "Middle vote")
        labels = ("", *(f"{words.level.head} {level.value}" for level in code.levels), "Middle vote")
        rows: tuple[tuple[str | Cell, ...], ...] = tuple(
            (line.name, *map(_figure, (*line.counts, line.middle))) for line in code.departments
        )
        title = f"Last vote by department: {code.name}"
        yield Table(title, head, rows, (45, 8, 8, 8, 8, 8, 15), kind="departments", labels=labels)


def _or_dash(level: int | None) -> str:
    return "–" if level is None else str(level)


def _figure(figure: object) -> Cell:
    return Cell(str(figure), form="figure")


def _said(words: RubricWords, code: CodeReport) -> Facts:
    return Facts(
        (
            (AGREED, Cell(code.score_text, level=code.score, form="score")),
            *((note.label, code.note(kind)) for kind, note in NOTES.items()),
            (f"Why above the suggested {words.level.one}", code.reason_above),
            ("Case study", code.case_study),
            ("Target", code.target_text),
        )
    )


def _levels(words: RubricWords, code: CodeReport) -> Table:
    """The levels with their statements, and how many people chose each."""
    rows: list[tuple[str | Cell, ...]] = [
        (
            Cell(f"{level.value} {level.name}".strip(), below=AGREED if level.agreed else "", strong=str(level.value)),
            Cell("\n".join(level.statements), form="statements"),
            *_dots(code.rounds, at, level.value),
        )
        for at, level in enumerate(code.levels)
    ]
    marked = next((at for at, level in enumerate(code.levels) if level.agreed), None)
    votes = len(code.rounds)
    head = (words.level.head, "Statements", *(one.name for one in code.rounds))
    widths = (18, 82 - 11 * votes, *(11,) * votes)
    title = f"Statements and votes: {code.name}"
    return Table(title, head, tuple(rows), widths, marked_row=marked, together=True, kind="levels")


def _dots(rounds: Sequence[VoteRound], at: int, level: int) -> Iterator[Cell]:
    """How many chose a level in each vote, which stands `at` this place of the scale."""
    most = max((max(one.counts) for one in rounds), default=0)
    lines = max(1, ceil(most / DOTS_ON_A_LINE.get(len(rounds), FEWEST_ON_A_LINE)))
    for one in rounds:
        number = one.counts[at]
        yield Cell(str(number), dots=Dots(number, level, lines, hollow=one is not rounds[-1]), form="figure")


def _votes(words: RubricWords, code: CodeReport) -> Iterator[Block]:
    for given in code.elsewhere:
        yield Paragraph(f"{given.name}, from which it was moved: {given.vote.verdict}. {given.vote.sentence}", "quiet")
    if not code.rounds:
        yield Paragraph(f"No votes on this {words.topic.one} are shown.", "quiet")
        return
    head = ("Vote", "What it looks like", "Median", "Middle half", "IQR", "Consensus", "Agreement")
    rows = tuple(tuple(_vote(one)) for one in code.rounds)
    yield Table(f"Votes in words and figures: {code.name}", head, rows, (13, 33, 10, 12, 8, 12, 12), kind="figures")
    yield from code_ratings(code)
    for one in code.rounds:
        if one.movement:
            yield Paragraph(f"{one.name}: {one.movement}", "quiet")
    if code.starting.sentences:
        said = " ".join(f"{sentence.rstrip('.')}." for sentence in code.starting.sentences)
        yield Paragraph(said, "quiet")


def _vote(one: VoteRound) -> Iterable[str | Cell]:
    yield one.name
    figures = one.figures
    if figures is None:
        yield Cell(f"{one.verdict}\n{one.sentence} {NO_FIGURES}.", strong=one.verdict)
        yield from map(_figure, "–" * 5)
        return
    yield Cell(f"{one.verdict}\n{one.sentence}", strong=one.verdict)
    yield from map(_figure, (figures.median_text, figures.middle_half, figures.iqr_text))
    yield from map(_figure, (figures.consensus_text, figures.agreement_text))


def _method(report: Report) -> Iterator[Block]:
    yield NewPage()
    yield Heading(1, "How the scores came about", anchor="method", part="method")
    yield Heading(2, "Sessions", listed=False)
    rows = [(one.title, one.date, str(one.people), str(one.value_codes), str(one.scored)) for one in report.sessions]
    heads = "Session", "Date", "People", report.words.topic.heads, "Scored"
    yield Table("Sessions", heads, tuple(rows), (36, 28, 12, 12, 12))
    for section in report.method:
        yield Heading(2, section.heading, listed=False)
        yield from (Paragraph(text) for text in section.paragraphs)
    yield from _appendix(report)
    yield Heading(1, "The record", anchor="record")
    yield Paragraph(report.record.sentence)
    yield Facts((("Revision", str(report.record.revision)), ("Digest (SHA-256)", report.record.head)))
    if report.earlier:
        yield Paragraph(f"The earlier scores are those of the workshop “{report.earlier.workshop}”.", with_next=True)
        yield Facts((("Revision", str(report.earlier.revision)), ("Digest (SHA-256)", report.earlier.head)))
    yield Heading(1, "Source of the statements", anchor="source", part="source")
    yield Paragraph(f"{report.source.credit} {report.source.title}, version {report.source.version}.")


def _appendix(report: Report) -> Iterator[Block]:
    """All votes in figures, for whoever wants to calculate."""
    rows = [
        (
            code.name,
            name,
            *map(str, one.counts),
            str(one.dont_know),
            str(one.not_my_role),
            str(one.absent),
        )
        for _, _, code in report.codes
        for name, one in _all_votes(code)
    ]
    if rows:
        yield NewPage()
        yield Heading(1, "Appendix: all votes in figures", anchor="appendix")
        yield Paragraph(APPENDIX)
        levels = tuple(map(str, report.scale.values))
        head = (report.words.topic.head, "Vote", *levels, "Don't know", "Not my role", "No answer")
        widths = (30, 15, *(5,) * len(levels), 10, 10, 10)
        yield Table("All votes in figures", head, tuple(rows), widths, kind="appendix", narrow="scrolled")
        yield from (Paragraph(text) for text in report.panel)
    yield from _times(report)


def _all_votes(code: CodeReport) -> Iterator[tuple[str, VoteRound]]:
    """Each vote with what it is called; first those of other people, in the session that it was moved from."""
    yield from ((one.name, one.vote) for one in code.elsewhere)
    yield from ((one.name, one) for one in code.rounds)


def _times(report: Report) -> Iterator[Block]:
    """How long the room took over each value code; nothing where no score was talked about."""
    rows = tuple(
        (
            code.name,
            say_day(day_of(datetime.fromisoformat(code.agreed_at))),
            _clock(code.agreed_at),
            f"{code.minutes:.0f}",
        )
        for _, _, code in report.codes
        if code.minutes is not None
    )
    if rows:
        topic = report.words.topic
        yield Heading(1, f"Appendix: the time of each {topic.one}", anchor="times")
        yield Paragraph(
            f"Minutes from the first vote in the room, or from when the room came to the {topic.one}, to when its "
            "score "
            "was recorded. What was agreed without talking, or has no score, is left out."
        )
        head = (topic.head, "Day", "Agreed at", "Minutes")
        yield Table(f"The time of each {topic.one}", head, rows, (46, 26, 14, 14), kind="figures")


def _clock(moment: str) -> str:
    return f"{here(datetime.fromisoformat(moment)):%H:%M}"
