"""One opening of a page in Chromium: when the topic can be read, when a vote is acknowledged, and what it weighs."""

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, ConsoleMessage, Page

from benchmarks.opening.kits import COLD, LEVELS, WARM, Kit

VIEWPORT = {"width": 390, "height": 664}
QUIET_MS = 1500
LOOK_SECONDS = 0.05
READY_SECONDS = 60
MARK = "nps-mark "
NO_FILES = ("Document", "XHR", "Fetch", "Ping")
"""What is asked for anew each time."""

WATCHING = """(() => {
    const [topic, said, level] = %s;
    const marks = {};
    const mark = (name) => {
        marks[name] = true;
        // after the frame in which it is painted
        requestAnimationFrame(() => setTimeout(() => console.log("nps-mark " + name + " " + Date.now())));
    };
    /** With what is below shadow roots: Panel draws there. */
    const below = (root) => [...root.querySelectorAll("*")].filter((one) => one.shadowRoot);
    const roots = (root) => [root, ...below(root).flatMap((one) => roots(one.shadowRoot))];
    const said_in = (one) => one.body?.innerText ?? [...one.children].map((child) => child.innerText ?? "").join(" ");
    const words = () => roots(document).map(said_in).join(" ");
    const all = (selector) => roots(document).flatMap((one) => [...one.querySelectorAll(selector)]);
    const shown = (one) => one.getClientRects().length && !one.disabled;
    let [chosen, pressed] = [false, 0];
    const vote = () => {
        const radio = all("input[type=radio]").filter(shown)[level];
        const toggle = all("button").find((one) => shown(one) && one.innerText.trim().startsWith(`${level + 1} `));
        if (!chosen && (radio ?? toggle)) {
            chosen = true;
            (radio ?? toggle).click();
            return;
        }
        const button = all("button").find((one) => shown(one) && one.innerText.trim().toLowerCase() === "vote");
        if (chosen && button && Date.now() - pressed > 3000) {
            pressed = Date.now();
            button.click();
        }
    };
    const timer = setInterval(() => {
        if (!document.body) return;
        const text = words();
        if (!marks.read && text.includes(topic)) mark("read");
        if (marks.read && text.includes(said)) {
            clearInterval(timer);
            mark("voted");
        } else if (marks.read) vote();
    }, 50);
})();"""
"""In the page: looks twenty times a second, votes as soon as that can be done, and says when it sees what."""


@dataclass(frozen=True)
class Opening:
    """Seconds from the tap, or from the address on; None: not in time.

    Attributes:
        load: of the machine, when it was measured.
    """

    read: float | None
    voted: float | None
    load: float


@dataclass(frozen=True)
class Weight:
    """What a page loads, without fonts: bytes with headers, and the payload of its websocket.

    Attributes:
        ahead: bytes of it that the page before has fetched ahead.
        script_bytes: of scripts that were parsed.
        files: the addresses of its files, without the page and without what asks for something else each time.
    """

    requests: int
    kb: float
    script_kb: float
    ahead_kb: float
    load: float
    files: tuple[str, ...] = ()
    largest: dict[str, float] = field(default_factory=dict)


class Marks:
    """What a page has said of itself; `start` is the moment of the tap, in milliseconds of the clock."""

    def __init__(self, page: Page) -> None:
        self.heard: dict[str, float] = {}
        page.on("console", self._hear)

    def wait(self, page: Page, start: float, seconds: float) -> Opening:
        """Returns when a vote was acknowledged, or when that took too long."""
        end = time.monotonic() + seconds
        while "voted" not in self.heard and time.monotonic() < end:
            page.wait_for_timeout(LOOK_SECONDS * 1000)
        read, voted = (self._since(start, name) for name in ("read", "voted"))
        return Opening(read, voted, os.getloadavg()[0])

    def _hear(self, message: ConsoleMessage) -> None:
        if message.text.startswith(MARK):
            name, at = message.text.removeprefix(MARK).split()
            self.heard.setdefault(name, float(at))

    def _since(self, start: float, name: str) -> float | None:
        return (self.heard[name] - start) / 1000 if name in self.heard else None


class Scales:
    """Counts what a page loads, and which files."""

    def __init__(self, page: Page) -> None:
        self.bytes: Counter[str] = Counter()
        self.frames = 0
        self.sockets = 0
        self.kinds: dict[str, str] = {}
        self.addresses: dict[str, str] = {}
        self.scripts: dict[str, int] = {}
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        for domain in ("Network", "Debugger"):
            self._cdp.send(f"{domain}.enable")
        self._cdp.on("Network.requestWillBeSent", self._ask)
        self._cdp.on("Network.responseReceived", self._name)
        self._cdp.on("Network.loadingFinished", self._weigh)
        self._cdp.on("Network.webSocketCreated", lambda _: setattr(self, "sockets", self.sockets + 1))
        self._cdp.on("Network.webSocketFrameReceived", self._frame)
        self._cdp.on("Network.webSocketFrameSent", self._frame)
        self._cdp.on("Debugger.scriptParsed", self._script)

    def forget_own(self) -> float:
        """Leaves out what a page has loaded for itself; the bytes that it fetched ahead for the next one stay."""
        own = ("Document", "Stylesheet", "Script", "Image")
        for request in [one for one in self.bytes if self.kinds.get(one) in own]:
            del self.bytes[request]
        self.scripts.clear()
        return sum(self.bytes.values())

    def read(self, ahead: float = 0) -> Weight:
        """What was loaded."""
        total = sum(self.bytes.values()) + self.frames
        names: Counter[str] = Counter()
        for request, size in self.bytes.items():
            names[self.addresses.get(request, "?").split("?")[0].rsplit("/", 1)[-1] or "page"] += size
        names["websocket"] = self.frames
        files = tuple(self.addresses[one] for one in self.bytes if self.kinds.get(one, "Document") not in NO_FILES)
        largest = {name: round(size / 1000, 1) for name, size in names.most_common(4)}
        scripts, load = sum(self.scripts.values()) / 1000, os.getloadavg()[0]
        return Weight(len(self.bytes) + self.sockets, total / 1000, scripts, ahead / 1000, load, files, largest)

    def _ask(self, event: dict[str, Any]) -> None:
        before = event.get("redirectResponse")
        if before:  # its request has the same id as the one to which it leads
            self.bytes[f"{event['requestId']} redirect"] += int(before["encodedDataLength"])

    def _name(self, event: dict[str, Any]) -> None:
        self.addresses[event["requestId"]] = event["response"]["url"]
        self.kinds[event["requestId"]] = event["type"]

    def _weigh(self, event: dict[str, Any]) -> None:
        request = event["requestId"]
        if event["encodedDataLength"] and self.kinds.get(request) != "Font":  # what comes from the cache weighs nothing
            self.bytes[request] += int(event["encodedDataLength"])

    def _frame(self, event: dict[str, Any]) -> None:
        payload = event["response"]["payloadData"]
        binary = event["response"]["opcode"] == 2
        self.frames += len(payload) * 3 // 4 if binary else len(payload.encode())

    def _script(self, event: dict[str, Any]) -> None:
        if event["url"].startswith(("http", "blob:")):
            self.scripts[event["scriptId"]] = event["length"]


def arrive(context: BrowserContext, kit: Kit, base: str, at_once: bool = False) -> Page:
    """A page that comes before the tap; for a kit without one, an empty page.

    Args:
        at_once: does not wait, as a person who reads and chooses does, for what is fetched ahead.
    """
    page = context.new_page()
    if kit.joins:
        page.goto(base + kit.path, wait_until="domcontentloaded" if at_once else "networkidle")
        kit.choose_department(page)
    return page


def go_on(page: Page, kit: Kit, base: str) -> float:
    """The tap, or the address; its moment in milliseconds of the clock."""
    if kit.joins:
        press = "document.querySelector('form button:not([type=button])').click()"
        tap = f"() => {{ const now = Date.now(); {press}; return now; }}"
        return float(page.evaluate(tap))
    start = time.time() * 1000
    page.goto(base + kit.path, wait_until="commit")
    return start


def watch(page: Page, kit: Kit, level: int = COLD) -> Marks:
    """Lets all that this page opens from now on say when the topic is there, and when a vote is acknowledged."""
    about = json.dumps([kit.topic, f"{kit.said}{LEVELS[level].split()[0]} ", level])
    page.add_init_script(WATCHING % about)
    return Marks(page)


@contextmanager
def throttled(page: Page, times: float) -> Iterator[None]:
    """A processor that is so many times as slow."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": times})
    yield


def weigh(context: BrowserContext, kit: Kit) -> tuple[Weight, Weight]:
    """The page with an empty cache, and opened again."""
    base = kit.server.base
    page = context.new_page()
    scales, ahead = Scales(page), 0.0
    if kit.joins:
        page.goto(base + kit.path, wait_until="networkidle")
        kit.choose_department(page)
        ahead = scales.forget_own()
    marks = watch(page, kit)
    marks.wait(page, go_on(page, kit, base), READY_SECONDS)
    page.wait_for_timeout(QUIET_MS)
    cold, address = scales.read(ahead), page.url
    page.close()
    page = context.new_page()
    scales = Scales(page)
    marks = watch(page, kit, WARM)
    page.goto(address, wait_until="commit")
    marks.wait(page, 0, READY_SECONDS)
    page.wait_for_timeout(QUIET_MS)
    warm = scales.read()
    page.close()
    return cold, warm
