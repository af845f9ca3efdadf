"""A page heals itself: kernels and servers end, networks fail, phones sleep, and each page goes on without a tap."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Error, Locator, Page, expect
from serving import TOKEN, Made, RunningServer, wait_until
from wire import Wire

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import NoteWritten, VotingOpened, VotingStopped, Words
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.opening import store_of

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
OURS = "ours"
by_both_front_ends = pytest.mark.parametrize("server", [OURS, "Voila's"], indirect=True)
"""A page of Voila's costs ten times the processor. Two ways lead back: as another page, by another connection."""
CODE = "procurement-and-commercial-champions"
COMMENT, REASON = "Half a com", "Half a rea"
SOCKETS = """window.sockets = [];
window.WebSocket = class extends WebSocket { constructor(...about) { super(...about); sockets.push(this); } };"""
"""So that a test can close a page's connection."""
EXPECTED = ("ERR_", "WebSocket", "403", "404", "409", "Connection lost", "Kernel", "Canceled", "Cannot send", "model")
EXPECTED += ("Loading chunk", "console: Event")  # a part of Voila's script that comes late, such as that for formulas
"""What a browser says of a server or a kernel that is not there, until the page opens itself again."""


@dataclass
class Told:
    """How long pages took until they were right again."""

    record: Callable[[str, object], None]

    @contextmanager
    def within(self, what: str) -> Iterator[None]:
        """Measures the block; the figures are in the results of the tests."""
        start = time.monotonic()
        yield
        seconds = time.monotonic() - start
        self.record(what, round(seconds, 2))
        sys.stderr.write(f"{what}: {seconds:.2f} s\n")


@pytest.fixture
def back(record_property: Callable[[str, object], None]) -> Told:
    return Told(record_property)


@pytest.fixture
def server(server: RunningServer, request: pytest.FixtureRequest) -> RunningServer:
    """Its screens of facilitator and projector are drawn by our script, or by Voila's where notebooks were added to."""
    return server if getattr(request, "param", OURS) == OURS else request.getfixturevalue("added")  # type: ignore[no-any-return]


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[RunningServer]:
    """A server that is killed, and started again at the same address."""
    running = RunningServer(tmp_path)
    yield running
    running.stop()


@dataclass
class Stage:
    """The three screens of a workshop, in the middle of a vote, with texts that are half typed."""

    server: RunningServer
    made: Made
    facilitator: Page
    phone: Page
    wall: Page

    @property
    def pages(self) -> tuple[Page, Page, Page]:
        return (self.facilitator, self.phone, self.wall)

    @property
    def store(self) -> FacilitatorStore:
        return store_of(self.server.engine, Actor(self.made.id, "facilitator"))

    def is_right(self) -> None:
        """Everything is there that was there before, on all three screens."""
        expect(self.phone.get_by_text(re.compile("Saved: 3 Mature"))).to_be_visible()
        expect(self.phone.get_by_label("Your reason (optional)")).to_have_value(REASON)
        expect(main(self.facilitator)).to_have_text("Show the votes")
        expect(self.facilitator.get_by_text("1 vote is in").first).to_be_visible()
        expect(comment(self.facilitator)).to_have_value(COMMENT)
        expect(self.wall.get_by_text("All votes are in").first).to_be_visible()

    def goes_on(self, counts: tuple[int, ...] = (0, 0, 1, 0, 0)) -> None:
        """The next step does what it would have done; nothing was lost or doubled."""
        main(self.facilitator).click()
        expect(self.phone.get_by_role("heading", name="The votes are shown")).to_be_visible()
        expect(self.wall.get_by_text("1 vote").first).to_be_visible()
        topic = self.store.workshop.topics[CODE]
        assert (topic.shown[0].counts, topic.note("comment")[: len(COMMENT)]) == (counts, COMMENT)
        assert len(self.store.workshop.sessions[self.made.session].participants) == 1


def set_up(new_page: NewPage, server: RunningServer, base: str = "") -> Stage:
    made, base = server.make(), base or server.base
    facilitator, phone, wall = (new_page(size, base=base, allow=EXPECTED) for size in ("laptop", "phone", "wall"))
    facilitator.goto(made.facilitator_link.replace(server.base, base))
    panel = facilitator.locator(".nps-now-panel .nps-body:not([data-deaf])")
    panel.get_by_role("button", name="Skip the practice").click()
    expect(main(facilitator)).to_have_text("Start voting")
    wall.goto(made.projector_link.replace(server.base, base))
    join(phone, made.join_link.replace(server.base, base))
    main(facilitator).click()
    vote(phone, "3 Mature")
    phone.get_by_text("Add a reason (optional)").click()
    phone.get_by_label("Your reason (optional)").press_sequentially(REASON)
    comment(facilitator).press_sequentially(COMMENT)
    stage = Stage(server, made, facilitator, phone, wall)
    stage.is_right()
    return stage


def join(page: Page, link: str) -> None:
    page.add_init_script(SOCKETS)
    page.goto(link)
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/vote/**")


def main(page: Page) -> Locator:
    """The main button, as soon as it hears again."""
    return page.locator(".nps-now-panel .nps-body:not([data-deaf], [data-lost]) .nps-main")


def comment(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Comment")


def vote(page: Page, answer: str) -> None:
    page.locator("label", has_text=re.compile(f"^{answer}")).first.click()
    expect(page.get_by_text(re.compile(f"Saved: {answer}")).first).to_be_visible()


def mark(*pages: Page) -> None:
    """So that a page which was loaded anew, or has lost touch and found it again, is known."""
    for page in pages:
        page.evaluate("""() => {
            Object.assign(window, { stillTheOldPage: true, lost: false, found: false });
            addEventListener("nps:connection", ({ detail: { connected } }) => {
                if (!connected) window.lost = true;
                else if (window.lost) window.found = true;
            });
        }""")


def renewed(*pages: Page) -> None:
    wait_until(lambda: all(map(is_renewed, pages)))


def is_renewed(page: Page) -> bool:
    try:
        return bool(page.evaluate("!window.stillTheOldPage || window.found"))
    except Error:  # it is being loaded anew
        return False


def went_on(*pages: Page) -> None:
    """They were not loaded anew, but for those whose kernel runs what somebody has added: none such is prepared."""
    for page in pages:
        assert page.evaluate("window.stillTheOldPage || Boolean(window.jupyterapp)")


def kernel_of(page: Page) -> str:
    return str(page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"))


def end_kernel(page: Page, base: str, kernel: str = "") -> None:
    """The server ends the kernel of a page, as it does with one that nobody has used for long."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"].startswith(TOKEN))
    address = f"{base}/voila/api/shutdown/{kernel or kernel_of(page)}"
    assert page.context.request.post(address, form={"_xsrf": token}).ok


@by_both_front_ends
def test_kernels_that_were_killed(new_page: NewPage, server: RunningServer, back: Told) -> None:
    stage = set_up(new_page, server)
    mark(*stage.pages)
    for pid in server.kernels():
        psutil.Process(pid).kill()
    with back.within("kernels killed"):
        renewed(*stage.pages)
        stage.is_right()
    went_on(*stage.pages)
    stage.goes_on()


def test_kernels_that_were_ended_while_nobody_looked(new_page: NewPage, server: RunningServer, back: Told) -> None:
    stage = set_up(new_page, server)
    mark(*stage.pages)
    for page in stage.pages:
        end_kernel(page, server.base)
    with back.within("kernels culled"):
        renewed(*stage.pages)
        stage.is_right()
    went_on(*stage.pages)
    stage.goes_on()


@pytest.mark.parametrize(
    ("server", "said"),
    [(OURS, True), (OURS, False), ("Voila's", False)],
    ids=["and the device says so", "and nothing says so", "Voila's, and nothing says so"],
    indirect=["server"],
)
def test_a_network_that_was_gone(new_page: NewPage, server: RunningServer, back: Told, said: bool) -> None:
    """The vote moves on meanwhile; what is chosen without a network is sent once, when it is there again."""
    with Wire(urlsplit(server.base).port or 80) as wire:
        stage = set_up(new_page, server, wire.base)
        wire.cut()
        for page in stage.pages:
            page.context.set_offline(said)
        expect(stage.phone.get_by_text("Not connected. Your vote 3 is saved, your reason is not.")).to_be_visible()
        stage.phone.locator("label", has_text=re.compile("^2 Developing")).click()
        expect(stage.phone.get_by_text("Not connected. Your choice 2 is not saved yet.")).to_be_visible()
        expect(stage.facilitator.get_by_text(re.compile("Not connected to the workshop since"))).to_be_visible()
        stage.facilitator.locator(".nps-main").click(force=True)  # it is not heard later either
        comment(stage.facilitator).press_sequentially("ment")
        stage.store.record(NoteWritten(stage.made.session, CODE, "evidence", Words("In the minutes")))
        expect(stage.wall.get_by_text("Reconnecting")).to_be_visible()
        wire.mend()
        for page in stage.pages:
            page.context.set_offline(False)
        with back.within(f"network gone, said={said}"):
            expect(stage.phone.get_by_text(re.compile("Saved: 2 Developing"))).to_be_visible()
            expect(stage.facilitator.get_by_role("textbox", name="Evidence")).to_have_value("In the minutes")
            expect(stage.wall.get_by_text("Reconnecting")).to_be_hidden()
            expect(stage.phone.get_by_label("Your reason (optional)")).to_have_value(REASON)
            expect(comment(stage.facilitator)).to_have_value(f"{COMMENT}ment")
        wait_until(lambda: stage.store.workshop.topics[CODE].note("comment") == f"{COMMENT}ment")
        stage.goes_on((0, 1, 0, 0, 0))


def test_a_phone_that_slept(new_page: NewPage, server: RunningServer, back: Told) -> None:
    """Its page stands still, its network is gone, its kernel ends and the room goes on: it wakes where the room is."""
    with Wire(urlsplit(server.base).port or 80) as wire:
        stage = set_up(new_page, server)
        phone = new_page("phone", base=wire.base, allow=EXPECTED)
        join(phone, stage.made.join_link.replace(server.base, wire.base))
        vote(phone, "4 Leader")
        mark(phone)
        kernel = kernel_of(phone)
        device = phone.context.new_cdp_session(phone)
        device.send("Page.setWebLifecycleState", {"state": "frozen"})
        wire.cut()
        end_kernel(phone, server.base, kernel)
        stage.store.show_votes(CODE)
        stage.store.record(VotingOpened(stage.made.session, CODE, 2))
        wire.mend()
        device.send("Page.setWebLifecycleState", {"state": "active"})
        phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        with back.within("phone asleep"):
            expect(phone.get_by_text("Your vote in the room was 4 Leader.")).to_be_visible()
            expect(phone.get_by_text(re.compile("Not voted yet."))).to_be_visible()
        went_on(phone)
        vote(phone, "2 Developing")
        expect(stage.phone.get_by_text("Your vote in the room was 3 Mature.")).to_be_visible()
        vote(stage.phone, "2 Developing")
        assert stage.store.show_votes(CODE).topics[CODE].shown[1].counts == (0, 2, 0, 0, 0)


def test_a_page_that_the_browser_had_put_away(new_page: NewPage, server: RunningServer, back: Told) -> None:
    """Back from another page; and back from a cache that kept the page as it was, but not its connection."""
    stage = set_up(new_page, server)
    stage.phone.goto(server.base)
    stage.store.record(VotingStopped(stage.made.session, CODE, 1))
    with back.within("back from another page"):
        stage.phone.go_back()
        expect(stage.phone.get_by_text("Voting has stopped for now. Your vote is kept.").first).to_be_visible()
    mark(stage.phone)
    stage.phone.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    stage.phone.evaluate("sockets.at(-1).close()")
    stage.store.record(VotingOpened(stage.made.session, CODE, 1))
    with back.within("back from the cache"):
        stage.phone.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        stage.is_right()
    assert stage.phone.evaluate("window.stillTheOldPage"), "its kernel was there, so it was not loaded anew"
    stage.goes_on()


def test_people_go_on_when_the_server_was_killed_between_two_votes(
    new_page: NewPage, mortal: RunningServer, back: Told
) -> None:
    """They vote again without a tap in between, and no vote is lost or doubled."""
    stage = set_up(new_page, mortal)
    phones = [stage.phone, *(new_page("phone", base=mortal.base, allow=EXPECTED) for _ in range(4))]
    for phone in phones[1:]:
        join(phone, stage.made.join_link)
    for phone in phones[1:]:
        vote(phone, "4 Leader")
    mark(*phones, stage.facilitator, stage.wall)
    for pid in mortal.kernels():
        psutil.Process(pid).kill()
    mortal.kill()
    mortal.start("--demo")
    with back.within("server restarted, phones"):
        renewed(*phones)
        for phone in phones[1:]:
            expect(phone.get_by_text(re.compile("Saved: 4 Leader"))).to_be_visible()
    went_on(*phones)
    with back.within("server restarted, the other screens"):
        expect(comment(stage.facilitator)).to_have_value(COMMENT)
        expect(stage.facilitator.get_by_text("All 5 votes are in").first).to_be_visible()
        expect(stage.wall.get_by_text("All votes are in").first).to_be_visible()
    main(stage.facilitator).click()
    expect(stage.wall.get_by_text("5 votes, from 3 to 4").first).to_be_visible()
    stage.store.record(VotingOpened(stage.made.session, CODE, 2))
    for phone in phones:
        phone.get_by_role("button", name=re.compile("Keep [34]")).click()
    for phone in phones:
        expect(phone.get_by_text(re.compile("Saved: "))).to_be_visible()
    rounds = stage.store.show_votes(CODE).topics[CODE].shown
    assert [one.counts for one in rounds] == [(0, 0, 1, 4, 0)] * 2
    assert [(one.absent, one.moves) for one in rounds] == [(0, ())] * 2
