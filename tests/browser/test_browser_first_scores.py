"""A theme scored by each person alone, taken together in two clicks, and talked about: laptop, phone and wall."""

import secrets
from collections.abc import Callable

import pytest
from accessible import check_with_axe
from playwright.sync_api import Page, expect
from serving import Made, RunningServer
from test_browser_theme import facilitate, join, press, project

from npswidgets.domain.ballots import Ballot
from npswidgets.store import people
from npswidgets.store.opening import store_of
from npswidgets.store.participant_store import ParticipantStore

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
WIDE = (1, 5, 1, 5, 1, 5)
CLOSE = (2, 2, 3, 3, 3, 3)


def colleagues(server: RunningServer, made: Made, number: int = 6) -> list[ParticipantStore]:
    """People who have joined on other phones."""
    return [store_of(server.engine, people.join(server.engine, made.id, made.session)) for _ in range(number)]


def score_alone(others: list[ParticipantStore], made: Made) -> None:
    """They give their first scores: on three topics they differ, on ten they are close."""
    for store in others:
        store.refresh()
    for at, code in enumerate(others[0].workshop.sessions[made.session].codes):
        for store, level in zip(others, WIDE if at in (1, 4, 8) else CLOSE, strict=True):
            voter = store.actor.participant or ""
            store.cast(Ballot(secrets.token_hex(8), made.session, code, 0, voter, level))


def test_ten_topics_are_taken_together_in_two_clicks(new_page: NewPage, server: RunningServer) -> None:
    made = server.make(
        sessions=(("Showing leadership", ("showing-leadership",)),), departments=("Finance and legal", "Councillor")
    )
    laptop, wall, phone = facilitate(new_page, made), project(new_page, made), join(new_page, made)
    others = colleagues(server, made)
    press(laptop, "Start first scores")
    expect(laptop.get_by_text("0 of 7 have finished").first).to_be_visible()
    score_alone(others, made)
    expect(wall.get_by_text("6 of 7 have finished")).to_be_visible()
    check_with_axe(phone)

    for at in range(13):
        expect(phone.get_by_text(f"Topic {at + 1} · ").first).to_be_visible()
        level = phone.get_by_role("radio", name="3 Mature")
        expect(level).not_to_be_checked()  # else it is still the one of the topic before
        level.check(force=True)
        expect(phone.get_by_text(f"{at + 1} of 13 scored")).to_be_visible()
        phone.get_by_role("button", name="Next topic" if at < 12 else "Finish").click()
    expect(phone.get_by_role("heading", name="All 13 scored. Thank you.")).to_be_in_viewport()
    check_with_axe(phone)
    phone.get_by_role("button", name="Reporting 3 Mature").click()
    expect(phone.get_by_role("heading", name="Reporting")).to_be_visible()
    phone.get_by_role("radio", name="5 Innovator").check(force=True)
    expect(phone.get_by_text("✓ Saved: 5 Innovator")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("button", name="Reporting 5 Innovator")).to_be_visible()

    press(laptop, "Show the first scores")
    expect(laptop.get_by_role("heading", name="Close together (10)")).to_be_visible()
    for screen in (wall, phone):
        expect(screen.get_by_text("We talk about 3 topics; 10 are close together.").first).to_be_visible()
    laptop.reload()
    expect(laptop.get_by_role("heading", name="Close together (10)")).to_be_visible()
    press(laptop, "Agree without talking")
    expect(wall.get_by_text("Agree these without talking?")).to_be_visible()
    phone.get_by_label("I want to talk about this one").first.check()
    press(laptop, "Agree these 9")
    expect(laptop.get_by_text("9 of 13 done").first).to_be_visible()
    check_with_axe(laptop)
    press(laptop, "Start next")
    expect(wall.get_by_role("heading", name="Reporting")).to_be_visible()
    expect(phone.get_by_role("heading", name="The votes are shown")).to_be_visible()
    press(laptop, "Vote again")
    phone.get_by_role("button", name="Keep 5").click()
    expect(phone.get_by_text("✓ Saved: 5 Innovator")).to_be_visible()
    expect(laptop.get_by_text("1 of 7 votes in").first).to_be_visible()
