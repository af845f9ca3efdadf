"""A vote, and many who join, as it was and now, in turn: the last section of OPENING.md.

``python -m benchmarks.opening.voting [--minutes 9]``. Each version has the benchmarks of its own commit, since the
clients of one do not know the other's cookies; what they measure is the same. When the minutes are over nothing more is
begun.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.opening.kits import NOW, THEN, as_it_was

RESULTS = Path(__file__).parent.parent / "OPENING.md"
TITLE = "## A vote, and many who join, without files"
MINUTES = 9.0
LONGEST_SECONDS = 240.0
RUNS = (("voting", 30), ("join_storm", 200), ("voting", 30), ("voting", 200), ("join_storm", 200), ("voting", 30))
"""In this order; each on a fresh server, as it was and now."""
FIGURES = {
    "join_storm": ("p50", "last", "cpu_a_join", "mb_a_person"),
    "voting": ("echo_idle_p50", "echo_p50", "echo_p95", "facilitator_p50", "shown_p50", "shown_last", "cpu_ms_a_vote"),
}
Found = dict[tuple[str, int, str, str], list[float]]
"""What was measured, by benchmark, people, figure and version."""


def main() -> None:
    """Measures, writes and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.opening.voting")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="after so many nothing more is begun")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the file whose last section is written")
    asked = parser.parse_args()
    found: Found = {}
    faults: list[str] = []
    loads: list[float] = []
    begun = time.monotonic()
    for number, (name, people) in enumerate(RUNS):
        for version in (THEN, NOW) if number % 2 == 0 else (NOW, THEN):
            if time.monotonic() - begun > 60 * asked.minutes:
                faults.append(f"{people} {name}, {version}: the time was over")
                continue
            print(f"{time.monotonic() - begun:5.0f} s  {people} {name}, {version}", file=sys.stderr, flush=True)
            loads.append(os.getloadavg()[0])
            try:
                for figure, value in _measured(name, people, version).items():
                    found.setdefault((name, people, figure, version), []).append(value)
            except Exception as error:
                faults.append(f"{people} {name}, {version}: {str(error).strip()[-200:] or type(error).__name__}")
        lines = [*_written(found, faults, loads)]
        before = asked.results.read_text().partition(TITLE)[0].rstrip() if asked.results.exists() else ""
        asked.results.write_text("\n".join([before, "", *lines]) + "\n")
    print("\n".join(lines))


def kept(results: Path) -> list[str]:
    """The section as it stands in a file, for whoever writes the rest of it anew."""
    text = results.read_text() if results.exists() else ""
    return ["", *(TITLE + text.partition(TITLE)[2]).rstrip().splitlines()] if TITLE in text else []


def _measured(name: str, people: int, version: str) -> dict[str, float]:
    folder = str(as_it_was()) if version == THEN else str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": folder}
    command = [sys.executable, "-m", f"benchmarks.{name}", str(people)]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS)
    said = json.loads(ran.stdout or "{}") if name == "voting" else dict(map(str.split, ran.stdout.splitlines()))
    if ran.returncode or float(said.get("failed", 0)):
        raise RuntimeError(f"{said.get('failed', '')} {ran.stderr[-150:]}")
    return {figure: float(said[figure]) for figure in FIGURES[name]}


def _written(found: Found, faults: list[str], loads: list[float]) -> Iterator[str]:
    yield from (TITLE, "")
    spread = f"load when each began: {min(loads):.1f} to {max(loads):.1f}"
    yield f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, in turn, each on a fresh server; {spread}."
    yield "A cell: median (lowest to highest of how many); seconds where people join, else milliseconds."
    yield from ("", f"| people | what | {THEN} | {NOW} | ratio |", "|---|---|---|---|---|")
    for name, people, figure in dict.fromkeys(key[:3] for key in found):
        then, now = (found.get((name, people, figure, version), []) for version in (THEN, NOW))
        ratio = f"**{median(now) / median(then):.2f}**" if then and now and median(then) else ""
        what = "join" if name == "join_storm" else "vote"
        yield f"| {people} {what} | {figure} | {_cell(then)} | {_cell(now)} | {ratio} |"
    yield from ("", *(f"- not measured: {fault}" for fault in faults))


def _cell(values: list[float]) -> str:
    return f"{median(values):.3g} ({min(values):.3g} to {max(values):.3g} of {len(values)})" if values else ""


if __name__ == "__main__":
    main()
