"""The wheel, installed into an environment with what it asks for: everything that belongs to the package is in it."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from installing import asked_for, link_all
from paths import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that holds the wheel and what it needs, and nothing else.

    What it needs is installed already, and linked: pip would fetch 120 packages again, for two minutes.
    """
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, within=folder)
    (wheel,) = folder.glob("*.whl")
    clean = folder / "clean"
    venv.create(clean)
    programs = clean / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", programs / "python", "install", "--quiet", "--no-deps")
    run(*pip, "--disable-pip-version-check", wheel, within=folder)
    library = next(clean.rglob("site-packages"))
    link_all(asked_for(library), library)
    return programs


def run(*command: str | Path, within: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NPS_"))}
    done = subprocess.run(command, cwd=within, capture_output=True, text=True, env=environment, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_installed_command_has_rubric_example_notebooks_and_templates(installed: Path, tmp_path: Path) -> None:
    command = installed / "nps-workshop"
    assert len(json.loads(run(command, "rubric", "show", "--json", within=tmp_path))["themes"]) == 4
    run(command, "rubric", "check", within=tmp_path)
    where = "from npswidgets.store.example import example_path; print(example_path())"
    example = run(installed / "python", "-c", where, within=tmp_path).strip()
    assert str(ROOT) not in example
    run(command, "export", example, "--to", "ipynb,html", "--out", tmp_path, within=tmp_path)
    assert {file.suffix for file in tmp_path.rglob("example.*")} == {".jsonl", ".ipynb", ".html"}
    listed = run(installed / "python", "-m", "nbconvert", "--help-all", within=tmp_path)
    assert "nps_html" in listed


def test_the_installed_server_finds_its_pages_and_screens(installed: Path, tmp_path: Path) -> None:
    found = run(
        installed / "python",
        "-c",
        "from npswidgets import settings; from npswidgets.server import app;"
        "print(sorted(file.name for file in settings.data_folder('notebooks').iterdir()))",
        within=tmp_path,
    )
    for screen in ("facilitator", "participant", "projector", "report"):
        assert f"{screen}.ipynb" in found
