"""Scales of other lengths on a phone of 320 pixels: without a server, drawn as the screens are."""

import re
from dataclasses import replace

import pytest
from messages import attached
from playwright.sync_api import Browser
from room import Room
from scales import OWN_WORDS, diagnostic_of, garden_of, room_of
from sqlalchemy import Engine
from widget_page import WidgetPage

from npswidgets.domain.actor import Actor
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.scale import Level
from npswidgets.screens import facilitator, participant, projector
from npswidgets.store import access
from npswidgets.store.opening import store_of
from npswidgets.store.rubric_files import load_rubric

BOXES = """() => [...document.querySelectorAll(".nps-choice[data-level]")].map((row) => {
  const { left, right, top, width, height } = row.getBoundingClientRect();
  return { level: Number(row.dataset.level), left, right, top: Math.round(top), width, height };
})"""

RUN_OVER = "heads => heads.filter((head) => head.scrollWidth > head.clientWidth).map((head) => head.innerText)"


def with_a_long_name(rubric: Rubric) -> Rubric:
    *levels, last = rubric.levels
    return replace(rubric, levels=(*levels, Level(last.value, "Appropriate everywhere")))


def phone_of(chromium: Browser, room: Room) -> WidgetPage:
    room.open_voting(room.codes[0])
    room.participants[0].refresh()
    page = chromium.new_page(viewport={"width": 320, "height": 568})
    return WidgetPage(page, attached(participant.build(), room.participants[0]).widget)


def test_levels_without_words_stand_side_by_side_and_are_read_with_what_is_around_them(
    chromium: Browser, engine: Engine
) -> None:
    page = phone_of(chromium, room_of(engine, garden_of(10, 0, "nothing", anchored=True), people=1)).page
    boxes = page.evaluate(BOXES)
    assert [box["level"] for box in boxes] == list(range(10))
    assert all(box["width"] >= 44 and box["height"] >= 44 and box["right"] <= 320 for box in boxes)
    rows = [box["top"] for box in boxes]
    assert rows[1:5] == [rows[1]] * 4, "1 to 4 in one row"
    assert rows[6:9] == [rows[6]] * 3, "6 to 8 in the next"
    assert rows[0] < rows[1] < rows[5] < rows[6] < rows[9]
    named = page.get_by_role("radio", name="2 of 0 to 9, between 0 Not yet and 5 Very well", exact=True)
    page.locator(".nps-choice[data-level='2'] label").click()
    assert named.is_checked()
    page.close()


def test_ten_levels_with_statements_do_not_scroll_sideways(chromium: Browser, engine: Engine) -> None:
    page = phone_of(chromium, room_of(engine, diagnostic_of(10), people=1)).page
    assert len(page.evaluate(BOXES)) == 10
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


@pytest.mark.parametrize("length", [4, 9])
def test_each_screen_shows_the_votes_on_all_levels_of_the_scale(chromium: Browser, engine: Engine, length: int) -> None:
    access.set_server_value(engine, "address", "http://10.0.0.1:8866")
    rubric = garden_of(4, 0) if length == 4 else with_a_long_name(load_rubric("panel-rating"))
    room = room_of(engine, rubric)
    room.open_voting(room.codes[0])
    values = rubric.scale.values
    room.vote(room.codes[0], *[values[0]] * 4, values[-1], "dont_know")
    room.facilitator.show_votes(room.codes[0])
    room.participants[0].refresh()
    stores = [store_of(engine, Actor(room.created.workshop, role)) for role in ("projector", "facilitator")]
    screens = (participant, room.participants[0]), (projector, stores[0]), (facilitator, stores[1])
    for (screen, store), width in zip(screens, (320, 1280, 1280), strict=True):
        tab = chromium.new_page(viewport={"width": width, "height": 720})
        page = WidgetPage(tab, attached(screen.build(), store).widget).page
        rows = page.get_by_role("table", name="Votes on each level").locator("tbody tr")
        named = [row.get_by_role("rowheader").inner_text().split()[0] for row in rows.all()]
        assert named == list(map(str, values)), screen.__name__
        assert [int(count) for count in rows.locator(".nps-count").all_inner_texts()] == [4, *[0] * (length - 2), 1]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        heads = rows.get_by_role("rowheader").evaluate_all(RUN_OVER)
        assert heads == [], f"{screen.__name__}: names that run over what stands beside them"
        tab.close()


@pytest.mark.parametrize("score", [0, 3])
def test_level_0_is_shown_like_any_other(chromium: Browser, engine: Engine, score: int) -> None:
    room = room_of(engine, garden_of(4, 0), people=1)
    room.agree(room.codes[0], score, "As agreed.")
    laptop = attached(facilitator.build(), store_of(engine, Actor(room.created.workshop, "facilitator")))
    page = WidgetPage(chromium.new_page(viewport={"width": 1280, "height": 720}), laptop.widget).page
    assert page.locator(".nps-topic-list .nps-score").inner_text() == str(score)
    page.close()


def test_what_scripts_write_themselves_is_in_the_rubrics_own_words(chromium: Browser, engine: Engine) -> None:
    room = room_of(engine, garden_of(4, words=OWN_WORDS), people=1)
    room.open_voting(room.codes[0])
    room.participants[0].refresh()
    workshop = room.created.workshop
    laptop = attached(facilitator.build(), store_of(engine, Actor(workshop, "facilitator")))
    wall = attached(projector.build(), store_of(engine, Actor(workshop, "projector")))
    phone = attached(participant.build(), room.participants[0])
    texts = []
    for screen in (laptop, wall, phone):
        page = WidgetPage(chromium.new_page(viewport={"width": 1280, "height": 720}), screen.widget).page
        texts.append(page.locator("main").inner_text())
        page.close()
    assert [re.findall(r"(?i)\b(?:topic|level|key area)s?\b", text) for text in texts] == [[], [], []]
    assert "Items" in texts[0], "the head of the list"
    assert "Grade" in texts[1], "the head of the board"
    assert "Which grade is true" in texts[2]
