"""One session as it goes: a helper, somebody on paper, one who leaves, reasons, a break, a wrong score, and its end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from serving import Made, RunningServer, wait_until
from test_browser_theme import button, choose_score, facilitate, press, project, vote

from npswidgets.store.workshops import read_workshop

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
FIRST, SECOND = "Procurement and commercial champions", "Reporting"


def join(new_page: NewPage, made: Made) -> Page:
    page = new_page("phone")
    page.goto(made.join_link)
    button(page, "Join").click()
    page.wait_for_url("**/vote/**")
    return page


def help_out(new_page: NewPage, laptop: Page) -> Page:
    """A helper comes by a link from the facilitator's menu."""
    button(laptop, "Menu").click()
    button(laptop, "Helpers").click()
    button(laptop, "New link for a helper").click()
    link = laptop.locator(".nps-helpers-window .nps-address").inner_text()
    page = new_page("phone", allow=("403", "404"))
    page.goto(link)
    expect(page.get_by_text("Helper ·")).to_be_visible()
    button(laptop, "Close this window").click()
    return page


def enter_hands(helper: Page, line: str, said: str) -> None:
    """The helper enters a show of hands of those on paper."""
    button(helper, "Enter paper votes").click()
    expect(
        helper.get_by_label("Vote 1", exact=True)
    ).to_be_focused()  # where one who types goes on; until then words may go there
    helper.get_by_label("Or a show of hands, in one line").fill(line)
    button(helper, "Enter all").click()
    expect(helper.get_by_text(said).first).to_be_visible()
    button(helper, "Done").click()


def give_reason(phone: Page, reason: str) -> None:
    phone.get_by_text("Add a reason (optional)").click()
    phone.get_by_label("Your reason (optional)").fill(reason)


def score_of(server: RunningServer, made: Made) -> int | None:
    """What is agreed on the first topic."""
    first, *_ = read_workshop(server.engine, made.id).topics_of(made.session)
    return first.score.value if first.score else None


def test_a_session_with_all_that_happens_in_a_room(new_page: NewPage, server: RunningServer) -> None:
    made = server.make()
    laptop, wall = facilitate(new_page, made), project(new_page, made)
    stays, leaves = join(new_page, made), join(new_page, made)
    helper = help_out(new_page, laptop)
    button(helper, "One more on paper").click()
    expect(laptop.get_by_text("2 on phones, 1 on paper")).to_be_visible()

    press(laptop, "Start voting")
    expect(helper.get_by_text("Voting", exact=True)).to_be_visible()
    vote(stays, "2 Developing")
    give_reason(stays, "Nobody has heard of them.")
    button(stays, "Save reason").click()
    expect(stays.get_by_text("Your reason is saved.").first).to_be_visible()
    vote(leaves, "4 Leader")
    give_reason(leaves, "We have two of them.")
    expect(leaves.get_by_text("Your reason is not saved.").first).to_be_visible()
    enter_hands(helper, "2: 1", "1 of 1 entered")
    expect(wall.get_by_text("All votes are in").first).to_be_visible()
    press(laptop, "Show the votes")
    expect(wall.get_by_text("3 votes").first).to_be_visible()
    expect(leaves.get_by_text("Your reason was not saved; the votes are shown.")).to_be_visible()
    expect(leaves.get_by_text("We have two of them.").first).to_be_visible()
    laptop.get_by_text("1 reason", exact=True).click()
    button(laptop, "Show on the screen").click()
    expect(wall.get_by_text("“Nobody has heard of them.”")).to_be_visible()
    helper.get_by_label("Comment", exact=True).fill("Two champions, known to few.")
    expect(laptop.get_by_role("textbox", name="Comment")).to_have_value("Two champions, known to few.")
    choose_score(laptop, 4)  # the room has said 2
    press(laptop, "Save and start next")

    expect(wall.get_by_role("heading", name=SECOND)).to_be_visible()
    leaves.get_by_text("Leave early").click()
    button(leaves, "I am leaving").click()
    expect(leaves.get_by_role("heading", name="You have left")).to_be_visible()
    vote(stays, "3 Mature")
    expect(laptop.get_by_text("1 of 2 votes in").first).to_be_visible()
    helper.get_by_label("Topic", exact=True).select_option(SECOND)
    enter_hands(helper, "3: 1", "1 of 1 entered")
    press(laptop, "Show the votes")
    expect(wall.get_by_text("2 votes").first).to_be_visible()
    choose_score(laptop, 3)
    press(laptop, "Save only")

    button(laptop, "Break").click()
    laptop.get_by_label("Back at").fill("11:15")
    button(laptop, "Start the break").click()
    for screen in (stays, wall):
        expect(screen.get_by_role("heading", name="Break. Back at 11:15.")).to_be_visible()
    expect(helper.get_by_text("Break. Back at 11:15.").first).to_be_visible()
    press(laptop, "End break")

    laptop.get_by_role("navigation", name="Topics").get_by_role("button", name=FIRST).click()
    expect(laptop.get_by_role("heading", name=FIRST)).to_be_visible()
    expect(laptop.get_by_role("radio", name="4 Leader")).to_be_checked()  # the form has turned to it, too
    choose_score(laptop, 2)
    press(laptop, "Save only")
    wait_until(lambda: score_of(server, made) == 2)
    button(laptop, "Menu").click()
    laptop.get_by_text("End the workshop").first.click()
    press(laptop, "Show on the screen")
    for screen in (wall, stays):
        expect(screen.get_by_role("heading", name="Is this what we agreed?")).to_be_visible()
        expect(screen.get_by_text("2 Developing").first).to_be_visible()
    press(laptop, "End the workshop")
    expect(helper.get_by_text("This link is no longer valid").first).to_be_visible()
    expect(stays.get_by_text("Thank you. The workshop has ended.").first).to_be_visible()
    expect(wall.get_by_role("heading", name="Thank you. 2 topics scored.")).to_be_visible()

    workshop = read_workshop(server.engine, made.id)
    first, second, _ = workshop.topics_of(made.session)
    assert [one.counts for one in (*first.shown, *second.shown)] == [(0, 2, 0, 1, 0), (0, 0, 2, 0, 0)]
    assert [one.absent for one in (*first.shown, *second.shown)] == [0, 0]
    assert [one.score and one.score.value for one in (first, second)] == [2, 3]
    assert first.note("comment") == "Two champions, known to few."
