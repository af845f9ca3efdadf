"""Runs the benchmarks and writes RESULTS.md: ``python -m benchmarks.run`` or ``make bench``; give it 15 minutes.

Each number of people has a fresh server; ours and stock Voila with a small ipywidgets notebook take turns, so that what
else this machine does hits both. Compare the ratios: the figures themselves are this machine's.
"""

import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.join_storm import Storm, storm
from benchmarks.servers import running
from benchmarks.voting import Voting, voting

STORMS = (10, 30, 100)
VOTES = (10, 30)
RESULTS = Path(__file__).parent / "RESULTS.md"
PACKAGES = ("voila", "jupyter_server", "ipykernel", "ipywidgets", "pyzmq", "sqlalchemy")


def main() -> None:
    """Measures, prints and writes; sizes may be given: ``python -m benchmarks.run 10 30``."""
    sizes = tuple(map(int, sys.argv[1:])) or STORMS
    lines = [*_machine(), *_storms(sizes), *_votings([one for one in VOTES if one <= max(sizes)])]
    RESULTS.write_text("\n".join(lines) + "\n")
    print(RESULTS.read_text())


def _machine() -> Iterator[str]:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    yield "# What was measured"
    yield ""
    yield f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.system()},"
    yield f"Python {platform.python_version()}, {packages}. Load when it began: {load}."
    yield "Each line of a table is a run of its own; compare ours with stock Voila in the same run."


def _storms(sizes: tuple[int, ...]) -> Iterator[str]:
    yield from ("", "## Everybody joins at once", "")
    yield "Ours from the tap on Join, stock Voila from the address, until a page has the state of all its widgets."
    yield ""
    yield "| people | server | did not get in | p50 s | p95 s | last s | CPU s a join | MB a person |"
    yield "|---|---|---|---|---|---|---|---|"
    for people in sizes:
        ours, stock = (_storm(kind, people) for kind in ("ours", "stock"))
        for one in (ours, stock):
            yield (
                f"| {people} | {one.server} | {one.failed} | {one.p50:.2f} | {one.p95:.2f} | {one.last:.2f} "
                f"| {one.cpu_a_join:.3f} | {one.mb_a_person:.1f} |"
            )
        if not stock.failed:
            yield f"| {people} | stock / ours | | {_ratios(stock, ours)} |"


def _storm(kind: str, people: int) -> Storm:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, running(kind, Path(folder)) as server:
        found = asyncio.run(storm(server, people))
    print(found, file=sys.stderr)
    return found


def _ratios(stock: Storm, ours: Storm) -> str:
    names = ("p50", "p95", "last", "cpu_a_join", "mb_a_person")
    return " | ".join(f"{asdict(stock)[name] / asdict(ours)[name]:.1f}" for name in names)


def _votings(sizes: list[int]) -> Iterator[str]:
    yield from ("", "## Everybody votes within five seconds", "")
    yield "Milliseconds, but for the CPU. A vote is stored on disk before it is confirmed."
    yield ""
    yield (
        "| people | echo at rest p50 | echo p50 | echo p95 | to the facilitator p50 | p95 | voting open, last "
        "| votes shown p50 | last | CPU s a vote |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for people in sizes:
        one = _voting(people)
        figures = " | ".join(
            f"{value:.0f}" for name, value in asdict(one).items() if name not in ("people", "cpu_a_vote")
        )
        yield f"| {people} | {figures} | {one.cpu_a_vote:.3f} |"


def _voting(people: int) -> Voting:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, running("ours", Path(folder)) as server:
        found = asyncio.run(voting(server, f"sqlite:///{folder}/bench.db", people))
    print(found, file=sys.stderr)
    return found


if __name__ == "__main__":
    main()
