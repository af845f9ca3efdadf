"""A server works where its user has no home, and where nothing but the data folder can be written."""

import os
import tempfile
from pathlib import Path

import pytest

from npswidgets.errors import WorkshopError
from npswidgets.server import configuration
from npswidgets.server.machine import home
from npswidgets.server.machine.home import settle_below


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder; what is set in the environment and in `tempfile` is put back afterwards."""
    for name in (*home.ELSEWHERE, "HOME", "TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


@pytest.fixture
def nothing_else_can_be_written(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "access", lambda folder, _: Path(folder).is_relative_to(data))


@pytest.mark.parametrize("said", [None, "", "/nowhere", "/proc/1/none", "/dev/null"])
def test_who_has_no_home_has_one_below_the_data_folder(
    data: Path, monkeypatch: pytest.MonkeyPatch, said: str | None
) -> None:
    if said is not None:
        monkeypatch.setenv("HOME", said)
    settle_below(data)
    assert Path.home() == data / ".home"
    assert Path.home().stat().st_mode & 0o077 == 0


def test_a_home_that_can_be_written_stays(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(data))
    settle_below(data / "not-made")
    assert os.environ["HOME"] == str(data)
    assert not (data / "not-made").exists()


def test_temporary_files_lie_below_the_data_folder_where_nothing_else_can_be_written(
    data: Path, nothing_else_can_be_written: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/srv/another")
    settle_below(data)
    assert tempfile.gettempdir() == str(data / ".tmp")
    assert Path.home() == data / ".home"


@pytest.mark.parametrize("name", home.ELSEWHERE)
def test_what_leads_to_another_users_folder_is_forgotten(
    data: Path, nothing_else_can_be_written: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "/srv/another/.cache")
    settle_below(data)
    assert name not in os.environ


def test_it_can_be_done_again(data: Path) -> None:
    settle_below(data)
    settle_below(data)
    assert Path.home() == data / ".home"


@pytest.mark.skipif("sys.platform != 'linux'")
def test_a_folder_whose_path_is_too_long_for_sockets_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/" + 80 * "x")
    assert configuration.folder_for_sockets() == "/tmp"
    monkeypatch.setattr(configuration.os, "access", lambda *_: False)
    with pytest.raises(WorkshopError, match="has 81 characters, and sockets in it need one of at most 2"):
        configuration.folder_for_sockets()
