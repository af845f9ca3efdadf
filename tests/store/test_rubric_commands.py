"""Rubrics made with the command: a workbook to fill in, a workbook of a rubric, and files of a workbook."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from npswidgets.cli import main
from npswidgets.store.rubric_files import load_rubric


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*words: str, exit_code: int = 0, typed: str = "") -> Result:
    result = CliRunner().invoke(main, ["rubric", *words], input=typed)
    assert result.exit_code == exit_code, result.output
    return result


@pytest.mark.parametrize(
    ("folder", "made"), [("meetings", "meetings"), ("out", "out/meetings"), ("Our rubric", "Our rubric")]
)
def test_a_rubric_goes_to_excel_and_comes_back_as_a_folder_of_its_id(folder: str, made: str) -> None:
    run("to-excel", "meetings", "book.xlsx")
    said = run("from-excel", "book.xlsx", folder).output
    assert f"{made}: meetings is complete: 2 themes, 3 key areas" in said
    assert load_rubric(Path(made)) == load_rubric(Path(folder)) == load_rubric("meetings")
    assert "is complete" in run("check", folder).output


def test_without_an_id_in_the_workbook_the_folder_gives_it() -> None:
    run("to-excel", "meetings", "book.xlsx")
    book = load_workbook("book.xlsx")
    book["Overview"]["B5"] = None
    book.save("book.xlsx")
    run("from-excel", "book.xlsx", "ours-2027")
    assert load_rubric(Path("ours-2027")).id == "ours-2027"


def test_what_is_there_is_replaced_only_if_somebody_says_so() -> None:
    run("to-excel", "meetings", "book.xlsx")
    assert "add --replace" in run("to-excel", "panel-rating", "book.xlsx", exit_code=1).output
    run("to-excel", "panel-rating", "book.xlsx", "--replace")
    run("from-excel", "book.xlsx", "panel-rating")
    Path("panel-rating/old.yaml").write_text("id: old")
    assert "add --replace" in run("from-excel", "book.xlsx", "panel-rating", exit_code=1).output
    Path("panel-rating/.git").mkdir()
    Path("panel-rating/letter.txt").write_text("Dear Anna")
    run("from-excel", "book.xlsx", "panel-rating", "--replace")
    there = sorted(path.name for path in Path("panel-rating").iterdir())
    assert there == [".git", "letter.txt", "rubric.yaml", "together.yaml"]


def test_a_folder_of_something_else_is_left_alone() -> None:
    run("to-excel", "meetings", "book.xlsx")
    Path("meetings").mkdir()
    Path("meetings/letter.txt").write_text("Dear Anna")
    assert "found letter.txt" in run("from-excel", "book.xlsx", "meetings", "--replace", exit_code=1).output
    assert sorted(path.name for path in Path().iterdir()) == ["book.xlsx", "meetings"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("to-excel meetings book.xls", "a name that ends in .xlsx"),
        ("to-excel nowhere book.xlsx", 'No rubric "nowhere"'),
        ("from-excel nowhere.xlsx out", "this file cannot be read"),
        ("from-excel notes.xlsx out", "found a text, such as CSV"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(words: str, why: str) -> None:
    Path("notes.xlsx").write_text("code,score")
    said = run(*words.split(), exit_code=1)
    assert why in said.output
    assert "Traceback" not in said.output
    assert not Path("out").exists()


def test_a_new_workbook_names_the_cells_to_fill_and_so_does_whoever_reads_it_too_early() -> None:
    said = run("new", "ours.xlsx", "--levels", "4", "--themes", "3").output
    assert "ours.xlsx: 37 cells to fill in" in said
    assert "  sheet “Key area 2”, cell F10: the statements of level 4, a line for each" in said
    early = run("from-excel", "ours.xlsx", "ours", exit_code=1).output
    assert "37 cells still to fill in in ours.xlsx" in early
    assert "ours.xlsx: sheet “Overview”, cell B7: expected a text for “Source”" in early


def test_a_name_with_spaces_can_be_copied_from_what_is_printed() -> None:
    said = run("new", "Our rubric.xlsx", "--levels", "3", "--themes", "1").output
    assert said.endswith('Then: nps-workshop rubric from-excel "Our rubric.xlsx" our-rubric\n')


def test_mistakes_are_told_before_what_is_only_empty() -> None:
    run("new", "ours.xlsx", "--levels", "3", "--themes", "1")
    book = load_workbook("ours.xlsx")
    book["Overview"]["B15"] = "seven"
    book.save("ours.xlsx")
    lines = run("from-excel", "ours.xlsx", "ours", exit_code=1).stderr.splitlines()
    assert lines[0] == "Error: 1 mistake and 14 cells still to fill in in ours.xlsx"
    assert "cell B15: expected a level, one of 1, 2, 3, or nothing, found “seven”" in lines[1]


def test_new_asks_what_nobody_said() -> None:
    run("new", typed="Gardens\n11\n4\n2\n")
    book = load_workbook("rubric.xlsx")
    assert book["Overview"]["B4"].value == "Gardens"
    assert len(book.sheetnames) == 2 + 2
    assert run("new", "more.xlsx", "--levels", "11", "--themes", "1", exit_code=2)
