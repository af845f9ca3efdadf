"""A page in Firefox or WebKit, each driven over what it brings itself, for what every browser has to do."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from serving import WAIT_SECONDS

PHONE = (390, 664)
STARTING_SECONDS = 90.0
ASKING_SECONDS = 0.05

WHERE = """(text) => {
    const all = [...document.querySelectorAll("button, label, summary, a")];
    const reads = (one) => one.innerText.trim().startsWith(text) && !one.matches(":disabled");
    const found = all.find((one) => one.getClientRects().length && reads(one));
    if (!found) return null;
    found.scrollIntoView({ block: "center" });
    const box = found.getBoundingClientRect();
    return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
}"""


class NoAnswer(Exception):
    """The browser could not say: its page goes just now, or the script failed."""


class OtherPage:
    """The one page of a browser that was started for it; what the browsers do differently is in its two children.

    Attributes:
        name: as people call the browser.
        page_processes: by which words of their command the processes are known that run pages, or load for them.
    """

    name = ""
    page_processes: tuple[str, ...] = ()

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.asked = ""

    def goto(self, address: str) -> None:
        """Opens an address; returns when the browser says that it is there."""
        raise NotImplementedError

    def run(self, body: str) -> Any:
        """What a function with this body returns in the page, as JSON.

        Raises:
            NoAnswer: there is no page at this moment.
        """
        raise NotImplementedError

    def perform(self, actions: list[dict[str, Any]]) -> None:
        """Does what a hand does, in the words of WebDriver's actions."""
        raise NotImplementedError

    def hide(self) -> None:
        """Something else is in front of the page."""
        raise NotImplementedError

    def show(self) -> None:
        """The page is in front again."""
        raise NotImplementedError

    def faults(self) -> list[str]:
        """What scripts have said that went wrong."""
        raise NotImplementedError

    def evaluate(self, expression: str) -> Any:
        """What an expression comes to in the page."""
        return self.run(f"return {expression}")

    def tap(self, text: str) -> None:
        """Touches the button, answer or link that begins with these words, as soon as it is there."""
        x, y = self.until(f"({WHERE})({json.dumps(text)})", f"something to tap: {text}")
        there = {"type": "pointerMove", "x": x, "y": y, "duration": 0}
        touch = [there, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self.perform([{"type": "pointer", "id": "finger", "parameters": {"pointerType": "touch"}, "actions": touch}])

    def sees(self, *texts: str) -> None:
        """Returns when all these words are on the page."""
        for text in texts:
            self.until(f"document.body.innerText.includes({json.dumps(text)})", text)

    def until(self, expression: str, what: str) -> Any:
        """What an expression comes to, as soon as that is something."""
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            with suppress(NoAnswer):
                if found := self.evaluate(expression):
                    return found
            time.sleep(ASKING_SECONDS)
        raise AssertionError(f"{self.name}: no {what!r} on the page:\n{self._says()}")

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """A phone in a pocket: the page is told that it is hidden, and then the system stops what runs it."""
        self.hide()
        self.until("document.visibilityState === 'hidden'", "page that knows that it is hidden")
        stopped = self._processes()
        for process in stopped:
            process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for process in stopped:
                process.send_signal(signal.SIGCONT)
        self.show()
        self.until("document.visibilityState === 'visible'", "page that knows that it is seen")

    def _processes(self) -> list[psutil.Process]:
        below = psutil.Process(self.pid).children(recursive=True)
        found = [one for one in below if self._runs_pages(one)]
        assert found, f"{self.name}: no process of a page among {below}"
        return found

    def _runs_pages(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error):
            return any(word in part for word in self.page_processes for part in process.cmdline())
        return False

    def _says(self) -> str:
        with suppress(NoAnswer):
            return str(self.evaluate("[location.href, document.visibilityState, document.body.innerText].join('\\n')"))
        return "(no page)"


def plain_environment(home: Path, **more: str) -> dict[str, str]:
    """An environment in which a browser finds nothing of anybody's."""
    return {**os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "NO_AT_BRIDGE": "1", **more}
