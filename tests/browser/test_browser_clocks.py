"""The clocks of laptop and wall count by the server's time, whatever the clocks of their computers say."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from paths import ROOT
from playwright.sync_api import Browser, Page, expect
from serving import Made, RunningServer
from test_browser_theme import button

from npswidgets.domain.actor import Actor
from npswidgets.domain.days import in_a_quarter_of_an_hour
from npswidgets.domain.events import BreakEnded, BreakStarted, PresenceChanged, TopicPresented, VotingOpened
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.plans import Plan, keep_plan

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
WRONG = timedelta(minutes=7)
TIME = re.compile(r"\d+:\d\d")


def off_by(page: Page, wrong: timedelta) -> Page:
    """The clock of this page's computer is wrong from now on."""
    page.clock.install(time=datetime.now(UTC) + wrong)
    return page


def seconds(page: Page, clock: str) -> int:
    """What a clock shows."""
    expect(page.locator(clock)).to_have_text(TIME)
    minutes, rest = TIME.findall(page.locator(clock).inner_text())[0].split(":")
    return 60 * int(minutes) + int(rest)


def test_a_clock_that_is_seven_minutes_off_changes_none_of_ours(new_page: NewPage, server: RunningServer) -> None:
    made: Made = server.make()
    keep_plan(server.engine, made.id, Plan("Showing leadership", "", 60))
    laptop, wall = off_by(new_page("laptop"), WRONG), off_by(new_page("wall"), -WRONG)
    laptop.goto(made.facilitator_link)
    wall.goto(made.projector_link)
    expect(wall.get_by_text("and enter")).to_be_visible()
    store = FacilitatorStore(server.engine, Actor(made.id, "facilitator"))
    code = store.workshop.sessions[made.session].codes[0]
    store.record(PresenceChanged(made.session, on_paper=1))
    store.record(TopicPresented(made.session, code), VotingOpened(made.session, code, 1))
    button(laptop, "Procurement and commercial champions in the room, open").click()
    for page in (laptop, wall):
        assert seconds(page, ".nps-clock:visible") < WRONG.total_seconds()
    store.enter_paper_vote(code, 1, 1, 3)
    store.show_votes(code)
    expect(laptop.locator(".nps-now-panel .nps-clock")).to_have_text(re.compile(r"talk \d"))
    assert seconds(laptop, ".nps-now-panel .nps-clock") < WRONG.total_seconds()
    expect(laptop.get_by_text(re.compile(r"5\d minutes left: all 3 topics fit"))).to_be_visible()

    button(laptop, "Break").click()
    proposed = laptop.get_by_label("Back at").input_value()
    assert proposed in {in_a_quarter_of_an_hour(datetime.now(UTC) - timedelta(minutes=ago)) for ago in range(6)}
    store.record(BreakStarted(made.session, proposed))
    left = seconds(wall, ".nps-countdown b")
    assert 8 * 60 < left <= 20 * 60, "as long as the server says, and not seven minutes more or less"
    store.record(BreakEnded(made.session))
    expect(wall.locator(".nps-countdown")).to_be_hidden()


def test_a_clock_goes_on_while_the_computer_sleeps(chromium: Browser) -> None:
    script = (ROOT / "npswidgets/widgets/static/base.js").read_text(encoding="utf-8")
    page = chromium.new_page()
    slept = """(script) => {
      let [at, day] = [1000, 5000];
      const clock = [{ now: () => at }, { now: () => day }];
      const steady = new Function("performance", "Date", `${script}; return steadyNow`)(...clock);
      const pass = (awake, asleep) => ((at += awake), (day += awake + asleep), steady());
      return [steady(), pass(1000, 0), pass(1000, 600000), pass(1000, 0), pass(1000, -3000), pass(1000, 0)];
    }"""
    found = page.evaluate(slept, script)
    assert found == [1000, 2000, 603000, 604000, 605000, 606000]
    page.close()
