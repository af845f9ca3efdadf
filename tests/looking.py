"""One page in one tab, and what is wrong with it by kind: WCAG where axe does not look (page_checks.js)."""

import re
from collections.abc import Iterable
from typing import Any

from page_checks import CHECKS
from playwright.sync_api import Browser

PHONE, LAPTOP, WALL = (390, 664), (1280, 600), (1920, 1080)
SIZES = {"phone": PHONE, "helper": PHONE, "facilitator": LAPTOP, "laptop": LAPTOP, "wall": WALL}
ENLARGED = (320, 256)
"""A window of 1280x1024 at 400 %."""
DARK = ("phone",)
"""What may be dark; the helper's page has the same style."""
LIGHT: dict[str, Any] = {"color_scheme": "light", "forced_colors": "none"}
COLOURS: dict[str, dict[str, Any]] = {
    "dark": LIGHT | {"color_scheme": "dark"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
}
NAMELESS = re.compile(r"^\s*- (button|link|textbox|checkbox|radio|combobox|img|heading|dialog|progressbar)(?=:|$| \[)")
"""In an accessibility tree, what has no name."""
ALL = "(names) => Object.fromEntries(names.map((name) => [name, checks[name]()]))"

Faults = dict[str, list[str]]


class Looker:
    """Looks at what a tab shows, in the size of its screen, enlarged, and in other colours.

    Attributes:
        state: of what the faults are that are found now.
        allow: parts of what may be said on the console.
        met: what of all that some checks look for was there.
    """

    def __init__(self, chromium: Browser, screen: str, faults: Faults, allow: tuple[str, ...] = ()) -> None:
        self.screen, self.faults, self.state, self._allow = screen, faults, "", allow
        self.met: set[str] = set()
        self.size = dict(zip(("width", "height"), SIZES[screen], strict=True))
        self.tab = chromium.new_page(viewport=self.size, reduced_motion="reduce", locale="en-GB")  # type: ignore[arg-type]
        self.tab.on("pageerror", lambda error: self.note("fault", str(error)))
        self.tab.on("console", lambda said: said.type == "error" and self.note("fault", said.text))

    def look(self, names: Iterable[str] = (), within: str = "body") -> None:
        """All checks on the page as it is now.

        Args:
            names: what no browser translates.
            within: where the controls have names.
        """
        self.tab.evaluate(f"window.checks ?? (() => {{ {CHECKS} }})()")
        self._look_at_names(within)
        for fault in self.tab.evaluate("(names) => checks.translated(names)", [*names]):
            self.note("translated", fault)
        if self.screen == "wall":
            self.check("text", "marks")
        else:
            self.check("text", "marks", "wide", "targets", "covered", "names", "cut", "type")
            self.tab.set_viewport_size(dict(zip(("width", "height"), ENLARGED, strict=True)))  # type: ignore[arg-type]
            self.check("wide", "covered", about="400 %:")
            self.tab.set_viewport_size(self.size)  # type: ignore[arg-type]
        if self.screen in DARK:
            self.tab.emulate_media(**COLOURS["dark"])
            self.check("text", "marks", "dark", about="dark:")
        self.tab.emulate_media(**COLOURS["forced"])
        self.check("text", "marks", "forced", about="forced:")
        self.tab.emulate_media(**LIGHT)

    def check(self, *names: str, about: str = "") -> None:
        for kind, found in self.tab.evaluate(ALL, [*names]).items():
            for fault in found:
                self.note(kind, f"{about} {fault}".strip())
        self.met |= {*self.tab.evaluate("checks.met().here")}

    def note(self, kind: str, fault: str) -> None:
        if not any(part in fault for part in self._allow):
            self.faults[kind].append(f"{self.screen}, {self.state}: {fault}")

    def _look_at_names(self, within: str) -> None:
        tree = self.tab.locator(within).aria_snapshot()
        for line in tree.splitlines():
            if NAMELESS.match(line):
                self.note("tree", line.strip())
        tops = len(re.findall(r"- '?heading .*\[level=1\]", tree))
        if tops != 1 and within != "dialog[open]":
            self.note("tree", f"{tops} titles")
        if not self.tab.title() or self.tab.title() == "Workshop":
            self.note("title", self.tab.title())
