"""What people typed is put into a page that is the same for everybody, as data or as text, and as nothing else."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from npswidgets.server.pages.councils import Council
from npswidgets.server.pages.page import whose
from npswidgets.server.pages.prepared_page import KERNEL_ID, SESSION, STATES, WHOSE, Opening, PreparedPage

HEAD = f"<header>{WHOSE}</header><p>{SESSION}</p>"
REST = f'<script id="kernel">{KERNEL_ID}</script><script id="states" type="application/json">{STATES}</script>'
PAGE = PreparedPage(HEAD, REST)

HOSTILE = {
    "the end of a script": "</script><script>alert(1)</script>",
    "a comment": "<!--<script>",
    "an entity": "&lt;/script&gt; &amp;",
    "U+2028": "one\u2028two",
    "U+2029": "one\u2029two",
    "NUL": "one\0two",
    "a backslash": "\\u003c\\",
    "quotes": "'\"`${1}",
    "our own marks": STATES + KERNEL_ID + WHOSE + SESSION,
    "much": "</script>\u2028" * 20_000,
}
hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


@hostile
@pytest.mark.parametrize("in_ascii", [True, False])
def test_what_is_in_the_widgets_stands_in_the_page_as_data(text: str, in_ascii: bool) -> None:
    states = {"states": {"one": {"state": {"title": text, text: 1}}}}
    page = PAGE.with_kernel("kernel", json.dumps(states, ensure_ascii=in_ascii))
    (told,) = re.findall(r'<script id="kernel">kernel</script><script id="states" type="application/json">(.*)', page)
    data = told.removesuffix("</script>")
    assert not re.search("[<>&\u2028\u2029\0]", data)
    assert json.loads(data) == states


def test_half_a_letter_in_the_widgets_can_be_sent_and_read() -> None:
    """Python writes it in ASCII: alone it has no bytes."""
    states = {"states": {"one": {"state": {"title": "half \ud83d of a letter"}}}}
    page = PAGE.with_kernel("kernel", json.dumps(states)).encode()
    assert json.loads(re.findall(rb'json">(.*)</script>', page)[0]) == states


@hostile
def test_where_a_page_leads_and_whose_it_is_stand_in_it_as_text(text: str) -> None:
    page = BeautifulSoup(PAGE.with_opening(Opening(whose(Council(text)), text)), "html.parser")
    assert page.header
    assert page.header.get_text().strip() == text.strip()
    assert page.find_all("p")[-1].get_text() == text
    assert {one.name for one in page.find_all()} == {"header", "p", "b", "bdi"}
