"""On a phone that is set to dark all that it shows is dark, and can be read; what is for laptop and wall stays light.

The pages before and beside a screen: test_every_page.py.
"""

from collections.abc import Callable

import pytest
from page_checks import CHECKS
from playwright.sync_api import Page, expect
from serving import WAIT_SECONDS, Made, RunningServer

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import PresenceChanged, TopicPresented, VotingOpened
from npswidgets.store import workshops
from npswidgets.store.facilitator_store import FacilitatorStore

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_SECONDS * 1000)

NewPage = Callable[..., Page]
DARK, LIGHT = "rgb(20, 24, 28)", "rgb(255, 255, 255)"
REFUSED = ("403", "404")


def store_of(server: RunningServer, made: Made) -> FacilitatorStore:
    return FacilitatorStore(server.engine, Actor(made.id, "facilitator"))


def faults(page: Page) -> list[str]:
    """What is not dark on this page, or cannot be seen."""
    expect(page.locator("body")).to_have_css("background-color", DARK)
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark", page.url
    page.evaluate(CHECKS)
    found: list[str] = page.evaluate("[...checks.text(), ...checks.marks()]")
    return [f"{page.url}: {fault}" for fault in found]


def test_who_was_taken_out_is_told_so_in_the_dark(server: RunningServer, new_page: NewPage) -> None:
    made = server.make()
    page = new_page("phone", allow=REFUSED, color_scheme="dark")
    page.goto(made.join_link)
    page.get_by_role("button", name="Join").click()
    page.wait_for_selector("body.open")
    since = workshops.read_workshop(server.engine, made.id).created_at
    store_of(server, made).take_people_out(made.session, since)
    expect(page.locator("form[data-once]").get_by_role("button", name="Join again")).to_be_visible()
    assert faults(page) == []


def test_a_helpers_page_is_dark_as_it_opens_as_it_fails_and_at_work(server: RunningServer, new_page: NewPage) -> None:
    made = server.make()
    store = store_of(server, made)
    code = store.workshop.sessions[made.session].codes[0]
    store.record(PresenceChanged(made.session, on_paper=1))
    store.record(TopicPresented(made.session, code), VotingOpened(made.session, code, 1))
    page = new_page("phone", color_scheme="dark")
    page.goto(server.helper_link(made.id, made.session))
    page.wait_for_selector("body.open .nps")
    found = faults(page)
    page.get_by_role("button", name="Enter paper votes", exact=True).click()
    hands = page.get_by_label("Or a show of hands, in one line")
    expect(hands).to_be_visible()
    found += faults(page)
    hands.fill("2: 1")
    page.get_by_role("button", name="Enter all", exact=True).click()
    expect(page.get_by_text("1 of 1 entered").first).to_be_visible()
    store.show_votes(code)
    expect(page.locator(".nps-vote-board circle").first).to_be_visible()
    found += faults(page)
    page.evaluate("for (const id of ['opening', 'failed']) document.getElementById(id).hidden = false")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    assert found + faults(page) == []


def test_what_is_for_the_laptop_stays_light(server: RunningServer, new_page: NewPage) -> None:
    made = server.make(sessions=(("One", ("engaging-councillors",)), ("Two", ("engaging-smes",))))
    page = new_page("laptop", allow=REFUSED, color_scheme="dark")
    shown = {
        made.facilitator_page: "Open the workshop",
        f"{made.projector_page}/nothing/there": "Page not found",
        server.start_link: "Start a workshop",
        f"{server.base}/start/{made.id}": "The workshop is ready",
        made.projector_link: "Which session is this screen for?",
    }
    for address, title in shown.items():
        page.goto(address)
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        expect(page.locator("body")).to_have_css("background-color", LIGHT)
        assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") != "dark", address
