"""What was measured, as Markdown: medians with their spread, the load beside them, and ratios to "as it was"."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median

from benchmarks.opening.browser import Opening, Weight
from benchmarks.opening.kits import KITS, THEN
from benchmarks.opening.storm import FileStorm


@dataclass(frozen=True)
class Case:
    """How a page is opened.

    Attributes:
        kbit: thousands of bits a second, in each direction.
        ms: there and back.
        cpu: how many times as slow the processor is.
        warm: with what an earlier opening has left in the cache.
        at_once: the tap comes before anything was fetched ahead.
    """

    name: str
    kbit: float
    ms: float
    cpu: float
    warm: bool = False
    at_once: bool = False


@dataclass
class Found:
    """All that was measured so far, by kit, and by case or number of people."""

    openings: dict[tuple[str, str], list[Opening]] = field(default_factory=dict)
    weights: dict[tuple[str, str], Weight] = field(default_factory=dict)
    storms: dict[tuple[str, int], FileStorm] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def written(found: Found, cases: Iterable[Case], seconds: float) -> Iterator[str]:
    """The tables."""
    kits = [kit for kit in KITS if any(kit == one for one, _ in (*found.openings, *found.weights, *found.storms))]
    yield from ("", "## Until the page is there", "")
    yield f"Seconds from the tap on *Join* (or from the address); an opening that took {seconds:.0f} s was given up."
    yield "A cell: median (lowest to highest of how many; load of the machine) and, in bold, the ratio to *as it was*."
    for sight, title in (("read", "the topic can be read"), ("voted", "a vote has been given and acknowledged")):
        yield from ("", f"### Until {title}", "", *_heads(("network, processor", *kits)))
        for case in cases:
            cells = [_cell(found, kit, case.name, sight) for kit in kits]
            if any(cells):
                yield f"| {case.name} | {' | '.join(cells)} |"
    yield from ("", "## What the page weighs", "")
    yield "Counted by Chromium: compressed, with headers, redirects and what was fetched ahead; no fonts."
    yield from (
        "",
        *_heads(("page", "opened", "requests", "kB", "ratio", "scripts parsed, kB", "fetched ahead, kB", "load")),
    )
    for opened in ("cold", "warm"):
        for kit in kits:
            if one := found.weights.get((kit, opened)):
                before = found.weights.get((THEN, opened))
                ratio = f"{one.kb / before.kb:.3f}" if before and before.kb else ""
                figures = f"{one.requests} | {one.kb:.1f} | {ratio} | {one.script_kb:.0f} | {one.ahead_kb:.1f}"
                yield f"| {kit} | {opened} | {figures} | {one.load:.1f} |"
    yield ""
    for (kit, opened), one in found.weights.items():
        parts = ", ".join(f"{name} {kb:.0f}" for name, kb in one.largest.items())
        yield f"- {kit}, {opened}, the largest in kB: {parts}"
    yield from ("", "## Everybody joins at once, with all files, six at a time", "")
    heads = (
        "people",
        "page",
        "did not get in",
        "p50 s",
        "last s",
        "ratio of last",
        "CPU s a person",
        "MB a person",
        "load",
    )
    yield from _heads(heads)
    for (kit, people), storm in sorted(found.storms.items(), key=lambda one: (one[0][1], KITS.index(one[0][0]))):
        first = found.storms.get((THEN, people))
        ratio = f"{storm.last / first.last:.2f}" if first and first.last else ""
        yield (
            f"| {people} | {kit} | {storm.failed} | {storm.p50:.2f} | {storm.last:.2f} | {ratio} "
            f"| {storm.cpu_a_person:.3f} | {storm.mb_a_person:.1f} | {storm.load:.1f} |"
        )
    if found.faults:
        yield from ("", "## What could not be measured", "", *(f"- {fault}" for fault in found.faults))


def _heads(names: Iterable[str]) -> tuple[str, str]:
    names = tuple(names)
    return f"| {' | '.join(names)} |", "|---" * len(names) + "|"


def _cell(found: Found, kit: str, case: str, sight: str) -> str:
    openings = found.openings.get((kit, case), [])
    times = [time for one in openings if (time := getattr(one, sight)) is not None]
    if not openings:
        return ""
    load = f"load {median(one.load for one in openings):.1f}"
    if not times:
        return f"not in time ({len(openings)}; {load})"
    before = [time for one in found.openings.get((THEN, case), []) if (time := getattr(one, sight)) is not None]
    ratio = f" **{median(times) / median(before):.2f}**" if before and kit != THEN else ""
    late = f", {len(openings) - len(times)} not in time" if len(times) < len(openings) else ""
    return f"{median(times):.2f} ({min(times):.2f} to {max(times):.2f} of {len(times)}{late}; {load}){ratio}"
