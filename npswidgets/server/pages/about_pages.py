"""What stands at the foot of each page: the accessibility statement, and how what people enter is used."""

from functools import lru_cache
from pathlib import Path

from jupyter_server.auth.decorator import allow_unauthenticated

from npswidgets import __version__
from npswidgets.domain.retention import DAYS_AFTER_JOINING, DAYS_AFTER_SIGN_OFF
from npswidgets.server.pages.guide_page import as_html
from npswidgets.server.pages.page import Page
from npswidgets.settings import accessibility_statement


class AccessibilityPage(Page):
    """`/accessibility`: the statement, the council's own where it has written one. It lets nobody in."""

    @allow_unauthenticated
    def get(self) -> None:
        """The statement."""
        path = accessibility_statement()
        self.draw("text.html", title="Accessibility", text=_statement(path, path.stat().st_mtime_ns))

    head = get


class PrivacyPage(Page):
    """`/privacy`: what is kept of whom and how long. It lets nobody in."""

    @allow_unauthenticated
    def get(self) -> None:
        """The page."""
        self.draw("privacy.html", after_sign_off=DAYS_AFTER_SIGN_OFF, after_joining=DAYS_AFTER_JOINING)

    head = get


@lru_cache(maxsize=4)
def _statement(path: Path, changed: int) -> str:  # noqa: ARG001 (another one is another page)
    return as_html(path.read_text(encoding="utf-8", errors="replace").replace("{version}", __version__))
