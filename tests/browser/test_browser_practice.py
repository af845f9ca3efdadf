"""The practice in real browsers: from how we score to the first topic, on the laptop, the wall and a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from serving import Made, RunningServer
from test_browser_theme import DEPARTMENTS, button, facilitate, join, press, project, vote

from npswidgets.domain.practice import NAME
from npswidgets.store.archive import archive_text

pytestmark = pytest.mark.browser


def test_the_room_practises_before_the_first_topic(new_page: Callable[..., Page], server: RunningServer) -> None:
    made: Made = server.make(departments=DEPARTMENTS)
    facilitator, wall, phone = facilitate(new_page, made), project(new_page, made), join(new_page, made)
    button(facilitator, NAME).click()
    press(facilitator, "Explain scoring")
    steps = wall.get_by_role("listitem").filter(visible=True)
    expect(steps).to_have_count(3)
    assert steps.first.evaluate("step => getComputedStyle(step).fontSize") == "64px"
    press(facilitator, "Start voting")
    expect(phone.get_by_text("There is a kettle somewhere in the building.")).to_be_visible()
    vote(phone, "3 Mature")
    late = join(new_page, made)
    expect(late.get_by_text("The practice is open: you can vote now.")).to_be_visible()
    vote(late, "2 Developing")
    expect(facilitator.get_by_text("Both votes are in").first).to_be_visible()
    expect(wall.get_by_text("All votes are in").first).to_be_visible()
    press(facilitator, "Show the votes")
    for screen in (phone, late, wall):
        expect(screen.get_by_text("2 votes").first).to_be_visible()
    press(facilitator, "Start the first topic")
    for screen in (facilitator, phone, late, wall):
        expect(screen.get_by_role("heading", name="Procurement and commercial champions")).to_be_visible()
    assert "practice:" not in archive_text(server.engine, made.id)
