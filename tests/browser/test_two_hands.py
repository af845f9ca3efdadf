"""Two facilitators at one action or one score, as one of them sees it: nothing that was not shown is written over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from messages import attached, send
from playwright.sync_api import Browser, Page, expect
from room import Room, make_room
from sqlalchemy import Engine
from widget_page import WidgetPage

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import ActionAgreed, ActionChanged, ScoreRecorded, TargetSet, Words
from npswidgets.screens import facilitator
from npswidgets.screens.facilitator import FacilitatorScreen
from npswidgets.store.opening import store_of

pytestmark = pytest.mark.browser

CODE = "reporting"


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine)
    room.agree(CODE, 2)
    room.facilitator.record(
        TargetSet(room.session, CODE, 3), ActionAgreed(room.session, CODE, "a1", Words("Brief scrutiny"), Words(""))
    )
    return room


@pytest.fixture
def screen(room: Room) -> FacilitatorScreen:
    return attached(facilitator.build(), store_of(room.engine, Actor(room.workshop.id, "facilitator")))  # type: ignore[no-any-return]


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    yield context.new_page()
    context.close()


def look(page: WidgetPage, screen: FacilitatorScreen) -> None:
    """The page follows the record."""
    screen.controller.store.refresh()
    screen.draw()
    page.show()


def test_the_owner_of_an_action_is_written_over_only_once_it_was_read(
    tab: Page, room: Room, screen: FacilitatorScreen
) -> None:
    send(screen.bar, {"kind": "menu_chosen", "action": "read_back", "session": ""})
    now = screen.now
    action = {one["label"]: one["action"] for one in [now.main, *now.others] if one}["Choose topics for action"]
    send(now, {"kind": "pressed", "action": action, "moment": now.moment})
    page = WidgetPage(tab, screen.widget)

    def theirs(owner: str) -> None:
        room.facilitator.record(ActionChanged(room.session, CODE, "a1", Words("Brief scrutiny"), Words(owner)))

    def owner() -> str:
        return str(room.workshop.topics[CODE].actions["a1"].owner)

    field = tab.get_by_label("Who (job title)")
    field.fill("Mine")
    theirs("Theirs")
    field.blur()
    page.deliver()
    expect(tab.get_by_text("The other screen changed this text in between: “Theirs”").first).to_be_visible()
    expect(field).to_have_value("Mine")
    theirs("Theirs, and more")
    for _ in range(2):
        assert owner() == "Theirs, and more"
        tab.get_by_role("button", name="Save mine").locator("visible=true").click()
        page.deliver()
    assert owner() == "Mine"
    expect(tab.get_by_role("button", name="Save mine").locator("visible=true")).to_have_count(0)
    theirs("Theirs again")
    look(page, screen)
    expect(tab.get_by_text("The other screen has changed this text since. Yours was: “Mine”").first).to_be_visible()
    expect(field).to_have_value("Theirs again")


def test_why_a_topic_does_not_apply_is_settled_like_a_score(tab: Page, room: Room, screen: FacilitatorScreen) -> None:
    send(screen.bar, {"kind": "menu_chosen", "action": "tidy", "session": ""})
    tab.clock.install()
    page = WidgetPage(tab, screen.widget)

    def theirs(why: str) -> None:
        room.facilitator.record(ScoreRecorded(room.session, CODE, not_applicable=Words(why)))

    def why() -> str:
        score = room.workshop.topics[CODE].score
        return str(score.not_applicable) if score else ""

    theirs("Theirs")
    look(page, screen)
    field = tab.get_by_label("Why does this topic not apply?").locator("visible=true")
    tab.clock.pause_at(datetime.now(UTC) + timedelta(seconds=30))  # no pause in typing ends before theirs is there
    field.fill("Mine")
    theirs("Theirs, and more")
    look(page, screen)
    tab.clock.resume()
    field.blur()
    page.deliver()
    expect(tab.get_by_text("in between: “Theirs, and more”").locator("visible=true")).to_be_visible()
    assert why() == "Theirs, and more"
    tab.get_by_role("button", name="Save mine").locator("visible=true").click()
    page.deliver()
    assert why() == "Mine"
