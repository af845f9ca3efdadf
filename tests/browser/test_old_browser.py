"""A browser that is too old for the workshop is told so, by a rule of style and without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from serving import Made, RunningServer

pytestmark = pytest.mark.browser

TOO_OLD = "This browser is too old for the workshop."
KNOWN, UNKNOWN = "not (accent-color: auto)", "not (unknown-here: auto)"


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make()


def style_of_an_old_browser(route: Route) -> None:
    answer = route.fetch()
    assert KNOWN in answer.text()
    route.fulfill(response=answer, body=answer.text().replace(KNOWN, UNKNOWN))


def test_who_comes_with_an_old_browser_is_told(new_page: Callable[..., Page], made: Made) -> None:
    page = new_page("phone")
    page.goto(made.join_link)
    expect(page.get_by_text(TOO_OLD)).to_be_hidden()
    page.route("**/pages.css*", style_of_an_old_browser)
    page.reload()
    expect(page.get_by_text(TOO_OLD)).to_be_visible()
    page.get_by_role("button", name="Join").click()
    expect(page.locator("body.open")).to_be_attached()
    expect(page.get_by_text(TOO_OLD)).to_be_hidden()
    page.route("**/participant.css*", style_of_an_old_browser)
    page.reload()
    expect(page.get_by_text(TOO_OLD)).to_be_visible()
