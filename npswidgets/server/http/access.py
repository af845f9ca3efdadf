"""Who asks: a browser by its signed cookie, and which of its grants an address needs.

The cookie holds a random id and nothing else; what the browser may be stands in the database. The address says which of
its grants is used, so that one browser can be facilitator and big screen at once.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User
from sqlalchemy import Engine
from tornado.httputil import HTTPHeaders, parse_cookie
from tornado.web import RequestHandler, decode_signed_value

from npswidgets import addresses
from npswidgets.domain.actor import Actor, Role
from npswidgets.server.http.sign_on_header import SignOnHeader
from npswidgets.store.access import (
    actors_named,
    drop_facilitating,
    grants_of,
    helper_of_link,
    link_is_valid,
    open_by_name,
    open_by_secret,
    open_helper_link,
    renew_browser,
    secret_is_valid,
    server_value,
    stored_value,
    taken_out_of,
)

COOKIE_DAYS = 180
"""By the phone's own clock, which would drop a cookie at once whose last day a wrong date of the server tells."""

ANY_AGE_DAYS = 36_500
"""A cookie signed by a wrong date goes on when it is right; whom it lets in, and until when, stands in the database."""

OPERATOR = Actor(workshop="", role="facilitator")
"""Whoever runs the server: may start workshops and open each of them."""


@dataclass(frozen=True)
class Grant:
    """The right of one browser to one actor's screen. A kernel belongs to one grant.

    Attributes:
        user: by whose right, where a proxy says who uses the browser; empty for the browser's own. It is kept nowhere.
    """

    browser: str
    actor: Actor
    user: str = field(default="", repr=False)


def cookie_mark(engine: Engine) -> str:
    """What the names of our cookies end with: the database's own, so that servers on one host have each their own.

    A database of before keeps the port of the last time, by which its people's browsers know it.
    """
    return server_value(engine, "cookie mark", lambda: stored_value(engine, "port") or secrets.token_hex(4))


def browser_of(handler: RequestHandler) -> str | None:
    """The id in the signed cookie; None for an unknown browser, and for a cookie that somebody made up."""
    name = handler.settings["browser_cookie"]
    found: bytes | None = handler.get_signed_cookie(name, max_age_days=ANY_AGE_DAYS)
    return found.decode() if found else None


def browser_in(headers: HTTPHeaders, name: str, secret: bytes) -> str:
    """The same from the headers alone, before there is a handler; empty for an unknown browser."""
    signed = parse_cookie(headers.get("Cookie", "")).get(name, "")
    found = decode_signed_value(secret, name, signed, max_age_days=ANY_AGE_DAYS)
    return found.decode() if found else ""


def remember_browser(handler: RequestHandler) -> str:
    """The id of this browser, which gets one if it has none."""
    browser = browser_of(handler)
    if browser is None:
        browser = new_browser()
        _set_cookie(handler, browser)
    return browser


def new_browser() -> str:
    """An id that no browser has."""
    return secrets.token_urlsafe(24)


def _set_cookie(handler: RequestHandler, browser: str) -> None:
    handler.set_signed_cookie(
        handler.settings["browser_cookie"],
        browser,
        expires_days=None,
        max_age=COOKIE_DAYS * 86_400,
        path=addresses.root(),
        httponly=True,
        samesite="Lax",
    )


def keep_pass(handler: RequestHandler, shown: str) -> None:
    """Notes in the browser which code or secret it has shown, so that it need not show it again while it holds."""
    if shown != pass_of(handler):
        name = handler.settings["pass_cookie"]
        handler.set_signed_cookie(name, shown, expires_days=None, path=addresses.root(), httponly=True, samesite="Lax")


def pass_of(handler: RequestHandler) -> str:
    """What this browser has shown; empty for nothing. Whether it still leads anywhere is for the store to say."""
    found: bytes | None = handler.get_signed_cookie(handler.settings["pass_cookie"], max_age_days=ANY_AGE_DAYS)
    return found.decode() if found else ""


def was_taken_out(handler: RequestHandler, workshop: str, session: str | None) -> bool:
    """Whether this browser was let in here and then taken out."""
    gone = taken_out_of(handler.settings["engine"], browser_of(handler) or "")
    return any((actor.workshop, actor.session) == (workshop, session) for actor in gone)


def grant_of(handler: RequestHandler, role: Role, workshop: str, session: str | None = None) -> Grant | None:
    """The grant that this browser needs for an address; None if neither it nor its user has got it.

    Who may facilitate a workshop, or show it, may do so in each of its sessions: the address says in which one.
    """
    engine: Engine = handler.settings["engine"]
    browser, user = browser_of(handler), user_of(handler)
    for actor in actors_of(engine, browser) if browser else ():
        wanted = replace(actor, session=session)
        if (actor.role, actor.workshop) == (role, workshop) and actor == _as_granted(wanted):
            return Grant(browser or "", wanted)
    wanted = Actor(workshop, role, session)
    if user and _as_granted(wanted) in with_walls(actors_named(engine, user, workshop)):
        return Grant(remember_browser(handler), wanted, user)
    return None


def user_of(handler: RequestHandler) -> str:
    """As whom a proxy says that somebody has signed on; empty for nobody, and where no proxy is believed."""
    header: SignOnHeader | None = handler.settings.get("sign_on_header")
    return header.user_in(handler.request.headers) if header else ""


def is_operator(handler: RequestHandler) -> bool:
    """Whether this browser came in by an operator's link or secret, or its user is named as operator."""
    engine: Engine = handler.settings["engine"]
    browser, user = browser_of(handler), user_of(handler)
    if browser and OPERATOR in grants_of(engine, browser):
        return True
    return bool(user) and OPERATOR in actors_named(engine, user, OPERATOR.workshop)


async def let_others_go(handler: RequestHandler) -> None:
    """Ends the pages of whoever has used this browser before, where the proxy names somebody else by now."""
    user, browser = user_of(handler), browser_of(handler)
    if not user or not browser:
        return
    kernels = handler.settings["kernel_manager"]
    others = [one for one, grant in kernels.owners.items() if grant.browser == browser and grant.user not in ("", user)]
    await asyncio.gather(*map(kernels.end_kernel, others))


def _as_granted(actor: Actor) -> Actor:
    """As whom a browser is let in: participants and helpers to their session, the others to the whole workshop."""
    return actor if actor.role in ("participant", "helper") else replace(actor, session=None)


def actors_of(engine: Engine, browser: str) -> set[Actor]:
    """Who a browser may be; a facilitator may open the big screen as well."""
    return with_walls(grants_of(engine, browser))


def with_walls(actors: Iterable[Actor]) -> set[Actor]:
    """These, and the big screens that they may open."""
    granted = set(actors)
    return granted | {Actor(actor.workshop, "projector") for actor in granted if actor.role == "facilitator"}


def operator_secret(engine: Engine) -> str:
    """The secret of the operator's link; the same after a restart."""
    return server_value(engine, "operator", lambda: secrets.token_urlsafe(16))


async def let_in_by_link(handler: RequestHandler, role: str, workshop: str, secret: str) -> bool:
    """Lets this browser in, under a new id, if the secret is that of a valid link; whether it was.

    What it was let in as before, and its kernels, are the new id's.

    Raises:
        TooManyGuesses: it is no operator's, and there were many that were none.
    """
    engine: Engine = handler.settings["engine"]
    if role == "helper":
        return await _let_in_helper(handler, workshop, secret)
    if role == "operator":
        return await _let_in_operator(handler, secret)
    if role == "facilitator":
        valid, actor = link_is_valid(engine, workshop, "facilitator", secret), Actor(workshop, "facilitator")
    else:
        valid, actor = link_is_valid(engine, workshop, "projector", secret), Actor(workshop, "projector")
    return valid and await _let_in(handler, renew_browser, actor)


async def _let_in_operator(handler: RequestHandler, secret: str) -> bool:
    """The same for an operator. A right secret opens however many wrong ones there were: guessing keeps nobody out.

    Raises:
        TooManyGuesses: there were many, and this is one more.
    """
    engine: Engine = handler.settings["engine"]
    if _is_laptops(engine, secret):
        return await _let_in(handler, renew_browser, OPERATOR)
    if secret_is_valid(engine, secret):
        return await _let_in(handler, open_by_secret, secret)
    if secret:
        handler.settings["secret_guesses"].ask(browser_of(handler), handler.request.remote_ip or "")
    return False


def _is_laptops(engine: Engine, secret: str) -> bool:
    """Whether it is the secret of the operator's link, as a laptop's start prints it; elsewhere there is none."""
    stored = stored_value(engine, "operator")
    return stored is not None and secrets.compare_digest(stored.encode(), secret.encode())


async def _let_in_helper(handler: RequestHandler, workshop: str, secret: str) -> bool:
    """The same for a helper, whose link opens one browser and no other one."""
    actor = helper_of_link(handler.settings["engine"], workshop, secret)
    return actor is not None and await _let_in(handler, open_helper_link, actor)


async def let_in_by_name(handler: RequestHandler, name: str, workshop: str) -> bool:
    """Lets this browser in as what its user is named here; whether that opens what was asked for.

    Args:
        name: as whom it has signed on.
        workshop: which one it wants to facilitate; empty for the operator's pages.
    """
    return await _let_in(handler, open_by_name, name, workshop)


async def _let_in(handler: RequestHandler, open_it: Callable[..., bool], *shown: object) -> bool:
    """Lets this browser in under a new id, where what it has shown still counts in the transaction that stores it."""
    before, browser = browser_of(handler), new_browser()
    opened: bool = await handler.settings["writes"].do(open_it, handler.settings["engine"], before, browser, *shown)
    if opened:
        _rename_browser(handler, before, browser)
    return opened


def _rename_browser(handler: RequestHandler, before: str | None, browser: str) -> None:
    """The browser has its new id, when that is stored: one that has lost its id has lost everything."""
    _set_cookie(handler, browser)
    if before is not None:
        handler.settings["kernel_manager"].change_browser(before, browser)


async def sign_out(handler: RequestHandler) -> None:
    """Takes back what this browser may do as operator and facilitator, and keeps what it has joined."""
    browser = browser_of(handler)
    if browser is not None:
        await handler.settings["writes"].do(drop_facilitating, handler.settings["engine"], browser)


class WorkshopIdentity(IdentityProvider):
    """Somebody is a browser with our cookie; there is nothing to log in to."""

    def get_user(self, handler: Any) -> User | None:
        """A nameless user for a browser that is known."""
        return User("somebody") if browser_of(handler) else None

    def get_handlers(self) -> list[tuple[str, object]]:
        """No pages of its own."""
        return []


class KernelOwner(Authorizer):
    """A kernel is for the grant that it was started for; anybody else's request for it is refused."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:  # noqa: ARG002 (the interface)
        """Whether the kernel in the address is this browser's, by a grant that still holds.

        Where there is none, the answer is 404: a page takes 403 for a no that is for good, and does not ask again.
        """
        kernel_id = handler.path_kwargs["kernel_id"]
        return kernel_id not in handler.settings["kernel_manager"] or owns_kernel(handler, kernel_id)


def owns_kernel(handler: Any, kernel_id: str) -> bool:
    """Whether this browser started the kernel, by a grant that still holds; False if there is no such kernel.

    One that was started by a user's right is that user's in this browser, and nobody else's.
    """
    grant: Grant | None = handler.settings["kernel_manager"].owner_of(kernel_id)
    if grant is None or grant.browser != browser_of(handler) or grant.user not in ("", user_of(handler)):
        return False
    return still_holds(handler.settings["engine"], grant)


def still_holds(engine: Engine, grant: Grant) -> bool:
    """Whether a grant has not been taken back since."""
    if grant.user:
        return _as_granted(grant.actor) in with_walls(actors_named(engine, grant.user, grant.actor.workshop))
    return _as_granted(grant.actor) in actors_of(engine, grant.browser)
