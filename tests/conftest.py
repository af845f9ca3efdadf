"""Fixtures that all tests share."""

import gc
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any

import pytest
from added_notebooks import add_to_notebooks, serve_with
from hub import RunningHub, hub_here
from hypothesis import settings
from nginx import BehindNginx, nginx_here
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)
from postgresql import PostgreSQL, empty, programs_here
from serving import PLAIN_HOST, WAIT_SECONDS, Client, RunningServer
from sqlalchemy import Engine

from npswidgets.cli import logged
from npswidgets.server.kernels.provisioner import is_registered
from npswidgets.store.database import open_database

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as `npswidgets.cli` does, and why
assert sys.modules["rfc3987_syntax"] is None, "something above imports jsonschema: that takes each worker two seconds"

# Some machines keep Python from writing what it has compiled. Each worker, server and kernel would compile the package
# again, and each worker what pytest makes of the tests: half of the time that it takes to collect them.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
gc.disable()  # until all tests are found: nothing of what is made meanwhile goes

logged.at_a_terminal = lambda: True  # what commands say in the tests is what whoever types reads

settings.register_profile("tests", deadline=None)  # on a busy machine an example takes what it takes
settings.load_profile("tests")
expect.set_options(timeout=WAIT_SECONDS * 1000)

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
]
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is Chromium without its own windows: the tests take a third less time."""

NEEDS = {
    "browser": "browser",
    "chromium": "browser",
    "server": "server",
    "own_server": "server",
    "behind_nginx": "server",
    "hub": "server",
}
"""By the folder or the fixture of a test, what it needs."""

LONGEST = "test_browser_healing.py"
"""Three minutes, most of them spent waiting: whoever comes to it last lets all others wait."""

DATABASES = ("SQLite", "PostgreSQL")
"""On which the `engine` of a test marked `both_databases` is, one after the other; that of others is on the first."""

SIZES = {"phone": (390, 664), "laptop": (1280, 600), "wall": (1920, 1080)}


def _seen(find: Callable[..., Locator]) -> Callable[..., Locator]:
    """Texts are looked for where they are seen: what is announced stands in the page a second time."""

    def get_by_text(self: Page | Locator, text: str | re.Pattern[str], *, exact: bool | None = None) -> Locator:
        page = self if isinstance(self, Page) else self.page
        return find(self, text, exact=exact).and_(page.locator(":not(#nps-announcer, #nps-announcer *)"))

    return get_by_text


Page.get_by_text = _seen(Page.get_by_text)  # type: ignore[method-assign]
Locator.get_by_text = _seen(Locator.get_by_text)  # type: ignore[method-assign]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks what needs a browser or a server, so that `make test-quick` leaves it out."""
    for item in items:
        needs = {item.path.parent.name, *getattr(item, "fixturenames", ())}
        for need in needs & NEEDS.keys():
            item.add_marker(NEEDS[need])
    if hasattr(config, "workerinput"):
        items[:] = _mixed(items)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What the store promises is tried on both databases; whatever is built on it, once."""
    if "engine" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("engine", DATABASES, indirect=True)


def _mixed(items: list[pytest.Item]) -> list[pytest.Item]:
    """File by file, those that wait for a server or a browser spread evenly among those that compute.

    Several workers that all wait leave the cores idle, and several that all compute wait for a core.
    """
    waiting: list[list[pytest.Item]] = []
    computing: list[list[pytest.Item]] = []
    for path, found in groupby(items, key=lambda item: item.path):
        (waiting if path.parent.name in NEEDS else computing).append([*found])
    waiting.sort(key=lambda file: file[0].path.name != LONGEST)
    placed = [one for kind in (waiting, computing) for one in zip(_shares(kind), kind, strict=True)]
    return [item for _, file in sorted(placed, key=lambda one: one[0]) for item in file]


def _shares(files: list[list[pytest.Item]]) -> Iterator[float]:
    """How much of all these tests comes before each file."""
    before = accumulate(map(len, files), initial=0)
    return (count / sum(map(len, files)) for count, _ in zip(before, files, strict=False))


def pytest_collection_finish() -> None:
    """All tests and what they import stay until the end: nobody has to look for garbage among them again."""
    gc.enable()
    gc.freeze()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """With `-n auto` more than there are cores, because tests of servers and browsers wait half of their time."""
    cores = os.cpu_count() or 1
    return cores if config.option.numprocesses == "logical" else min(2 * cores, cores + 4)


def pytest_configure() -> None:
    """Nothing is tried on an installation that is older than `pyproject.toml`: no kernel would be forked."""
    if not is_registered():
        again = ".venv/bin/python -m pip install --no-deps -e ."
        raise pytest.UsageError(f"The package was installed before its kernels moved. Install it again: {again}")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without a workshop, to be copied: making its tables takes longer than most tests."""
    path = tmp_path_factory.mktemp("empty") / "workshops.db"
    open_database(str(path), migrate=True).dispose()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL of its own; without one tests are skipped, or fail in CI."""
    programs = programs_here()
    _needs(programs, "There is no PostgreSQL here: Debian's package is postgresql.")
    assert programs is not None
    running = PostgreSQL(programs)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def engine_on_postgresql(postgresql: PostgreSQL) -> Engine:
    """One for all tests, because it keeps what it has made of each statement."""
    return open_database(postgresql.new(), migrate=True)


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without a workshop: in a file of its own, or on PostgreSQL."""
    if getattr(request, "param", DATABASES[0]) == "PostgreSQL":
        engine: Engine = request.getfixturevalue("engine_on_postgresql")
        empty(engine)
    else:
        engine = open_database(str(shutil.copy(request.getfixturevalue("empty_database"), tmp_path)))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """`nps-workshop serve --demo` in a process of its own; `server.make()` gives a test a workshop of its own."""
    running = RunningServer(tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def added(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server whose notebooks somebody has added to, so that Voila's front end draws all but participants' pages."""
    folder = tmp_path_factory.mktemp("added")
    running = serve_with(add_to_notebooks(folder), folder)
    yield running
    running.stop()


def _needs(there: object, missing: str) -> None:
    """Skips the tests of what is not installed; in CI they fail."""
    if there is None:
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)


@pytest.fixture(scope="session")
def behind_nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BehindNginx]:
    """A server below `/nps/` behind a real nginx with https; without one tests are skipped, or fail in CI."""
    _needs(nginx_here(), "There is no nginx here: Debian's package is nginx-light.")
    running = BehindNginx(tmp_path_factory.mktemp("behind-nginx"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A real JupyterHub with the service `nps`; without one tests are skipped, or fail in CI."""
    _needs(hub_here(), "There is no JupyterHub with its proxy here: `tools/install-test-hub` brings it.")
    running = RunningHub(tmp_path_factory.mktemp("hub"))
    yield running
    running.stop()


@pytest.fixture
def client(server: RunningServer) -> Client:
    """A new browser without scripts."""
    return Client(server)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of the system; without one the tests that need it are skipped, but fail where CI is set."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        missing = "There is no Chromium here: `tools/install-test-browser` brings it."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser, server: RunningServer) -> Iterator[Callable[..., Page]]:
    """`new_page("phone")` opens a page of a new browser: "phone", "laptop", "wall", or (width, height).

    The test fails if a page asks another host for anything, or says that something is wrong.

    Args:
        allow: what may be said: parts of the texts.
        base: the server's address, if it is another one.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(
        size: str | tuple[int, int] = "phone", allow: tuple[str, ...] = (), base: str = "", **options: Any
    ) -> Page:
        width, height = SIZES[size] if isinstance(size, str) else size
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="en-GB", **options)
        context.set_default_timeout(WAIT_SECONDS * 1000)
        contexts.append(context)
        watch(context, base or server.base, faults, allow)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page on a phone."""
    return new_page("phone")


def watch(context: BrowserContext, base: str, faults: list[str], allow: tuple[str, ...] = ()) -> None:
    """Notes every request to another host and every error of any page."""

    def note(fault: str) -> None:
        if not any(part in fault for part in allow):
            faults.append(fault)

    def note_request(request: Request) -> None:
        own = (f"{base}/", "data:", f"blob:{base}/")
        if not request.url.startswith(own):
            note(f"request to another host: {request.url}")

    def note_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            note(f"console: {message.text}")

    context.on("request", note_request)
    context.on("console", note_console)
    context.on("weberror", lambda error: note(f"error: {error.error}"))
