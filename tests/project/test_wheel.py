"""The wheel, installed into an environment with what it asks for: everything that belongs to the package is in it."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
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
    (asks_for,) = library.glob("npswidgets*.dist-info/METADATA")
    lines = asks_for.read_text(encoding="utf-8").splitlines()
    link_all(
        closure(line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")), library
    )
    (clean / "share").symlink_to(
        Path(sys.prefix) / "share", target_is_directory=True
    )  # templates of Voila and nbconvert
    return programs


def closure(requirements: Iterable[str]) -> set[str]:
    """The names of all packages that these ask for, directly or not, on this system."""
    found: set[str] = set()
    todo = [(Requirement(text), "") for text in requirements]
    seen: set[tuple[str, str]] = set()
    while todo:
        one, extra = todo.pop()
        if one.marker and not one.marker.evaluate({"extra": extra}):
            continue
        found.add(one.name)
        for wanted in {(one.name, extra) for extra in ("", *one.extras)} - seen:
            seen.add(wanted)
            todo += [(Requirement(text), wanted[1]) for text in distribution(one.name).requires or ()]
    return found


def link_all(packages: Iterable[str], library: Path) -> None:
    """Links what these packages have installed here into another environment."""
    here = Path(sysconfig.get_path("purelib"))
    tops = {file.parts[0] for package in packages for file in distribution(package).files or ()}
    for name in tops - {"..", "__pycache__"}:
        if not (library / name).exists():
            (library / name).symlink_to(here / name)


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
