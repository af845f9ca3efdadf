"""A helper comes by a link and goes when it is withdrawn; somebody leaves by the own phone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from accessible import check_with_axe
from playwright.sync_api import Page, expect
from serving import Made, RunningServer

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import SessionClosed
from npswidgets.store.facilitator_store import FacilitatorStore

NewPage = Callable[..., Page]


def open_page(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector("body.open .nps")
    return page


def choose(page: Page, item: str) -> None:
    """An item of the facilitator's menu."""
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("button", name=item, exact=True).click()


@pytest.mark.browser
def test_a_helper_comes_by_a_link_writes_and_is_gone_at_once_when_it_is_withdrawn(
    new_page: NewPage, server: RunningServer
) -> None:
    made = server.make()
    laptop, phone = open_page(new_page("laptop"), made.facilitator_link), new_page("phone", allow=("403", "404"))
    choose(laptop, "Helpers")
    laptop.get_by_role("button", name="New link for a helper").click()
    expect(laptop.get_by_role("img", name="QR code for helper 1")).to_be_visible()
    link = laptop.locator(".nps-helpers-window .nps-address").inner_text()
    assert re.fullmatch(rf"{server.base}/help/{made.id}/[\w-]+#[\w-]{{22}}", link)
    open_page(phone, link)
    expect(laptop.get_by_text("Helper 1: opened at")).to_be_visible()
    expect(laptop.get_by_role("img", name="QR code for helper 1")).to_have_count(0)
    stranger = new_page("phone", allow=("403",))
    stranger.goto(link)
    expect(stranger.get_by_text("A helper's link opens one browser")).to_be_visible()

    phone.get_by_label("Comment", exact=True).fill("We agreed on the register.")
    expect(phone.get_by_text("Saved ").first).to_be_visible()
    check_with_axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    laptop.get_by_role("button", name="Withdraw").click()
    expect(phone.get_by_text("This link is no longer valid")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("by", ["withdrawing", "the end"])
def test_what_a_helper_types_while_shut_out_is_not_lost_without_a_word(
    new_page: NewPage, server: RunningServer, by: str
) -> None:
    made = server.make()
    phone = new_page("phone", allow=("403", "404"))
    open_page(phone, server.helper_link(made.id, made.session))
    phone.clock.install()
    phone.clock.pause_at(datetime.now(UTC) + timedelta(seconds=30))  # no pause in typing ends: nothing is saved
    phone.get_by_label("Comment", exact=True).fill("Half a sentence")
    store = FacilitatorStore(server.engine, Actor(made.id, "facilitator"))
    if by == "withdrawing":
        store.withdraw_helper(made.session, store.helpers[made.session][0].id)
    else:
        store.record(SessionClosed(made.session))
    phone.clock.resume()
    expect(phone.get_by_text("A helper's link opens one browser")).to_be_visible()
    expect(phone.get_by_text("Not saved: what you typed here. You can still say it.")).to_be_visible()
    expect(phone.get_by_text("Half a sentence")).to_be_visible()
    check_with_axe(phone)
    phone.get_by_role("button", name="Delete this text").click()
    expect(phone.get_by_text("Not saved:")).to_be_hidden()


@pytest.mark.browser
def test_where_everybody_sees_the_window_no_link_of_a_helper_is_drawn(new_page: NewPage, server: RunningServer) -> None:
    laptop = open_page(new_page("laptop"), server.make().facilitator_link)
    choose(laptop, "Helpers")
    laptop.get_by_role("button", name="New link for a helper").click()
    expect(laptop.get_by_role("img", name="QR code for helper 1")).to_be_visible()
    laptop.get_by_role("button", name="Close this window").click()
    choose(laptop, "Use one screen")
    laptop.get_by_role("button", name="Go to my page").click()
    choose(laptop, "Helpers")
    expect(laptop.get_by_text("Everybody sees this window")).to_be_visible()
    for name in ("New link for a helper", "Show its link"):
        expect(laptop.get_by_role("button", name=name)).to_have_count(0)
    expect(laptop.get_by_role("img", name="QR code for helper 1")).to_have_count(0)
    expect(laptop.get_by_role("button", name="Withdraw")).to_be_visible()


@pytest.mark.browser
def test_who_leaves_says_so_on_the_phone_and_stands_in_the_list_of_people(new_page: NewPage, made: Made) -> None:
    laptop, phone = open_page(new_page("laptop"), made.facilitator_link), new_page("phone")
    phone.goto(made.join_link)
    phone.get_by_role("button", name="Join").click()
    phone.wait_for_selector("body.open .nps-topic-heading")
    phone.get_by_text("Leave early").click()
    phone.get_by_role("button", name="I am leaving").click()
    expect(phone.get_by_role("heading", name="You have left")).to_be_visible()
    check_with_axe(phone)
    choose(laptop, "People")
    expect(laptop.get_by_text("1 does not count as in the room.")).to_be_visible()
    check_with_axe(laptop)
    laptop.get_by_role("button", name="Undo").click()
    expect(phone.get_by_role("heading", name="You have joined")).to_be_visible()


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make()
