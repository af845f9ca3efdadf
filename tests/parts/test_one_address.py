"""A phone that has no place yet is sent to the one address that people are told; where it was lost, it is told."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from serving import Client, Made, RunningServer
from sqlalchemy import Engine

from npswidgets.domain.actor import Actor
from npswidgets.server.http import access
from npswidgets.server.machine.address import MOVED, address_before, join_address, keep_address, one_address
from npswidgets.server.pages import one_address as pages
from npswidgets.store.access import add_grant, set_server_value

TOLD = "http://192.168.1.20:8866"
NUMBER = "192.168.1.20"
OLD = "http://10.0.0.7:8866"


def asked(engine: Engine, host: str, came_in_at: str, patch: pytest.MonkeyPatch, browser: str | None = None) -> Any:
    """A page that a phone asks for."""
    socket = SimpleNamespace(getsockname=lambda: (came_in_at, 8866))
    connection = SimpleNamespace(stream=SimpleNamespace(socket=socket))
    patch.setattr(pages, "browser_of", lambda _: browser)
    request = SimpleNamespace(host=host, path="/join/123456", connection=connection)
    return SimpleNamespace(settings={"engine": engine}, request=request)


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


def test_a_connection_that_has_gone_leads_nowhere(engine: Engine) -> None:
    keep_address(engine, TOLD)
    gone: Any = SimpleNamespace(
        settings={"engine": engine}, request=SimpleNamespace(host="laptop", path="/", connection=None)
    )
    assert pages.belongs_at(gone) == ""


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
