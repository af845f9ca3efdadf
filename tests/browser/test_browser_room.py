"""What happens in the first hour, in a real browser: paper votes, a break, reasons."""

from collections.abc import Callable

import pytest
from accessible import check_with_axe
from playwright.sync_api import Page, expect
from serving import Made, RunningServer
from test_browser_theme import button, facilitate, join, press, project, vote

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import PresenceChanged, VotingOpened
from npswidgets.domain.join_code import grouped
from npswidgets.store.opening import store_of
from npswidgets.store.workshops import read_workshop

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
CODE = "procurement-and-commercial-champions"


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make(departments=("Adult social care", "Finance and legal", "Councillor"))


def test_three_people_vote_on_paper(new_page: NewPage, server: RunningServer, made: Made) -> None:
    facilitator, wall, phone = facilitate(new_page, made), project(new_page, made), join(new_page, made)
    expect(facilitator.get_by_text("1 in the room")).to_be_visible()
    for number in (2, 3, 4):
        button(facilitator, "One more on paper").click()
        expect(facilitator.get_by_text(f"{number} in the room")).to_be_visible()
    expect(facilitator.get_by_text("1 on phone, 3 on paper")).to_be_visible()
    press(facilitator, "Start voting")
    vote(phone, "3 Mature")
    expect(facilitator.get_by_text("Paper 0 of 3")).to_be_visible()
    button(facilitator, "Enter paper votes").click()
    expect(facilitator.get_by_label("Vote 1")).to_be_focused()
    facilitator.keyboard.type("17")  # 7 stands for nothing
    expect(facilitator.get_by_label("Vote 2")).to_be_focused()
    facilitator.keyboard.type("40")
    expect(facilitator.get_by_text("3 of 3 entered").first).to_be_visible()
    assert [facilitator.get_by_label(f"Vote {number}").input_value() for number in (1, 2, 3)] == ["●"] * 3
    check_with_axe(facilitator)
    expect(button(facilitator, "Done")).to_be_focused()
    facilitator.keyboard.press("Enter")
    expect(facilitator.get_by_label("Vote 1")).to_be_hidden()
    expect(facilitator.get_by_text("All 4 votes are in").first).to_be_visible()
    expect(wall.get_by_text("All votes are in").first).to_be_visible()
    press(facilitator, "Show the votes")
    expect(phone.get_by_text("3 votes").first).to_be_visible()
    expect(wall.get_by_text("1 doesn't know").first).to_be_visible()
    shown = read_workshop(server.engine, made.id).topics[CODE].shown[0]
    assert (shown.counts, shown.absent) == ((1, 0, 1, 1, 0), 0)


def test_the_room_stops_rests_and_comes_back(new_page: NewPage, server: RunningServer, made: Made) -> None:
    facilitator, wall, phone = facilitate(new_page, made), project(new_page, made), join(new_page, made)
    press(facilitator, "Start voting")
    vote(phone, "3 Mature")
    expect(button(facilitator, "Break")).to_be_hidden()
    press(facilitator, "Stop voting")
    expect(phone.get_by_text("Voting has stopped for now. Your vote is kept.").first).to_be_visible()
    expect(wall.get_by_text("Voting has stopped for now").first).to_be_visible()
    button(facilitator, "Break").click()
    facilitator.get_by_label("Back at").fill("11:15")
    check_with_axe(facilitator)
    button(facilitator, "Start the break").click()
    for screen in (phone, wall):
        expect(screen.get_by_role("heading", name="Break. Back at 11:15.")).to_be_visible()
    expect(wall.get_by_text(grouped(made.code)).first).to_be_visible()
    check_with_axe(facilitator, wall, phone)
    press(facilitator, "End break")
    press(facilitator, "Start from zero")
    expect(phone.get_by_text("Not voted yet.")).to_be_visible()
    expect(phone.locator("input:checked")).to_have_count(0)
    expect(facilitator.get_by_text("0 of 1 votes in").first).to_be_visible()
    vote(phone, "2 Developing")
    press(facilitator, "Show the votes")
    expect(phone.get_by_role("heading", name="The votes are shown")).to_be_visible()
    assert read_workshop(server.engine, made.id).topics[CODE].shown[0].counts == (0, 1, 0, 0, 0)


def test_a_reason_is_read_by_the_facilitator_alone_until_it_is_put_on_the_wall(
    new_page: NewPage, server: RunningServer, made: Made
) -> None:
    facilitator, wall, phone = facilitate(new_page, made), project(new_page, made), join(new_page, made)
    press(facilitator, "Start voting")
    expect(phone.get_by_role("heading", name="Procurement and commercial champions")).to_be_visible()
    expect(phone.get_by_text("Add a reason (optional)")).to_be_hidden()
    vote(phone, "2 Developing")
    phone.get_by_text("Add a reason (optional)").click()
    phone.get_by_label("Your reason (optional)").fill("Nobody has heard of them.")
    phone.reload()
    expect(phone.get_by_label("Your reason (optional)")).to_have_value("Nobody has heard of them.")
    check_with_axe(phone)
    button(phone, "Save reason").click()
    expect(phone.get_by_text("Your reason is saved.").first).to_be_visible()
    vote(phone, "1 Minimum")
    button(phone, "Save reason").click()  # it was given for another answer
    expect(phone.get_by_text("Your reason is saved.").first).to_be_visible()
    press(facilitator, "Show the votes")
    facilitator.get_by_text("1 reason", exact=True).click()
    expect(facilitator.get_by_text("1: Nobody has heard of them.")).to_be_visible()
    check_with_axe(facilitator)
    expect(wall.get_by_text("1 vote").first).to_be_visible()
    expect(wall.get_by_text("Nobody has heard of them.")).to_be_hidden()
    button(facilitator, "Show on the screen").click()
    expect(wall.get_by_text("“Nobody has heard of them.”")).to_be_visible()
    check_with_axe(wall)
    button(facilitator, "Hide from the screen").click()
    expect(wall.get_by_text("“Nobody has heard of them.”")).to_be_hidden()


def test_a_sheet_is_thirteen_keys_and_enter(new_page: NewPage, server: RunningServer) -> None:
    made = server.make(sessions=(("Showing leadership", ("showing-leadership",)),))
    store = store_of(server.engine, Actor(made.id, "facilitator"))
    codes = store.workshop.sessions[made.session].codes
    store.record(PresenceChanged(made.session, on_paper=2), *(VotingOpened(made.session, code, 0) for code in codes))
    page = new_page("laptop")
    page.goto(made.facilitator_link)
    button(page, "Menu").click()
    button(page, "Enter a sheet").first.click()
    expect(page.get_by_role("heading", name="Sheet 1 of 2")).to_be_visible()
    fields = page.locator(".nps-sheet-entry li input")
    expect(fields).to_have_count(13)
    expect(fields.first).to_be_focused()
    page.keyboard.type("37")  # 7 stands for nothing
    page.keyboard.press("Backspace")
    expect(fields.first).to_be_focused()
    page.keyboard.type("2 3409512345")
    assert fields.evaluate_all("(all) => all.map((field) => field.value).join('')") == "●" * 11
    check_with_axe(page)
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sheet 2 of 2")).to_be_visible()
    expect(page.get_by_text("Sheet 1 is saved: 12 of 13 topics.").first).to_be_visible()
    expect(fields.first).to_be_focused()
    assert fields.evaluate_all("(all) => all.map((field) => field.value).join('')") == ""
    page.keyboard.type("4")
    page.keyboard.press("PageUp")
    expect(page.get_by_role("heading", name="Sheet 1 of 2")).to_be_visible()
    expect(page.get_by_text("Sheet 2 is saved: 1 of 13 topics.").first).to_be_visible()
    expect(fields.first).to_be_focused()
    page.keyboard.press("PageDown")
    expect(page.get_by_role("heading", name="Sheet 2 of 2")).to_be_visible()
    button(page, "Empty this sheet").press("Enter")
    expect(page.get_by_text("Sheet 2 is empty now.").first).to_be_visible()
    expect(fields.first).to_be_focused()
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")
    shown = store.show_first_scores(made.session).topics
    answers = [vote.answer for code in codes for one in shown[code].shown for vote in one.votes]
    assert answers == [2, 3, 4, "dont_know", "not_my_role", 5, 1, 2, 3, 4, 5, 1]
