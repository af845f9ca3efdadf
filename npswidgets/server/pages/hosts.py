"""The names and addresses that this computer is asked for by; whoever asks for another one is refused.

A page on the internet can have its own name point to this computer (DNS rebinding), and would then read all that its
visitor may see here. It cannot choose the name, so that a foreign one gives it away.
"""

import os
import re
import socket
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.httputil import HTTPServerRequest
from tornado.web import Application

from npswidgets.addresses import PAGE_FILE
from npswidgets.server.machine.address import join_address
from npswidgets.server.machine.interfaces import own_addresses
from npswidgets.server.pages.page import Page
from npswidgets.settings import NPS_HOSTS

LOOK_SECONDS = 1.0
"""An address that is not known may be new; this computer's networks are asked no more often than that."""

HOST = re.compile(r"(\[?(?P<address>[0-9a-f]*:[0-9a-f:.]*)(%[\w%.-]*)?\]?|(?P<name>[\w.-]+))(:\d*)?", re.ASCII)
"""A host as its header names it; an IPv6 address has brackets there, and none where this computer names its own."""

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


def plain_host(host: str) -> str:
    """The host without port, brackets, zone and final dot, in lower case, an address in its usual form; empty for none.

    >>> plain_host("Laptop.Local.:8866"), plain_host("[FE80:0::1%25eth0]:8866"), plain_host("[::ffff:10.0.0.2]")
    ('laptop.local', 'fe80::1', '10.0.0.2')
    """
    parts = HOST.fullmatch(host.strip().lower())
    if parts is None:
        return ""
    name = parts["address"] or parts["name"].removesuffix(".")
    try:
        address = ip_address(name)
    except ValueError:
        return name
    return str((isinstance(address, IPv6Address) and address.ipv4_mapped) or address)


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
        self.draw("host.html", 421, is_ours=False, address=address)


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
        if not all(_is_address(request.headers.get(name, "")) for name in ORIGINS):
            return self.get_handler_delegate(request, OddRequestPage)
        hosts: Hosts = self.settings["hosts"]
        # the page of the refusal needs our own style
        if hosts.knows(request.host) or request.path.startswith(PAGE_FILE.start):
            return super().find_handler(request, **kwargs)
        return self.get_handler_delegate(request, ForeignHostPage)
