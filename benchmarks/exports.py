"""How long each format takes, against `jupyter nbconvert --to html` of the same session notebook in the same run.

Run as ``python -m benchmarks.exports``: it plays a workshop on all 59 value codes with 18 simulated people, and writes
benchmarks/EXPORTS.md; with the path of a saved workshop it measures that one.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from random import Random

from npswidgets.rehearsal import Rehearsal
from npswidgets.report.exports import ARCHIVE, FORMATS
from npswidgets.store.archive import archive_text
from npswidgets.store.database import open_database
from npswidgets.store.rubric_files import load_rubric
from npswidgets.store.workshops import NewWorkshop, create_workshop

RESULTS = Path(__file__).parent / "EXPORTS.md"
COMMAND = [sys.executable, "-c", "from npswidgets.cli import main; main()"]
PEOPLE = 18


def full_workshop(path: Path) -> None:
    """Saves a workshop in which all value codes were scored."""
    engine = open_database("sqlite://")
    themes = tuple(theme.id for theme in load_rubric("nps-2018").themes)
    made = create_workshop(engine, NewWorkshop("Example County Council", sessions=(("All", themes),), id="all-codes"))
    played = Rehearsal(engine, made.workshop, next(iter(made.codes)), PEOPLE, 0.0, Random(1), lambda _: None)
    played.join()
    played.play()
    path.write_text(archive_text(engine, made.workshop), encoding="utf-8")


def seconds_by_format(archive: Path, out: Path) -> dict[str, float]:
    """When each step of the command was told, as the seconds since the one before; "ipynb" is running the notebook."""
    command = [*COMMAND, "export", str(archive), "--to", ",".join(FORMATS), "--json", "--out", str(out)]
    took: dict[str, float] = {}
    before = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            now, told = time.perf_counter(), json.loads(line)
            assert told["state"] != "failed", told
            name = "start" if told["format"] == ARCHIVE else str(told["format"])
            took[name] = took.get(name, 0.0) + now - before
            before = now
    return took


def main() -> None:
    """Measures, prints, and writes the table."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "all-codes.jsonl"
        if len(sys.argv) < 2:
            full_workshop(archive)
        used = children_seconds()
        took = seconds_by_format(archive, Path(folder) / "out")
        ours = children_seconds() - used
        (notebook,) = (Path(folder) / "out").rglob("*.ipynb")
        command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--output", "stock", str(notebook)]
        start, used = time.perf_counter(), children_seconds()
        subprocess.run(command, check=True, capture_output=True)
        stock, stock_used = time.perf_counter() - start, children_seconds() - used
        text = "\n".join(lines(took, ours, stock, stock_used))
    print(text)
    if len(sys.argv) < 2:
        RESULTS.write_text(f"{text}\n", encoding="utf-8")


def children_seconds() -> float:
    """Seconds of processor that the commands have used so far, and the kernels that these have started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def lines(took: dict[str, float], ours: float, stock: float, stock_used: float) -> list[str]:
    """The table as Markdown."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    parts = [f"Python {platform.python_version()}", *(f"{one} {version(one)}" for one in ("nbconvert", "typst"))]
    whole = sum(took.values())
    return [
        "# How long exports take",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load {load}; {', '.join(parts)}.",
        f"All 59 value codes, {PEOPLE} people;",
        "`python -m benchmarks.exports`. One `nps-workshop export` makes all formats, one after another; what several",
        "need (matplotlib, the charts) counts for the first. The ratio is to `jupyter nbconvert --to html` of the same",
        "notebook in the same run.",
        "",
        "| | seconds | ratio |",
        "| --- | --- | --- |",
        f"| jupyter nbconvert --to html | {stock:.2f} | 1 |",
        f"| its processor time | {stock_used:.2f} | |",
        *(
            f"| {FORMATS.get(name, 'start')} | {seconds:.2f} | {seconds / stock:.2f} |"
            for name, seconds in took.items()
        ),
        f"| all formats | {whole:.2f} | {whole / stock:.2f} |",
        f"| their processor time | {ours:.2f} | {ours / stock_used:.2f} |",
    ]


if __name__ == "__main__":
    main()
