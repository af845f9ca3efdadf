"""The checks of pages: each names the fault that it is for. A check that cannot fail proves nothing."""

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from page_checks import CHECKS
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

FAULTS = """<!DOCTYPE html><html lang="en"><body style="margin: 0; font-size: 1rem">
<header><p style="color: #999">pale head</p></header>
<main>
<p style="width: 3000px">wide</p>
<p style="opacity: .3">half seen</p>
<p style="opacity: 0">not seen at all</p>
<style>textarea::placeholder { color: #bbb; opacity: 1 }</style>
<label>Reason <textarea placeholder="pale words" style="border: 2px solid #ddd"></textarea></label>
<span id="other">Something else</span>
<button aria-labelledby="other" style="height: 20px">Labelled by another</button>
<button aria-label="Something else">Labelled otherwise</button>
<svg width="20" height="20"><circle r="5" cx="9" cy="9" fill="#eee"/></svg>
<ol class="nps-first-scores"><li><button aria-current="true">same</button></li><li><button>same</button></li></ol>
<details><summary style="color: LinkText"><b>half a link</b></summary></details>
<div class="nps-qr" style="color: #000; background: #000">code</div>
<button style="position: absolute; top: 500px; left: 0">Behind</button>
<div style="position: absolute; top: 480px; left: 0; width: 400px; height: 100px; background: #fff"></div>
</main>
<footer><p style="font-size: 12px">fixed foot</p><p>A Name</p></footer>
</body></html>"""

EXPECTED = {
    "wide": ("px wide in",),
    "targets": ("Labelled by another",),
    "covered": ("Behind",),
    "text": ("pale head", "half seen", "placeholder of"),
    "marks": ("border of textarea", "dot of svg"),
    "forced": ("nps-first-scores", "QR code", "half a link"),
    "names": ("Labelled by another", "Labelled otherwise"),
    "translated": ("A Name",),
    "type": ("fixed foot",),
}


@pytest.fixture(scope="module")
def tab(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 390, "height": 664})
    page.set_content(FAULTS)
    page.evaluate(CHECKS)
    yield page
    page.close()


@pytest.mark.parametrize("check", EXPECTED)
def test_each_check_names_its_fault(tab: Page, check: str) -> None:
    found = "\n".join(tab.evaluate(f"checks.{check}(['A Name'])"))
    assert [fault for fault in EXPECTED[check] if fault not in found] == []


def test_what_is_not_seen_at_all_is_no_fault(tab: Page) -> None:
    assert "not seen at all" not in str(tab.evaluate("checks.text()"))


def test_what_the_checks_look_for_is_what_the_screens_draw() -> None:
    with resources.as_file(resources.files("npswidgets.widgets").joinpath("static")) as folder:
        drawn = "\n".join(file.read_text("utf-8") for file in Path(folder).iterdir() if file.suffix in (".js", ".css"))
    looked_for = set(re.findall(r"\bnps-[a-z]+(?:-[a-z]+)*", CHECKS))
    assert len(looked_for) > 10
    assert {name for name in looked_for if not re.search(rf"{name}(?![-\w])", drawn)} == set()
