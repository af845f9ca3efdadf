"""No record and no word on the command line controls the terminal of whoever types a command."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from room import Room, make_room
from sqlalchemy import Engine, insert

from npswidgets.cli import COMMANDS, main
from npswidgets.settings import data_folder
from npswidgets.store import archive, tables
from npswidgets.store.database import writing

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\x08\u202egnp.exe\u2066\u2028\x7f"
CONTROLS = ("\x1b", "\x07", "\x08", "\x7f", "\x9b", "\r", "\u202e", "\u2066", "\u2028")
SHOWN = "\\x1b[2J\\x9b31m"


@pytest.fixture
def room(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A workshop as an older toolkit could store it, with all that controls a terminal in each of its texts."""
    with monkeypatch.context() as before:
        before.setattr("npswidgets.store.record.as_recorded", lambda event, *_: event)
        before.setattr("npswidgets.store.workshops.as_created", lambda event: event)
        room = make_room(
            engine,
            council=f"Council {HOSTILE}",
            title=f"Title {HOSTILE}",
            departments=(f"Finance {HOSTILE}", "Other"),
            sessions=((f"Leading {HOSTILE}", ("engaging-councillors",)),),
            anonymity="named",
            id=f"old {HOSTILE}",
        )
        room.join(1, f"Finance {HOSTILE}", name="Anna")
        room.agree("reporting", 3, f"Anna {HOSTILE}")
    with writing(engine) as db:
        db.execute(tables.people.delete())
        row = {"workshop": room.created.workshop, "participant": who(room), "name": f"Anna {HOSTILE}"}
        db.execute(insert(tables.people).values(row))
    return room


def who(room: Room) -> str:
    return room.participants[0].actor.participant or ""


@pytest.fixture
def files(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the saved workshop, and a rubric in which each text is hostile."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NPS_DATABASE", room.engine.url.render_as_string())
    archive.write_archive(room.engine, room.created.workshop, tmp_path / "saved.jsonl")
    (tmp_path / "cut.jsonl").write_text(f"{HOSTILE.replace(chr(13), '')}\n", encoding="utf-8")
    rubric = tmp_path / "hostile"
    rubric.mkdir()
    for file in data_folder("rubric").glob("nps-2018/*.yaml"):
        text = file.read_text(encoding="utf-8")
        (rubric / file.name).write_text(text, encoding="utf-8")
    index = (rubric / "rubric.yaml").read_text(encoding="utf-8").replace("id: nps-2018", "id: hostile")
    escaped = json.dumps(HOSTILE)
    (rubric / "rubric.yaml").write_text(
        index.replace("\ntitle: ", f"\n{escaped}: 1\ntitle: {escaped} # "), encoding="utf-8"
    )
    return tmp_path


def said(*words: str) -> Result:
    result = CliRunner().invoke(main, list(words), color=True)
    assert result.output
    assert not isinstance(result.exception, AssertionError | UnicodeError), result.exception
    for control in CONTROLS:
        assert control not in result.output, ascii(result.output)
    return result


USES: dict[str, Callable[[Room], Iterator[list[str]]]] = {
    "new": lambda _: iter(
        [
            ["new", "--council", HOSTILE, "--session", HOSTILE],
            ["new", "--council", "A", "--session", f"{HOSTILE}={HOSTILE}"],
        ]
    ),
    "list": lambda _: iter([["list"], ["list", "--json"]]),
    "show": lambda room: iter(
        [
            [*command, *json_]
            for command in (["show", room.created.workshop], ["show", "saved.jsonl"], ["show", HOSTILE])
            for json_ in ([], ["--json"])
        ]
    ),
    "link": lambda room: iter([["link", room.created.workshop], ["link", HOSTILE], ["link", "x", "--role", HOSTILE]]),
    "export": lambda room: iter(
        [
            ["export", room.created.workshop],
            ["export", "saved.jsonl"],
            ["export", "saved.jsonl", "--to", HOSTILE],
            ["export", "cut.jsonl"],
        ]
    ),
    "response": lambda room: iter([["response", room.created.workshop], ["response", "saved.jsonl", "--to", HOSTILE]]),
    "copy": lambda _: iter([["copy", HOSTILE, "x.db"], ["copy", "sqlite://", f"{HOSTILE[:9]}/x.db"]]),
    "archive": lambda room: iter(
        [
            ["archive", room.created.workshop],
            ["archive", room.created.workshop, f"{HOSTILE[:9]}.jsonl"],
            ["archive", HOSTILE],
        ]
    ),
    "backup": lambda _: iter(
        [["backup", f"{HOSTILE[:9]}.db"], ["backup", HOSTILE], ["backup", f"{HOSTILE}/{HOSTILE}"]]
    ),
    "restore": lambda _: iter(
        [
            ["restore", "cut.jsonl", "--yes"],
            ["restore", HOSTILE],
            ["restore", "cut.jsonl", "--list", HOSTILE, "--yes"],
            ["restore", "cut.jsonl", "--database", f"{HOSTILE}.db"],
        ]
    ),
    "import": lambda _: iter([["import", "saved.jsonl"], ["import", "cut.jsonl"], ["import", f"{HOSTILE}.jsonl"]]),
    "verify": lambda _: iter([["verify", "cut.jsonl"], ["verify", "saved.jsonl", "--digest", HOSTILE]]),
    "seal": lambda room: iter([["seal", room.created.workshop, "--role", HOSTILE]]),
    "reopen": lambda room: iter([["reopen", room.created.workshop, "--reason", HOSTILE]]),
    "erase": lambda room: iter(
        [
            ["erase", room.created.workshop],
            ["erase", room.created.workshop, "--participant", HOSTILE],
            ["erase", room.created.workshop, "--participant", who(room)],
            ["erase", room.created.workshop, "--participant", who(room), "--no-typed"],
        ]
    ),
    "purge": lambda _: iter([["purge"], ["purge", HOSTILE]]),
    "rehearse": lambda room: iter([["rehearse", room.created.workshop], ["rehearse", "x", "--session", HOSTILE]]),
    "rubric": lambda _: iter(
        [
            ["rubric", "check", "hostile"],
            ["rubric", "show", "hostile"],
            ["rubric", "check", HOSTILE],
            ["rubric", HOSTILE],
        ]
    ),
    "pack": lambda room: iter([["pack", room.created.workshop], ["pack", "saved.jsonl"]]),
    "operator": lambda _: iter(
        [
            ["operator", "new", HOSTILE],
            ["operator", "new", "ada"],
            ["operator", "list"],
            ["operator", "withdraw", HOSTILE],
            ["operator", HOSTILE],
        ]
    ),
    "sign-on": lambda room: iter(
        [
            ["sign-on", "name", HOSTILE],
            ["sign-on", "name", "ada", HOSTILE],
            ["sign-on", "name", "ada", room.created.workshop],
            ["sign-on", "name", HOSTILE, room.created.workshop],
            ["sign-on", "name", HOSTILE, HOSTILE],
            ["sign-on", "withdraw", HOSTILE],
            ["sign-on", HOSTILE],
            ["sign-on", "list"],
            ["sign-on", "withdraw", HOSTILE, HOSTILE],
            ["sign-on", "withdraw", "ada", room.created.workshop],
        ]
    ),
    "doctor": lambda _: iter([["doctor", "--database", f"sqlite:///{HOSTILE}.db"], ["doctor", HOSTILE]]),
    "serve": lambda _: iter([["serve", "--port", HOSTILE], ["serve", f"--{HOSTILE}"]]),
}


def test_every_command_is_tried() -> None:
    assert set(USES) == set(COMMANDS)


@pytest.mark.parametrize("command", USES)
def test_no_command_lets_a_text_control_the_terminal(room: Room, files: Path, command: str) -> None:
    for words in USES[command](room):
        said(*words)


@pytest.mark.parametrize("words", [["list"], ["show", "saved.jsonl"], ["erase", "old"]])
def test_what_a_text_would_do_is_shown(room: Room, files: Path, words: list[str]) -> None:
    result = said(*[room.created.workshop if word == "old" else word for word in words])
    assert SHOWN in result.output
    assert result.exit_code == 0


def test_json_still_says_what_stands_in_the_record(room: Room, files: Path) -> None:
    shown = json.loads(said("show", "saved.jsonl", "--json").output)
    assert (shown["council"], shown["workshop"]) == (f"Council {HOSTILE}", room.created.workshop)
    [listed] = json.loads(said("list", "--json").output)
    assert listed["council"] == f"Council {HOSTILE}"


def test_a_mistake_before_any_command_is_shown_as_well() -> None:
    said(HOSTILE)
    said(f"--{HOSTILE}")
