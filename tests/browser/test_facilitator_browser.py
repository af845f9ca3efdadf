"""The facilitator's page in a real browser: what only a browser shows."""

import re
import secrets
from collections.abc import Callable

import pytest
from accessible import check_with_axe
from messages import attached
from page_checks import CHECKS
from playwright.sync_api import Browser, Locator, Page, expect
from room import make_room
from serving import Made, RunningServer, wait_until
from sqlalchemy import Engine
from widget_page import WidgetPage

from npswidgets.domain.actor import Actor
from npswidgets.domain.ballots import Ballot
from npswidgets.domain.events import Answer, NoteWritten, Words
from npswidgets.domain.workshop import Topic
from npswidgets.screens import facilitator
from npswidgets.screens.levels import level_rows
from npswidgets.store import people
from npswidgets.store.opening import store_of

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
CODE = "procurement-and-commercial-champions"
TOMS = "social-value-toms"


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make()


def open_page(new_page: NewPage, made: Made, size: str | tuple[int, int] = "laptop") -> Page:
    page = new_page(size)
    page.goto(made.facilitator_link)
    expect(main(page)).to_be_visible()
    skip = panel(page).get_by_role("button", name="Skip the practice")
    if skip.count():  # another page has not skipped it
        skip.click()
    expect(page.get_by_role("button", name="Skip the practice")).to_have_count(0)  # both have "Start voting"
    expect(main(page)).to_have_text(re.compile("Start (voting|first scores)"))
    return page


def panel(page: Page) -> Locator:
    """What holds the buttons, as soon as it hears again."""
    return page.locator(".nps-now-panel .nps-body:not([data-deaf])")


def main(page: Page) -> Locator:
    """The main button, as soon as it hears again."""
    return panel(page).locator(".nps-main")


def vote(server: RunningServer, made: Made, *answers: Answer, code: str = CODE) -> None:
    """As many people join as there are answers, and vote as soon as the first vote is open."""
    wait_until(lambda: topic(server, made, code).running)
    for answer in answers:
        who = people.join(server.engine, made.id, made.session)
        store_of(server.engine, who).cast(
            Ballot(secrets.token_hex(8), made.session, code, 1, who.participant or "", answer)
        )


def topic(server: RunningServer, made: Made, code: str = CODE) -> Topic:
    return store_of(server.engine, Actor(made.id, "facilitator")).workshop.topics[code]


def field(page: Page, name: str = "Comment") -> Locator:
    return page.get_by_role("textbox", name=name)


def test_a_topic_is_scored_by_keyboard_alone(new_page: NewPage, server: RunningServer, made: Made) -> None:
    page = open_page(new_page, made)
    tab_to(page, main(page))
    page.keyboard.press("Enter")
    expect(main(page)).to_have_text("Show the votes")
    expect(main(page)).to_be_focused()
    vote(server, made, 2, 2, 3, 3, 3)
    expect(page.get_by_text("All 5 votes are in").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(main(page)).to_have_text("Save and start next")
    tab_to(page, page.get_by_role("radio", name="5 Innovator"), back=True)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="3 Mature")).to_be_checked()
    tab_to(page, page.get_by_role("radio", name="Only a small part of the council"))
    page.keyboard.press("ArrowRight")
    tab_to(page, field(page))
    page.keyboard.type("A champion is being named.")
    tab_to(page, main(page))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Reporting")).to_be_visible()
    score = topic(server, made).score
    assert score
    assert (score.value, str(score.reason_above)) == (3, "Already being put right")
    assert topic(server, made).note("comment") == "A champion is being named."


def test_the_buttons_are_deaf_after_the_state_has_changed(new_page: NewPage, made: Made) -> None:
    page = open_page(new_page, made)
    main(page).wait_for()
    waited = page.evaluate(
        """async () => {
            const main = document.querySelector(".nps-now-panel .nps-main");
            const problem = document.querySelector(".nps-now-panel .nps-problem");
            const click = setInterval(() => main.click(), 20);
            const changed = (holds) => new Promise((done) => {
                const watch = new MutationObserver(() => holds() && (watch.disconnect(), done(performance.now())));
                watch.observe(document.body, { subtree: true, childList: true, characterData: true });
            });
            const start = await changed(() => main.textContent === "Show the votes");
            const end = await changed(() => problem.textContent);
            clearInterval(click);
            return end - start;
        }"""
    )
    assert waited >= 690  # 700 ms, as long as a browser rounds them
    expect(page.get_by_text("Nobody has voted yet.").first).to_be_visible()


def test_nothing_moves_when_votes_come_in(new_page: NewPage, server: RunningServer, made: Made) -> None:
    page = open_page(new_page, made)
    place = main(page).bounding_box()
    assert place
    assert place["height"] >= 48
    main(page).click()
    vote(server, made, 2)
    expect(page.get_by_text("1 vote is in").first).to_be_visible()
    before = places(page)
    vote(server, made, 2, 3, 4, 1)
    expect(page.get_by_text("All 5 votes are in").first).to_be_visible()
    assert places(page) == before
    main(page).click()
    expect(main(page)).to_have_text("Vote again")
    assert main(page).bounding_box() == place


@pytest.mark.parametrize("size", [(1280, 600), (1280, 720), (1920, 1080)])
def test_all_votes_of_a_long_topic_are_in_view(new_page: NewPage, server: RunningServer, size: tuple[int, int]) -> None:
    made = server.make(sessions=(("Community", ("achieving-community-benefits",)),))
    page = open_page(new_page, made, size)
    page.get_by_role("button", name="Social value themes, outcomes and measures").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Social value themes, outcomes and measures (TOMs)")
    panel(page).get_by_role("button", name="Start voting").click()
    expect(main(page)).to_have_text("Show the votes")
    vote(server, made, 1, 2, 3, 4, 5, code=TOMS)
    expect(main(page)).to_have_text("Show the votes")
    main(page).click()
    page.locator(".nps-keys label").last.click()
    expect(page.get_by_text("Why above level 2?")).to_be_visible()
    box = page.locator(".nps-statements-box").bounding_box()
    summary = page.locator(".nps-vote-board .nps-summary").bounding_box()
    assert box
    assert summary
    assert summary["y"] + summary["height"] <= box["y"] + box["height"]
    assert page.evaluate("[innerWidth, innerHeight].join()") == ",".join(map(str, size))
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight"), "only the statements scroll"
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


CUT = """() => {
  const board = document.querySelector(".nps-vote-board .nps-body");
  const box = board.closest(".nps-statements-box");
  const drawn = [...board.querySelectorAll("td.nps-statements > *")].filter((one) => one.getClientRects().length);
  const within = (one) => one.getBoundingClientRect().bottom <= box.getBoundingClientRect().bottom + 1;
  return {
    fit: board.dataset.fit,
    cut: drawn.filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1).length,
    below: [...board.querySelectorAll("tbody tr, .nps-summary")].filter((one) => !within(one)).length,
    whole: board.querySelectorAll("tbody tr:not(.nps-unvoted) td.nps-statements > *").length
      === board.querySelectorAll("tbody tr:not(.nps-unvoted)").length && drawn.length > 0,
    beside: document.querySelector(".nps-reading").getClientRects().length,
  };
}"""


BESIDE = """[".nps-topic-list nav button", ".nps-now-panel .nps-lines p", ".nps-now-panel .nps-main"].map((selector) =>
  parseFloat(getComputedStyle(document.querySelector(selector)).fontSize))"""
"""The type of the two columns at the side."""


def test_no_statement_is_cut_and_the_levels_can_be_read_beside_the_votes(chromium: Browser, engine: Engine) -> None:
    room = make_room(engine, people=5)
    room.open_voting("reporting")
    room.vote("reporting", 1, 2, 2, 3, 4)
    room.facilitator.show_votes("reporting")
    screen = attached(facilitator.build(), room.facilitator)
    tab = chromium.new_page(viewport={"width": 1280, "height": 600})
    page = WidgetPage(tab, screen.widget)
    rubric, found, beside = room.workshop.rubric, {}, {}
    for size in ((1280, 600), (1920, 1080)):
        tab.set_viewport_size({"width": size[0], "height": size[1]})
        beside[size] = tab.evaluate(BESIDE)
        for code in rubric.value_codes.values():
            screen.board.levels = level_rows(rubric, code)
            page.show()
            found[size, code.id] = tab.evaluate(CUT)
    wrong = {name: one for name, one in found.items() if one["cut"] or one["below"]}
    assert not wrong
    assert all(one["whole"] for (size, _), one in found.items() if size == (1920, 1080))
    small, large = beside.values()
    assert all(big >= 1.2 * one for one, big in zip(small, large, strict=True)), "the columns at the side grow, too"
    assert all(one["beside"] == (one["fit"] == "beside") for one in found.values())
    tab.set_viewport_size({"width": 1280, "height": 600})
    votes = tab.locator(".nps-vote-board .nps-line").first.bounding_box()
    for summary in tab.locator(".nps-now-panel summary:visible").all():
        summary.click()
    assert tab.locator(".nps-vote-board .nps-line").first.bounding_box() == votes
    tab.close()


def test_what_is_typed_outlives_a_reload(new_page: NewPage, server: RunningServer, made: Made) -> None:
    page = open_page(new_page, made)
    main(page).click()
    expect(main(page)).to_have_text("Show the votes")
    vote(server, made, 2, 2, 2)
    expect(main(page)).to_have_text("Show the votes")
    main(page).click()
    page.get_by_role("radio", name="2 Developing").check(force=True)
    field(page).fill("Half a sent")
    page.reload()
    expect(field(page)).to_have_value("Half a sent")
    expect(page.get_by_role("radio", name="2 Developing")).to_be_checked()
    wait_until(lambda: topic(server, made).note("comment") == "Half a sent")
    assert topic(server, made).score is None


def test_a_field_in_use_is_not_rewritten(new_page: NewPage, server: RunningServer, made: Made) -> None:
    page = open_page(new_page, made)
    main(page).click()
    expect(main(page)).to_have_text("Show the votes")
    field(page).press_sequentially("Mine")
    wait_until(lambda: topic(server, made).note("comment") == "Mine")
    other = store_of(server.engine, Actor(made.id, "facilitator"))
    other.record(NoteWritten(made.session, CODE, "comment", Words("Theirs")))
    vote(server, made, 3)
    expect(page.get_by_text("1 vote is in").first).to_be_visible()
    expect(field(page)).to_have_value("Mine")
    field(page).press_sequentially(" too")
    field(page).blur()
    expect(page.get_by_text("The other screen changed this text in between: “Theirs”")).to_be_visible()
    page.get_by_role("button", name="Save mine").click()
    wait_until(lambda: topic(server, made).note("comment") == "Mine too")
    expect(page.get_by_text("The other screen changed this text")).to_be_hidden()


def test_the_longest_menu_is_reached_to_its_end_and_leaves_the_main_button_free(
    new_page: NewPage, server: RunningServer
) -> None:
    made = server.make(sessions=(("Morning", ("engaging-councillors",)), ("Afternoon", ("engaging-vcses",))))
    page = open_page(new_page, made)
    page.get_by_role("button", name="Menu").click()
    box, below = page.locator("#nps-menu").bounding_box(), main(page).bounding_box()
    assert box
    assert below
    assert page.locator("#nps-menu :is(button, a)").count() >= 15
    assert box["y"] + box["height"] <= below["y"]
    assert box["x"] >= 0
    page.get_by_role("button", name="Go to Afternoon").focus()
    last = page.get_by_role("button", name="Go to Afternoon").bounding_box()
    assert last
    assert last["y"] + last["height"] <= 600


def test_no_state_of_the_page_has_a_fault_of_accessibility(
    new_page: NewPage, server: RunningServer, made: Made
) -> None:
    page = open_page(new_page, made)
    main(page).click()
    expect(main(page)).to_have_text("Show the votes")
    vote(server, made, 1, 2, 3, 4, 4, "dont_know")
    expect(main(page)).to_have_text("Show the votes")
    main(page).click()
    page.get_by_text("Suggested level (weakest part)").first.click()
    page.get_by_text("More figures").first.click()
    page.get_by_role("radio", name="5 Innovator").check(force=True)
    expect(page.get_by_text("We are ready to be a case study for other councils")).to_be_visible()
    page.get_by_role("button", name="a different view").click()
    check_with_axe(page)
    page.get_by_role("button", name="Menu").click()
    check_with_axe(page, within=".nps-menu")  # which lies over the others while it is open
    page.get_by_role("button", name="Show the code").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check_with_axe(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Reporting").click()
    expect(page.get_by_text("The room is on Procurement and commercial champions.").first).to_be_visible()
    check_with_axe(page)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="End the workshop").click()
    expect(page.get_by_role("heading", name="Is this what we agreed?")).to_be_visible()
    check_with_axe(page)


def tab_to(page: Page, target: Locator, back: bool = False) -> None:
    """Presses Tab until the target has the focus."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            return
    pytest.fail(f"{target} is not reached by keyboard")


def places(page: Page) -> list[dict[str, float]]:
    """Where everything with words in it stands."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".nps-facilitator :is(h1, h2, p, button, td, th, textarea)")]
            .filter((element) => element.checkVisibility()) // windows are closed, and what is folded
            .map((element) => element.getBoundingClientRect().toJSON())"""
    )  # type: ignore[no-any-return]


def test_each_button_can_be_read_under_the_mouse(chromium: Browser, engine: Engine) -> None:
    desk = attached(facilitator.build(), make_room(engine, people=5).facilitator)
    tab = WidgetPage(chromium.new_page(viewport={"width": 1280, "height": 600}), desk.widget).page
    tab.evaluate(CHECKS)
    tab.get_by_role("button", name="Skip the topics").focus()  # it is seen while the keyboard is on it
    kinds = {button.get_attribute("class"): button for button in tab.locator("button:visible").all()}
    for button in kinds.values():
        button.hover()
        assert tab.evaluate("checks.text()") == []
    tab.close()


SPACED = """() => {
    const spaced = new CSSStyleSheet();
    spaced.replaceSync(`
        * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
        p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [spaced];
    return [...document.querySelectorAll("button")]
        .filter((one) => one.checkVisibility() && one.scrollHeight > one.clientHeight).map((one) => one.innerText);
}"""
"""WCAG 2.2, 1.4.12: the buttons whose words do not fit where a reader has set the text wider."""


def test_words_that_a_reader_has_set_wider_fit_into_their_buttons(chromium: Browser, engine: Engine) -> None:
    room = make_room(engine, people=5)
    room.open_voting("reporting")
    room.vote("reporting", 1, 2, 2, 3, 4)
    room.facilitator.show_votes("reporting")
    desk = attached(facilitator.build(), room.facilitator)
    tab = WidgetPage(chromium.new_page(viewport={"width": 1280, "height": 600}), desk.widget).page
    expect(tab.get_by_role("button", name="Leave for later")).to_be_visible()
    assert tab.evaluate(SPACED) == []
    tab.close()
