"""Where each page of the server is: what it answers, and whatever leads there, is made here and nowhere else."""

import os
import re
from dataclasses import dataclass
from urllib.parse import quote

from npswidgets.errors import WrongAddress
from npswidgets.settings import NPS_PREFIX

_PREFIX = re.compile(r"/(?:(?!\.{1,2}/)(?:[\w.~@+-]|%[0-9A-Fa-f]{2}){1,100}/){0,10}", re.ASCII)


def root() -> str:
    """What the path of every page begins with, and the path of our cookies; it ends with a slash."""
    return os.environ.get(NPS_PREFIX) or "/"


def below(prefix: str) -> str:
    """The root of a server whose pages are below a path, as somebody names it.

    >>> below("nps"), below("/user/anna%40council/"), below("/")
    ('/nps/', '/user/anna%40council/', '/')

    Raises:
        WrongAddress: it is no path, or one that can be written in several ways.
    """
    named = "/".join(("", *prefix.strip("/").split("/"), "")) if prefix.strip("/") else "/"
    if not _PREFIX.fullmatch(named):
        expected = "Expected a path of letters, digits and - . _ ~ @ + %, such as /nps/."
        raise WrongAddress(f"The pages cannot be below {prefix!r}. {expected}")
    return named


def elsewhere(server: str, path: str) -> str:
    """The same page of another address of this server.

    >>> elsewhere("http://192.168.1.20:8866", "/join/123456")
    'http://192.168.1.20:8866/join/123456'
    """
    return f"{server.rstrip('/')}/{path.removeprefix(root())}"


def typed(server: str) -> str:
    """An address as people read and type it.

    >>> typed("https://nps.example.gov.uk/nps/")
    'nps.example.gov.uk/nps'
    """
    return (server.partition("://")[2] or server).rstrip("/")


@dataclass(frozen=True)
class Address:
    """The place of a page below the root; each `{}` stands for an id, which in older records may hold anything.

    >>> Address("vote/{}/{}").of("2026-01-example", "a/b?")
    '/vote/2026-01-example/a%2Fb%3F'
    """

    shape: str

    def of(self, *ids: str) -> str:
        """The path, as a browser of this server asks for it."""
        return root() + self._below(ids)

    def at(self, server: str, *ids: str) -> str:
        """The whole address, as a phone opens it.

        Args:
            server: where the root is, such as "http://192.168.1.20:8866".
        """
        return f"{server.rstrip('/')}/{self._below(ids)}"

    def pattern(self, *parts: str) -> str:
        """What the server answers: the path with a regular expression for each id, by default a group of any."""
        return re.escape(root()) + self.shape.replace(".", r"\.").format(
            *(parts or ("([^/]+)",) * self.shape.count("{}"))
        )

    @property
    def whole_shape(self) -> str:
        """The path with `{}` where an id belongs, for a script that knows the id."""
        return root() + self.shape

    @property
    def start(self) -> str:
        """The path up to the first id."""
        return self.whole_shape.partition("{}")[0]

    def _below(self, ids: tuple[str, ...]) -> str:
        return self.shape.format(*(quote(one, safe="+") for one in ids))


HOME = Address("")
JOIN = Address("join")
JOIN_FORM = Address("join/{}")
LINK = Address("link")
OPERATOR = Address("operator")
SIGN_ON = Address("sign-on")
SIGNED_ON = Address("oauth_callback")
SIGN_OUT = Address("sign-out")
START = Address("start")
READY = Address("start/{}")
ADD_SESSION = Address("start/{}/sessions")
NAMES = Address("start/{}/names")
PHONE = Address("start/{}/phone")
MARK = Address("start/{}/mark")
MARK_PICTURE = Address("mark/{}.png")
PACK = Address("start/{}/pack.pdf")
DATE = Address("date")
SAVED = Address("saved")
RUBRICS = Address("rubrics")
RUBRIC = Address("rubrics/{}")
RUBRIC_BOOK = Address("rubrics/{}/workbook.xlsx")
EMPTY_BOOK = Address("rubrics/empty.xlsx")
GUIDE = Address("guide")
GUIDE_PICTURE = Address("guide/{}.png")
ACCESSIBILITY = Address("accessibility")
PRIVACY = Address("privacy")
CHECK = Address("check")
CHECK_SOCKET = Address("check/live")
VOTE = Address("vote/{}/{}")
HELP = Address("help/{}/{}")
PROJECT = Address("project/{}")
PROJECT_SESSION = Address("project/{}/{}")
PLENARY = Address("plenary/{}")
FACILITATE = Address("facilitate/{}")
FACILITATE_SESSION = Address("facilitate/{}/session/{}")
WALL = Address("facilitate/{}/screen/{}")
REPORTS = Address("facilitate/{}/reports")
REPORT = Address("facilitate/{}/reports/{}")
RECORD = Address("facilitate/{}/record")
KERNEL = Address("api/kernels/{}")
KERNEL_SOCKET = Address("api/kernels/{}/channels")
LEAVE = Address("voila/api/shutdown/{}")
VOILA_FILE = Address("voila/static-{}/{}")
LAB_EXTENSION = Address("voila/labextensions/{}")
WIDGET_FILE = Address("pages-{}/widgets/{}")
PAGE_FILE = Address("pages-{}/{}")
SCREEN_FILE = Address("screen-{}/{}")
HEALTH = Address("health")
READINESS = Address("ready")
METRICS = Address("metrics")


_LIGHT = {
    one.shape.split("/")[0]
    for one in (START, OPERATOR, SIGN_ON, SIGNED_ON, SIGN_OUT, DATE, SAVED, RUBRICS, FACILITATE, PROJECT, PLENARY)
}


def is_of_laptop_or_wall(path: str) -> bool:
    """Whether what is there is for the laptop or the wall alone, which are light everywhere; its errors and links, too.

    >>> FACILITATE.of("kent"), is_of_laptop_or_wall("/facilitate/kent"), is_of_laptop_or_wall("/help/kent/morning")
    ('/facilitate/kent', True, False)
    """
    return path.removeprefix(root()).split("/")[0] in _LIGHT


def is_watched(path: str) -> bool:
    """Whether it is what a container's host, a proxy or Prometheus asks for, by whatever name they know us.

    >>> is_watched("/health"), is_watched("/health/"), is_watched("/join")
    (True, False, False)
    """
    return any(path == one.of() for one in (HEALTH, READINESS, METRICS))


FOR_SCREENS = {
    "kernel": KERNEL,
    "socket": KERNEL_SOCKET,
    "leave": LEAVE,
    "facilitate": FACILITATE,
    "ready": READY,
    "facilitate_session": FACILITATE_SESSION,
    "project": PROJECT_SESSION,
    "plenary": PLENARY,
    "wall": WALL,
    "reports": REPORTS,
    "record": RECORD,
    "guide": GUIDE,
    "accessibility": ACCESSIBILITY,
    "privacy": PRIVACY,
}
"""What the scripts of the screens ask for; each page tells them where it is."""


def helper_link(server: str, workshop: str, session: str, secret: str) -> str:
    """Where a helper's QR code leads.

    >>> helper_link("http://192.168.1.20:8866", "2026-01-example", "reporting", "8xE0bU0cTgmN7k1c2yHh5w")
    'http://192.168.1.20:8866/help/2026-01-example/reporting#8xE0bU0cTgmN7k1c2yHh5w'
    """
    return f"{HELP.at(server, workshop, session)}#{secret}"


def join_link(server: str, secret: str) -> str:
    """Where a QR code, a card or an invitation leads. Nothing behind the # is sent to the server or into a log.

    >>> join_link("http://192.168.1.20:8866/", "8xE0bU0cTgmN7k1c2yHh5w")
    'http://192.168.1.20:8866/join#8xE0bU0cTgmN7k1c2yHh5w'
    """
    return f"{JOIN.at(server)}#{secret}"
