"""A workshop in a browser, below a path behind a real nginx with https."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from nginx import HOST, UPGRADE, BehindNginx
from playwright.sync_api import Page, expect
from test_browser_closing import download_data, menu
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
    download = download_data(facilitator)
    assert download.url.startswith(f"{behind_nginx.base}/facilitate/{made.id}/reports/")
    assert made.id in Path(download.path()).read_text(encoding="utf-8")


def test_the_ready_page_names_what_a_proxy_does_to_connections(
    new_page: Callable[..., Page], behind_nginx: BehindNginx
) -> None:
    page, made = (
        new_page("laptop", ("WebSocket connection",), behind_nginx.base, ignore_https_errors=True),
        behind_nginx.make(),
    )
    page.goto(made.facilitator_link)
    expect(page.locator("body.open")).to_be_visible()
    page.goto(f"{behind_nginx.base}/start/{made.id}")
    expect(page.get_by_text("No phone has reached the server yet")).to_be_visible()
    expect(page.locator("#quiet")).to_be_hidden()
    for said, named in (
        (
            (HOST, UPGRADE, "proxy_read_timeout 1s;"),
            re.compile(r"nothing is said for \d+ s, .*proxy_read_timeout 75s"),
        ),
        ((HOST,), re.compile("does not pass on websockets")),
    ):
        with behind_nginx.set_up(*said):
            page.reload()
            expect(page.locator("#quiet")).to_have_text(named)
            expect(page.locator("#quiet")).to_be_visible()
