"""The notebooks of the screens with a cell more, and a server that draws its screens from them."""

import shutil
from pathlib import Path

from serving import RunningServer

from npswidgets.settings import data_folder

ADDED = """import ipywidgets
shown = ipywidgets.Label("Moved 0 times")
slider = ipywidgets.IntSlider(description="Guess")
slider.observe(lambda change: setattr(shown, "value", f"Moved to {change['new']}"), "value")
ipywidgets.VBox([slider, shown])"""


def serve_with(notebooks: Path, folder: Path) -> RunningServer:
    """A server whose three screens come from these notebooks."""
    program = (
        "from pathlib import Path; from npswidgets.server import app;"
        f"app.data_folder = lambda _: Path({str(notebooks)!r});"
        "from npswidgets.cli import main; main()"
    )
    return RunningServer(folder, program=program)


def add_to_notebooks(folder: Path) -> Path:
    """The shipped notebooks, each with a cell more."""
    import nbformat  # it imports jsonschema, and that for two seconds what conftest.py keeps out

    notebooks = folder / "notebooks"
    shutil.copytree(data_folder("notebooks"), notebooks)
    for role in ("facilitator", "participant", "projector"):
        path = notebooks / f"{role}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.append(nbformat.v4.new_code_cell(ADDED))
        nbformat.write(notebook, path)
    return notebooks
