"""A server of its own process, as a council runs it, and what tests ask of it."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import requests
from sqlalchemy import URL, Engine
from websockets.sync.client import ClientConnection, connect

from npswidgets.addresses import helper_link, join_link
from npswidgets.domain.actor import Actor
from npswidgets.store import doors
from npswidgets.store.database import open_database
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.workshops import Created, NewWorkshop, create_workshop

WAIT_SECONDS = 180.0
"""When a test gives up: machines differ, and one that tries four tests at once answers late."""
START_SECONDS = 300.0
"""A server that starts on a busy machine may take long; nobody waits for it."""

TOKEN = "nps-token-"
"""How the cookie of a page's token begins."""

PLAIN_HOST = "workshop.test"
"""Another name of this computer: over plain http a browser trusts it as little as a laptop's address in a room."""


def wait_until(holds: Callable[[], Any], seconds: float = WAIT_SECONDS) -> Any:
    """What `holds` returns as soon as it is true; fails when that takes too long."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, f"{holds} did not become true within {seconds} seconds"
        time.sleep(0.05)
    return found


def websocket_to(url: str, **more: Any) -> ClientConnection:
    """A server may let it in late, and answer no ping for long, as it may with all that it is asked."""
    return connect(url, proxy=None, max_size=None, open_timeout=WAIT_SECONDS, ping_interval=None, **more)


def told_in(page: str) -> dict[str, Any]:
    """What a screen's page holds of its kernel: which one, and what is in its widgets."""
    (told,) = re.findall(r'<script id="states" type="application/json">(.*?)</script>', page)
    found: dict[str, Any] = json.loads(told)
    return found


def states_in(page: str) -> dict[str, dict[str, Any]]:
    """What a screen's page holds of each of its widgets."""
    return {model: one["state"] for model, one in told_in(page)["states"].items()}


@dataclass(frozen=True)
class Made:
    """A workshop on the server, with the ways into it."""

    created: Created
    session: str
    code: str
    join_link: str
    qr_link: str
    facilitator_link: str
    projector_link: str
    vote_page: str
    facilitator_page: str
    projector_page: str

    @property
    def id(self) -> str:
        return self.created.workshop


@dataclass
class RunningServer:
    """`nps-workshop serve --demo` on a free port with a database of its own.

    Attributes:
        program: what the process runs.
        listens: where, for whoever looks from this computer alone.
        base: the address, without a slash at the end.
        code: the join code of the demonstration, without the gap.
    """

    folder: Path
    options: tuple[str, ...] = ("--demo", "--port", "0")
    program: str = "from npswidgets.cli import main; main()"
    listens: tuple[str, ...] = ("--host", "127.0.0.1")
    process: subprocess.Popen[str] = field(init=False, repr=False)
    engine: Engine = field(init=False, repr=False)
    base: str = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    @property
    def database(self) -> str:
        return URL.create("sqlite", database=str(self.folder / "workshops.db")).render_as_string()

    @property
    def log(self) -> str:
        """All that the server has said."""
        return (self.folder / "server.log").read_text()

    def start(self, *options: str) -> None:
        command = [sys.executable, "-c", self.program]
        command += ["serve", *self.listens, "--database", self.database, *(options or self.options)]
        self._said_before = len(self.log) if (self.folder / "server.log").exists() else 0
        with (self.folder / "server.log").open("a") as out:
            environment = {**os.environ, "PYTHONUNBUFFERED": "1", "NPS_HOSTS": PLAIN_HOST}
            self.process = subprocess.Popen(command, stdout=out, stderr=out, text=True, env=environment)
        try:
            wait_until(
                lambda: self.process.poll() is not None or "Ctrl+C" in self.log[self._said_before :], START_SECONDS
            )
            assert self.process.poll() is None, self.log
        except AssertionError:
            self.process.kill()  # else it outlives the tests
            raise
        self.base = re.findall(r"Join +(https?://\S+)", self.log)[-1]
        self.engine = open_database(self.database)

    def stop(self) -> None:
        self.engine.dispose()
        self.process.terminate()
        self.process.wait(WAIT_SECONDS)

    def kill(self) -> None:
        """As when the power fails."""
        self.engine.dispose()
        self.process.kill()
        self.process.wait(WAIT_SECONDS)

    def wait_until_ready(self) -> None:
        """Waits until people can come in, and their pages are prepared: what prepares them may just have ended.

        A kernel that is opened meanwhile starts in the slower way, and hears more than a prepared one does.
        """
        said: list[str] = []

        def is_ready() -> bool:
            answer = requests.get(f"{self.base}/ready", timeout=WAIT_SECONDS)
            said.append(answer.text)
            return answer.ok

        try:
            wait_until(is_ready)
        except AssertionError as error:
            raise AssertionError(f"The server is not ready: {said[-1]}\n{self.log[-3000:]}") from error

    @property
    def start_link(self) -> str:
        return re.findall(r"https?://\S+/start#\S+", self.log)[-1]

    @property
    def facilitator_link(self) -> str:
        return re.findall(r"https?://\S+/facilitate/\S+", self.log)[-1]

    @property
    def code(self) -> str:
        return "".join(re.findall(r"with the code (\d+) (\d+)", self.log)[-1])

    def kernels(self) -> set[int]:
        """The processes of the kernels that run now."""
        return (
            self.forked_kernels()
            | self.prepared_processes()
            | self._running("npswidgets.server.kernels.kernel_process")
        )

    def prepared_processes(self) -> set[int]:
        """Those of participants where kernels are not forked, and those that wait for one."""
        return self._running("npswidgets.server.kernels.screen_process")

    def forked_kernels(self) -> set[int]:
        """Those of participants."""
        forks = self.fork_servers()
        return {pid for pid in self._running("npswidgets.server.kernels.fork_server") - forks if psutil.pid_exists(pid)}

    def fork_servers(self) -> set[int]:
        """What kernels are forked from: one process, or none while it is started again."""
        children = {child.pid for child in psutil.Process(self.process.pid).children()}
        return self._running("npswidgets.server.kernels.fork_server") & children

    def connection_folder(self) -> Path:
        """Where the server's sockets are."""
        self.wait_until_ready()
        (forks,) = self.fork_servers()
        return Path(psutil.Process(forks).environ()["NPS_LIVE"].split()[0].removeprefix("ipc://")).parent

    def _running(self, module: str) -> set[int]:
        found = set()
        for process in psutil.Process(self.process.pid).children(recursive=True):
            try:
                if module in process.cmdline():
                    found.add(process.pid)
            except (psutil.NoSuchProcess, psutil.ZombieProcess):
                continue
        return found

    def make(self, **more: Any) -> Made:
        """A new workshop, by default on "Engaging Councillors" (three topics) with no departments."""
        options: dict[str, Any] = {
            "council": "Example County Council",
            "sessions": (("Showing leadership", ("engaging-councillors",)),),
        }
        created = create_workshop(self.engine, NewWorkshop(**(options | more)))
        session, code = next(iter(created.codes.items()))
        with self.engine.connect() as db:
            qr_link = join_link(self.base, doors.read_all(db, created.workshop)[session].secret)
        pages = {role: f"{self.base}/{role}/{created.workshop}" for role in ("vote", "facilitate", "project")}
        return Made(
            created,
            session,
            code,
            join_link=f"{self.base}/join/{code}",
            qr_link=qr_link,
            facilitator_link=f"{pages['facilitate']}#{created.facilitator_secret}",
            projector_link=f"{pages['project']}#{created.projector_secret}",
            vote_page=f"{pages['vote']}/{session}",
            facilitator_page=pages["facilitate"],
            projector_page=pages["project"],
        )

    def helper_link(self, workshop: str, session: str) -> str:
        """A new link for a helper, as the facilitator's page makes it."""
        store = FacilitatorStore(self.engine, Actor(workshop, "facilitator"))
        return helper_link(self.base, workshop, session, store.new_helper(session).secret)


class Client:
    """A browser without scripts: keeps cookies, and posts forms with their token."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.http = requests.Session()

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.http.get(self._url(path), timeout=WAIT_SECONDS, **more)

    def post(self, path: str, data: dict[str, str] | None = None, **more: Any) -> requests.Response:
        """Posts a form; with the token, once a page has been read."""
        form = {"_xsrf": self.token} | (data or {})
        return self.http.post(self._url(path), data=form, timeout=WAIT_SECONDS, **more)

    @property
    def token(self) -> str:
        """What the server asks for with whatever changes something; empty before a page was read."""
        return next((one.value or "" for one in self.http.cookies if one.name.startswith(TOKEN)), "")

    def join(self, made: Made, **answers: str) -> requests.Response:
        """Joins by the code; the answer is where the server sends this browser, without a kernel being started."""
        self.get(f"/join/{made.code}")
        return self.post(f"/join/{made.code}", answers, allow_redirects=False)

    def scan(self, made: Made, **answers: str) -> requests.Response:
        """Joins by the QR code, as its page does; the answer is where the server sends this browser."""
        self.get("/join")
        told = self.post("/join", {"secret": made.qr_link.split("#")[1]}).json()
        return self.post(told["address"], answers, allow_redirects=False)

    def use_link(self, link: str) -> requests.Response:
        """Opens a link with a secret, as its page does."""
        path, secret = link.removeprefix(self.server.base).split("#")
        _, page, *rest = path.split("/")
        roles = {"start": "operator", "facilitate": "facilitator", "project": "projector", "help": "helper"}
        self.get(path)
        return self.post("/link", {"role": roles[page], "workshop": "".join(rest[:1]), "secret": secret})

    def open_kernel(self, path: str) -> str:
        """Opens a screen; the id of its kernel."""
        answer = self.get(path)
        found = re.search(r'"kernelId": "([\w-]+)"', answer.text)
        assert found, answer.text
        return found.group(1)

    def _url(self, path: str) -> str:
        if path.startswith("http"):
            return path
        below = urlsplit(self.server.base).path  # the server says the whole path, and a test what is below
        return self.server.base + path.removeprefix(below if path.startswith(f"{below}/") else "")
