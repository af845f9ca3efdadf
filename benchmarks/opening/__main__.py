"""Measures what a person waits for a page, and writes OPENING.md: ``make bench-opening``.

``python -m benchmarks.opening [--quick] [--minutes 40] [--kits "as it was,ours,stock"]``. All servers stand at the same
time, and take turns case by case, so that what else this machine does hits all of them. It ends by itself: when the
minutes are over nothing more is begun, and what is missing is named. OPENING.md is written after each step.
"""

import argparse
import asyncio
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.opening import browser as pages
from benchmarks.opening.browser import VIEWPORT, Opening
from benchmarks.opening.kits import AS_IT_WAS, KITS, NOW, STOCK, THEN, WARM, Kit, missing, started
from benchmarks.opening.storm import storm
from benchmarks.opening.table import Case, Found, written
from benchmarks.opening.voting import kept
from benchmarks.page_weight import BROWSERS
from benchmarks.slow_network import slowed

RESULTS = Path(__file__).parent.parent / "OPENING.md"
GOOD = Case("10 Mbit/s, 20 ms, CPU 6x", 10_000, 20, 6)
MIDDLING = Case("1.6 Mbit/s, 150 ms, CPU 4x", 1_600, 150, 4)
BAD = Case("400 kbit/s, 400 ms, CPU 6x", 400, 400, 6)
AGAIN = Case("warm, 1.6 Mbit/s, 150 ms, CPU 4x", 1_600, 150, 4, warm=True)
AT_ONCE = Case("1.6 Mbit/s, 150 ms, CPU 4x, tapped at once", 1_600, 150, 4, at_once=True)
CASES = (GOOD, MIDDLING, BAD, AGAIN, AT_ONCE)
PEOPLE = (30, 100)
QUICK_MINUTES, WHOLE_MINUTES = 6.5, 38.0
"""Nothing is begun after so many; the last step may take a minute and a half more."""
LONGEST_SECONDS = 90.0
"""For one opening."""

Step = tuple[str, Callable[[], None]]


class Bench:
    """The servers and the browser, and what was found with them."""

    def __init__(self, browser: Browser, kits: dict[str, Kit]) -> None:
        self.found = Found()
        self._browser = browser
        self._kits = kits

    def steps(self, quick: bool) -> Iterator[Step]:
        """The most important first: what is left when the time is over would have come last."""
        then_and_now = [name for name in (THEN, NOW) if name in self._kits]
        most = [name for name in self._kits if name not in then_and_now]
        now = [NOW] if NOW in self._kits else []
        for name in self._kits:
            yield f"weight, {name}", lambda n=name: self._weigh(n)
        yield from self._openings([*then_and_now, *most], (GOOD, MIDDLING))
        yield from self._openings(then_and_now, (AGAIN, BAD))
        for people in PEOPLE:
            for name in (THEN, NOW, STOCK):
                if name in self._kits and (people == PEOPLE[0] or name != STOCK):
                    yield f"{people} join, {name}", lambda n=name, p=people: self._storm(n, p)
        for _ in range(2):
            yield from self._openings(now, (GOOD, MIDDLING, AGAIN, BAD))
        yield from self._openings(then_and_now, (GOOD, AT_ONCE, AGAIN, MIDDLING))
        yield from self._openings(most, (AGAIN,))
        if not quick:
            yield from self._openings(most, (BAD,))
            for _ in range(3):
                yield from self._openings([*then_and_now, *most], CASES)

    def _openings(self, kits: list[str], cases: tuple[Case, ...]) -> Iterator[Step]:
        for case in cases:
            for name in kits:
                if not case.at_once or self._kits[name].joins:
                    yield f"{case.name}, {name}", lambda n=name, c=case: self._open(n, c)

    def _weigh(self, name: str) -> None:
        context = self._context()
        try:
            cold, warm = pages.weigh(context, self._kits[name])
        finally:
            context.close()
        self.found.weights |= {(name, "cold"): cold, (name, "warm"): warm}

    def _open(self, name: str, case: Case) -> None:
        kit, context = self._kits[name], self._context()
        try:
            with slowed(kit.server.base, case.kbit, case.ms) as base:
                opening = (
                    self._open_again(kit, context, base, case) if case.warm else self._first(kit, context, base, case)
                )
        finally:
            context.close()
        self.found.openings.setdefault((name, case.name), []).append(opening)

    def _first(self, kit: Kit, context: BrowserContext, base: str, case: Case) -> Opening:
        page = pages.arrive(context, kit, base, at_once=case.at_once)
        marks = pages.watch(page, kit)
        with pages.throttled(page, case.cpu):
            return marks.wait(page, pages.go_on(page, kit, base), LONGEST_SECONDS)

    def _open_again(self, kit: Kit, context: BrowserContext, base: str, case: Case) -> Opening:
        """The cache is that of an address: so the first time is over the slow network, too."""
        page = pages.arrive(context, kit, base)
        pages.watch(page, kit).wait(page, pages.go_on(page, kit, base), LONGEST_SECONDS)
        address = page.url
        page.close()
        page = context.new_page()
        marks = pages.watch(page, kit, WARM)
        with pages.throttled(page, case.cpu):
            start = time.time() * 1000
            page.goto(address, wait_until="commit")
            return marks.wait(page, start, LONGEST_SECONDS)

    def _storm(self, name: str, people: int) -> None:
        """On a fresh server: the other one has kernels of pages that were closed."""
        with started(name) as kit, ThreadPoolExecutor(1) as thread:  # in this one Playwright's loop runs
            crowd = storm(kit.server, people, self.found.weights[name, "cold"].files)
            found = self.found.storms[name, people] = thread.submit(asyncio.run, crowd).result()
        self.found.faults += [f"{people} join, {name}: {fault}" for fault in found.faults]

    def _context(self) -> BrowserContext:
        context = self._browser.new_context(viewport=VIEWPORT)
        context.set_default_timeout(LONGEST_SECONDS * 1000)
        return context


def main() -> None:
    """Measures, writes and prints."""
    asked = _asked()
    begun, load, votes = time.monotonic(), os.getloadavg(), kept(asked.results)
    end = begun + 60 * (asked.minutes or (QUICK_MINUTES if asked.quick else WHOLE_MINUTES))
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        options = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        kits: dict[str, Kit] = {}
        bench = Bench(browser, kits)
        for name in asked.kits.split(","):
            try:
                if why := missing(name):
                    raise RuntimeError(why)
                kits[name] = stack.enter_context(started(name))
            except Exception as error:
                bench.found.faults.append(f"{name}: {_short(error)}")
        for name, step in bench.steps(asked.quick):
            if time.monotonic() > end:
                bench.found.faults.append(f"{name}: the time was over")
                continue
            print(f"{time.monotonic() - begun:5.0f} s  {name}", file=sys.stderr, flush=True)
            try:
                step()
            except Exception as error:
                bench.found.faults.append(f"{name}: {_short(error)}")
            lines = [*_title(begun, load), *written(bench.found, CASES, LONGEST_SECONDS), *votes]
            asked.results.write_text("\n".join(lines) + "\n")
    print(asked.results.read_text())


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.opening")
    parser.add_argument("--quick", action="store_true", help="the essential table, in 8 minutes")
    parser.add_argument("--minutes", type=float, help="after so many nothing more is begun")
    parser.add_argument("--kits", default=",".join(KITS), help="which pages, with a comma between them")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the tables are written")
    return parser.parse_args()


def _title(begun: float, load: tuple[float, float, float]) -> Iterator[str]:
    yield "# What a person waits for a page"
    yield ""
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    yield f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine};"
    loads, minutes = ", ".join(f"{one:.1f}" for one in load), (time.monotonic() - begun) / 60
    yield f"load when it began: {loads}; it took {minutes:.0f} minutes."
    yield f"*As it was* is commit {AS_IT_WAS}. How it is measured: [README.md](README.md#opening-a-page)."


def _short(error: Exception) -> str:
    return str(error).strip()[-300:].replace("\n", " ") or type(error).__name__


if __name__ == "__main__":
    main()
