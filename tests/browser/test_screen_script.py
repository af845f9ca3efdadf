"""Our own script draws the screens: what a page weighs, what it shows before it is connected, and whose it is."""

import io
import random
import re
from collections.abc import Callable

import psutil
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, WebSocket, expect
from serving import WAIT_SECONDS, Made, RunningServer, wait_until
from test_browser_healing import end_kernel

from benchmarks.page_weight import Scales, Weight
from npswidgets.addresses import CHECK, GUIDE, PLENARY, READY, REPORTS
from npswidgets.domain.actor import Actor
from npswidgets.domain.events import TopicPresented, VotesDiscarded, VotingOpened, VotingStopped
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.marks import set_mark
from npswidgets.store.opening import store_of

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
CODE, OTHER = "procurement-and-commercial-champions", "reporting"
OPEN = "body.open .nps-topic-heading"
LOST = ("ERR_", "WebSocket", "Failed to load")
NOTICED = "restarted failed"
"""What the server's log says of a kernel that was killed."""
LOOKING_MS = 3000
"""After so long a kernel knows what was stored without a hint."""
VISIBLE = """(all) => all.filter((one) => one.isConnected && getComputedStyle(one).visibility !== 'hidden')
    .map((one) => one.className)"""
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


@pytest.fixture
def marked(server: RunningServer) -> Made:
    """A workshop with a mark that is as heavy as one can be."""
    made, picture = server.make(council="Marked County Council"), io.BytesIO()
    Image.frombytes("RGB", (320, 96), random.Random(1).randbytes(320 * 96 * 3)).save(picture, "PNG")
    set_mark(server.engine, made.id, picture.getvalue())
    return made


def test_a_participants_page_is_small_and_comes_again_for_less(page: Page, marked: Made) -> None:
    join_without_a_browser(page, marked)
    cold = weigh(page, lambda: page.goto(marked.vote_page))
    warm = weigh(page, page.reload)
    assert cold.kb <= 40, cold
    assert cold.requests <= 6, cold
    assert warm.kb <= 10, warm
    assert warm.requests <= 3, warm


@pytest.mark.parametrize(("screen", "most_kb"), [("facilitator", 140), ("projector", 50)])
def test_the_other_screens_are_small(new_page: NewPage, marked: Made, screen: str, most_kb: int) -> None:
    page = new_page("laptop")
    cold = weigh(page, lambda: page.goto(getattr(marked, f"{screen}_link")))
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


def go_on(made: Made, store: FacilitatorStore) -> None:
    store.record(VotingStopped(made.session, CODE, 1))
    store.record(TopicPresented(made.session, OTHER))
    store.record(VotingOpened(made.session, OTHER, 1))


def start_from_zero(made: Made, store: FacilitatorStore) -> None:
    store.record(VotingStopped(made.session, CODE, 1), VotesDiscarded(made.session, CODE, 1))
    store.record(VotingOpened(made.session, CODE, 1))


@pytest.mark.parametrize("change", [go_on, start_from_zero])
def test_a_tap_before_that_is_dropped_when_it_would_be_for_another_vote(
    page: Page, made: Made, voting: FacilitatorStore, change: Callable[[Made, FacilitatorStore], None]
) -> None:
    sent = casts(page)
    page.add_init_script(SILENT)
    join(page, made)
    page.locator("label", has_text=re.compile("^3 Mature")).click()
    change(made, voting)
    page.wait_for_timeout(LOOKING_MS)
    page.evaluate("connect()")
    expect(page.get_by_text(re.compile("Your choice 3 on Procurement.*: it did not reach"))).to_be_visible()
    expect(page.get_by_text(re.compile("Not voted yet"))).to_be_visible()
    page.wait_for_timeout(3500)
    assert sent == []
    assert not any(voting.vote_counts().values())


def test_a_tap_before_that_counts_once_when_the_kernel_was_gone_by_then(
    server: RunningServer, new_page: NewPage, made: Made, voting: FacilitatorStore
) -> None:
    page = new_page("phone", allow=LOST)
    page.add_init_script(SILENT)
    join(page, made)
    page.locator("label", has_text=re.compile("^3 Mature")).click()
    page.evaluate("window.held = false")
    end_kernel(page, server.base)
    expect(page.get_by_text(re.compile("Saved: 3 Mature"))).to_be_visible()
    assert voting.show_votes(CODE).topics[CODE].shown[0].counts == (0, 0, 1, 0, 0)


def note(store: FacilitatorStore) -> str:
    store.refresh()
    return store.workshop.topics[CODE].note("comment")


def test_what_is_typed_in_two_goes_before_the_page_is_connected_is_one_text(
    new_page: NewPage, made: Made, voting: FacilitatorStore
) -> None:
    page = new_page("laptop")
    page.add_init_script(SILENT)
    page.goto(made.facilitator_link)
    comment = page.get_by_role("textbox", name="Comment")
    for words in ("Half a ", "comment"):
        comment.press_sequentially(words)
        expect(page.get_by_text("Saving")).to_be_visible()
        page.wait_for_timeout(1000)  # longer than the pause after which it is sent
    page.evaluate("connect()")
    expect(page.locator(".nps-comment .nps-state")).to_have_text(re.compile("Saved"))
    wait_until(lambda: page.evaluate("1") and note(voting) == "Half a comment")
    expect(page.get_by_text("changed this text in between")).to_be_hidden()


def test_each_press_before_the_page_is_connected_counts(
    new_page: NewPage, made: Made, voting: FacilitatorStore
) -> None:
    page = new_page("laptop")
    page.add_init_script(SILENT)
    page.goto(made.facilitator_link)
    for _ in range(2):
        page.get_by_role("button", name="One more on paper").click()
    page.evaluate("connect()")
    expect(page.locator(".nps-room")).to_contain_text("2 in the room")
    voting.refresh()
    assert voting.workshop.sessions[made.session].on_paper == 2


STORAGE = {
    "denied": """for (const name of ["sessionStorage", "localStorage"])
        Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });""",
    "not there": """for (const name of ["sessionStorage", "localStorage"])
        Object.defineProperty(window, name, { get: () => null });""",
    "full": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };",
}


@pytest.mark.parametrize("storage", STORAGE)
def test_a_browser_that_keeps_nothing_votes_and_writes_all_the_same(
    new_page: NewPage, made: Made, voting: FacilitatorStore, storage: str
) -> None:
    phone, laptop = new_page("phone"), new_page("laptop")
    for page in (phone, laptop):
        page.add_init_script(STORAGE[storage])
    join(phone, made)
    phone.locator("label", has_text=re.compile("^3 Mature")).click()
    expect(phone.get_by_text(re.compile("Saved: 3 Mature"))).to_be_visible()
    phone.get_by_text("Add a reason (optional)").click()
    phone.get_by_label("Your reason (optional)").fill("A reason")
    phone.get_by_role("button", name="Save reason").click()
    expect(phone.get_by_text("Your reason is saved.").first).to_be_visible()
    laptop.goto(made.facilitator_link)
    laptop.get_by_role("textbox", name="Comment").fill("A comment")
    expect(laptop.locator(".nps-comment .nps-state")).to_have_text(re.compile("Saved"))
    assert note(voting) == "A comment"
    laptop.locator(".nps-now-panel .nps-main").click()
    expect(phone.get_by_role("heading", name="The votes are shown")).to_be_visible()


def put_away(page: Page) -> None:
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")


def bring_back(page: Page) -> None:
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")


def test_a_page_that_the_browser_had_put_away_shows_nothing_before_it_is_known_whose_it_is(
    page: Page, made: Made, voting: FacilitatorStore
) -> None:
    join(page, made)
    page.locator("label", has_text=re.compile("^3 Mature")).click()
    expect(page.get_by_text(re.compile("Saved: 3 Mature"))).to_be_visible()
    asked: list[Route] = []
    page.route("**/api/kernels/*", lambda route: asked.append(route))
    put_away(page)
    bring_back(page)
    wait_until(lambda: page.evaluate("1") and asked)
    assert page.locator("#screen *").evaluate_all(VISIBLE) == []
    expect(page.get_by_text("Connecting", exact=True)).to_be_visible()
    expect(page.locator("#opening").get_by_text("Showing leadership")).to_be_visible()
    for route in asked:
        route.continue_()
    expect(page.get_by_text(re.compile("Saved: 3 Mature"))).to_be_visible()
    expect(page.get_by_text("Connecting", exact=True)).to_be_hidden()


def test_a_page_that_had_been_put_away_and_is_somebody_elses_by_now_is_loaded_anew(
    server: RunningServer, new_page: NewPage, made: Made, voting: FacilitatorStore
) -> None:
    page = new_page("phone", allow=LOST)
    join(page, made)
    page.locator("label", has_text=re.compile("^3 Mature")).click()
    expect(page.get_by_text(re.compile("Saved: 3 Mature"))).to_be_visible()
    page.evaluate("window.stillTheOldPage = true")
    put_away(page)
    page.context.clear_cookies()
    join_without_a_browser(page, made)
    noticed = server.log.count(NOTICED)
    for pid in server.forked_kernels():
        psutil.Process(pid).kill()
    wait_until(lambda: server.log.count(NOTICED) > noticed)
    with page.expect_event("framenavigated", timeout=WAIT_SECONDS * 1000):
        bring_back(page)
    expect(page.get_by_text("Not voted yet")).to_be_visible()
    assert not page.evaluate("window.stillTheOldPage")
    voting.refresh()
    assert len(voting.workshop.sessions[made.session].participants) == 2


def test_without_scripts_a_page_says_so_and_does_not_seem_to_open(new_page: NewPage, made: Made) -> None:
    page = new_page("phone", java_script_enabled=False)
    join_without_a_browser(page, made)
    page.goto(made.vote_page)
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.get_by_text("Opening the workshop")).to_be_hidden()
    page.goto(made.facilitator_link)
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.get_by_text("no longer valid")).to_be_hidden()


def test_a_part_of_a_page_that_cannot_be_drawn_takes_no_other_with_it(
    new_page: NewPage, made: Made, voting: FacilitatorStore
) -> None:
    page = new_page("phone", allow=("IntersectionObserver",))
    page.add_init_script("delete window.IntersectionObserver")
    join(page, made)
    page.wait_for_selector(OPEN)
    voting.record(VotingStopped(made.session, CODE, 1))
    voting.record(TopicPresented(made.session, OTHER))
    expect(page.get_by_role("heading", name="Reporting")).to_be_visible()


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
    for place in ("#opening", ".whose"):
        assert page.locator(place).text_content().count(title) == 1  # type: ignore[union-attr]
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


def test_a_page_notices_in_time_that_its_question_for_another_kernel_was_lost(
    server: RunningServer, new_page: NewPage, made: Made, voting: FacilitatorStore
) -> None:
    page = new_page("phone", allow=LOST)
    join(page, made)
    page.locator("label", has_text=re.compile("^3 Mature")).click()
    expect(page.get_by_text(re.compile("Saved: 3 Mature"))).to_be_visible()
    asked: list[str] = []

    def swallow_one(route: Route) -> None:
        if route.request.method == "POST":
            asked.append(route.request.url)
        if len(asked) != 1:
            route.continue_()

    page.route("**/vote/**", swallow_one)
    end_kernel(page, server.base)
    wait_until(lambda: page.evaluate("1") and len(asked) > 1)
    page.locator("label", has_text=re.compile("^2 ")).click()
    expect(page.get_by_text(re.compile("Saved: 2"))).to_be_visible()


SLOW = """window.wait = 0;
const fetched = window.fetch;
window.fetch = async (address, about) => {
    if (String(address).includes("/api/kernels/")) await new Promise((done) => setTimeout(done, window.wait));
    return fetched(address, about);
};"""
"""A network on which answers take as long as the test says."""


def test_a_page_on_a_network_that_is_slow_is_connected_again(
    new_page: NewPage, made: Made, voting: FacilitatorStore
) -> None:
    page = new_page("phone", allow=LOST)
    page.add_init_script(SLOW)
    join(page, made)
    page.wait_for_selector(OPEN)
    page.evaluate(
        "window.wait = 20_000, dispatchEvent(new Event('pageshow')), document.dispatchEvent(new Event('resume'))"
    )
    expect(page.get_by_text("Not connected")).to_be_visible()
    page.evaluate("window.wait = 2000")
    expect(page.get_by_text("Not connected")).to_be_hidden()


def lose(route: Route) -> None:
    route.abort("internetdisconnected")


@pytest.mark.parametrize("lost", ["**/screen-*/participant.js", "**/screen-*/participant.*"])
def test_a_page_whose_script_or_style_was_lost_on_its_way_heals_by_itself(
    new_page: NewPage, made: Made, lost: str
) -> None:
    page = new_page("phone", allow=LOST)
    join_without_a_browser(page, made)
    page.route(lost, lose)
    page.goto(made.vote_page, wait_until="commit")
    expect(page.get_by_text("The connection was lost. We keep trying.")).to_be_visible()
    page.unroute(lost, lose)
    page.wait_for_selector(OPEN)
    expect(page.locator(".whose p").first).to_have_css("display", "flex")
    assert page.locator(".nps-topic-heading").count() == 1


REFUSED = """window.refused = [];
addEventListener("securitypolicyviolation", (one) => refused.push([one.effectiveDirective, one.blockedURI]));"""


def test_no_page_asks_for_what_its_policy_refuses(server: RunningServer, made: Made, new_page: NewPage) -> None:
    laptop, phone, helper = new_page("laptop"), new_page("phone"), new_page("phone")
    visits: list[tuple[Page, str, str]] = [
        (laptop, server.start_link, "form"),
        (laptop, READY.at(server.base, made.id), ".invitation"),
        (laptop, made.facilitator_link, OPEN),
        (laptop, f"{made.projector_page}/{made.session}", "body.open"),
        (laptop, PLENARY.at(server.base, made.id), "body.open"),
        (laptop, REPORTS.at(server.base, made.id), "main, body"),
        (laptop, GUIDE.at(server.base), "main"),
        (phone, server.base, "form"),
        (phone, CHECK.at(server.base), "main"),
        (phone, made.join_link, "form"),
        (helper, server.helper_link(made.id, made.session), "body.open"),
    ]
    for page in (laptop, phone, helper):
        page.add_init_script(REFUSED)
    found = {}
    for page, address, there in visits:
        page.goto(address)
        page.wait_for_selector(there)
        found[address] = page.evaluate("new Promise((done) => setTimeout(() => done(refused), 200))")
    phone.goto(made.join_link)
    phone.get_by_role("button", name="Join").click()
    phone.wait_for_selector(OPEN)
    found["vote"] = phone.evaluate("refused")
    laptop.goto(made.facilitator_page)
    laptop.get_by_role("button", name="Menu").click()
    laptop.get_by_text("Change the agenda").click()
    found["agenda"] = laptop.evaluate("new Promise((done) => setTimeout(() => done(refused), 200))")
    assert {address: refused for address, refused in found.items() if refused} == {}
