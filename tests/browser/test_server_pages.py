"""The server's pages in a browser: joining, links, starting a workshop, and what a screen's page does by itself."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from accessible import check_with_axe
from paths import EXAMPLE
from playwright.sync_api import Page, Route, expect
from serving import PLAIN_HOST, Made, RunningServer, wait_until

from npswidgets.store import workshops
from npswidgets.store.access import new_link
from npswidgets.store.travelled import TRAVELLED

pytestmark = pytest.mark.browser

OPEN = "body.open .nps-topic-heading"
DEPARTMENTS = ("Adult social care", "Children's services", "Finance and legal", "Procurement", "Councillor")


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make(departments=DEPARTMENTS)


def join(page: Page, made: Made, department: str = "Councillor") -> None:
    page.goto(made.join_link)
    page.get_by_label(department).check()
    page.get_by_role("button", name="Join").click()
    page.wait_for_selector(OPEN)


def test_from_the_qr_code_it_is_three_taps(server: RunningServer, page: Page, made: Made) -> None:
    page.goto(made.join_link)
    page.get_by_label("Procurement").check()
    page.get_by_role("button", name="Join").click()
    page.wait_for_selector(OPEN)
    assert page.url == made.vote_page
    expect(page.get_by_role("heading", name="You have joined")).to_be_visible()


def test_by_keyboard_alone_somebody_gets_in(server: RunningServer, page: Page, made: Made) -> None:
    page.goto(server.base)
    page.keyboard.press("Tab")
    page.keyboard.type(made.code)
    page.keyboard.press("Enter")
    page.wait_for_url(made.join_link)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Children's services")).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_selector(OPEN)


def test_a_mistake_is_said_at_the_top_and_at_the_field(page: Page, made: Made) -> None:
    page.goto(made.join_link)
    page.get_by_role("button", name="Join").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page).to_have_title("Error: Join the workshop")
    summary.get_by_role("link", name="Select your department or role").click()
    expect(page.get_by_label("Adult social care")).to_be_focused()


def test_two_taps_on_join_are_one_person(server: RunningServer, page: Page, made: Made) -> None:
    page.goto(made.join_link)
    page.get_by_label("Councillor").check()
    page.get_by_role("button", name="Join").dblclick()
    page.wait_for_selector(OPEN)
    workshop = workshops.read_workshop(server.engine, made.id)
    assert len(workshop.sessions[made.session].participants) == 1


def test_a_link_opens_its_screen_and_leaves_no_secret_behind(new_page: Callable[..., Page], made: Made) -> None:
    page = new_page("laptop")
    page.goto(made.facilitator_link)
    page.wait_for_selector(OPEN)
    assert page.url == made.facilitator_page
    page.goto(made.facilitator_link)
    page.wait_for_url(made.facilitator_page)
    page.wait_for_selector(OPEN)


def test_a_link_that_was_replaced_says_so(server: RunningServer, new_page: Callable[..., Page], made: Made) -> None:
    new_link(server.engine, made.id, "facilitator")
    page = new_page("laptop", allow=("403",))
    page.goto(made.facilitator_link)
    expect(page.get_by_text("This link is no longer valid.")).to_be_visible()
    assert page.url == made.facilitator_page


def test_a_page_that_was_shut_out_comes_back_with_the_wall_beside_it(
    server: RunningServer, new_page: Callable[..., Page], made: Made
) -> None:
    """The browser is let in again by a new link in another tab; nobody loads the older ones again."""
    page = new_page("laptop", allow=("403", "404"))
    page.goto(made.facilitator_link)
    page.wait_for_selector(OPEN)
    wall = page.context.new_page()
    wall.goto(made.projector_page)
    wall.wait_for_selector(OPEN)
    secret = new_link(server.engine, made.id, "facilitator", shut_out=True)
    for one in (page, wall):
        expect(one.get_by_text("This link is no longer valid.")).to_be_visible()
    third = page.context.new_page()
    third.goto(f"{made.facilitator_page}#{secret}")
    for one in (third, page, wall):
        one.wait_for_selector(OPEN)


def test_a_link_outlives_a_lost_connection(new_page: Callable[..., Page], made: Made) -> None:
    page = new_page("phone", allow=("Failed to load resource",))
    answers: list[Callable[[Route], None]] = [
        lambda route: route.abort("connectionreset"),
        lambda route: route.fulfill(status=500, body="<h1>Something went wrong</h1>"),
        lambda route: route.fulfill(status=403, body="<h1>This page is out of date</h1>"),
        lambda route: route.continue_(),
    ]
    page.route("**/link", lambda route: answers.pop(0)(route))
    page.goto(made.facilitator_link)
    for left in (3, 2, 1):
        again = page.get_by_role("button", name="Try again")
        expect(again).to_be_focused()
        expect(page.get_by_text("Your link is kept.")).to_be_visible()
        expect(page.get_by_text("This link is no longer valid.")).to_be_hidden()
        assert len(answers) == left
        assert page.url == made.facilitator_link
        check_with_axe(page)
        with page.expect_navigation():
            again.click()
    page.wait_for_selector(OPEN)
    assert page.url == made.facilitator_page


def test_the_operator_makes_a_workshop_in_a_minute(server: RunningServer, new_page: Callable[..., Page]) -> None:
    page = new_page("laptop")
    page.goto(server.start_link)
    page.get_by_label("Council", exact=True).fill("Council of the Minute")
    page.get_by_label("Showing leadership").check()
    page.get_by_role("button", name="Start the workshop").click()
    expect(page.get_by_text("13 topics, about 90 minutes with 18 people.")).to_be_visible()
    expect(page.get_by_role("img", name="QR code for the check")).to_be_visible()
    page.get_by_role("button", name="Open the workshop").click()
    page.wait_for_selector(OPEN)
    assert "/facilitate/" in page.url


def test_the_keyboard_is_on_a_session_that_was_added_and_after_a_removal_on_adding_one(
    server: RunningServer, new_page: Callable[..., Page]
) -> None:
    page = new_page("laptop")
    page.goto(server.start_link)
    for number in (2, 3):
        page.get_by_role("button", name="Add a session").press("Enter")
        expect(page.get_by_role("heading", name=f"Session {number}")).to_be_focused()
    for number in (3, 2):
        page.get_by_role("button", name=f"Remove session {number}").press("Enter")
        expect(page.get_by_role("button", name="Add a session")).to_be_focused()
    expect(page.get_by_role("heading", name="Session 2")).to_have_count(0)


def test_a_link_to_a_mistake_leaves_its_words_in_view(server: RunningServer, new_page: Callable[..., Page]) -> None:
    page = new_page((390, 664))
    page.goto(server.start_link)
    page.get_by_label("Council", exact=True).fill("Council of the Mistake")
    page.get_by_label("People expected").fill("some")
    page.get_by_role("button", name="Start the workshop").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    for link in summary.get_by_role("link").all():
        page.evaluate("scrollTo(0, document.body.scrollHeight)")  # from below a field comes to the top edge
        link.dispatch_event("click")
        field = str(link.get_attribute("href"))
        expect(page.locator(f"{field}-error")).to_be_in_viewport(ratio=1)


def test_what_cameras_read_is_black_on_white_in_forced_colours(
    server: RunningServer, new_page: Callable[..., Page]
) -> None:
    page = new_page("laptop")
    page.emulate_media(forced_colors="active", color_scheme="dark")
    made = server.make()
    page.goto(server.start_link)
    expect(page.get_by_role("heading", name="Start a workshop")).to_be_visible()
    page.goto(f"{server.base}/start/{made.id}")
    code = page.get_by_role("img", name="QR code for the check")
    expect(code).to_have_css("background-color", "rgb(255, 255, 255)")
    assert (
        code.locator("path")
        .evaluate("one => getComputedStyle(one).stroke + getComputedStyle(one).fill")
        .count("rgb(0, 0, 0)")
    )


def test_a_reload_is_the_same_person_with_a_new_kernel(server: RunningServer, page: Page, made: Made) -> None:
    before = server.kernels()
    join(page, made)
    old = server.kernels() - before
    page.reload()
    page.wait_for_selector(OPEN)
    wait_until(lambda: len(server.kernels() - before) == 1)
    assert server.kernels() - before != old
    assert len(workshops.read_workshop(server.engine, made.id).sessions[made.session].participants) == 1


def test_leaving_the_page_ends_its_kernel(server: RunningServer, page: Page, made: Made) -> None:
    before = server.kernels()
    join(page, made)
    own = server.kernels() - before
    assert own
    page.goto(server.base)
    wait_until(lambda: not own & server.kernels())


def test_a_download_does_not_end_the_kernel(server: RunningServer, page: Page, made: Made) -> None:
    before = server.kernels()
    join(page, made)
    own = server.kernels() - before
    assert own
    page.evaluate("window.dispatchEvent(new Event('beforeunload'))")
    page.wait_for_timeout(500)
    assert own <= server.kernels()


def test_the_operator_opens_a_saved_workshop(
    server: RunningServer, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = new_page("laptop", allow=("409",))
    page.goto(server.start_link)
    page.get_by_text("Open a saved workshop").click()
    file, button = page.get_by_label("Workshop file"), page.get_by_role("button", name="Open it")
    button.click()
    expect(page.get_by_text("Choose the file of a saved workshop")).to_be_visible()
    (tmp_path / "other.jsonl").write_text("{}")
    file.set_input_files(tmp_path / "other.jsonl")
    button.click()
    expect(page.get_by_text("The file, line 1: this is not a saved workshop.")).to_be_visible()
    check_with_axe(page)
    file.set_input_files(EXAMPLE)
    button.click()
    page.wait_for_url("**/facilitate/example")
    expect(page.get_by_role("heading", name="Ended", exact=True)).to_be_visible()


def test_a_name_is_changed_on_one_page_and_stands_on_all_screens_without_a_reload(
    server: RunningServer, new_page: Callable[..., Page], made: Made
) -> None:
    laptop, wall, phone = new_page("laptop"), new_page("wall"), new_page("phone")
    laptop.goto(made.facilitator_link)
    wall.goto(made.projector_link)
    join(phone, made)
    laptop.get_by_role("button", name="Menu", exact=True).click()
    with laptop.context.expect_page() as opened:
        laptop.get_by_role("link", name="Pack, invitation and names").click()
    ready, other = opened.value, laptop.context.new_page()
    other.goto(ready.url)
    ready.get_by_text("Change names and numbers").click()
    ready.get_by_label("Council", exact=True).fill("Kent & Medway")
    ready.get_by_label("Title of the session").fill("Leadership, in the morning")
    ready.get_by_label("People expected", exact=True).fill("31")
    check_with_axe(ready)
    ready.get_by_role("button", name="Save names and numbers").click()
    expect(ready.get_by_role("status").filter(has_text="Names and numbers are saved")).to_be_focused()
    expect(wall.get_by_text("Kent & Medway").first).to_be_visible()
    expect(laptop.get_by_text("Kent & Medway").first).to_be_visible()
    expect(phone.get_by_text("Leadership, in the morning").first).to_be_visible()
    expect(phone).to_have_title(re.compile("Kent & Medway"))

    other.get_by_text("Change names and numbers").click()
    other.get_by_label("Council", exact=True).fill("Mine")
    other.get_by_role("button", name="Save names and numbers").click()
    expect(other.get_by_text("Somebody has changed this to “Kent & Medway”").first).to_be_visible()
    expect(other.get_by_label("Council", exact=True)).to_have_value("Mine")
    expect(other.get_by_label("Title of the session")).to_have_value("Leadership, in the morning")
    check_with_axe(other)


def test_the_operator_is_told_what_a_mail_program_did_to_a_saved_workshop(
    server: RunningServer, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = new_page("laptop", allow=("409",))
    page.goto(server.start_link)
    page.get_by_text("Open a saved workshop").click()
    (tmp_path / "other.jsonl").write_text("no workshop", encoding="utf-8")
    page.get_by_label("Workshop file").set_input_files(tmp_path / "other.jsonl")
    page.get_by_role("button", name="Open it").press("Enter")
    expect(page.locator("#saved-problem")).to_be_visible()
    expect(page.get_by_role("button", name="Open it")).to_be_focused()
    (tmp_path / "mailed.jsonl.txt").write_bytes(b"\xef\xbb\xbf" + EXAMPLE.read_bytes().replace(b"\n", b"\r\n"))
    page.get_by_label("Workshop file").set_input_files(tmp_path / "mailed.jsonl.txt")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("status").filter(has_text=f"The workshop was opened. {TRAVELLED}")).to_be_visible()
    check_with_axe(page)
    link = page.get_by_role("link", name="Go to the workshop")
    expect(link).to_be_focused()
    link.press("Enter")
    page.wait_for_url("**/facilitate/example*")


def test_phones_need_no_secure_connection(server: RunningServer, new_page: Callable[..., Page], made: Made) -> None:
    base = server.base.replace("127.0.0.1", PLAIN_HOST)
    page = new_page("phone", base=base)
    page.goto(made.join_link.replace(server.base, base))
    assert page.evaluate("isSecureContext") is False
    page.get_by_label("Councillor").check()
    page.get_by_role("button", name="Join").click()
    page.wait_for_selector(OPEN)
    page.reload()
    page.wait_for_selector(OPEN)


@pytest.mark.parametrize("size", ["phone", (320, 568), "laptop"])
def test_pages_are_accessible_and_fit(
    server: RunningServer, new_page: Callable[..., Page], size: str | tuple[int, int]
) -> None:
    named = server.make(departments=DEPARTMENTS, anonymity="named")
    page = new_page(size, allow=("404",))

    def check() -> None:
        check_with_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url

    for address in (server.base, named.join_link, f"{server.base}/nothing", named.facilitator_page):
        page.goto(address)
        check()
    page.goto(named.join_link)
    page.get_by_role("button", name="Join").click()
    check()
    page.goto(server.start_link)
    page.get_by_label("Council", exact=True).fill("")
    page.get_by_role("button", name="Start the workshop").click()
    check()
    page.get_by_label("Council", exact=True).fill("Council of the Phone")
    page.get_by_label("Showing leadership").check()
    page.get_by_role("button", name="Start the workshop").click()
    page.wait_for_selector(".digits")
    check()
