"""Words that run from right to left keep to themselves: what stands beside them keeps its place."""

from typing import Any

import pytest
from playwright.sync_api import Browser
from widget_page import WidgetPage

from npswidgets.widgets import passage
from npswidgets.widgets.facilitator_bar import FacilitatorBar
from npswidgets.widgets.passage import Passage
from npswidgets.widgets.people_list import PeopleList
from npswidgets.widgets.topic_heading import TopicHeading

pytestmark = pytest.mark.browser

OWNER, DEPARTMENT = "רותם לוי", "רכש"
PLACES = """([within, words]) => {
  const texts = document.createTreeWalker(document.querySelector(within), NodeFilter.SHOW_TEXT);
  const places = {};
  while (texts.nextNode()) {
    for (const word of words) {
      const [range, at] = [document.createRange(), texts.currentNode.data.indexOf(word)];
      if (at < 0) continue;
      range.setStart(texts.currentNode, at);
      range.setEnd(texts.currentNode, at + word.length);
      places[word] = range.getBoundingClientRect().left;
    }
  }
  return [...words].sort((one, other) => places[one] - places[other]);
}"""
"""These words, from left to right."""


def shown(chromium: Browser, widget: Any, within: str, *words: str) -> list[str]:
    tab = chromium.new_page(viewport={"width": 1280, "height": 600})
    page = WidgetPage(tab, [widget])
    page.page.evaluate("document.querySelectorAll('dialog').forEach((one) => one.showModal())")
    found: list[str] = tab.evaluate(PLACES, [within, [*words]])
    tab.close()
    return found


def test_the_day_of_an_action_is_read_behind_its_owner(chromium: Browser) -> None:
    action = {"what": "Brief scrutiny", "about": "Reporting", "owner": OWNER, "due": "30 April 2026"}
    words = ("Reporting", OWNER, "30", "April", "2026")
    assert shown(chromium, Passage(parts=[passage.actions([action])]), ".nps-actions", *words) == [*words]


def test_a_department_is_read_behind_its_person(chromium: Browser) -> None:
    person = {"number": 1, "text": f"10:42 · {OWNER}", "hint": DEPARTMENT, "counts": True, "label": ""}
    people = PeopleList(state="1 has joined.", rows=[person])
    words = ("10:42", OWNER, DEPARTMENT)
    assert shown(chromium, people, "dialog li", *words) == [*words]


def test_a_reason_on_the_wall_ends_on_its_own_side(chromium: Browser) -> None:
    quote = "הדיווח מגיע מאוחר."
    assert shown(chromium, TopicHeading(title="Reporting", quote=quote), "blockquote", ".", "הדיווח") == [".", "הדיווח"]


def test_a_session_is_read_behind_its_council(chromium: Browser) -> None:
    bar = FacilitatorBar(council="مجلس", title="القيادة")
    assert shown(chromium, bar, "body", "مجلس", "القيادة") == ["مجلس", "القيادة"]
