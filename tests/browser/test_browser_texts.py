"""What is pasted into a field is shown as it is stored, and the field says that it is saved."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from messages import attached, cast, send
from playwright.sync_api import Browser, Locator, Page, expect
from room import Room, make_room
from serving import wait_until
from sqlalchemy import Engine
from widget_page import WidgetPage

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import (
    ActionAgreed,
    ActionChanged,
    ActionDropped,
    NoteWritten,
    ScoreRecorded,
    TargetSet,
    Words,
)
from npswidgets.screens import facilitator, participant
from npswidgets.screens.facilitator import FacilitatorScreen
from npswidgets.store.opening import store_of

pytestmark = pytest.mark.browser

CODE = "reporting"
PASTED, STORED = "Monthly\x00 \u202ebriefings\u2028\ud83d for\ufeff all ", "Monthly briefings\n for all"


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    yield context.new_page()
    context.close()


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, people=1)
    room.open_voting(CODE)
    return room


@pytest.fixture
def desk(room: Room) -> FacilitatorScreen:
    return open_desk(room)


def open_desk(room: Room) -> FacilitatorScreen:
    store = store_of(room.engine, Actor(room.created.workshop, "facilitator"))
    return attached(facilitator.build(), store)  # type: ignore[no-any-return]


def paste(field: Locator) -> None:
    """Puts the text in as a paste does; Playwright itself cannot carry half an emoji."""
    field.focus()
    field.evaluate(
        """(field, units) => {
            field.value = String.fromCharCode(...units);
            field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
        }""",
        [
            int.from_bytes(PASTED.encode("utf-16-be", "surrogatepass")[at : at + 2])
            for at in range(0, 2 * len(PASTED), 2)
        ],
    )


def saved(page: WidgetPage, field: Locator, state: Locator, stored: str) -> None:
    """The field shows what is stored while somebody is still in it, and says so."""
    expect(field).to_have_value(re.compile(rf"^{re.escape(stored)}\s*$"))

    def said() -> bool:
        page.deliver()
        return bool(re.fullmatch(r"Saved \d\d:\d\d|Your reason is saved\.", state.text_content() or ""))

    wait_until(said)


@pytest.mark.parametrize("label", ["Comment", "A different view", "Evidence"])
def test_a_note_is_shown_as_it_is_stored(room: Room, desk: FacilitatorScreen, tab: Page, label: str) -> None:
    send(desk.topics, {"kind": "looked_at", "code": CODE})
    page = WidgetPage(tab, [desk.notes], "nps-page nps-page-desk")
    if label != "Comment":
        tab.get_by_role("button", name=label.lower(), exact=True).click()
    field = tab.get_by_role("textbox", name=label, exact=True).first
    paste(field)
    saved(page, field, tab.locator(".nps-notes-form .nps-field", has=field).locator(".nps-state"), STORED)
    note = label.lower().replace("a ", "").replace(" ", "_")
    assert room.workshop.topics[CODE].note(note).strip() == STORED  # type: ignore[arg-type]


def test_a_reason_is_shown_as_it_is_stored(room: Room, tab: Page) -> None:
    voter = room.participants[0]
    voter.refresh()
    phone = attached(participant.build(), voter)
    cast(phone.pad, CODE, 3)
    page = WidgetPage(tab, phone.widget.children)
    tab.get_by_text("Add a reason (optional)").click()
    field = tab.get_by_role("textbox", name="Your reason (optional)")
    paste(field)
    tab.get_by_role("button", name="Save reason").click()
    saved(page, field, tab.locator(".nps-reason-state"), STORED)
    assert phone.pad.reason == STORED


def test_why_a_topic_does_not_apply_is_saved_with_a_space_behind_it(engine: Engine, tab: Page) -> None:
    """The store leaves the space out, and the field waited for it for ever."""
    room = make_room(engine)
    desk = attached(facilitator.build(), store_of(engine, Actor(room.created.workshop, "facilitator")))
    send(desk.bar, {"kind": "menu_chosen", "action": "tidy", "session": ""})
    page = WidgetPage(tab, [desk.tidy], "nps-page nps-page-desk")
    card = tab.locator(".nps-tidy-list .nps-card").first
    card.locator("select").select_option("not applicable")
    field = card.get_by_role("textbox", name="Why does this topic not apply?")
    field.press_sequentially("Others do it ")
    name = tab.get_by_role("textbox", name="Why does this topic not apply?")
    saved(page, field, card.locator(".nps-field", has=name).locator(".nps-state"), "Others do it")


def written_by_another(room: Room, text: str) -> None:
    """Another facilitator changes the comment, and what the one action is."""
    room.facilitator.record(NoteWritten(room.session, CODE, "comment", Words(text)))
    agreed = ActionChanged if room.workshop.topics[CODE].actions else ActionAgreed
    room.facilitator.record(agreed(room.session, CODE, "a1", Words(text), Words("Clerk"), None, Words("It is.")))


@pytest.mark.parametrize("place", ["a note", "a note to tidy", "an action"])
def test_what_was_given_up_for_theirs_is_not_sent_again(room: Room, tab: Page, place: str) -> None:
    """The window kept it, showed it again, and sent it again when the page was loaded anew."""
    written_by_another(room, "Before")
    desk = open_desk(room)
    send(desk.topics, {"kind": "looked_at", "code": CODE})
    if place != "a note":
        send(desk.bar, {"kind": "menu_chosen", "action": "tidy", "session": ""})
    widget = desk.notes if place == "a note" else desk.tidy
    page = WidgetPage(tab, [widget], "nps-page nps-page-desk")
    label = "What will be done" if place == "an action" else "Comment"
    at = room.codes.index(CODE) if place == "a note to tidy" else 0
    field = tab.get_by_role("textbox", name=re.compile(f"^{re.escape(label)}")).nth(at)
    expect(field).to_have_value("Before")
    written_by_another(room, "Theirs")
    field.fill("Mine")
    field.blur()
    page.deliver()
    tab.get_by_role("button", name="Keep theirs").click()
    page.deliver()
    expect(field).to_have_value("Theirs")
    page.open()
    expect(field).to_have_value("Theirs")
    assert not page.sent


def test_a_note_is_saved_to_its_own_topic_when_another_is_looked_at(
    room: Room, desk: FacilitatorScreen, tab: Page
) -> None:
    """What was typed was compared with the other topic's text, and thrown away where they were the same."""
    other = next(code for code in room.codes if code != CODE)
    room.facilitator.record(NoteWritten(room.session, other, "comment", Words("As before")))
    send(desk.topics, {"kind": "looked_at", "code": CODE})
    page = WidgetPage(tab, [desk.notes], "nps-page nps-page-desk")
    send(desk.topics, {"kind": "looked_at", "code": other})
    tab.get_by_role("textbox", name="Comment").evaluate(
        """(field, turned) => {
            field.value = "As before";
            field.dispatchEvent(new InputEvent("input", { bubbles: true }));
            window.models[0].update(turned);
        }""",
        {"code": other, "notes": desk.notes.notes},
    )
    page.deliver()
    assert room.workshop.topics[CODE].note("comment") == "As before"


@pytest.mark.parametrize("typed", ["that a lost connection swallowed", "in the pause of which it goes away"])
def test_a_note_that_did_not_arrive_is_sent_once_more_when_its_field_goes_away(
    room: Room, desk: FacilitatorScreen, tab: Page, typed: str
) -> None:
    """What was sent into a lost connection was not sent again until its topic was looked at."""
    other = next(code for code in room.codes if code != CODE)
    send(desk.topics, {"kind": "looked_at", "code": CODE})
    page = WidgetPage(tab, [desk.notes], "nps-page nps-page-desk")
    field = tab.get_by_role("textbox", name="Comment")
    tab.clock.install()
    tab.clock.pause_at(datetime.now(UTC) + timedelta(days=1))
    field.fill("Heard in the room")
    if typed == "that a lost connection swallowed":
        field.blur()
        lost = tab.evaluate("window.sent.splice(0)")
        assert "Heard in the room" in [content.get("text") for _, content in lost]
    send(desk.topics, {"kind": "looked_at", "code": other})
    page.show()
    tab.clock.run_for(10_000)
    assert [said["code"] for said in page.deliver() if said["kind"] == "note_typed"] == [CODE]
    assert room.workshop.topics[CODE].note("comment") == "Heard in the room"
    send(desk.topics, {"kind": "looked_at", "code": CODE})
    page.show()
    expect(field).to_have_value("Heard in the room")
    assert not page.sent


def tidying(desk: FacilitatorScreen, tab: Page) -> WidgetPage:
    """The list to check before sign-off; time stands still, so that what is typed is not saved by a pause."""
    page = WidgetPage(tab, [desk.tidy], "nps-page nps-page-desk")
    look(desk, page, "tidy")
    tab.clock.install()
    tab.clock.pause_at(datetime.now(UTC) + timedelta(days=1))
    return page


def look(desk: FacilitatorScreen, page: WidgetPage, action: str) -> None:
    """The page reads what is newer, and turns to a page of the menu."""
    desk.controller.store.refresh()
    send(desk.bar, {"kind": "menu_chosen", "action": action, "session": ""})
    page.show()


def swallowed(tab: Page, kind: str) -> None:
    """What the page has just sent goes into a lost connection."""
    assert kind in [content["kind"] for _, content in tab.evaluate("window.sent.splice(0)")]


@pytest.mark.parametrize("label", ["Comment", "What will be done", "Who (job title)", "Done when"])
def test_what_did_not_arrive_from_a_list_is_sent_once_more_when_its_fields_go_away(
    room: Room, desk: FacilitatorScreen, tab: Page, label: str
) -> None:
    """It was sent as made from no text at all when the connection was back, or not at all."""
    written_by_another(room, "Before")
    page = tidying(desk, tab)
    at = room.codes.index(CODE) if label == "Comment" else 0
    field = tab.get_by_role("textbox", name=re.compile(f"^{re.escape(label)}")).nth(at)
    field.fill("Heard in the room")
    field.blur()
    swallowed(tab, "note_typed" if label == "Comment" else "action_typed")
    look(desk, page, "read_back")
    expect(field).to_have_count(0)
    assert [said["text"] for said in page.deliver()] == ["Heard in the room"]
    look(desk, page, "tidy")
    expect(field).to_have_value("Heard in the room")
    assert (desk.tidy.clash, desk.tidy.problem) == ({}, "")
    tab.evaluate("dispatchEvent(new Event('offline')); dispatchEvent(new Event('online'))")
    assert not page.sent


def test_an_action_that_another_screen_took_out_keeps_the_words_that_were_typed_into_it(
    room: Room, desk: FacilitatorScreen, tab: Page
) -> None:
    """They went away with it, or brought it back without a word."""
    written_by_another(room, "Before")
    page = tidying(desk, tab)
    who = tab.get_by_role("textbox", name=re.compile(r"^Who \(job title\)"))
    who.fill("Head of procurement")
    room.facilitator.record(ActionDropped(room.session, CODE, "a1"))
    look(desk, page, "tidy")
    who.blur()
    expect(tab.get_by_text("The other screen took this action out.")).to_be_visible()
    assert not page.sent
    page.open()
    expect(who).to_have_value("Head of procurement")
    tab.get_by_role("button", name="Put it back").click()
    page.deliver()
    page.deliver()
    [action] = room.workshop.topics[CODE].actions.values()
    assert [str(action.what), str(action.owner), str(action.done_when)] == ["Before", "Head of procurement", "It is."]
    expect(tab.get_by_text("The other screen took this action out.")).to_be_hidden()
    expect(who).to_have_value("Head of procurement")
    assert not page.deliver()


def test_words_for_an_action_that_is_taken_out_can_be_taken_out_too(
    room: Room, desk: FacilitatorScreen, tab: Page
) -> None:
    written_by_another(room, "Before")
    page = tidying(desk, tab)
    what = tab.get_by_role("textbox", name=re.compile("^What will be done"))
    what.fill("Mine")
    room.facilitator.record(ActionDropped(room.session, CODE, "a1"))
    look(desk, page, "tidy")
    tab.get_by_role("button", name="Take out this action").click()
    expect(what).to_have_count(0)
    assert not page.sent
    assert not room.workshop.topics[CODE].actions


def test_an_action_that_is_begun_stays_in_view_when_another_screen_gives_its_topic_up(
    room: Room, desk: FacilitatorScreen, tab: Page
) -> None:
    room.vote(CODE, 2)
    room.facilitator.show_votes(CODE)
    room.facilitator.record(ScoreRecorded(room.session, CODE, 2), TargetSet(room.session, CODE, 3))
    page = WidgetPage(tab, [desk.actions], "nps-page nps-page-desk")
    look(desk, page, "read_back")
    send(desk.now, {"kind": "pressed", "action": "actions", "moment": desk.now.moment})
    page.show()
    tab.get_by_role("textbox", name=re.compile("^Who")).fill("Head of procurement")
    state = tab.get_by_text("Not saved yet: first write what will be done.")
    expect(state).to_be_visible()
    assert state.evaluate("(one) => one.scrollWidth <= one.clientWidth"), "it is read whole in a narrow column"
    room.facilitator.record(TargetSet(room.session, CODE, None))
    send(desk.actions, {"kind": "topic_chosen", "code": CODE, "chosen": False})
    page.show()
    assert not desk.actions.topics[0]["chosen"]
    expect(tab.get_by_role("textbox", name=re.compile("^Who"))).to_have_value("Head of procurement")
    tab.get_by_role("textbox", name=re.compile("^What")).fill("Ask members")
    tab.get_by_role("textbox", name=re.compile("^What")).blur()
    page.deliver()
    page.deliver()
    [action] = room.workshop.topics[CODE].actions.values()
    assert [str(action.what), str(action.owner)] == ["Ask members", "Head of procurement"]


def test_why_a_topic_does_not_apply_never_goes_over_a_score_that_came_in_between(
    room: Room, desk: FacilitatorScreen, tab: Page
) -> None:
    """The score was taken back without being looked at, and the words went out of view."""
    room.vote(CODE, 2)
    room.facilitator.show_votes(CODE)
    page = tidying(desk, tab)
    card = tab.locator(".nps-tidy-list .nps-card").nth(room.codes.index(CODE))
    card.locator("select").select_option("not applicable")
    why = card.get_by_role("textbox", name="Why does this topic not apply?")
    why.fill("Others do it")
    room.facilitator.record(ScoreRecorded(room.session, CODE, 2))
    look(desk, page, "tidy")
    why.blur()
    assert not page.sent
    expect(why).to_have_value("Others do it")
    expect(card.get_by_text("Not saved: the topic has a score now.")).to_be_visible()
    card.locator("select").select_option("not applicable")
    why.press("End")
    why.press("!")
    why.blur()
    page.deliver()
    score = room.workshop.topics[CODE].score
    assert score
    assert str(score.not_applicable) == "Others do it!"


def test_a_day_for_the_draft_report_goes_to_the_session_that_it_was_typed_for(engine: Engine, tab: Page) -> None:
    room = make_room(
        engine, sessions=(("Members", ("engaging-councillors",)), ("Officers", ("engaging-senior-managers",)))
    )
    desk = open_desk(room)
    page = WidgetPage(tab, [desk.actions], "nps-page nps-page-desk")
    first, second = room.workshop.sessions
    day = f"{datetime.now(UTC).year}-12-24"
    tab.get_by_label("Send the draft report by").fill(day)
    send(desk.bar, {"kind": "menu_chosen", "action": "session", "session": second})
    page.show()
    page.deliver()
    assert [str(room.workshop.sessions[one].draft_by) for one in (first, second)] == [day, "None"]


def test_a_reason_that_is_not_saved_says_so_and_is_kept_to_be_said_when_the_votes_are_shown(
    room: Room, tab: Page
) -> None:
    voter = room.participants[0]
    voter.refresh()
    phone = attached(participant.build(), voter)
    first = cast(phone.pad, CODE, 3)
    page = WidgetPage(tab, phone.widget.children)
    tab.get_by_text("Add a reason (optional)").click()
    tab.get_by_role("textbox", name="Your reason (optional)").fill("Nobody sends us reports.")
    expect(tab.locator(".nps-reason-state")).to_have_text("Your reason is not saved yet.")
    bar = tab.get_by_role("group", name="Your vote")
    bar.get_by_role("button", name="Save reason").click()
    page.deliver()
    expect(bar).not_to_contain_text("reason")
    cast(phone.pad, CODE, 1, replaces=first)
    page.deliver()
    expect(tab.locator(".nps-reason-state")).to_have_text("This reason was for 3. Save it again if it holds for 1.")
    room.facilitator.show_votes(CODE)
    send(phone.pad, {"kind": "look"})
    page.deliver()
    late = tab.locator(".nps-late-reason")
    expect(late).to_contain_text("Your reason was not saved; the votes are shown.")
    expect(late).to_contain_text("Nobody sends us reports.")
