"""Figures of others beside the scores: as people save them, with every fault by its row, and never before a score."""

import os
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from paths import DATA, EXAMPLE
from played import START, beginning, finished_theme, scored, sealed, theme_codes, voted, votes, workshop_of
from pypdf import PdfReader

import npswidgets as nps
from npswidgets import screens, server, widgets
from npswidgets.benchmarks import source
from npswidgets.benchmarks.reading import benchmark_csv, read_benchmark
from npswidgets.cli import main
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import BenchmarkFaults, NotFound
from npswidgets.report.contents import Report, report_from_json
from npswidgets.report.formats import FORMATS
from npswidgets.report.make import make_report
from npswidgets.report.tables import csv_report, json_report
from npswidgets.report.workbook import excel_report

FIGURES = {"councillor-development": 3.0, "reporting": 2.0}
CASES = DATA / "benchmarks"


def read(source: object) -> dict[str, float]:
    rubric = sealed("spring", 2).rubric
    return read_benchmark(source, rubric.value_codes, rubric.scale)


def faults_of(source: object) -> list[str]:
    with pytest.raises(BenchmarkFaults) as caught:
        read(source)
    return list(caught.value.faults)


@pytest.mark.parametrize("name", ["a-cp1252-pound.csv", "f-code-blank.csv", "h-utf16-tab.csv"])
def test_a_benchmark_is_read_as_people_save_it(name: str) -> None:
    assert read(CASES / name) == FIGURES


def test_an_unknown_code_is_named_with_its_row_and_empty_rows_are_nothing() -> None:
    assert faults_of(CASES / "b-empty-rows-unknown-code.csv") == ["row 4: the rubric has no value code “no-such-code”."]


def test_an_empty_file_is_said_to_be_empty() -> None:
    (fault,) = faults_of(CASES / "g-empty.csv")
    assert fault.endswith("found nothing: there is no row with anything in it")


PLAIN = "code,score\r\ncouncillor-development,3\r\nreporting,2\r\n"


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        ("\r\n" + PLAIN).encode("utf-16-be"),
        ("Benchmark of the region, spring\r\n\r\n" + PLAIN.replace(",", ";")).encode(),
        PLAIN.replace(",", ";")
        .replace("code", "a, b, c;code")
        .replace("reporting", ";reporting")
        .replace("councillor", "x,y;councillor")
        .encode(),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.replace("\r\n", "\r").encode(),
        PLAIN.replace(",", ";").replace("3", "3,0").encode(),
        ("sep=;\r\n" + PLAIN.replace(",", ";")).encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace("code", " Code ").replace("score", "SCORE").encode(),
        PLAIN.replace("reporting,2", '"reporting","2"').encode(),
        PLAIN.replace("reporting", "\u00a0Reporting\u200b ").encode(),
        ("\r\n\r\n" + PLAIN + ",\r\n , \r\n").encode(),
        PLAIN.replace("score", "name,score").replace(",3", ",Caf\u00e9,3").replace(",2", ",x,2").encode("cp1252"),
        PLAIN.replace("reporting", "'reporting").encode(),
        f"{PLAIN}{theme_codes()[4]},\r\n".encode(),
    ],
)
def test_a_csv_file_is_read_whatever_saved_it(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "figures.csv").write_bytes(data)
    assert read(tmp_path / "figures.csv") == FIGURES


def workbook(*rows: tuple[object, ...], sheet: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet  # type: ignore[union-attr]
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["figures.xlsx", "figures.csv", "figures"])
def test_a_workbook_is_read_under_any_name(tmp_path: Path, name: str) -> None:
    rows = [
        ("Code", "note", "Score"),
        ("councillor-development", None, 3),
        (None, None, None),
        ("reporting ", "x", "2"),
    ]
    (tmp_path / name).write_bytes(workbook(*rows))
    assert read(tmp_path / name) == FIGURES


def test_our_own_workbook_and_csv_are_read_back_where_scores_are_blank(tmp_path: Path) -> None:
    workshop = workshop_of(finished_theme())
    report = make_report(workshop, START)
    scores = {code: topic.score.value for code, topic in workshop.topics.items() if topic.score and topic.score.value}
    assert len(scores) < len(workshop.topics)
    (tmp_path / "own.xlsx").write_bytes(excel_report(report))
    (tmp_path / "own.csv").write_bytes(csv_report(report).encode())
    (tmp_path / "written.csv").write_text(benchmark_csv({code: float(score) for code, score in scores.items()}))
    for name in ("own.xlsx", "own.csv", "written.csv"):
        assert read(tmp_path / name) == scores


@pytest.mark.parametrize(
    "source",
    [
        FIGURES,
        pd.Series(FIGURES),
        pd.Series(FIGURES, name="Score"),
        pd.DataFrame({"code": list(FIGURES), "score": list(FIGURES.values())}),
        pd.DataFrame({"Score": FIGURES}),
        pd.DataFrame({"score": [3, pd.NA, 2]}, index=["councillor-development", theme_codes()[4], "reporting"]),
    ],
)
def test_a_frame_a_series_and_a_dictionary_are_benchmarks(source: object) -> None:
    assert read(source) == FIGURES


def test_every_fault_is_in_one_message_by_its_row(tmp_path: Path) -> None:
    rows = ["code,score", "reportin,3", "reporting,x", "reporting,2", ",4", "councillor-development,9", "reporting,nan"]
    (tmp_path / "figures.csv").write_text("\n".join(rows))
    with pytest.raises(BenchmarkFaults) as caught:
        read(tmp_path / "figures.csv")
    assert str(caught.value).replace(f"{tmp_path}/figures.csv: ", "").split("\n") == [
        "row 2: the rubric has no value code “reportin”. Did you mean “reporting”?",
        "row 3: expected a number from 1 to 5 as the score, found “x”.",
        "row 4: “reporting” stands in row 3 already. Give each value code one row.",
        "row 5: there is a score without a code.",
        "row 6: expected a number from 1 to 5 as the score, found “9”.",
        "row 7: “reporting” stands in row 3 already. Give each value code one row.",
        "row 7: expected a number from 1 to 5 as the score, found “nan”.",
    ]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b'code,score\nreporting,"2\ncouncillor-development,3\n', "row 2: a quotation mark"),
        (b'code,score\nreporting,2\n"councillor-development,3\n', "row 3: a quotation mark"),
        (b"a,b\n1,2\n", "expected the columns code and score, each once, found “a”, “b”"),
        (b"code,score,Score\n", "each once"),
        (b"\n\n  \n", "there is no row with anything in it"),
        (b"PK\x03\x04 no workbook", "no workbook that can be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel"),
        (b"code,score\nreporting,0x2\n", "found “0x2”"),
        (b"code,score\nreporting,-2\n", "found “-2”"),
        (b"code,score\nreporting,2e0\n", "found “2e0”"),
        (b"code,score\nreporting,\xa32\n", "found “£2”"),
    ],
)
def test_what_is_no_benchmark_is_said_in_words(tmp_path: Path, data: bytes, fault: str) -> None:
    (tmp_path / "figures.csv").write_bytes(data)
    assert any(fault in one for one in faults_of(tmp_path / "figures.csv"))


def broken_workbook(*, inside: bytes = b"", flip: bool = False) -> bytes:
    """One whose page is cut to what is `inside`, or some of whose bytes are others."""
    whole = workbook(("code", "score"), ("reporting", 2))
    if flip:
        return bytes(
            one ^ (0x55 if at % 37 == 0 and 400 < at < len(whole) - 900 else 0) for at, one in enumerate(whole)
        )
    buffer, book = BytesIO(), ZipFile(BytesIO(whole))
    with ZipFile(buffer, "w", ZIP_DEFLATED) as cut:
        for name in book.namelist():
            cut.writestr(name, inside if "sheet1" in name else book.read(name))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (broken_workbook(inside=b"<worksheet><sheetData"), "no workbook that can be read"),
        (broken_workbook(flip=True), "no workbook that can be read"),
        (workbook(("code", "score"))[:-200], "no workbook that can be read"),
        (b"PK\x03\x04" + bytes(20_000_000), "the file has more than 20 MB"),
        (b'code,score\nreporting,"2"3\n', 'row 2: a quotation mark (") stands inside a cell'),
        (b"code,note,score\nreporting," + b"x" * 140_000 + b",2\n", "row 2: a cell has more than 131,072 characters"),
    ],
)
def test_a_file_that_is_broken_or_huge_is_said_so_in_words(tmp_path: Path, data: bytes, fault: str) -> None:
    (tmp_path / "figures.csv").write_bytes(data)
    (told,) = faults_of(tmp_path / "figures.csv")
    assert fault in told


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "MOST_UNPACKED", 1_000_000)
    (tmp_path / "figures.xlsx").write_bytes(broken_workbook(inside=b" " * 1_000_001))
    assert "the workbook holds more than 1 MB" in faults_of(tmp_path / "figures.xlsx")[0]


def test_what_never_ends_is_no_benchmark(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for endless in (tmp_path / "pipe.csv", "/dev/zero"):
        with pytest.raises(NotFound, match="this is no file"):
            read(endless)


def test_a_benchmark_is_found_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "figures.csv").write_text(PLAIN)
    assert read("~/figures.csv") == FIGURES


def test_what_was_found_is_quoted_so_that_one_sees_it_and_no_longer_than_a_line(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text(f"code,score\nre\u00a0porting,\x1b[2J\n{'x' * 90_000},2\n")
    first, second, third = faults_of(tmp_path / "figures.csv")
    assert first == r"row 2: the rubric has no value code “re\xa0porting”. Did you mean “reporting”?"
    assert second.endswith(r"found “\x1b[2J”")
    assert len(third) < 150


def test_a_message_with_thousands_of_faults_can_be_read_and_the_error_has_all(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text("code,score\n" + "".join(f"x{at},9\n" for at in range(1_000)))
    with pytest.raises(BenchmarkFaults, match=r"figures\.csv: and 1,800 more\.$") as caught:
        read(tmp_path / "figures.csv")
    assert len(caught.value.faults) == 2_000


@pytest.mark.parametrize(
    "frame",
    [
        pd.Series([2], index=pd.MultiIndex.from_tuples([("reporting", 1)])),
        pd.DataFrame([["reporting", 2]], columns=pd.MultiIndex.from_tuples([("a", "code"), ("a", "score")])),
    ],
)
def test_a_frame_with_several_levels_is_said_so(frame: object) -> None:
    assert "found an index or a head of several levels" in faults_of(frame)[0]


@pytest.mark.parametrize("source", [7, None, object(), workbook(("code", "score"))])
def test_what_cannot_be_a_benchmark_at_all_is_said_in_words(source: object) -> None:
    assert "expected a path, a DataFrame or a dictionary" in faults_of(source)[0]


def test_a_date_or_a_truth_in_a_workbook_is_no_score(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(
        workbook(("code", "score"), ("reporting", START.replace(tzinfo=None)), ("nothing", True))
    )
    assert [fault.split(", found")[0] for fault in faults_of(tmp_path / "a.xlsx")] == [
        "row 2: expected a number from 1 to 5 as the score",
        "row 3: the rubric has no value code “nothing”. Did you mean “reporting”?",
        "row 3: expected a number from 1 to 5 as the score",
    ]


def test_a_benchmark_that_there_is_not_gets_the_nearest_file(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text(PLAIN)
    with pytest.raises(NotFound, match=r"cannot be read.*Did you mean “figures\.csv”"):
        read(tmp_path / "figure.csv")
    for wrong in (tmp_path, tmp_path / "none" / "a.csv", "\0", "y" * 5_000):
        with pytest.raises(NotFound, match="cannot be read"):
            read(wrong)


def with_one_unscored() -> Workshop:
    first, second = theme_codes()[:2]
    cast = votes(0, 5, 5)
    return workshop_of([*beginning([first, second]), *voted(first, cast), *voted(second, cast), scored(first, 2)])


SECRET = 3.47


@pytest.fixture(scope="module")
def partly() -> Report:
    first, second = theme_codes()[:2]
    return make_report(with_one_unscored(), START, benchmark={first: 2.43, second: SECRET})


@pytest.mark.parametrize("format_", [name for name, one in FORMATS.items() if one.made])
def test_no_format_holds_the_figure_of_a_value_code_without_an_agreed_score(partly: Report, format_: str) -> None:
    made = FORMATS[format_].made
    assert made
    held = _all_text(made(partly))
    assert str(SECRET) not in held
    if format_ in ("html", "pdf", "docx", "xlsx", "csv", "json"):
        assert "2.43" in held


def _all_text(made: Any) -> str:
    if isinstance(made, str):
        return made
    if made.startswith(b"PK"):
        book = ZipFile(BytesIO(made))
        return " ".join(book.read(name).decode("utf-8", "ignore") for name in book.namelist())
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)


def test_a_chart_shows_a_benchmark_beside_agreed_scores_alone() -> None:
    first, second = theme_codes()[:2]
    chart = nps.charts.profile(with_one_unscored(), benchmark={first: 2.43, second: SECRET})
    assert chart.table["Benchmark"].tolist() == [2.43, pd.NA]
    assert chart.alt.endswith("Beside a benchmark: 0 higher, 1 lower, 0 the same.")
    assert len(chart.figure.findobj(lambda one: str(one.get_label()).endswith(": benchmark"))) == 1
    assert str(SECRET) not in chart.svg("text")


def test_no_page_of_the_workshop_can_know_a_benchmark() -> None:
    for package in (screens, server, widgets):
        for file in Path(package.__path__[0]).rglob("*.py"):
            assert "benchmark" not in file.read_text(encoding="utf-8"), file


def test_a_report_with_a_benchmark_is_read_back_and_its_table_has_the_difference(partly: Report) -> None:
    assert report_from_json(json_report(partly)) == partly
    assert "They stand beside 1 agreed score." in partly.benchmark
    rows = [line.split(",") for line in csv_report(partly).splitlines()]
    at = rows[0].index("benchmark")
    assert [row[at : at + 2] for row in rows[1:3]] == [["2.43", "-0.43"], ["", ""]]


def test_the_command_takes_a_benchmark_and_the_notebook_runs_again_with_it(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text(PLAIN)
    run = [
        "export",
        str(EXAMPLE),
        "--to",
        "ipynb,csv",
        "--out",
        str(tmp_path),
        "--benchmark",
        str(tmp_path / "figures.csv"),
    ]
    result = CliRunner().invoke(main, run)
    assert result.exit_code == 0, result.output
    assert read(tmp_path / "example" / "example-benchmark.csv") == FIGURES
    assert ",2," in (tmp_path / "example" / "example.csv").read_text(encoding="utf-8")


def test_faults_of_a_benchmark_end_the_command_in_words(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text("code,score\nreportin,3\nreporting,9\n")
    run = ["export", str(EXAMPLE), "--to", "csv", "--out", str(tmp_path), "--benchmark", str(tmp_path / "figures.csv")]
    result = CliRunner().invoke(main, run)
    assert result.exit_code == 1
    assert "row 2" in result.output
    assert "row 3" in result.output
    assert not (tmp_path / "example").exists()
