"""Behind a real JupyterHub: a whole workshop in a browser, who is let in by signing on, and when a server is ended."""

import logging
import os
import re
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import psutil
import pytest
from hub import ADMIN, PASSWORD, Person, RunningHub
from messages import run
from playwright.sync_api import Page, expect
from serving import wait_until
from sqlalchemy import Engine
from test_browser_closing import download_data, menu
from test_browser_theme import button, choose_score, press, vote

from npswidgets.addresses import join_link
from npswidgets.domain.actor import Actor
from npswidgets.domain.events import NoteWritten, ScoreRecorded, SessionClosed, Words
from npswidgets.store import doors, people
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.rights import name_person, unname_person
from npswidgets.store.workshops import Created, NewWorkshop, create_workshop, list_workshops, read_workshop

# All in one file: its tests share one hub, which takes seconds to start.
COUNCIL = "other"
AREA = (("Showing leadership", ("engaging-councillors",)),)


@pytest.fixture
def service(hub: RunningHub) -> str:
    """The address of the service, without a slash at the end."""
    return f"{hub.base}/services/nps"


@pytest.fixture
def engine(hub: RunningHub) -> Engine:
    """The database of the service."""
    return hub.engine("services", "nps")


def made(engine: Engine) -> Created:
    return create_workshop(engine, NewWorkshop(council="Example County Council", sessions=AREA))


def with_query(address: str, **changed: str) -> str:
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
    return parts._replace(query=urlencode(query)).geturl()


def test_signing_on_alone_opens_nothing_and_a_name_opens_what_it_is_named_for(
    hub: RunningHub, service: str, engine: Engine
) -> None:
    mine, others = made(engine), made(engine)
    ben = Person(service)
    assert ben.sign_on("ben").status_code == 403
    assert ben.sign_on("ben", mine.workshop).status_code == 403
    name_person(engine, "ben", mine.workshop)
    shown = ben.sign_on("ben", mine.workshop)
    assert (shown.status_code, urlsplit(shown.url).path) == (200, f"/services/nps/facilitate/{mine.workshop}")
    assert "No longer valid" not in shown.text
    assert 'id="states"' in shown.text
    for path in ("/start", f"/facilitate/{others.workshop}", f"/start/{others.workshop}"):
        assert "Who takes part needs no account" in ben.get(path).text, path
    assert ben.sign_on("ben", others.workshop).status_code == 403
    assert ben.sign_on("ben", "no-such-workshop").status_code == 403
    assert ben.post("/sign-out").status_code == 200
    assert "Who takes part needs no account" in ben.get(f"/facilitate/{mine.workshop}").text
    assert 'id="states"' in ben.sign_on("ben", mine.workshop).text
    unname_person(engine, "ben", mine.workshop)
    assert "Who takes part needs no account" in ben.get(f"/facilitate/{mine.workshop}").text, "at once"
    assert ben.sign_on("ben", mine.workshop).status_code == 403


def test_a_way_back_from_the_hub_counts_once_and_in_the_browser_that_went_there(
    hub: RunningHub, service: str, engine: Engine
) -> None:
    name_person(engine, "anna")
    anna, ben, nobody = Person(service), Person(service), Person(service)
    hers, his = anna.way_back("anna"), ben.way_back("ben")
    foreign = parse_qs(urlsplit(hers).query)["code"][0]

    assert nobody.get(hers).status_code == 403, "a browser that was not sent to the hub"
    assert ben.get(with_query(his, code=foreign)).status_code == 403, "her code in his browser: another verifier"
    assert ben.get(his).status_code == 403, "what his browser was sent with is used up"
    assert anna.get(with_query(hers, state="made-up")).status_code == 403
    assert "Who takes part needs no account" in ben.get("/start").text

    again = anna.way_back("anna")
    before = {one.value for one in anna.http.cookies if "nps-browser" in one.name}
    assert urlsplit(anna.get(again).url).path == "/services/nps/start"
    assert not before & {one.value for one in anna.http.cookies if "nps-browser" in one.name}
    assert anna.get(again).status_code == 403, "once"
    assert not [one for one in anna.http.cookies if "sign-on" in one.name], "and nothing of it is kept"


@pytest.mark.parametrize("workshop", ["https://evil.example/", "//evil.example", "../../hub/logout", "\\evil", ".."])
def test_signing_on_leads_nowhere_else(hub: RunningHub, service: str, engine: Engine, workshop: str) -> None:
    name_person(engine, "anna")
    anna = Person(service)
    first = anna.get("/sign-on", params={"workshop": workshop, "next": "https://evil.example/"}, allow_redirects=False)
    assert first.status_code == 400 or first.headers["Location"].startswith("/hub/api/oauth2/authorize?")
    assert "evil" not in first.headers.get("Location", "")


def test_the_hub_s_token_stays_with_the_server(hub: RunningHub, service: str) -> None:
    anna = Person(service)
    told = anna.get("/sign-on", allow_redirects=False).headers
    (server,) = (
        one
        for one in psutil.Process(hub.process.pid).children()
        if one.environ().get("JUPYTERHUB_SERVICE_NAME") == "nps"
    )
    token = server.environ()["JUPYTERHUB_API_TOKEN"]
    assert token not in str(told)
    assert token not in hub.log
    assert server.children()
    for one in server.children(recursive=True):
        with suppress(psutil.Error):  # it has ended meanwhile
            assert token not in one.environ().values()
    assert not [line for line in hub.log.splitlines() if "/start#" in line], "no secret is in the hub's log"


def test_people_go_on_while_the_hub_does_not_answer_and_after_its_proxy_has_died(
    hub: RunningHub, service: str, engine: Engine
) -> None:
    workshop = made(engine)
    with engine.connect() as db:
        ((session, door),) = doors.read_all(db, workshop.workshop).items()
    os.kill(hub.process.pid, signal.SIGSTOP)
    try:
        phone = Person(service)
        phone.get("/join")
        joined = phone.post("/join", {"secret": door.secret}).json()
        answer = phone.post(joined["address"].removeprefix("/services/nps"))
        assert urlsplit(answer.url).path == f"/services/nps/vote/{workshop.workshop}/{session}"
        assert 'id="states"' in answer.text
    finally:
        os.kill(hub.process.pid, signal.SIGCONT)
    proxy = int((hub.folder / "proxy.pid").read_text())
    psutil.Process(proxy).kill()

    def has_another() -> bool:
        with suppress(FileNotFoundError):  # the hub takes it away before it starts another
            return (hub.folder / "proxy.pid").read_text() not in ("", str(proxy))
        return False

    wait_until(has_another)
    wait_until(lambda: hub.answers("/services/nps/"))
    assert 'id="states"' in phone.get(f"/vote/{workshop.workshop}/{session}").text


def test_each_server_of_a_council_has_its_own_cookies_and_people(hub: RunningHub) -> None:
    first, named = hub.spawn(COUNCIL), hub.spawn(COUNCIL, "north")
    assert urlsplit(named).path == "/user/other/north"
    engines = hub.engine("councils", COUNCIL, "_"), hub.engine("councils", COUNCIL, "north")
    owner, workshops = Person(named), [made(one) for one in engines]
    name_person(engines[1], COUNCIL)
    assert urlsplit(owner.sign_on(COUNCIL).url).path == "/user/other/north/start"
    kept = [one for one in owner.http.cookies if one.name.startswith("nps-")]
    assert {one.path for one in kept} == {"/user/other/north/"}
    neighbour = Person(first)
    neighbour.http.cookies = owner.http.cookies
    for one in kept:  # as if the other path's were sent here, too
        neighbour.http.cookies.set(one.name, one.value, domain=one.domain, path="/user/other/")
    assert "Who takes part needs no account" in neighbour.get("/start").text

    visitor = Person(named)
    assert visitor.sign_on("st helens@x").status_code == 403, "the hub itself sends away whose role has no access"
    phone = Person(first)
    assert phone.get(f"/join/{next(iter(workshops[0].codes.values()))}").status_code == 200, "no account is asked for"
    assert hub.server(COUNCIL)["ready"]
    hub.stop_server(COUNCIL, "north")


def cull(hub: RunningHub, since: datetime) -> None:
    """Has the hub's culler look once, which ends servers that were not in use since a moment."""
    from jupyterhub_idle_culler import cull_idle

    def is_old(*, server: dict[str, str], **_: object) -> bool:
        last = datetime.fromisoformat(server["last_activity"].replace("Z", "+00:00"))
        return server["url"].startswith(f"/user/{COUNCIL}/") and last < since

    log = logging.getLogger("tests.culler")
    api = f"http://127.0.0.1:{hub.hub_port}/hub/api"
    run(cull_idle(api, ADMIN, 1, log, cull_arbiter=is_old))


def test_a_server_is_ended_when_nobody_uses_it_and_never_while_a_session_is_open(hub: RunningHub) -> None:
    hub.spawn(COUNCIL)
    engine = hub.engine("councils", COUNCIL, "_")
    workshop = made(engine)
    people.join(engine, workshop.workshop, next(iter(workshop.codes)), None, None)
    untouched = datetime.now(UTC)  # from here on nobody asks for anything

    def active_since(moment: datetime) -> bool:
        last = hub.server(COUNCIL)["last_activity"]
        return last is not None and datetime.fromisoformat(last.replace("Z", "+00:00")) > moment

    wait_until(lambda: active_since(untouched))
    cull(hub, untouched)
    assert hub.server(COUNCIL)["ready"]

    for known in list_workshops(engine):
        store = FacilitatorStore(engine, Actor(known.id, "facilitator"))
        store.record(*(SessionClosed(one.id) for one in store.workshop.sessions.values() if one.state == "open"))
    ended = "Stopped. Everything is saved."
    before = hub.log.count(ended)  # of other servers, which have the same log
    cull(hub, datetime.now(UTC))
    wait_until(lambda: not hub.server(COUNCIL))
    wait_until(lambda: hub.log.count(ended) == before + 1)


NewPage = Callable[..., Page]


def sign_on(new_page: NewPage, hub: RunningHub, base: str, name: str) -> Page:
    """A laptop whose user signs on by the hub, and stands on the operator's page."""
    laptop = new_page("laptop", base=base, allow=(f"{hub.base}/hub/",))
    laptop.goto(f"{base}/start")
    laptop.get_by_role("link", name="Sign on").click()
    laptop.get_by_label("Username:").fill(name)
    laptop.get_by_label("Password:").fill(PASSWORD)
    laptop.get_by_role("button", name="Sign in").click()
    laptop.wait_for_url(f"{base}/start")
    return laptop


def score_all_but_the_first(engine: Engine, workshop: str) -> None:
    """What the room is not to talk about."""
    store = FacilitatorStore(engine, Actor(workshop, "facilitator"))
    (session,) = store.workshop.sessions
    first, *others = store.workshop.topics_of(session)
    store.record(NoteWritten(session, first.code, "comment", Words("As agreed.")))
    for topic in others:
        comment = NoteWritten(session, topic.code, "comment", Words("As agreed."))
        store.record(comment, ScoreRecorded(session, topic.code, 2, case_study=False))


def play(new_page: NewPage, hub: RunningHub, base: str, engine: Engine, name: str) -> None:
    """Everything from signing on to the report; each page asks for nothing that is not below `base`."""
    name_person(engine, name)
    laptop = sign_on(new_page, hub, base, name)
    laptop.get_by_label("Council", exact=True).fill("Council of the Hub")
    laptop.get_by_label("Showing leadership").check()
    button(laptop, "Start the workshop").click()
    expect(laptop.get_by_role("img", name="QR code for the check")).to_be_visible()
    known = next(one for one in list_workshops(engine) if one.council == "Council of the Hub")
    with engine.connect() as db:
        ((session, door),) = doors.read_all(db, known.id).items()
    score_all_but_the_first(engine, known.id)
    button(laptop, "Open the workshop").click()
    laptop.wait_for_url(f"{base}/facilitate/{known.id}**")
    press(laptop, "Skip the practice")
    expect(button(laptop, "Skip the practice")).to_have_count(0)

    phones = [new_page("phone", base=base) for _ in range(2)]
    for phone in phones:
        phone.goto(join_link(base, door.secret))
        phone.get_by_label("Finance and legal").check()
        button(phone, "Join").click()
        phone.wait_for_url(f"{base}/vote/{known.id}/{session}")
    wall = new_page("wall", base=base, storage_state=laptop.context.storage_state())
    wall.goto(f"{base}/project/{known.id}/{session}")
    press(laptop, "Start voting")
    for phone in phones:
        vote(phone, "2 Developing")
    expect(wall.get_by_text("All votes are in").first).to_be_visible()
    press(laptop, "Show the votes")
    expect(phones[0].get_by_text("2 votes").first).to_be_visible()
    choose_score(laptop, 2)
    press(laptop, "Save only")
    expect(wall.get_by_text("Agreed score").first).to_be_visible()

    menu(laptop, "End the workshop")
    press(laptop, "Show on the screen")
    for screen in (wall, *phones):
        expect(screen.get_by_role("heading", name="Is this what we agreed?")).to_be_visible()
    press(laptop, "End the workshop")
    expect(phones[0].get_by_text("Thank you. The workshop has ended.").first).to_be_visible()
    press(laptop, "Check before sign-off")
    laptop.get_by_label("Sign off as (job title)").fill("Head of procurement")
    button(laptop, "Sign off and lock").click()
    expect(laptop.get_by_text(re.compile("^Signed off as Head of procurement on .*, version 1"))).to_be_visible()
    assert read_workshop(engine, known.id).sealed

    press(laptop, "Make the report")
    download = download_data(laptop)
    assert download.url.startswith(f"{base}/facilitate/{known.id}/reports/")
    assert name not in Path(download.path()).read_text(encoding="utf-8"), "no user's name is in the record"
    wall.context.close()  # it is the laptop's, and would ask again and again
    laptop.goto(f"{base}/start")
    button(laptop, "Sign out").click()
    laptop.goto(f"{base}/start")
    expect(laptop.get_by_role("link", name="Sign on")).to_be_visible()


def test_a_workshop_plays_through_as_a_service_of_the_hub(new_page: NewPage, hub: RunningHub) -> None:
    play(new_page, hub, f"{hub.base}/services/nps", hub.engine("services", "nps"), "anna")


def test_a_workshop_plays_through_on_a_council_s_own_server(new_page: NewPage, hub: RunningHub) -> None:
    base = hub.spawn("st helens@x")
    assert base == f"{hub.base}/user/st%20helens@x"
    play(new_page, hub, base, hub.engine("councils", "st%20helens@x", "_"), "st helens@x")
