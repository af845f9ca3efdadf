"""Several sessions at the laptop, in a real browser: the agenda, all sessions side by side, one screen for all."""

from collections.abc import Callable

import pytest
from accessible import check_with_axe
from playwright.sync_api import Page, expect
from serving import Made, RunningServer
from test_browser_theme import button, facilitate, press

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import ScoreRecorded, SessionClosed
from npswidgets.store.facilitator_store import FacilitatorStore

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
AREAS = (
    ("Councillors", ("engaging-councillors",)),
    ("Senior managers", ("engaging-senior-managers",)),
    ("Talent", ("developing-talent",)),
)


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make(sessions=AREAS)


def choose(page: Page, name: str) -> None:
    """Something of the menu."""
    if not page.get_by_text(name, exact=True).is_visible():
        button(page, "Menu").click()
    page.get_by_text(name, exact=True).click()


def names(page: Page) -> list[str]:
    return page.locator(".nps-agenda-list ol b").all_inner_texts()


def test_the_agenda_is_changed_with_the_keyboard_alone(new_page: NewPage, made: Made) -> None:
    page = facilitate(new_page, made)
    choose(page, "Change the agenda")
    said = page.locator(".nps-said")
    button(page, "Reporting: earlier").focus()
    page.keyboard.press("Enter")
    expect(said).to_have_text("Reporting: place 1 of 3")
    expect(button(page, "Reporting: later")).to_be_focused()
    page.keyboard.press("Enter")
    expect(said).to_have_text("Reporting: place 2 of 3")
    button(page, "Leave out Reporting").focus()
    page.keyboard.press("Enter")
    expect(said).to_have_text("Reporting is left out")
    assert page.evaluate("document.activeElement.closest('li') !== null"), "whoever goes on finds the next row"
    check_with_axe(page)
    button(page, "Put back Reporting").focus()
    page.keyboard.press("Enter")
    expect(said).to_have_text("Reporting: place 3 of 3")
    button(page, "Move to another session: Reporting").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(button(page, "Senior managers: move Reporting there")).to_be_focused()
    check_with_axe(page)
    page.keyboard.press("Enter")
    expect(said).to_have_text("Reporting is in Senior managers now")
    assert names(page) == ["Procurement and commercial champions", "Councillor development"]
    button(page, "Move it back: Reporting").focus()
    page.keyboard.press("Enter")
    expect(button(page, "Move it back: Reporting")).to_be_hidden()
    expect(said).to_have_text("Reporting: place 3 of 3")
    expect(page.locator(".nps-agenda-list ol b")).to_have_count(3)
    for size in ((390, 664), (1280, 600)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_all_sessions_stand_side_by_side_and_the_one_screen_goes_along(
    new_page: NewPage, server: RunningServer, made: Made
) -> None:
    here, there, later = made.created.codes
    page = facilitate(new_page, made)
    with page.expect_popup() as popup:
        choose(page, "Open all sessions side by side")
    plenary = popup.value
    store = FacilitatorStore(server.engine, Actor(made.id, "facilitator"))
    for session, score in ((here, 2), (there, 4)):
        for code in store.workshop.sessions[session].codes[:3]:
            store.record(ScoreRecorded(session, code, score))
    expect(plenary.get_by_text("Councillors: 3 of 3 done")).to_be_visible()
    expect(plenary.get_by_text("Senior managers: 3 of 4 done")).to_be_visible()
    expect(plenary.get_by_text("4 Leader")).to_have_count(3)
    check_with_axe(plenary)

    store.record(SessionClosed(here))
    choose(page, "Use one screen")
    cover = page.locator("iframe.nps-cover")
    expect(cover).to_have_attribute("src", f"/project/{made.id}/{here}")
    expect(page.frame_locator("iframe.nps-cover").get_by_text("Thank you. 3 topics scored.")).to_be_visible()
    expect(page.locator(".nps-now-panel h2")).to_have_text("Ended")  # while it is open a button is called the same
    press(page, "Read back the scores")
    press(page, "Go to next session")
    expect(cover).to_have_attribute("src", f"/project/{made.id}/{later}")
    expect(page).to_have_url(f"{server.base}/facilitate/{made.id}/session/{later}")
    expect(page.frame_locator("iframe.nps-cover").get_by_text("Talent").locator("visible=true").first).to_be_visible()
