"""How a server looks from outside, through whatever proxy is in front of it: `nps-workshop doctor --url`."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

from npswidgets.addresses import CHECK, CHECK_SOCKET, JOIN
from npswidgets.server.machine.certificate import look_at_certificate

PATIENCE_SECONDS = 20.0
IDLE_SECONDS = 35
"""A page and its server say something to each other every thirty seconds."""

OURS = "check.js"
UPGRADE = (
    "In nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade."
)
LONGER = "In nginx: proxy_read_timeout 75s; other proxies call it an idle timeout."


class Seen(NamedTuple):
    """One thing that was looked at, what was found, and what to do about it; empty where all is well."""

    what: str
    says: str
    todo: str = ""


async def looks(url: str, idle_seconds: int = IDLE_SECONDS, trusted: str | None = None) -> AsyncIterator[Seen]:
    """What is seen of a server, one after the other; what needs the pages is left out where they do not answer.

    Args:
        idle_seconds: for how long nothing is said on a connection.
        trusted: the file of a certificate to trust; None for those that this computer does.
    """
    asked = partial(HTTPRequest, request_timeout=PATIENCE_SECONDS, connect_timeout=PATIENCE_SECONDS, ca_certs=trusted)
    if urlsplit(url).scheme == "https":
        certificate = await look_at_certificate(url, datetime.now(UTC), trusted)
        if certificate:
            yield Seen("Certificate", *certificate)
    pages = _pages(await _answer(asked(CHECK.at(url))))
    yield pages
    if pages.todo:
        return
    origin = {"Origin": f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"}
    form = asked(JOIN.at(url), method="POST", headers=origin, body="code=", follow_redirects=False)
    yield _forms(await _answer(form))
    socket = CHECK_SOCKET.at(url).replace("http", "ws", 1)
    live = await _live(asked(socket, headers=origin))
    yield live
    if not live.todo:
        yield await _idle(asked(socket, headers=origin), idle_seconds)
    yield _https(url)


async def _answer(request: HTTPRequest) -> HTTPResponse | str:
    """The answer, whatever its status; in words why there is none."""
    try:
        return await AsyncHTTPClient(force_instance=True).fetch(request, raise_error=False)
    except (OSError, HTTPClientError) as error:
        return str(error)


def _pages(answer: HTTPResponse | str) -> Seen:
    if isinstance(answer, str) or answer.code == 599:
        why = answer if isinstance(answer, str) else str(answer.error)
        return Seen("Pages", f"Nothing answers there ({why}).", "Check the address, its name and its certificate.")
    body = answer.body.decode(errors="replace")
    if answer.code == 200 and OURS in body:
        return Seen("Pages", "Pages are answered.")
    if answer.code == 421:
        return _misled("Pages", body)
    if answer.code in (502, 503, 504):
        todo = "Start the server, and have the proxy ask it at its port."
        return Seen("Pages", f"A proxy answers, and no server behind it ({answer.code}).", todo)
    todo = "Serve with the path of this address as --prefix, and have the proxy pass the path on as it is."
    return Seen("Pages", f"Something else answers there ({answer.code}).", todo)


def _forms(answer: HTTPResponse | str) -> Seen:
    if not isinstance(answer, str) and answer.code == 421:
        return _misled("Forms", answer.body.decode(errors="replace"))
    if isinstance(answer, str) or answer.code != 403:  # a form without its token, which nobody was given
        return Seen(
            "Forms", "A form does not arrive.", "Have the proxy pass on POST, and the host as it was asked for."
        )
    return Seen("Forms", "Forms arrive under the address that people see.")


def _misled(what: str, body: str) -> Seen:
    """What the server says itself of how it was asked."""
    try:
        words = str(json.loads(body)["words"])
    except (ValueError, LookupError, TypeError):
        words = "It knows no such host. Say this address with --url where it is served."
    problem, _, todo = words.partition(". ")
    return Seen(what, f"{problem.rstrip('.')}.", todo or "Have both say the same.")


async def _live(request: HTTPRequest) -> Seen:
    try:
        line = await websocket_connect(request)
        await line.write_message("hello")
        answered = await line.read_message()
        await _close(line)
    except (OSError, HTTPClientError) as error:
        return Seen("Live", f"The proxy does not pass on websockets ({error}).", UPGRADE)
    if answered is None:
        return Seen("Live", "The proxy opens a websocket, and cuts it off.", UPGRADE)
    return Seen("Live", "Screens stay in touch by websockets.")


async def _idle(request: HTTPRequest, seconds: int) -> Seen:
    start = time.monotonic()
    line = await websocket_connect(request)
    await line.write_message(f"stay {seconds}")
    answered = await line.read_message()
    await _close(line)
    if answered is None:
        lasted = round(time.monotonic() - start)
        return Seen("Idle", f"The proxy cuts a connection on which nothing was said for {lasted} seconds.", LONGER)
    return Seen("Idle", f"A connection on which nothing is said lasts for {seconds} seconds.")


async def _close(line: WebSocketClientConnection) -> None:
    """Says goodbye, and waits until the other side has: what is left open by then is in nobody's hands."""
    line.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await line.read_message() is not None:
                pass


def _https(url: str) -> Seen:
    if urlsplit(url).scheme == "https":
        return Seen("https", "What phones send is encrypted.")
    todo = "Have the proxy speak https, and say so with --url."
    return Seen("https", "Who listens on the network reads what phones send.", todo)
