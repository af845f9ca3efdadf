"""The door in browsers: from the QR code to the own page, by a full door that opens, out of the session and back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from accessible import check_with_axe
from playwright.sync_api import Page, Route, expect
from serving import Client, Made, RunningServer

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import ParticipantJoined
from npswidgets.domain.join_code import ASKED
from npswidgets.store import record, workshops
from npswidgets.store.database import writing
from npswidgets.store.opening import store_of

pytestmark = pytest.mark.browser

OPEN = "body.open .nps-topic-heading"


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make(people_expected=5)


def accessible(page: Page) -> None:
    check_with_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def test_from_the_qr_code_to_the_own_page_and_no_secret_is_left(page: Page, made: Made) -> None:
    page.goto(made.qr_link)
    page.wait_for_url("**/join/here")
    page.get_by_role("button", name="Join").click()
    page.wait_for_selector(OPEN)
    assert page.url == made.vote_page
    page.go_back()
    assert "#" not in page.evaluate("location.href")


def test_a_lost_connection_keeps_the_secret_until_it_is_back(new_page: Callable[..., Page], made: Made) -> None:
    page = new_page("phone", allow=("ERR_INTERNET_DISCONNECTED", "Failed to load resource"))
    lost = True

    def post(route: Route) -> None:
        if lost and route.request.method == "POST":
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route("**/join", post)
    page.goto(made.qr_link)
    expect(page.get_by_text("No connection to the workshop. This page keeps trying.")).to_be_visible()
    expect(page.get_by_label("Workshop code")).to_be_in_viewport()
    assert page.url == made.qr_link
    lost = False
    page.wait_for_url("**/join/here")


def test_a_qr_code_that_leads_nowhere_says_so_and_asks_for_the_code(page: Page, server: RunningServer) -> None:
    page.goto(f"{server.base}/join#8xE0bU0cTgmN7k1c2yHh5w")
    expect(page.get_by_role("alert")).to_contain_text("Enter the code that is on the big screen.")
    assert page.url == f"{server.base}/join"
    accessible(page)


def test_the_summary_of_errors_leads_to_the_field_and_another_qr_code_to_its_workshop(page: Page, made: Made) -> None:
    page.goto(made.join_link.rsplit("/", 1)[0])
    page.get_by_label("Workshop code").fill("12345")
    page.get_by_role("button", name="Continue").click()
    summary = page.get_by_role("link", name=f"Enter {ASKED}")
    expect(summary).to_be_visible()
    opened: list[str] = []
    page.on("request", lambda request: request.is_navigation_request() and opened.append(request.url))
    summary.click()
    expect(page.get_by_label("Workshop code")).to_be_focused()
    page.evaluate("secret => (location.hash = secret)", f"{made.qr_link.split('#')[1]}.")  # a full stop of a letter
    page.wait_for_url("**/join/here")
    assert len(opened) == 1, "the page was not sent again"


def test_who_waits_comes_to_the_field_for_the_code_when_what_was_scanned_ends(
    page: Page, server: RunningServer, made: Made
) -> None:
    store = store_of(server.engine, Actor(made.id, "facilitator"))
    page.goto(made.qr_link)
    page.wait_for_url("**/join/here")
    store.close_door(made.session, True)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("The door is closed for now.")).to_be_visible()
    store.renew_code(made.session, with_secret=True)
    expect(page.get_by_label("Workshop code")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Scan the QR code again")


def test_a_full_room_opens_to_who_waits_and_the_facilitator_takes_out_and_undoes(
    new_page: Callable[..., Page], server: RunningServer, made: Made
) -> None:
    phone = new_page("phone", allow=("Failed to load resource", "WebSocket"))
    phone.goto(made.qr_link)
    phone.wait_for_url("**/join/here")
    for _ in range(10):
        assert Client(server).scan(made).status_code == 303
    phone.get_by_role("button", name="Join").click()
    expect(phone.get_by_text("The room is full for now.")).to_be_visible()
    accessible(phone)

    desk = new_page("laptop", allow=("violates the following Content Security",))
    desk.goto(made.facilitator_link)
    desk.wait_for_selector(OPEN)
    band = desk.locator(".nps-door-rows")
    expect(band).to_contain_text("10 people have joined; 5 were expected.")
    band.get_by_role("button", name="Let more in").click()
    expect(band).to_be_hidden()
    phone.wait_for_url(made.vote_page)
    phone.wait_for_selector(OPEN)

    desk.get_by_role("button", name="Menu").click()
    desk.get_by_role("button", name="The door").click()
    window = desk.get_by_role("dialog", name="The door")
    expect(window).to_contain_text("11 people have joined. The door is open.")
    accessible(desk)
    window.get_by_role("button", name="Take out the 11").first.click()
    expect(window).to_contain_text("The door is closed")
    expect(phone.get_by_role("heading", name="You have been taken out")).to_be_visible()
    phone.get_by_role("button", name="Join again").click()
    expect(phone.get_by_text("The door is closed for now.")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("button", name="Menu")).to_be_focused()
    band.get_by_role("button", name="Undo").click()
    phone.wait_for_selector(OPEN)
    assert phone.url == made.vote_page
    inside = workshops.read_workshop(server.engine, made.id).sessions[made.session].inside
    assert len(inside) == 11


def test_the_keyboard_stays_on_its_button_while_people_join(
    new_page: Callable[..., Page], server: RunningServer, made: Made
) -> None:
    with writing(server.engine) as db:
        earlier = datetime.now(UTC) - timedelta(minutes=4)
        record.append(
            db, record.read(db, made.id), ParticipantJoined(made.session, "early", None), "participant", earlier
        )
    Client(server).scan(made)
    desk = new_page("laptop", allow=("violates the following Content Security",))
    desk.goto(made.facilitator_link)
    desk.wait_for_selector(OPEN)
    desk.get_by_role("button", name="Menu").click()
    desk.get_by_role("button", name="The door", exact=True).click()
    desk.get_by_role("button", name="Take out the 2 who joined in the last 5 minutes").focus()
    Client(server).scan(made)
    expect(desk.get_by_role("button", name="Take out the 3 who joined in the last 5 minutes")).to_be_focused()


def test_somebody_taken_out_comes_back_without_a_tap_when_it_is_undone(
    new_page: Callable[..., Page], server: RunningServer, made: Made
) -> None:
    phone = new_page("phone", allow=("Failed to load resource", "WebSocket"))
    phone.goto(made.qr_link)
    phone.get_by_role("button", name="Join").click()
    phone.wait_for_selector(OPEN)
    store = store_of(server.engine, Actor(made.id, "facilitator"))
    store.take_people_out(made.session, workshops.read_workshop(server.engine, made.id).created_at)
    expect(phone.get_by_role("button", name="Join again")).to_be_visible()
    accessible(phone)
    store.bring_people_back(made.session)
    phone.wait_for_selector(OPEN)
    expect(phone.get_by_role("heading", name="You have joined")).to_be_visible()
