"""`/check`: whether a phone gets in. It loads this page, whose websocket says so, and the ready page turns green."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from typing import ClassVar

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from npswidgets.server.machine.interfaces import own_addresses
from npswidgets.server.pages.page import Page
from npswidgets.server.pages.start_page import OperatorPage

LONGEST_HELLO_BYTES = 16
HELLO_SECONDS = 5.0
"""A page says its word as soon as it is connected."""
MOST_WAITING = 50


class Phones:
    """Whether another device than this computer has reached the server since it started."""

    def __init__(self, host: str, own: Callable[[], frozenset[str]] = own_addresses) -> None:
        """On a `host` that this computer alone reaches, everybody comes by a proxy, and nothing is known of them."""
        self._own = frozenset if ip_address(host).is_loopback else own
        self.reached = False

    def hello(self, address: str) -> bool:
        """Notes that a page from this address is in touch; whether it is another device's."""
        other = address not in self._own()
        self.reached = self.reached or other
        return other


class CheckPage(Page):
    """`/check`: holds no secret, and lets nobody in."""

    @allow_unauthenticated
    def get(self) -> None:
        """The page that opens the websocket."""
        self.draw("check.html")

    head = get


class CheckSocket(WebSocketHandler):
    """`/check/live`: answers a page's one word, and closes.

    Anybody may open it, without a cookie: it waits a short time for its word, and few wait at once, the newest.
    """

    waiting: ClassVar[list["CheckSocket"]] = []

    @property
    def max_message_size(self) -> int:
        """No more than a word is read."""
        return LONGEST_HELLO_BYTES

    def open(self) -> None:
        """Waits for the word."""
        self._late = asyncio.get_running_loop().call_later(HELLO_SECONDS, self._give_up)
        self.waiting.append(self)
        if len(self.waiting) > MOST_WAITING:
            self.waiting[0]._give_up()

    def on_message(self, message: str | bytes) -> None:
        """Says "phone", or "computer" to a page on this computer itself; "stayed" to "stay 35", after that time."""
        if self in self.waiting:
            if staying := re.fullmatch(r"stay (\d{1,2})", str(message), re.ASCII):
                self._late.cancel()
                self._late = asyncio.get_running_loop().call_later(int(staying[1]), self._say_stayed)
                return
            phones: Phones = self.settings["phones"]
            self.write_message("phone" if phones.hello(self.request.remote_ip or "") else "computer")
            self._give_up()

    def _say_stayed(self) -> None:
        with suppress(WebSocketClosedError):
            self.write_message("stayed")
        self._give_up()

    def on_close(self) -> None:
        """Forgets it."""
        self._give_up()

    def _give_up(self) -> None:
        self._late.cancel()
        if self in self.waiting:
            self.waiting.remove(self)
        self.close()


class PhonePage(OperatorPage):
    """`/start/<workshop>/phone`: whether a phone has been here, for the ready page, which asks again and again."""

    @allow_unauthenticated
    def get(self, workshop: str) -> None:
        """`{"reached": true}` or false."""
        if not self.may_prepare(workshop):
            raise HTTPError(403)
        phones: Phones = self.settings["phones"]
        self.set_header("Cache-Control", "no-store")
        self.finish({"reached": phones.reached})
