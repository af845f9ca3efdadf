"""A reason that was typed and not saved: its owner is told, keeps the text, and it goes under no other vote."""

from collections.abc import Iterator

import pytest
from messages import attached, cast, send
from playwright.sync_api import Browser, Page, expect
from room import Room, make_room
from sqlalchemy import Engine
from widget_page import WidgetPage

from npswidgets.domain.events import (
    BreakStarted,
    Event,
    PeopleTakenOut,
    TopicPresented,
    VotesDiscarded,
    VotingOpened,
    VotingStopped,
)
from npswidgets.screens import participant
from npswidgets.screens.participant import ParticipantScreen

pytestmark = pytest.mark.browser

CODE = "reporting"
WHY = "Nobody sends us reports."


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 390, "height": 664})
    yield context.new_page()
    context.close()


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, people=1)


class Phone:
    """The page of the only participant, as it is in the browser."""

    def __init__(self, room: Room, tab: Page) -> None:
        self.room, self.tab = room, tab
        self.store = room.participants[0]
        self.store.refresh()
        self.screen: ParticipantScreen = attached(participant.build(), self.store)
        self.page = WidgetPage(tab, self.screen.widget.children)
        self.late, self.state = tab.locator(".nps-late-reason"), tab.locator(".nps-reason-state")
        self.bar = tab.get_by_role("group", name="Your vote")
        self.field = tab.locator("#nps-reason")

    def look(self, *events: Event) -> None:
        """These happen, and the page follows."""
        if events:
            self.room.facilitator.record(*events)
        send(self.screen.pad, {"kind": "look"})
        self.page.deliver()

    def vote(self, answer: int, number: int = 1) -> None:
        own = self.store.own_ballots().get((CODE, number))
        cast(self.screen.pad, CODE, answer, number, replaces=own.id if own else None)
        self.page.deliver()

    def type(self, text: str = WHY) -> None:
        if not self.field.is_visible():
            self.tab.get_by_text("Add a reason (optional)").click()
        self.field.fill(text)


@pytest.fixture
def phone(room: Room, tab: Page) -> Phone:
    room.open_voting(CODE)
    return Phone(room, tab)


def test_it_is_told_and_kept_whatever_ends_the_vote(phone: Phone) -> None:
    phone.vote(3)
    phone.type()
    phone.look(VotingStopped(phone.room.session, CODE, 1))
    expect(phone.late).to_contain_text("Not saved: your reason for 3 on Reporting")
    phone.look(VotingOpened(phone.room.session, CODE, 1))
    expect(phone.late).to_be_hidden()
    expect(phone.field).to_have_value(WHY)
    other = next(code for code in phone.room.codes if code != CODE)
    phone.look(VotingStopped(phone.room.session, CODE, 1), TopicPresented(phone.room.session, other))
    expect(phone.late).to_contain_text("your reason for 3 on Reporting")
    phone.look(BreakStarted(phone.room.session, "11:15"))
    phone.page.open()
    phone.bar.get_by_role("button", name="See unsaved reason").click()
    expect(phone.late.get_by_text(WHY)).to_be_visible()
    phone.look(PeopleTakenOut(phone.room.session, (phone.store.actor.participant or "",)))
    expect(phone.late).to_contain_text(WHY)
    phone.room.close()
    phone.look()
    expect(phone.late).to_contain_text(WHY)
    phone.tab.get_by_role("button", name="Delete this text").click()
    expect(phone.late).to_be_hidden()
    expect(phone.bar.get_by_role("button")).to_have_count(0)
    phone.page.open()
    expect(phone.late).to_be_hidden()


def test_it_is_told_when_the_score_was_saved_before_the_page_came_back(phone: Phone) -> None:
    phone.vote(3)
    phone.type()
    phone.room.facilitator.show_votes(CODE)
    phone.room.agree(CODE, 3)
    phone.look()
    expect(phone.late).to_contain_text("Not saved: your reason for 3 on Reporting")
    assert phone.room.facilitator.reasons(CODE) == ()


def test_it_waits_while_first_scores_are_given_and_is_told_when_they_close(room: Room, tab: Page) -> None:
    room.facilitator.record(*(VotingOpened(room.session, code, 0) for code in room.codes))
    phone = Phone(room, tab)
    send(phone.screen.first, {"kind": "look_at", "code": CODE})
    phone.vote(3, number=0)
    phone.type()
    other = next(code for code in room.codes if code != CODE)
    send(phone.screen.first, {"kind": "look_at", "code": other})
    phone.page.deliver()
    expect(phone.late).to_contain_text("Not saved: your reason for 3 on Reporting")
    expect(phone.field).to_have_value("")
    send(phone.screen.first, {"kind": "look_at", "code": CODE})
    phone.page.deliver()
    expect(phone.late).to_be_hidden()
    expect(phone.field).to_have_value(WHY)
    for code in room.codes:
        room.facilitator.show_votes(code)
    phone.look()
    expect(phone.late).to_contain_text("Not saved: your reason for 3 on Reporting")


def test_what_was_typed_for_one_answer_is_asked_for_again_for_another_one_after_a_reload_too(phone: Phone) -> None:
    phone.vote(3)
    phone.type()
    phone.vote(1)
    expect(phone.bar).to_contain_text("open in another window")
    expect(phone.bar.get_by_role("button", name="Save reason")).to_be_visible()
    expect(phone.state).to_have_text("This reason was for 3. Save it again if it holds for 1.")
    phone.page.open()
    expect(phone.field).to_have_value(WHY)
    expect(phone.state).to_have_text("This reason was for 3. Save it again if it holds for 1.")
    again = VotesDiscarded(phone.room.session, CODE, 1), VotingOpened(phone.room.session, CODE, 1)
    phone.look(VotingStopped(phone.room.session, CODE, 1), *again)
    expect(phone.late).to_contain_text("Not saved: your reason for 3 on Reporting")


def test_a_reason_that_another_window_has_saved_is_shown_and_not_taken_back(phone: Phone) -> None:
    phone.vote(3)
    send(phone.screen.pad, {"kind": "reason", "code": CODE, "round": 1, "text": WHY})
    phone.page.deliver()
    expect(phone.field).to_have_value(WHY)
    expect(phone.bar).not_to_contain_text("reason")


def test_a_reason_sent_into_a_lost_connection_is_sent_again_and_is_not_called_unsaved_when_it_arrived(
    phone: Phone,
) -> None:
    phone.vote(3)
    phone.type()
    phone.tab.evaluate("dispatchEvent(new CustomEvent('nps:connection', { detail: { connected: false } }))")
    expect(phone.bar).to_contain_text("Your vote 3 is saved, your reason is not.")
    phone.tab.evaluate("window.sent.length = 0")
    phone.tab.evaluate("dispatchEvent(new CustomEvent('nps:connection', { detail: { connected: true } }))")
    phone.bar.get_by_role("button", name="Save reason").click()
    phone.tab.evaluate("window.sent.length = 0")  # it was lost on its way
    phone.tab.evaluate("dispatchEvent(new CustomEvent('nps:connection', { detail: { connected: false } }))")
    phone.tab.evaluate("dispatchEvent(new CustomEvent('nps:connection', { detail: { connected: true } }))")
    phone.tab.wait_for_function("window.sent.length")
    phone.page.deliver()
    phone.room.facilitator.show_votes(CODE)
    phone.room.agree(CODE, 3)
    phone.look()
    expect(phone.late).to_be_hidden()
    assert [one.text for one in phone.room.facilitator.reasons(CODE)] == [WHY]
