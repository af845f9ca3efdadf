"""The scripts and styles of our own widgets, compressed once. Their addresses have a version, so browsers keep them."""

import gzip
from functools import cache

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.screens import facilitator, helper, participant, projector
from npswidgets.server.pages.page import Page
from npswidgets.widgets.sources import ASKED_FOR, joined

SCREENS = (facilitator, helper, participant, projector)
"""Their widgets have said what they ask for when they were imported."""

KINDS = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
FOR_GOOD = "public, max-age=31536000, immutable"


class WidgetFile(Page):
    """`/pages-<version>/widgets/base+vote_pad.js`: files behind each other, as one."""

    @allow_unauthenticated
    def get(self, names: str, kind: str) -> None:
        """The file; 404 for all but those that a widget asks for."""
        if (names, kind) not in ASKED_FOR:
            raise HTTPError(404)
        plain, compressed = _file(names, kind)
        self.send_fewer_headers()
        self.set_header("Content-Type", KINDS[kind])
        self.set_header("Cache-Control", FOR_GOOD)
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" not in self.request.headers.get("Accept-Encoding", ""):
            self.finish(plain)
            return
        self.set_header("Content-Encoding", "gzip")
        self.finish(compressed)

    head = get


@cache
def _file(names: str, kind: str) -> tuple[bytes, bytes]:
    """One of `ASKED_FOR`, which is all that is ever kept."""
    plain = joined(names, kind).encode()
    return plain, gzip.compress(plain, 9)
