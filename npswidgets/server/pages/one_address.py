"""One phone at several addresses of this computer: it is sent to the one that people are told, before it joins."""

from contextlib import suppress

from tornado.web import RequestHandler

from npswidgets.addresses import elsewhere, typed
from npswidgets.domain.workshop import Session
from npswidgets.server.http.access import browser_of
from npswidgets.server.http.host_names import plain_host
from npswidgets.server.machine.address import address_before, join_address, one_address
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
