"""The server that is tormented: started, killed, started again on the same port and database."""

import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Container
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.servers import end_server, free_port
from benchmarks.torment.clock import Clock

STARTING_SECONDS = 120.0
READY = "Ctrl+C"
MARK = "NPS_TORMENT"
OF_OURS = ("StoreFault", "ForkFailed", "ServerFull", "VoteRefused", "RuleBroken", "NotAllowed")
"""What is raised on purpose, and has words that say what to do."""


@dataclass
class Server:
    """`nps-workshop serve` in a folder.

    Attributes:
        base: the address, without a slash at the end.
        starts: how many seconds each start took, until people could join.
        refused_starts: how often it ended instead, with words, since the disk was full.
    """

    folder: Path
    clock: Clock
    process: subprocess.Popen[bytes] = field(init=False)
    starts: list[float] = field(default_factory=list)
    refused_starts: int = 0

    def __post_init__(self) -> None:
        self._port, self._said = free_port(), list[bytes]()
        self.base = f"http://127.0.0.1:{self._port}"
        self.start()

    @property
    def database(self) -> str:
        """Its URL."""
        return f"sqlite:///{self.folder / 'torment.db'}"

    @property
    def log(self) -> str:
        """All that all its processes have said."""
        return b"".join(self._said).decode(errors="replace")

    def start(self) -> None:
        """Starts it, and waits until people can join; again where it ended with words, since the disk was full."""
        began = time.monotonic()
        while not self._is_ready(began):
            self.refused_starts += 1
        self.starts.append(time.monotonic() - began)

    def _is_ready(self, began: float) -> bool:
        """Starts it once; whether it became ready, and did not end.

        Raises:
            RuntimeError: neither within `STARTING_SECONDS`.
        """
        command = [sys.executable, "-c", "from npswidgets.cli import main; main()", "serve", "--host", "127.0.0.1"]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", MARK: str(self.folder), **self.clock.environment}
        environment.pop("NPS_LIVE", None)
        command += ["--port", str(self._port), "--database", self.database]
        said = self.log.count(READY)
        pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}  # a full disk takes no log
        self.process = subprocess.Popen(command, env=environment, cwd=self.folder, **pipe)
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()
        while self.log.count(READY) == said:
            if time.monotonic() > began + STARTING_SECONDS:
                raise RuntimeError(f"The server did not start: {self.log[-2000:]}")
            if self.process.poll() is not None:
                return False
            time.sleep(0.05)
        return True

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout as out:
            self._said.extend(out)

    def kill(self) -> None:
        """As when the power fails."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Stops it, with all that it started."""
        end_server(self.process)

    def kernels(self) -> list[psutil.Process]:
        """The processes of people's pages."""
        return [one for one in processes_in(self.folder) if "nps-kernel" in _said(one.name)]

    def fork_servers(self) -> list[psutil.Process]:
        """What kernels are forked from."""
        own = psutil.Process(self.process.pid).children()
        return [one for one in own if "npswidgets.server.kernels.fork_server" in _said(one.cmdline)]

    def memory_mb(self) -> float:
        """What the server's own process holds in memory."""
        return float(psutil.Process(self.process.pid).memory_info().rss / 2**20)

    def limit_files(self, size: int = resource.RLIM_INFINITY) -> None:
        """No process of the server can make a file longer than so many bytes, as on a full disk; by default any."""
        limit_files(self.folder, size)

    def tracebacks(self) -> int:
        """How many stand in its log."""
        return len(re.findall(r"Traceback \(most recent call last\)", self.log))

    def errors(self) -> Counter[str]:
        """The errors in its log that nobody raises on purpose, and where they came from; not the causes of others."""
        found = re.findall(r"(?<!after )\b([A-Z]\w+ \(\w+\.py:\d+ \w+)", self.log)
        return Counter(one for one in found if not one.startswith(OF_OURS))


def processes_in(folder: Path) -> list[psutil.Process]:
    """The server of this folder, and all that it and others before it have started: those whose parent is dead, too."""
    return [one for one in psutil.process_iter() if _environment(one).get(MARK) == str(folder)]


def limit_files(folder: Path, size: int) -> None:
    """None of these processes can make a file longer than so many bytes."""
    while sum(_limit(one, size) for one in processes_in(folder)):
        pass  # until no more were forked meanwhile, which have what the process had that they were forked from


def kill(process: psutil.Process) -> bool:
    """Kills one process by its id; whether it was there."""
    with suppress(psutil.NoSuchProcess, ProcessLookupError):
        process.send_signal(signal.SIGKILL)
        return True
    return False


def _said(ask: Callable[[], Container[str]]) -> Container[str]:
    """What a process says of itself; nothing when it has just ended."""
    try:
        return ask()
    except psutil.Error:
        return ()


def _limit(process: psutil.Process, size: int) -> bool:
    """Whether its limit was another one before."""
    with suppress(psutil.Error, OSError):
        before, hard = process.rlimit(psutil.RLIMIT_FSIZE)
        process.rlimit(psutil.RLIMIT_FSIZE, (size, hard))
        return bool(before != size)
    return False


def _environment(process: psutil.Process) -> dict[str, str]:
    with suppress(psutil.Error, OSError):
        return dict(process.environ())
    return {}
