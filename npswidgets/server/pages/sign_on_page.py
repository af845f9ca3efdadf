"""Signing on, by JupyterHub or by a proxy: operators, and facilitators of workshops, whom the operator has named."""

import hmac
import json
import logging
import secrets
from urllib.parse import urlencode

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.addresses import FACILITATE, HOME, SIGN_ON, START, root
from npswidgets.domain.ids import is_id
from npswidgets.domain.text import printable
from npswidgets.server.http.access import grant_of, is_operator, let_in_by_name, sign_out, user_of
from npswidgets.server.http.hub import Hub, HubFault
from npswidgets.server.machine.journal import say_happened
from npswidgets.server.pages.page import Page

SIGNING_ON_SECONDS = 600
"""From the way to the hub to the way back; somebody has to find a password meanwhile."""

AGAIN = "You are not signed on", "This took too long, or it began in another browser or window.", "Sign on once more."
NAMED_NOT = (
    "This is not open to you",
    "You are signed on as {}.",
    "Whoever runs the server names operators, and facilitators of each workshop.",
)
NO_HUB = (
    "You are not signed on",
    "JupyterHub, by which you sign on, does not answer.",
    "Whoever takes part can go on: votes do not need it.",
)

NOT_SAID = (
    "You are not signed on",
    "The proxy in front of this server has not said who you are.",
    "Whoever looks after it finds out why in the server’s log.",
)

log = logging.getLogger(__name__)


class SignOnPage(Page):
    """`/sign-on`: leads to the hub; a proxy that says who has signed on has seen to that before it lets anybody in."""

    @allow_unauthenticated
    def get(self) -> None:
        """Leads on. Which page comes afterwards is said by the id of a workshop, and never by an address."""
        workshop = self.get_query_argument("workshop", "")
        if not people_sign_on(self):
            raise HTTPError(404)
        if workshop and not is_id(workshop):
            raise HTTPError(400)
        self.set_header("Cache-Control", "no-store")
        if self.settings["sign_on_header"]:
            self._lead_user(user_of(self), workshop)
        else:
            self._lead_to(hub_of(self), workshop)

    def _lead_user(self, user: str, workshop: str) -> None:
        """To what is open to somebody who has signed on already."""
        if not user:
            return self.draw_problem(403, *NOT_SAID, again=True)
        if not (grant_of(self, "facilitator", workshop) if workshop else is_operator(self)):
            return self.draw_problem(403, *named_not(user), again=True)
        say_happened("signed-on", workshop)
        return self.redirect(page_of(workshop), status=303)

    def _lead_to(self, hub: Hub, workshop: str) -> None:
        """To the hub; what was asked is remembered in the browser."""
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        kept = json.dumps({"state": state, "verifier": verifier, "workshop": workshop})
        name = self.settings["sign_on_cookie"]
        self.set_signed_cookie(
            name, kept, expires_days=None, max_age=SIGNING_ON_SECONDS, path=root(), httponly=True, samesite="Lax"
        )
        self.redirect(hub.sign_on_address(state, verifier))


class SignedOnPage(Page):
    """`/oauth_callback`: the hub sends the browser back, with a code for its name."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Lets the browser in as what its user is here, if anything."""
        hub, kept = hub_of(self), self._kept()
        self.clear_cookie(self.settings["sign_on_cookie"], path=root())  # used once, whatever comes of it
        shown, code = self.get_query_argument("state", ""), self.get_query_argument("code", "")
        if not kept or not code or not hmac.compare_digest(kept["state"].encode(), shown.encode()):
            return self._say(403, AGAIN, kept.get("workshop", ""))
        try:
            name = await hub.name_of(code, kept["verifier"])
        except HubFault as fault:
            log.warning("Somebody could not sign on: %s", fault)
            said = AGAIN if fault.refused else NO_HUB
            return self._say(403 if fault.refused else 503, said, kept["workshop"])
        workshop = kept["workshop"]
        if not await let_in_by_name(self, name, workshop):
            return self._say(403, named_not(name), workshop)
        say_happened("signed-on", workshop)
        return self.redirect(page_of(workshop), status=303)

    def _kept(self) -> dict[str, str]:
        """What this browser was sent to the hub with; empty where it was not, or too long ago."""
        name = self.settings["sign_on_cookie"]
        found = self.get_signed_cookie(name, max_age_days=SIGNING_ON_SECONDS / 86_400)
        kept: dict[str, str] = json.loads(found) if found else {}
        return kept

    def _say(self, status: int, said: tuple[str, str, str], workshop: str) -> None:
        self.draw_problem(status, *said, back=sign_on_address(workshop))


class SignOutPage(Page):
    """`/sign-out`: whoever has signed on is not let in any more as what that, or a link, has opened."""

    @allow_unauthenticated
    async def post(self) -> None:
        """Takes back what this browser may do as operator and facilitator; what it has joined stays."""
        hub_of(self)
        await sign_out(self)
        self.redirect(HOME.of(), status=303)


def people_sign_on(page: Page) -> bool:
    """Whether anybody can sign on here."""
    return page.settings["hub"] is not None or page.settings["sign_on_header"] is not None


def named_not(user: str) -> tuple[str, str, str]:
    """What is said to who has signed on, and is nobody here: title, what has happened, and what to do."""
    title, happened, now = NAMED_NOT
    return title, happened.format(printable(user)), now


def page_of(workshop: str) -> str:
    """What a facilitator of a workshop, or with none an operator, wants to see."""
    return FACILITATE.of(workshop) if workshop else START.of()


def sign_on_address(workshop: str = "") -> str:
    """Where somebody signs on who wants to open a workshop, or as operator."""
    return f"{SIGN_ON.of()}?{urlencode({'workshop': workshop})}" if workshop else SIGN_ON.of()


def hub_of(page: Page) -> Hub:
    """The hub by which people sign on.

    Raises:
        HTTPError: 404, there is none.
    """
    hub: Hub | None = page.settings["hub"]
    if hub is None:
        raise HTTPError(404)
    return hub
