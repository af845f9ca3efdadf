"""The notebooks that take papermill's parameters, and what Jupyter and others are told of the package."""

import tomllib
from pathlib import Path

import nbformat
import pytest
from editions import NEW, OLD, map_text
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from paths import ROOT
from played import SESSION, beginning, scored, store_events, theme_codes
from room import make_room
from ruamel.yaml import YAML
from sqlalchemy import Engine

import npswidgets
from npswidgets.domain.events import SessionClosed, Words, WorkshopSealed
from npswidgets.report.added import additions
from npswidgets.report.notebook import carried_report, run
from npswidgets.store.archive import write_archive


def injected(name: str, source: str) -> NotebookNode:
    """The notebook as papermill runs it: a cell with the values stands behind the one that is tagged."""
    notebook: NotebookNode = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    (at,) = [at for at, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
    notebook.cells.insert(at + 1, new_code_cell(source, metadata={"tags": ["injected-parameters"]}))
    return notebook


@pytest.fixture
def folder(engine: Engine, tmp_path: Path) -> Path:
    code = theme_codes()[1]
    workshop = store_events(
        engine, [*beginning([code]), scored(code, 3), SessionClosed(SESSION), WorkshopSealed(1, Words("Head"))]
    )
    write_archive(engine, workshop, tmp_path / "one.jsonl")
    (tmp_path / "figures.csv").write_text(f"code,score\n{code},2.5\n")
    return tmp_path


def test_the_report_notebook_takes_parameters(folder: Path) -> None:
    notebook = run(injected("report.ipynb", 'saved = "one.jsonl"\nbenchmark = "figures.csv"'), folder)
    report = carried_report(notebook)
    assert (report.record.workshop, [code.benchmark for _, _, code in report.codes]) == ("2026-03-example", [2.5])
    assert additions(notebook) == ()


def test_the_notebook_that_compares_takes_parameters(folder: Path) -> None:
    notebook = run(injected("compare.ipynb", 'saved = ["one.jsonl", "one.jsonl"]\nbenchmark = "figures.csv"'), folder)
    shown = "".join(str(output) for cell in notebook.cells for output in cell.get("outputs", []))
    assert "2026-03-example (2)" in shown
    assert "to_benchmark" in shown


def test_the_notebook_that_compares_follows_a_map(engine: Engine, tmp_path: Path) -> None:
    for name, rubric in (("before", OLD), ("now", NEW)):
        room = make_room(engine, 6, rubric=rubric, id=name, sessions=(("All", (rubric.themes[0].id,)),))
        room.score_all(2)
        room.close()
        room.facilitator.record(WorkshopSealed(1, Words("Head of meetings")))
        write_archive(engine, name, tmp_path / f"{name}.jsonl")
    (tmp_path / "map.yaml").write_text(map_text())
    given = 'saved = ["before.jsonl", "now.jsonl"]\nedition_map = "map.yaml"'
    notebook = run(injected("compare.ipynb", given), tmp_path)
    shown = "".join(str(output) for cell in notebook.cells for output in cell.get("outputs", []))
    assert "map says to compare with care on" in shown
    assert "hosts" in shown


def test_jupyter_nps_is_our_command_and_the_package_says_what_it_is_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"]["jupyter-nps"] == project["scripts"]["nps-workshop"]
    assert "Framework :: Jupyter" in project["classifiers"]


def test_the_citation_names_this_version() -> None:
    cited = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["cff-version"], cited["title"], cited["version"]) == ("1.2.0", "npswidgets", npswidgets.__version__)
    assert {"message", "authors", "license"} <= set(cited)
