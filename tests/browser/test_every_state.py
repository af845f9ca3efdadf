"""What holds in every state of the three screens, from the first who joins to the end: WCAG where axe does not look.

One walk through all states gives the faults of each kind, so that no state is drawn twice.
"""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import count, groupby
from pathlib import Path
from typing import Any

import pytest
from looking import ALL, Faults, Looker
from messages import attached
from page_checks import CHECKS, QUIET, said
from playwright.sync_api import Browser
from room import make_room
from sqlalchemy import Engine
from states import State, states
from widget_page import WidgetPage

from npswidgets.domain.join_code import grouped
from npswidgets.screens import participant
from npswidgets.screens.levels import level_rows
from npswidgets.store.database import open_database

pytestmark = pytest.mark.browser

SCREENS = ("phone", "helper", "facilitator", "wall")
PAGES = {"shown": ("sheets",), "closing actions": ("tidy", "report"), "first scores": ("agenda",)}
"""What a facilitator opens by the menu, in one state each."""
UNFOLDED = "second vote shown"
"""The state in which a facilitator unfolds all that can be, and opens the menu and each of its windows."""
WINDOWS = ("The door", "People", "Helpers", "Show the code")


class Walk(Looker):
    """One screen in one page, followed from state to state."""

    def begin(self, state: State) -> None:
        """Draws the first state of a workshop."""
        self.tab.unroute_all()
        self.state = state.name
        self.drawn = getattr(state, self.screen)()
        self.page = WidgetPage(self.tab, self.drawn.widget)
        self.tab.evaluate(CHECKS)
        self.look_at(state)

    def go_on(self, state: State) -> None:
        """Turns to the next state, as a page does that was open all the time."""
        self.state = state.name
        state.turn(self.drawn)
        self.changed(state)
        if self.screen == "facilitator":
            for page in PAGES.get(state.name, ()):
                self.open_page(state, page)
            if state.name == UNFOLDED:
                self.unfold(state)

    def changed(self, state: State) -> None:
        """All checks on the way to what the kernel has now, and there."""
        before, after = self.page.changes()
        if not after:
            return
        if self.screen == "wall":
            self.page.show()
        else:
            self.hear(after)
            for fault in self.tab.evaluate("([before, after]) => checks.keeps(before, after)", [before, after]):
                self.note("focus", fault)
            self.page.shown(after)
        self.look_at(state)

    def open_page(self, state: State, page: str) -> None:
        """What a facilitator opens by the menu, and leaves again."""
        self.state, before = page, self.drawn.controller.page
        for one in (page, before):
            self.drawn.controller.page = one
            self.drawn.draw()
            if one == page:
                self.changed(state)
            else:
                self.page.show()

    def unfold(self, state: State) -> None:
        """All that is folded, the menu and its windows; what closes gives the keyboard back."""
        self.state = f"{state.name}, unfolded"
        self.tab.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        self.look_at(state)
        opener = self.tab.get_by_role("button", name="Menu", exact=True)
        for name in ("Menu", *WINDOWS):
            self.state = f"{state.name}, {name}"
            opener.press("Enter")
            item = self.tab.locator("#nps-menu").get_by_role("button", name=name, exact=True)
            if name != "Menu":
                if not item.count():
                    opener.press("Escape")
                    continue
                item.press("Enter")
            self.look(within="body" if name == "Menu" else "dialog[open]")
            self.tab.keyboard.press("Escape")
            if not opener.evaluate("(one) => one === document.activeElement"):
                self.note("focus", "the keyboard is not back on Menu")
        self.tab.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = false))")

    def hear(self, after: Any) -> None:
        """Whatever is said of the new state is said once, and in one."""
        said(self.tab)
        was = self.tab.evaluate("(after) => checks.turn(after)", after)
        heard = said(self.tab)
        if len(heard) > 1:
            self.note("said", f"{len(heard)} times at once: {heard}")
        title = self.tab.evaluate("document.querySelector('h1:focus')?.textContent")
        if title and any(words.rstrip(".") == title.rstrip(".") for words in heard):
            self.note("said", f"the title again: {title}")
        if not title and not heard and self.tab.title() != was:
            self.note("silent", self.tab.title())

    def look_at(self, state: State) -> None:
        """All checks on the page as it is now, and on what a browser makes of it that translates."""
        self.look(_names(state), within="main")
        if self.screen != "wall":
            self.in_translation()

    def in_translation(self) -> None:
        """Where a browser has translated the page, nothing that is drawn again is said again."""
        self.tab.wait_for_function(QUIET)
        self.tab.evaluate("checks.translate()")
        self.tab.evaluate("new Promise(requestAnimationFrame).then(() => (heard.length = 0))")
        self.tab.evaluate("models.forEach((one) => one.listeners.get('change')?.forEach((draw) => draw()))")
        for words in said(self.tab):
            self.note("said", f"again in a translated page: {words}")


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

    return walk_through(chromium, new_engine)


def walk_through(chromium: Browser, new_engine: Callable[[], Engine]) -> Faults:
    """All screens through all states."""
    found: Faults = defaultdict(list)
    walks = [Walk(chromium, screen, found) for screen in SCREENS]
    for _, of_a_room in groupby(states(new_engine), key=lambda state: id(state.room)):
        for number, state in enumerate(state for state in of_a_room if not state.lost):
            for walk in walks:
                walk.go_on(state) if number else walk.begin(state)
    looked_for = walks[0].tab.evaluate("checks.met().all")
    found["met"] += sorted({*looked_for} - {one for walk in walks for one in walk.met})
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
        pytest.param("cut", id="nothing is sliced by the edge of a box"),
        pytest.param("wide", id="nothing scrolls sideways"),
        pytest.param("type", id="type follows the browser's size"),
        pytest.param("text", id="text is read in light and dark and forced colours"),
        pytest.param("marks", id="borders and marks are seen in light and dark and forced colours"),
        pytest.param("forced", id="what is chosen is seen in forced colours"),
        pytest.param("met", id="each mark that is looked for was there"),
        pytest.param("translated", id="names and statements are not translated"),
    ],
)
def test_in_every_state(faults: Faults, kind: str) -> None:
    assert faults[kind] == []


def test_every_topic_can_be_read_on_a_narrow_phone(chromium: Browser, engine: Engine) -> None:
    """The facilitator's page: test_facilitator_browser.py; the wall: test_browser_wall.py."""
    room = make_room(engine, people=5)
    room.open_voting("reporting")
    screen, rubric = attached(participant.build(), room.participants[0]), room.workshop.rubric
    tab = chromium.new_page(viewport={"width": 320, "height": 568})
    page, found = WidgetPage(tab, screen.widget), []
    tab.evaluate(CHECKS)
    for code in rubric.value_codes.values():
        screen.heading.title, screen.pad.levels = code.display_name, level_rows(rubric, code)
        page.show()
        assert tab.get_by_role("heading", level=1).inner_text() == code.display_name
        found += [f"{code.id}: {fault}" for kind in tab.evaluate(ALL, ["wide", "cut"]).values() for fault in kind]
    tab.close()
    assert len(rubric.value_codes) == 59
    assert found == []
