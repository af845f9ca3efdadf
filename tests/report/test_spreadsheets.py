"""Ids that a spreadsheet takes for dates or numbers: the check warns, and our files keep them."""

import csv
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from itertools import chain, repeat
from pathlib import Path
from shutil import copytree, which

import pandas as pd
import played
import pytest
from click.testing import CliRunner
from paths import DATA
from played import START, beginning, scored, theme_codes, workshop_of

from npswidgets.benchmarks.reading import benchmark_csv, read_benchmark
from npswidgets.cli import main
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.spreadsheets import as_text, taken_for
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import BenchmarkFaults
from npswidgets.report.make import make_report
from npswidgets.report.tables import csv_report
from npswidgets.report.workbook import excel_report

IDS = {
    "1-1": "a date", "mar-1": "a date", "sept2": "a date", "2026-01-05": "a date", "2026-01": "a date",
    "may-2026": "a date", "2e5": "a number", "007": "a number", "1.10": "a number", "12": "a number",
    "12345678901234567890": "a number", "inf": "a number", "nan": "a missing value", "null": "a missing value",
    "true": "a truth value", "=x": "a formula", "+1": "a formula", "-x": "a formula",
}  # fmt: skip
WORDS = ["reporting", "decide-1", "part-2", "may", "march-of-time", "2-year-plan", "1-2-3-4", "a1", "smes"]


@pytest.mark.parametrize("id_", IDS)
def test_it_is_known_what_an_id_is_taken_for(id_: str) -> None:
    assert taken_for(id_) == IDS[id_]
    assert as_text(id_) == f"'{id_}"


@pytest.mark.parametrize("word", WORDS)
def test_an_id_of_words_stays_as_it_is(word: str) -> None:
    assert (taken_for(word), as_text(word)) == ("", word)


@pytest.mark.parametrize("text", ["10:30", "9 am", "1/2", "1 1/2", "5%", "£5", "1,000", "1 March", "5 May 2026", "N/A"])
def test_what_is_no_id_and_would_be_changed_is_marked_as_well(text: str) -> None:
    assert as_text(text) == f"'{text}"


def renamed(rubric: Rubric) -> Rubric:
    """The diagnostic with such ids in place of its first."""
    ids = chain(IDS, repeat(""))
    themes = tuple(
        replace(theme, key_areas=tuple(replace(area, value_codes=tuple(
            replace(code, id=next(ids) or code.id) for code in area.value_codes
        )) for area in theme.key_areas))
        for theme in rubric.themes
    )  # fmt: skip
    return replace(rubric, themes=themes)


@pytest.fixture
def workshop(monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """A workshop whose rubric has such ids, each with a score, and with such words in it."""
    rubric = renamed(played.rubric())
    monkeypatch.setattr(played, "rubric", lambda: rubric)
    codes = tuple(IDS)
    scores = [scored(code, 1 + at % 5) for at, code in enumerate(codes)]
    return replace(workshop_of([*beginning(codes), *scores]), id="2026-01")


def scores_of(workshop: Workshop) -> dict[str, float]:
    return {code: topic.score.value for code, topic in workshop.topics.items() if topic.score and topic.score.value}


def written(workshop: Workshop, folder: Path) -> list[Path]:
    """All our files that a spreadsheet may open."""
    report = make_report(workshop, START)
    (folder / "scores.csv").write_text(csv_report(report), encoding="utf-8", newline="")
    (folder / "figures.csv").write_text(benchmark_csv(scores_of(workshop)), encoding="utf-8", newline="")
    (folder / "book.xlsx").write_bytes(excel_report(report))
    return [folder / "scores.csv", folder / "figures.csv", folder / "book.xlsx"]


def test_our_files_come_back_as_benchmarks_with_such_ids(workshop: Workshop, tmp_path: Path) -> None:
    scores = scores_of(workshop)
    assert set(scores) == set(IDS)
    files = written(workshop, tmp_path)
    frames = [pd.read_csv(file) for file in files[:2]]  # which takes none of them for a number
    for source in (*files, *frames, scores, pd.Series(scores)):
        assert read_benchmark(source, workshop.rubric.value_codes, workshop.rubric.scale) == scores


def test_no_text_of_the_table_of_scores_is_taken_for_anything_else(workshop: Workshop) -> None:
    rows = list(csv.DictReader(StringIO(csv_report(make_report(workshop, START)).removeprefix("\ufeff"))))
    assert rows[0]["workshop"] == "'2026-01"
    assert [row["code"] for row in rows] == [as_text(code) for code in workshop.topics]
    assert rows[0]["agreed_at"].startswith("20")  # a time is a time


@pytest.mark.slow
@pytest.mark.skipif(which("soffice") is None, reason="LibreOffice is not there, which reads and writes the files")
def test_our_files_survive_libreoffice(workshop: Workshop, tmp_path: Path) -> None:
    files = written(workshop, tmp_path)[:2]
    sheets = converted(files, "xlsx", tmp_path / "sheets")
    for file in (*sheets, *converted(sheets, "csv", tmp_path / "back")):
        assert read_benchmark(file, workshop.rubric.value_codes, workshop.rubric.scale) == scores_of(workshop), file


def converted(files: list[Path], kind: str, folder: Path) -> list[Path]:
    """What LibreOffice, with settings of its own, makes of the files that it opens: a file of another kind each."""
    home = f"-env:UserInstallation={(folder.parent / 'settings').as_uri()}"
    run = ["soffice", home, "--headless", "--convert-to", kind, "--outdir", str(folder), *map(str, files)]
    subprocess.run(run, check=True, capture_output=True, timeout=120)
    return [folder / f"{file.stem}.{kind}" for file in files]


def test_a_head_behind_a_byte_order_mark_that_was_read_as_letters_is_known(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text("\u00ef\u00bb\u00bfcode,score\n007,3\n", encoding="utf-8")
    assert read_benchmark(tmp_path / "figures.csv", ["007"], played.rubric().scale) == {"007": 3}


@pytest.mark.parametrize("given", [datetime(2026, 1, 1, tzinfo=UTC), "01-Jan", 200_000, 7.0, False])
def test_what_a_spreadsheet_made_of_an_id_is_told_with_the_ids_that_it_may_have_been(
    given: object,
) -> None:
    with pytest.raises(BenchmarkFaults, match="may have changed") as refused:
        read_benchmark({given: 3}, ["1-1", "2e5", *WORDS], played.rubric().scale)
    assert "“1-1”" in str(refused.value)
    with pytest.raises(BenchmarkFaults) as plain:
        read_benchmark({given: 3}, WORDS, played.rubric().scale)
    assert "changed" not in str(plain.value)


def test_a_number_is_the_id_that_is_written_so() -> None:
    frame = pd.DataFrame({"code": [12.0, None], "score": [3, None]})
    assert read_benchmark(frame, ["12"], played.rubric().scale) == {"12": 3}


def test_the_check_warns_of_each_id_that_a_spreadsheet_changes(tmp_path: Path) -> None:
    folder = copytree(DATA / "rubrics" / "smallest", tmp_path / "2026-01")
    index, area = folder / "rubric.yaml", folder / "beds.yaml"
    index.write_text(index.read_text().replace("smallest", "2026-01").replace("garden", "nan").replace("beds", '"007"'))
    (folder / "007.yaml").write_text(area.read_text().replace("id: beds", 'id: "007"').replace("watering", "mar-1"))
    area.unlink()
    result = CliRunner().invoke(main, ["rubric", "check", str(folder)])
    assert (result.exit_code, "is complete" in result.stdout) == (0, True), result.output
    assert result.stderr.splitlines()[:4] == [
        'Warning: rubric "2026-01": spreadsheets take this id for a date',
        'Warning: theme "nan": spreadsheets take this id for a missing value',
        'Warning: key area "007": spreadsheets take this id for a number',
        'Warning: value code "mar-1": spreadsheets take this id for a date',
    ]
    assert "no workshop has used the rubric" in result.stderr


def test_the_check_has_nothing_to_warn_of_in_the_diagnostic() -> None:
    assert CliRunner().invoke(main, ["rubric", "check"]).stderr == ""
    assert not any(map(taken_for, theme_codes()))
