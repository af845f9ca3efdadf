"""What is made of JupyterHub's answers when somebody signs on: a name, or words, and nothing else."""

import json
import socket
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from messages import run
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from npswidgets.server.http.hub import Hub, HubFault
from npswidgets.server.pages.sign_on_page import NO_HUB, SignedOnPage, SignOnPage

TOKEN = {"access_token": "a-token-of-anna"}
ANNA = {"kind": "user", "name": "anna"}
Answer = tuple[int, object]


def hub_at(port: int) -> Hub:
    return Hub(("127.0.0.1", 1), "", f"http://127.0.0.1:{port}", "", "service-nps", "a-secret", "/oauth_callback")


async def name_by(token: Answer, user: Answer) -> str:
    """Who has signed on, by these answers of a hub."""

    class Says(RequestHandler):
        def initialize(self, answer: Answer) -> None:
            self._status, self._body = answer

        def get(self) -> None:
            self.set_status(self._status)
            self.finish(self._body if isinstance(self._body, bytes) else json.dumps(self._body))

        post = get

    app = Application([("/oauth2/token", Says, {"answer": token}), ("/user", Says, {"answer": user})])
    sockets, server = bind_sockets(0, "127.0.0.1"), HTTPServer(app)
    server.add_sockets(sockets)
    try:
        return await hub_at(sockets[0].getsockname()[1]).name_of("code", "verifier")
    finally:
        server.stop()
        await server.close_all_connections()


def test_the_hub_s_word_is_taken() -> None:
    assert run(name_by((200, TOKEN), (200, ANNA))) == "anna"


@pytest.mark.parametrize(
    ("token", "user", "is_refused"),
    [
        ((400, {"error": "invalid_grant"}), (200, ANNA), True),  # used once already, or too old
        ((403, {}), (200, ANNA), False),
        ((500, b"broken"), (200, ANNA), False),
        ((302, b""), (200, ANNA), False),
        ((200, b"<html>"), (200, ANNA), False),
        ((200, [1]), (200, ANNA), False),
        ((200, {}), (403, {}), True),
        ((200, {"access_token": "a\r\nX-Evil: 1"}), (200, ANNA), False),
        ((200, TOKEN), (401, {}), True),  # somebody whom the hub has removed in between
        ((200, TOKEN), (403, {}), True),
        ((200, TOKEN), (404, {}), True),
        ((200, TOKEN), (500, {}), False),
        ((200, TOKEN), (200, None), False),
        ((200, TOKEN), (200, {"kind": "service", "name": "anna"}), False),
        ((200, TOKEN), (200, {"kind": "user"}), False),
        ((200, TOKEN), (200, {"kind": "user", "name": ""}), False),
        ((200, TOKEN), (200, {"kind": "user", "name": ["anna"]}), False),
    ],
)
def test_any_other_answer_signs_nobody_on(token: Answer, user: Answer, is_refused: bool) -> None:
    with pytest.raises(HubFault) as fault:
        run(name_by(token, user))
    assert fault.value.refused == is_refused
    assert "a-secret" not in str(fault.value)
    assert "a-token" not in str(fault.value)


def hub_that_is_gone() -> Hub:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return hub_at(free.getsockname()[1])


def test_a_hub_that_is_gone_signs_nobody_on() -> None:
    with pytest.raises(HubFault, match="does not answer") as fault:
        run(hub_that_is_gone().name_of("code", "verifier"))
    assert not fault.value.refused


class Plain:
    """A page of which what it says is taken down, and nothing is drawn."""

    async def prepare(self) -> None:
        pass

    def draw_problem(self: Any, status: int, *words: str, back: str) -> None:
        self.set_status(status)
        self.finish(json.dumps([*words, back]))


class There(Plain, SignOnPage):
    """To the hub."""


class Back(Plain, SignedOnPage):
    """And back."""


async def on_the_way_back(hub: Hub) -> HTTPResponse:
    """What is said to a browser that the hub has sent back."""
    settings = {"hub": hub, "sign_on_header": None, "sign_on_cookie": "nps-sign-on-1", "cookie_secret": "0" * 32}
    sockets = bind_sockets(0, "127.0.0.1")
    server = HTTPServer(Application([("/sign-on", There), ("/oauth_callback", Back)], **settings))
    server.add_sockets(sockets)
    here, client = f"http://127.0.0.1:{sockets[0].getsockname()[1]}", AsyncHTTPClient()
    try:
        sent = await client.fetch(f"{here}/sign-on?workshop=2026-01-a", follow_redirects=False, raise_error=False)
        (state,) = parse_qs(urlsplit(sent.headers["Location"]).query)["state"]
        cookie = {"Cookie": sent.headers["Set-Cookie"].partition(";")[0]}
        asked = f"{here}/oauth_callback?code=a-code&state={state}"
        return await client.fetch(asked, headers=cookie, follow_redirects=False, raise_error=False)
    finally:
        server.stop()
        await server.close_all_connections()


def test_who_comes_back_while_the_hub_is_gone_is_told_so_and_that_votes_go_on(caplog: pytest.LogCaptureFixture) -> None:
    answer = run(on_the_way_back(hub_that_is_gone()))
    assert answer.code == 503
    assert json.loads(answer.body) == [*NO_HUB, "/sign-on?workshop=2026-01-a"]
    assert 'nps-sign-on-1=""' in answer.headers["Set-Cookie"], "it counts once, whatever came of it"
    (line,) = [one for one in caplog.messages if "sign on" in one]
    assert line == "Somebody could not sign on: JupyterHub does not answer (ConnectionRefusedError)."
