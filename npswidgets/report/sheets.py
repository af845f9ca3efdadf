"""The report as tables, for people who calculate: scores, votes, actions and statements.

Figures are the texts of the report: "0.58" is 0.58 in every format. Votes are counts, whatever the workshop knows of
its voters.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from npswidgets.report.contents import CodeReport, Report, VoteRound

Kind = Literal["text", "whole", "figure", "index", "date"]
Cell: TypeAlias = str | int | None


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes:
        kind: "figure" is a number as it is, "index" one with two digits; a date is such as "2026-09-30".
        width: in characters.
    """

    name: str
    kind: Kind = "text"
    width: int = 18


@dataclass(frozen=True)
class Sheet:
    """A table; an empty cell is None or ""."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


PLACE = (Column("code"), Column("theme"), Column("key_area", width=24), Column("value_code", width=34))
SCORES = (
    *PLACE,
    Column("state", width=14),
    Column("score", "whole", 8),
    Column("score_text", width=16),
    Column("starting_level", "whole", 14),
    Column("target", "whole", 8),
    Column("earlier_score", "whole", 13),
    Column("earlier_changes", width=20),
    Column("priority", "whole", 9),
    Column("comment", width=50),
    Column("different_view", width=40),
    Column("evidence", width=40),
    Column("reason_above", width=30),
    Column("last_vote", width=12),
    Column("verdict", width=30),
    Column("votes", "whole", 8),
    Column("dont_know", "whole", 11),
    Column("not_my_role", "whole", 12),
    Column("absent", "whole", 8),
    Column("median", "figure", 9),
    Column("iqr", "figure", 8),
    Column("consensus", "index", 11),
    Column("agreement", "index", 11),
)
VOTES = (
    *PLACE,
    Column("round", "whole", 8),
    Column("vote", width=14),
    Column("answer", width=20),
    Column("people", "whole", 9),
)
DEPARTMENTS = (*PLACE, Column("department", width=28), Column("level", "whole", 8), Column("people", "whole", 9))
ACTIONS = (
    *PLACE,
    Column("what", width=50),
    Column("owner", width=28),
    Column("due", "date", 12),
    Column("done_when", width=50),
)
STATEMENTS = (*PLACE, Column("level", "whole", 8), Column("name", width=14), Column("statement", width=80))


def sheets(report: Report) -> tuple[Sheet, ...]:
    """All tables of a report; one with departments only where there are any."""
    departments = tuple(row for place, code in _codes(report) for row in _departments(place, code))
    return (
        scores_sheet(report),
        Sheet("votes", VOTES, tuple(row for place, code in _codes(report) for row in _votes(place, code))),
        *([Sheet("departments", DEPARTMENTS, departments)] if departments else []),
        Sheet("actions", ACTIONS, tuple(row for place, code in _codes(report) for row in _actions(place, code))),
        Sheet(
            "statements", STATEMENTS, tuple(row for place, code in _codes(report) for row in _statements(place, code))
        ),
    )


def scores_sheet(report: Report) -> Sheet:
    """A row for each value code, in the order of the diagnostic."""
    return Sheet("scores", SCORES, tuple(_score(place, code) for place, code in _codes(report)))


def _codes(report: Report) -> Iterator[tuple[tuple[str, ...], CodeReport]]:
    return (((code.id, theme.name, area.name, code.name), code) for theme, area, code in report.codes)


def _score(place: tuple[str, ...], code: CodeReport) -> tuple[Cell, ...]:
    last = code.rounds[-1] if code.rounds else None
    return (
        *place,
        code.state,
        code.score,
        code.score_text,
        code.starting.level,
        code.target,
        code.earlier.score if code.earlier else None,
        code.earlier.changes if code.earlier else None,
        code.priority,
        code.comment,
        code.different_view,
        code.evidence,
        code.reason_above,
        *(_last_vote(last) if last else (None,) * 10),
    )


def _last_vote(last: VoteRound) -> tuple[Cell, ...]:
    figures = last.figures
    said = (figures.median, figures.iqr, figures.consensus, figures.agreement) if figures else (None,) * 4
    return (last.name, last.verdict, last.votes, last.dont_know, last.not_my_role, last.absent, *said)


def _votes(place: tuple[str, ...], code: CodeReport) -> Iterator[tuple[Cell, ...]]:
    for one in code.rounds:
        answers: list[tuple[str, int]] = [(str(level), people) for level, people in enumerate(one.counts, 1)]
        answers += [
            ("I don't know", one.dont_know),
            ("Not part of my role", one.not_my_role),
            ("No answer", one.absent),
        ]
        for answer, people in answers:
            yield (*place, one.number, one.name, answer, people)


def _departments(place: tuple[str, ...], code: CodeReport) -> Iterator[tuple[Cell, ...]]:
    """The last vote by department, where it may be shown."""
    for line in code.departments:
        for level, people in enumerate(line.counts, 1):
            yield (*place, line.name, level, people)


def _actions(place: tuple[str, ...], code: CodeReport) -> Iterator[tuple[Cell, ...]]:
    return ((*place, line.what, line.owner, line.due, line.done_when) for line in code.actions)


def _statements(place: tuple[str, ...], code: CodeReport) -> Iterator[tuple[Cell, ...]]:
    for level in code.levels:
        for statement in level.statements:
            yield (*place, level.value, level.name, statement)
