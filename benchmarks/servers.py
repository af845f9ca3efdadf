"""The servers that are compared, each started afresh, and what their processes use."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.people import Person
from npswidgets.store import doors
from npswidgets.store.database import open_database, writing

STARTING_SECONDS = 180.0
RESTING_SHARE = 0.1
MOST_PEOPLE = 1000
"""Of one core: who uses less has nothing to do."""

HERE = Path(__file__).parent
STOCK_NOTEBOOK = HERE / "stock.ipynb"
STOCK_VOTES = Path("/tmp/nps-bench-stock.db")
FASTER_CULLING = "from npswidgets.server import configuration; configuration.LEFT_KERNEL_SECONDS = {}; "


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        kind: "ours", "plain" (ours without forking), "warm" (the same, with all prepared that it prepares), "then"
            (ours as it was, from a folder of its own) or "stock".
        code: ours: the join code.
        facilitator_link: ours: the link with its secret.
        database: ours: its URL.
    """

    kind: str
    base: str
    process: subprocess.Popen[bytes]
    code: str = ""
    facilitator_link: str = ""
    database: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether people join, and vote in a workshop."""
        return self.kind != "stock"

    def tree(self) -> list[psutil.Process]:
        """The server's process and all below it."""
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]

    def kernels(self) -> int:
        """How many kernels run."""
        return sum(map(_is_kernel, self.tree()))

    def cpu_seconds(self) -> float:
        """What the tree has used, with those of its processes that have ended."""
        total = 0.0
        for process in self.tree():
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system + times.children_user + times.children_system
        return total

    def memory_mb(self) -> float:
        """Proportional set size of the tree: what is shared counts once."""
        return sum(_pss_kb(process.pid) for process in self.tree()) / 1024

    def open_files(self) -> int:
        """How many files and sockets the server's own process has open."""
        return int(psutil.Process(self.process.pid).num_fds())

    def wait_until_prepared(self) -> None:
        """Returns when the server has nothing more to do."""
        used, before = self.cpu_seconds(), 0.0
        while used - before > RESTING_SHARE:
            time.sleep(1)
            used, before = self.cpu_seconds(), used

    def hear_hints(self) -> None:
        """Lets this process tell the server's screens what it stores, as the server itself would."""
        for one in self.tree():
            with suppress(psutil.Error):
                os.environ["NPS_LIVE"] = one.environ().get("NPS_LIVE", os.environ.get("NPS_LIVE", ""))

    async def arrive(self, person: Person) -> None:
        """Opens what comes before the tap on "Join"."""
        if self.is_ours:
            await person.get(f"/join/{self.code}")

    async def join(self, person: Person) -> str:
        """The tap; the path of the page."""
        if not self.is_ours:
            return "/voila/render/stock.ipynb"
        answer = await person.post(f"/join/{self.code}", {"department": "other", "name": "Kim"})
        return answer.headers["Location"]


@contextmanager
def running(kind: str, folder: Path, left_kernel_seconds: float | None = None, package: str = "") -> Iterator[Server]:
    """A fresh server of this kind; ended with all that it started.

    Args:
        left_kernel_seconds: how long ours keeps kernels whose pages left without a word; None for as long as it does.
        package: a folder with another version of ours.
    """
    STOCK_VOTES.unlink(missing_ok=True)
    log = folder / f"{kind}.log"
    with log.open("wb") as out:
        command, port = _command(kind, folder, left_kernel_seconds)
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        environment.pop("NPS_LIVE", None)
        if package:
            environment["PYTHONPATH"] = package
        if kind in ("plain", "warm"):
            environment["NPS_FORKING"] = "no"
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd=folder)
    try:
        yield _when_ready(kind, process, log, port, folder)
    finally:
        end_server(process)


def end_server(process: subprocess.Popen[bytes]) -> None:
    """Ends a server and what it has left behind, stock Voila's kernels among it."""
    below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
    for one in below:
        with suppress(psutil.NoSuchProcess):
            one.kill()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(kind: str, folder: Path, left_kernel_seconds: float | None) -> tuple[list[str], int]:
    port = free_port()
    if kind == "stock":
        options = ["--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1", "--VoilaConfiguration.file_allowlist=.*"]
        return [sys.executable, "-m", "voila", str(STOCK_NOTEBOOK.parent), *options], port
    code = "from npswidgets.cli import main; main()"
    if left_kernel_seconds is not None:
        code = FASTER_CULLING.format(left_kernel_seconds) + code
    command = [sys.executable, "-c", code, "serve", "--demo", "--host", "127.0.0.1"]
    return [*command, "--port", str(port), "--database", f"sqlite:///{folder / 'bench.db'}"], port


def _when_ready(kind: str, process: subprocess.Popen[bytes], log: Path, port: int, folder: Path) -> Server:
    end = time.monotonic() + STARTING_SECONDS
    base = f"http://127.0.0.1:{port}"
    while time.monotonic() < end and process.poll() is None:
        said = log.read_text()
        if kind != "stock" and "Ctrl+C" in said:
            code = "".join(re.findall(r"with the code (\d+) (\d+)", said)[-1])
            link = re.findall(r"http://\S+/facilitate/\S+", said)[-1]
            database = f"sqlite:///{folder / 'bench.db'}"
            if kind != "then":  # it has no door
                let_all_in(database, code)
            return Server(kind, base, process, code, link, database)
        if kind == "stock" and answers(f"{base}/voila/static/voila.js"):
            return Server(kind, base, process)
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start: {log.read_text()[-2000:]}")


def let_all_in(database: str, code: str) -> None:
    """Lets more people in than the demonstration expects."""
    engine = open_database(database)
    workshop, session = doors.session_for_code(engine, code) or ("", "")
    with writing(engine) as db:
        doors.change(db, workshop, session, places=MOST_PEOPLE)
    engine.dispose()


def answers(url: str) -> bool:
    """Whether there is something at an address."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


def _is_kernel(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        command = " ".join(process.cmdline())
        return process.name() == "nps-kernel" or "kernel_process" in command or "ipykernel_launcher" in command
    return False


def _pss_kb(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
