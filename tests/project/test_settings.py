"""Where things are."""

from pathlib import Path

import pytest

from npswidgets import settings
from npswidgets.errors import NotFound


def test_the_database_is_below_the_working_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(settings.NPS_DATABASE, raising=False)
    monkeypatch.chdir(tmp_path)
    assert settings.database_url() == f"sqlite:///{tmp_path.as_posix()}/sessions/workshops.db"


def test_the_environment_names_another_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.NPS_DATABASE, "postgresql://localhost/nps")
    assert settings.database_url() == "postgresql://localhost/nps"


@pytest.mark.parametrize("name", ["rubric", "notebooks", "sessions"])
def test_a_checkout_has_the_data_beside_the_package(name: str) -> None:
    assert settings.data_folder(name) == Path(settings.__file__).parents[1] / name


def test_an_installed_package_has_the_data_inside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "npswidgets"
    for folder in (package / "_data" / "rubric", tmp_path / "rubric"):
        folder.mkdir(parents=True)
    monkeypatch.setattr(settings, "_PACKAGE", package)
    assert settings.data_folder("rubric") == package / "_data" / "rubric"


def test_a_missing_data_folder_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "_PACKAGE", tmp_path)
    with pytest.raises(NotFound, match='No data folder "rubric"'):
        settings.data_folder("rubric")
