"""The pages that are compared: how each is opened, and what a person sees and does there."""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.peers import measure as peers
from benchmarks.peers.install import CACHE, PEERS, is_installed
from benchmarks.servers import Server, running

AS_IT_WAS = "71da117"
"""The commit with which the front end of our own is compared."""
THEN, NOW, STOCK = "as it was", "ours", "stock"
KITS = (THEN, NOW, STOCK, *PEERS)
TOPIC = "Engaging Councillors"
LEVELS = ("1 Minimum", "2 Baseline", "3 Mature", "4 Leader", "5 Innovator")
COLD, WARM = 2, 3
"""Which of the levels is voted for, the first time and the second."""

OPEN_VOTE = """
import sys
from npswidgets.domain.actor import Actor
from npswidgets.domain.events import TopicPresented, VotingOpened
from npswidgets.store.database import open_database
try:
    from npswidgets.store.opening import store_of
except ImportError:  # as it was
    from npswidgets.store.workshop_store import WorkshopStore as store_of
store = store_of(open_database(sys.argv[1]), Actor(sys.argv[2], "facilitator"))
session = next(iter(store.workshop.sessions))
topic = store.workshop.topics_of(session)[0]
store.record(TopicPresented(session, topic.code), VotingOpened(session, topic.code, 1))
print(store.workshop.rubric.value_codes[topic.code].display_name)
"""


@dataclass(frozen=True)
class Kit:
    """A running page.

    Attributes:
        topic: the text whose first paint is waited for.
        said: what stands before the chosen level when the vote has been acknowledged.
    """

    name: str
    server: Server
    topic: str = TOPIC
    said: str = "Your vote: "

    @property
    def joins(self) -> bool:
        """Whether people come in by a page of ours, and tap on *Join*."""
        return self.name in (THEN, NOW)

    @property
    def path(self) -> str:
        """Where people begin."""
        if self.joins:
            return f"/join/{self.server.code}"
        return {STOCK: "/voila/render/stock.ipynb", "panel": "/page"}.get(self.name, "/")

    def choose_department(self, page: Page) -> None:
        """What comes before the tap."""
        page.evaluate("document.querySelector('input[name=department][value=other]').click()")


@contextmanager
def started(name: str) -> Iterator[Kit]:
    """A fresh server of a kit, with a vote that is open."""
    if name in PEERS:
        os.environ["BOKEH_ALLOW_WS_ORIGIN"] = "*"  # Panel knows no other port that leads to it
        with peers.running(name) as server:
            yield Kit(name, server)
        return
    package = str(as_it_was()) if name == THEN else ""
    kind = "then" if name == THEN else name
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as folder,
        running(kind, Path(folder), package=package) as server,
    ):
        if name == STOCK:
            yield Kit(name, server)
            return
        workshop = server.facilitator_link.split("/")[-1].split("#")[0]
        command = [sys.executable, "-c", OPEN_VOTE, server.database, workshop]
        environment = {**os.environ, "PYTHONPATH": package}
        said = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
        if said.returncode:
            raise RuntimeError(f"No vote could be opened: {said.stderr[-500:]}")
        yield Kit(name, server, said.stdout.strip(), "Saved: ")


def missing(name: str) -> str:
    """Why a kit cannot be measured here; empty if it can."""
    if name in PEERS and not is_installed(name):
        return "it is not installed; `make bench-peers` does that"
    return ""


def as_it_was() -> Path:
    """The package as it was, with its benchmarks, installed without what it needs: that is here."""
    folder = CACHE / f"as-it-was-{AS_IT_WAS}"
    if not (folder / "installed").exists():
        root = Path(__file__).resolve().parent.parent.parent
        with tempfile.TemporaryDirectory(dir="/tmp") as source:
            packed = Path(source) / "source.tar"
            subprocess.run(["git", "archive", "-o", packed, AS_IT_WAS], cwd=root, check=True)
            with tarfile.open(packed) as archive:
                archive.extractall(source, filter="data")
            packed.unlink()
            options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--upgrade"]
            command = [sys.executable, "-m", "pip", "install", *options, "--target", folder, source]
            subprocess.run(command, check=True)
            shutil.copytree(Path(source) / "benchmarks", folder / "benchmarks", dirs_exist_ok=True)
        (folder / "installed").touch()
    return folder
