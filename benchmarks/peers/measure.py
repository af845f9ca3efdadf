"""What joining and clicking cost with the same page in Streamlit, Panel and Solara.

Run as ``python -m benchmarks.peers.measure 30 streamlit``, after ``make bench-peers``.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.join_storm import SETTLING_SECONDS, Storm
from benchmarks.peers.install import python_of
from benchmarks.servers import STARTING_SECONDS, Server, answers, end_server, free_port
from benchmarks.voting import Voting, in_ms

HERE = Path(__file__).parent
LONGEST_SECONDS = 240


@dataclass(frozen=True)
class Peer:
    """A storm, and then a vote, on one fresh server."""

    storm: Storm
    voting: Voting


def measure(kit: str, people: int) -> Peer:
    """One kit, installed already."""
    with running(kit) as server:
        command = [python_of(kit), HERE / "people.py", kit, server.base, str(people)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
            _next(crowd)
            memory, cpu = server.memory_mb(), server.cpu_seconds()
            took = sorted(_next(crowd, say=True))
            cpu = server.cpu_seconds() - cpu
            time.sleep(SETTLING_SECONDS)
            memory = server.memory_mb() - memory
            voting = server.cpu_seconds()
            clicked = _next(crowd, say=True)
            voting = server.cpu_seconds() - voting
    good = took or [0.0]
    p50, p95 = (good[min(len(good) - 1, round(len(good) * share))] for share in (0.5, 0.95))
    storm = Storm(kit, people, people - len(took), p50, p95, good[-1], cpu / people, memory / people)
    clicks = len(clicked["clicks"]) + len(clicked["idle"])
    idle, busy = in_ms(clicked["idle"], 0.5, 0.95), in_ms(clicked["clicks"], 0.5, 0.95)
    return Peer(storm, Voting(kit, people, *idle, *busy, voting / clicks * 1000))


@contextmanager
def running(kit: str) -> Iterator[Server]:
    """The kit's server with its page."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, (Path(folder) / "log").open("wb") as out:
        process = subprocess.Popen(_command(kit, port), stdout=out, stderr=out, cwd=folder)
        try:
            end = time.monotonic() + STARTING_SECONDS
            while not answers(base + ("/page" if kit == "panel" else "/")):
                if time.monotonic() > end or process.poll() is not None:
                    raise RuntimeError(f"{kit} did not start: {(Path(folder) / 'log').read_text()[-1000:]}")
                time.sleep(0.2)
            yield Server(kit, base, process)
        finally:
            end_server(process)


def _command(kit: str, port: int) -> list[Any]:
    python, page = python_of(kit), HERE / f"{kit}_page.py"
    if kit == "streamlit":
        options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
        return [python, "-m", "streamlit", "run", page, *options, "--browser.gatherUsageStats=false"]
    if kit == "solara":
        return [python, "-m", "solara", "run", page, f"--port={port}", "--host=127.0.0.1", "--no-open", "--production"]
    return [python, page, str(port)]


def _next(crowd: "subprocess.Popen[str]", say: bool = False) -> Any:
    """The next line of the crowd's, after it was told to go on."""
    assert crowd.stdin is not None
    assert crowd.stdout is not None
    if say:
        crowd.stdin.write("\n")
        crowd.stdin.flush()
    line = crowd.stdout.readline()
    if not line:
        raise RuntimeError("the people in front of the page have failed")
    return json.loads(line)


def main() -> None:
    """Prints what was measured."""
    print(json.dumps(asdict(measure(sys.argv[2], int(sys.argv[1]))), indent=1))


if __name__ == "__main__":
    main()
