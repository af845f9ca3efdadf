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

STARTING_SECONDS = 60.0
STOCK_NOTEBOOK = Path(__file__).parent / "stock.ipynb"


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        kind: "ours" or "stock".
        code: ours: the join code.
        facilitator_link: ours: the link with its secret.
    """

    kind: str
    base: str
    process: subprocess.Popen[bytes]
    code: str = ""
    facilitator_link: str = ""

    def tree(self) -> list[psutil.Process]:
        """The server's process and all below it."""
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]

    def cpu_seconds(self) -> float:
        """What the tree has used, with those of its processes that have ended."""
        total = 0.0
        for process in self.tree():
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system + times.children_user + times.children_system
        return total

    def memory_mb(self) -> float:
        """Proportional set size of the tree: what is shared counts once."""
        return sum(_pss_kb(process.pid) for process in self.tree()) / 1024

    def hear_hints(self) -> None:
        """Lets this process tell the server's screens what it stores, as the server itself would."""
        for one in self.tree():
            with suppress(psutil.Error):
                os.environ["NPS_LIVE"] = one.environ().get("NPS_LIVE", os.environ.get("NPS_LIVE", ""))

    async def join(self, person: Person) -> str:
        """Everything up to the tap on "Join", and the tap; the path of the page."""
        if self.kind == "stock":
            return "/voila/render/stock.ipynb"
        answer = await person.post(f"/join/{self.code}", {"department": "other", "name": "Kim"})
        return answer.headers["Location"]

    async def arrive(self, person: Person) -> None:
        """Opens what comes before the tap."""
        if self.kind == "ours":
            await person.get(f"/join/{self.code}")


@contextmanager
def running(kind: str, folder: Path) -> Iterator[Server]:
    """A fresh server of this kind; ended with all that it started."""
    log = folder / f"{kind}.log"
    with log.open("wb") as out:
        command, port = _command(kind, folder)
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd=folder)
    try:
        yield _when_ready(kind, process, log, port)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _command(kind: str, folder: Path) -> tuple[list[str], int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if kind == "ours":
        command = [sys.executable, "-c", "from npswidgets.cli import main; main()", "serve", "--demo"]
        command += ["--host", "127.0.0.1"]
        return [*command, "--port", str(port), "--database", f"sqlite:///{folder / 'bench.db'}"], port
    options = ["--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1", "--VoilaConfiguration.file_allowlist=.*"]
    return [sys.executable, "-m", "voila", str(STOCK_NOTEBOOK.parent), *options], port


def _when_ready(kind: str, process: subprocess.Popen[bytes], log: Path, port: int) -> Server:
    end = time.monotonic() + STARTING_SECONDS
    base = f"http://127.0.0.1:{port}"
    while time.monotonic() < end and process.poll() is None:
        said = log.read_text()
        if kind == "ours" and "Ctrl+C" in said:
            code = "".join(re.findall(r"with the code (\d+) (\d+)", said)[-1])
            return Server(kind, base, process, code, re.findall(r"http://\S+/facilitate/\S+", said)[-1])
        if kind == "stock" and _answers(base):
            return Server(kind, base, process)
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start: {log.read_text()[-2000:]}")


def _answers(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/voila/static/voila.js", timeout=5):
            return True
    except OSError:
        return False


def _pss_kb(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
