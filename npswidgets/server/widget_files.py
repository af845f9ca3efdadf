"""The scripts and styles of our own widgets, compressed once. Their addresses have a version, so browsers keep them."""

import gzip
from functools import lru_cache

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.server.pages import Page
from npswidgets.widgets.sources import joined

KINDS = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
FOR_GOOD = "public, max-age=31536000, immutable"


class WidgetFile(Page):
    """`/pages-<version>/widgets/base+vote_pad.js`: files behind each other, as one."""

    @allow_unauthenticated
    def get(self, names: str, kind: str) -> None:
        """The file; 404 where there is no such one."""
        try:
            plain, compressed = _file(names, kind)
        except FileNotFoundError:
            raise HTTPError(404) from None
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


@lru_cache(maxsize=100)
def _file(names: str, kind: str) -> tuple[bytes, bytes]:
    plain = joined(names, kind).encode()
    return plain, gzip.compress(plain, 9)
