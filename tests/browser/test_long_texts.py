"""Long things stay within their place in every state of every screen, and the last level is whole."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from messages import attached, send
from playwright.sync_api import Browser, Page
from room import make_room
from serving import RunningServer
from sqlalchemy import Engine
from states import Texts, lose, states
from widget_page import WidgetPage

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import ActionAgreed, NoteWritten, ScoreRecorded, Words
from npswidgets.screens import facilitator, helper, projector
from npswidgets.store.access import helper_of_link, open_helper_link
from npswidgets.store.database import open_database
from npswidgets.store.opening import store_of

pytestmark = pytest.mark.browser

WORD = ("Vergabeverfahrensordnung" * 9)[:200]
"""One word of 200 letters."""


def words(length: int) -> str:
    """A text of this length, in which a word of 60 letters stands."""
    return (
        f"{WORD[:60]} and what else was said about it in the room, again and again, "[: length // 3]
        + ("reports come when a decision is due " * 20)[: length - length // 3]
    )


LONG = Texts(
    council=WORD,
    title=words(200),
    session=WORD,
    address=f"http://{WORD[:40]}.{WORD[:40]}.gov.uk:8866"[:100],
    reason=words(500),
    comment=WORD + words(800),
    why_not=words(500),
    owner=WORD[:100],
    actions=(words(300), WORD, words(100)),
)
SCREENS = {"phone": [(390, 664), (320, 568)], "facilitator": [(1280, 600)], "wall": [(1920, 1080), (1280, 720)]}

TOO_WIDE = """() => {
  const style = (one) => getComputedStyle(one);
  const signed = (one) => style(one).textOverflow === 'ellipsis' || style(one).webkitLineClamp !== 'none';
  const scrolls = (one) => /auto|scroll/.test(style(one).overflowX) || signed(one);
  const name = (one) => `${one.tagName.toLowerCase()}.${one.className} "${one.textContent.trim().slice(0, 30)}"`;
  const isWide = (one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1 && !scrolls(one);
  const isCut = (one) => /hidden|clip/.test(style(one).overflowY) && one.scrollHeight > one.clientHeight + 2;
  const page = document.documentElement;
  const found = page.scrollWidth > innerWidth ? [`the page is ${page.scrollWidth} wide`] : [];
  for (const one of document.querySelectorAll('body *')) {
    const box = one.getBoundingClientRect();
    const aside = one.closest('.nps-unseen, .unseen, svg, option, [hidden]') || !box.height || box.width <= 1;
    if (aside || /^(INPUT|SELECT|TEXTAREA|PROGRESS)$/.test(one.tagName)) continue;
    if (isWide(one)) found.push(`wider than its box: ${name(one)}`);
    if (isCut(one) && !signed(one)) found.push(`cut below: ${name(one)}`);
    let around = one.parentElement;
    while (around && !scrolls(around)) around = around.parentElement;
    if (!around && (box.right > innerWidth + 1 || box.left < -1)) found.push(`out of the window: ${name(one)}`);
  }
  return [...new Set(found)].slice(0, 6);
}"""

LAST_LEVEL = """() => {
  const levels = '.nps-wall-board tbody tr, .nps-vote-board tbody tr, .nps-choice[data-level]';
  const isSeen = (row) => row.getBoundingClientRect().height && !row.closest('.nps-reading');
  const last = [...document.querySelectorAll(levels)].filter(isSeen).at(-1);
  if (!last) return '';
  last.scrollIntoView({ block: 'center' });
  const box = last.getBoundingClientRect();
  const bar = document.querySelector('.nps-bar')?.getBoundingClientRect();
  const bottom = bar?.height ? Math.min(innerHeight, bar.top) : innerHeight;
  let isCut = box.bottom > bottom + 1 || box.top < -1 || box.right > innerWidth + 1;
  for (let around = last.parentElement; around !== document.body; around = around.parentElement) {
    const clips = getComputedStyle(around).overflowY !== 'visible';
    if (clips) isCut ||= box.bottom > around.getBoundingClientRect().bottom + 1;
  }
  return isCut ? `the last level is cut: from ${box.top} to ${box.bottom} of ${bottom}` : '';
}"""


@pytest.fixture
def new_engine(tmp_path: Path, empty_database: Path) -> Iterator[Callable[[], Engine]]:
    made: list[Engine] = []
    numbers = count()

    def new() -> Engine:
        made.append(open_database(str(copy(empty_database, tmp_path / f"{next(numbers)}.db"))))
        return made[-1]

    yield new
    for engine in made:
        engine.dispose()


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def faults(tab: Page, drawn: Any, sizes: list[tuple[int, int]], name: str, lost: bool = False) -> list[str]:
    """What does not stay in its place, at each size."""
    tab.unroute_all()
    tab.set_viewport_size({"width": sizes[0][0], "height": sizes[0][1]})
    WidgetPage(tab, drawn)
    if lost:
        lose(tab)
    found = []
    for width, height in sizes:
        tab.set_viewport_size({"width": width, "height": height})
        tab.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        said = [*tab.evaluate(TOO_WIDE), tab.evaluate(LAST_LEVEL)]
        found += [f"{name} at {width}: {one}" for one in said if one]
    return found


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_leaves_its_place_in_any_state(tab: Page, new_engine: Callable[[], Engine], screen: str) -> None:
    found: list[str] = []
    for state in states(new_engine, LONG):
        found += faults(tab, getattr(state, screen)().widget, SCREENS[screen], f"{screen}, {state.name}", state.lost)
    assert not found, "\n".join(found)


def test_nothing_leaves_its_place_on_the_facilitators_other_pages_and_the_helpers(tab: Page, engine: Engine) -> None:
    sessions = ((LONG.session, ("engaging-councillors",)), (f"2 {LONG.title}"[:200], ("engaging-smes",)))
    room = make_room(engine, council=LONG.council, title=LONG.title, sessions=sessions, anonymity="named")
    for name in (WORD[:100], words(100)):
        room.join(name=name)
    for code in room.codes:
        room.facilitator.record(
            NoteWritten(room.session, code, "comment", Words(LONG.comment)),
            NoteWritten(room.session, code, "different_view", Words(LONG.reason)),
            ScoreRecorded(room.session, code, 4, reason_above=Words(LONG.why_not)),
            ActionAgreed(
                room.session, code, f"action-{code}", Words(WORD), Words(WORD[:100]), None, Words(LONG.reason)
            ),
        )
    laptop, found = store_of(engine, Actor(room.workshop.id, "facilitator")), []
    for page in ("tidy", "agenda", "sheets", "report"):
        screen = attached(facilitator.build(), laptop)
        send(screen.bar, {"kind": "menu_chosen", "action": page, "session": ""})
        found += faults(tab, screen.widget, [(1280, 600)], page)
    screen = attached(facilitator.build(), laptop)
    WidgetPage(tab, screen.widget).page.evaluate("document.dispatchEvent(new CustomEvent('nps:people'))")
    found += [f"people: {one}" for one in tab.evaluate(TOO_WIDE)]
    wall = attached(projector.build(), store_of(engine, Actor(room.workshop.id, "projector")))
    found += faults(tab, wall.widget, [(1920, 1080), (1280, 720)], "all sessions")
    secret = room.facilitator.new_helper(room.session).secret
    assisting = helper_of_link(engine, room.workshop.id, secret)
    assert assisting
    open_helper_link(engine, None, "browser", assisting)
    found += faults(tab, attached(helper.build(), store_of(engine, assisting)).widget, [(390, 664)], "helper")
    assert not found, "\n".join(found)


def test_nothing_leaves_its_place_on_the_pages_before_a_screen(
    new_page: Callable[..., Page], server: RunningServer
) -> None:
    made = server.make(
        council=LONG.council,
        title=LONG.title,
        sessions=((LONG.session, ("engaging-councillors",)), (words(200), ("engaging-smes",))),
        departments=(WORD, words(200)),
        anonymity="named",
    )
    page, found = new_page((390, 664)), []
    for address in (made.join_link, server.start_link, f"{server.base}/start/{made.id}"):
        page.goto(address)
        page.wait_for_selector("h1")
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        found += [f"{address}: {one}" for one in page.evaluate(TOO_WIDE)]
    assert not found, "\n".join(found)
