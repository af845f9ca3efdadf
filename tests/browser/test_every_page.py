"""What holds on each page before and beside a screen: WCAG where axe does not look; on a phone dark where that is."""

from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest
from looking import Faults, Looker
from playwright.sync_api import Browser, Page, expect
from serving import RunningServer

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import SessionClosed
from npswidgets.domain.join_code import grouped
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.rubric_files import load_rubric, rubric_digest

pytestmark = pytest.mark.browser

COUNCIL, SESSION = "Example County Council", "Showing leadership"
KINDS = (
    *("fault", "tree", "title", "names", "targets", "wide", "covered", "cut", "type"),
    *("text", "marks", "dark", "forced", "translated"),
)
Step = tuple[str, Callable[[Page], object]]


def press(name: str, then: str) -> Callable[[Page], object]:
    """Presses a button, and waits until something has the keyboard, or is said."""

    def step(page: Page) -> None:
        page.get_by_role("button", name=name, exact=True).first.click()
        expect(page.get_by_text(then).first).to_be_visible()

    return step


def open_all(page: Page) -> None:
    """Unfolds all, and shows the warnings that are there for some browsers."""
    page.locator("details").evaluate_all("all => all.forEach((one) => (one.open = true))")
    page.locator(".notice").evaluate_all("all => all.forEach((one) => (one.hidden = false))")


def of_phone(server: RunningServer) -> Iterator[Step]:
    """What a phone shows before and after the workshop, and whatever somebody reads on it."""
    made = server.make(departments=("Procurement", "Councillor"), anonymity="named")
    shut, ended = server.make(), server.make()
    FacilitatorStore(server.engine, Actor(shut.id, "facilitator")).close_door(shut.session, True)
    FacilitatorStore(server.engine, Actor(ended.id, "facilitator")).record(SessionClosed(ended.session))
    yield server.base, lambda page: None
    yield server.base, press("Continue", "There is a problem")
    yield made.join_link, lambda page: None
    yield made.join_link, press("Join", "There is a problem")
    yield shut.join_link, press("Join", "Keep this page open")
    yield ended.join_link, lambda page: None
    yield made.vote_page, lambda page: None
    yield f"{server.base}/help/{made.id}/{made.session}", lambda page: None
    yield f"{server.base}/check", lambda page: expect(page.get_by_text("One moment")).to_be_hidden()
    for name in ("guide", "accessibility", "privacy", "nothing"):
        yield f"{server.base}/{name}", lambda page: None


def of_laptop(server: RunningServer) -> Iterator[Step]:
    """What leads to the facilitator's page, and to the wall."""
    made = server.make(sessions=((SESSION, ("engaging-councillors",)), ("Two", ("engaging-smes",))))
    yield made.facilitator_page, lambda page: None
    yield f"{server.base}/facilitate/nothing/there", lambda page: None
    yield server.start_link, lambda page: expect(page.get_by_role("heading", name="Start a workshop")).to_be_visible()
    yield server.start_link.split("#")[0], press("Start the workshop", "There is a problem")
    yield f"{server.base}/rubrics", press("Check the workbook", "Choose the workbook")
    yield f"{server.base}/rubrics/{rubric_digest(load_rubric('panel-rating'))}", lambda page: None
    yield f"{server.base}/start/{made.id}", lambda page: None
    yield f"{server.base}/start/{made.id}", press("Save names and numbers", "are saved")
    yield made.projector_link, lambda page: expect(page.get_by_role("heading", name="Which session")).to_be_visible()


@pytest.fixture(scope="module")
def faults(chromium: Browser, server: RunningServer) -> Faults:
    """What is wrong on any page, by kind."""
    return walk_through(chromium, server)


def walk_through(chromium: Browser, server: RunningServer) -> Faults:
    """All pages, of a phone and of a laptop."""
    found: Faults = defaultdict(list)
    for screen, steps in (("phone", of_phone(server)), ("laptop", of_laptop(server))):
        looker = Looker(chromium, screen, found, allow=("status of 40",))
        for address, step in steps:
            looker.tab.goto(address)
            expect(looker.tab.get_by_role("heading", level=1).first).to_be_visible()
            open_all(looker.tab)
            step(looker.tab)
            open_all(looker.tab)
            looker.state = f"{address.removeprefix(server.base).split('#')[0]}, {looker.tab.title()}"
            looker.look([COUNCIL, SESSION, grouped(server.code)])
        looker.tab.close()
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_on_every_page(faults: Faults, kind: str) -> None:
    assert faults[kind] == []
