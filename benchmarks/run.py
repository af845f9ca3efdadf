"""Runs the benchmarks and writes RESULTS.md: ``python -m benchmarks.run`` or ``make bench``; give it 15 quiet minutes.

Each number of people has a fresh server; ours, stock Voila with the same small page, and the other kits take turns in
one run, so that what else this machine does hits all of them. Compare the ratios: the figures are this machine's. A
step that fails is written down, and the rest goes on; what is done stands in RESULTS.md after each step.
"""

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import join_storm, leaving, page_weight, voting
from benchmarks.join_storm import Storm
from benchmarks.leaving import Left
from benchmarks.page_weight import Weight
from benchmarks.peers import measure as peers
from benchmarks.peers.install import PEERS, is_installed
from benchmarks.voting import Voting

RESULTS = Path(__file__).parent / "RESULTS.md"
PACKAGES = ("voila", "jupyter_server", "ipykernel", "ipywidgets", "pyzmq", "sqlalchemy")
OURS, STOCK = (10, 30, 100, 200), (10, 30)
PLAIN = 18
LEAVING = 20
SMALL = 30
"""With ``python -m benchmarks.run 30`` nothing larger is measured."""


@dataclass
class Results:
    """What was measured so far."""

    begun: float = field(default_factory=time.monotonic)
    load: tuple[float, float, float] = field(default_factory=os.getloadavg)
    storms: list[Storm] = field(default_factory=list)
    votings: list[Voting] = field(default_factory=list)
    weights: list[tuple[str, Weight, Weight]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def main() -> None:
    """Measures, writes and prints; the largest number of people may be given."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else max(OURS)
    results = Results()
    for name, step in _steps(results, most):
        print(f"{time.monotonic() - results.begun:5.0f} s  {name}", file=sys.stderr, flush=True)
        try:
            step()
        except Exception as error:
            results.faults.append(f"{name}: {str(error).strip()[-300:] or type(error).__name__}")
        RESULTS.write_text("\n".join(_written(results)) + "\n")
    print(RESULTS.read_text())


def _steps(results: Results, most: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What is measured, in an order in which what is compared stands side by side."""
    for people in (one for one in OURS if one <= most):
        for kind in ("ours", "stock") if people in STOCK else ("ours",):
            yield f"{people} join, {kind}", lambda k=kind, n=people: results.storms.append(join_storm.measure(k, n))
    for kind in ("plain", "warm"):
        yield f"{PLAIN} join, {kind}", lambda k=kind: results.storms.append(join_storm.measure(k, PLAIN))
    for kit in PEERS:
        for people in (one for one in OURS if one <= most and one != 100):
            yield f"{people} in {kit}", lambda k=kit, n=people: _measure_peer(results, k, n)
    for people in (one for one in OURS if one <= most):
        for kind in ("ours", "stock") if people == SMALL else ("ours",):
            yield f"{people} vote, {kind}", lambda k=kind, n=people: results.votings.append(voting.measure(k, n))
    for kind in ("ours", "stock"):
        yield f"page, {kind}", lambda k=kind: results.weights.append((k, *page_weight.measure(k)))
    yield "everybody leaves", lambda: _leave(results)


def _measure_peer(results: Results, kit: str, people: int) -> None:
    if not is_installed(kit):
        raise RuntimeError("it is not installed; `make bench-peers` does that")
    found = peers.measure(kit, people)
    results.storms.append(found.storm)
    results.votings.append(found.voting)


def _leave(results: Results) -> None:
    """They mostly wait, and so go side by side."""
    runs = [("ours", LEAVING, True), ("ours", LEAVING, False), ("stock", LEAVING // 2, False)]
    with ThreadPoolExecutor(len(runs)) as pool:
        for run, left in [(run, pool.submit(leaving.measure, *run)) for run in runs]:
            try:
                results.left.append(left.result())
            except Exception as error:
                results.faults.append(f"everybody leaves, {run}: {str(error).strip()[-300:] or type(error).__name__}")


def _written(results: Results) -> Iterator[str]:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    yield "# What was measured"
    yield ""
    yield f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {_memory_gb():.0f} GB, {platform.system()},"
    yield f"Python {platform.python_version()}, {packages}."
    load = ", ".join(f"{one:.1f}" for one in results.load)
    yield f"Load when it began: {load}; it took {_minutes(results):.0f} minutes."
    yield "The people are clients of HTTP and websockets on the same cores. How to read it: [README.md](README.md)."
    yield from _storms(results.storms)
    yield from _votings(results.votings)
    yield from _weights(results.weights)
    yield from _left(results.left)
    if results.faults:
        yield from ("", "## What could not be measured", "", *(f"- {fault}" for fault in results.faults))


def _storms(storms: list[Storm]) -> Iterator[str]:
    yield from ("", "## Everybody joins at once", "")
    yield from (
        "| people | server | did not get in | p50 s | p95 s | last s | CPU s a join | MB a person |",
        "|---" * 8 + "|",
    )
    for one in sorted(storms, key=_ours_first):
        yield (
            f"| {one.people} | {one.server} | {one.failed} | {one.p50:.2f} | {one.p95:.2f} | {one.last:.2f} "
            f"| {one.cpu_a_join:.3f} | {one.mb_a_person:.1f} |"
        )
        yield from _ratio(one, storms, ("failed", "p50", "p95", "last", "cpu_a_join", "mb_a_person"))


def _votings(votings: list[Voting]) -> Iterator[str]:
    yield from ("", "## Everybody votes within five seconds", "", "Milliseconds.", "")
    heads = (
        "people",
        "server",
        "echo at rest p50",
        "p95",
        "echo p50",
        "p95",
        "CPU a vote",
        "to the facilitator p50",
        "p95",
    )
    yield f"| {' | '.join((*heads, 'voting open, last', 'votes shown p50', 'p95', 'last'))} |"
    yield "|---" * 13 + "|"
    for one in sorted(votings, key=_ours_first):
        figures = ("" if value is None else f"{value:.0f}" for value in list(asdict(one).values())[2:])
        yield f"| {one.people} | {one.server} | {' | '.join(figures)} |"
        names = ("echo_idle_p50", "echo_idle_p95", "echo_p50", "echo_p95", "cpu_ms_a_vote")
        yield from _ratio(one, votings, names)


def _ours_first(one: Storm | Voting) -> tuple[int, bool]:
    return one.people, one.server != "ours"


def _ratio(one: Any, all_of_them: list[Any], names: tuple[str, ...]) -> Iterator[str]:
    """How many times as much as ours another one takes with as many people."""
    ours = next((ours for ours in all_of_them if (ours.server, ours.people) == ("ours", one.people)), None)
    if ours is None or one is ours or getattr(one, "failed", 0):
        return
    pairs = [(asdict(one)[name], asdict(ours)[name]) for name in names]
    yield f"| | {one.server} / ours | {' | '.join(f'{a / b:.2g}' if b else '' for a, b in pairs)} |"


def _weights(weights: list[tuple[str, Weight, Weight]]) -> Iterator[str]:
    yield from ("", "## A page on the wire", "", "Counted by a real Chromium, headers and websocket included.", "")
    yield from ("| server | cold: requests | cold: kB | warm: requests | warm: kB |", "|---" * 5 + "|")
    for kind, cold, warm in weights:
        yield f"| {kind} | {cold.requests} | {cold.kb:.0f} | {warm.requests} | {warm.kb:.0f} |"
    yield ""
    for kind, *both in weights:
        for name, one in zip(("cold", "warm"), both, strict=True):
            parts = ", ".join(f"{part} {kb:.0f}" for part, kb in one.parts.items())
            yield f"- {kind}, {name}, the largest in kB: {parts}"


def _left(left: list[Left]) -> Iterator[str]:
    yield from ("", "## Everybody closed the page, and a minute of culling has passed", "")
    heads = ("server", "people", "said goodbye", "kernels before", "kernels left", "MB before", "MB left")
    yield from (f"| {' | '.join(heads)} |", "|---" * len(heads) + "|")
    for one in left:
        goodbye = "yes" if one.goodbye else "no"
        yield (
            f"| {one.server} | {one.people} | {goodbye} | {one.kernels_before} | {one.kernels_left} "
            f"| {one.mb_before:.0f} | {one.mb_left:.0f} |"
        )


def _minutes(results: Results) -> float:
    return (time.monotonic() - results.begun) / 60


def _memory_gb() -> float:
    with suppress(ValueError, OSError, AttributeError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return 0.0


if __name__ == "__main__":
    main()
