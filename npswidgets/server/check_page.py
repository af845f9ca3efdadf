"""`/check`: whether a phone gets in. It loads this page, whose websocket says so, and the ready page turns green."""

from collections.abc import Callable
from ipaddress import ip_address

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError
from tornado.websocket import WebSocketHandler

from npswidgets.server.interfaces import own_addresses
from npswidgets.server.pages import Page
from npswidgets.server.start_page import OperatorPage

LONGEST_HELLO_BYTES = 16


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
    """`/check/live`: answers a page's one word, and closes."""

    def on_message(self, message: str | bytes) -> None:
        """Says "phone", or "computer" to a page on this computer itself."""
        if len(message) <= LONGEST_HELLO_BYTES:
            phones: Phones = self.settings["phones"]
            self.write_message("phone" if phones.hello(self.request.remote_ip or "") else "computer")
        self.close()


class PhonePage(OperatorPage):
    """`/start/<workshop>/phone`: whether a phone has been here, for the ready page, which asks again and again."""

    @allow_unauthenticated
    def get(self, workshop: str) -> None:  # noqa: ARG002 (in the address)
        """`{"reached": true}` or false."""
        if not self.is_operator():
            raise HTTPError(403)
        phones: Phones = self.settings["phones"]
        self.set_header("Cache-Control", "no-store")
        self.finish({"reached": phones.reached})
