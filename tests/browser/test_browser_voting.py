"""Voting in a real browser: touch, keyboard, bad connections, and what a screen reader is told."""

import json
from collections.abc import Callable, Iterator

import pytest
from accessible import check_with_axe
from messages import attached, send
from playwright.sync_api import Browser, Locator, Page, expect
from room import Room, make_room
from sqlalchemy import Engine
from widget_page import WidgetPage

from npswidgets.domain.events import Proposal, TogetherShown, VotingOpened
from npswidgets.screens import participant
from npswidgets.store.participant_store import ParticipantStore

pytestmark = pytest.mark.browser

CODE, OTHER = "reporting", "councillor-development"
FITS_TWICE_AS_LARGE = """() => {
  const all = [...document.querySelectorAll('main *')];
  const sizes = all.map((one) => 2 * parseFloat(getComputedStyle(one).fontSize));
  all.forEach((one, at) => (one.style.fontSize = `${sizes[at]}px`));
  const fits = document.documentElement.scrollWidth <= innerWidth;
  all.forEach((one) => (one.style.fontSize = ''));
  return fits;
}"""
"""Whether nothing scrolls sideways with type of 200%, which leaves all measures but those of the type."""
SAVED = "✓ Saved: 3 Mature. You can change it until the votes are shown."


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, people=2)
    room.open_voting(CODE)
    return room


@pytest.fixture
def me(room: Room) -> ParticipantStore:
    return room.participants[0]


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 390, "height": 664}, has_touch=True)
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert faults == []


@pytest.fixture
def phone(tab: Page, me: ParticipantStore) -> WidgetPage:
    return page_of(tab, me)


def page_of(tab: Page, store: ParticipantStore) -> WidgetPage:
    store.refresh()
    return WidgetPage(tab, attached(participant.build(), store).widget.children)


def bar(phone: WidgetPage) -> Locator:
    return phone.page.get_by_role("group", name="Your vote")


def says(phone: WidgetPage, words: str) -> None:
    expect(bar(phone).locator("p")).to_have_text(words)


def told(phone: WidgetPage, words: str) -> None:
    expect(phone.page.get_by_role("status")).to_contain_text(words)


def touch(phone: WidgetPage, level: str) -> None:
    phone.page.get_by_text(level, exact=True).tap()


def look(phone: WidgetPage) -> None:
    """The page comes to the front."""
    phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    phone.deliver()


def answer_of(store: ParticipantStore, number: int = 1) -> object:
    own = store.own_ballots().get((CODE, number))
    return own.answer if own else None


def test_a_touch_saves_at_once_and_saved_stands_there_when_it_is(phone: WidgetPage, me: ParticipantStore) -> None:
    touch(phone, "3 Mature")
    says(phone, "Saving")
    assert answer_of(me) is None
    phone.deliver()
    assert answer_of(me) == 3
    says(phone, SAVED)
    told(phone, "Your vote is saved: 3 Mature.")


def test_the_whole_row_of_a_level_can_be_touched(phone: WidgetPage, me: ParticipantStore) -> None:
    phone.page.get_by_text("Councillors receive regular briefings").tap(force=True)  # the label lies over it
    phone.deliver()
    assert answer_of(me) == 3


def test_arrow_keys_only_choose_and_the_button_saves(phone: WidgetPage, me: ParticipantStore) -> None:
    phone.page.get_by_role("radio", name="1 Minimum").focus()
    phone.page.keyboard.press("Space")
    phone.page.keyboard.press("ArrowDown")
    phone.page.keyboard.press("ArrowDown")
    assert phone.sent == []
    says(phone, "You chose 3, not saved yet.")
    while phone.page.evaluate("document.activeElement.textContent") != "Save my vote: 3":
        phone.page.keyboard.press("Tab")
    phone.page.keyboard.press("Enter")
    phone.deliver()
    assert answer_of(me) == 3
    says(phone, SAVED)
    assert phone.page.evaluate("document.activeElement.value") == "3", "the keyboard stays where it was"


def test_a_touch_after_the_arrow_keys_saves_again_at_once(phone: WidgetPage, me: ParticipantStore) -> None:
    phone.page.get_by_role("radio", name="1 Minimum").focus()
    phone.page.keyboard.press("ArrowDown")
    touch(phone, "2 Developing")
    phone.deliver()
    assert answer_of(me) == 2


def test_two_quick_touches_are_two_votes_in_their_order(phone: WidgetPage, me: ParticipantStore) -> None:
    touch(phone, "2 Developing")
    touch(phone, "3 Mature")
    assert len(phone.deliver()) == 1, "the second waits for the answer to the first"
    phone.deliver()
    assert answer_of(me) == 3
    says(phone, SAVED)


def test_nothing_is_chosen_for_anybody_and_the_bar_says_what_is_below(phone: WidgetPage) -> None:
    expect(phone.page.locator("input:checked")).to_have_count(0)
    says(phone, "Not voted yet. Levels 4 and 5 below.")
    phone.page.get_by_text("Not part of my role").scroll_into_view_if_needed()
    says(phone, "Not voted yet.")
    phone.page.evaluate("scrollTo(0, 0)")
    says(phone, "Not voted yet.")


SENT = "window.sent.some(([, one]) => one.kind === 'cast')"
NOT_SAVED = "Not saved. We keep trying."


def fail(*_: object) -> None:
    raise OSError("the disk is full")


def test_an_error_says_not_saved_and_offers_to_try_again(
    phone: WidgetPage, me: ParticipantStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(ParticipantStore, "cast", fail)
        touch(phone, "3 Mature")
        phone.deliver()
        says(phone, NOT_SAVED)
        told(phone, "Your vote is not saved. We keep trying.")
        bar(phone).get_by_role("button", name="Try again").click()
        phone.deliver()
        says(phone, NOT_SAVED)
    bar(phone).get_by_role("button", name="Try again").click()
    phone.deliver()
    says(phone, SAVED)
    assert answer_of(me) == 3


def test_a_vote_that_the_store_did_not_take_is_sent_again_until_it_does(
    phone: WidgetPage, me: ParticipantStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a press, and after another choice that one alone."""
    with monkeypatch.context() as broken:
        broken.setattr(ParticipantStore, "cast", fail)
        for choice in ("3 Mature", "4 Leader"):
            touch(phone, choice)
            phone.deliver()
            says(phone, NOT_SAVED)
        phone.page.wait_for_function(SENT)
        phone.deliver()
        says(phone, NOT_SAVED)
    phone.page.wait_for_function(SENT)
    assert {one["answer"] for one in phone.deliver() if one["kind"] == "cast"} == {4}
    told(phone, "Your vote is saved: 4 Leader.")
    says(phone, "✓ Saved: 4 Leader. You can change it until the votes are shown.")
    assert answer_of(me) == 4


def test_a_vote_that_the_store_did_not_take_in_time_is_said_to_be_not_counted(
    phone: WidgetPage, room: Room, me: ParticipantStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(ParticipantStore, "cast", fail)
        touch(phone, "3 Mature")
        phone.deliver()
        says(phone, NOT_SAVED)
    other = room.participants[1]
    other.cast(room.ballot(other, CODE, 2))
    room.facilitator.show_votes(CODE)
    phone.page.wait_for_function(SENT)
    phone.deliver()
    told(phone, "The votes were shown before yours arrived, so it was not counted.")
    phone.page.wait_for_function("!sessionStorage.length")
    assert answer_of(me) is None


def test_a_vote_without_an_answer_is_sent_again_and_counts_once(phone: WidgetPage, me: ParticipantStore) -> None:
    touch(phone, "3 Mature")
    phone.page.wait_for_function("window.sent.length > 1")
    phone.deliver()
    assert answer_of(me) == 3
    says(phone, SAVED)


def test_a_vote_on_its_way_survives_a_reload(phone: WidgetPage, me: ParticipantStore) -> None:
    touch(phone, "3 Mature")
    phone.open()
    says(phone, "Saving")
    phone.deliver()
    assert answer_of(me) == 3
    says(phone, SAVED)
    phone.open()
    says(phone, SAVED)
    assert phone.sent == []


def test_a_vote_kept_in_the_browser_is_never_another_persons(
    phone: WidgetPage, room: Room, tab: Page, me: ParticipantStore
) -> None:
    touch(phone, "3 Mature")
    borrowed = page_of(tab, room.participants[1])
    assert borrowed.sent == []
    says(borrowed, "Not voted yet. Levels 4 and 5 below.")


def connection(phone: WidgetPage, connected: str) -> None:
    event = f"new CustomEvent('nps:connection', {{ detail: {{ connected: {connected} }} }})"
    phone.page.evaluate(f"window.dispatchEvent({event})")


def test_a_lost_connection_is_said_with_what_became_of_the_vote(phone: WidgetPage) -> None:
    connection(phone, "false")
    says(phone, "Not connected. We keep trying.")
    told(phone, "Connection lost.")
    touch(phone, "3 Mature")
    says(phone, "Not connected. Your choice 3 is not saved yet. We keep trying.")
    connection(phone, "true")
    told(phone, "Connected again.")
    phone.deliver()
    says(phone, SAVED)
    connection(phone, "false")
    says(phone, "Not connected. Your vote 3 is saved.")


def test_a_choice_in_another_window_is_seen_here(phone: WidgetPage, room: Room, me: ParticipantStore) -> None:
    me.cast(room.ballot(me, CODE, 4))
    look(phone)
    says(phone, "This page is open in another window. Your last choice counts.")
    expect(phone.page.get_by_role("radio", name="4 Leader")).to_be_checked()


def test_an_older_choice_does_not_replace_that_of_another_window(
    phone: WidgetPage, room: Room, me: ParticipantStore
) -> None:
    me.cast(room.ballot(me, CODE, 4))
    touch(phone, "3 Mature")
    phone.deliver()
    says(phone, "You chose 4 in another window.")
    expect(phone.page.get_by_role("radio", name="4 Leader")).to_be_checked()
    touch(phone, "3 Mature")
    phone.deliver()
    says(phone, SAVED)


def test_a_vote_that_comes_too_late_is_said_to_be_so(phone: WidgetPage, room: Room) -> None:
    room.vote(CODE, 2, 2)
    room.facilitator.show_votes(CODE)
    touch(phone, "3 Mature")
    phone.deliver()
    expect(bar(phone)).to_contain_text("The votes were shown before yours arrived, so it was not counted.")
    expect(phone.page.get_by_role("heading", name="The votes are shown")).to_be_visible()
    room.facilitator.record(VotingOpened(room.session, CODE, 2))
    look(phone)
    expect(bar(phone)).to_contain_text("Not voted yet.")


def test_a_vote_that_a_lost_connection_swallowed_is_said_to_be_too_late(phone: WidgetPage, room: Room) -> None:
    room.vote(CODE, 2, 2)
    touch(phone, "3 Mature")
    phone.page.evaluate("window.sent.splice(0)")  # sent, and never heard
    connection(phone, "false")
    room.facilitator.show_votes(CODE)
    look(phone)
    connection(phone, "true")
    phone.deliver()
    expect(bar(phone)).to_contain_text("The votes were shown before yours arrived, so it was not counted.")
    assert room.workshop.topics[CODE].shown[-1].counts == (0, 2, 0, 0, 0)


def swallow(phone: WidgetPage, level: str = "3 Mature") -> None:
    """A vote that was sent, and never heard."""
    touch(phone, level)
    phone.page.evaluate("window.sent.splice(0)")
    connection(phone, "false")


def back(phone: WidgetPage) -> None:
    look(phone)
    connection(phone, "true")
    phone.deliver()


def test_a_vote_that_was_swallowed_before_voting_was_started_from_zero_is_said_not_to_count(
    phone: WidgetPage, room: Room, me: ParticipantStore
) -> None:
    swallow(phone)
    room.start_from_zero(CODE)
    back(phone)
    expect(phone.page.get_by_text("Your choice 3 on Reporting: Voting was started from zero")).to_be_visible()
    expect(phone.page.get_by_text("votes from before do not count")).to_be_visible()
    expect(bar(phone)).to_contain_text("Not voted yet.")
    assert answer_of(me) is None
    touch(phone, "2 Developing")
    phone.deliver()
    assert answer_of(me) == 2
    expect(phone.page.get_by_text("Your choice 3 on Reporting")).to_be_hidden()


@pytest.mark.parametrize("reloaded", [False, True])
def test_of_a_vote_that_was_swallowed_its_owner_hears_when_the_room_is_on_the_next_topic(
    phone: WidgetPage, room: Room, reloaded: bool
) -> None:
    room.vote(CODE, 2, 2)
    swallow(phone)
    room.facilitator.show_votes(CODE)
    room.open_voting(OTHER)
    if reloaded:
        phone.open()
    back(phone)
    expect(phone.page.get_by_text("Your choice 3 on Reporting: The votes were shown before yours")).to_be_visible()
    expect(bar(phone)).to_contain_text("Not voted yet.")
    assert room.workshop.topics[CODE].shown[-1].counts == (0, 2, 0, 0, 0)


def test_of_a_vote_that_arrived_nothing_is_said_when_only_its_answer_was_lost(phone: WidgetPage, room: Room) -> None:
    touch(phone, "3 Mature")
    cast = phone.sent[0]
    phone.deliver()
    room.facilitator.show_votes(CODE)
    room.open_voting(OTHER)
    look(phone)
    kept = json.dumps([{**cast, "topic": "Reporting", "out": True}])
    voter = phone.page.evaluate("models.map((one) => one.get('voter')).find(Boolean)")
    name = f"nps-draft/votes/{voter}"
    # before the next page begins: this one writes there, too
    phone.page.add_init_script(f"sessionStorage.setItem({json.dumps(name)}, {json.dumps(kept)})")
    phone.open()
    assert [one["kind"] for one in phone.deliver()] == ["cast"]
    back(phone)
    expect(bar(phone)).to_contain_text("Not voted yet.")
    expect(phone.page.get_by_text("Your choice 3 on Reporting")).to_be_hidden()
    assert phone.page.evaluate("(name) => sessionStorage.getItem(name)", name) is None


def leave_elsewhere(room: Room) -> None:
    room.participants[0].leave()


def ask_no_longer(room: Room) -> None:
    room.facilitator.record(TogetherShown(room.session, ()))


@pytest.mark.parametrize(
    ("pressed", "meanwhile"), [("I am leaving", leave_elsewhere), ("I want to talk about this one", ask_no_longer)]
)
def test_what_was_pressed_without_a_connection_for_what_is_over_is_not_sent_and_its_owner_is_told(
    tab: Page, room: Room, me: ParticipantStore, pressed: str, meanwhile: Callable[[Room], None]
) -> None:
    room.vote(CODE, 3, 3)
    room.facilitator.show_votes(CODE)
    if meanwhile is ask_no_longer:
        room.facilitator.record(VotingOpened(room.session, OTHER, 0))
        room.vote(OTHER, 3, 3, round_number=0)
        room.facilitator.show_first_scores(room.session)
        room.facilitator.record(TogetherShown(room.session, (Proposal(OTHER, 3),)))
    me.refresh()
    screen = attached(participant.build(), me)
    phone = WidgetPage(tab, screen.widget)
    tab.evaluate("window.deaf = true")
    if meanwhile is leave_elsewhere:
        tab.get_by_text("Leave early").tap()
    tab.get_by_text(pressed).first.tap()
    meanwhile(room)
    send(screen.pad, {"kind": "look"})
    phone.show()
    tab.evaluate("window.deaf = false, all.sendWaiting()")
    assert {one["kind"] for one in phone.sent} <= {"look"}
    expect(tab.get_by_text("You were not connected when you pressed")).to_be_visible()


def test_a_second_vote_is_kept_with_one_touch(phone: WidgetPage, room: Room, me: ParticipantStore) -> None:
    touch(phone, "3 Mature")
    phone.deliver()
    room.facilitator.show_votes(CODE)
    look(phone)
    told(phone, "The votes are shown. Level 1: 0. Level 2: 0. Level 3: 1. Level 4: 0. Level 5: 0. Your vote: 3.")
    room.facilitator.record(VotingOpened(room.session, CODE, 2))
    look(phone)
    told(phone, "Second vote in the room is open. Your vote in the room was 3.")
    expect(phone.page.locator("input:checked")).to_have_count(0)
    phone.page.get_by_role("button", name="Keep 3").tap()
    phone.deliver()
    assert answer_of(me, 2) == 3
    says(phone, SAVED)


def test_at_a_new_state_the_page_goes_to_its_top_and_the_keyboard_to_its_title(phone: WidgetPage, room: Room) -> None:
    on_title = "document.activeElement === document.querySelector('h1') && scrollY === 0"
    assert phone.page.title() == "Vote: Reporting, topic 2, Example County Council"
    assert not phone.page.evaluate(on_title), "a page that opens leaves the keyboard where it is"
    phone.page.get_by_text("Not part of my role").scroll_into_view_if_needed()
    touch(phone, "5 Innovator")
    phone.deliver()
    look(phone)
    assert phone.page.evaluate("scrollY") > 0, "a vote that is saved moves nothing"
    room.facilitator.show_votes(CODE)
    look(phone)
    assert phone.page.evaluate(on_title)
    assert phone.page.title().startswith("Votes shown: Reporting")
    phone.page.get_by_text("Read the five levels").click()
    phone.page.evaluate("scrollTo(0, 400)")
    room.open_voting(room.codes[2])
    look(phone)
    assert phone.page.evaluate(on_title)
    expect(phone.page.locator("h1:focus")).to_have_text("Councillor development")


def test_a_page_without_a_connection_looks_unlike_one_that_waits(phone: WidgetPage) -> None:
    style = "getComputedStyle(document.querySelector('.nps-bar'))"
    colours = f"(({{ color, backgroundColor }}) => [color, backgroundColor])({style})"
    waits = phone.page.evaluate(colours)
    phone.page.evaluate("dispatchEvent(new CustomEvent('nps:connection', { detail: { connected: false } }))")
    assert phone.page.evaluate(colours) == waits[::-1]


def test_nothing_moves_when_a_vote_is_saved(phone: WidgetPage) -> None:
    places = "[...document.querySelectorAll('.nps-choice')].map((row) => Math.round(row.getBoundingClientRect().top))"
    touch(phone, "2 Developing")
    before = phone.page.evaluate(places)
    phone.deliver()
    expect(bar(phone)).to_contain_text("Saved")
    assert phone.page.evaluate(places) == before


@pytest.mark.parametrize("width", [320, 390])
def test_no_state_has_faults_of_accessibility_or_scrolls_sideways(phone: WidgetPage, room: Room, width: int) -> None:
    def check() -> None:
        look(phone)
        assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert width < 390 or phone.page.evaluate(FITS_TWICE_AS_LARGE)
        check_with_axe(phone.page)

    phone.page.set_viewport_size({"width": width, "height": 568})
    check()
    room.vote(CODE, 3, 4)
    check()
    room.facilitator.show_votes(CODE)
    check()
    room.facilitator.record(VotingOpened(room.session, CODE, 2))
    check()
    room.vote(CODE, 3, 3, round_number=2)
    room.facilitator.show_votes(CODE)
    check()
    room.agree(CODE, 3)
    check()
    room.close()
    check()
