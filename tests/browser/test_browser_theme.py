"""A theme played in a real browser: a facilitator, the big screen and phones, from joining to the report."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from accessible import check_with_axe
from click.testing import CliRunner
from playwright.sync_api import Locator, Page, expect
from serving import Made, RunningServer
from test_browser_healing import end_kernel, mark, renewed

from npswidgets.cli import main
from npswidgets.domain.join_code import grouped
from npswidgets.store.workshops import read_workshop

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
DEPARTMENTS = ("Adult social care", "Finance and legal", "Councillor")


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make(departments=DEPARTMENTS)


def facilitate(new_page: NewPage, made: Made, size: str = "laptop") -> Page:
    page = new_page(size)
    page.goto(made.facilitator_link)
    expect(page.locator(".nps-now-panel .nps-body:not([data-deaf]) .nps-main")).to_be_visible()
    if button(page, "Skip the practice").count():  # another page has not skipped it
        press(page, "Skip the practice")
    expect(button(page, "Skip the practice")).to_have_count(0)  # "Start voting" is there both times
    assert "#" not in page.url, "no secret stays in the address bar"
    return page


def project(new_page: NewPage, made: Made) -> Page:
    page = new_page("wall")
    page.goto(made.projector_link)
    expect(page.get_by_text("and enter")).to_be_visible()
    return page


def join(new_page: NewPage, made: Made, department: str = "Councillor") -> Page:
    page = new_page("phone")
    page.goto(made.join_link)
    page.get_by_role("radio", name=department).check()
    button(page, "Join").click()
    page.wait_for_url("**/vote/**")
    return page


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def vote(page: Page, answer: str) -> None:
    """Touches an answer and waits until it is stored."""
    page.locator("label", has_text=re.compile(f"^{answer}")).first.click()
    expect(page.get_by_text(re.compile(f"Saved: {answer}")).first).to_be_visible()


def press(page: Page, name: str) -> None:
    """Presses a button of the facilitator, once the panel listens again after a change."""
    button(page, name).and_(page.locator(":not([data-deaf] *)")).locator("visible=true").click()


def choose_score(page: Page, score: int) -> None:
    page.locator("label", has_text=re.compile(f"^{score}")).last.click()


def test_a_theme_from_joining_to_the_report(
    new_page: NewPage, server: RunningServer, made: Made, tmp_path: Path
) -> None:
    facilitator = facilitate(new_page, made)
    wall = project(new_page, made)
    expect(wall.get_by_text(grouped(made.code)).first).to_be_visible()
    phones = [join(new_page, made, department) for department in DEPARTMENTS]
    for phone in phones:
        expect(phone.get_by_role("heading", name="You have joined")).to_be_visible()
    expect(wall.get_by_text("3 have joined").first).to_be_visible()

    press(facilitator, "Start voting")
    for phone, answer in zip(phones, ("1 Minimum", "4 Leader", "I don't know"), strict=True):
        expect(phone.get_by_role("heading", name="Procurement and commercial champions")).to_be_visible()
        vote(phone, answer)
    expect(facilitator.get_by_text("All 3 votes are in").first).to_be_visible()
    expect(wall.get_by_text("All votes are in").first).to_be_visible()
    press(facilitator, "Show the votes")
    for screen in (*phones, wall):
        expect(screen.get_by_text("2 votes").first).to_be_visible()
        expect(screen.get_by_text("1 doesn't know").first).to_be_visible()

    press(facilitator, "Vote again")
    expect(phones[0].get_by_text("Your vote in the room was 1 Minimum.").first).to_be_visible()
    button(phones[0], "Keep 1").click()
    expect(phones[0].get_by_text(re.compile("Saved: 1 Minimum")).first).to_be_visible()
    vote(phones[1], "2 Developing")
    vote(phones[2], "2 Developing")
    press(facilitator, "Show the votes")
    expect(phones[1].get_by_text("3 votes").first).to_be_visible()

    facilitator.get_by_role("textbox", name="Comment").fill("The role is new, and known to few.")
    choose_score(facilitator, 2)
    press(facilitator, "Save and start next")
    expect(facilitator.get_by_role("heading", name="Reporting")).to_be_visible()
    for phone in phones:
        expect(phone.get_by_role("heading", name="Reporting")).to_be_visible()
        vote(phone, "3 Mature")
    press(facilitator, "Show the votes")
    expect(wall.get_by_text("3 votes").first).to_be_visible()
    choose_score(facilitator, 3)
    press(facilitator, "Save only")
    for screen in (*phones, wall):
        expect(screen.get_by_text("Agreed score").first).to_be_visible()
        expect(screen.get_by_text("3 Mature").or_(screen.get_by_text("Mature", exact=True)).first).to_be_visible()

    button(facilitator, "Menu").click()
    facilitator.get_by_text("End the workshop").first.click()
    expect(facilitator.get_by_text("Is this what we agreed?").first).to_be_visible()
    press(facilitator, "End the workshop")
    for phone in phones:
        expect(phone.get_by_text("Thank you. The workshop has ended.").first).to_be_visible()
    expect(wall.get_by_text(re.compile("Thank you")).first).to_be_visible()

    workshop = read_workshop(server.engine, made.id)
    first, second, third = workshop.topics_of(made.session)
    assert [one.counts for one in first.shown] == [(1, 0, 0, 1, 0), (1, 2, 0, 0, 0)]
    assert (first.score and first.score.value, second.score and second.score.value, third.score) == (2, 3, None)
    assert first.note("comment") == "The role is new, and known to few."
    made_files = CliRunner().invoke(
        main, ["export", made.id, "--to", "ipynb,html", "--out", str(tmp_path), "--database", server.database]
    )
    assert made_files.exit_code == 0, made_files.output
    (page,) = tmp_path.rglob("*.html")
    assert "The role is new, and known to few." in page.read_text(encoding="utf-8")


def test_a_reload_and_a_second_tab_are_the_same_person(new_page: NewPage, server: RunningServer, made: Made) -> None:
    facilitator = facilitate(new_page, made)
    phone = join(new_page, made)
    press(facilitator, "Start voting")
    vote(phone, "3 Mature")
    phone.reload()
    expect(phone.get_by_text(re.compile("Saved: 3 Mature")).first).to_be_visible()
    tab = phone.context.new_page()
    tab.goto(made.vote_page)
    expect(tab.get_by_text(re.compile("Saved: 3 Mature")).first).to_be_visible()
    vote(tab, "4 Leader")
    expect(facilitator.get_by_text("1 vote is in").first).to_be_visible()
    press(facilitator, "Show the votes")
    expect(phone.get_by_role("heading", name="The votes are shown")).to_be_visible()
    workshop = read_workshop(server.engine, made.id)
    assert len(workshop.sessions[made.session].participants) == 1
    assert workshop.topics_of(made.session)[0].shown[0].counts == (0, 0, 0, 1, 0)


def test_a_late_joiner_can_vote_on_the_topic_that_is_open(new_page: NewPage, made: Made) -> None:
    facilitator = facilitate(new_page, made)
    first = join(new_page, made)
    press(facilitator, "Start voting")
    vote(first, "3 Mature")
    late = join(new_page, made, "Finance and legal")
    expect(late.get_by_text("Welcome. Topic 1 is open: you can vote now.").first).to_be_visible()
    vote(late, "2 Developing")
    press(facilitator, "Show the votes")
    later = join(new_page, made, "Adult social care")
    expect(later.get_by_text("You can vote on the next one.").first).to_be_visible()


def test_the_facilitator_s_page_comes_back_as_it_was(new_page: NewPage, server: RunningServer, made: Made) -> None:
    facilitator = facilitate(partial(new_page, allow=("404",)), made)
    phone = join(new_page, made)
    press(facilitator, "Start voting")
    vote(phone, "2 Developing")
    facilitator.get_by_role("textbox", name="Comment").fill("Half a thought")
    expect(facilitator.get_by_text("Saving")).to_have_count(0)
    expect(facilitator.get_by_text(re.compile(r"Saved \d\d:\d\d")).first).to_be_visible()
    facilitator.reload()
    expect(button(facilitator, "Show the votes")).to_be_enabled()
    expect(facilitator.get_by_role("textbox", name="Comment")).to_have_value("Half a thought")
    for item, title in (("Check before sign-off", "Check before sign-off"), ("Change the agenda", "Agenda")):
        button(facilitator, "Menu").click()
        facilitator.get_by_role("button", name=item, exact=True).first.click()
        expect(facilitator.locator("h1", has_text=title).locator("visible=true")).to_be_visible()
        facilitator.reload()
        expect(facilitator.locator("h1", has_text=title).locator("visible=true")).to_be_visible()
    facilitator.get_by_role("navigation", name="Topics").get_by_text("Reporting").click()
    expect(facilitator.get_by_role("heading", name="Reporting")).to_be_visible()
    facilitator.reload()
    expect(facilitator.get_by_role("heading", name="Reporting")).to_be_visible()
    mark(facilitator)
    end_kernel(facilitator, server.base)
    renewed(facilitator)
    expect(facilitator.get_by_role("heading", name="Reporting")).to_be_visible()
    button(facilitator, "Go there").first.click()
    expect(button(facilitator, "Show the votes")).to_be_enabled()
    facilitator.reload()
    expect(button(facilitator, "Show the votes")).to_be_enabled()


def test_the_facilitator_opens_the_big_screen_from_the_menu(new_page: NewPage, made: Made) -> None:
    facilitator = facilitate(new_page, made)
    button(facilitator, "Menu").click()
    with facilitator.context.expect_page() as opened:
        facilitator.get_by_role("link", name="Open the big screen").click()
    expect(opened.value.get_by_text("and enter")).to_be_visible()


def test_arrow_keys_only_choose_and_the_bar_saves(new_page: NewPage, made: Made) -> None:
    facilitator = facilitate(new_page, made)
    phone = join(new_page, made)
    press(facilitator, "Start voting")
    phone.get_by_role("radio").first.wait_for()
    phone.get_by_role("radio").first.focus()
    phone.keyboard.press("ArrowDown")
    phone.keyboard.press("ArrowDown")
    expect(button(phone, "Save my vote: 3")).to_be_visible()
    expect(facilitator.get_by_text("0 of 1 votes in").first).to_be_visible()
    button(phone, "Save my vote: 3").press("Enter")
    expect(phone.get_by_text(re.compile("Saved: 3 Mature")).first).to_be_visible()


def test_every_page_is_accessible(new_page: NewPage, server: RunningServer, made: Made) -> None:
    facilitator, wall, phone = facilitate(new_page, made), project(new_page, made), join(new_page, made)
    code_page = new_page("phone")
    code_page.goto(server.base)
    join_page = new_page("phone")
    join_page.goto(made.join_link)
    check_with_axe(code_page, join_page, phone, wall, facilitator)
    press(facilitator, "Start voting")
    vote(phone, "3 Mature")
    check_with_axe(phone, wall, facilitator)
    press(facilitator, "Show the votes")
    expect(phone.get_by_role("heading", name="The votes are shown")).to_be_visible()
    expect(wall.get_by_text("1 vote").first).to_be_visible()
    check_with_axe(phone, wall, facilitator)
