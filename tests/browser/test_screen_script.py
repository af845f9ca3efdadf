"""Our own script draws the screens: what a page weighs, what it shows before it is connected, and whose it is."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, WebSocket, expect
from serving import WAIT_SECONDS, Made, RunningServer, wait_until

from benchmarks.page_weight import Scales, Weight
from npswidgets.domain.actor import Actor
from npswidgets.domain.events import TopicPresented, VotingOpened, VotingStopped
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.opening import store_of

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_SECONDS * 1000)

NewPage = Callable[..., Page]
CODE, OTHER = "procurement-and-commercial-champions", "reporting"
OPEN = "body.open .nps-topic-heading"
LOST = ("ERR_", "WebSocket", "Failed to load")
LOOKING_MS = 3000
"""After so long a kernel knows what was stored without a hint."""
SILENT = """window.WebSocket = class extends WebSocket {
    constructor(...about) { super(...about); window.socket = this; }
    get onopen() { return super.onopen; }
    set onopen(act) { super.onopen = () => { window.connect = act; if (!window.held) act(); }; }
};
window.held = true;"""
"""A page that has a connection, on which it says nothing before `connect()`."""


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make()


@pytest.fixture
def store(server: RunningServer, made: Made) -> FacilitatorStore:
    return store_of(server.engine, Actor(made.id, "facilitator"))


@pytest.fixture
def voting(made: Made, store: FacilitatorStore) -> FacilitatorStore:
    store.record(TopicPresented(made.session, CODE))
    store.record(VotingOpened(made.session, CODE, 1))
    return store


def join(page: Page, made: Made) -> None:
    page.goto(made.join_link)
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/vote/**")


def join_without_a_browser(page: Page, made: Made) -> None:
    """So that nothing of the page is fetched ahead: what is, comes from the same files."""
    form = {"_xsrf": re.findall(r'name="_xsrf" value="([^"]+)"', page.request.get(made.join_link).text())[0]}
    assert page.request.post(made.join_link, form=form, max_redirects=0).headers["location"] in made.vote_page


def weigh(page: Page, open_page: Callable[[], object]) -> Weight:
    scales = Scales(page)
    open_page()
    page.wait_for_selector(OPEN)
    page.wait_for_timeout(1000)  # what comes late counts, too
    return scales.read()


def test_a_participants_page_is_small_and_comes_again_for_less(page: Page, made: Made) -> None:
    join_without_a_browser(page, made)
    cold = weigh(page, lambda: page.goto(made.vote_page))
    warm = weigh(page, page.reload)
    assert cold.kb <= 40, cold
    assert cold.requests <= 6, cold
    assert warm.kb <= 10, warm
    assert warm.requests <= 3, warm


@pytest.mark.parametrize(("screen", "most_kb"), [("facilitator", 140), ("projector", 50)])
def test_the_other_screens_are_small(new_page: NewPage, made: Made, screen: str, most_kb: int) -> None:
    page = new_page("laptop")
    cold = weigh(page, lambda: page.goto(getattr(made, f"{screen}_link")))
    assert cold.kb <= most_kb, cold


def casts(page: Page) -> list[str]:
    """The votes that this page sends from now on."""
    sent: list[str] = []

    def note(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame) if '"cast"' in (frame := str(frame)) else None)

    page.on("websocket", note)
    return sent


def test_a_topic_can_be_read_and_voted_on_before_the_page_is_connected(
    page: Page, made: Made, voting: FacilitatorStore
) -> None:
    sent = casts(page)
    page.add_init_script(SILENT)
    join(page, made)
    expect(page.get_by_role("heading", name="Procurement and Commercial Champions")).to_be_visible()
    page.locator("label", has_text=re.compile("^3 Mature")).click()
    expect(page.get_by_text("Saving")).to_be_visible()
    page.wait_for_timeout(3500)  # the widget says it again after three seconds
    assert sent == []
    page.evaluate("connect()")
    expect(page.get_by_text(re.compile("Saved: 3 Mature"))).to_be_visible()
    assert len(sent) == 1
    assert voting.show_votes(CODE).topics[CODE].shown[0].counts == (0, 0, 1, 0, 0)


def test_a_tap_before_that_is_dropped_when_it_would_be_for_another_vote(
    page: Page, made: Made, voting: FacilitatorStore
) -> None:
    sent = casts(page)
    page.add_init_script(SILENT)
    join(page, made)
    page.locator("label", has_text=re.compile("^3 Mature")).click()
    voting.record(VotingStopped(made.session, CODE, 1))
    voting.record(TopicPresented(made.session, OTHER))
    voting.record(VotingOpened(made.session, OTHER, 1))
    page.wait_for_timeout(LOOKING_MS)
    page.evaluate("connect()")
    expect(page.get_by_text(re.compile("Not voted yet"))).to_be_visible()
    page.wait_for_timeout(3500)
    assert sent == []
    assert not any(voting.vote_counts().values())


def test_a_page_that_the_browser_had_put_away_shows_nothing_before_it_is_known_whose_it_is(
    page: Page, made: Made
) -> None:
    join(page, made)
    page.wait_for_selector(OPEN)
    asked: list[Route] = []
    page.route("**/api/kernels/*", lambda route: asked.append(route))
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    wait_until(lambda: page.evaluate("1") and asked)
    expect(page.get_by_text("You have joined")).to_be_hidden()
    for route in asked:
        route.continue_()
    expect(page.get_by_text("You have joined")).to_be_visible()


def test_a_page_that_came_in_half_opens_itself_again(new_page: NewPage, made: Made) -> None:
    page = new_page("phone", allow=LOST)
    cut: list[str] = []

    def halve(route: Route) -> None:
        whole = route.fetch().text()
        cut.append(whole[: whole.index('<script id="screens"')])
        route.fulfill(body=cut[0], content_type="text/html")

    join(page, made)
    page.route("**/vote/**", halve, times=1)
    page.reload()
    page.wait_for_selector(OPEN)
    assert cut


def test_what_people_typed_is_text_in_the_page(server: RunningServer, new_page: NewPage) -> None:
    title = "</script><script>window.bad=1</script>&amp;<!--"
    made = server.make(council=title, sessions=((title, ("engaging-councillors",)),))
    page = new_page("phone")
    join(page, made)
    page.wait_for_selector(OPEN)
    expect(page.locator(".nps-topic-heading").get_by_text(title)).to_be_visible()
    assert page.locator("#opening").text_content().count(title) == 2  # type: ignore[union-attr]
    assert not page.evaluate("window.bad")


def test_a_page_of_our_own_scripts_runs_no_others(new_page: NewPage, made: Made) -> None:
    page = new_page("phone", allow=("Content Security Policy",))
    join(page, made)
    page.wait_for_selector(OPEN)
    tried = page.evaluate(
        """async () => {
            const refused = [];
            addEventListener("securitypolicyviolation", ({ blockedURI }) => refused.push(blockedURI));
            const add = (about) => document.body.append(Object.assign(document.createElement("script"), about));
            add({ textContent: "window.bad = 1" });
            add({ src: URL.createObjectURL(new Blob(["window.bad = 1"])) });
            setTimeout(() => setTimeout("window.bad = 1"));
            await new Promise((done) => setTimeout(done, 500));
            return [window.bad, refused];
        }"""
    )
    assert tried[0] is None
    assert {"inline", "blob", "eval"} <= set(tried[1])


def test_join_says_that_it_was_pressed_until_the_page_is_shown_again(page: Page, made: Made) -> None:
    page.goto(made.join_link)
    page.evaluate("document.querySelector('form').addEventListener('submit', (event) => event.preventDefault())")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("button", name="Joining")).to_be_visible()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.get_by_role("button", name="Join", exact=True)).to_be_visible()


def test_a_page_says_what_it_waits_for_and_on_a_slow_network_not_that_it_failed(
    server: RunningServer, made: Made, new_page: NewPage
) -> None:
    page = new_page("phone", allow=LOST)
    held: list[Route] = []
    page.route("**/screen-*/participant.js", lambda route: held.append(route))
    page.goto(made.join_link)
    page.get_by_role("button", name="Join").click(no_wait_after=True)
    expect(page.get_by_text("Opening the workshop")).to_be_visible()
    expect(page.get_by_text("Example County Council")).to_be_visible()
    expect(page.get_by_text("This takes long.")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("The page did not open")).to_be_hidden()
    for route in held:
        route.continue_()
    page.wait_for_selector(OPEN)
