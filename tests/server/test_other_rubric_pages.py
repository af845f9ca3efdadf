"""The server's own pages for a workshop about something else than the diagnostic of 2018: none speaks of that."""

import re
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from scales import OWN_WORDS, garden_of
from serving import Client, Made, RunningServer

from npswidgets.server.pages.plan import DEPARTMENTS, OF_PROCUREMENT, departments_for
from npswidgets.store.rubric_files import load_rubric

OTHERS = re.compile(r"\bLGA\b|Local Government|\bNPS\b|(?i:procurement|council spend|value codes?)")


@pytest.fixture
def made(server: RunningServer) -> Made:
    meetings = load_rubric("meetings")
    return server.make(rubric=meetings, sessions=(("Meetings", (meetings.themes[0].id,)),), people_expected=2)


def seen(page: str) -> str:
    """All that people read of a page, with its title and what stands in its fields."""
    read = BeautifulSoup(page, "html.parser")
    for one in read(["style", "script"]):
        one.decompose()
    told = [
        one[name] for name in ("value", "alt", "title", "aria-label", "placeholder") for one in read.select(f"[{name}]")
    ]
    return " ".join([*read.stripped_strings, *map(str, told)])


def test_no_page_speaks_of_the_diagnostic(server: RunningServer, client: Client, made: Made) -> None:
    pages = {"join": client.get(f"/join/{made.code}").text}
    client.use_link(server.start_link)
    for address in (f"start/{made.id}", "guide", "accessibility", "privacy"):
        answer = client.get(f"/{address}")
        assert answer.status_code == 200, address
        pages[address] = answer.text
    pack = client.get(f"/start/{made.id}/pack.pdf")
    pages["pack"] = " ".join(page.extract_text() for page in PdfReader(BytesIO(pack.content)).pages)
    pages["name of the pack"] = pack.headers["Content-Disposition"]
    assert "How good are our meetings?" in pages[f"start/{made.id}"]
    assert {name: OTHERS.findall(seen(page)) for name, page in pages.items() if OTHERS.search(seen(page))} == {}


def test_the_page_of_a_workshop_says_its_rubrics_words(server: RunningServer, client: Client) -> None:
    rubric = garden_of(4, words=OWN_WORDS)
    made = server.make(rubric=rubric, sessions=(("Garden", (rubric.themes[0].value_codes[0].id,)),), people_expected=2)
    client.use_link(server.start_link)
    page = seen(client.get(f"/start/{made.id}").text)
    assert "Each item is scored in one session." in page
    assert "We use 1 item on garden" in page
    assert not re.search(r"\b(topics?|key areas?|levels?)\b", page, re.IGNORECASE)


def test_departments_are_proposed_for_what_is_scored_and_stay_as_somebody_typed_them() -> None:
    proposed = "\r\n".join(DEPARTMENTS)
    assert departments_for(proposed, load_rubric()).splitlines() == list(DEPARTMENTS)
    others = departments_for(proposed, load_rubric("meetings"))
    assert others.splitlines() == [one for one in DEPARTMENTS if one != OF_PROCUREMENT]
    assert departments_for(others, load_rubric()).splitlines() == list(DEPARTMENTS)
    assert departments_for("Procurement\r\nLibrary", load_rubric("meetings")) == "Procurement\r\nLibrary"
