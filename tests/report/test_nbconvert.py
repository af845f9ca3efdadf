"""The exporters as people use them: `jupyter nbconvert`, and the menu of a JupyterLab server that runs."""

import json
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import nbformat
import pytest
import requests
from bs4 import BeautifulSoup
from lab import TOKEN, running_lab
from nbconvert.nbconvertapp import NbConvertApp
from played import START, planned_theme, workshop_of
from pypdf import PdfReader
from reports import notebook_with, word_texts
from serving import WAIT_SECONDS

from npswidgets.report.html import html_page
from npswidgets.report.make import make_report
from npswidgets.report.notebook import carried_report

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
    with running_lab(folder) as address:
        yield address


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


def test_jupyterlab_lists_the_formats_and_makes_each(lab: str, folder: Path) -> None:
    token = {"Authorization": f"token {TOKEN}"}
    listed = requests.get(f"{lab}api/nbconvert", headers=token, timeout=WAIT_SECONDS).json()
    assert {*ENDINGS, "html"} <= set(listed)
    for name in ENDINGS:
        address = f"{lab}nbconvert/{name}/report.ipynb?download=true"
        answer = requests.get(address, headers=token, timeout=WAIT_SECONDS)
        assert answer.status_code == 200, answer.text
        assert "How good is our procurement?" in words_in(name, answer.content)
        if name == "nps_html":
            assert answer.content.decode() == html_page(carried_report(nbformat.read(folder / "report.ipynb", 4)))  # type: ignore[no-untyped-call]


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
