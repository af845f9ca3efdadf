"""One browser at several addresses of this computer: it keeps a place by the address at which it was let in.

A phone is sent to the one that people are told, before it joins; whoever may have a place there is told where it is.
"""

from contextlib import suppress

from tornado.web import RequestHandler

from npswidgets.addresses import elsewhere, typed
from npswidgets.domain.workshop import Session
from npswidgets.server.http.access import browser_of
from npswidgets.server.http.host_names import plain_host
from npswidgets.server.machine.address import NOWHERE, address_before, host_of, join_address, one_address
from npswidgets.store.access import grants_of


def belongs_at(page: RequestHandler) -> str:
    """The same page at the address that people are told; empty where this browser stays.

    It stays where it has a place already. What is behind the # of its address, its browser takes along by itself.
    """
    engine = page.settings["engine"]
    address = one_address(plain_host(page.request.host), _came_in_at(page), join_address(engine))
    browser = browser_of(page) if address else None
    has_place = any(actor.role == "participant" for actor in grants_of(engine, browser)) if browser else False
    return elsewhere(address, page.request.path) if address and not has_place else ""


def opened_at(page: RequestHandler) -> str:
    """Where this browser may have a place: the address that people are told, if it has asked by another one.

    Empty where that leads back to the other computer itself, and behind a proxy, which lets in by one address alone.
    """
    told = join_address(page.settings["engine"])
    host = plain_host(host_of(told))
    is_reached = host != NOWHERE or _came_in_at(page) == NOWHERE
    is_other = host not in ("", plain_host(page.request.host))
    return told if is_other and is_reached and not page.settings["hosted"] else ""


def lost_place(page: RequestHandler, session: Session) -> str:
    """Where people joined a session before this computer got another address; empty where nobody did."""
    before = address_before(page.settings["engine"])
    if before is None:
        return ""
    address, until = before
    return typed(address) if any(person.joined_at < until for person in session.inside) else ""


def _came_in_at(page: RequestHandler) -> str:
    """The address of this computer at which the browser's connection ends."""
    with suppress(AttributeError, OSError):  # a connection that has gone
        return plain_host(str(page.request.connection.stream.socket.getsockname()[0]))  # type: ignore[union-attr]
    return ""
