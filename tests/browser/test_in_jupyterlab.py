"""The three notebooks in JupyterLab, as somebody opens them there: they show the example, and take a vote."""

import re
import shutil
from pathlib import Path

import pytest
from lab import running_lab
from paths import ROOT
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.jupyterlab]

OPEN = """async (path) => {
    const { commands, shell } = window.jupyterapp;
    const opened = await commands.execute("docmanager:open", { path });
    await opened.context.ready;
    await opened.sessionContext.ready;
    shell.activateById(opened.id);
    await commands.execute("notebook:run-all-cells");
}"""


def shows(page: Page, notebook: str) -> None:
    page.evaluate(OPEN, f"{notebook}.ipynb")


def test_the_three_notebooks_show_their_screens_in_jupyterlab_and_a_vote_is_saved(
    chromium: Browser, tmp_path: Path
) -> None:
    for name in ("participant", "projector", "facilitator"):
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", tmp_path)
    with running_lab(tmp_path, **{"LabApp.expose_app_in_browser": "True"}) as lab:
        page = chromium.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"{lab}lab?token=a-token")
        page.wait_for_function("window.jupyterapp?.restored")
        page.evaluate("window.jupyterapp.restored.then(() => true)")
        shows(page, "participant")
        page.locator("label", has_text=re.compile("^3 Mature")).click()
        expect(page.get_by_text(re.compile("Saved: 3 Mature")).first).to_be_visible()
        shows(page, "projector")
        wall = page.locator(":is(.nps-join-card, .nps-wall-board, .nps-topic-heading) .nps-body:visible")
        expect(wall.first).to_be_visible()
        shows(page, "facilitator")
        expect(page.locator(".nps-now-panel .nps-main:visible")).to_be_visible()
        page.context.close()
