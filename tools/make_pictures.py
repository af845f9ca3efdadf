"""Takes pictures of all states of the three screens: `make pictures`; some by `tools/make_pictures.py wall vote`.

In pictures/ there is a folder for each screen, and in it a picture for each state, size and colours.
"""

import shutil
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Engine

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from conftest import BROWSERS, CHROMIUM_OPTIONS  # noqa: E402 (the tests' own parts make the states)
from states import State, lose, states  # noqa: E402
from widget_page import WidgetPage  # noqa: E402

from npswidgets.store.database import open_database  # noqa: E402

PICTURES = ROOT / "pictures"
SIZES = [(390, 664), (844, 390), (1280, 600), (1920, 1080)]
COLOURS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active", "color_scheme": "dark"},
}
SCREENS = {
    "phone": ("light", "dark", "forced"),
    "facilitator": ("light", "forced"),
    "wall": ("light", "forced"),
}
"""In which colours each screen comes: of these three only the participant's page is dark where the phone is."""
STILL = """new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))).then(() =>
  Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))))"""


def main(*wanted: str) -> None:
    """Takes the pictures: all, or those whose screen or state is named."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit("There is no Chromium here: `tools/install-test-browser` brings it.")
    numbers = count(1)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=CHROMIUM_OPTIONS)

        def new_engine() -> Engine:
            return open_database(str(Path(folder) / f"{next(numbers)}.db"), migrate=True)

        # a page whose colours were forced once keeps some of them
        pages = {
            screen: {colours: browser.new_page(**COLOURS[colours]) for colours in SCREENS[screen]} for screen in SCREENS
        }
        taken = sum(
            take(page, screen, state, colours)
            for state, screen in chosen(states(new_engine), wanted)
            for colours, page in pages[screen].items()
        )
        browser.close()
    click.echo(f"{taken} pictures are in {PICTURES.relative_to(ROOT)}/.")


def chosen(all_states: Iterator[State], wanted: tuple[str, ...]) -> Iterator[tuple[State, str]]:
    """Each state with each screen, as far as they are wanted."""
    screens = [one for one in wanted if one in SCREENS] or list(SCREENS)
    names = [one for one in wanted if one not in SCREENS]
    for number, state in enumerate(all_states, 1):
        for screen in screens:
            if not names or state.name in names:
                yield State(f"{number:02} {state.name}", state.room, state.lost), screen


def take(page: Page, screen: str, state: State, colours: str) -> int:
    """The pictures of a screen in a state and in these colours; how many they are."""
    page.unroute_all()  # of the state before
    page.set_viewport_size({"width": 1280, "height": 600})
    WidgetPage(page, getattr(state, screen)().widget)
    if state.lost:
        lose(page)
    folder = PICTURES / screen
    folder.mkdir(parents=True, exist_ok=True)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(STILL)
        name = f"{state.name} {width}x{height} {colours}.png".replace(" ", "-")
        page.screenshot(path=folder / name)
    return len(SIZES)


if __name__ == "__main__":
    main(*sys.argv[1:])
