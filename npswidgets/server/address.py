"""Where phones reach this computer, and the QR code of it."""

import socket
from ipaddress import ip_address
from typing import TextIO

import segno
from sqlalchemy import Engine

from npswidgets.store.access import set_server_value, stored_value

ADDRESS = "address"


def find_address(host: str, port: int, url: str | None = None) -> str:
    """The address for phones: the one given, else that of the interface which leads out of this computer."""
    if url:
        return url.rstrip("/")
    reached = _address_of_default_route() if host in ("", "0.0.0.0", "::") else host
    shown = f"[{reached}]" if _is_ipv6(reached) else reached
    return f"http://{shown}" if port == 80 else f"http://{shown}:{port}"


def keep_address(engine: Engine, address: str) -> None:
    """Stores the address for the screens."""
    set_server_value(engine, ADDRESS, address)


def join_address(engine: Engine) -> str:
    """The address that was stored; empty before a server ran."""
    return stored_value(engine, ADDRESS) or ""


def qr_code(text: str) -> str:
    """A QR code as SVG, without an XML header, to stand in a page."""
    svg: str = segno.make(text, error="m", micro=False).svg_inline(border=2, omitsize=True)
    return svg


def print_qr_code(text: str, out: TextIO) -> None:
    """Writes a QR code to a terminal, dark on light whatever its colours; to a file it writes nothing."""
    if out.isatty():
        segno.make(text, error="l", micro=False).terminal(out, border=2, compact=True)


def _address_of_default_route() -> str:
    """The address of the interface that leads out; nothing is sent to find it. Without a network 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _is_ipv6(host: str) -> bool:
    try:
        return ip_address(host).version == 6
    except ValueError:
        return False
