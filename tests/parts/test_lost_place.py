"""Phones that would lose their people's place hear it before they join."""

from collections.abc import Callable

import pytest
from accessible import check_with_axe
from playwright.sync_api import Page, expect
from serving import Client, Made, RunningServer

from npswidgets.server.http.browsers import is_inside_app

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36"
OTHER_APP = "This page opened inside another app. Open it in your browser so that you keep your place."
COOKIES_OFF = (
    "Your browser does not keep cookies, so you would lose your place. Allow cookies, or ask for a paper sheet."
)


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make()


@pytest.mark.parametrize(
    "agent",
    [
        f"{IPHONE} Mobile/22B83",
        f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1 Instagram 350.0.0.0",
        f"{IPHONE} GSA/340.0 Mobile/15E148 Safari/604.1",
        f"{ANDROID}; wv) {CHROME}",
        f"{ANDROID}) {CHROME} [FB_IAB/FB4A;FBAV/480.0.0.0;]",
        f"{ANDROID}) {CHROME} LinkedInApp/4.1",
    ],
)
def test_a_browser_inside_another_app_is_known(agent: str) -> None:
    assert is_inside_app(agent)


@pytest.mark.parametrize(
    "agent",
    [
        f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1",
        f"{IPHONE} CriOS/130.0 Mobile/15E148 Safari/604.1",
        f"{ANDROID}) {CHROME}",
        "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Online/1.0",
        "",
    ],
)
def test_a_browser_of_its_own_is_left_alone(agent: str) -> None:
    assert not is_inside_app(agent)


def test_both_join_pages_say_it(client: Client, made: Made) -> None:
    inside = {"User-Agent": f"{ANDROID}; wv) {CHROME}"}
    for page in ("/", made.join_link):
        assert OTHER_APP in client.get(page, headers=inside).text
        assert OTHER_APP not in client.get(page).text


@pytest.mark.browser
def test_a_phone_without_cookies_hears_it_before_it_fills_anything_in(
    server: RunningServer, new_page: Callable[..., Page], made: Made
) -> None:
    page = new_page("phone", user_agent=f"{ANDROID}; wv) {CHROME}")
    page.goto(made.join_link)
    expect(page.get_by_text(OTHER_APP)).to_be_visible()
    expect(page.get_by_text(COOKIES_OFF)).to_be_hidden()
    page.add_init_script("Object.defineProperty(document, 'cookie', { get: () => '', set: () => {} })")
    page.reload()
    expect(page.get_by_text(COOKIES_OFF)).to_be_visible()
    check_with_axe(page)
