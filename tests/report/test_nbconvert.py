"""The exporters as people use them: `jupyter nbconvert`, and the menu of a JupyterLab server that runs."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import nbformat
import pytest
import requests
from bs4 import BeautifulSoup
from nbconvert.nbconvertapp import NbConvertApp
from played import START, planned_theme, workshop_of
from pypdf import PdfReader
from reports import notebook_with, word_texts
from serving import WAIT_SECONDS, wait_until

from npswidgets.report.make import make_report

pytestmark = pytest.mark.slow

ENDINGS = {"nps_html": ".html", "nps_pdf": ".pdf", "nps_docx": ".docx", "nps_slides": ".slides.html"}
LARGE = ("docx", "typst", "xlsxwriter", "matplotlib", "pandas", "PIL")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a session notebook."""
    folder = tmp_path_factory.mktemp("notebooks")
    notebook = notebook_with(make_report(workshop_of(planned_theme()), START))
    nbformat.write(notebook, folder / "report.ipynb")  # type: ignore[no-untyped-call]
    return folder


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[str]:
    """The address of a JupyterLab server on that folder."""
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": "0",
        "ServerApp.root_dir": str(folder),
        "ServerApp.open_browser": "False",
        "ServerApp.allow_root": "True",
        "IdentityProvider.token": "a-token",
    }
    command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
    own = {name: str(folder / "own") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR")}
    log = folder / "lab.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | own)
    try:
        found = wait_until(lambda: re.search(r"(http://127\.0\.0\.1:\d+/)lab", log.read_text()), 120)
        address = found.group(1)
        wait_until(lambda: answers(address, process, log), 120)
        yield address
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)


def answers(address: str, process: subprocess.Popen[bytes], log: Path) -> bool:
    """Whether the server listens already: it names its address before it does."""
    assert process.poll() is None, log.read_text()
    try:
        return requests.get(f"{address}api", timeout=WAIT_SECONDS).ok
    except requests.ConnectionError:
        return False


def words_in(name: str, made: bytes) -> str:
    """What a file says."""
    if name == "nps_pdf":
        return PdfReader(BytesIO(made)).pages[0].extract_text()
    if name == "nps_docx":
        return "\n".join(word_texts(made))
    return BeautifulSoup(made, "html.parser").get_text()


@pytest.mark.parametrize("name", ENDINGS)
def test_nbconvert_makes_each_format(folder: Path, tmp_path: Path, name: str) -> None:
    app = NbConvertApp()
    app.initialize(["--to", name, "--output-dir", str(tmp_path), "--log-level=ERROR", str(folder / "report.ipynb")])
    app.start()
    assert [path.name for path in tmp_path.iterdir()] == [f"report{ENDINGS[name]}"]
    assert "How good is our procurement?" in words_in(name, (tmp_path / f"report{ENDINGS[name]}").read_bytes())


def test_jupyterlab_lists_the_formats_and_makes_each(lab: str) -> None:
    token = {"Authorization": "token a-token"}
    listed = requests.get(f"{lab}api/nbconvert", headers=token, timeout=WAIT_SECONDS).json()
    assert set(ENDINGS) <= set(listed)
    for name in ENDINGS:
        address = f"{lab}nbconvert/{name}/report.ipynb?download=true"
        answer = requests.get(address, headers=token, timeout=WAIT_SECONDS)
        assert answer.status_code == 200, answer.text
        assert "How good is our procurement?" in words_in(name, answer.content)


def test_the_menu_survives_without_the_libraries_of_single_formats() -> None:
    program = f"""
import json, sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {LARGE}:
            raise ImportError(name)
sys.meta_path.insert(0, Missing())
from nbconvert.exporters.base import get_export_names, get_exporter
print(json.dumps([name for name in get_export_names() if get_exporter(name)]))
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(ENDINGS) <= set(json.loads(said.stdout))
