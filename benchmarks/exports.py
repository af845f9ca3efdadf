"""How long each format takes, against `jupyter nbconvert --to html` of the same session notebook in the same run.

Run as ``python -m benchmarks.exports sessions/example.jsonl``.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from npswidgets.report.exports import ARCHIVE, FORMATS, Step, export
from npswidgets.store.archive import read_archive


def seconds_by_format(archive: Path, out: Path) -> dict[str, float]:
    """The seconds that each format took; "ipynb" is running the notebook, which all the others are made of."""
    at = [time.perf_counter()]
    took: dict[str, float] = {}

    def told(step: Step) -> None:
        now = time.perf_counter()
        took[step.format] = took.get(step.format, 0.0) + now - at[0]
        at[0] = now

    made = export(read_archive(archive).workshop.id, archive.read_text(encoding="utf-8"), tuple(FORMATS), out, told)
    assert all(step.state == "done" for step in made), made
    return {name: seconds for name, seconds in took.items() if name != ARCHIVE}


def timed(work: Callable[[], object]) -> float:
    """The seconds that this takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Prints a line for each format."""
    archive = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        took = seconds_by_format(archive, Path(folder))
        (notebook,) = Path(folder).rglob("*.ipynb")
        command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--output", "stock", str(notebook)]
        stock = timed(lambda: subprocess.run(command, check=True, capture_output=True))
    print(f"jupyter nbconvert --to html: {stock:.2f} s")
    for name, seconds in took.items():
        print(f"{name:>8}: {seconds:5.2f} s, {seconds / stock:4.2f} of it")


if __name__ == "__main__":
    main()
