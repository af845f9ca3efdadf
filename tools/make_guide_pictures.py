"""Takes the pictures of docs/facilitating.md, after a change of a screen: `python tools/make_guide_pictures.py`."""

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
from make_pictures import STILL  # noqa: E402
from states import State, states  # noqa: E402
from widget_page import WidgetPage  # noqa: E402

from npswidgets.store.database import open_database  # noqa: E402

PICTURES = ROOT / "docs" / "pictures" / "facilitating"
WANTED = {
    "vote": ("vote", "phone", 390, 664),
    "shown": ("shown", "facilitator", 1280, 720),
    "wall": ("shown", "wall", 1280, 720),
}
"""Each picture: the state of the workshop, the screen, and the size of its window."""


def main() -> None:
    """Takes them all, over those that are there."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit("There is no Chromium here: `tools/install-test-browser` brings it.")
    numbers = count(1)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=CHROMIUM_OPTIONS)

        def new_engine() -> Engine:
            return open_database(str(Path(folder) / f"{next(numbers)}.db"), migrate=True)

        PICTURES.mkdir(parents=True, exist_ok=True)
        left = {state for state, *_ in WANTED.values()}
        for state in states(new_engine):
            for name, screen, *size in _of(state):
                _take(browser.new_page(), getattr(state, screen)().widget, size, PICTURES / f"{name}.png")
            left.discard(state.name)
            if not left:
                break
        browser.close()
    click.echo(f"{len(WANTED)} pictures are in {PICTURES.relative_to(ROOT)}/.")


def _of(state: State) -> Iterator[tuple[Any, ...]]:
    return ((name, *where) for name, (of, *where) in WANTED.items() if of == state.name)


def _take(page: Page, widget: Any, size: list[int], path: Path) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    WidgetPage(page, widget)
    page.evaluate(STILL)
    page.screenshot(path=path)
    page.close()


if __name__ == "__main__":
    main()
