"""Two facilitators at work on one workshop: neither overwrites, moves or surprises the other."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from serving import Made, RunningServer, wait_until
from test_browser_theme import press
from test_facilitator_browser import CODE, field, main, open_page, topic, vote

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
HELPER = "Helper is writing"
IN_BETWEEN = "The other screen changed this text in between:"
FIRST, SECOND = "Procurement and commercial champions", "Reporting"


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make()


def choose(page: Page, level: str) -> None:
    page.get_by_role("radio", name=level).check(force=True)


def test_two_facilitators_work_on_the_same_topic(new_page: NewPage, server: RunningServer, made: Made) -> None:
    here, there = open_page(new_page, made), open_page(new_page, made)
    main(here).click()
    expect(main(there)).to_have_text("Show the votes")
    vote(server, made, 2, 2, 3)

    field(there).press_sequentially("Theirs")
    expect(here.get_by_text(HELPER)).to_be_visible()
    expect(there.get_by_text(HELPER)).to_be_hidden()
    expect(field(here)).to_have_value("Theirs")
    field(there).blur()
    expect(here.get_by_text(HELPER)).to_be_hidden()  # a few seconds after the last word

    field(here).press_sequentially(", and mine")
    expect(there.get_by_text(HELPER)).to_be_visible()
    expect(field(there)).to_have_value("Theirs, and mine")
    expect(here.locator(".nps-state", has_text="Saved").locator("visible=true")).to_have_count(1)
    here.clock.install()
    here.clock.pause_at(datetime.now(UTC) + timedelta(seconds=30))  # no pause in typing ends: nothing is saved
    field(here).press("!")
    field(there).press("?")
    expect(field(there)).to_have_value("Theirs, and mine?")
    field(there).blur()
    expect(here.get_by_text("Yours was: “Theirs, and mine”")).to_be_visible()
    field(here).blur()
    expect(here.get_by_text(IN_BETWEEN)).to_be_visible()
    here.clock.resume()
    expect(there.get_by_text(IN_BETWEEN)).to_be_hidden()
    press(here, "Keep theirs")
    expect(field(here)).to_have_value("Theirs, and mine?")

    main(here).click()
    expect(main(there)).to_have_text("Save and start next")
    choose(here, "3 Mature")
    choose(there, "2 Developing")
    press(here, "Save only")
    expect(here.get_by_text("Score saved").first).to_be_visible()
    wait_until(lambda: (score := topic(server, made).score) and score.value == 3)
    press(there, "Save only")
    asked = re.compile(r"The other screen saved a score of 3 at \d\d:\d\d. Keep 3 or save 2\?")
    expect(there.get_by_text(asked)).to_be_visible()
    press(there, "Keep 3")
    for page in (here, there):
        expect(page.get_by_role("radio", name="3 Mature")).to_be_checked()
        expect(main(page)).to_have_text(
            re.compile("^Start next")
        )  # before, "Save only" would be that of the choice that is gone
    choose(there, "4 Leader")
    press(there, "Save only")
    expect(here.get_by_role("radio", name="4 Leader")).to_be_checked()
    saved = topic(server, made).score
    assert saved
    assert saved.value == 4


def test_one_looks_ahead_while_the_other_leads(new_page: NewPage, made: Made, server: RunningServer) -> None:
    lead, helper = open_page(new_page, made), open_page(new_page, made)
    press(helper, SECOND)
    main(lead).click()
    expect(helper.get_by_text(f"The room is on {FIRST}.").first).to_be_visible()
    expect(helper.get_by_role("heading", level=1)).to_have_text(SECOND)
    expect(lead.get_by_role("heading", level=1)).to_have_text(FIRST)
    press(helper, "Score without a vote")
    field(helper).press_sequentially("Seen in the minutes")
    wait_until(lambda: topic(server, made, "reporting").note("comment"))
    expect(lead.get_by_text(HELPER)).to_be_hidden()
    expect(field(lead)).to_have_value("")
    helper.get_by_role("button", name="Go there").first.click()
    expect(helper.get_by_role("heading", level=1)).to_have_text(FIRST)
    expect(main(helper)).to_have_text("Show the votes")
    assert topic(server, made, CODE).running
