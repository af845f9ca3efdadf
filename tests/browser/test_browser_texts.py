"""What is pasted into a field is shown as it is stored, and the field says that it is saved."""

import re
from collections.abc import Iterator

import pytest
from messages import attached, cast, send
from playwright.sync_api import Browser, Locator, Page, expect
from room import Room, make_room
from serving import WAIT_SECONDS, wait_until
from sqlalchemy import Engine
from widget_page import WidgetPage

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import ActionAgreed, ActionChanged, NoteWritten, Words
from npswidgets.screens import facilitator, participant
from npswidgets.screens.facilitator import FacilitatorScreen
from npswidgets.store.opening import store_of

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_SECONDS * 1000)

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
