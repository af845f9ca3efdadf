"""Check with a phone: the ready page turns green when another device has loaded a page and its websocket answered."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from accessible import check_with_axe
from messages import run
from playwright.sync_api import Page, expect
from serving import Client, Made, RunningServer, websocket_to
from sqlalchemy import Engine
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketClientConnection, websocket_connect

from npswidgets.server.pages import check_page
from npswidgets.server.pages.check_page import CheckSocket, Phones
from npswidgets.store.wifi import Wifi, keep_wifi, wifi_of

HERE = frozenset({"127.0.0.1", "192.168.1.20"})


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server that no phone has reached yet."""
    running = RunningServer(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make()


class TestPhones:
    def test_come_from_another_address(self) -> None:
        phones = Phones("0.0.0.0", lambda: HERE)
        assert not phones.reached
        assert phones.hello("192.168.1.33")
        assert phones.reached

    def test_are_not_this_computer_itself(self) -> None:
        phones = Phones("0.0.0.0", lambda: HERE)
        assert not phones.hello("192.168.1.20")
        assert not phones.hello("127.0.0.1")
        assert not phones.reached

    def test_may_come_by_a_proxy_of_this_computer(self) -> None:
        assert Phones("127.0.0.1", lambda: HERE).hello("127.0.0.1")

    def test_stay_known_when_this_computer_looks_afterwards(self) -> None:
        phones = Phones("0.0.0.0", lambda: HERE)
        phones.hello("192.168.1.33")
        phones.hello("127.0.0.1")
        assert phones.reached


class TestWifi:
    def test_is_kept_until_it_is_changed(self, engine: Engine) -> None:
        assert wifi_of(engine) is None
        keep_wifi(engine, Wifi("NPS-Workshop", "good-morning"))
        assert wifi_of(engine) == Wifi("NPS-Workshop", "good-morning")
        keep_wifi(engine, Wifi(""))
        assert wifi_of(engine) is None

    def test_is_joined_by_a_code(self) -> None:
        assert Wifi("NPS; Workshop", "a:b").join_text == r"WIFI:T:WPA;S:NPS\; Workshop;P:a\:b;;"
        assert "T:WPA" not in Wifi("Open").join_text


class TestLive:
    """The websocket that anybody may open."""

    Story: TypeAlias = Callable[[Callable[[], Awaitable[WebSocketClientConnection]]], Awaitable[None]]

    def play(self, story: Story) -> None:
        """Runs a story with a way to connect to a server of its own."""

        async def served() -> None:
            app = Application([("/live", CheckSocket)], phones=Phones("0.0.0.0", lambda: HERE))
            server = HTTPServer(app)
            (listening,) = bind_sockets(0, "127.0.0.1")
            server.add_sockets([listening])
            sockets = []

            async def connected() -> WebSocketClientConnection:
                sockets.append(await websocket_connect(f"ws://127.0.0.1:{listening.getsockname()[1]}/live"))
                return sockets[-1]

            await story(connected)
            for one in sockets:
                one.close()
            server.stop()
            await server.close_all_connections()

        run(served())
        assert not CheckSocket.waiting

    def test_answers_one_word(self) -> None:
        async def story(connected: Callable[[], Awaitable[WebSocketClientConnection]]) -> None:
            socket = await connected()
            for _ in range(3):
                await socket.write_message("hello")
            assert [await socket.read_message() for _ in range(2)] == ["computer", None]

        self.play(story)

    def test_waits_a_short_time_for_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(check_page, "HELLO_SECONDS", 0.01)

        async def story(connected: Callable[[], Awaitable[WebSocketClientConnection]]) -> None:
            assert await (await connected()).read_message() is None

        self.play(story)

    def test_keeps_the_newest_of_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(check_page, "MOST_WAITING", 2)

        async def story(connected: Callable[[], Awaitable[WebSocketClientConnection]]) -> None:
            sockets = [await connected() for _ in range(4)]
            for one in sockets[:2]:
                assert await one.read_message() is None
            for one in sockets[2:]:
                await one.write_message("hello")
                assert await one.read_message() == "computer"
                assert await one.read_message() is None

        self.play(story)

    @pytest.mark.parametrize("word", ["x" * 17, b"x" * 1000])
    def test_reads_no_long_word(self, word: str | bytes) -> None:
        async def story(connected: Callable[[], Awaitable[WebSocketClientConnection]]) -> None:
            socket = await connected()
            await socket.write_message(word, binary=isinstance(word, bytes))
            assert await socket.read_message() is None
            assert socket.close_code == 1009

        self.play(story)


class TestCheck:
    def test_only_the_operator_hears_of_phones(self, client: Client, made: Made) -> None:
        assert client.get(f"/start/{made.id}/phone").status_code == 403

    def test_another_site_cannot_say_that_a_phone_was_here(self, server: RunningServer) -> None:
        url = server.base.replace("http", "ws") + "/check/live"
        with pytest.raises(Exception, match="403"):
            websocket_to(url, origin="http://elsewhere.test")

    def test_the_page_holds_no_secret(self, client: Client, made: Made) -> None:
        page = client.get("/check").text
        assert made.code not in page
        assert made.id not in page


@pytest.mark.browser
def test_the_ready_page_turns_green_when_a_phone_gets_in_and_a_page_without_a_websocket_is_not_enough(
    own_server: RunningServer, new_page: Callable[..., Page]
) -> None:
    made = own_server.make()
    ready, phone = new_page("laptop", base=own_server.base), new_page("phone", base=own_server.base)
    ready.goto(own_server.start_link)
    expect(ready.get_by_role("heading", name="Start a workshop")).to_be_visible()
    operator = Client(own_server)
    operator.use_link(own_server.start_link)
    assert Client(own_server).get("/check").status_code == 200
    assert operator.get(f"/start/{made.id}/phone").json() == {"reached": False}
    ready.goto(f"{own_server.base}/start/{made.id}")
    expect(ready.get_by_text("No phone has reached this computer yet.")).to_be_visible()
    phone.goto(f"{own_server.base}/check")
    expect(phone.get_by_role("heading", name="This phone is in")).to_be_visible()
    expect(ready.get_by_text("A phone has reached this computer.")).to_be_visible()
    check_with_axe(ready, phone)


@pytest.mark.browser
def test_a_phone_that_cannot_stay_in_touch_hears_what_to_try(server: RunningServer, page: Page) -> None:
    page.route_web_socket("**/check/live", lambda socket: socket.close())
    page.goto(f"{server.base}/check")
    expect(page.get_by_role("heading", name="This phone is not in")).to_be_visible()
    expect(page.get_by_text("Turn off a VPN")).to_be_visible()


@pytest.mark.browser
def test_the_ready_page_names_the_wifi_of_the_workshop(
    server: RunningServer, made: Made, new_page: Callable[..., Page]
) -> None:
    page = new_page("laptop")
    page.goto(server.start_link)
    expect(page.get_by_role("heading", name="Start a workshop")).to_be_visible()
    keep_wifi(server.engine, Wifi("NPS-Workshop", "good-morning"))
    try:
        page.goto(f"{server.base}/start/{made.id}")
        expect(page.get_by_text("any phone that is on the Wi-Fi NPS-Workshop.")).to_be_visible()
    finally:
        keep_wifi(server.engine, Wifi(""))  # other tests open pages of this server
