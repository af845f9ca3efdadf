"""The whole job of a participant, and of a facilitator, by keyboard alone: where they are, and what is said."""

import re
from collections.abc import Callable, Iterator

import pytest
from messages import attached
from page_checks import CHECKS, said
from playwright.sync_api import Browser, Locator, Page, expect
from room import Room, make_room
from sqlalchemy import Engine
from widget_page import WidgetPage

from npswidgets.domain.events import BreakStarted, ClosingShown, PresenceChanged, TopicPresented, VotingOpened
from npswidgets.screens import facilitator, helper, participant
from npswidgets.store import access
from npswidgets.store.opening import store_of

pytestmark = pytest.mark.browser

CODE = "reporting"
SAVED = re.compile(r"Saved \d\d:\d\d\.")
FOCUS = "((one) => (one === document.body ? 'nothing' : one.textContent || one.value))(document.activeElement)"


class ByKeyboard:
    """A page that is used by its keyboard; the test says when kernel and page hear of each other."""

    def __init__(self, page: WidgetPage, look: Callable[[], object]) -> None:
        self.page, self.tab, self._look = page, page.page, look
        expect(self.tab.locator("#nps-announcer")).to_have_text(f"The page has opened. {self.tab.title()}.")
        self.tab.evaluate(CHECKS)

    def look(self) -> None:
        """The kernel reads what others have done."""
        self._look()
        self.page.show()

    def press(self, *keys: str) -> None:
        """Keys, one after the other; then the kernel answers what was asked of it."""
        expect(self.tab.locator("[data-deaf]")).to_have_count(0)
        for key in keys:
            self.tab.keyboard.press(key)
        self.page.deliver()

    def go_to(self, target: Locator, key: str = "Tab") -> None:
        """Moves until the target has the keyboard."""
        for _ in range(60):
            self.tab.keyboard.press(key)
            if target.evaluate("(element) => element === document.activeElement"):
                return
        pytest.fail(f"{target} is not reached by keyboard; it stands on {self.tab.evaluate(FOCUS)}")

    def button(self, name: str) -> Locator:
        return self.tab.get_by_role("button", name=name, exact=True)

    def stands(self, on: str | Locator, heard: str = "") -> None:
        """Where the keyboard is, and all that was said since the last step but when something was saved."""
        told = [SAVED.sub("", words).strip() for words in said(self.tab)]
        assert [words for words in told if words] == ([heard] if heard else [])
        if isinstance(on, str):
            assert self.tab.evaluate(FOCUS).strip() == on
        else:
            expect(on).to_be_focused()


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, people=5)


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 390, "height": 664})
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert faults == []


def test_a_participant_joins_votes_writes_and_leaves(tab: Page, room: Room) -> None:
    me, record = room.participants[0], room.facilitator.record
    screen = attached(participant.build(), me)

    def look() -> None:
        me.refresh()
        attached(screen, me)

    phone = ByKeyboard(WidgetPage(tab, screen.widget), look)
    phone.stands("nothing")
    record(TopicPresented(room.session, CODE), VotingOpened(room.session, CODE, 1))
    phone.look()
    phone.stands("Reporting", "Voting is open: Reporting.")
    phone.go_to(tab.get_by_role("radio", name="1 Minimum"))
    phone.press("Space")
    phone.stands("1", "1 Minimum is not saved yet. Press Enter to save.")
    phone.press("ArrowDown")
    phone.stands("2", "2 Developing is not saved yet. Press Enter to save.")
    assert me.own_ballots() == {}
    phone.press("Enter")
    phone.stands("2", "Your vote is saved: 2 Developing.")
    phone.go_to(tab.locator("summary", has_text="Add a reason (optional)"))
    phone.press("Enter", "Tab")
    tab.keyboard.type("Nobody reads them.")
    phone.stands(tab.get_by_role("textbox"), "Your reason is not saved yet.")
    field, bar = tab.get_by_role("textbox").bounding_box(), tab.locator(".nps-bar").bounding_box()
    assert field and bar  # noqa: PT018 (both are drawn)
    assert field["y"] + field["height"] <= bar["y"], "the bar hides nothing of the field"
    phone.go_to(phone.button("Save reason"))
    phone.press("Enter")
    phone.stands("2", "Your reason is saved.")
    room.facilitator.show_votes(CODE)
    phone.look()
    phone.stands(
        "Reporting",
        "The votes are shown. Level 1: 0. Level 2: 1. Level 3: 0. Level 4: 0. Level 5: 0. Your vote: 2.",
    )
    record(VotingOpened(room.session, CODE, 2))
    phone.look()
    phone.stands("Reporting", "Second vote in the room is open. Your vote in the room was 2.")
    phone.go_to(phone.button("Keep 2"))
    phone.press("Enter")
    phone.stands("Keep 2", "Your vote is saved: 2 Developing.")
    room.facilitator.show_votes(CODE)
    room.agree(CODE, 2)
    phone.look()
    phone.stands("Reporting", "Agreed score: 2 Developing.")
    record(BreakStarted(room.session, "11:15"))
    phone.look()
    phone.stands("Break. Back at 11:15.", "You can lock your phone.")
    phone.go_to(tab.locator("summary", has_text="Leave early"))
    phone.press("Enter", "Tab", "Enter")
    gone = "You do not count as in the room, and nobody waits for your vote. What you voted stays."
    phone.stands("You have left", gone)
    phone.go_to(phone.button("I am here"))
    phone.press("Enter")
    phone.stands("Break. Back at 11:15.", "You can lock your phone.")
    room.score_all()
    record(ClosingShown(room.session, "scores"))
    room.close()
    phone.look()
    phone.stands("Thank you. The workshop has ended.")


def test_a_level_is_saved_at_once_where_no_key_was_pressed_for_it(tab: Page, room: Room) -> None:
    me = room.participants[0]
    room.open_voting(CODE)
    me.refresh()
    screen = attached(participant.build(), me)
    phone = ByKeyboard(WidgetPage(tab, screen.widget), lambda: None)
    phone.go_to(tab.get_by_role("radio", name="1 Minimum"))
    phone.press("Tab", "Tab", "Shift+Tab")  # out of the levels, and back
    tab.get_by_role("radio", name="4 Leader").evaluate("(level) => level.click()")  # as a voice or a switch does it
    phone.page.deliver()
    assert [ballot.answer for ballot in me.own_ballots().values()] == [4]


def test_a_facilitator_runs_a_workshop(tab: Page, room: Room) -> None:
    tab.set_viewport_size({"width": 1280, "height": 600})
    screen = attached(facilitator.build(), room.facilitator)

    def look() -> None:
        room.facilitator.refresh()
        screen.draw()

    desk = ByKeyboard(WidgetPage(tab, screen.widget), look)
    first, topic = room.codes[0], "Procurement and commercial champions"
    main = tab.locator(".nps-main")
    assert tab.title() == f"Ready: {topic}, Showing leadership, Example County Council"
    desk.stands("nothing")
    desk.go_to(desk.button("Skip the topics"))
    desk.press("Enter")
    desk.stands(topic)
    desk.go_to(main)
    desk.press("Enter")
    desk.stands("Show the votes", f"Voting is open: {topic}. 0 of 5 votes in.")
    room.vote(first, 2, 2, 3, 3, 3)
    desk.look()
    desk.stands("Show the votes", "All 5 votes are in.")
    desk.press("Enter")
    shown = "The votes are shown. Level 1: 0. Level 2: 2. Level 3: 3. Level 4: 0. Level 5: 0."
    desk.stands("Save and start next", shown)
    desk.go_to(desk.button("Break"), "Shift+Tab")
    desk.press("Enter")
    desk.stands(tab.locator("input[type=time]"))
    until = tab.locator("input[type=time]").input_value()
    desk.press("Enter")
    desk.stands("End break", f"Break until {until}.")
    desk.press("Enter")
    desk.stands("Save and start next", shown)
    desk.go_to(tab.get_by_role("radio", name="5 Innovator"), "Shift+Tab")
    desk.press("ArrowRight", "ArrowRight")
    desk.stands("2")
    desk.go_to(tab.get_by_role("textbox", name="Comment"))
    tab.keyboard.type("A champion is being named.")
    desk.go_to(main)
    desk.page.deliver()
    assert said(tab)[-1].startswith("Comment: Saved")
    desk.press("Enter")
    desk.stands("Show the votes", "Voting is open: Reporting. 0 of 5 votes in.")
    assert tab.title().startswith("Voting: Reporting")
    score = room.workshop.topics[first].score
    assert score
    assert score.value == 2
    desk.go_to(desk.button("Stop voting"))
    desk.press("Enter")
    desk.stands("Go on voting", "Voting has stopped: Reporting.")
    room.facilitator.record(VotingOpened(room.session, CODE, 1))
    room.vote(CODE, 2)
    room.facilitator.show_votes(CODE)
    room.score_all()
    desk.look()
    said(tab)
    desk.go_to(desk.button("Menu"), "Shift+Tab")
    desk.press("Enter")
    desk.go_to(desk.button("End the workshop"))
    desk.press("Enter")
    desk.stands("Menu", "Read back. The room does not see this page yet.")
    desk.go_to(main)
    desk.press("Enter")
    on_screen = "The big screen and the phones show it"
    desk.stands("Choose topics for action", f"Read back. {on_screen}.")
    desk.press("Enter")
    desk.stands("End the workshop", f"Actions. {on_screen} as you type.")
    desk.press("Enter")
    desk.stands("Check before sign-off", "Ended.")
    desk.press("Enter")
    desk.stands("Make the report", "Check before sign-off.")
    assert tab.title().startswith("Check before sign-off")


def test_without_a_connection_a_press_says_why_nothing_comes_of_it(tab: Page, room: Room) -> None:
    tab.set_viewport_size({"width": 1280, "height": 600})
    screen = attached(facilitator.build(), room.facilitator)
    desk = ByKeyboard(WidgetPage(tab, screen.widget), lambda: None)
    said(tab)
    tell = "(connected) => dispatchEvent(new CustomEvent('nps:connection', { detail: { connected } }))"
    tab.evaluate(tell, False)
    assert [words.split(" since")[0] for words in said(tab)] == ["Not connected to the workshop"]
    expect(tab.locator(".nps-main")).to_have_attribute("aria-disabled", "true")
    desk.go_to(tab.locator(".nps-main"))
    why = "Not connected, so this press did nothing. We keep trying."
    for _ in range(2):
        tab.keyboard.press("Enter")
        desk.stands("Start voting", why)
    expect(tab.get_by_text(why)).to_be_visible()
    assert desk.page.sent == []
    desk.go_to(desk.button("Reporting"), "Shift+Tab")
    tab.keyboard.press("Enter")
    assert said(tab)[0].endswith("What you pressed waits until we are connected.")
    assert [message["kind"] for message in desk.page.sent] == ["looked_at"]
    tab.evaluate(tell, True)
    assert said(tab) == ["Connected again."]
    expect(tab.get_by_text(why)).to_have_count(0)
    expect(tab.locator(".nps-main")).to_have_attribute("aria-disabled", "false")


def test_of_two_presses_before_the_connection_the_second_is_told_that_it_did_nothing(tab: Page, room: Room) -> None:
    """It was for what was there before the first; the same press twice is one."""
    tab.set_viewport_size({"width": 1280, "height": 720})
    screen = attached(facilitator.build(), room.facilitator)
    desk = WidgetPage(tab, screen.widget)
    tab.evaluate("window.deaf = true")
    tab.locator(".nps-main").dblclick()
    tab.evaluate("window.deaf = false, all.sendWaiting()")
    assert [one["action"] for one in desk.deliver()] == ["start"]
    told = tab.get_by_text("You were not connected when you pressed")
    expect(told).to_have_count(0)
    expect(tab.locator("[data-deaf]")).to_have_count(0)
    tab.evaluate("window.deaf = true")
    tab.get_by_role("button", name="Stop voting").click()
    tab.locator(".nps-main").click()
    tab.evaluate("window.deaf = false, all.sendWaiting()")
    assert [one["action"] for one in desk.deliver()] == ["stop"]
    expect(told).to_be_visible()


def test_a_button_that_can_be_pressed_no_more_leaves_the_keyboard_on_the_one_beside_it(tab: Page, room: Room) -> None:
    room.facilitator.record(PresenceChanged(room.session, on_paper=1))
    secret = room.facilitator.new_helper(room.session).secret
    actor = access.helper_of_link(room.engine, room.created.workshop, secret)
    assert actor
    access.open_helper_link(room.engine, None, "the helper's browser", actor)
    for screen, store in (
        (facilitator.build(), room.facilitator),
        (helper.build(), store_of(room.engine, actor)),
    ):
        store.refresh()
        page = WidgetPage(tab, attached(screen, store).widget)
        tab.get_by_role("button", name="One fewer on paper").focus()
        tab.keyboard.press("Enter")
        page.deliver()
        expect(tab.get_by_role("button", name="One more on paper")).to_be_focused()
        room.facilitator.record(PresenceChanged(room.session, on_paper=1))


def test_a_helper_who_saves_a_sheet_hears_that_and_nothing_else(tab: Page, room: Room) -> None:
    room.open_voting(CODE)
    room.facilitator.record(PresenceChanged(room.session, on_paper=1))
    actor = access.helper_of_link(room.engine, room.workshop.id, room.facilitator.new_helper(room.session).secret)
    assert actor
    access.open_helper_link(room.engine, None, "browser", actor)
    store = store_of(room.engine, actor)
    screen = attached(helper.build(), store)

    def look() -> None:
        store.refresh()
        attached(screen, store)

    desk = ByKeyboard(WidgetPage(tab, screen.widget), look)
    said(tab)
    desk.go_to(desk.button("Enter a sheet"))
    desk.press("Enter")
    expect(tab.get_by_role("textbox", name="Reporting")).to_be_visible()
    desk.go_to(tab.get_by_role("textbox", name="Reporting"))
    desk.press("2", "Enter")
    desk.stands(tab.get_by_role("textbox").first, "Sheet 1 is saved: 1 of 3 topics. All sheets are entered.")
