"""Who has signed on, where a proxy says it in a header: what is believed of that.

The rules and their reasons: docs/decisions/sign-on-header.md.
"""

import hmac
import logging
import re

from tornado.httputil import HTTPHeaders

from npswidgets.errors import WorkshopError
from npswidgets.server.http.proxies import BY_SOCKET, Proxies
from npswidgets.settings import NPS_PROXY_SECRET
from npswidgets.store.rights import LONGEST_NAME

SECRET_HEADER = "X-NPS-Proxy-Secret"
ASKED_BY = "asked by"
"""Which socket and header the server has started with, in JSON: a value of the server, for `doctor`."""

SHORTEST_SECRET, LONGEST_SECRET = 22, 1000
"""128 bits in base64 at least."""

NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,99}", re.ASCII)
"""Without underscores: proxies take X_User and X-User for the same, or drop one of them."""

OF_OTHERS = re.compile(
    r"accept.*|authorization|cache-control|connection|content-.*|cookie|date|dnt|expect|forwarded|host|if-.*|keep-alive"
    r"|origin|pragma|priority|proxy-.*|purpose|range|referer|sec-.*|te|trailer|transfer-encoding|upgrade.*|user-agent|via"
    r"|x-forwarded-(for|host|port|prefix|proto|server)|x-moz|x-nps-proxy-secret|x-purpose|x-real-ip|x-requested-with"
    r"|x-(xsrf|csrf)-?token",
    re.IGNORECASE,
)
"""What browsers and proxies send by themselves, or what we read already."""

NOT_BELIEVED = (
    "A request has named who has signed on, and did not show that it comes from the proxy (%s). It counts as nobody's. "
    "This is said once."
)
NOT_ONE_NAME = (
    "The proxy has named who has signed on in a way that is not believed: a name is one header, in ASCII and without "
    "commas. It counts as nobody's. This is said once."
)

log = logging.getLogger(__name__)


class WrongSignOn(WorkshopError):
    """Signing on by a header is set up so that it would not be safe, or do nothing."""


class SignOnHeader:
    """The header with the user's name, and how its proxy is known from others on its computer.

    Args:
        name: of the header.
        secret: what the proxy shows; empty where coming by the Unix socket is enough.
    """

    def __init__(self, name: str, secret: str = "") -> None:
        self._name, self._secret = name, secret
        self._said: set[str] = set()

    def keep_what_is_true(self, peer: str, headers: HTTPHeaders, proxies: Proxies) -> None:
        """Takes the header away where it is not to be believed, and the proxy's secret in any case.

        Args:
            peer: the other end of the connection itself, before anything of X-Forwarded-For is believed.
        """
        named, shown = headers.get_list(self._name), headers.get_list(SECRET_HEADER)
        for name in (self._name, SECRET_HEADER):
            if name in headers:
                del headers[name]
        if not named:
            return
        if not proxies.are_at(peer) or not self._is_proxy(peer, shown):
            self._say_once(NOT_BELIEVED, f"with its secret in {SECRET_HEADER}" if self._secret else "by the socket")
        elif len(named) == 1 and is_name(named[0]):
            headers[self._name] = named[0]
        elif named != [""]:  # which is how some proxies say that nobody has
            self._say_once(NOT_ONE_NAME)

    def user_in(self, headers: HTTPHeaders) -> str:
        """Who has signed on, after that; empty for nobody."""
        return headers.get(self._name, "")

    def _is_proxy(self, peer: str, shown: list[str]) -> bool:
        if not self._secret:
            return peer == BY_SOCKET
        return len(shown) == 1 and hmac.compare_digest(shown[0].encode(), self._secret.encode())

    def _say_once(self, words: str, *more: str) -> None:
        if words not in self._said:
            self._said.add(words)
            log.warning(words, *more)


def is_name(text: str) -> bool:
    """Whether this is one name as a proxy says it.

    >>> is_name("anna@example.gov.uk"), is_name("anna, ben"), is_name("")
    (True, False, False)
    """
    return 0 < len(text) <= LONGEST_NAME and text.isascii() and text.isprintable() and "," not in text


def sign_on_header(name: str | None, secret: str, proxies: Proxies, by_hub: bool) -> SignOnHeader | None:
    """The header of these settings; None where there is to be none.

    Args:
        secret: the proxy's; empty where none was given.
        by_hub: people sign on by JupyterHub.

    Raises:
        WrongSignOn: what is wrong, and what to do.
    """
    if not name:
        if secret:
            raise WrongSignOn(f"{NPS_PROXY_SECRET} is there, but no --sign-on-header: say the header's name, too.")
        return None
    if by_hub:
        raise WrongSignOn("People sign on by JupyterHub here: leave --sign-on-header out.")
    if not NAME.fullmatch(name):
        raise WrongSignOn(
            f"--sign-on-header is {name!r:.100}, which is no header's name. Expected letters, digits and dashes, such "
            "as X-Remote-User; proxies do not pass on underscores."
        )
    if OF_OTHERS.fullmatch(name):
        raise WrongSignOn(
            f"--sign-on-header is {name}, which is sent for something else. Take one such as X-Remote-User."
        )
    if secret:
        _check_secret(secret)
    if not proxies.by_socket and not (secret and proxies):
        raise WrongSignOn(
            f"Anybody on this computer could send {name}. Listen at a --socket that the proxy alone may open, or give "
            f"the proxy a secret: {NPS_PROXY_SECRET} here, {SECRET_HEADER} there, with --behind-proxy."
        )
    return SignOnHeader(name, secret)


def _check_secret(secret: str) -> None:
    """Refuses what is too short, or arrives as something else; it is not repeated.

    Raises:
        WrongSignOn: why.
    """
    if not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
        raise WrongSignOn(
            f"{NPS_PROXY_SECRET} has {len(secret)} characters; expected {SHORTEST_SECRET} to {LONGEST_SECRET}. "
            "Make one with: openssl rand -hex 32"
        )
    if not re.fullmatch(r"[\x21-\x7e]+", secret):
        raise WrongSignOn(f"{NPS_PROXY_SECRET} holds blanks or letters that are not ASCII: openssl rand -hex 32")
