"""The wall in a real browser: what fits, at which size, and that nothing moves."""

from collections.abc import Iterator
from typing import Any

import pytest
from messages import attached
from playwright.sync_api import Browser, Page, expect
from room import Room, make_room
from scales import room_of
from sqlalchemy import Engine
from widget_page import WidgetPage

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import ActionAgreed, ClosingShown, ScoreRecorded, TopicPresented, VotingOpened, Words
from npswidgets.screens import projector
from npswidgets.store import access
from npswidgets.store.opening import store_of
from npswidgets.store.rubric_files import load_rubric
from npswidgets.store.wifi import Wifi, keep_wifi

pytestmark = pytest.mark.browser

CODE = "reporting"
LONGEST = "procurement-with-vcses"
SIZES = [(1920, 1080), (1280, 720), (1024, 768)]
ROWS = "[...document.querySelectorAll('tbody tr')].map((row) => Math.round(row.getBoundingClientRect().top))"
CUT_OFF = """[...document.querySelectorAll('.nps-body:not([hidden])')].filter((part) =>
  part.scrollHeight > part.clientHeight + 2 || part.scrollWidth > part.clientWidth + 2).length"""
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Until sizes that depend on other widgets have settled."""

PIXELS = """(selector) => Math.round(parseFloat(getComputedStyle(document.querySelector(selector)).fontSize)
  / Math.min(innerWidth / 1920, innerHeight / 1080))"""


@pytest.fixture
def room(engine: Engine) -> Room:
    access.set_server_value(engine, "address", "http://10.0.0.1:8866")
    return make_room(engine, people=18, sessions=(("Theme", ("engaging-councillors", "engaging-vcses")),))


@pytest.fixture(params=SIZES, ids=str)
def tab(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    page = chromium.new_page(viewport={"width": width, "height": height})
    yield page
    page.close()


class Wall:
    """The wall in a page, which looks when it is told to."""

    def __init__(self, tab: Page, room: Room) -> None:
        self.store = store_of(room.engine, Actor(room.created.workshop, "projector"))
        self.screen = attached(projector.build(), self.store)
        self.page = tab
        self._widgets = WidgetPage(tab, self.screen.widget.children, "nps-page nps-page-wall")

    def look(self) -> None:
        self.store.refresh()
        attached(self.screen, self.store)
        self._widgets.show()
        self.page.evaluate(TWO_FRAMES)

    def measure(self, script: str, argument: str | None = None) -> Any:
        return self.page.evaluate(script, argument)


@pytest.fixture
def wall(tab: Page, room: Room) -> Wall:
    return Wall(tab, room)


def test_rows_keep_their_place_from_before_the_first_to_after_the_third_vote(wall: Wall, room: Room) -> None:
    room.facilitator.record(TopicPresented(room.session, CODE))
    wall.look()
    places = wall.measure(ROWS)
    assert len(places) == 5
    for number, answers in enumerate(([1] * 4 + [2] * 7 + [4] * 7, [2] * 12 + [3] * 6, [2] * 18), start=1):
        room.facilitator.record(VotingOpened(room.session, CODE, number))
        wall.look()
        assert wall.measure(ROWS) == places
        room.vote(CODE, *answers, round_number=number)
        room.facilitator.show_votes(CODE)
        wall.look()
        assert wall.measure(ROWS) == places
        assert wall.measure(CUT_OFF) == 0
    expect(wall.page.get_by_text("All 18 votes are at level 2")).to_be_visible()


def test_statements_are_as_large_as_fits(wall: Wall, room: Room) -> None:
    room.facilitator.record(TopicPresented(room.session, CODE))
    wall.look()
    assert 36 <= wall.measure(PIXELS, "tbody .nps-statements") <= 48
    assert wall.measure(PIXELS, "tbody b") == 64
    assert wall.measure(CUT_OFF) == 0
    expect(wall.page.get_by_text("Read the levels on your phone or sheet")).to_be_hidden()


def test_statements_that_do_not_fit_give_way_to_the_names(wall: Wall, room: Room) -> None:
    room.facilitator.record(TopicPresented(room.session, LONGEST))
    wall.look()
    expect(wall.page.get_by_text("Read the levels on your phone or sheet")).to_be_visible()
    expect(wall.page.locator("tbody .nps-statements").first).to_have_text("", use_inner_text=True)
    assert wall.measure(PIXELS, "tbody b") == 80
    assert wall.measure(CUT_OFF) == 0


def test_joining_and_the_agreed_score_fit_into_the_picture(wall: Wall, room: Room) -> None:
    expect(wall.page.get_by_role("img", name="QR code that opens 10.0.0.1:8866")).to_be_visible()
    assert wall.measure(PIXELS, ".nps-code") >= 140
    assert wall.measure(PIXELS, ".nps-address") >= 80
    assert wall.measure(CUT_OFF) == 0
    room.facilitator.record(TopicPresented(room.session, LONGEST), ScoreRecorded(room.session, LONGEST, 4))
    wall.look()
    assert wall.measure(PIXELS, ".nps-big") == 200
    assert wall.measure(CUT_OFF) == 0


def test_a_wifi_and_a_long_address_fit_into_the_picture(wall: Wall, room: Room) -> None:
    keep_wifi(room.engine, Wifi("NPS-Workshop", "procurement"))
    access.set_server_value(room.engine, "address", "http://192.168.178.120:8866")
    wall.look()
    for code in ("joins the Wi-Fi NPS-Workshop", "opens 192.168.178.120:8866"):
        expect(wall.page.get_by_role("img", name=f"QR code that {code}")).to_be_visible()
    assert wall.measure(PIXELS, ".nps-code") >= 140
    assert wall.measure(CUT_OFF) == 0


def test_what_was_agreed_fits_into_the_picture(tab: Page, engine: Engine) -> None:
    longest = max(load_rubric("nps-2018").themes, key=lambda theme: len(theme.value_codes))
    room = make_room(engine, sessions=(("Theme", (longest.id,)),))
    room.score_all()
    room.facilitator.record(ClosingShown(room.session, "scores"))
    wall = Wall(tab, room)
    wall.look()
    assert len(room.codes) == 25
    assert wall.measure(CUT_OFF) == 0
    assert wall.measure(PIXELS, ".nps-pairs dt") >= 30


def test_five_actions_fit_into_the_picture(wall: Wall, room: Room) -> None:
    what = Words("A briefing on procurement for all councillors each quarter")
    owner = Words("Assistant director, adult social care")
    for number, code in enumerate(room.codes[:5]):
        room.facilitator.record(ActionAgreed(room.session, code, str(number), what, owner, "2026-09-30"))
    room.facilitator.record(ClosingShown(room.session, "actions"))
    wall.look()
    assert wall.measure(CUT_OFF) == 0
    assert wall.measure(PIXELS, ".nps-table td") == 48


def test_the_last_picture_stays_when_the_connection_is_lost(chromium: Browser, room: Room) -> None:
    tab = chromium.new_page(viewport={"width": 1920, "height": 1080})
    tab.clock.install()
    room.facilitator.record(TopicPresented(room.session, CODE))
    wall = Wall(tab, room)
    reconnecting = tab.get_by_text("Reconnecting")
    tab.evaluate("dispatchEvent(new CustomEvent('nps:connection', { detail: { connected: false } }))")
    expect(reconnecting).to_be_hidden()
    tab.clock.run_for(5000)
    expect(reconnecting).to_be_visible()
    expect(wall.page.get_by_role("heading", name="Reporting")).to_be_visible()
    tab.evaluate("dispatchEvent(new CustomEvent('nps:connection', { detail: { connected: true } }))")
    expect(reconnecting).to_be_hidden()
    tab.close()


@pytest.mark.parametrize("length", [3, 7, 10])
def test_the_levels_of_a_longer_scale_fit_into_the_picture(
    tab: Page, engine: Engine, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    access.set_server_value(engine, "address", "http://10.0.0.1:8866")
    room = room_of(engine, length, monkeypatch)
    room.open_voting(room.codes[0])
    wall = Wall(tab, room)
    wall.page.evaluate(TWO_FRAMES)
    assert wall.page.locator("tbody tr").count() == length
    assert wall.page.evaluate(CUT_OFF) == 0
