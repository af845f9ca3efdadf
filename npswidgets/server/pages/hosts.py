"""The names and addresses that this computer is asked for by; whoever asks for another one is refused.

A page on the internet can have its own name point to this computer (DNS rebinding), and would then read all that its
visitor may see here. It cannot choose the name, so that a foreign one gives it away.
"""

import os
import socket
import time
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.httputil import HTTPServerRequest
from tornado.web import Application

from npswidgets.addresses import PAGE_FILE, is_watched
from npswidgets.server.http.host_names import plain_host
from npswidgets.server.http.proxies import Proxies
from npswidgets.server.machine.address import join_address
from npswidgets.server.machine.interfaces import own_addresses
from npswidgets.server.pages.page import Page
from npswidgets.settings import NPS_HOSTS

LOOK_SECONDS = 1.0
"""An address that is not known may be new; this computer's networks are asked no more often than that."""

ORIGINS = ("Origin", "Sec-Websocket-Origin", "Referer")


class Hosts:
    """What this computer is called.

    Args:
        given: names and addresses that the operator gave or that phones were told.
    """

    def __init__(
        self,
        given: tuple[str, ...] = (),
        own: Callable[[], frozenset[str]] = own_addresses,
        own_name: Callable[[], str] = socket.gethostname,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        named = (*given, *os.environ.get(NPS_HOSTS, "").split())
        self._given = frozenset({"localhost", *map(plain_host, named)} - {"", "0.0.0.0", "::"})
        self._own, self._own_name, self._clock = own, own_name, clock
        self._found: frozenset[str] = frozenset()
        self._looked_at = -LOOK_SECONDS

    def knows(self, host: str) -> bool:
        """Whether a request for this host, as its header names it, is for this computer."""
        name = plain_host(host)
        if name in self._given or name in self._found or _is_loopback(name):
            return True
        if self._clock() - self._looked_at >= LOOK_SECONDS:  # the laptop may be in another network by now
            self._looked_at = self._clock()
            self._found = self._look()
        return name in self._found

    def _look(self) -> frozenset[str]:
        name = plain_host(self._own_name())
        short = name.partition(".")[0]
        return frozenset({*map(plain_host, self._own()), name, short, f"{short}.local"}) - {"", ".local"}


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    try:
        urlsplit(text)
    except ValueError:
        return False
    return True


class ForeignHostPage(Page):
    """The answer to a request for another computer, whatever it asks for."""

    @allow_unauthenticated
    async def prepare(self) -> None:  # type: ignore[override]  # the base also takes an option of its own
        """Says which address to use."""
        address = join_address(self.settings["engine"])
        self.draw("host.html", 421, is_ours=False, address=address, complaint="")


class ProxyPage(Page):
    """The answer to a request that a proxy has not passed on as it was."""

    def initialize(self, complaint: str) -> None:
        """Takes what is wrong."""
        self._complaint = complaint

    @allow_unauthenticated
    async def prepare(self) -> None:  # type: ignore[override]  # the base also takes an option of its own
        """Says what is wrong, to people on a page and to scripts as words."""
        if "text/html" in self.request.headers.get("Accept", ""):
            proxies: Proxies = self.settings["proxies"]
            return self.draw("host.html", 421, is_ours=False, address=proxies.url, complaint=self._complaint)
        self.set_status(421)
        return await self.finish({"words": self._complaint})


class OddRequestPage(Page):
    """The answer to a request whose origin is no address: nothing that looks at it further could read it."""

    @allow_unauthenticated
    async def prepare(self) -> None:  # type: ignore[override]  # the base also takes an option of its own
        """Says so."""
        self.write_error(400)


class WorkshopApplication(Application):
    """Tornado's application, for requests that are for this computer."""

    def find_handler(self, request: HTTPServerRequest, **kwargs: object) -> object:  # type: ignore[override]
        """What answers a request."""
        proxies: Proxies = self.settings["proxies"]
        if sign_on := self.settings["sign_on_header"]:
            sign_on.keep_what_is_true(request.remote_ip or "", request.headers, proxies)
        if not all(_is_address(request.headers.get(name, "")) for name in ORIGINS):
            return self.get_handler_delegate(request, OddRequestPage)
        if is_watched(request.path):
            return super().find_handler(request, **kwargs)
        hosts: Hosts = self.settings["hosts"]
        complaint = self._take_from_proxy(request)
        # the page of the refusal needs our own style
        if request.path.startswith(PAGE_FILE.start):
            return super().find_handler(request, **kwargs)
        if complaint:
            return self.get_handler_delegate(request, ProxyPage, {"complaint": complaint})
        if hosts.knows(request.host):
            return super().find_handler(request, **kwargs)
        return self.get_handler_delegate(request, ForeignHostPage)

    def _take_from_proxy(self, request: HTTPServerRequest) -> str:
        """Reads what a proxy says of a request that it has passed on; what is wrong with that, if anything."""
        proxies: Proxies = self.settings["proxies"]
        if not proxies.pass_on(request.remote_ip or "", request.headers):
            return proxies.misled(request.headers)
        if complaint := proxies.complaint(request.headers):
            return complaint
        proxies.take(request)
        return ""
