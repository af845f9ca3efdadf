"""How long each format takes, against `jupyter nbconvert --to html` of the same session notebook in the same run.

Run as ``python -m benchmarks.exports``: it plays a workshop on all 59 value codes with 18 simulated people, and writes
benchmarks/EXPORTS.md; with the path of a saved workshop it measures that one.
"""

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from random import Random

from npswidgets.rehearsal import Rehearsal
from npswidgets.report.formats import FORMATS
from npswidgets.store.archive import archive_text
from npswidgets.store.database import open_database
from npswidgets.store.rubric_files import load_rubric
from npswidgets.store.workshops import NewWorkshop, create_workshop

RESULTS = Path(__file__).parent / "EXPORTS.md"
COMMAND = [sys.executable, "-c", "from npswidgets.cli import main; main()"]
PEOPLE = 18


@dataclass(frozen=True)
class Took:
    """Seconds on the clock, and of processor."""

    seconds: float
    processor: float


def full_workshop(path: Path) -> None:
    """Saves a workshop in which all value codes were scored."""
    engine = open_database("sqlite://")
    themes = tuple(theme.id for theme in load_rubric("nps-2018").themes)
    made = create_workshop(engine, NewWorkshop("Example County Council", sessions=(("All", themes),), id="all-codes"))
    played = Rehearsal(engine, made.workshop, next(iter(made.codes)), PEOPLE, 0.0, Random(1), lambda _: None)
    played.join()
    played.play()
    path.write_text(archive_text(engine, made.workshop), encoding="utf-8")


def measured(command: list[str]) -> Took:
    """How long a command takes, with what it starts."""
    start, used = time.perf_counter(), children_seconds()
    subprocess.run(command, check=True, capture_output=True)
    return Took(time.perf_counter() - start, children_seconds() - used)


def main() -> None:
    """Measures, prints, and writes the table."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "all-codes.jsonl"
        if len(sys.argv) < 2:
            full_workshop(archive)
        ours = [*COMMAND, "export", str(archive), "--out", str(Path(folder) / "out"), "--to"]
        took = {format_.name: measured([*ours, one]) for one, format_ in FORMATS.items()}
        took["all formats"] = measured([*ours, "all"])
        (notebook,) = (Path(folder) / "out").rglob("*.ipynb")
        command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--output", "stock", str(notebook)]
        text = "\n".join(lines(measured(command), took))
    print(text)
    if len(sys.argv) < 2:
        _, head, against = RESULTS.read_text(encoding="utf-8").partition("\n## Against")  # measured by hand, kept
        RESULTS.write_text(f"{text}\n{head}{against}", encoding="utf-8")


def children_seconds() -> float:
    """Seconds of processor that the commands have used so far, and the kernels that these have started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def lines(stock: Took, took: dict[str, Took]) -> list[str]:
    """The table as Markdown."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    parts = [f"Python {platform.python_version()}", *(f"{one} {version(one)}" for one in ("nbconvert", "typst"))]
    return [
        "# How long exports take",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load {load}; {', '.join(parts)}.",
        f"All 59 value codes, {PEOPLE} people; `python -m benchmarks.exports`. Each line is one command, from its",
        "start to its end: `nps-workshop export --to FORMAT`. The ratio is that of the processor time to",
        "`jupyter nbconvert --to html` of the session notebook in the same run; seconds on a clock depend on the load.",
        "",
        "| | seconds | processor | ratio |",
        "| --- | --- | --- | --- |",
        *(
            f"| {name} | {one.seconds:.2f} | {one.processor:.2f} | {one.processor / stock.processor:.2f} |"
            for name, one in {"jupyter nbconvert --to html": stock, **took}.items()
        ),
    ]


if __name__ == "__main__":
    main()
