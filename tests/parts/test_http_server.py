"""What a bad neighbour in the room can do to the server's connections, and what it cannot."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import messages
import pytest
from serving import WAIT_SECONDS
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from npswidgets.server.http import http_server
from npswidgets.server.http.http_server import MOST_OF_A_BROWSER, WorkshopHTTPServer, accept_from
from npswidgets.server.pages.report_pages import send_in_parts


class Hello(RequestHandler):
    def get(self) -> None:
        self.write("hello")

    post = get


class Large(RequestHandler):
    async def get(self) -> None:
        for _ in range(1000):  # as a static file is sent
            self.write(b"x" * 64_000)
            await self.flush()


class Waiting(RequestHandler):
    """Answers when the test says so."""

    may_answer = asyncio.Event()

    async def get(self) -> None:
        await self.may_answer.wait()
        self.write("at last")


class Running:
    """A server in this process, whose visitors say who they are by a header."""

    def __init__(self, most: int) -> None:
        application = Application([("/", Hello), ("/large", Large), ("/waiting", Waiting)], log_function=lambda _: None)
        self.http = WorkshopHTTPServer(application, lambda headers: headers.get("Browser", ""), most)
        self.sockets = bind_sockets(0, "127.0.0.1")
        self.http.add_sockets(self.sockets)
        self.port = self.sockets[0].getsockname()[1]
        self.lines: list[asyncio.StreamWriter] = []

    async def line(self, said: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection that has said this."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        self.lines.append(writer)
        writer.write(said)
        return reader, writer

    async def ask(self, browser: str = "", path: str = "/") -> asyncio.StreamReader:
        """A connection that stays open when it has its answer's first line."""
        reader, _ = await self.line(request(browser, path))
        assert b"200" in await reader.readline()
        return reader

    async def end(self) -> None:
        self.http.stop()
        for one in self.lines:
            one.close()
        await self.http.close_all_connections()


def request(browser: str = "", path: str = "/") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: here\r\nBrowser: {browser}\r\n\r\n".encode()


@asynccontextmanager
async def running(most: int = 100) -> AsyncIterator[Running]:
    server = Running(most)
    try:
        yield server
    finally:
        await server.end()


def run(scene: Callable[[], Awaitable[None]]) -> None:
    messages.run(asyncio.wait_for(scene(), WAIT_SECONDS))


async def until(holds: Callable[[], Any]) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while not holds():
            await asyncio.sleep(0.01)


async def is_cut(reader: asyncio.StreamReader) -> None:
    """Returns when the server has ended this connection."""
    with suppress(ConnectionError):
        async with asyncio.timeout(WAIT_SECONDS):
            while await reader.read(2**20):
                pass


def test_a_server_that_stops_ends_what_it_answers_and_takes_no_request_more(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        monkeypatch.setattr(Waiting, "may_answer", asyncio.Event())
        async with running() as server:
            idle, (waiting, writer) = await server.ask(), await server.line(request(path="/waiting"))
            await until(lambda: any(one.asked for one in server.http._all.values()))
            server.http.stop()
            await is_cut(idle)
            Waiting.may_answer.set()
            assert b"200" in await waiting.readline()
            writer.write(request())
            answer = await waiting.read(2**20)
            assert answer.endswith(b"at last"), "the next request was not answered"
            assert not server.http.number

    run(scene)


def test_who_waits_for_a_server_that_ends_is_not_told_that_something_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        monkeypatch.setattr(Waiting, "may_answer", asyncio.Event())
        async with running() as server:
            waiting, _ = await server.line(request(path="/waiting"))
            await until(lambda: any(one.asked for one in server.http._all.values()))
            server.http.stop()
            server.http.let_go()
            assert await waiting.read() == b""
            Waiting.may_answer.set()

    run(scene)


@pytest.mark.parametrize(
    "said",
    [b"", b"GET / HTTP/1.1\r\nHost: h", request() + b"GET /", b"\r\n" * 5, request()],
    ids=["nothing", "half", "one and a half", "blanks", "an idle one"],
)
def test_who_does_not_finish_a_request_is_cut_off(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    monkeypatch.setattr(http_server, "REQUEST_SECONDS", 0.2)

    async def scene() -> None:
        async with running() as server:
            reader, _ = await server.line(said)
            await is_cut(reader)
            await until(lambda: server.http.number == 0)

    run(scene)


@pytest.mark.parametrize("trickle", [b"X-A: b\r\n", b"x"], ids=["headers", "body"])
def test_a_byte_now_and_then_makes_no_request_last(monkeypatch: pytest.MonkeyPatch, trickle: bytes) -> None:
    monkeypatch.setattr(http_server, "REQUEST_SECONDS", 0.3)
    monkeypatch.setattr(http_server, "BODY_SECONDS", 0.3)
    body = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n"

    async def scene() -> None:
        async with running() as server:
            reader, writer = await server.line(body if trickle == b"x" else b"GET / HTTP/1.1\r\n")
            cut = asyncio.create_task(is_cut(reader))
            while not cut.done():
                writer.write(trickle)
                await asyncio.sleep(0.02)

    run(scene)


@pytest.mark.parametrize("browser", ["", "of somebody who has joined"])
def test_who_does_not_take_the_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch, browser: str) -> None:
    monkeypatch.setattr(http_server, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(http_server, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(http_server, "STRANGERS_ANSWER_SECONDS", 0.1)

    async def scene() -> None:
        async with running() as server:
            await server.ask(browser, "/large")
            assert server.http.number == 1
            await until(lambda: server.http.number == 0)

    run(scene)


@pytest.mark.parametrize("browser", ["", "of somebody who has joined"])
def test_a_slow_phone_may_take_as_long_as_it_needs(monkeypatch: pytest.MonkeyPatch, browser: str) -> None:
    clock = [0.0]
    monkeypatch.setattr(http_server, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    patience = http_server.ANSWER_SECONDS if browser else http_server.STRANGERS_ANSWER_SECONDS

    async def scene() -> None:
        async with running() as server:
            reader = await server.ask(browser, "/large")
            for _ in range(3):
                clock[0] += patience * 0.9
                await reader.readexactly(6_000_000)  # more than all buffers in between hold
                server.http.look()
                assert server.http.number == 1
            for _ in range(3):  # now it takes no more
                server.http.look()
                clock[0] += patience * 0.9
            server.http.look()
            assert server.http.number == 0

    run(scene)


def test_a_large_export_is_never_in_memory(tmp_path: Path) -> None:
    megabytes = 10
    export = tmp_path / "all.zip"
    export.write_bytes(os.urandom(2**20) * megabytes)

    class Export(RequestHandler):
        async def get(self) -> None:
            with export.open("rb") as file:
                await send_in_parts(self, file)

    async def scene() -> None:
        async with running() as server:
            server.http.request_callback.add_handlers(".*", [("/export", Export)])  # type: ignore[union-attr]
            reader = await server.ask("anna", "/export")
            assert f"Content-Length: {export.stat().st_size}".encode() in await reader.readuntil(b"\r\n\r\n")
            tracemalloc.start()
            with export.open("rb") as file:
                while expected := file.read(2**20):
                    assert await reader.readexactly(len(expected)) == expected
            assert tracemalloc.get_traced_memory()[1] < megabytes * 2**20 / 2

    try:
        run(scene)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\n", request(path="/large")], ids=["idle", "half", "unread"])
@pytest.mark.slow
def test_a_flood_of_strangers_shuts_out_neither_who_has_joined_nor_who_comes(said: bytes) -> None:
    async def scene() -> None:
        async with running(most=40) as server:
            inside = await server.line(request("anna"))
            assert b"200" in await inside[0].readline()
            for _ in range(80):
                await server.line(said)
                await asyncio.sleep(0)
            await asyncio.wait_for(server.ask(), WAIT_SECONDS)
            await asyncio.wait_for(server.ask("ben"), WAIT_SECONDS)
            assert server.http.number <= 40
            inside[1].write(request("anna"))
            assert b"hello" in await asyncio.wait_for(inside[0].readuntil(b"hello"), WAIT_SECONDS)

    run(scene)


def test_a_browser_that_opens_too_many_connections_loses_its_own_oldest() -> None:
    async def scene() -> None:
        async with running(most=1000) as server:
            other = await server.ask("ben")
            first = await server.ask("anna")
            for _ in range(MOST_OF_A_BROWSER):
                await server.ask("anna")
            await is_cut(first)
            assert server.http.number <= MOST_OF_A_BROWSER + 1
            assert not other.at_eof()

    run(scene)


def test_a_long_pipeline_lets_others_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    answered: list[str] = []
    monkeypatch.setattr(Hello, "prepare", lambda hello: answered.append(hello.request.headers["Browser"]))

    async def scene() -> None:
        async with running() as server:
            flood, writer = await server.line(request("anna") * 5000)
            await flood.readline()
            await server.ask("ben")
            assert answered.count("anna") < 5000
            assert not flood.at_eof()
            writer.close()

    run(scene)


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: h\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nCookie\xff: \xff\xfe\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n",
        b"\xff\xfe\x00\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200 + b"\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_without_a_word_in_the_log(said: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        async with running() as server:
            reader, writer = await server.line(said)
            if writer.can_write_eof():
                writer.write_eof()
            with suppress(ConnectionError):
                answer = await reader.read(2000)
                assert answer == b"" or answer.split()[1] in (b"400", b"404")
            await until(lambda: server.http.number == 0)

    run(scene)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


FULL = """
import asyncio, logging, resource, socket, sys
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from npswidgets.server.http.http_server import WorkshopHTTPServer
from npswidgets.server.machine.log import set_up_log

class Hello(RequestHandler):
    def get(self):
        self.write("hello")

async def main():
    set_up_log()
    http = WorkshopHTTPServer(Application([("/", Hello)]), lambda headers: "", 10_000)
    sockets = bind_sockets(0, "127.0.0.1")
    http.add_sockets(sockets)
    resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
    print(sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def test_at_the_limit_of_files_the_server_rests_and_goes_on() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FULL], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        port = int(process.stdout.readline())
        before = os.times()
        flood = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
        said = process.stderr.readline()
        assert "no room for more connections" in said
        for one in flood:
            one.close()
        with socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS) as one:
            one.sendall(request())
            assert b"200" in one.recv(1000)
        process.terminate()
        rest = process.stderr.read()
    assert "Traceback" not in rest
    assert len(rest) < 2000
    assert os.times().children_user - before.children_user < 5


def test_accepting_rests_where_the_system_has_no_room() -> None:
    class Full:
        tries = 0

        def __init__(self) -> None:
            self.inner, self.other = socket.socketpair()
            self.other.send(b"x")  # it is always readable

        def fileno(self) -> int:
            return self.inner.fileno()

        def accept(self) -> None:
            self.tries += 1
            raise OSError(24, "Too many open files")

    async def scene() -> None:
        full = Full()
        stop = accept_from(full, lambda *_: None)  # type: ignore[arg-type]
        await asyncio.sleep(0.3)
        stop()
        assert full.tries == 1
        full.inner.close()
        full.other.close()

    run(scene)
