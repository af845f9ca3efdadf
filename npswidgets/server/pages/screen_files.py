"""The one script and the one style of a screen, put together from the files of its widgets and from templates/screen.

Their addresses hold a digest of what is in them, so that browsers keep them for good, and have new ones at once.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.addresses import SCREEN_FILE
from npswidgets.domain.actor import Role
from npswidgets.screens.facilitator import screen as facilitator
from npswidgets.screens.helper import screen as helper
from npswidgets.screens.participant import screen as participant
from npswidgets.screens.projector import screen as projector
from npswidgets.server.pages.page import TEMPLATES, Page
from npswidgets.server.pages.widget_files import FOR_GOOD, KINDS
from npswidgets.widgets.base import Widget
from npswidgets.widgets.sources import joined

SCREENS: dict[Role, ModuleType] = {
    "participant": participant,
    "projector": projector,
    "facilitator": facilitator,
    "helper": helper,
}
SCREEN_FILES = TEMPLATES / "screen"
SCRIPTS = ("frames", "models", "drawing", "connection", "healing", "start")
"""Of templates/screen, in their order."""

FOLLOW_DARK: tuple[Role, ...] = ("participant", "helper")
"""Whose page is dark where the phone is; the others are light everywhere."""

_MODULE = re.compile(r"^export default ", re.MULTILINE)
_NOTES = re.compile(r"/\*\*.*?\*/ ?", re.DOTALL)
_LINES = re.compile(r"^[ \t]*(?://.*)?\n|^[ \t]+|(?<=[;{},)\]]) // .*$", re.MULTILINE)


@dataclass(frozen=True)
class ScreenFile:
    """A script or a style.

    Attributes:
        name: such as "participant.js".
    """

    name: str
    plain: bytes
    compressed: bytes

    @property
    def digest(self) -> str:
        """Of what is in it."""
        return hashlib.sha256(self.plain).hexdigest()[:12]

    @property
    def address(self) -> str:
        """Where browsers have it from."""
        return SCREEN_FILE.of(self.digest, self.name)


@cache
def screen_file(role: Role, kind: str) -> ScreenFile:
    """The script ("js") or the style ("css") of a screen."""
    plain = (_script(role) if kind == "js" else _style(role)).encode()
    return ScreenFile(f"{role}.{kind}", plain, gzip.compress(plain, 9, mtime=0))


def screen_files(role: Role) -> tuple[ScreenFile, ScreenFile]:
    """Both, as a page fetches them ahead that leads to a screen."""
    return screen_file(role, "js"), screen_file(role, "css")


def widgets_of(role: Role) -> list[type[Widget]]:
    """The widgets of a screen: those that its module has imported."""
    found = {one for one in vars(SCREENS[role]).values() if isinstance(one, type) and issubclass(one, Widget)}
    return sorted((one for one in found if one.scripts), key=lambda one: one.__name__)


def _script(role: Role) -> str:
    """The shared scripts once, then each widget's own in a scope of its own: their names are nobody else's."""
    widgets = widgets_of(role)
    shared = list(_shared(one.scripts for one in widgets))
    screen = "".join((SCREEN_FILES / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    modules = []
    for widget in widgets:
        own = "".join(joined(name, "js") for name in widget.scripts if name not in shared)
        name = json.dumps(f"{widget.__module__}.{widget.__name__}")
        modules.append(f"{name}: () => {{\n{_MODULE.sub('const $module = ', own)}return $module;\n}},\n")
    parts = ['"use strict";\n(() => {\n', *(joined(name, "js") for name in shared), screen]
    return _shortened("".join([*parts, "startWhenWhole({\n", *modules, "});\n})();\n"]))


def _style(role: Role) -> str:
    names = dict.fromkeys(name for widget in widgets_of(role) for name in widget.styles)
    shell, dark = ((SCREEN_FILES / name).read_text("utf-8") for name in ("screen.css", "dark.css"))
    return "".join([shell, *(joined(name, "css") for name in names), dark if role in FOLLOW_DARK else ""])


def _shared(of_widgets: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The scripts that several widgets have, in an order that suits all of them."""
    lists = [names[:-1] for names in of_widgets]
    every = dict.fromkeys(name for names in lists for name in names)
    return (name for name in every if sum(name in names for names in lists) > 1 or name == "base")


def _shortened(script: str) -> str:
    """Without comments and indentation: no text of ours goes over several lines, which a test holds."""
    return _LINES.sub("", _NOTES.sub("", script))


class ScreenScript(Page):
    """`/screen-<digest>/participant.js`, and the others."""

    @allow_unauthenticated
    def get(self, digest: str, role: Role, kind: str) -> None:
        """The file as it is now; a browser keeps it only under its own digest."""
        if role not in SCREENS or kind not in KINDS:
            raise HTTPError(404)
        file = screen_file(role, kind)
        self.send_fewer_headers()
        self.set_header("Content-Type", KINDS[kind])
        self.set_header("Cache-Control", FOR_GOOD if digest == file.digest else "no-store")
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" not in self.request.headers.get("Accept-Encoding", ""):
            self.finish(file.plain)
            return
        self.set_header("Content-Encoding", "gzip")
        self.finish(file.compressed)

    head = get
