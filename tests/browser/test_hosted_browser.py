"""A workshop in a browser, below a path behind a real nginx with https."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from nginx import BehindNginx
from playwright.sync_api import Page, expect
from test_browser_closing import MAKING_SECONDS, menu
from test_browser_theme import choose_score, facilitate, press, project, vote

pytestmark = pytest.mark.browser


LOCKED = """new Promise((done) => {
    navigator.wakeLock.request = async (kind) => done(kind);
    document.dispatchEvent(new Event("visibilitychange"));
})"""
"""What the page has kept on when it comes to the front."""


def test_a_workshop_plays_through_below_a_path(new_page: Callable[..., Page], behind_nginx: BehindNginx) -> None:
    hosted = partial(new_page, base=behind_nginx.base, ignore_https_errors=True)  # and nothing outside is asked
    made = behind_nginx.make()
    facilitator, wall = facilitate(hosted, made), project(hosted, made)
    assert wall.evaluate(LOCKED) == "screen"
    expect(wall.get_by_text(behind_nginx.base.removeprefix("https://")).first).to_be_visible()
    phones = [hosted("phone"), hosted("phone")]
    for phone in phones:
        phone.goto(made.qr_link)
        phone.get_by_role("button", name="Join").click()
        phone.wait_for_url(f"{behind_nginx.base}/vote/**")
    press(facilitator, "Start voting")
    for phone in phones:
        vote(phone, "2 Developing")
    expect(wall.get_by_text("All votes are in").first).to_be_visible()
    press(facilitator, "Show the votes")
    expect(phones[0].get_by_text("2 votes").first).to_be_visible()

    helper = hosted("phone")
    helper.goto(behind_nginx.helper_link(made.id, made.session))
    expect(helper.locator("body.open")).to_be_visible()
    assert "#" not in helper.url

    choose_score(facilitator, 2)
    press(facilitator, "Save only")
    expect(wall.get_by_text("Agreed score").first).to_be_visible()

    menu(facilitator, "Make the report")
    for box in facilitator.locator(".nps-report-files li input").all():
        box.uncheck()
    facilitator.get_by_role("checkbox", name=re.compile("^Data")).check()
    facilitator.locator(".nps-report-files").get_by_role("button", name="Make the report").click()
    link = facilitator.get_by_role("link", name="Download data (JSON)")
    expect(link).to_be_visible(timeout=MAKING_SECONDS * 1000)
    with facilitator.expect_download() as download:
        link.click()
    assert download.value.url.startswith(f"{behind_nginx.base}/facilitate/{made.id}/reports/")
    assert made.id in Path(download.value.path()).read_text(encoding="utf-8")
