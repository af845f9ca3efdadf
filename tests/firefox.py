"""Firefox, without a window and without a driver: it speaks WebDriver BiDi itself, over a websocket."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from other_browsers import PHONE, STARTING_SECONDS, NoAnswer, OtherPage, plain_environment
from serving import PLAIN_HOST, wait_until
from websockets.sync.client import ClientConnection, connect

PROGRAMS = ("firefox-esr", "firefox")
SETTINGS = {
    "app.normandy.enabled": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.ipc.processCount": 1,
    "dom.ipc.processPrelaunch.enabled": False,
    "extensions.webextensions.remote": False,
    "fission.autostart": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.localDomains": PLAIN_HOST,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
}
"""It asks nobody for anything, starts fewer processes, and knows the other name of this computer."""


class Firefox(OtherPage):
    """A page in Firefox."""

    name = "Firefox"
    page_processes = ("tab",)

    def __init__(self, pid: int, socket: ClientConnection) -> None:
        super().__init__(pid)
        self._socket = socket
        self._sent = 0
        self._faults: list[str] = []
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["log.entryAdded"])
        self._page = self._ask("browsingContext.getTree")["contexts"][0]["context"]
        width, height = PHONE
        self._ask("browsingContext.setViewport", context=self._page, viewport={"width": width, "height": height})
        self._other = ""

    def goto(self, address: str) -> None:
        self._ask("browsingContext.navigate", context=self._page, url=address, wait="complete")

    def run(self, body: str) -> Any:
        function = f"() => JSON.stringify((() => {{ {body} }})())"
        found = self._ask(
            "script.callFunction", functionDeclaration=function, target={"context": self._page}, awaitPromise=False
        )
        if found["type"] != "success":
            raise NoAnswer(found["exceptionDetails"]["text"])
        return json.loads(found["result"].get("value", "null"))

    def perform(self, actions: list[dict[str, Any]]) -> None:
        self._ask("input.performActions", context=self._page, actions=actions)

    def hide(self) -> None:
        self._other = self._ask("browsingContext.create", type="tab")["context"]

    def show(self) -> None:
        self._ask("browsingContext.activate", context=self._page)
        self._ask("browsingContext.close", context=self._other)

    def faults(self) -> list[str]:
        self._ask("session.status")  # what was said before has come by then
        return self._faults

    def _ask(self, method: str, **params: Any) -> Any:
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": params}))
        while True:
            heard = json.loads(self._socket.recv(STARTING_SECONDS))
            if heard.get("method") == "log.entryAdded" and heard["params"]["level"] == "error":
                self._faults.append(str(heard["params"]["text"]))
            elif heard.get("id") == self._sent:
                if heard["type"] == "error":
                    raise NoAnswer(f"{method}: {heard['message']}")
                return heard["result"]


def program() -> str | None:
    """Where Firefox is, if it is here."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextmanager
def firefox() -> Iterator[Firefox]:
    """A Firefox of its own; `program` has to have found one."""
    with tempfile.TemporaryDirectory(prefix="nps-firefox-", ignore_cleanup_errors=True) as folder:
        profile = Path(folder)
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in SETTINGS.items())
        (profile / "user.js").write_text("".join(lines))
        log = profile / "said.txt"
        command = [program() or "", "--headless", "--no-remote", "--profile", folder, "--remote-debugging-port", "0"]
        with log.open("w") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out, env=plain_environment(profile))
        try:
            address = wait_until(lambda: _address(process, log), STARTING_SECONDS)
            with connect(
                f"{address}/session", max_size=None, open_timeout=STARTING_SECONDS, ping_interval=None, compression=None
            ) as socket:
                yield Firefox(process.pid, socket)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str | None:
    said = log.read_text()
    assert process.poll() is None, said
    found = re.search(r"WebDriver BiDi listening on (ws://\S+)", said)
    return found.group(1) if found else None
