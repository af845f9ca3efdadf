"""What a page can do to a server by its websocket: nothing that others notice."""

import time
from asyncio import Future
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from messages import run
from serving import WAIT_SECONDS, Client, Made, RunningServer, websocket_to
from test_frames import BAD_BYTES, BAD_TEXTS, as_bytes, as_text
from test_server import ask, ask_for_states, open_websocket, send
from tornado.web import HTTPError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection
from websockets.typing import Subprotocol

from npswidgets.server.kernels import connection
from npswidgets.server.kernels.connection import LATER, MOST_PAGES, MOST_UNSENT_BYTES, KernelSocket, WorkshopConnection
from npswidgets.server.kernels.frames import PROTOCOL
from npswidgets.server.kernels.pace import AT_ONCE, BYTES_A_MESSAGE, MESSAGES_A_SECOND, Pace

FORGED = {"method": "update", "state": {"voter": "x" * 50_000, "fault": "x" * 50_000}, "buffer_paths": []}


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make()


@pytest.fixture
def inside(client: Client, made: Made) -> str:
    """The kernel of somebody who has joined."""
    client.join(made)
    return client.open_kernel(made.vote_page)


def opened(client: Client, kernel: str, session: str = "test", protocol: str | None = None) -> ClientConnection:
    cookies = "; ".join(f"{name}={value}" for name, value in client.http.cookies.items())
    url = client.server.base.replace("http", "ws") + f"/api/kernels/{kernel}/channels?session_id={session}"
    spoken = [Subprotocol(protocol)] if protocol else None
    return websocket_to(url, additional_headers={"Cookie": cookies}, subprotocols=spoken)


def closed_with(socket: ClientConnection) -> int | None:
    """The code with which the server closes a connection."""
    with suppress(ConnectionClosed):
        while True:
            socket.recv(WAIT_SECONDS)
    return socket.close_code


class TestPace:
    @pytest.fixture
    def now(self) -> list[float]:
        return [0.0]

    @pytest.fixture
    def pace(self, now: list[float]) -> Pace:
        return Pace(clock=lambda: now[0])

    def test_lets_a_page_open_and_people_type(self, pace: Pace, now: list[float]) -> None:
        assert not any(pace.take(1) for _ in range(int(AT_ONCE)))
        for _ in range(1000):
            now[0] += 1 / MESSAGES_A_SECOND
            assert pace.take(1) < 0.001

    def test_makes_a_flood_wait(self, pace: Pace, now: list[float]) -> None:
        taken = 0
        while now[0] < 60:
            now[0] += pace.take(1)
            taken += 1
        assert taken <= AT_ONCE + 60 * MESSAGES_A_SECOND + 1

    def test_counts_a_long_message_as_several(self, pace: Pace) -> None:
        assert pace.take_bytes(0) == 0
        assert pace.take_bytes(int(AT_ONCE) * BYTES_A_MESSAGE) == pytest.approx(2 / MESSAGES_A_SECOND)


def test_a_page_that_does_not_read_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []

    async def story(read: bool) -> None:
        waiting: list[Future[None]] = []

        def write(*_: Any) -> Future[None]:
            waiting.append(Future())
            return waiting[-1]

        monkeypatch.setattr(VoilaKernelWebsocketHandler, "write_message", write)
        socket = KernelSocket.__new__(KernelSocket)
        socket.connection = SimpleNamespace(end=ended.append)
        for _ in range(10):
            socket.write_message("x" * (MOST_UNSENT_BYTES // 8))
            if read:
                waiting[-1].set_result(None)
                await waiting[-1]
                await connection.sleep(0)

    run(story(read=True))
    assert not ended
    run(story(read=False))
    assert set(ended) == {LATER}


@pytest.mark.parametrize("fault", [TimeoutError(), HTTPError(404)])
def test_a_page_whose_kernel_dies_while_it_connects_is_let_go_and_asks_again(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    async def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(VoilaKernelWebsocketHandler, "open", fail)
    ended: list[int] = []
    socket = KernelSocket.__new__(KernelSocket)
    socket.connection = SimpleNamespace(end=ended.append, has_ended=False)
    run(socket.open("one"))
    assert ended == [LATER]


@pytest.mark.parametrize("kernels", [{}, {"one": "a newer one of this id"}])
def test_a_page_connects_to_no_other_kernel_than_it_was_let_in_to(kernels: dict[str, str]) -> None:
    class Kernels(dict[str, str]):
        get_kernel = dict.__getitem__

    connection = SimpleNamespace(multi_kernel_manager=Kernels(kernels), kernel_id="one", kernel_manager="its own")
    with pytest.raises(HTTPError, match="404"):
        WorkshopConnection.connect(connection)  # type: ignore[arg-type]


@pytest.mark.parametrize("protocol", [None, PROTOCOL])
def test_a_malformed_frame_ends_that_connection_and_nothing_else(
    server: RunningServer, client: Client, made: Made, inside: str, protocol: str | None
) -> None:
    said, process = len(server.log), psutil.Process(server.process.pid)
    somebody = Client(server)
    somebody.join(made)
    with open_websocket(somebody, somebody.open_kernel(made.vote_page)) as other:
        ask(other, "kernel_info_request")
        before = process.memory_info().rss
        frames = [*BAD_BYTES.values(), *([] if protocol else BAD_TEXTS.values())]
        kernels = [client.open_kernel(made.vote_page) for _ in range(2)]  # each has its own pace
        for number, frame in enumerate(frames):
            with opened(client, kernels[number % 2], protocol=protocol) as socket:
                socket.send(frame)
                assert closed_with(socket) == connection.UNREADABLE
            assert ask(other, "kernel_info_request")["status"] == "ok"
        assert process.memory_info().rss - before < 30 * 2**20
    with opened(client, inside) as socket:
        assert ask(socket, "kernel_info_request")["status"] == "ok"
    lines = server.log[said:].splitlines()
    assert len(lines) <= len(frames)
    assert all(len(line) < 200 and "Traceback" not in line for line in lines)


@pytest.mark.parametrize("pack", [as_text, as_bytes])
def test_what_no_page_sends_is_dropped_and_the_page_goes_on(
    server: RunningServer, client: Client, inside: str, pack: Callable[..., str | bytes]
) -> None:
    before = ask_for_states(client, inside)
    said = len(server.log)
    header = {"msg_id": "1", "session": "s"}
    with opened(client, inside, protocol=PROTOCOL if pack is as_bytes else None) as socket:
        for widget in before:
            socket.send(pack({"comm_id": widget, "data": {"method": "update", "state": {"_view_name": "x"}}}))
        for widget in list(before)[:1]:
            socket.send(pack({"comm_id": widget, "data": FORGED}))
            socket.send(pack({"comm_id": widget, "data": {}}, header=header | {"msg_type": "comm_close"}))
        for channel in ("control", "stdin", "iopub"):
            socket.send(pack(channel=channel))
        for kind in ("shutdown_request", "execute_request"):
            socket.send(pack({}, header=header | {"msg_type": kind}))
    assert ask_for_states(client, inside) == before
    assert len(server.log[said:]) < 300


def test_of_many_connections_to_a_kernel_the_newest_few_stay(client: Client, inside: str) -> None:
    with ExitStack() as held:
        sockets = [held.enter_context(opened(client, inside, f"page-{number}")) for number in range(MOST_PAGES + 3)]
        for one in sockets[:3]:
            assert closed_with(one) == connection.TOO_MUCH
        for one in sockets[3:]:
            assert ask(one, "kernel_info_request")["status"] == "ok"


def test_who_connects_again_and_again_is_refused_for_a_moment(client: Client, made: Made, inside: str) -> None:
    def connect_often() -> None:
        for number in range(200):
            with opened(client, inside, f"page-{number}"):
                pass

    with pytest.raises(InvalidStatus, match="429"):
        connect_often()
    somebody = Client(client.server)
    somebody.join(made)
    with opened(somebody, somebody.open_kernel(made.vote_page)) as socket:
        assert ask(socket, "kernel_info_request")["status"] == "ok"


@pytest.mark.parametrize("session", ["x" * 300, "%C3%A9", "a b", "%ED%A0%80"])
def test_the_name_of_a_connection_is_a_short_word(client: Client, inside: str, session: str) -> None:
    with pytest.raises(InvalidStatus, match="400"):
        opened(client, inside, session)


def test_a_flood_of_messages_waits_and_nobody_else_does(
    server: RunningServer, client: Client, made: Made, inside: str
) -> None:
    somebody = Client(server)
    somebody.join(made)
    too_many = int(AT_ONCE + 2 * MESSAGES_A_SECOND)

    def flood(socket: ClientConnection) -> float:
        start = time.perf_counter()
        for _ in range(too_many):
            send(socket, "kernel_info_request", {})
        ask(socket, "kernel_info_request")
        return time.perf_counter() - start

    with (
        open_websocket(somebody, somebody.open_kernel(made.vote_page)) as other,
        opened(client, inside) as flooding,
        ThreadPoolExecutor(1) as thread,
    ):
        flooded, echoes = thread.submit(flood, flooding), 0
        while not flooded.done():
            ask(other, "kernel_info_request")
            echoes += 1
            time.sleep(1 / MESSAGES_A_SECOND)
    assert flooded.result() > 1.9
    assert echoes > 2, "who waits behind the flood gets one answer, when it is over"
