"""The report as tables, for people who calculate: see `columns` for what each holds.

A number is a number; who writes it decides how many digits show. Votes are counts, whatever the workshop knows of its
voters.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from npswidgets.domain.notes import FURTHER_NOTES
from npswidgets.report.columns import TABLES, Cell, Column
from npswidgets.report.contents import CodeReport, Report, SessionLine, VoteRound
from npswidgets.report.phrases import NO_COMMENT, NO_OWNER

Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """A table; a column of levels knows those of the rubric as its choices."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def sheets(report: Report) -> tuple[Sheet, ...]:
    """All tables of a report; one with departments, or with ratings of a panel, only where there are any."""
    made = (sheet(report, name) for name in TABLES)
    return tuple(one for one in made if one.rows or one.name not in ("departments", "ratings"))


def sheet(report: Report, name: str) -> Sheet:
    """The table of this name, of `TABLES`; value codes are in the order of the diagnostic.

    Raises:
        KeyError: there is no such table.
    """
    if name == "panel":
        rows: Iterable[Row] = map(_panel, report.sessions)
    else:
        rows = (row for theme, area, code in report.codes for row in _ROWS[name]((theme.name, area.name), code))
    return Sheet(name, with_levels(TABLES[name], *_levels(report)), tuple(rows))


def with_levels(columns: tuple[Column, ...], texts: tuple[str, ...], names: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns, with the levels of the rubric where they show some."""
    by_kind = {"level": texts, "choice": names}
    return tuple(one if one.choices else replace(one, choices=by_kind.get(one.kind, ())) for one in columns)


def _levels(report: Report) -> tuple[tuple[str, ...], tuple[str, ...]]:
    levels = next((code.levels for _, _, code in report.codes), ())
    return tuple(f"{one.value} {one.name}" for one in levels), tuple(one.name for one in levels)


def _place(groups: tuple[str, str], code: CodeReport) -> Row:
    return (code.id, *groups, code.name)


def _scores(groups: tuple[str, str], code: CodeReport) -> Iterator[Row]:
    last = code.rounds[-1] if code.rounds else None
    apart = None if code.score is None or code.benchmark is None else round(code.score - code.benchmark, 9)
    yield (
        *_place(groups, code),
        code.state,
        code.score,
        code.score_text,
        code.starting.level,
        code.target,
        _said(code.comment),
        last.verdict if last else None,
        code.session,
        None if code.score is None else code.score_text,
        code.not_applicable,
        *((code.earlier.score, code.earlier.changes) if code.earlier else (None, None)),
        code.benchmark,
        apart,
        code.priority,
        *map(code.note, FURTHER_NOTES),
        code.reason_above,
        code.agreed_at,
        *((last.name, *_votes_and_figures(last)) if last else (None,) * 11),
    )


def _votes_and_figures(one: VoteRound) -> Row:
    figures = one.figures
    said = (
        (figures.median, figures.q1, figures.q3, figures.iqr, figures.consensus, figures.agreement)
        if figures
        else (None,) * 6
    )
    return (one.votes, one.dont_know, one.not_my_role, one.absent, *said)


def _all_votes(code: CodeReport) -> Iterator[tuple[str, VoteRound]]:
    """Each vote with the session that gave it; first those of other people, before the value code was moved."""
    yield from ((one.session, one.vote) for one in code.elsewhere)
    yield from ((code.session, one) for one in code.rounds)


def _rounds(groups: tuple[str, str], code: CodeReport) -> Iterator[Row]:
    for session, one in _all_votes(code):
        times = (one.opened_at, one.shown_at)
        moved = sum(move.people for move in one.moves) if one in code.rounds[1:] else None
        about = (session, one.number, one.name, *times, one.verdict)
        stable = (one.voted_in_both, one.stability)
        yield (*_place(groups, code), *about, *_votes_and_figures(one), moved, *stable)


def _ratings(groups: tuple[str, str], code: CodeReport) -> Iterator[Row]:
    for session, one in _all_votes(code):
        panel, figures = one.panel, one.figures
        if panel and figures:
            bands = (panel.low, panel.middle, panel.high)
            ranges = (panel.p30, panel.p70, panel.ipr, panel.ipras, panel.index)
            rated = (*one.counts, one.votes, figures.median)
            about = (session, one.number, one.name)
            yield (
                *_place(groups, code),
                *about,
                *rated,
                *bands,
                panel.band,
                *ranges,
                panel.by,
                panel.judged,
                panel.result,
            )


def _answers(groups: tuple[str, str], code: CodeReport) -> Iterator[Row]:
    for session, one in _all_votes(code):
        answers = [(str(level.value), people) for level, people in zip(code.levels, one.counts, strict=True)]
        answers += [
            ("I don't know", one.dont_know),
            ("Not part of my role", one.not_my_role),
            ("No answer", one.absent),
        ]
        for answer, people in answers:
            yield (*_place(groups, code), one.number, one.name, answer, people, session)


def _departments(groups: tuple[str, str], code: CodeReport) -> Iterator[Row]:
    """The last vote by department, where it may be shown."""
    for line in code.departments:
        for level, people in zip(code.levels, line.counts, strict=True):
            yield (*_place(groups, code), line.name, level.value, people)


def _actions(groups: tuple[str, str], code: CodeReport) -> Iterator[Row]:
    for line in code.actions:
        what = (line.what, _said(line.owner), line.due, line.done_when)
        yield (*_place(groups, code), *what, code.score, code.target)


def _statements(groups: tuple[str, str], code: CodeReport) -> Iterator[Row]:
    for level in code.levels:
        for statement in level.statements:
            yield (*_place(groups, code), level.value, level.name, statement, level.agreed)


def _times(groups: tuple[str, str], code: CodeReport) -> Iterator[Row]:
    """When what happened in the room; first scores are given before."""
    talked = [one for one in code.rounds if one.number]
    opened = talked[0].opened_at if talked else ""
    shown = (talked[0].shown_at, talked[-1].shown_at) if talked else ("", "")
    yield (
        *_place(groups, code),
        code.session,
        opened,
        *shown,
        code.agreed_at,
        len(talked),
        code.minutes,
    )


def _panel(one: SessionLine) -> Row:
    times = (one.opened_at, one.closed_at)
    people = (one.people, one.on_paper, one.expected)
    alike = (one.kendalls_w, one.krippendorffs_alpha)
    return (one.id, one.title, one.state, *times, *people, one.value_codes, one.scored, one.not_applicable, *alike)


def _said(text: str) -> str | None:
    """What was said; what the report puts where nothing was is an empty cell of a table."""
    return None if text in (NO_COMMENT, NO_OWNER) else text


_ROWS: dict[str, Callable[[tuple[str, str], CodeReport], Iterator[Row]]] = {
    "scores": _scores,
    "rounds": _rounds,
    "ratings": _ratings,
    "votes": _answers,
    "departments": _departments,
    "actions": _actions,
    "statements": _statements,
    "times": _times,
}
