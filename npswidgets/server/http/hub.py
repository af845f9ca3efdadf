"""JupyterHub, where that has started the server: what it says of itself in the environment, and what it is asked.

The rules and their reasons: docs/decisions/jupyterhub.md.
"""

import base64
import hashlib
import json
import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from npswidgets.errors import WorkshopError, WrongAddress

ANSWER_SECONDS = 10
BAD_REQUEST = frozenset({400})
NOBODY = frozenset({401, 403, 404})
"""What the hub says of a token whose user it has removed meanwhile."""

TOKENS = ("JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN")
"""Where the hub puts the server's own token, for the server alone."""

ACTIVITY_SECONDS = 300
LOOPBACK = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "::1"}


class HubFault(WorkshopError):
    """JupyterHub does not answer, or says no.

    Attributes:
        refused: whether it says no to what it was shown, and not to this server.
    """

    def __init__(self, said: str, refused: bool = False) -> None:
        super().__init__(said)
        self.refused = refused


@dataclass(frozen=True)
class Hub:
    """What JupyterHub has told this server.

    Attributes:
        listen: where it asks this server: host and port.
        url: where people reach this server, with the prefix; empty where the hub has not been told.
        api: its interface, as this server reaches it.
        browsers: the same as browsers reach it.
        client: this server's id; `token` its secret.
        callback: where it sends a browser that has signed on.
        activity: where it hears that a server is in use; empty for a service, which is never ended.
        server: the name of this server among its user's; empty for the first one.
    """

    listen: tuple[str, int]
    url: str
    api: str
    browsers: str
    client: str
    token: str = field(repr=False)
    callback: str
    activity: str = ""
    activity_seconds: float = ACTIVITY_SECONDS
    server: str = ""

    def sign_on_address(self, state: str, verifier: str) -> str:
        """Where a browser is sent to sign on, which comes back with `state`."""
        asked = {
            "client_id": self.client,
            "redirect_uri": self.callback,
            "response_type": "code",
            "state": state,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
        }
        return f"{self.browsers}/oauth2/authorize?{urlencode(asked)}"

    async def name_of(self, code: str, verifier: str) -> str:
        """Who has signed on, for the code that the browser brought back. What the hub gives for it is not kept.

        Raises:
            HubFault: it does not answer, or the code is not this server's, not this browser's, old, or used already.
        """
        shown = {
            "client_id": self.client,
            "client_secret": self.token,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback,
            "code_verifier": verifier,
        }
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        given = await self._ask("oauth2/token", "POST", urlencode(shown), form)
        shown_by = {"Authorization": f"Bearer {given.get('access_token', '')}"}
        told = await self._ask("user", "GET", None, shown_by, refused_by=NOBODY)
        name = told.get("name")
        if told.get("kind") != "user" or not isinstance(name, str) or not name:
            raise HubFault("JupyterHub does not say who has signed on.")
        return name

    async def say_active(self, now: str) -> None:
        """Tells the hub that this server is in use, so that it does not end it.

        Raises:
            HubFault: it does not hear.
        """
        said = json.dumps({"last_activity": now, "servers": {self.server: {"last_activity": now}}})
        await self._ask(self.activity, "POST", said, {"Authorization": f"token {self.token}"})

    async def _ask(
        self,
        path: str,
        method: str,
        body: str | None,
        headers: dict[str, str],
        refused_by: frozenset[int] = BAD_REQUEST,
    ) -> dict[str, Any]:
        url = path if "://" in path else f"{self.api}/{path}"
        try:
            answer = await AsyncHTTPClient().fetch(
                url, method=method, body=body, headers=headers, request_timeout=ANSWER_SECONDS, follow_redirects=False
            )
        except HTTPClientError as no:
            raise HubFault(f"JupyterHub says no ({no.code}).", refused=no.code in refused_by) from None
        except Exception as error:  # the network's, and its resolver's
            raise HubFault(f"JupyterHub does not answer ({type(error).__name__}).") from None
        try:
            told = json.loads(answer.body or b"{}")
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise HubFault("JupyterHub answers with something else.")
        return told


def challenge_of(verifier: str) -> str:
    """What the hub is shown first of a verifier (RFC 7636, S256).

    >>> challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def hub_here(environment: MutableMapping[str, str] | None = None) -> Hub | None:
    """The JupyterHub that has started this server; None where none has. Its token leaves the environment.

    What this process starts (kernels, reports) finds no token there.
    """
    here = os.environ if environment is None else environment
    token = next(filter(None, [here.pop(name, "") for name in TOKENS]), "")
    parts = urlsplit(here.get("JUPYTERHUB_SERVICE_URL", ""))
    api, client = here.get("JUPYTERHUB_API_URL", "").rstrip("/"), here.get("JUPYTERHUB_CLIENT_ID", "")
    if not (token and api and client and parts.hostname and parts.port):
        return None
    return Hub(
        listen=(parts.hostname, parts.port),
        url=here.get("JUPYTERHUB_PUBLIC_URL", ""),
        api=api,
        browsers=_browsers_api(here),
        client=client,
        token=token,
        callback=here.get("JUPYTERHUB_OAUTH_CALLBACK_URL", ""),
        activity=here.get("JUPYTERHUB_ACTIVITY_URL", ""),
        activity_seconds=_seconds(here.get("JUPYTERHUB_ACTIVITY_INTERVAL", "")),
        server=here.get("JUPYTERHUB_SERVER_NAME", ""),
    )


def _browsers_api(here: Mapping[str, str]) -> str:
    """The hub's interface as a browser asks for it: on the same host, unless the hub has one of its own."""
    return f"{here.get('JUPYTERHUB_HOST', '').rstrip('/')}{here.get('JUPYTERHUB_BASE_URL', '/').rstrip('/')}/hub/api"


def _seconds(said: str) -> float:
    try:
        return max(0.5, float(said))
    except ValueError:
        return ACTIVITY_SECONDS


def url_of(hub: Hub, said: str | None) -> str:
    """Where people reach a server of a hub: what --url says, or the hub.

    Raises:
        WrongAddress: neither says it.
    """
    url = said or hub.url
    if not url:
        example = 'c.JupyterHub.public_url = "https://hub.example.gov.uk/"'
        raise WrongAddress(f"JupyterHub does not say where people reach it: set {example}, or start with --url.")
    return url


def proxy_of(hub: Hub, said: tuple[str, ...]) -> tuple[str, ...]:
    """From where the hub's proxy asks: what --behind-proxy says, or this computer where it can be no other one.

    Raises:
        WrongAddress: it may be anywhere.
    """
    proxies = said or tuple(filter(None, [LOOPBACK.get(hub.listen[0], "")]))
    if not proxies:
        raise WrongAddress(
            f"JupyterHub's proxy asks this server at {hub.listen[0]}, from another computer or pod: name its "
            "address or network with --behind-proxy, or NPS_BEHIND_PROXY."
        )
    return proxies
