"""A phone that has no place yet is sent to the one address that people are told.

Where its place was lost, or may be kept at that address, a page says so.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from serving import Client, Made, RunningServer
from sqlalchemy import Engine

from npswidgets.addresses import HELP, HOME, NAMES, PACK, READY, RECORD, REPORT, REPORTS, START, WALL
from npswidgets.domain.actor import Actor
from npswidgets.server.http import access
from npswidgets.server.machine.address import MOVED, address_before, join_address, keep_address, one_address
from npswidgets.server.pages import one_address as pages
from npswidgets.server.pages.page import page_templates
from npswidgets.store.access import add_grant, set_server_value

TOLD = "http://192.168.1.20:8866"
NUMBER = "192.168.1.20"
OLD = "http://10.0.0.7:8866"


def asked(
    engine: Engine,
    host: str,
    came_in_at: str,
    patch: pytest.MonkeyPatch,
    browser: str | None = None,
    hosted: bool = False,
) -> Any:
    """A page that a phone asks for."""
    socket = SimpleNamespace(getsockname=lambda: (came_in_at, 8866))
    connection = SimpleNamespace(stream=SimpleNamespace(socket=socket))
    patch.setattr(pages, "browser_of", lambda _: browser)
    request = SimpleNamespace(host=host, path="/join/123456", connection=connection)
    return SimpleNamespace(settings={"engine": engine, "hosted": hosted}, request=request)


def test_a_phone_at_the_name_of_the_laptop_is_sent_to_its_number(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_address(engine, TOLD)
    by_name = asked(engine, "annas-laptop.local:8866", NUMBER, monkeypatch)
    assert pages.belongs_at(by_name) == f"{TOLD}/join/123456"
    assert pages.belongs_at(asked(engine, f"{NUMBER}:8866", NUMBER, monkeypatch)) == "", "once, and not in a circle"


def test_whoever_has_a_place_stays(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_address(engine, TOLD)
    browser = access.new_browser()
    by_name = asked(engine, "annas-laptop.local:8866", NUMBER, monkeypatch, browser)
    assert pages.belongs_at(by_name)
    add_grant(engine, browser, Actor("workshop", "participant", "session", "p1"))
    assert pages.belongs_at(by_name) == ""


@pytest.mark.parametrize(
    ("host", "came_in_at", "told"),
    [
        ("10.0.0.3", "10.0.0.3", TOLD),  # in another network, from which the number may lead nowhere
        ("annas-laptop.local", "10.0.0.3", TOLD),
        ("annas-laptop.local", "127.0.0.1", "https://nps.council.gov.uk"),  # nobody knows where that leads from there
        ("annas-laptop.local", "127.0.0.1", "http://127.0.0.1:8866"),  # where no phone can get in
        ("annas-laptop.local", "", TOLD),
        ("annas-laptop.local", NUMBER, ""),
    ],
)
def test_nobody_is_sent_where_they_may_not_get(host: str, came_in_at: str, told: str) -> None:
    assert one_address(host, came_in_at, told) == ""


@pytest.mark.parametrize(
    ("told", "host", "came_in_at", "says"),
    [
        (TOLD, "annas-laptop.local:8866", NUMBER, TOLD),
        (TOLD, "127.0.0.1:8866", "127.0.0.1", TOLD),
        (TOLD, "10.0.0.3:8866", "10.0.0.3", TOLD),
        (TOLD, f"{NUMBER}:8866", NUMBER, ""),  # whatever else it has been opened at
        ("http://[FE80:0::1]:8866", "[fe80::1]:8866", "fe80::1", ""),  # the same, in another spelling
        ("http://127.0.0.1:8866", "localhost:8866", "127.0.0.1", "http://127.0.0.1:8866"),
        ("http://127.0.0.1:8866", "annas-laptop.local:8866", NUMBER, ""),  # that is the other computer's own
        ("", "annas-laptop.local:8866", NUMBER, ""),
    ],
)
def test_whoever_asks_by_another_name_is_told_where_the_place_may_be(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, told: str, host: str, came_in_at: str, says: str
) -> None:
    keep_address(engine, told)
    assert pages.opened_at(asked(engine, host, came_in_at, monkeypatch)) == says
    assert pages.opened_at(asked(engine, host, came_in_at, monkeypatch, hosted=True)) == ""


def test_the_sentence_is_text_and_leads_to_the_same_page() -> None:
    macro: Any = page_templates().get_template("parts.html").module
    html = str(macro.place_elsewhere('http://x"><script>:8866', '/vote/<b>/"a'))
    assert "<script>" not in html
    assert "<b>" not in html
    shown = str(macro.place_elsewhere(TOLD, "/vote/workshop/reporting"))
    assert f'at <a href="{TOLD}/vote/workshop/reporting" translate="no">{TOLD}/</a>, open it there.' in shown
    assert str(macro.place_elsewhere("", "/vote/workshop/reporting")).strip() == ""


def test_a_connection_that_has_gone_leads_nowhere(engine: Engine) -> None:
    keep_address(engine, TOLD)
    gone: Any = SimpleNamespace(
        settings={"engine": engine}, request=SimpleNamespace(host="laptop", path="/", connection=None)
    )
    assert pages.belongs_at(gone) == ""


def test_pages_of_who_is_not_let_in_say_where_the_place_may_be(
    server: RunningServer, client: Client, made: Made
) -> None:
    other = {"Host": server.base.removeprefix("http://").replace("127.0.0.1", "localhost")}
    helping = HELP.of(made.id, made.session)
    for page in (made.facilitator_page, made.projector_page, helping, START.of(), made.vote_page, HOME.of()):
        path = page.removeprefix(server.base)
        says = f'If you opened the workshop at <a href="{server.base}{path}" translate="no">{server.base}/</a>'
        assert says in client.get(path, headers=other).text, path
        assert "If you opened" not in client.get(path).text, path


def test_so_do_pages_below_and_files_of_a_workshop_and_forms(server: RunningServer, client: Client, made: Made) -> None:
    """They said that the page is not for this browser, and not where it is."""
    other = {"Host": server.base.removeprefix("http://").replace("127.0.0.1", "localhost")}
    asked = [(one, one.of(made.id)) for one in (PACK, REPORTS, RECORD)]
    asked += [(REPORT, REPORT.of(made.id, "report.pdf")), (WALL, WALL.of(made.id, made.session))]
    for one, path in asked:
        answer = client.get(path, headers=other)
        assert answer.status_code == 403, one
        assert f'<a href="{server.base}{path}" translate="no">{server.base}/</a>, open it there.' in answer.text, one
        assert "If you opened" not in client.get(path).text, one
    ready = READY.of(made.id)
    form = {"Referer": f"http://{other['Host']}{ready}"}
    answer = client.post(NAMES.of(made.id), data={"council": "Mine"}, headers=other | form)
    assert (answer.status_code, f'<a href="{server.base}{ready}"' in answer.text) == (403, True)
    answer = client.post(NAMES.of(made.id), headers=other | {"Referer": "http://elsewhere.example/secret"})
    assert f'<a href="{server.base}/"' in answer.text
    assert "secret" not in answer.text


def test_the_address_of_before_is_kept_when_it_changes(engine: Engine) -> None:
    assert address_before(engine) is None
    keep_address(engine, OLD)
    keep_address(engine, OLD)
    assert address_before(engine) is None
    now = datetime(2026, 3, 12, 10, tzinfo=UTC)
    keep_address(engine, TOLD, now)
    assert (join_address(engine), address_before(engine)) == (TOLD, (OLD, now))
    set_server_value(engine, MOVED, "{damaged")
    assert address_before(engine) is None


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make()


@pytest.fixture
def moved(server: RunningServer) -> Iterator[Made]:
    """A workshop that somebody has joined, on a computer that has another address since."""
    made = server.make()
    Client(server).join(made)
    until = datetime.now(UTC) + timedelta(minutes=1)
    set_server_value(server.engine, MOVED, json.dumps({"before": OLD, "at": until.isoformat()}))
    yield made
    set_server_value(server.engine, MOVED, "")


def test_a_phone_that_lost_its_place_by_a_new_address_is_told(
    server: RunningServer, client: Client, moved: Made
) -> None:
    told = "If you joined before, at 10.0.0.7:8866, this browser cannot find your place."
    for page in (f"/join/{moved.code}", moved.vote_page):
        assert told in client.get(page).text
    assert told not in client.get(f"/join/{server.make().code}").text, "nobody has joined there"
    assert told not in client.get("/").text
