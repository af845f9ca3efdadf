"""What is looked at in a page that is in some state: see page_checks.js."""

from pathlib import Path

from playwright.sync_api import Page

CHECKS = Path(__file__).with_suffix(".js").read_text("utf-8")
QUIET = "!document.getElementById('nps-announcer')?.next?.length"
"""All is said that was to be said."""


def said(tab: Page) -> list[str]:
    """What a screen reader has said by itself since this was asked last."""
    tab.wait_for_function(QUIET)
    heard: list[str] = tab.evaluate("heard.splice(0)")
    return heard
