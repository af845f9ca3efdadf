"""The slides and the executive summary, by reading the files back."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from accessible import check_with_axe
from bs4 import BeautifulSoup
from nbconvert.exporters.base import get_exporter
from played import (
    DEPARTMENTS,
    SESSION,
    START,
    agreed,
    beginning,
    hostile_events,
    planned_theme,
    scored,
    sealed,
    theme_codes,
    voted,
    votes,
    whole_diagnostic,
    workshop_of,
    written,
)
from playwright.sync_api import Browser
from pypdf import PdfReader
from reports import notebook_with, pdf_words, squeezed

from npswidgets.domain.events import Event, TargetSet
from npswidgets.domain.workshop import Workshop
from npswidgets.report.contents import Report
from npswidgets.report.html import TEMPLATES
from npswidgets.report.layout import Bullets, Cell, Table, plain
from npswidgets.report.layout_summary import levels_table, summary_document
from npswidgets.report.make import make_report
from npswidgets.report.pdf import to_pdf
from npswidgets.report.phrases import say_people, shortened
from npswidgets.report.slides import slides_page


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report(workshop_of(planned_theme()), START)


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    return slides_page(report)


def crowded() -> Report:
    """Much was decided, in long words."""
    codes = theme_codes()
    events: list[Event] = [*beginning(codes)]
    for at, code in enumerate(codes):
        events += [*voted(code, votes(5, 0, 1, 0, 5)), scored(code, 1), TargetSet(SESSION, code, 4)]
        events += [agreed(code, f"{at} " + "Do what was said. " * 40, "The head of something long " * 8, "2026-09-30")]
    return make_report(workshop_of(events), START)


def test_each_slide_has_one_finding(page: str) -> None:
    slides = BeautifulSoup(page, "html.parser").select(".slide")
    assert slides[0].h1 is not None
    assert [slide.h2.text for slide in slides[1:] if slide.h2] == [
        "What was decided",
        "What came out",
        "Engaging Councillors",
        "Engaging senior managers",
        "Working with partners",
        "Engaging strategic suppliers",
        "Where views differ most",
        "Largest gaps",
        "Action plan",
        "What others can learn from: Governance and processes",
    ]
    assert len(BeautifulSoup(page, "html.parser").select("svg[role=img]")) == 4


def test_what_people_do_not_know_is_a_finding_with_a_slide() -> None:
    cast = votes(0, 5, 5, dont_know=4)
    report = make_report(workshop_of([*beginning(["reporting"]), *voted("reporting", cast)]), START)
    soup = BeautifulSoup(slides_page(report), "html.parser")
    (head,) = [head for head in soup.find_all("h2") if head.text == "What people do not know"]
    assert "Reporting" in head.find_parent(class_="slide").text
    assert "4 of 14" in head.find_parent(class_="slide").text


def test_the_slides_load_nothing_and_lead_from_one_to_the_next(page: str) -> None:
    soup = BeautifulSoup(page, "html.parser")
    assert not soup.find_all(["link", "iframe", "object", "img"])
    ids = [slide["id"] for slide in soup.select(".slide")]
    assert [link["href"] for link in soup.find_all("a", string="Next")] == [f"#{one}" for one in ids[1:]]
    assert [link["href"] for link in soup.find_all("a", string="Back")] == [f"#{one}" for one in ids[:-1]]


def test_a_long_plan_takes_several_slides() -> None:
    soup = BeautifulSoup(slides_page(crowded()), "html.parser")
    titles = [head.text for head in soup.find_all("h2")]
    assert [title for title in titles if title.startswith("Action plan")] == [
        f"Action plan ({number} of 13)" for number in range(1, 14)
    ]
    assert all(len(table.select("tbody tr")) <= 5 for table in soup.find_all("table"))


def test_hostile_words_stay_words_on_the_slides() -> None:
    report = make_report(workshop_of(list(hostile_events())), START)
    soup = BeautifulSoup(slides_page(report), "html.parser")
    assert not soup.find_all(["img", "textarea"])
    assert soup.h1 is not None
    assert soup.h1.text == shortened(report.title, 90)


def test_the_slides_run_one_script_that_no_words_can_change() -> None:
    hostile = make_report(workshop_of(list(hostile_events())), START)
    own = (TEMPLATES / "slides.js").read_text(encoding="utf-8")
    digest = b64encode(sha256(own.encode()).digest()).decode()
    for soup in (BeautifulSoup(slides_page(one), "html.parser") for one in (crowded(), hostile)):
        assert [script.string for script in soup.find_all("script")] == [own]
        (policy,) = [meta["content"] for meta in soup.find_all("meta", attrs={"http-equiv": True})]
        assert policy == f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


SLIDE_SHOWN = """() => {
  const slides = [...document.querySelectorAll(".slide")];
  return 1 + slides.findIndex((slide) => Math.abs(slide.getBoundingClientRect().top) < 3);
}"""


@pytest.mark.browser
def test_arrow_keys_and_a_remote_lead_from_slide_to_slide(page: str, chromium: Browser) -> None:
    tab = chromium.new_page(viewport={"width": 1280, "height": 720})
    tab.set_content(page)
    there = [("ArrowRight", 2), ("PageDown", 3), ("ArrowDown", 4), ("Space", 5)]
    back = [("ArrowLeft", 4), ("ArrowUp", 3), ("PageUp", 2), ("ArrowLeft", 1), ("ArrowLeft", 1)]
    to_the_end = [*(("ArrowRight", at) for at in range(2, 12)), ("ArrowRight", 11)]
    for key, shown in (*there, *back, *to_the_end):
        tab.keyboard.press(key)
        assert (key, tab.evaluate(SLIDE_SHOWN)) == (key, shown)
    tab.close()


@pytest.mark.browser
def test_the_slides_are_printed_on_landscape_pages_one_each(page: str, chromium: Browser) -> None:
    tab = chromium.new_page()
    tab.set_content(page)
    pages = PdfReader(BytesIO(tab.pdf(prefer_css_page_size=True))).pages
    tab.close()
    assert len(pages) == len(BeautifulSoup(page, "html.parser").select(".slide"))
    assert all(one.mediabox.width > one.mediabox.height for one in pages)


def tall() -> Report:
    """Each text on a slide is as long as it can be, of the widest letters, and of none that a line can be broken at."""
    codes = theme_codes()
    events: list[Event] = [*beginning(codes, council="W" * 300, title="A title of wide WORDS " * 20)]
    for at, code in enumerate(codes):
        events += [*voted(code, votes(5, 0, 1, 0, 5)), *written(code, comment="WM " * 900)]
        events += [scored(code, 5 if at % 2 else 1)]
        events += [agreed(code, f"{at} " + "W" * 400, "MW" * 150, "2026-09-30", "漢字" * 300)]
    report = make_report(workshop_of(events), START)
    (theme,) = report.themes
    areas = tuple(replace(area, name="Area " * 60) for area in theme.key_areas)
    return replace(
        report,
        themes=(replace(theme, key_areas=areas),),
        decided=("Wide WORDS " * 90,) * 9,
        summary=report.summary * 9,
    )


ENDS = """all => all.map((slide) => {
  const parts = [...slide.children].filter((one) => one.tagName !== "NAV");
  return Math.max(...parts.map((one) => one.getBoundingClientRect().bottom - slide.getBoundingClientRect().top));
})"""


@pytest.mark.browser
@pytest.mark.parametrize("made", [tall, lambda: make_report(workshop_of(list(hostile_events())), START)])
def test_no_slide_is_higher_than_the_screen_or_its_page(made: Callable[[], Report], chromium: Browser) -> None:
    tab = chromium.new_page(viewport={"width": 1280, "height": 720})
    tab.set_content(slides_page(made()))
    sizes = tab.eval_on_selector_all(".slide", "all => all.map(one => [one.scrollWidth, one.scrollHeight])")
    assert all(width <= 1280 and height <= 720 for width, height in sizes)
    assert max(tab.eval_on_selector_all(".slide", ENDS)) <= 672, "all ends above the way to the next slide"
    pages = PdfReader(BytesIO(tab.pdf(prefer_css_page_size=True))).pages
    tab.close()
    assert len(pages) == len(sizes)


def test_nothing_is_left_out_where_slides_go_on() -> None:
    report = crowded()
    words = [slide.get_text() for slide in BeautifulSoup(slides_page(report), "html.parser").select(".slide")]
    plan = "".join(text for text in words if "Action plan" in text)
    assert [line.what[:20] in plan for line in report.plan] == [True] * 13


def test_nbconvert_knows_the_slides(report: Report) -> None:
    made, resources = get_exporter("nps_slides")().from_notebook_node(notebook_with(report))
    assert made == slides_page(report)
    assert resources["output_extension"] == ".slides.html"


@pytest.mark.browser
@pytest.mark.parametrize("size", [(1280, 720), (390, 800)])
def test_the_slides_are_accessible(page: str, chromium: Browser, tmp_path: Path, size: tuple[int, int]) -> None:
    file = tmp_path / "slides.html"
    file.write_text(page, encoding="utf-8")
    shown: Any = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    shown.goto(file.as_uri())
    check_with_axe(shown)
    assert shown.evaluate("document.documentElement.scrollWidth") == size[0]
    shown.close()


def test_the_summary_is_one_page_that_begins_with_what_was_decided(report: Report) -> None:
    pdf = PdfReader(BytesIO(to_pdf(summary_document(report))))
    assert len(pdf.pages) == 1
    words = pdf_words(pdf)
    order = [squeezed(text) for text in ("What was decided", *report.decided, "What came out", *report.summary)]
    places = [words.index(text) for text in order]
    assert places == sorted(places)
    assert words.index(squeezed("Take a seat in the management team")) < words.index("Askforachampion")


def test_the_summary_shows_bars_by_theme_or_by_key_area_where_there_is_one_theme(report: Report) -> None:
    assert levels_table(report) in summary_document(report).blocks
    assert levels_table(report).texts[0][0] == report.themes[0].key_areas[0].name
    several = make_report(workshop_of(whole_diagnostic()), START)
    assert [row[0] for row in levels_table(several).texts] == [theme.name for theme in several.themes]


def test_a_bar_has_the_colour_of_its_level_and_the_length_of_its_number(report: Report) -> None:
    table = levels_table(report)
    bars = [cell for row in table.rows for cell in row[1:] if isinstance(cell, Cell) and cell.bar]
    longest = max(int(cell.text) for cell in bars)
    assert all(cell.bar.share == int(cell.text) / longest for cell in bars if cell.bar)
    for row in table.rows:
        levels = [cell.bar.level if isinstance(cell, Cell) and cell.bar else None for cell in row[1:6]]
        assert levels == [level if plain(row[level]) != "0" else None for level in range(1, 6)]


def test_what_has_no_score_has_a_column_of_its_own_and_what_does_not_apply_none() -> None:
    codes = theme_codes()
    events = [*beginning(codes), scored(codes[0], 2), scored(codes[1], None, "We have none.")]
    table = levels_table(make_report(workshop_of(events), START))
    assert table.head[-1] == "Not scored"
    assert sum(int(plain(cell)) for row in table.rows for cell in row[1:]) == len(codes) - 1


def test_the_summary_names_value_code_and_score_of_what_comes_first(report: Report) -> None:
    (first,) = [
        one for one in summary_document(report).blocks if isinstance(one, Table) and one.title == "What comes first"
    ]
    scores = {code.id: code.score_brief for _, _, code in report.codes}
    lines = {line.what: f"({line.name}: {scores[line.code]})" for line in report.plan}
    for what, *_ in first.texts:
        assert lines[what.splitlines()[0]] == what.splitlines()[1]


def test_the_summary_says_what_has_changed_since_the_earlier_workshop() -> None:
    before = replace(sealed("before", *[2] * 13), created_at=START - timedelta(days=365))
    report = make_report(workshop_of(planned_theme()), START, earlier=before)
    said = [block for block in summary_document(report).blocks if isinstance(block, Bullets)][-1].items
    assert any(one.startswith("Since “") and "the same" in one for one in said)


def test_the_number_of_people_is_that_of_each_session() -> None:
    """Who comes to two is one person; no record says who does, so that nothing is added up."""
    assert say_people(with_people(8)) == "8 people in 1 session"
    assert say_people(with_people(8, 8)) == "8 people in each of 2 sessions"
    assert say_people(with_people(8, 0, 0)) == "8 people in 1 session", "the others are to come"
    assert say_people(with_people(8, 8, 0)) == "8 people in each of 2 sessions"
    assert say_people(with_people(0, 0)) == "0 people in 2 sessions"
    assert say_people(with_people(7, 9, 8)) == "7 to 9 people in each of 3 sessions"


def with_people(*numbers: int) -> Workshop:
    workshop = workshop_of(planned_theme())
    (session,) = workshop.sessions.values()
    sessions = [replace(session, on_paper=number, participants={}) for number in numbers]
    return replace(workshop, sessions={str(at): one for at, one in enumerate(sessions)})


def test_the_summary_names_no_department(report: Report) -> None:
    words = pdf_words(PdfReader(BytesIO(to_pdf(summary_document(report)))))
    assert not [name for name in DEPARTMENTS if squeezed(name) in words]


@pytest.mark.parametrize("events", [crowded, lambda: make_report(workshop_of(list(hostile_events())), START)])
def test_the_summary_is_never_longer_than_two_pages(events: Any) -> None:
    assert len(PdfReader(BytesIO(to_pdf(summary_document(events())))).pages) <= 2
