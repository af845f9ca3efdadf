"""`/guide`: how to facilitate, with pictures: the documentation's page, where there is no other network."""

import re
from functools import lru_cache

import mistune
from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.addresses import GUIDE_PICTURE
from npswidgets.server.pages.page import Page
from npswidgets.settings import data_folder

NAME = "facilitating"


class GuidePage(Page):
    """It holds no secret, and lets nobody in."""

    @allow_unauthenticated
    def get(self) -> None:
        """The guide."""
        self.draw("text.html", title="Facilitating a workshop", text=guide())

    head = get


class GuidePicture(Page):
    """One of its pictures."""

    @allow_unauthenticated
    def get(self, name: str) -> None:
        """The picture, as PNG."""
        path = data_folder("docs") / "pictures" / NAME / f"{name}.png"
        if not re.fullmatch(r"[a-z]+", name) or not path.is_file():
            raise HTTPError(404)
        self.set_header("Content-Type", "image/png")
        self.finish(path.read_bytes())

    head = get


@lru_cache
def guide() -> str:
    """The guide as HTML."""
    return as_html((data_folder("docs") / f"{NAME}.md").read_text(encoding="utf-8"))


def as_html(text: str) -> str:
    """Markdown as HTML. Markup in it is shown as text."""
    html = mistune.create_markdown(renderer=_Guide(), plugins=["table"])(text)
    return str(html)


class _Guide(mistune.HTMLRenderer):
    def image(self, text: str, url: str, title: str | None = None) -> str:
        name = url.rpartition("/")[2].removesuffix(".png")
        return super().image(text, GUIDE_PICTURE.of(name), title)
