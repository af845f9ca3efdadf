"""Two sessions are two, however alike their titles begin, and in whichever script they are written."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from npswidgets.cli import main
from npswidgets.domain.ids import is_id
from npswidgets.store.workshops import NewWorkshop, create_workshop, read_workshop

PARTS = ("showing-leadership", "behaving-commercially")
LONG = "How our council buys what it needs from the market"
TITLES = [
    pytest.param((f"{LONG}, morning", f"{LONG}, afternoon"), id="the same first 40 letters"),
    pytest.param(("Закупки", "Лидерство"), id="no Latin letter"),
    pytest.param(("采购", "पढ़ना"), id="no letter that an id has"),
    pytest.param(("Workshop", "领导"), id="the name of what has no letter"),
    pytest.param((f"{LONG[:40].strip()} 2", LONG), id="a number at the end"),
]


@pytest.mark.parametrize("titles", TITLES)
def test_each_session_has_an_id_a_code_and_topics_of_its_own(engine: Engine, titles: tuple[str, str]) -> None:
    sessions = tuple((title, (part,)) for title, part in zip(titles, PARTS, strict=True))
    created = create_workshop(engine, NewWorkshop(council="A council", sessions=sessions))
    there = read_workshop(engine, created.workshop).sessions
    assert [one.title for one in there.values()] == list(titles)
    assert all(map(is_id, there))
    assert there.keys() == created.codes.keys()
    assert len(set(created.codes.values())) == 2
    assert not set.intersection(*(set(one.codes) for one in there.values()))


@pytest.mark.parametrize("titles", TITLES)
def test_commands_and_files_tell_them_apart(tmp_path: Path, titles: tuple[str, str]) -> None:
    database = ["--database", str(tmp_path / "workshops.db")]
    sessions = [f"--session={title}={part}" for title, part in zip(titles, PARTS, strict=True)]
    made = run("new", "--council", "A council", "--json", *sessions, *database)
    shown = run("show", made["workshop"], "--json", *database)
    assert [one["title"] for one in shown["sessions"]] == list(titles)
    out = tmp_path / "out"
    packed = CliRunner().invoke(main, ["pack", made["workshop"], "--out", str(out), "--part", "run-sheet", *database])
    assert packed.exit_code == 0, packed.output
    (invitations,) = out.rglob("invitation*.txt")
    assert all(title.lower() in invitations.read_text("utf-8").lower() for title in titles)


def run(*arguments: str) -> dict:  # type: ignore[type-arg]
    answer = CliRunner().invoke(main, arguments)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.output)  # type: ignore[no-any-return]
