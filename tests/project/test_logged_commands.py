"""The dated line of each command that changes something: what, where and when, and nothing of people."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from paths import EXAMPLE
from room import make_room
from sqlalchemy import Engine

from npswidgets.cli import COMMANDS, logged, main
from npswidgets.store.place import file_of

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00 (info|error) (\S+) (.+)")
NAME = "Persephone Quill"


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logged, "at_a_terminal", lambda: False)


def run(engine: Engine, *words: str) -> Result:
    place = () if "--database" in words else ("--database", str(file_of(engine.url)))
    return CliRunner().invoke(main, [*words, *place])


def lines(done: Result) -> list[tuple[str, ...]]:
    return [found.groups() for found in map(LINE.fullmatch, done.stderr.splitlines()) if found]


def test_each_command_that_changes_something_says_so_and_names_nobody(engine: Engine, tmp_path: Path) -> None:
    room = make_room(engine, anonymity="named")
    room.join(name=NAME)
    workshop, person = room.workshop.id, room.participants[0].actor.participant or ""
    room.score_all()
    room.close()
    engine.dispose()
    out = str(tmp_path / "out")
    secrets = []
    for words, said in (
        (("new", "--council", "Other Council"), "The workshop was made."),
        (("link", workshop), "A link was made."),
        (("export", workshop, "--to", "json", "--out", out), "A file was handed out."),
        (("archive", workshop, str(tmp_path / "saved.jsonl")), "A file was handed out."),
        (("import", str(EXAMPLE)), "A saved workshop was brought in."),
        (("backup", str(tmp_path / "backup.db")), "The database was copied."),
        (("erase", workshop, "--participant", person), "A person was erased."),
        (("seal", workshop), "The workshop is signed off."),
        (("reopen", workshop, "--reason", f"{NAME} said so"), "The workshop is open for changes again."),
        (("operator", "new", NAME), "An operator was made."),
        (("operator", "withdraw", NAME), "An operator was withdrawn."),
        (("sign-on", "name", NAME, workshop), "Somebody was named who may sign on."),
        (("sign-on", "withdraw", NAME, workshop), "Somebody may not sign on any more."),
        (
            ("restore", str(tmp_path / "backup.db"), "--not-known", "--database", str(tmp_path / "new.db")),
            "A backup was put in the place of the database.",
        ),
    ):
        done = run(engine, *words)
        assert done.exit_code == 0, (words, done.output)
        found = lines(done)
        assert ("info", said) in {(level, what) for level, _, what in found}, (words, done.stderr)
        assert {what for _, what, _ in found} <= {"-", workshop, "example"} or words[0] == "new"
        secrets += re.findall(r"#(\S+)", done.stdout)
        assert not [one for one in (NAME, person, *secrets) if one in done.stderr], words


def test_a_command_that_fails_says_which_and_of_what_kind_and_one_that_reads_says_nothing(engine: Engine) -> None:
    room = make_room(engine, anonymity="named")
    room.join(name=NAME)
    failed = run(engine, "seal", "no-such-workshop")
    assert failed.exit_code == 1
    assert lines(failed) == [("error", "-", "The command seal has failed (NotFound).")]
    assert failed.stderr.splitlines()[-1].startswith("Error: ")
    assert lines(run(engine, "show", "no-such-workshop")) == lines(run(engine, "list")) == []
    assert lines(run(engine, "seal")) == []  # called wrongly
    assert set(COMMANDS) >= logged.READ_ONLY


def test_in_a_container_it_is_an_object_and_at_a_terminal_there_is_none(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = make_room(engine).workshop.id
    monkeypatch.setenv(logged.LOG_JSON, "true")
    said = json.loads(run(engine, "link", workshop).stderr.splitlines()[-1])
    assert (said["event"], said["workshop"], said["level"]) == ("link-made", workshop, "info")
    monkeypatch.delenv(logged.LOG_JSON)
    monkeypatch.setattr(logged, "at_a_terminal", lambda: True)
    assert run(engine, "link", workshop).stderr == ""


def test_of_what_a_server_has_done_the_server_speaks(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop = make_room(engine).workshop.id
    monkeypatch.setattr(logged, "NPS_LIVE", "PATH")  # one that is set
    assert run(engine, "link", workshop).stderr == ""


def test_a_wrong_form_of_the_line_is_told_before_anything_is_done(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else an operator is made, and nobody has seen the secret."""
    monkeypatch.setenv(logged.LOG_JSON, "json")
    done = run(engine, "operator", "new", NAME)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Invalid value for NPS_LOG_JSON: 'json' is not a valid boolean" in done.stderr
    monkeypatch.delenv(logged.LOG_JSON)
    assert run(engine, "operator", "list").stdout == ""
