"""First scores that other people gave, before a topic was moved to another session: shown as what they are."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from played import START, created, scored, theme_codes, votes, workshop_of

from npswidgets.analysis.opened import OpenedWorkshop
from npswidgets.domain.events import (
    SessionOpened,
    SessionPlanned,
    TopicMoved,
    TopicPresented,
    TopicsLeftOut,
    VotesRevealed,
    VotingOpened,
)
from npswidgets.domain.workshop import Workshop
from npswidgets.report.contents import CodeReport, Report, report_from_json, report_to_json
from npswidgets.report.layout import Paragraph, Table
from npswidgets.report.layout_report import report_document
from npswidgets.report.make import make_report
from npswidgets.report.sheets import sheet

ONE, TWO = "one", "two"
A, B, C, D = theme_codes()[:4]
GIVEN, LATER = votes(0, 2, 3, 1, 0, dont_know=1), votes(5, 0, 0, 0, 0)
"""What six people of session one gave alone, and five of session two after them."""


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    """B was scored alone in session one and moved to two, where it was scored alone again; C was left out."""
    return workshop_of(
        [
            created(),
            *(SessionPlanned(ONE, "Leadership", (A, B, C)), SessionOpened(ONE)),
            *(SessionPlanned(TWO, "Markets | 2", (D,)), SessionOpened(TWO)),
            *(event for code in (A, B) for event in first_scores(ONE, code, GIVEN)),
            TopicMoved(ONE, B, TWO),
            TopicsLeftOut(ONE, (C,)),
            *first_scores(TWO, B, LATER),
            TopicPresented(TWO, B),
            replace(scored(B, 1), session=TWO),  # type: ignore[type-var]
        ]
    )


def first_scores(session: str, code: str, given: object) -> Iterator[VotingOpened | VotesRevealed]:
    yield VotingOpened(session, code, 0)
    yield VotesRevealed(session, code, 0, given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def report(workshop: Workshop) -> Report:
    return make_report(workshop, START)


def code_of(report: Report) -> CodeReport:
    return next(code for _, _, code in report.codes if code.id == B)


def test_they_stand_apart_from_the_votes_of_the_session_that_scores_it(report: Report) -> None:
    code = code_of(report)
    assert [(one.session, one.name, one.vote.counts) for one in code.elsewhere] == [
        (ONE, "First scores in Leadership", (0, 2, 3, 1, 0))
    ]
    assert [one.counts for one in code.rounds] == [(5, 0, 0, 0, 0)]
    assert code.starting.level == 1, "nothing is worked out from what other people gave"
    assert report_from_json(report_to_json(report)) == report


def test_the_document_and_its_appendix_name_the_session(report: Report) -> None:
    blocks = report_document(report).blocks
    (said,) = [one.text for one in blocks if isinstance(one, Paragraph) and "from which it was moved" in one.text]
    assert said.startswith("First scores in Leadership, from which it was moved: ")
    assert said.endswith("6 votes, from 2 to 4. 1 doesn't know.")
    (appendix,) = [one for one in blocks if isinstance(one, Table) and one.title == "All votes in figures"]
    name = code_of(report).name
    assert [tuple(row)[1:7] for row in appendix.rows if row[0] == name] == [
        ("First scores in Leadership", "0", "2", "3", "1", "0"),
        ("First scores", "5", "0", "0", "0", "0"),
    ]


def test_the_method_says_what_was_moved_and_left_out(report: Report) -> None:
    said = " ".join(text for section in report.method for text in section.paragraphs)
    assert "1 value code moved to another session, with first scores shown as those of the session that gave" in said
    assert "1 value code on an agenda and left out." in said


def test_the_tables_say_which_session_voted(report: Report, workshop: Workshop) -> None:
    rounds = [row for row in sheet(report, "rounds").rows if row[0] == B]
    assert [(row[4], row[5]) for row in rounds] == [(ONE, 0), (TWO, 0)]
    answers = [row for row in sheet(report, "votes").rows if row[0] == B]
    people = {session: [row[-2] for row in answers if row[-1] == session] for session in (ONE, TWO)}
    assert people == {ONE: [0, 2, 3, 1, 0, 1, 0, 0], TWO: [5, 0, 0, 0, 0, 0, 0, 0]}
    single = OpenedWorkshop(**vars(workshop)).votes()
    assert single[single["code"] == B].groupby("session").size().to_dict() == {ONE: 7, TWO: 5}
