"""What a page weighs on the wire: a real Chromium counts the bytes, with an empty cache and with a full one.

Run as ``python -m benchmarks.page_weight [ours|stock]``, or with the address of any page.
"""

import json
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright

from benchmarks.servers import Server, running

BROWSERS = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")
LARGEST = 8
QUIET_MS = 1500


@dataclass(frozen=True)
class Weight:
    """Requests and bytes of one opening of a page, headers and websocket included.

    Attributes:
        parts: kilobytes by file, the heaviest first.
    """

    requests: int
    kb: float
    parts: dict[str, float] = field(default_factory=dict)


class Scales:
    """Counts what a page loads."""

    def __init__(self, page: Page) -> None:
        self._names: dict[str, str] = {}
        self._bytes: Counter[str] = Counter()
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("Network.enable")
        self._cdp.on("Network.responseReceived", self._name)
        self._cdp.on("Network.loadingFinished", self._weigh)
        self._cdp.on("Network.webSocketFrameReceived", self._weigh_frame)
        self._cdp.on("Network.webSocketFrameSent", self._weigh_frame)

    def read(self) -> Weight:
        """What was loaded since the last reading."""
        total = sum(self._bytes.values())
        parts = {name: round(size / 1000, 1) for name, size in self._bytes.most_common(LARGEST)}
        weight = Weight(len(self._bytes), total / 1000, parts)
        self._bytes.clear()
        return weight

    def _name(self, event: dict[str, Any]) -> None:
        self._names[event["requestId"]] = event["response"]["url"].split("?")[0].rsplit("/", 1)[-1] or "page"

    def _weigh(self, event: dict[str, Any]) -> None:
        if event["encodedDataLength"]:  # what comes from the cache weighs nothing
            self._bytes[self._names.get(event["requestId"], "?")] += int(event["encodedDataLength"])

    def _weigh_frame(self, event: dict[str, Any]) -> None:
        payload = event["response"]["payloadData"]
        binary = event["response"]["opcode"] == 2
        self._bytes["websocket"] += len(payload) * 3 // 4 if binary else len(payload.encode())


def weigh(open_page: Any, stands: str) -> tuple[Weight, Weight]:
    """The page with an empty cache, and opened again.

    Args:
        open_page: opens what comes before; the page's address.
        stands: what is on the page when it stands.
    """
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 390, "height": 664}, ignore_https_errors=True)
        context.set_default_timeout(90_000)
        address = open_page(context)
        found = []
        for _ in range(2):
            page = context.new_page()
            scales = Scales(page)
            page.goto(address)
            page.wait_for_selector(stands)
            page.wait_for_timeout(QUIET_MS)
            found.append(scales.read())
            page.close()
        browser.close()
    return found[0], found[1]


def weigh_server(server: Server) -> tuple[Weight, Weight]:
    """A participant's page of ours, or stock Voila's page."""
    if not server.is_ours:
        return weigh(lambda _: f"{server.base}/voila/render/stock.ipynb", "text=Vote >> visible=true")

    def join(context: BrowserContext) -> str:
        page = context.new_page()
        page.goto(f"{server.base}/join/{server.code}")
        form = page.evaluate("() => Object.fromEntries(new FormData(document.querySelector('form')))")
        form |= {"department": "other", "name": "Kim"}
        answer = context.request.post(f"{server.base}/join/{server.code}", form=form, max_redirects=0)
        page.close()
        return server.base + answer.headers["location"]

    return weigh(join, "body.open")


def measure(kind: str) -> tuple[Weight, Weight]:
    """On a fresh server."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, running(kind, Path(folder)) as server:
        return weigh_server(server)


def main() -> None:
    """Prints both."""
    for one in measure(sys.argv[1] if len(sys.argv) > 1 else "ours"):
        print(json.dumps(asdict(one), indent=1))


if __name__ == "__main__":
    main()
