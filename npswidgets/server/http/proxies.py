"""The proxy in front of the server: from where it asks, and what is believed of what it says.

The rules and their reasons: docs/decisions/hosting.md.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest

from npswidgets.addresses import root
from npswidgets.errors import WrongAddress
from npswidgets.server.http.host_names import plain_host

BY_SOCKET = "0.0.0.0"
"""What stands for the other end of a Unix socket, as Tornado has it; nobody comes from there by a port."""

MOST_HOPS = 20
"""Of the proxies behind each other no more are looked through: the rest of the list is the client's to write."""
LONGEST_NAMED = 100
DEFAULT_PORTS = {"http": ":80", "https": ":443"}
PASS_ON = "In nginx: proxy_set_header Host $http_host; in Apache: ProxyPreserveHost On."


@dataclass(frozen=True)
class Proxies:
    """The proxies that are believed.

    Attributes:
        networks: from where they ask; none for a server that is asked directly.
        url: where people reach it, as the operator said.
        of_hub: it is JupyterHub's: it says how it was asked itself, behind a proxy with https as often as not, and the
            hub looks from the same address whether this server lives.
        by_socket: whoever comes by the Unix socket is one of them.
    """

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    url: str = ""
    of_hub: bool = False
    by_socket: bool = False

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.networks) or self.by_socket

    def are_at(self, address: str) -> bool:
        """Whether whoever asks from this address is a proxy."""
        if self.by_socket and address == BY_SOCKET:
            return True
        if not self.networks:
            return False
        try:
            plain = ip_address(plain_host(address))
        except ValueError:
            return False
        return any(plain in network for network in self.networks)

    def client_of(self, peer: str, headers: Mapping[str, str]) -> str:
        """The address of who asks: of what proxies have noted, the first from the right that is no proxy's."""
        client = peer
        noted = headers.get("X-Forwarded-For", "").rsplit(",", MOST_HOPS)
        while noted and self.are_at(client):
            before = plain_host(noted.pop())
            if not _is_address(before):
                break
            client = before
        return client

    def scheme_of(self, headers: Mapping[str, str]) -> str:
        """How a browser asks, "https" or "http": what the nearest proxy says, or what the operator did."""
        said = "" if self.of_hub else headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip().lower()
        return said if said in DEFAULT_PORTS else urlsplit(self.url).scheme

    def pass_on(self, address: str, headers: Mapping[str, str]) -> bool:
        """Whether a request is somebody else's, passed on by a proxy."""
        return self.are_at(address) and not (self.of_hub and "X-Forwarded-For" not in headers)

    def complaint(self, headers: Mapping[str, str]) -> str:
        """What is wrong with how a proxy asks, for whoever looks after it; empty where nothing is."""
        at = plain_host(urlsplit(self.url).netloc)
        host = headers.get("Host", "")
        if plain_host(host) != at:
            return f"The proxy does not pass on the host: it asked for {_named(host)} instead of {at}. {PASS_ON}"
        said = headers.get("X-Forwarded-Host", host).rpartition(",")[2]
        if plain_host(said) != at:
            return f"The proxy says that the browser asked for {_named(said)}, and --url says {at}."
        prefix = headers.get("X-Forwarded-Prefix", root()).rpartition(",")[2].strip()
        if f"{prefix.rstrip('/')}/" != root():
            return f"The proxy says that the pages are below {_named(prefix)}, and --prefix says {root()}."
        return ""

    def misled(self, headers: Mapping[str, str]) -> str:
        """What is wrong where a browser that is at `url` asks for another host; empty where nothing is.

        Nobody has named the proxy, which is known by this alone.
        """
        at, host = host_and_port(self.url), headers.get("Host", "").lower()
        if not at or host == at or urlsplit(headers.get("Origin", "")).netloc.lower() != at:
            return ""
        return f"The proxy does not pass on the host: it asked for {_named(host)} instead of {at}. {PASS_ON}"

    def take(self, request: HTTPServerRequest) -> None:
        """Makes a request that a proxy has passed on what it was before: who asks, and by which address."""
        request.remote_ip = self.client_of(request.remote_ip or "", request.headers)
        request.protocol = self.scheme_of(request.headers)
        request.host = request.headers["Host"] = host_and_port(self.url)


def proxies_at(named: Iterable[str], url: str | None, of_hub: bool = False, by_socket: bool = False) -> Proxies:
    """The proxies that ask from these addresses or networks, with commas or spaces between, or by the Unix socket.

    Raises:
        WrongAddress: one is no address, or everybody's; or nobody has said where people reach the server.
    """
    networks = tuple(_network(one) for text in named for one in re.findall(r"[^,\s]+", text) or [text])
    if (networks or by_socket) and not url:
        raise WrongAddress("Behind a proxy the server cannot know where people reach it: say it with --url.")
    return Proxies(networks, url or "", of_hub, by_socket)


def host_and_port(url: str) -> str:
    """The host of an address as a browser names it.

    >>> host_and_port("https://Nps.example.gov.uk:443/nps"), host_and_port("https://[::1]:8443/")
    ('nps.example.gov.uk', '[::1]:8443')
    """
    parts = urlsplit(url)
    return parts.netloc.lower().removesuffix(DEFAULT_PORTS.get(parts.scheme, " "))


def _network(named: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(named)
    except ValueError:
        expected = "Expected an address such as 127.0.0.1 or ::1, or a network such as 10.1.2.0/24."
        raise WrongAddress(f"--behind-proxy is {_named(named)}, which is no address. {expected}") from None
    if network.prefixlen == 0:
        raise WrongAddress(f"--behind-proxy is {named}: everybody would be believed. Name the proxy's own address.")
    return network


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _named(text: str) -> str:
    """What somebody else wrote, as it stands in a sentence."""
    shown = text.strip()[:LONGEST_NAMED]
    return shown if shown and shown.isprintable() else "no name"
