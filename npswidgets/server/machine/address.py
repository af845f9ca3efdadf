"""Where phones reach this computer, and the QR code of it."""

import io
import json
import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TextIO, TypeAlias
from urllib.parse import urlsplit

import click
import segno
from sqlalchemy import Engine

from npswidgets.addresses import root
from npswidgets.errors import WrongAddress
from npswidgets.server.machine.interfaces import Way, interfaces_here, ways_in
from npswidgets.store.access import set_server_value, stored_value

ADDRESS, MOVED = "address", "address before"
NOWHERE = "127.0.0.1"
"""The address where no phone can get in."""

_URL = re.compile(r"https?://[\w.~:\[\]-]+(/[\w.~@%+/-]*)?", re.ASCII)
"""With nothing that is said of a page or a person: no name, question or secret."""

Ask: TypeAlias = Callable[[tuple[Way, ...], Way], Way]
"""Asks which of several ways it is; the second argument is the likely one."""


def find_address(host: str, port: int, url: str | None = None, before: str = "", ask: Ask | None = None) -> str:
    """The address for phones: the one given, else that of the network that people's phones are in.

    Args:
        before: the address of the last time, which stays if it still leads here.
        ask: asks somebody when several networks remain; without it the one which leads out of this computer is taken.
    """
    if url:
        return url.rstrip("/")
    reached = host
    if listens_everywhere(host):
        reached = choose_way(ways_in(interfaces_here()), host_of(before), _address_of_default_route(), ask)
    shown = f"[{reached}]" if _is_ipv6(reached) else reached
    own = f"http://{shown}" if port == 80 else f"http://{shown}:{port}"
    return own + root().rstrip("/")


def check_url(url: str) -> None:
    """Refuses an address for phones that they could not open, or where the pages are not.

    Raises:
        WrongAddress: why.
    """
    check_can_be_opened(url)
    parts = urlsplit(url)
    path = f"{parts.path.rstrip('/')}/"
    if path != root():
        pages = f"the pages are below {root()}" if root() != "/" else "there is no --prefix"
        known = f"Say --url {parts.scheme}://{parts.netloc}{root()}"
        raise WrongAddress(f"--url leads to {path}, but {pages}. {known} or --prefix {path}, as the proxy has it.")


def check_can_be_opened(url: str) -> None:
    """Refuses what is no whole address.

    Raises:
        WrongAddress: what was expected.
    """
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or not _URL.fullmatch(url):
        example = f"https://nps.example.gov.uk{root()}"
        raise WrongAddress(f"--url is {url!r}, which no phone can open. Expected an address such as {example}.")


def choose_way(ways: tuple[Way, ...], before: str = "", likely: str = "", ask: Ask | None = None) -> str:
    """The address of one of the ways: the one of before, else the answer, else the likely or first; NOWHERE if none."""
    if not ways:
        return NOWHERE
    by_address = {way.address: way for way in ways}
    first = by_address.get(likely, ways[0])
    if len(ways) == 1 or ask is None or before in by_address:
        return by_address.get(before, first).address
    return ask(ways, first).address


def other_ways(address: str) -> tuple[Way, ...]:
    """The networks of this computer that phones could be in instead of the one of this address."""
    return tuple(way for way in ways_in(interfaces_here()) if way.address != host_of(address))


def host_of(address: str) -> str:
    """The host in an address: "192.168.1.20" in "http://192.168.1.20:8866"; empty for none."""
    return urlsplit(address).hostname or ""


def listens_everywhere(host: str) -> bool:
    """Whether this host means all networks of this computer."""
    return host in ("", "0.0.0.0", "::")


def keep_address(engine: Engine, address: str, now: datetime | None = None) -> None:
    """Stores the address for the screens, and which one it was before."""
    before = join_address(engine)
    if before and before != address:
        moved = {"before": before, "at": (now or datetime.now(UTC)).isoformat()}
        set_server_value(engine, MOVED, json.dumps(moved))
    set_server_value(engine, ADDRESS, address)


def address_before(engine: Engine) -> tuple[str, datetime] | None:
    """The address that people had before this one, and until when; None if there was none."""
    stored = stored_value(engine, MOVED)
    try:
        moved = json.loads(stored) if stored else None
        return (str(moved["before"]), datetime.fromisoformat(moved["at"])) if moved else None
    except (ValueError, LookupError, TypeError):
        return None


def one_address(asked: str, came_in_at: str, told: str) -> str:
    """Where a browser belongs that has no place here yet: the address that people are told; empty to stay where it is.

    A browser keeps its place by the host in its address bar: at the laptop's name it is somebody else than at its
    number. It is sent on only if it can get there for certain, which is so where it came in at that very number.

    Args:
        asked: the host that it asked for.
        came_in_at: the address of this computer that it reached.
        told: the address that people are told, such as "http://192.168.1.20:8866".

    >>> one_address("laptop.local", "192.168.1.20", "http://192.168.1.20:8866")
    'http://192.168.1.20:8866'
    >>> one_address("10.0.0.3", "10.0.0.3", "http://192.168.1.20:8866")  # in another network
    ''
    """
    number = host_of(told)
    return told if number not in (asked, NOWHERE, "") and number == came_in_at else ""


def join_address(engine: Engine) -> str:
    """The address that was stored; empty before a server ran."""
    return stored_value(engine, ADDRESS) or ""


def qr_code(text: str) -> str:
    """A QR code as SVG, without an XML header, to stand in a page."""
    svg: str = segno.make(text, error="m", micro=False).svg_inline(border=2, omitsize=True)
    return svg


def print_qr_code(text: str, out: TextIO) -> None:
    """Writes a QR code to a terminal, dark on light whatever its colours; to a file it writes nothing."""
    if not out.isatty():
        return
    drawn = io.StringIO()  # in blocks that stand for what is light
    segno.make(text, error="l", micro=False).terminal(drawn, border=2, compact=True)
    *rows, border = drawn.getvalue().splitlines()
    for line in rows:
        click.echo(click.style(line, fg="bright_white", bg="black"), file=out)
    click.echo(click.style(border, fg="bright_white"), file=out)  # half a row, with nothing dark below it


def _address_of_default_route() -> str:
    """The address of the interface that leads out; nothing is sent to find it. Without a network 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return NOWHERE
        return str(probe.getsockname()[0])


def _is_ipv6(host: str) -> bool:
    try:
        return ip_address(host).version == 6
    except ValueError:
        return False
