"""Rubric folders as people have them: what systems leave there, what is no file, and blanks that nobody sees."""

import os
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner
from paths import DATA

from npswidgets.cli import main
from npswidgets.errors import NotFound, RubricFaults
from npswidgets.store.rubric_files import load_rubric


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copytree(DATA / "rubrics" / "smallest", tmp_path / "smallest")


def faults_in(folder: Path) -> str:
    with pytest.raises(RubricFaults) as refused:
        load_rubric(folder)
    return str(refused.value)


LEFT_THERE = ["._beds.yaml", "._rubric.yaml", ".#beds.yaml", "~$beds.yaml", ".hidden.yml", ".DS_Store", "Thumbs.db",
              "desktop.ini", ".beds.yaml.swp", "beds.yaml~", "#beds.yaml#", "beds.yaml.bak"]  # fmt: skip


def test_what_systems_and_editors_leave_in_the_folder_is_left_out(folder: Path) -> None:
    for name in LEFT_THERE:
        (folder / name).write_bytes(b"\x00\x05\x16\x07\xff")
    (folder / ".#rubric.yaml").symlink_to("somebody@somewhere.1234:567")  # as Emacs locks a file
    os.mkfifo(folder / ".pipe.yaml")
    (folder / "__MACOSX").mkdir()
    (folder / ".git.yaml").mkdir()
    result = CliRunner().invoke(main, ["rubric", "check", str(folder)])
    assert (result.exit_code, result.output.startswith("smallest is complete")) == (0, True), result.output


def too_long(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(5_000_000_000)


NO_FILES: dict[str, Callable[[Path], None]] = {
    "a folder": Path.mkdir,
    "what is no file": lambda path: os.mkfifo(path),
    "a link that leads nowhere": lambda path: path.symlink_to("nowhere"),
    "a longer one": too_long,
}


@pytest.mark.parametrize("name", ["beds.yaml", "rubric.yaml", "x.yaml"])
@pytest.mark.parametrize("found", NO_FILES)
def test_what_is_called_like_a_file_and_is_none_is_said_and_nothing_waits_for_it(
    folder: Path, name: str, found: str
) -> None:
    (folder / name).unlink(missing_ok=True)
    NO_FILES[found](folder / name)
    said = faults_in(folder)
    assert f"smallest/{name}: whole file: expected a file" in said
    assert f"found {found}\n" in f"{said}\n"
    result = CliRunner().invoke(main, ["rubric", "check", str(folder)])
    assert (result.exit_code, said in result.stderr) == (1, True)


def test_a_file_or_folder_that_nobody_may_read_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", refuse)
        assert "beds.yaml: whole file: expected a file that can be read, found Permission denied" in faults_in(folder)
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(NotFound, match=r"cannot be read \(Permission denied\)"):
        load_rubric(folder)


@pytest.mark.parametrize("name", ["y" * 5_000, "\0", "no/such/folder"], ids=["long", "nul", "missing"])
def test_a_name_that_leads_nowhere_is_no_rubric(name: str) -> None:
    with pytest.raises(NotFound, match="No rubric"):
        load_rubric(name)


def test_a_folder_whose_name_can_be_no_id_may_hold_a_rubric(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_rubric(folder.rename(tmp_path / "Our rubric (2)")).id == "smallest"
    monkeypatch.chdir(tmp_path / "Our rubric (2)")
    assert load_rubric(".").id == load_rubric("rubric.yaml").id == "smallest"


UNSEEN = {"<no-break space, U+00A0>": "\u00a0", "<zero width space, U+200B>": "\u200b", "<em space, U+2003>": "\u2003",
          "<zero width no-break space, U+FEFF>": "\ufeff", "<soft hyphen, U+00AD>": "\u00ad",
          "<hangul filler, U+3164>": "\u3164"}  # fmt: skip
PLACES = {
    "a key": ("name: Beds", "{}name: Beds", 'found the unknown key "{}name"'),
    "the indent": ("    name: Yes", "    {}name: Yes", 'found the unknown key "{}name"'),
    "a level": ("      1: [No]", "      1{}: [No]", 'found the unknown key "1{}"'),
    "an id": ("id: watering", 'id: "watering{}"', 'found "watering{}"'),
    "a whole text": ("name: Beds", 'name: "{}"', "name (line 3): expected a text that"),
}


@pytest.mark.parametrize("name", UNSEEN)
@pytest.mark.parametrize("place", PLACES)
def test_what_nobody_sees_in_a_file_is_named(folder: Path, name: str, place: str) -> None:
    before, after, said = PLACES[place]
    beds = folder / "beds.yaml"
    text = beds.read_text(encoding="utf-8")
    beds.write_text(text.replace(before, after.format(UNSEEN[name])), encoding="utf-8")
    found = faults_in(folder)
    assert said.format(name) in found
    assert name in found


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("name: Beds", "name:\u00a0Beds", 3),
        ("  - id: watering", "  -\u00a0id: watering", 8),
        ("    name: Yes", "\u00a0\u00a0\u00a0\u00a0name: Yes", 9),
    ],
)
def test_yaml_that_breaks_at_such_a_blank_says_on_which_line_it_stands(
    folder: Path, before: str, after: str, line: int
) -> None:
    beds = folder / "beds.yaml"
    beds.write_text(beds.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    assert f'line {line} has "<no-break space, U+00A0>" where a plain space, or nothing, belongs' in faults_in(folder)


def test_such_blanks_inside_a_text_stay(folder: Path) -> None:
    beds = folder / "beds.yaml"
    text = beds.read_text(encoding="utf-8").replace("Where things", "Where\u00a0things\u200b").replace("Soup.", '"-"')
    beds.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    (area,) = load_rubric(folder).key_areas
    assert (area.definition, area.why_it_is_important) == ("Where\u00a0things\u200b grow.", "-")


@pytest.mark.parametrize(
    ("id_", "found"),
    [
        ("007", "the number 007"),
        ("2e5", "the number 2e5"),
        ("1.10", "the number 1.10"),
        ("+1", "the number +1"),
        ("true", "the truth value true"),
        ("=x", '"=x"'),
        ("2026-01-01", "2026-01-01 (a date)"),
        ("!!bool z", "'z'"),
    ],
)
def test_an_id_that_yaml_takes_for_something_else_is_shown_as_it_stands(folder: Path, id_: str, found: str) -> None:
    beds = folder / "beds.yaml"
    beds.write_text(beds.read_text(encoding="utf-8").replace("id: watering", f"id: {id_}"), encoding="utf-8")
    assert faults_in(folder).endswith(f"found {found}")
