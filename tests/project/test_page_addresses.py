"""Each address of a page is made in one place, so that a server below another one's path needs that place alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from paths import ROOT

from npswidgets import addresses, settings
from npswidgets.addresses import Address
from npswidgets.server.app import WorkshopServer
from npswidgets.server.http.access import keep_pass, remember_browser
from npswidgets.server.pages.councils import Council
from npswidgets.server.pages.page import page_templates
from npswidgets.server.pages.plan import SessionForm
from npswidgets.store.marks import Mark
from npswidgets.widgets.sources import sources

PACKAGE = ROOT / "npswidgets"
PLACES = {name: one for name, one in vars(addresses).items() if isinstance(one, Address)}
WORDS = {word for one in PLACES.values() for word in re.split(r"/|\{\}|-\{\}", one.shape)} - {""}
WORD = rf"/(?:{'|'.join(map(re.escape, sorted(WORDS)))})(?![\w.])"
IN_A_STRING = re.compile(rf"(?:^|[^\w./<]){WORD}", re.MULTILINE)
IN_A_SCRIPT = re.compile(
    rf"""["'`}}]{WORD}|(?:href|action|src)=["']/|location\.pathname\}}/|fetch\(["'`]/|url\(["']?/"""
)


GIVEN_TO = {"redirect", "set_cookie", "set_signed_cookie", "clear_cookie"}


def strings(source: str) -> Iterator[str]:
    """What a module holds in strings, without docstrings and what stands behind a name as one."""
    tree = ast.parse(source)
    said = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in said:
            yield one.value


def given(source: str) -> Iterator[str]:
    """The absolute paths that a module gives to what leads somewhere, or keeps something for a path."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in GIVEN_TO:
            for one in ast.walk(call):
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value.startswith("/"):
                    yield one.value


def written_by_hand(path: Path) -> list[str]:
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        found = [found for one in strings(text) if "</" not in one for found in IN_A_STRING.findall(one)]
        return [*found, *given(text)]
    return IN_A_SCRIPT.findall(text)


FILES = [
    path
    for kind in ("py", "js", "html", "j2", "css", "svg", "json", "webmanifest", "ipynb")
    for folder in (PACKAGE, ROOT / "notebooks")
    for path in sorted(folder.rglob(f"*.{kind}"))
    if path.name != "addresses.py" or path.parent != PACKAGE
]


def test_no_address_of_a_page_is_written_by_hand() -> None:
    assert len(FILES) > 200
    wrong = {str(path.relative_to(ROOT)): found for path in FILES if (found := written_by_hand(path))}
    assert not wrong


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", 'go(f"/join/{key}")'),
        ("a.py", 'say(f"{address}/start#{secret}")'),
        ("a.py", 'routes = [(r"/(?:x)?", A), (r"/vote/([^/]+)", B)]'),
        ("a.py", 'handler.redirect("/")'),
        ("a.py", 'self.set_signed_cookie(name, value, path="/")'),
        ("a.css", "a { background: url(/pages-1/a.png) }"),
        ("a.ipynb", '"source": ["<a href=\\"/join\\">"]'),
        ("a.webmanifest", '{"start_url": "/join"}'),
        ("a.js", 'fetch("/link", {})'),
        ("a.js", "ask(`/api/kernels/${id}`)"),
        ("a.js", "fetch(`${location.pathname}/phone`)"),
        ("a.html", '<form action="/join/{{ key }}">'),
        ("a.html", '<a href="/">'),
        ("a.j2", '<script src="{{ base }}/pages-1/pages.js">'),
    ],
)
def test_one_that_is_written_by_hand_is_found(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert written_by_hand(tmp_path / name)


@pytest.fixture
def below(monkeypatch: pytest.MonkeyPatch) -> str:
    """The root of a server whose pages stand below another path."""
    monkeypatch.setenv(settings.NPS_PREFIX, "/nps/")
    return "/nps/"


def test_every_address_that_the_server_answers_is_below_its_root(below: str) -> None:
    patterns = [pattern for pattern, *_ in WorkshopServer.init_handlers(MagicMock())]
    assert len(patterns) > 20
    assert all(pattern.startswith(below) for pattern in patterns)


@pytest.mark.parametrize("name", sorted(PLACES))
def test_the_server_answers_where_a_page_leads(below: str, name: str) -> None:
    place = PLACES[name]
    ids = {
        1: ["12345678-1234-1234-1234-123456789012"],
        2: ["1", "base.js"],
    }.get(place.shape.count("{}"), [])
    if name == "LAB_EXTENSION":
        ids = ["anywidget/index.js"]
    path = place.of(*ids).replace("%2F", "/")
    assert any(re.fullmatch(one, path) for one, *_ in WorkshopServer.init_handlers(MagicMock())), path


TEMPLATES = (
    "check.html",
    "link.html",
    "ready.html",
    "walls.html",
    "problem.html",
    "code.html",
    "taken_out.html",
    "door_shut.html",
    "host.html",
    "rubrics.html",
    "rubric.html",
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_link_of_a_page_is_below_the_root(below: str, name: str) -> None:
    values: dict[str, Any] = {
        **{one: MagicMock() for one in ("workshop", "session", "answers", "wifi")},
        **dict.fromkeys(
            ("xsrf", "title", "happened", "typed", "here", "into", "words", "role", "code", "address", "qr", "sign_on"),
            "",
        ),
        **dict.fromkeys(("sentences", "says", "now"), ()),
        "sign_on": "",
        "asks": True,
        **{
            "inside_app": False,
            "follows_dark": True,
            "cookies_off": "",
            "problems": {},
            "parts": {},
            "most_sheets": 1,
            "people": "",
            "again": False,
            "waits": False,
            "back": "",
            "invitation": "",
            "asking": "",
            "not_open_yet": "",
            "complaint": "",
            "hosted": True,
            "operator": True,
            "saved": False,
            "moved": "",
            "opened": "",
            "ours": True,
            "status": 404,
            "MOST_GIVEN_BYTES": 1,
            "TOO_LARGE": "",
            "council": Council("", Mark("0", 1, 1)),
        },
    }
    values["workshop"].id, values["workshop"].sealed = "a b", False
    offer = SimpleNamespace(digest="d", title="", says="")
    values |= dict.fromkeys(("book", "most", "too_large", "digest", "kept_on", "area", "question", "source"), "d")
    values |= dict.fromkeys(("wrong", "empty", "notices", "styles", "rows"), ())
    values |= {"more": 0, "kept": (offer,), "others": (offer,), "other": offer, "along": False, "just_kept": False}
    values |= {"rubric": MagicMock(), "topic": MagicMock(), "levels": (3, 10, 5), "themes": (1, 20, 3)}
    session = SimpleNamespace(id="c d", title="", state="open")
    values["workshop"].sessions = {session.id: session}
    values["names"] = values["recorded"] = dict.fromkeys(
        ("council", "title", "title-1", "people-1", "title-2", "people-2"), ""
    )
    ready = SimpleNamespace(session=session, says=(), code="", day="", invitation="", asking="")
    values |= {"sessions": [ready, ready], "free": {"area": ("Area", 1)}, "lengths": {}, "added": SessionForm()}
    page = page_templates().get_template(name)
    html = page.render(values, file=lambda one: addresses.PAGE_FILE.of("1", one))
    leads_to = re.findall(r'(?:href|src|action|data-live|data-address)="(/[^"]*)"', html)
    assert len(leads_to) > 1
    assert all(one.startswith(below) for one in leads_to), leads_to


def test_the_scripts_of_widgets_are_below_the_root(below: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.NPS_PAGES, "1")
    monkeypatch.setattr("npswidgets.widgets.sources.ASKED_FOR", set())  # the server knows what widgets ask for, alone
    script, _ = sources(("base", "vote_pad"), ("base",))
    assert f'"{below}pages-1/widgets/base+vote_pad.js"' in script


def test_a_cookie_belongs_to_the_pages_below_the_root(below: str) -> None:
    kept: list[str] = []
    handler: Any = SimpleNamespace(
        settings={"browser_cookie": "browser", "pass_cookie": "pass"},
        request=SimpleNamespace(protocol="http"),
        get_signed_cookie=lambda *_, **__: None,
        set_signed_cookie=lambda *_, path, **__: kept.append(path),
    )
    remember_browser(handler)
    keep_pass(handler, "123456")
    assert kept == [below, below]
