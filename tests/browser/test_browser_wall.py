"""The wall in a real browser: what fits, at which size, and that nothing moves."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from messages import attached
from playwright.sync_api import Browser, Page, expect
from room import Room, make_room
from scales import diagnostic_of, room_of
from sqlalchemy import Engine
from widget_page import WidgetPage

from npswidgets.domain.actor import Actor
from npswidgets.domain.days import in_a_quarter_of_an_hour
from npswidgets.domain.events import (
    ActionAgreed,
    BreakStarted,
    ClosingShown,
    ReasonShown,
    ScoreRecorded,
    TopicPresented,
    VotingOpened,
    Words,
)
from npswidgets.screens import projector
from npswidgets.screens.levels import level_rows
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
  part.scrollHeight > part.clientHeight + 2 || part.scrollWidth > part.clientWidth + 2)
  .map((part) => `${part.parentElement.className} ${part.scrollHeight} ${part.clientHeight}`)"""
"""What is cut off: none where all is well."""
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
        self.show()

    def show(self) -> None:
        self._widgets.show()
        self.page.evaluate(TWO_FRAMES)

    def measure(self, script: str, argument: Any = None) -> Any:
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
        assert wall.measure(CUT_OFF) == []
        reason = Words("Reports come when a decision is due, and never before. " * (1 if number < 3 else 9))
        room.facilitator.record(ReasonShown(room.session, CODE, number, reason))
        wall.look()
        assert wall.measure(ROWS) == places, "a reason lies over the title"
        assert wall.measure(CUT_OFF) == []
    expect(wall.page.get_by_text("All 18 votes are at level 2")).to_be_visible()


def test_statements_are_as_large_as_fits(wall: Wall, room: Room) -> None:
    room.facilitator.record(TopicPresented(room.session, CODE))
    wall.look()
    assert wall.measure(PIXELS, "tbody .nps-statements") == 48
    assert wall.measure(PIXELS, "tbody b") == 64
    assert wall.measure(CUT_OFF) == []


def test_statements_that_are_too_long_for_the_picture_give_way_to_the_names(tab: Page, engine: Engine) -> None:
    room = make_room(engine)
    room.facilitator.record(TopicPresented(room.session, CODE))
    wall = Wall(tab, room)
    levels = [level | {"statements": level["statements"] * 12} for level in wall.screen.board.levels]
    wall.screen.board.levels = levels
    wall.show()
    expect(tab.get_by_text("Read the levels on your phone or sheet")).to_be_visible()
    expect(tab.locator("tbody .nps-statements").first).to_be_hidden()
    assert wall.measure(PIXELS, "tbody b") == 80
    assert wall.measure(CUT_OFF) == []


def test_joining_and_the_agreed_score_fit_into_the_picture(wall: Wall, room: Room) -> None:
    expect(wall.page.get_by_role("img", name="QR code that opens 10.0.0.1:8866")).to_be_visible()
    assert wall.measure(PIXELS, ".nps-code") >= 140
    assert wall.measure(PIXELS, ".nps-address") >= 80
    wide = wall.page.get_by_role("img").bounding_box()
    assert wide
    assert wide["width"] >= 699 * min(wall.measure("innerWidth") / 1920, wall.measure("innerHeight") / 1080)
    assert wall.measure(CUT_OFF) == []
    room.facilitator.record(TopicPresented(room.session, LONGEST), ScoreRecorded(room.session, LONGEST, 4))
    wall.look()
    assert wall.measure(PIXELS, ".nps-big") == 200
    assert wall.measure(CUT_OFF) == []


def test_a_wifi_and_a_long_address_fit_into_the_picture(wall: Wall, room: Room) -> None:
    keep_wifi(room.engine, Wifi("NPS-Workshop", "procurement"))
    access.set_server_value(room.engine, "address", "http://192.168.178.120:8866")
    wall.look()
    for code in ("joins the Wi-Fi NPS-Workshop", "opens 192.168.178.120:8866"):
        expect(wall.page.get_by_role("img", name=f"QR code that {code}")).to_be_visible()
    assert wall.measure(PIXELS, ".nps-code") >= 140
    assert wall.measure(CUT_OFF) == []


def test_what_was_agreed_fits_into_the_picture(tab: Page, engine: Engine) -> None:
    longest = max(load_rubric("nps-2018").themes, key=lambda theme: len(theme.value_codes))
    room = make_room(engine, sessions=(("Theme", (longest.id,)),))
    room.score_all()
    room.facilitator.record(ClosingShown(room.session, "scores"))
    wall = Wall(tab, room)
    wall.look()
    assert len(room.codes) == 25
    assert wall.measure(CUT_OFF) == []
    assert wall.measure(PIXELS, ".nps-pairs dt") >= 30


@pytest.mark.parametrize("number", [2, 12])
def test_what_all_sessions_agreed_fits_into_the_picture_and_is_read_on_a_phone(
    chromium: Browser, engine: Engine, number: int
) -> None:
    codes = list(load_rubric().value_codes)
    length = -(-len(codes) // number)
    parts = [tuple(codes[at : at + length]) for at in range(0, len(codes), length)]
    room = make_room(engine, sessions=tuple((f"Group {at}: {part[0]}", part) for at, part in enumerate(parts, 1)))
    given = [(session, code) for session in room.workshop.sessions for code in room.workshop.sessions[session].codes]
    room.facilitator.record(*(ScoreRecorded(session, code, 2) for session, code in given))
    tab = chromium.new_page(viewport={"width": 1920, "height": 1080})
    Wall(tab, room)
    tab.evaluate(TWO_FRAMES)
    assert tab.evaluate(CUT_OFF) == []
    assert tab.evaluate(PIXELS, "dt") >= 18
    tab.set_viewport_size({"width": 390, "height": 664})
    tab.evaluate(TWO_FRAMES)
    assert tab.evaluate("getComputedStyle(document.querySelector('dt')).fontSize") == "17px"
    assert tab.evaluate("document.scrollingElement.scrollWidth") == 390
    tab.locator("dt").last.scroll_into_view_if_needed()
    expect(tab.locator("dt").last).to_be_in_viewport()
    tab.close()


def test_five_actions_fit_into_the_picture(wall: Wall, room: Room) -> None:
    what = Words("A briefing on procurement for all councillors each quarter")
    owner = Words("Assistant director, adult social care")
    for number, code in enumerate(room.codes[:5]):
        room.facilitator.record(ActionAgreed(room.session, code, str(number), what, owner, "2026-09-30"))
    room.facilitator.record(ClosingShown(room.session, "actions"))
    wall.look()
    assert wall.measure(CUT_OFF) == []
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
def test_the_levels_of_a_longer_scale_fit_into_the_picture(tab: Page, engine: Engine, length: int) -> None:
    access.set_server_value(engine, "address", "http://10.0.0.1:8866")
    room = room_of(engine, diagnostic_of(length))
    room.open_voting(room.codes[0])
    wall = Wall(tab, room)
    wall.page.evaluate(TWO_FRAMES)
    assert wall.page.locator("tbody tr").count() == length
    assert wall.page.evaluate(CUT_OFF) == []


@pytest.fixture
def big(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1920, "height": 1080})
    page.emulate_media(reduced_motion="reduce")
    yield page
    page.close()


DRAWN = """async ([title, levels, rounds, voting]) => {
  const [heading, board] = [models[0], models.find(({ state }) => "voting" in state)];
  heading.update({ title });
  board.update({ levels, rounds, voting });
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const all = (selector) => [...document.querySelectorAll(`.nps-wall-board ${selector}`)];
  const pixels = (selector) => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize);
  const box = document.querySelector(".nps-wall-board .nps-body");
  const bottom = (one) => one.getBoundingClientRect().bottom;
  return {
    title: pixels("h1"), level: pixels("tbody th b"), name: pixels("tbody th span"), corner: pixels(".nps-corner"),
    count: rounds.length && Math.min(...all(".nps-count").map((one) => parseFloat(getComputedStyle(one).fontSize))),
    statements: all("td.nps-statements").map((one) => one.offsetHeight && parseFloat(getComputedStyle(one).fontSize)),
    tops: all("tbody tr").map((row) => Math.round(row.getBoundingClientRect().top)),
    marks: all(".nps-front i").map((mark) => Math.min(mark.offsetWidth, mark.offsetHeight)),
    cut: box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1
      || all("td.nps-statements > *").some((said) => bottom(said) > bottom(said.closest("tr")) + 1),
  };
}"""
"""What the browser draws of a topic: sizes of type in pixels, those of statements by level, 0 where none are seen."""


class BigWall(Wall):
    """The wall at 1920x1080, to which topics are given one after the other."""

    def draw(self, code: str, *rounds: list[int], voting: bool = False) -> Any:
        value_code = self.store.workshop.rubric.value_codes[code]
        names = ("vote in the room", "second vote in the room")[: len(rounds)]
        votes = [{"label": label, "counts": one} for label, one in zip(names, rounds, strict=True)]
        levels = level_rows(self.store.workshop.rubric, value_code)
        return self.measure(DRAWN, [value_code.display_name, levels, votes, voting])


@pytest.fixture
def big_wall(big: Page, room: Room) -> BigWall:
    room.facilitator.record(TopicPresented(room.session, CODE))
    return BigWall(big, room)


def test_every_topic_has_its_statements_on_the_wall_and_no_row_moves_when_the_votes_come(big_wall: BigWall) -> None:
    codes = list(load_rubric("nps-2018").value_codes)
    assert len(codes) == 59
    near = 0
    for code in codes:
        read = big_wall.draw(code, voting=True)
        assert min(read["statements"]) >= 28, f"{code}: {read}"
        assert max(read["statements"]) <= 48
        assert (read["title"], read["level"], read["name"], read["corner"], read["cut"]) == (96, 64, 48, 56, False), (
            code
        )
        near += read["statements"][0] >= 32
        shown = big_wall.draw(code, [3, 4, 4, 4, 0])
        assert shown["tops"] == read["tops"], code
        assert min(shown["statements"][:4]) >= 28, f"{code}: the statements of the levels that have votes are whole"
        assert (shown["level"], shown["count"], shown["cut"]) == (64, 64, False), code
        assert min(shown["marks"]) >= 36, code
    assert near >= 50


@pytest.mark.parametrize("counts", [[0, 30, 0, 0, 0], [2, 9, 11, 7, 1], [0, 0, 0, 0, 30]])
def test_thirty_marks_on_a_level_are_large_and_each_can_be_counted(big_wall: BigWall, counts: list[int]) -> None:
    for rounds in ([counts], [[4, 4, 6, 8, 8], counts]):
        shown = big_wall.draw(CODE, *rounds)
        assert len(shown["marks"]) == 30
        assert min(shown["marks"]) >= 36
        assert (shown["count"], shown["cut"]) == (64, False)
        assert min(shown["statements"]) >= 28


def test_more_than_thirty_votes_on_a_level_are_a_bar_with_their_number(big_wall: BigWall) -> None:
    shown = big_wall.draw(CODE, [0, 41, 8, 0, 0])
    assert len(shown["marks"]) == 2
    assert min(shown["marks"]) >= 36
    expect(big_wall.page.locator("tbody tr").nth(1).locator(".nps-count")).to_have_text("41")
    widths = big_wall.measure("[...document.querySelectorAll('.nps-front i')].map((bar) => bar.offsetWidth)")
    assert widths[0] > 4 * widths[1]


def test_the_earlier_round_stands_behind_and_is_named(big_wall: BigWall) -> None:
    big_wall.draw(CODE, [3, 4, 4, 4, 0], [1, 8, 5, 1, 0])
    row = big_wall.page.locator("tbody tr").first
    expect(row).to_contain_text("second vote in the room: 1")
    expect(row).to_contain_text("vote in the room 3")
    front, frame = (row.locator(part).bounding_box() for part in (".nps-front", ".nps-frame"))
    assert front
    assert frame
    assert frame["width"] == pytest.approx(3 * front["width"], abs=1)
    assert frame["height"] > front["height"]


def test_the_reveal_takes_no_longer_than_a_moment_and_none_with_reduced_motion(big_wall: BigWall) -> None:
    lasting = "Math.max(0, ...document.getAnimations().map((one) => one.effect.getComputedTiming().endTime))"
    big_wall.draw(CODE, [3, 4, 4, 4, 0])
    assert big_wall.measure(lasting) == 0
    big_wall.page.emulate_media(reduced_motion="no-preference")
    big_wall.draw(CODE, [3, 4, 4, 4, 0], [1, 8, 5, 1, 0])
    assert 0 < big_wall.measure(lasting) <= 700


def test_a_qr_code_is_black_on_white_in_forced_colours(big: Page, room: Room) -> None:
    big.emulate_media(forced_colors="active", color_scheme="dark")
    Wall(big, room)
    look = "(({ backgroundColor, color }) => [backgroundColor, color])(getComputedStyle(document.querySelector('svg')))"
    assert big.evaluate(look) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


def test_a_break_counts_down_by_the_servers_time(chromium: Browser, room: Room) -> None:
    """The computer's own clock is seven minutes ahead."""
    tab = chromium.new_page(viewport={"width": 1920, "height": 1080})
    now = datetime.now(UTC)
    tab.clock.install(time=now + timedelta(minutes=7))
    room.facilitator.record(BreakStarted(room.session, in_a_quarter_of_an_hour(now)))
    wall = Wall(tab, room)
    left, clock = wall.screen.passage.parts[-1]["left"], tab.locator(".nps-countdown b")
    expect(clock).to_have_text(re.compile(r"1\d:\d\d"))
    minutes, seconds = map(int, clock.inner_text().split(":"))
    assert left - 420 < 60 * minutes + seconds <= left + 1
    assert tab.evaluate(CUT_OFF) == []
    tab.clock.fast_forward("21:00")
    expect(clock).to_have_text("0:00")
    tab.close()
