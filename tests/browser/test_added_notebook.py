"""Somebody has added to the notebooks of the screens: each page but a participant's shows that, with all of Voila."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from serving import RunningServer

pytestmark = pytest.mark.browser

VOILA = ("Content Security Policy", "Failed to load", "Unsatisfied")


def test_a_facilitators_page_shows_what_was_added_and_a_participants_never(
    new_page: Callable[..., Page], added: RunningServer
) -> None:
    made = added.make()
    facilitator, phone = new_page("laptop", base=added.base, allow=VOILA), new_page("phone", base=added.base)
    facilitator.goto(made.facilitator_link)
    slider = facilitator.get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    expect(facilitator.get_by_text("Moved to 1")).to_be_visible()
    facilitator.get_by_role("button", name="Skip the practice").click()
    expect(facilitator.locator(".nps-main")).to_have_text("Start voting")
    expect(facilitator.locator("body > header")).to_have_text("Example County Council")
    expect(facilitator.locator("body > footer a")).to_have_text(["Help", "Accessibility", "Privacy"])
    assert not facilitator.locator("body > :is(header, footer)").locator("visible=true").count(), "they are in the bar"

    phone.goto(made.join_link)
    phone.get_by_role("button", name="Join").click()
    expect(phone.get_by_role("heading", name="You have joined")).to_be_visible()
    assert phone.locator("#screen > .nps-page").count() == 1
    policies = {
        page: page.request.get(page.url, max_redirects=0).headers["content-security-policy"]
        for page in (facilitator, phone)
    }
    assert "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:" in policies[facilitator]
    assert "script-src 'self';" in policies[phone]


def test_the_server_says_what_was_added_when_it_starts(added: RunningServer) -> None:
    assert "notebooks/facilitator.ipynb is not as it was shipped: that page runs it" in added.log
    assert "notebooks/projector.ipynb is not as it was shipped: that page runs it" in added.log
    assert "notebooks/participant.ipynb is not as it was shipped. Participants do not get" in added.log
