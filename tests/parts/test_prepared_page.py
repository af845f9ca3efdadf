"""What people typed is put into a page that is the same for everybody, as data or as text, and as nothing else."""

import html
import json
import re

import pytest

from npswidgets.server.pages.prepared_page import COUNCIL, KERNEL_ID, SESSION, STATES, Opening, PreparedPage

HEAD = f"<p>{COUNCIL}</p><p>{SESSION}</p>"
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
    "our own marks": STATES + KERNEL_ID + COUNCIL + SESSION,
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
def test_where_a_page_leads_stands_in_it_as_text(text: str) -> None:
    shown = re.fullmatch("<p>([^<>]*)</p><p>([^<>]*)</p>", PAGE.with_opening(Opening(text, text)))
    assert shown
    assert [html.unescape(one) for one in shown.groups()] == [text] * 2
