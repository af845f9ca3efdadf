"""How a panel agrees that rates from 1 to 9: in every export, in notebooks, and nowhere on another rubric."""

import json
import re
import runpy
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from paths import EXAMPLE, ROOT
from played import START
from pypdf import PdfReader
from reports import pdf_words, squeezed, word_table

import npswidgets as nps
from npswidgets.cli import main
from npswidgets.domain.events import Vote
from npswidgets.domain.scale import AgreementBy
from npswidgets.domain.sign_off import missing
from npswidgets.domain.workshop import Workshop
from npswidgets.report.contents import Report, report_from_json, report_to_json
from npswidgets.report.formats import FORMATS
from npswidgets.report.html import html_page
from npswidgets.report.layout import Heading, Table
from npswidgets.report.layout_ratings import OVERVIEW
from npswidgets.report.layout_report import report_document
from npswidgets.report.layout_response import response_document
from npswidgets.report.make import make_report
from npswidgets.report.word import word_report
from npswidgets.report.workbook import excel_report
from npswidgets.store.saved import read_archive

DELPHI = ROOT / "sessions" / "delphi.jsonl"
JUDGED = [
    ("A short meeting each morning", "0 0 1 0 1 2 3 4 1", "12", "7", "6.3 to 8", "0.30", "neither", "7-9"),
    ("A short meeting each morning", "0 0 0 0 1 1 5 4 1", "12", "7", "7 to 8", "0.16", "agreement", "7-9"),
    ("Two quiet hours a day", "1 3 1 0 1 0 1 3 2", "12", "6", "2.3 to 8", "2.21", "disagreement", "4-6"),
    ("Two quiet hours a day", "1 2 2 0 1 0 1 3 2", "12", "6", "3 to 8", "1.61", "disagreement", "4-6"),
    ("Notes that all can write in", "0 0 0 2 4 3 1 1 0", "11", "5", "5 to 6", "0.32", "agreement", "4-6"),
    ("Notes that all can write in", "0 0 0 2 5 4 1 0 0", "12", "5", "5 to 6", "0.32", "agreement", "4-6"),
]


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    return read_archive(DELPHI).workshop


@pytest.fixture(scope="module")
def report(workshop: Workshop) -> Report:
    return make_report(workshop, START)


def test_the_example_is_a_finished_panel_in_two_rounds_that_its_tool_writes_again(workshop: Workshop) -> None:
    assert (workshop.sealed, missing(workshop)) == (True, ())
    assert workshop.rubric.agreement_by == "counting"
    assert [[one.name for one in topic.shown] for topic in workshop.topics.values()] == [
        ["First scores", "Vote in the room"]
    ] * 3
    made = runpy.run_path(str(ROOT / "tools" / "make_delphi_example.py"))["example"]()
    assert made == DELPHI.read_text(encoding="utf-8"), "tools/make_delphi_example.py writes it"


def test_all_documents_say_for_each_vote_whether_the_panel_agrees(report: Report) -> None:
    table = next(one for one in report_document(report).blocks if isinstance(one, Table) and one.title == OVERVIEW)
    rows = [tuple(cell.split("\n")[0] for cell in row) for row in table.texts]
    assert rows == JUDGED
    head, *cells = word_table(word_report(report), OVERVIEW)
    assert (head, len(cells)) == (list(table.head), 6)
    page = BeautifulSoup(html_page(report), "html.parser")
    assert len(page.select("table.ratings")) == 4, "over all topics, and of each"
    assert FORMATS["pdf"].made
    pdf = pdf_words(PdfReader(BytesIO(FORMATS["pdf"].made(report))))  # type: ignore[arg-type]
    for said in (OVERVIEW, "6.3 to 8", "5.7 of 2.575", "agreement on 2 and disagreement on 1. Results: 2 in 4-6 and 1"):
        assert squeezed(said) in pdf


def test_the_method_names_the_criterion_its_conventions_the_rounds_and_the_feedback(report: Report) -> None:
    said = {one.heading: " ".join(one.paragraphs) for one in report.method}
    judged = said["Methods: how consensus was judged"]
    for part in (
        "judged by counting",
        "fixed before the first round",
        "3 of 11 to 13",
        "IPRAS decides",
        "definition 7",
    ):
        assert part in judged
    assert judged.index("judged nothing") < judged.index("A vote is close together"), "which steered the room"
    assert "how many had chosen each level" in said["Methods: how the votes were taken"]
    results = said["Results: rounds, consensus and scores"]
    assert "rated a topic: 11 to 12 in first scores and 12 in vote in the room." in results
    assert {heading.split(":")[0] for heading in said} == {
        "Introduction", "Methods", "Results", "Discussion", "Other information",
    }  # fmt: skip


def test_the_response_has_the_method_and_what_it_judged_and_the_blank_one_neither(report: Report) -> None:
    answers, blank = (response_document(report, blank=one).blocks for one in (False, True))
    headings = [one.text for one in answers if isinstance(one, Heading)]
    assert [one.heading for one in report.method] == headings[headings.index("How the ratings came about") + 1 : -1]
    assert [one.title for one in answers if isinstance(one, Table) and one.kind == "ratings"] == [
        f"How the panel agrees: {name}" for name in dict.fromkeys(row[0] for row in JUDGED)
    ]
    assert not [one for one in blank if "panel agrees" in getattr(one, "title", getattr(one, "text", ""))]


def test_workbook_notebook_and_json_hold_the_figures(report: Report) -> None:
    ratings = nps.open_workshop(DELPHI).ratings()
    head, *rows = openpyxl.load_workbook(BytesIO(excel_report(report)))["ratings"].iter_rows(values_only=True)
    assert list(ratings.columns) == ["n" if one == "votes" else one for one in head]
    assert len(rows) == len(ratings) == 6
    first = dict(zip(head, rows[2], strict=True))
    assert [first[f"rated_{value}"] for value in range(1, 10)] == [1, 3, 1, 0, 1, 0, 1, 3, 2]
    assert (first["in_1_3"], first["in_4_6"], first["in_7_9"], first["band"]) == (5, 1, 6, "4-6")
    assert (first["ipr"], first["ipras"], first["index"], first["by"]) == (5.7, 2.575, 2.21, "counting")
    assert (ratings.result == "7-9").sum() == 2
    assert ratings.judged.max() == "disagreement"
    assert report_from_json(report_to_json(report)) == report
    assert json.loads(report_to_json(report))["source"]["agreement_by"] == "counting"


def test_other_rubrics_say_nothing_of_it() -> None:
    for workshop in (read_archive(EXAMPLE).workshop, judged_by(read_archive(DELPHI).workshop, None)):
        report = make_report(workshop, START)
        said = json.loads(report_to_json(report))
        assert "agreement_by" not in said["source"]
        assert not list(keys_of(said["themes"], "panel"))
        assert "panel agrees" not in html_page(report)
        assert "ratings" not in openpyxl.load_workbook(BytesIO(excel_report(report))).sheetnames
    assert len(nps.open_workshop().ratings()) == 0


def keys_of(value: object, wanted: str) -> Iterator[object]:
    if isinstance(value, dict):
        yield from (one for key, one in value.items() if key == wanted)
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys_of(part, wanted)


def judged_by(workshop: Workshop, by: AgreementBy | None, votes: int | None = None) -> Workshop:
    """The same, judged by another criterion, and with the first so many votes of each round."""
    rubric = replace(workshop.rubric, agreement_by=by)
    topics = {
        code: replace(
            topic,
            rounds=tuple(replace(one, scale=rubric.scale, votes=one.votes[:votes]) for one in topic.rounds),
        )
        for code, topic in workshop.topics.items()
    }
    return replace(workshop, rubric=rubric, topics=topics)


def found_in(workshop: Workshop) -> list[tuple[str, str] | None]:
    votes = [one.panel for _, _, code in make_report(workshop, START).codes for one in code.rounds]
    return [(one.by, one.judged) if one else None for one in votes]


def test_by_ipras_there_is_disagreement_or_none(workshop: Workshop) -> None:
    found = found_in(judged_by(workshop, "IPRAS"))
    assert found == [("IPRAS", "no disagreement")] * 2 + [("IPRAS", "disagreement")] * 2 + [found[0]] * 2
    method = make_report(judged_by(workshop, "IPRAS"), START).method
    assert (
        "judged by IPRAS, the interpercentile range"
        in next(one for one in method if "judged" in one.heading).paragraphs[0]
    )


def test_fewer_than_there_is_a_count_for_are_judged_by_ipras_and_fewer_than_five_not_at_all(workshop: Workshop) -> None:
    seven = judged_by(workshop, "counting", 7)
    assert {one and one[0] for one in found_in(seven)} == {"IPRAS"}
    assert "by IPRAS, " in " ".join(make_report(seven, START).summary)
    assert found_in(judged_by(workshop, "counting", 4)) == [None] * 6


def test_who_cannot_judge_is_no_rating(workshop: Workshop) -> None:
    assert workshop.topics["shared-notes"].shown[0].votes.count(Vote("dont_know")) == 1
    assert workshop.topics["shared-notes"].shown[0].n == 11


@pytest.mark.slow
def test_the_commands_of_the_recipe_work_as_they_stand_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "delphi.md").read_text(encoding="utf-8")
    commands = re.findall(r"^ *nps-workshop (.*)$", page, re.MULTILINE)
    assert len(commands) == 5
    (tmp_path / "sessions").mkdir()
    (tmp_path / "sessions" / DELPHI.name).write_bytes(DELPHI.read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NPS_DATABASE", str(tmp_path / "workshops.db"))
    for command in commands:
        words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command)]
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, f"{command}: {result.output}"
    assert (tmp_path / "exports" / "delphi" / "delphi-response.pdf").is_file()
