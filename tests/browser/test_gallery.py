"""The gallery in stock Voila, as an analyst shows it: each widget takes what is chosen, and Python has it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from paths import ROOT
from playwright.sync_api import Browser, Page, expect
from serving import START_SECONDS, WAIT_SECONDS, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]


def ports_of(process: subprocess.Popen[bytes]) -> list[int]:
    """Where it listens."""
    assert process.poll() is None, "Voila has ended"
    open_ = psutil.Process(process.pid).net_connections("tcp")
    return [one.laddr.port for one in open_ if one.status == psutil.CONN_LISTEN]


@contextmanager
def stock_voila(notebook: str, tmp_path: Path) -> Iterator[str]:
    """The address of Voila with nothing of ours but a notebook."""
    settings = ["--no-browser", "--port=0", "--Voila.ip=127.0.0.1", "--Voila.config_file_paths=[]"]
    command = [sys.executable, "-m", "voila", str(ROOT / "notebooks" / notebook), *settings]
    environment = os.environ | {"JUPYTER_CONFIG_DIR": str(tmp_path), "IPYTHONDIR": str(tmp_path)}
    with (tmp_path / "voila.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
        try:
            (port,) = wait_until(lambda: ports_of(process), START_SECONDS)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(WAIT_SECONDS)


@pytest.fixture
def gallery(tmp_path: Path) -> Iterator[str]:
    with stock_voila("gallery.ipynb", tmp_path) as address:
        yield address


def opened(chromium: Browser, address: str) -> Page:
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(WAIT_SECONDS * 1000)
    page.route("**/*", lambda route: route.continue_() if route.request.url.startswith(address) else route.abort())
    page.goto(address, wait_until="domcontentloaded", timeout=START_SECONDS * 1000)
    return page


def test_a_screen_opens_the_example_in_stock_voila_and_its_buttons_work(chromium: Browser, tmp_path: Path) -> None:
    with stock_voila("facilitator.ipynb", tmp_path) as address:
        page = opened(chromium, address)
        page.get_by_text("This is the example workshop.").wait_for(timeout=START_SECONDS * 1000)
        heading = page.locator(".nps-topic-heading h1")
        before = heading.text_content() or ""
        page.get_by_role("navigation", name="Topics").get_by_role("button").first.click()
        expect(heading).not_to_have_text(before, timeout=WAIT_SECONDS * 1000)
        page.close()


def test_each_widget_of_the_gallery_takes_what_is_chosen_in_stock_voila(chromium: Browser, gallery: str) -> None:
    page = opened(chromium, gallery)
    page.get_by_text("No vote yet.").wait_for(timeout=START_SECONDS * 1000)
    page.locator("label", has_text="3 Mature").first.click()
    page.get_by_role("group", name="Agreed score").locator("label", has_text="Leader").click()
    page.get_by_role("textbox", name="Comment").fill("Well done")
    for told in ("The vote: 3", "The score: 4", "Written down: comment"):
        expect(page.get_by_text(told, exact=True)).to_be_visible(timeout=WAIT_SECONDS * 1000)
    assert page.get_by_role("table", name="Votes on each level").count() == 2
    expect(page.get_by_text("482 915")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 664})
    for widget in page.locator(".nps-vote-board, .nps-join-card").all():
        assert widget.evaluate("one => one.scrollWidth - one.clientWidth") == 0
    for dots in page.locator(".nps-vote-board .nps-last .nps-dots").all():
        assert dots.evaluate("one => one.clientWidth") > 100, "there is room for dots beside the statements"
    page.close()
