"""What the server says of itself to whatever watches it."""

import asyncio
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from messages import run
from sqlalchemy import Engine
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from npswidgets.domain.actor import Actor
from npswidgets.errors import StoreFault
from npswidgets.server import app
from npswidgets.server.http.access import Grant
from npswidgets.server.http.turns import FIRST_WATCHES, Turns
from npswidgets.server.kernels import readiness
from npswidgets.server.kernels.readiness import WORDS, Readiness
from npswidgets.server.pages.health_pages import MetricsPage, ReadinessPage, serve_figures
from npswidgets.store.faults import BUSY

PERSON = Grant("a-secret-cookie", Actor("2026-01-a-council-by-name", "participant", "a-session-by-name"))


def kernels(*, full: bool = False, prepared: bool = True, forks: bool = True) -> Any:
    there = SimpleNamespace(is_set=lambda: forks)
    return SimpleNamespace(
        prepared=SimpleNamespace(is_set=lambda: prepared),
        forks=SimpleNamespace(there=there),
        is_full=lambda: full,
        owners={"one": PERSON},
        most=7,
    )


def lacks(engine: Engine, **how: bool) -> tuple[str, ...]:
    async def look() -> tuple[str, ...]:
        return await Readiness(engine, kernels(**how)).lacks()

    return run(look())


def test_nothing_is_lacking_where_people_can_come(engine: Engine) -> None:
    assert lacks(engine) == ()


@pytest.mark.parametrize(("how", "code"), [("prepared", "starting"), ("forks", "forks")])
def test_a_server_that_is_not_there_yet_says_so(engine: Engine, how: str, code: str) -> None:
    assert lacks(engine, **{how: False}) == (code,)


def test_a_full_server_says_so(engine: Engine) -> None:
    assert lacks(engine, full=True) == ("full",)


@pytest.mark.parametrize(("fault", "code"), [(BUSY, "database_busy"), ("/home/anna/x.db is gone", "database")])
def test_a_database_that_cannot_be_written_is_named_without_its_place(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, fault: str, code: str
) -> None:
    def writing(*_: object) -> None:
        raise StoreFault(fault)

    monkeypatch.setattr(readiness, "writing", writing)
    assert lacks(engine) == (code,)
    assert "/" not in WORDS[code]


def test_a_disk_that_is_nearly_full_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    assert lacks(engine) == ("disk",)


def test_however_many_ask_the_database_is_asked_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(Readiness, "_lacks_of_disk", lambda _: asked.append(1) or [])

    async def look() -> None:
        one = Readiness(engine, kernels())
        await asyncio.gather(*(one.lacks() for _ in range(50)))

    run(look())
    assert asked == [1]


GET = RequestStartLine("GET", "/ready", "HTTP/1.0")


@pytest.mark.parametrize(("page", "lines"), [(ReadinessPage, 0), (MetricsPage, 1)])
def test_that_nobody_can_come_in_fills_no_log(
    monkeypatch: pytest.MonkeyPatch, page: type[RequestHandler], lines: int
) -> None:
    logged: list[object] = []
    monkeypatch.setattr(app.log, "warning", lambda *said: logged.append(said))
    handler = page(
        Application(),
        HTTPServerRequest(start_line=GET, headers=HTTPHeaders(Host="localhost"), connection=Mock(stream=None)),
    )
    handler.set_status(503)
    app._log_request(handler)
    assert len(logged) == lines


def metrics(engine: Engine, token: str, said: str) -> tuple[int, str]:
    """The status and the text of `/metrics`."""

    async def ask() -> tuple[int, str]:
        settings = {"metrics_token": token, "readiness": Readiness(engine, kernels()), "connections": lambda: 3}
        server = HTTPServer(Application([("/", MetricsPage)], log_function=lambda _: None, **settings))
        sockets = bind_sockets(0, "127.0.0.1")
        server.add_sockets(sockets)
        url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/"
        headers = {"Authorization": said} if said else {}
        answer = await AsyncHTTPClient().fetch(url, headers=headers, raise_error=False)
        server.stop()
        return answer.code, answer.body.decode()

    return run(ask())


def test_figures_are_for_who_brings_the_token(engine: Engine) -> None:
    status, text = metrics(engine, "s3cret", "Bearer s3cret")
    assert status == 200
    assert 'nps_pages{role="participant"} 1.0' in text
    assert 'nps_pages{role="facilitator"} 0.0' in text
    assert "nps_pages_most 7.0" in text
    assert "nps_connections 3.0" in text
    assert all(f'nps_lacks{{code="{code}"}} 0.0' in text for code in WORDS)


def test_figures_hold_nothing_about_anybody(engine: Engine) -> None:
    _, text = metrics(engine, "s3cret", "bearer s3cret")
    assert not any(word in text for word in ("by-name", "cookie", "s3cret"))


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer ", "Bearer s3cre", "Basic s3cret", "s3cret", "Bearer s3crét"])
def test_nobody_else_gets_any(engine: Engine, said: str) -> None:
    assert metrics(engine, "s3cret", said) == (401, '{"error": 401}')


def test_without_a_token_there_are_none(engine: Engine) -> None:
    assert metrics(engine, "", "Bearer ")[0] == 404


def test_on_a_port_of_its_own_they_need_none_and_nothing_else_is_there(engine: Engine) -> None:
    async def ask() -> list[tuple[int, str]]:
        sockets = bind_sockets(0, "127.0.0.1")
        settings = {"readiness": Readiness(engine, kernels()), "connections": lambda: 3, "metrics_token": "s3cret"}
        server = serve_figures(settings, sockets)
        base = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
        answers = [
            await AsyncHTTPClient().fetch(base + path, raise_error=False)
            for path in ("/metrics", "/", "/start", "/join")
        ]
        server.stop()
        return [(one.code, one.body.decode()) for one in answers]

    (status, text), *others = run(ask())
    assert (status, "nps_connections 3.0" in text, "s3cret" in text) == (200, True, False)
    assert {status for status, _ in others} == {404}


def test_who_watches_waits_for_no_flood_and_is_none() -> None:
    now = [0.0]
    turns = Turns(lambda: now[0])
    assert [turns.watch("10.0.0.1") for _ in range(FIRST_WATCHES + 1)] == [True] * FIRST_WATCHES + [False]
    assert turns.watch("10.0.0.2")
    now[0] += 1
    assert turns.watch("10.0.0.1")
