"""WebKit, the engine of all iPhones, as Debian has it: a small browser, its driver, and a screen that nobody sees."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import requests
from other_browsers import PHONE, STARTING_SECONDS, NoAnswer, OtherPage, plain_environment
from serving import wait_until

PROGRAMS = ("WebKitWebDriver", "Xvfb")
ANSWER_SECONDS = 5.0
"""Its driver gives no answer at all to a script for a page that goes just then (7 of 60 times that one went back): it
is asked again, and answers."""
BROWSERS = "/usr/lib"
"""Below it, by the machine's kind and the version of GTK, there is `MiniBrowser`."""


class WebKit(OtherPage):
    """A page in WebKit."""

    name = "WebKit"
    page_processes = ("WebKitWebProcess", "WebKitNetworkProcess")

    def __init__(self, pid: int, driver: str, browser: Path, log: Path) -> None:
        super().__init__(pid)
        self._driver = driver
        self._log = log
        options = {"binary": str(browser), "args": ["--automation"]}
        self._driver = f"{driver}/session/{self._new_session(options)}"
        self.show()

    def goto(self, address: str) -> None:
        self.run("window.npsBefore = true")
        self._ask("POST", "/url", url=address)
        self.until("!window.npsBefore && document.readyState === 'complete'", address)
        self.run("window.npsFaults = []; addEventListener('error', (event) => npsFaults.push(event.message));")

    def run(self, body: str) -> Any:
        return self._ask("POST", "/execute/sync", ANSWER_SECONDS, script=body, args=[])

    def perform(self, actions: list[dict[str, Any]]) -> None:
        self._ask("POST", "/actions", actions=actions)

    def hide(self) -> None:
        self._ask("POST", "/window/minimize")

    def show(self) -> None:
        width, height = PHONE  # it makes its window a little wider
        self._ask("POST", "/window/rect", width=width, height=height)

    def faults(self) -> list[str]:
        return list(self.evaluate("window.npsFaults ?? []"))

    def _new_session(self, options: dict[str, Any]) -> str:
        """It is told to wait for no page: its driver else answers nothing while one loads, and some never do."""
        wanted = {"pageLoadStrategy": "none", "webkitgtk:browserOptions": options}
        return str(self._ask("POST", "/session", capabilities={"alwaysMatch": wanted})["sessionId"])

    def _ask(self, method: str, path: str, seconds: float = STARTING_SECONDS, **body: Any) -> Any:
        try:
            answer = requests.request(method, self._driver + path, json=body, timeout=seconds)
        except requests.Timeout:
            said = self._log.read_text()
            raise NoAnswer(f"The driver did not answer to {path} {body}. It said:\n{said}") from None
        value = answer.json()["value"]
        if not answer.ok:
            raise NoAnswer(f"{path}: {value}")
        return value


def program() -> Path | None:
    """Where WebKit's small browser is, if all that it needs is here."""
    if not all(map(shutil.which, PROGRAMS)):
        return None
    return next(iter(sorted(Path(BROWSERS).glob("*/webkit2gtk-4.*/MiniBrowser"))), None)


@contextmanager
def webkit() -> Iterator[WebKit]:
    """A WebKit of its own; `program` has to have found one."""
    with tempfile.TemporaryDirectory(prefix="nps-webkit-", ignore_cleanup_errors=True) as folder, _screen() as screen:
        home, port = Path(folder), _free_port()
        environment = plain_environment(home, DISPLAY=screen, GDK_BACKEND="x11", GSETTINGS_BACKEND="memory")
        environment["LIBGL_ALWAYS_SOFTWARE"] = "1"
        log = home / "said.txt"
        with log.open("w") as out:
            command = ["WebKitWebDriver", f"--port={port}", "--host=127.0.0.1"]
            process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        try:
            driver = f"http://127.0.0.1:{port}"
            wait_until(lambda: _answers(driver), STARTING_SECONDS)
            yield WebKit(process.pid, driver, program() or Path(), log)
        finally:
            _end(process)


@contextmanager
def _screen() -> Iterator[str]:
    """A display of X; its name."""
    heard, said = os.pipe()
    command = ["Xvfb", "-displayfd", str(said), "-screen", "0", "800x900x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[said], stderr=subprocess.DEVNULL)
    os.close(said)
    try:
        with os.fdopen(heard) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    below = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    process.wait(20)
    for one in below:
        with suppress(psutil.NoSuchProcess):
            one.kill()


def _answers(driver: str) -> bool:
    with suppress(requests.ConnectionError):
        return requests.get(f"{driver}/status", timeout=5).ok
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
