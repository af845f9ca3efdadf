"""A JupyterLab server on loopback, with nothing of the computer's own settings."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from serving import START_SECONDS, WAIT_SECONDS, wait_until

TOKEN = "a-token"


@contextmanager
def running_lab(folder: Path, **more: str) -> Iterator[str]:
    """Its address, with a slash at the end; it shows what is in the folder, and its token is `TOKEN`."""
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": "0",
        "ServerApp.root_dir": str(folder),
        "ServerApp.open_browser": "False",
        "ServerApp.allow_root": "True",
        "IdentityProvider.token": TOKEN,
        **more,
    }
    command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
    own = {name: str(folder / "own") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR")}
    log = folder / "lab.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | own)
    try:
        found = wait_until(lambda: re.search(r"(http://127\.0\.0\.1:\d+/)lab", log.read_text()), START_SECONDS)
        address = found.group(1)
        wait_until(lambda: _answers(address, process, log), START_SECONDS)
        yield address
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)


def _answers(address: str, process: subprocess.Popen[bytes], log: Path) -> bool:
    """Whether the server listens already: it names its address before it does."""
    assert process.poll() is None, log.read_text()
    try:
        return requests.get(f"{address}api", timeout=WAIT_SECONDS).ok
    except requests.ConnectionError:
        return False
