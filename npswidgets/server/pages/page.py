"""What all pages share: how they are drawn, their headers, and what they say when something goes wrong."""

import logging
import re
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError, RequestHandler

from npswidgets import addresses
from npswidgets.addresses import PAGE_FILE
from npswidgets.domain import join_code
from npswidgets.domain.departments import SMALLEST_SHOWN
from npswidgets.domain.privacy import PRIVACY
from npswidgets.errors import StoreFault, WorkshopError, say_error
from npswidgets.server.http.access import let_others_go
from npswidgets.server.http.browsers import is_inside_app
from npswidgets.server.machine.log import SECRETS
from npswidgets.server.pages.councils import Council, Councils
from npswidgets.server.pages.one_address import opened_at
from npswidgets.server.pages.writes import Result, Writes

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
PAGE_FILES = TEMPLATES / "pages" / "static"
WIDGET_FILES = TEMPLATES.parent / "widgets" / "static"
COOKIES_OFF = (
    "Your browser does not keep cookies, so you would lose your place.",
    "Allow cookies, or ask for a paper sheet.",
)
OUT_OF_DATE = (
    "This page is out of date",
    "It was open for long, or in another window.",
    "Open it again, then try again.",
)
UNKNOWN = (
    "Something went wrong",
    "The computer that runs the workshop could not do this. Nothing is lost.",
    "Try again. If it happens again, tell the facilitator.",
)
NOT_FOUND = "Page not found", "There is no page at this address.", "Check the address, or enter the code."
PROBLEMS = {
    400: ("This did not arrive whole", "What your browser sent could not be read.", "Go back and try once more."),
    403: (
        "This page is not for this browser",
        "It opens only in a browser that was let in, by a link or a code.",
        "Use your own link, or enter the code.",
    ),
    413: ("That is too much", "What was sent is longer than this page takes.", "Go back and send less."),
    429: ("Too many at once", "This browser asks for more than it can get.", "Wait for a minute, then open it again."),
}
"""Title, what has happened, and what to do now, by status."""


BELOW = "All pages of the workshop are below {}."
STRIPPED = "If that is in the address that you see, the proxy in front of this server takes it away and must not."

log = logging.getLogger(__name__)


STRICT, LOOSE = "script-src 'self'", "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:"
"""Which scripts run on a page: those of the server alone; and where Voila's own are, which need `unsafe-eval`, what
they make of a widget's code, which is a blob, and what a notebook shows."""


def security_headers() -> dict[str, str]:
    """The headers of every answer."""
    return {
        "Content-Security-Policy": "; ".join(
            [
                "default-src 'self'",
                STRICT,
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data: blob:",
                "font-src 'self' data:",
                "connect-src 'self'",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'self'",
            ]
        ),
        "Server": "nps-workshop",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }


@lru_cache
def page_templates() -> Environment:
    """The templates of the pages that need no kernel."""
    loader = FileSystemLoader(TEMPLATES / "pages")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals |= {
        "SMALLEST_SHOWN": SMALLEST_SHOWN,
        "PRIVACY": PRIVACY,
        "addresses": addresses,
        "foot": foot,
        "join_code": join_code,
    }
    return made


def foot() -> list[tuple[str, str]]:
    """What stands at the foot of each page: the address, and what it is called."""
    return [
        (addresses.GUIDE.of(), "Help"),
        (addresses.ACCESSIBILITY.of(), "Accessibility"),
        (addresses.PRIVACY.of(), "Privacy"),
    ]


def whose(council: Council) -> str:
    """The head of a page, as HTML."""
    parts: Any = page_templates().get_template("parts.html").module
    return str(parts.whose(council)).strip()


def without_secrets(path: str) -> str:
    """An address as a log may show it: without join codes and kernel ids."""
    path = path.split("?")[0]
    return SECRETS.sub("...", path)


class Page(JupyterHandler):
    """A page for people. Whether they may see it is its own business, so it asks for no log-in."""

    async def prepare(self, **options: Any) -> None:
        """Refuses a method that this page has not; else Jupyter sends a stranger to its log-in, which there is not."""
        if getattr(type(self), str(self.request.method).lower()) is RequestHandler._unimplemented_method:
            raise HTTPError(405)
        await let_others_go(self)
        await super().prepare(**options)

    @property
    def content_security_policy(self) -> str:
        """The policy, with our own websockets by name: older phones do not count them as 'self'."""
        policy = super().content_security_policy
        host = self.request.host
        if not re.fullmatch(r"[\w.:\[\]-]+", host):
            return policy
        ours = f"wss://{host}" if self.request.protocol == "https" else f"ws://{host} wss://{host}"
        return policy.replace("connect-src 'self'", f"connect-src 'self' {ours}")

    def set_cookie(self, name: str, value: str | bytes, *arguments: Any, **options: Any) -> None:
        """Keeps something in the browser, which sends it over https alone where it came by that."""
        options.setdefault("secure", self.request.protocol == "https")
        super().set_cookie(name, value, *arguments, **options)

    def send_fewer_headers(self) -> None:
        """Says in short what a page says at length: a script or style has a hundred neighbours."""
        self.set_header("Content-Security-Policy", "default-src 'self'; frame-ancestors 'self'")
        self.clear_header("Permissions-Policy")

    @property
    def councils(self) -> Councils:
        """Whose workshops there are."""
        councils: Councils = self.settings["councils"]
        return councils

    def draw(
        self, name: str, code: int = 200, council: Council | None = None, is_ours: bool = True, **values: Any
    ) -> None:
        """Answers with a page.

        Args:
            code: the status.
            council: whose page it is; by default that of all workshops, where they have one.
            is_ours: False for an answer to a request that is not for this server: it says nothing about us.
        """
        if not hasattr(self, "_jupyter_current_user"):  # the address is so odd that nobody has asked yet who it is
            self.current_user = self._jupyter_current_user = None
        self.set_status(code)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        values |= {
            "council": (council or self.councils.common()) if is_ours else Council(),
            "ours": is_ours,
            "path": self.request.path,
            "follows_dark": not addresses.is_of_laptop_or_wall(self.request.path),
            "hosted": self.settings.get("hosted", False),
            "xsrf": self.xsrf_token.decode(),
            "file": partial(PAGE_FILE.of, self.settings["asset_version"]),
            "inside_app": is_inside_app(self.request.headers.get("User-Agent", "")),
            "cookies_off": " ".join(COOKIES_OFF),
        }
        self.finish(page_templates().get_template(name).render(values))

    async def stored(self, write: Callable[..., Result], *arguments: object) -> Result:
        """What `write` returns, in a thread of its own.

        Raises:
            StoreFault: the database cannot take it.
        """
        writes: Writes = self.settings["writes"]
        return await writes.do(write, *arguments)

    def draw_problem(
        self,
        status: int,
        title: str,
        happened: str,
        *now: str,
        again: bool = False,
        waits: bool = False,
        back: str = "",
        council: Council | None = None,
    ) -> None:
        """Answers with a page that says what has happened and what to do now.

        Args:
            now: what to do, a sentence each.
            again: with a button that asks for the same address again.
            waits: it asks by itself, too, until it gets another answer.
            back: where its button leads; without it to the page that asks for the workshop code.
            council: whose page it is; by default that of all workshops, as it was last known.
        """
        said: dict[str, Any] = {
            "title": title,
            "happened": happened,
            "now": now,
            "again": again,
            "waits": waits,
            "back": back,
            "opened": opened_at(self) if status == 403 else "",
            "standing": self._standing_at(),
        }
        self.draw("problem.html", status, council or self.councils.last(), status=status, **said)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """The page of an error that no code has answered in its own words."""
        error = kwargs.get("exc_info", (None, None))[1]
        if isinstance(error, StoreFault) and self.request.method == "GET":
            opens = "This page opens by itself as soon as it can."
            self.draw_problem(status_code, "Something went wrong", str(error), opens, again=True, waits=True)
        elif isinstance(error, WorkshopError):
            self.draw_problem(status_code, "Something went wrong", str(error), again=True)
        elif status_code == 403 and self.request.method == "POST" and not self._keeps_cookies():
            self.draw_problem(403, "Cookies are off", *COOKIES_OFF)
        elif status_code == 403 and self.request.method == "POST":
            self.draw_problem(403, *OUT_OF_DATE, again=True)
        elif status_code in (404, 405):
            self.draw_problem(404, *NOT_FOUND)
        elif status_code in PROBLEMS:
            self.draw_problem(status_code, *PROBLEMS[status_code])
        else:
            self.draw_problem(status_code, *UNKNOWN, again=True)

    def _standing_at(self) -> str:
        """The path of the page that is asked for, or of the one on which the form stands that was sent."""
        if self.request.method != "POST":
            return self.request.path
        try:
            page = urlsplit(self.request.headers.get("Referer", ""))
        except ValueError:  # what answers a request whose addresses nobody can read asks for this, too
            return addresses.HOME.of()
        return page.path if page.netloc == self.request.host else addresses.HOME.of()

    def _keeps_cookies(self) -> bool:
        return bool(self.request.cookies.get(self.settings["xsrf_cookie_name"]))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:  # noqa: ARG002 (tornado's)
        """Says what happened, but nobody's code or cookie."""
        if not isinstance(value, HTTPError):
            where = without_secrets(self.request.uri or "")
            log.error("%s %s failed: %s", self.request.method, where, say_error(value.with_traceback(tb)))


class NotFoundPage(Page):
    """Every address that there is not."""

    @allow_unauthenticated
    def get(self, *_: str) -> None:
        """Says so; to who left out the last slash, or whose proxy left out the prefix, what is wrong."""
        root = addresses.root()
        if self.request.path.startswith(root):
            raise HTTPError(404)
        if f"{self.request.path}/" == root:
            self.redirect(root)
        else:
            self.draw_problem(404, "Page not found", BELOW.format(root), STRIPPED)

    head = post = put = delete = patch = get
