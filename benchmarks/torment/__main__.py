"""Runs the torment and writes TORMENT.md: ``python -m benchmarks.torment [--seconds 1200] [--kills 1000]``."""

import argparse
import os
import secrets
import signal
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.torment.run import Plan, Torment, torment

RESULTS = Path(__file__).parents[1] / "TORMENT.md"


SHORT = {"seconds": 10.0, "people": 8, "weather": 3.0, "server_kills": 60, "long": False}
"""With the start, the joining and the end it is a quarter of a minute: for `make test`."""


def main() -> int:
    """1 where a promise was broken; the log of the server is said then."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.torment", description=__doc__)
    asked.add_argument("--seconds", type=float, default=1200.0, help="The longest time; default: 1200.")
    asked.add_argument("--kills", type=int, default=1000, help="It ends after so many; default: 1000.")
    asked.add_argument("--people", type=int, default=30, help="How many vote; default: 30.")
    asked.add_argument("--pause", type=float, default=0.5, help="Seconds between two kills; default: 0.5.")
    asked.add_argument("--seed", default=secrets.token_hex(4), help="Of all that is left to chance.")
    asked.add_argument("--short", action="store_true", help="Ten seconds of it with eight people.")
    asked.add_argument("--results", type=Path, default=RESULTS, help="Where to write what came of it.")
    told = vars(asked.parse_args())
    short, results = told.pop("short"), told.pop("results")
    plan = Plan(**(told | SHORT if short else told))
    print(f"Seed {plan.seed}: at most {plan.seconds:.0f} seconds and {plan.kills} kills.", file=sys.stderr)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # else what it started would stay
    before = os.getloadavg()[0]
    found = torment(plan)
    results.write_text("\n".join([*_words(found, before), *_memory(found)]).rstrip() + "\n", "utf-8")
    print(results.read_text("utf-8"))
    if found.faults:
        print(found.log, *found.faults, sep="\n", file=sys.stderr)
    return int(bool(found.faults))


def _words(found: Torment, load: float) -> list[str]:
    ledger, killed, cuts = found.ledger, found.killed, found.cuts
    syncs = (
        f"{found.syncs.calls / found.syncs.votes:.2f} (of {found.syncs.votes} votes)" if found.syncs else "not counted"
    )
    figures = {
        "processes killed": f"{found.kills}: {', '.join(f'{number} {kind}' for kind, number in killed.items())}",
        "kills a minute": f"{found.kills / found.seconds * 60:.0f}",
        "votes that a page was told to be saved": f"{ledger.acknowledged}, in {ledger.rounds} rounds",
        "of these lost": len(ledger.lost),
        "votes doubled": len(ledger.doubled),
        "votes that nobody sent, or shown otherwise": len(ledger.strange),
        "tracebacks in the server's log": found.tracebacks,
        "other errors there that nobody raises on purpose": _counted(found.errors),
        "a page is back after seconds, from the break of its connection": _shares(found.backs),
        "the server is ready after seconds": _shares(found.starts),
        "it ended at its start, since the disk was full": found.refused_starts,
        "frames of the hostile page": f"{found.hostile_frames}; its connection ended {found.hostile_ends} times",
        "full disks": found.full_disks,
        "jumps of the clock": found.clock_jumps or "none: libfaketime is not installed",
        "writers killed at the store": f"{cuts.kills}, after {cuts.acknowledged} acknowledged steps",
        "journals cut": f"{cuts.opened}, of which wrong: {len(cuts.wrong)}",
        "fsyncs a vote": syncs,
    }
    return [
        "# A torment",
        "",
        f"{datetime.now(UTC):%d %B %Y}, {found.plan.people} people for {found.seconds / 60:.1f} minutes, "
        f"{os.cpu_count()} processors; load {load:.1f} before and {os.getloadavg()[0]:.1f} after. "
        f"Seed `{found.plan.seed}`.",
        "",
        "| what | how much |",
        "|---|---|",
        *(f"| {what} | {figure} |" for what, figure in figures.items()),
        "",
        *(f"- {fault}" for fault in found.faults),
    ]


def _counted(errors: Counter[str]) -> str:
    return "; ".join(f"{number} {error})" for error, number in errors.most_common()) or "0"


def _shares(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    found = sorted(seconds)
    half, most = found[len(found) // 2], found[min(len(found) - 1, int(len(found) * 0.95))]
    return f"half {half:.1f}, 95 % {most:.1f}, the last {found[-1]:.1f} (of {len(found)})"


def _memory(found: Torment) -> list[str]:
    """One look a minute at the server that was started last."""
    looks = {int(minute): megabytes for minute, megabytes in found.memory}
    return [
        "The memory of the server's own process, since it was started last:",
        "",
        "| minute | MB |",
        "|---|---|",
        *(f"| {minute} | {megabytes:.0f} |" for minute, megabytes in looks.items()),
    ]


if __name__ == "__main__":
    sys.exit(main())
