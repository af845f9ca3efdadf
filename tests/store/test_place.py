"""Where the database is, whatever the folder is called."""

import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.engine import URL

from npswidgets import settings
from npswidgets.cli import main
from npswidgets.domain.actor import Actor
from npswidgets.errors import StoreFault
from npswidgets.store.database import open_database
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.opening import open_store
from npswidgets.store.place import place_of, say_place

ODD = [
    "Workshop 1? June",
    "a#b",
    "%41",
    "100%",
    "it's",
    "&+;=",
    "Über uns 🎉",
    "-x",
    "dot.",
    "a\\b" if sys.platform != "win32" else "a b",
    'say "yes"' if sys.platform != "win32" else "a b",
    "two\nlines" if sys.platform != "win32" else "a b",
    "sqlite:" if sys.platform != "win32" else "a b",
]


@pytest.fixture(params=ODD)
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / request.param
    made.mkdir()
    monkeypatch.chdir(made)
    monkeypatch.delenv(settings.NPS_DATABASE, raising=False)
    return made


def command(*words: str) -> str:
    answer = CliRunner().invoke(main, words)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_the_database_lands_inside_a_folder_of_any_name_and_is_found_again(folder: Path) -> None:
    made = json.loads(command("new", "--council", "Example", "--session", "One=showing-leadership", "--json"))
    assert sorted(one.name for one in folder.parent.iterdir()) == [folder.name]
    assert (folder / "sessions" / "workshops.db").stat().st_size
    assert made["workshop"] in command("list")


def test_a_kernels_environment_names_the_same_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = json.loads(command("new", "--council", "Example", "--session", "One=showing-leadership", "--json"))
    told = open_database().url.render_as_string(hide_password=False)  # as the server tells its kernels
    monkeypatch.chdir("/" if os.name == "posix" else folder.parent)
    monkeypatch.setenv(settings.NPS_DATABASE, told)
    assert open_store(FacilitatorStore, Actor(made["workshop"], "facilitator")).workshop.id == made["workshop"]


def test_a_path_may_be_given_as_it_is(folder: Path) -> None:
    for text in (str(folder / "w.db"), "w.db"):
        assert place_of(text) == URL.create("sqlite", database=str(folder / "w.db"))
    assert say_place(place_of("w.db")) == str(folder / "w.db")


def test_a_url_keeps_its_meaning() -> None:
    assert place_of("postgresql://me@host/nps?sslmode=require").query == {"sslmode": "require"}
    assert place_of("sqlite:////data/100%25/w.db").database == os.path.abspath("/data/100%/w.db")  # noqa: PTH100
    assert place_of("sqlite://").database is None


def test_what_would_land_beside_the_folder_is_refused() -> None:
    with pytest.raises(StoreFault, match="give the path alone"):
        place_of("sqlite:////home/anna/Workshop 1? June/w.db")


@pytest.mark.parametrize("text", ["nosuch://host/db", "postgresql://me:secret@host:port/db"])
def test_what_is_no_address_is_told_without_the_password(text: str) -> None:
    with pytest.raises(StoreFault, match="no address of a database") as told:
        place_of(text)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://me:secret@127.0.0.1:1/db",
        "postgresql+psycopg://me:my@secret@127.0.0.1:1/db",
        "postgresql+psycopg://127.0.0.1:1/db?password=secret",
        "postgresql+nosuch://127.0.0.1:1/db?password=secret",
        "mssql+pymssql://me:secret@127.0.0.1:1/db",
    ],
)
def test_a_server_that_cannot_be_reached_is_told_without_what_lets_anybody_in(url: str) -> None:
    with pytest.raises(StoreFault, match=r"cannot be reached|lacks the library|no address of a database") as told:
        open_database(url)
    assert "secret" not in str(told.value)
    assert ("127.0.0.1" in str(told.value)) == ("no address" in str(told.value)), "phones show the others, too"


def test_a_path_that_the_system_does_not_take_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / ("x" * 300), tmp_path / "file" / "w.db", tmp_path / "a\0b"):
        with pytest.raises(StoreFault, match="there is no workshop database here"):
            open_database(str(path))
    for path in (tmp_path / ("x" * 300), tmp_path / "file" / "w.db"):
        with pytest.raises(StoreFault, match="the database cannot be made"):
            open_database(str(path), migrate=True)
