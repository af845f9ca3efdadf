"""The command: what it prints, how it fails, and that its help shows the way."""

import json
import shlex
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from shutil import copytree, rmtree

import pytest
from click.testing import CliRunner, Result
from paths import DATA

from npswidgets.cli import COMMANDS, main
from npswidgets.store.example import example_path

pytestmark = pytest.mark.slow

EXAMPLE = str(example_path())


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Run":
    monkeypatch.chdir(tmp_path)
    return Run()


class Run:
    """Runs `nps-workshop` in a folder of its own."""

    def __call__(self, *words: str, exit_code: int = 0) -> Result:
        result = CliRunner().invoke(main, list(words))
        assert result.exit_code == exit_code, result.output
        return result

    def new(self, *more: str) -> dict[str, dict[str, str]]:
        made: dict[str, dict[str, str]] = json.loads(
            self("new", "--council", "Example County Council", "--json", *more).output
        )
        return made


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    said = run(command, "--help").output
    assert f"nps-workshop {command}" in said
    assert "Example:" in said


def test_new_makes_a_workshop_with_links_and_codes(run: Run) -> None:
    made = run.new("--session", "Leadership=showing-leadership", "--session", "Rest=Enablers,engaging-smes")
    assert set(made["codes"]) == {"leadership", "rest"}
    assert all(code.isdigit() and len(code) == 6 for code in made["codes"].values())
    assert f"/facilitate/{made['workshop']}#" in made["links"]["facilitator"]
    state = json.loads(run("show", str(made["workshop"]), "--json").output)
    assert [len(session["topics"]) for session in state["sessions"]] == [13, 11]


def test_new_without_sessions_plans_one_for_each_theme(run: Run) -> None:
    assert len(run.new()["codes"]) == 4


@pytest.mark.parametrize("words", ["--session Leadership", "--session =x", "--anonymity secret", "--unknown"])
def test_wrong_usage_ends_with_2(run: Run, words: str) -> None:
    run("new", "--council", "Example", *shlex.split(words), exit_code=2)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("new --council Example --session One=Alchemy", "no theme or key area 'Alchemy'"),
        ("show nowhere.jsonl", "nowhere.jsonl"),
        ("show nowhere", "no workshop database here"),
        ("verify nowhere.jsonl", "nowhere.jsonl"),
        ("seal nowhere", "no workshop database here"),
        ("new --council Example --departments-in-reports", "Name the departments."),
    ],
)
def test_what_cannot_be_done_ends_with_1_and_a_reason(run: Run, words: str, reason: str) -> None:
    said = run(*shlex.split(words), exit_code=1).output
    assert reason in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "words",
    [
        "archive 2026-01-example taken/x.jsonl",
        "pack 2026-01-example --sheets 0 --out taken/x",
        "export 2026-01-example --to csv --out taken/x",
        "response 2026-01-example --out taken/x",
        f"rubric check {'x' * 300}",
        f"show {'x' * 300}",
        f"list --database {'x' * 300}",
    ],
)
def test_what_the_system_refuses_ends_with_1_and_words(run: Run, words: str) -> None:
    made = run.new()
    Path("taken").touch()
    said = run(*words.replace("2026-01-example", str(made["workshop"])).split(), exit_code=1)
    assert said.output.startswith("Error: ")
    assert isinstance(said.exception, SystemExit)


def test_list_says_what_there_is(run: Run) -> None:
    made = run.new()
    assert str(made["workshop"]) in run("list").output
    assert [one["id"] for one in json.loads(run("list", "--json").output)] == [made["workshop"]]


def test_show_reads_a_saved_workshop(run: Run) -> None:
    said = run("show", EXAMPLE).output
    assert "Showing leadership: closed, 13 of 13 scored, 18 joined" in said
    assert "  2  Reporting  (agreed)" in said


def test_link_makes_a_new_link_each_time(run: Run) -> None:
    workshop = str(run.new()["workshop"])
    links = {run("link", workshop).output for _ in range(3)}
    assert len(links) == 3
    assert "/project/" in run("link", workshop, "--role", "projector").output


def test_shutting_out_says_who_comes_by_a_right_of_their_own(run: Run) -> None:
    workshop = str(run.new()["workshop"])
    run("sign-on", "name", "ben")
    run("sign-on", "name", "anna", str(run.new()["workshop"]))
    assert "Not shut out: 1 is named as operator. See" in run("link", workshop, "--shut-out").output
    run("sign-on", "name", "anna", workshop)
    run("operator", "new", "cleo")
    said = run("link", workshop, "--shut-out").output
    assert "Not shut out: 1 is named for this workshop, 1 is named as operator, 1 has an operator's secret." in said
    assert "`nps-workshop sign-on list` and `nps-workshop operator list`" in said
    assert not any(name in said for name in ("anna", "ben", "cleo")), "a log may hold it"
    assert "Not shut out" not in run("link", workshop).output
    assert "Not shut out" not in run("link", workshop, "--role", "projector", "--shut-out").output


def test_a_workshop_goes_out_and_comes_back(run: Run) -> None:
    assert run("import", EXAMPLE).output.strip() == "example"
    run("archive", "example", "copy.jsonl")
    assert Path("copy.jsonl").read_bytes() == Path(EXAMPLE).read_bytes()
    digest = run("verify", "copy.jsonl").output.strip()
    assert run("verify", EXAMPLE, "--digest", digest).output.strip() == digest
    assert "made from another record" in run("verify", EXAMPLE, "--digest", "0" * 64, exit_code=1).output


def test_sign_off_and_reopen(run: Run) -> None:
    run("import", EXAMPLE)
    assert "signed off and locked" in run("seal", "example", exit_code=1).output
    run("reopen", "example", exit_code=2)
    run("reopen", "example", "--reason", "A comment was missing")
    assert "version 2" in run("seal", "example", "--role", "Head of procurement").output


def test_a_rehearsal_plays_a_copy_to_the_end_and_leaves_the_workshop_alone(run: Run) -> None:
    workshop = str(run.new("--session", "Leadership=engaging-councillors")["workshop"])
    before = run("show", workshop, "--json").output
    for _ in range(2):
        said = run("rehearse", workshop, "--participants", "12", "--play", "--pace", "0").output
        assert "The session has ended." in said
    copy = json.loads(run("show", f"{workshop}-rehearsal", "--json").output)
    (session,) = copy["sessions"]
    assert (session["state"], session["joined"]) == ("closed", 12)
    assert all(topic["status"] == "agreed" for topic in session["topics"])
    assert all(sum(topic["rounds"][0]["counts"]) >= 6 for topic in session["topics"])
    assert run("show", workshop, "--json").output == before


@pytest.mark.parametrize("place", ["own rubrics/é/smallest", "absolute", "package"])
def test_a_rehearsal_takes_the_rubric_that_the_workshop_began_with_wherever_its_folder_is(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    folder = Path("own rubrics/é" if "é" in place else "council_rubrics" if place == "package" else "") / "smallest"
    copytree(DATA / "rubrics" / "smallest", folder)
    if place == "package":
        monkeypatch.syspath_prepend(tmp_path)
        place = str(files("council_rubrics") / "smallest")
    workshop = str(run.new("--rubric", str(folder.absolute()) if place == "absolute" else place)["workshop"])
    rmtree(folder)  # a workshop keeps its rubric
    assert "The session has ended." in run("rehearse", workshop, "--play", "--pace", "0").output
    assert '"watering"' in run("show", f"{workshop}-rehearsal", "--json").output


def test_a_rehearsal_of_a_whole_theme_begins_with_first_scores(run: Run) -> None:
    workshop = str(run.new("--session", "Leadership=showing-leadership")["workshop"])
    said = run("rehearse", workshop, "--participants", "6", "--play", "--pace", "0").output
    assert "topics were agreed without talking after first scores." in said
    (session,) = json.loads(run("show", f"{workshop}-rehearsal", "--json").output)["sessions"]
    assert all(topic["status"] == "agreed" for topic in session["topics"])
    assert all(topic["rounds"][0]["round"] == 0 for topic in session["topics"])
    assert {len(topic["rounds"]) for topic in session["topics"]} > {1}


def test_no_command_waits_for_what_nobody_needs() -> None:
    program = "import sys, npswidgets.cli, jsonschema; print('lark' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
