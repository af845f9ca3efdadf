"""The HTML report in Chromium."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from accessible import check_with_axe
from played import (
    beginning,
    finished_theme,
    planned_theme,
    rubric,
    scored,
    sealed,
    voted,
    votes,
    workshop_of,
)
from playwright.sync_api import Browser, Page

from npswidgets.report.contents import Report
from npswidgets.report.exports import export
from npswidgets.report.html import html_page, to_html
from npswidgets.report.layout import Addition
from npswidgets.report.layout_response import response_document
from npswidgets.report.make import make_report
from npswidgets.store.example import example_path
from npswidgets.store.saved import read_archive

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, exported."""
    out = tmp_path_factory.mktemp("exports")
    made = export(read_archive(example_path()), ("html",), out)
    assert {step.state for step in made} == {"done"}, made
    return out / "example"


@dataclass
class Tab:
    """A page in Chromium, and every address that it asked for."""

    page: Page
    asked: list[str]

    def show(self, file: Path, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.goto(file.as_uri())


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Tab]:
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield Tab(page, asked)
    page.close()


@pytest.fixture(scope="module")
def broad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a workshop on a value code of each key area, beside an earlier one, with the radar."""
    codes = [area.value_codes[0].id for area in rubric().key_areas]
    said = [event for code in codes for event in (*voted(code, votes(0, 9, 8)), scored(code, 2))]
    earlier = replace(workshop_of(finished_theme()), id="earlier", sealed=True)
    report = make_report(workshop_of([*beginning(codes), *said]), earlier=earlier, radar=True)
    file = tmp_path_factory.mktemp("broad") / "broad.html"
    file.write_text(html_page(report), encoding="utf-8")
    return file


@pytest.mark.browser
@pytest.mark.parametrize("which", ["example", "broad"])
def test_the_html_report_is_accessible_and_fits(folder: Path, broad: Path, tab: Tab, which: str) -> None:
    for width in (1280, 390, 320):
        tab.show(folder / "example.html" if which == "example" else broad, width)
        assert tab.page.evaluate("document.documentElement.scrollWidth") == width
    check_with_axe(tab.page)


WIDTHS = (
    *range(320, 641, 40),
    *range(641, 761, 17),
    *range(780, 961, 30),
    *range(961, 1057, 19),
    *range(1080, 1921, 60),
)
TOO_WIDE = """([page, widths]) => new Promise((done) => {
  const frame = document.createElement("iframe");
  frame.onload = () => done(widths.filter((width) => {
    frame.style.width = `${width}px`;
    return frame.contentDocument.documentElement.scrollWidth !== width;
  }));
  frame.style.border = "0";
  frame.srcdoc = page;
  document.body.append(frame);
})"""
"""The widths at which a page has to be moved sideways."""


def crowded() -> Report:
    """Four votes on a value code, all people on one level, an earlier workshop, the radar, long words everywhere."""
    report = make_report(workshop_of(planned_theme()), earlier=sealed("2025-03-example", 1, 2, None, 4), radar=True)
    theme, *_ = report.themes
    area, *areas = theme.key_areas
    code, *codes = area.codes
    (vote, *_) = code.rounds
    many = replace(vote, counts=(0, 40, 40, 0, 0), name="Second vote in the room")
    code = replace(code, rounds=(many,) * 4, comment="x" * 300, evidence=f"https://example.org/{'y' * 300}")
    long = replace(report.plan[0], what="x" * 300, owner="y" * 300, done_when="z" * 300)
    area = replace(area, codes=(replace(code, actions=(long,)), *codes))
    report = replace(report, plan=(long, *report.plan), sessions=(replace(report.sessions[0], title="t" * 300),))
    return replace(report, themes=(replace(theme, key_areas=(area, *areas)),))


@pytest.mark.browser
def test_no_page_has_to_be_moved_sideways_at_any_width(chromium: Browser) -> None:
    report = crowded()
    table = Addition("html", f"<table><tr>{'<td>something</td>' * 20}</tr></table>")
    pages = (html_page(report, [table]), to_html(response_document(report)))
    tab = chromium.new_page(viewport={"width": 2000, "height": 800})
    assert [tab.evaluate(TOO_WIDE, [page, WIDTHS]) for page in pages] == [[], []]
    tab.close()


@pytest.mark.browser
def test_the_charts_can_be_read_on_a_phone(folder: Path, tab: Tab) -> None:
    tab.show(folder / "example.html", 390)
    chart = tab.page.get_by_role("group", name="Chart: Agreed scores")
    assert chart.is_visible()
    scales = tab.page.locator("figure.chart svg").evaluate_all(
        "charts => charts.map(chart => chart.getBoundingClientRect().width / chart.viewBox.baseVal.width)"
    )
    assert len(scales) == 3
    assert min(scales) * 8 >= 9, "pixels for letters of 8 points"
    assert chart.get_attribute("tabindex") == "0", "the keyboard moves what does not fit"
    for width in (320, 390, 560, 576, 600, 1280):
        tab.show(folder / "example.html", width)
        hidden = chart.evaluate("one => one.scrollWidth > one.clientWidth")
        assert chart.get_by_text("Move the chart sideways").is_visible() == hidden


@pytest.mark.browser
def test_the_html_report_asks_for_nothing_but_itself(folder: Path, tab: Tab) -> None:
    tab.show(folder / "example.html", 1280)
    assert [address for address in tab.asked if not address.startswith("data:")] == [(folder / "example.html").as_uri()]


@pytest.mark.browser
def test_each_entry_of_the_contents_leads_to_its_place(folder: Path, tab: Tab) -> None:
    tab.show(folder / "example.html", 1280)
    links = tab.page.locator("nav a").all()
    assert len(links) > 8
    for link in links:
        place = tab.page.locator(f"[id='{(link.get_attribute('href') or '#')[1:]}']")
        assert place.text_content() == link.text_content()
