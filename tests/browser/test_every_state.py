"""What holds in every state of the three screens, from the first who joins to the end: WCAG where axe does not look.

One walk through all states gives the faults of each kind, so that no state is drawn twice.
"""

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from itertools import count, groupby
from pathlib import Path
from typing import Any

import pytest
from page_checks import CHECKS, QUIET, said
from playwright.sync_api import Browser
from sqlalchemy import Engine
from states import State, states
from widget_page import WidgetPage

from npswidgets.domain.join_code import grouped
from npswidgets.store.database import open_database

pytestmark = pytest.mark.browser

SIZES = {"phone": (390, 664), "facilitator": (1280, 600), "wall": (1920, 1080)}
ENLARGED = (320, 256)
"""A window of 1280x1024 at 400 %."""
LIGHT: dict[str, Any] = {"color_scheme": "light", "forced_colors": "none"}
COLOURS: dict[str, dict[str, Any]] = {
    "light": LIGHT,
    "dark": LIGHT | {"color_scheme": "dark"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
}
NAMELESS = re.compile(r"^\s*- (button|link|textbox|checkbox|radio|combobox|img|heading|dialog|progressbar)(?=:|$| \[)")
"""In an accessibility tree, what has no name."""

Faults = dict[str, list[str]]


class Walk:
    """One screen in one page, followed from state to state; what is wrong is noted by kind."""

    def __init__(self, chromium: Browser, screen: str, faults: Faults) -> None:
        self.screen, self.faults, self.state = screen, faults, ""
        width, height = SIZES[screen]
        self.tab = chromium.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
        self.tab.on("pageerror", lambda error: self._note("fault", str(error)))
        self.tab.on("console", lambda said: said.type == "error" and self._note("fault", said.text))

    def begin(self, state: State) -> None:
        """Draws the first state of a workshop."""
        self.tab.unroute_all()
        self.state = state.name
        self.drawn = getattr(state, self.screen)()
        self.page = WidgetPage(self.tab, self.drawn.widget)
        self.tab.evaluate(CHECKS)
        self.look(state)

    def go_on(self, state: State) -> None:
        """Turns to the next state, as a page does that was open all the time."""
        self.state = state.name
        state.turn(self.drawn)
        self.changed(state)

    def changed(self, state: State) -> None:
        """All checks on the way to what the kernel has now, and there."""
        before, after = self.page.changes()
        if not after:
            return
        if self.screen == "wall":
            self.page.show()
        else:
            self.note("focus", "([before, after]) => checks.keeps(before, after)", [before, after])
            self.page.show()
            self.hear(after, before)
        self.look(state)

    def other_pages(self, state: State) -> None:
        """What a facilitator opens by the menu."""
        for page in ("agenda", "sheets", "tidy", "report"):
            self.state, self.drawn.controller.page = page, page
            self.drawn.draw()
            self.changed(state)

    def hear(self, after: Any, before: Any) -> None:
        """Whatever is said of the new state is said once, and in one."""
        self.tab.wait_for_function(QUIET)
        turn = "(all_of) => Object.entries(all_of).forEach(([id, state]) => all.change(id, state))"
        self.tab.evaluate(turn, before)
        was = self.tab.title()
        said(self.tab)
        self.tab.evaluate(turn, after)
        heard = said(self.tab)
        if len(heard) > 1:
            self._note("said", f"{len(heard)} times at once: {heard}")
        title = self.tab.evaluate("document.querySelector('h1:focus')?.textContent")
        if title and any(words.rstrip(".") == title.rstrip(".") for words in heard):
            self._note("said", f"the title again: {title}")
        if not title and not heard and self.tab.title() != was:
            self._note("silent", f"{self.tab.title()}")

    def look(self, state: State) -> None:
        """All checks on the page as it is now."""
        tree = self.tab.locator("main").aria_snapshot()
        for line in tree.splitlines():
            if NAMELESS.match(line):
                self._note("tree", line.strip())
        tops = len(re.findall(r"- '?heading .*\[level=1\]", tree))
        if tops != 1:
            self._note("tree", f"{tops} titles")
        named = [*_names(state)]
        self.note("translated", "(names) => checks.translated(names)", named)
        if not self.tab.title() or self.tab.title() == "Workshop":
            self._note("title", self.tab.title())
        self.check("text", "marks")
        if self.screen != "wall":
            self.check("wide", "targets", "covered", "names", "type")
            self.tab.set_viewport_size(dict(zip(("width", "height"), ENLARGED, strict=True)))
            self.check("wide", "covered")
            width, height = SIZES[self.screen]
            self.tab.set_viewport_size({"width": width, "height": height})
        for colours in ("dark", "forced") if self.screen == "phone" else ("forced",):
            self.tab.emulate_media(**COLOURS[colours])
            self.check("text", "marks", *(["forced"] if colours == "forced" else []), about=colours)
        self.tab.emulate_media(**LIGHT)
        if self.screen != "wall":
            self.in_translation()

    def in_translation(self) -> None:
        """Where a browser has translated the page, nothing that is drawn again is said again."""
        self.tab.wait_for_function(QUIET)
        self.tab.evaluate("checks.translate()")
        self.tab.evaluate("new Promise(requestAnimationFrame).then(() => (heard.length = 0))")
        self.tab.evaluate("models.forEach((one) => one.listeners.get('change')?.forEach((draw) => draw()))")
        for words in said(self.tab):
            self._note("said", f"again in a translated page: {words}")

    def check(self, *names: str, about: str = "") -> None:
        size = self.tab.viewport_size
        for name in names:
            self.note(name, f"() => checks.{name}()", None, f"{about} {size and size['width']}")

    def note(self, kind: str, script: str, argument: Any, about: str = "") -> None:
        for fault in self.tab.evaluate(script, argument):
            self._note(kind, f"{about.strip()} {fault}".strip())

    def _note(self, kind: str, fault: str) -> None:
        self.faults[kind].append(f"{self.screen}, {self.state}: {fault}")


def _names(state: State) -> Iterator[str]:
    """What no browser translates."""
    workshop = state.room.workshop
    for code in state.room.codes:
        value_code = workshop.rubric.value_codes[code]
        yield value_code.display_name
        for statements in value_code.levels.values():
            yield from (one.removeprefix("•").strip() for one in statements)
    yield workshop.council
    yield from (grouped(door.code) for door in state.room.facilitator.doors.values())


@pytest.fixture(scope="module")
def faults(chromium: Browser, empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Faults:
    """What is wrong in any state, by kind."""
    folder, numbers = tmp_path_factory.mktemp("states"), count()

    def new_engine() -> Engine:
        return open_database(str(shutil.copy(empty_database, folder / f"{next(numbers)}.db")))

    found: Faults = defaultdict(list)
    walks = [Walk(chromium, screen, found) for screen in SIZES]
    for _, of_a_room in groupby(states(new_engine), key=lambda state: id(state.room)):
        for number, state in enumerate(of_a_room):
            for walk in walks:
                if state.lost:
                    continue
                walk.go_on(state) if number else walk.begin(state)
        for walk in walks:
            if walk.screen == "facilitator":
                walk.other_pages(state)
    for walk in walks:
        walk.tab.close()
    return found


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("fault", id="nothing fails, translated or not"),
        pytest.param("focus", id="the keyboard is on something after each change"),
        pytest.param("covered", id="what has the keyboard is seen"),
        pytest.param("said", id="what is new is said once and in one"),
        pytest.param("silent", id="no change is silent"),
        pytest.param("tree", id="each control has a name and each page one title"),
        pytest.param("names", id="who says what stands on a control reaches it"),
        pytest.param("title", id="the tab says where it is"),
        pytest.param("targets", id="targets are 44 px"),
        pytest.param("wide", id="nothing scrolls sideways"),
        pytest.param("type", id="type follows the browser's size"),
        pytest.param("text", id="text is read in light and dark and forced colours"),
        pytest.param("marks", id="borders and marks are seen in light and dark and forced colours"),
        pytest.param("forced", id="what is chosen is seen in forced colours"),
        pytest.param("translated", id="names and statements are not translated"),
    ],
)
def test_in_every_state(faults: Faults, kind: str) -> None:
    assert faults[kind] == []
