"""The big screen in a window of its own: the facilitator sees whether it is there."""

from collections.abc import Callable

import pytest
from accessible import check_with_axe
from playwright.sync_api import Page, expect
from serving import Client, Made, RunningServer
from test_facilitator_browser import main, open_page, vote

NewPage = Callable[..., Page]
CONNECTED, OPEN_IT = "Screen: connected", "Screen: not connected. Open it"


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make()


def open_facilitator(new_page: NewPage, made: Made) -> Page:
    page = new_page("laptop")
    page.goto(made.facilitator_link)
    page.wait_for_selector("body.open .nps")
    return page


def test_only_the_facilitator_hears_of_the_big_screen(server: RunningServer, client: Client, made: Made) -> None:
    assert client.get(f"/facilitate/{made.id}/screen/{made.session}").status_code == 403
    client.join(made)
    assert client.get(f"/facilitate/{made.id}/screen/{made.session}").status_code == 403
    other = server.make()
    client.use_link(other.facilitator_link)
    assert client.get(f"/facilitate/{made.id}/screen/{made.session}").status_code == 403
    assert client.get(f"/facilitate/{other.id}/screen/{other.session}").json() == {"connected": False}


@pytest.mark.browser
def test_the_facilitator_sees_whether_the_big_screen_is_there(new_page: NewPage, made: Made) -> None:
    page = open_facilitator(new_page, made)
    state = page.locator(".nps-facilitator-bar .nps-screen-state")
    expect(state).to_have_text(OPEN_IT, use_inner_text=True)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open it").click()
    wall = opened.value
    assert wall.url == f"{made.projector_page}/{made.session}"
    expect(page.get_by_text("Press the Windows key and P, choose Extend")).to_be_visible()
    wall.wait_for_selector("body.open .nps")
    page.get_by_role("button", name="Close").click()
    expect(state).to_have_text(CONNECTED, use_inner_text=True)
    check_with_axe(page)
    wall.close()
    expect(state).to_have_text(OPEN_IT, use_inner_text=True)


@pytest.mark.browser
def test_a_big_screen_on_another_computer_counts(new_page: NewPage, made: Made) -> None:
    page, wall = open_facilitator(new_page, made), new_page("wall")
    wall.goto(made.projector_link)
    wall.wait_for_selector("body.open .nps")
    expect(page.locator(".nps-facilitator-bar .nps-screen-state")).to_have_text(CONNECTED, use_inner_text=True)


@pytest.mark.browser
def test_the_ready_page_opens_the_big_screen_in_a_window_of_its_own(
    server: RunningServer, new_page: NewPage, made: Made
) -> None:
    page = new_page("laptop")
    page.goto(server.start_link)
    expect(page.get_by_role("heading", name="Start a workshop")).to_be_visible()
    page.goto(f"{server.base}/start/{made.id}")
    page.get_by_role("button", name="Open the workshop").click()
    page.wait_for_selector("body.open .nps")
    page.goto(f"{server.base}/start/{made.id}")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open the big screen").click()
    opened.value.wait_for_selector("body.open .nps")
    expect(page.get_by_text("drag the window over and press F11")).to_be_visible()


@pytest.mark.browser
def test_one_screen_shows_the_big_screen_and_the_main_button(new_page: NewPage, made: Made) -> None:
    page = open_facilitator(new_page, made)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Use one screen").click()
    wall = page.frame_locator("iframe[title='Big screen']")
    expect(wall.get_by_text("and enter")).to_be_visible()
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()
    expect(page.get_by_role("button", name="Not applicable")).to_be_hidden()
    page.get_by_role("button", name="Start voting").click()
    expect(wall.get_by_text("Vote now")).to_be_visible()
    expect(page.get_by_role("button", name="Show the votes")).to_be_visible()
    page.reload()
    expect(wall.get_by_text("Vote now")).to_be_visible()
    check_with_axe(page)
    page.get_by_role("button", name="Go to my page").click()
    expect(page.get_by_role("button", name="Menu")).to_be_visible()
    expect(page.locator("iframe[title='Big screen']")).to_have_count(0)


@pytest.mark.browser
def test_a_window_that_was_the_one_screen_sways_nobody(new_page: NewPage, server: RunningServer, made: Made) -> None:
    page = open_page(new_page, made)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Use one screen").click()
    main(page).click()
    vote(server, made, 1, 2, 2, 4, 5)
    expect(main(page)).to_have_text("Show the votes")
    main(page).click()
    expect(main(page)).to_have_text("Vote again")
    for words in ("Wide spread", "Suggested level (weakest part): 2", "Ask:"):
        expect(page.get_by_text(words).locator("visible=true")).to_have_count(0)
    page.get_by_role("button", name="Go to my page").click()
    page.get_by_role("radio", name="4 Leader").check(force=True)
    expect(page.get_by_text("Why so high?")).to_be_visible()
    for words in ("Wide spread", "Suggested level (weakest part): 2", "Ask:"):
        expect(page.get_by_text(words).locator("visible=true")).to_have_count(0)
    page.get_by_text("What the votes say").click()
    expect(page.get_by_text("Wide spread").locator("visible=true")).to_have_count(1)
