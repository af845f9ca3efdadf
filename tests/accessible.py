"""What axe finds wrong with a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
"""All that axe does by itself, and the size of targets. What is well is not told in full: that takes as long again."""


def check_with_axe(*pages: Page, within: str | None = None) -> None:
    """Fails with axe's report where a page, or a part of it, has a fault of accessibility."""
    for page in pages:
        found = Axe().run(page, context=within, options=OPTIONS)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
