"""Rubrics of one's own on the operator's pages: sent, looked at, kept, used and removed."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape

import pytest
import requests
from accessible import check_with_axe
from playwright.sync_api import Page, expect
from scales import OWN_WORDS, garden_of
from serving import Client, RunningServer

from npswidgets.domain.rubric import Rubric
from npswidgets.rubric_book.empty import empty_book, still_to_fill
from npswidgets.rubric_book.opening import MOST_BYTES
from npswidgets.rubric_book.reading import read_book
from npswidgets.rubric_book.writing import book_of
from npswidgets.store.kept_rubrics import keep_rubric, kept_rubric, kept_rubrics, remove_rubric
from npswidgets.store.rubric_files import load_rubric, rubric_digest
from npswidgets.store.workshops import list_workshops, read_workshop

LONG = "Donaudampfschifffahrtsgesellschaft" * 5


def ours() -> Rubric:
    """A rubric with a text that is markup, and with a word that is longer than a phone is wide."""
    rubric = load_rubric("meetings")
    (area, *areas), themes = rubric.themes[0].key_areas, rubric.themes[1:]
    code = replace(area.value_codes[0], name=LONG, display_name=LONG)
    theme = replace(rubric.themes[0], key_areas=(replace(area, value_codes=(code, *area.value_codes[1:])), *areas))
    levels = (replace(rubric.levels[0], name=LONG), *rubric.levels[1:])
    return replace(
        rubric, id="our-meetings", title="How <b>we</b> meet", themes=(theme, *themes), levels=levels, source=LONG
    )


MEETINGS = ours()


@pytest.fixture
def operator(server: RunningServer, client: Client) -> Client:
    client.use_link(server.start_link)
    return client


@pytest.fixture(autouse=True)
def none_kept(server: RunningServer) -> None:
    for one in kept_rubrics(server.engine):
        remove_rubric(server.engine, one.digest)


def send(client: Client, data: bytes, name: str = "our.xlsx", **more: str) -> requests.Response:
    """As a form does without a script."""
    form = {"_xsrf": client.token} | more
    return client.http.post(f"{client.server.base}/rubrics", files={"book": (name, data)}, data=form)


def shown(answer: requests.Response) -> str:
    """The words on a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", answer.text)).split())


def test_a_whole_workbook_is_looked_at_before_it_is_kept(server: RunningServer, operator: Client) -> None:
    answer, digest = send(operator, book_of(MEETINGS)), rubric_digest(MEETINGS)
    assert (answer.status_code, answer.url) == (200, f"{server.base}/rubrics/{digest}")
    said = shown(answer)
    topic = next(iter(MEETINGS.value_codes.values()))
    for words in (
        "How <b>we</b> meet",
        "2 themes, 3 key areas, 7 topics",
        MEETINGS.source,
        MEETINGS.licence,
        topic.name,
    ):
        assert words in said
    assert all(text in said for texts in topic.levels.values() for text in texts)
    assert kept_rubrics(server.engine) == []
    kept = operator.post(f"/rubrics/{digest}", {"do": "keep"})
    assert "Kept. The start page offers it from now on." in shown(kept)
    assert kept_rubric(server.engine, digest) == MEETINGS
    assert MEETINGS.title in shown(operator.get("/start"))
    again = operator.post(f"/rubrics/{digest}", {"do": "keep"})
    assert (again.status_code, len(kept_rubrics(server.engine))) == (200, 1), "the same again is no fault"
    assert "Remove it" in shown(send(operator, book_of(MEETINGS)))


def test_all_cells_that_are_not_right_are_told_at_once_and_nothing_is_kept(
    server: RunningServer, operator: Client
) -> None:
    said = shown(send(operator, empty_book(4, 3), "Our “rubric” <1>.xlsx"))
    assert "cells still to fill in in Our “rubric” <1>.xlsx, of which nothing was kept" in said
    assert "Sheet “Overview”, cell B4: expected a text for “Title”" in said
    assert "Sheet “Key area 3”" in said
    many = shown(send(operator, empty_book(10, 20)))
    assert re.search(r"And [\d,]+ more, which are told when these are right", many)
    assert kept_rubrics(server.engine) == []


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "found an empty file"),
        (b"a;b\n1;2\n", "found a text, such as CSV"),
        (b"%PDF-1.7", "found a PDF"),
        (book_of(MEETINGS)[:3000], "found a file that is broken or not complete"),
        (b"PK" + b"\0" * MOST_BYTES, "a file of more than 5 MB"),
        (b"PK" + b"\0" * (MOST_BYTES + 200_000), "a file of more than 5 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_another_file_is_refused_in_words(operator: Client, data: bytes, says: str) -> None:
    answer = send(operator, data)
    assert (answer.status_code, says in shown(answer)) == (200, True), shown(answer)


def test_one_mistake_is_told_as_one(operator: Client) -> None:
    assert "1 mistake in our.xlsx, of which nothing was kept. Put it right, save the workbook" in shown(
        send(operator, b"a;b\n1;2\n")
    )


@pytest.mark.parametrize("digest", ["a%00b", "a%26b%23c"])
def test_to_use_what_is_no_rubric_is_told_on_the_start_page(operator: Client, digest: str) -> None:
    answer = operator.post(f"/rubrics/{digest}", {"do": "use"})
    assert (answer.status_code, answer.url.partition("?")[0]) == (200, f"{operator.server.base}/start")
    assert "This rubric is not kept any more" in shown(answer)


def test_without_a_file_or_a_token_nothing_is_read(server: RunningServer, operator: Client) -> None:
    nothing = operator.http.post(f"{server.base}/rubrics", files={"x": ("", b"")}, data={"_xsrf": operator.token})
    assert "Choose the workbook" in shown(nothing)
    assert operator.post("/rubrics").status_code == 403, "no form of ours"
    assert send(operator, book_of(MEETINGS), _xsrf="no").status_code == 403
    assert send(operator, book_of(MEETINGS), _xsrf="").status_code == 403
    stranger = Client(server)
    stranger.use_link(server.make().facilitator_link)
    assert send(stranger, b"PK").status_code == 403
    assert operator.get(f"/rubrics/{rubric_digest(MEETINGS)}").status_code in (200, 404)
    assert kept_rubrics(server.engine) == []


def test_two_who_send_at_once_both_see_theirs(operator: Client) -> None:
    books = [book_of(replace(MEETINGS, id=f"at-once-{n}", title=f"At once {n}")) for n in range(2)]
    with ThreadPoolExecutor() as threads:
        answers = list(threads.map(lambda data: send(operator, data), books))
    assert [f"At once {n}" in shown(answer) for n, answer in enumerate(answers)] == [True, True]


def test_the_same_version_with_other_words_is_told_and_leads_to_the_kept_one(
    server: RunningServer, operator: Client
) -> None:
    kept, other = keep_rubric(server.engine, MEETINGS), replace(MEETINGS, source="Somebody else.")
    answer = send(operator, book_of(other))
    assert "Version 1 of “our-meetings” is kept already, with other words. Raise Version" in shown(answer)
    assert f'href="/rubrics/{kept}"' in answer.text
    pressed = operator.post(f"/rubrics/{rubric_digest(other)}", {"do": "use"})
    assert "is kept already, with other words" in shown(pressed)
    assert [one.digest for one in kept_rubrics(server.engine)] == [kept]


def test_what_comes_along_is_looked_at_and_never_removed(operator: Client) -> None:
    answer = send(operator, book_of(load_rubric("meetings")))
    assert answer.url.endswith(rubric_digest(load_rubric("meetings")))
    assert "Remove it" not in shown(answer)
    operator.post(answer.url.removeprefix(operator.server.base), {"do": "keep"})
    assert kept_rubrics(operator.server.engine) == []
    changed = replace(load_rubric("meetings"), version="2")
    assert "“meetings” is the ID of a rubric that comes along" in shown(send(operator, book_of(changed)))


def typed(**more: str) -> dict[str, str]:
    said = {"council": "Anytown", "sessions": "1", "day": "2026-12-01", "minutes": "60", "people": "5"}
    return said | {"departments": "Finance", "anonymity": "alias"} | more


def test_the_form_is_drawn_with_the_themes_of_another_rubric_and_what_was_typed(
    server: RunningServer, operator: Client
) -> None:
    digest = keep_rubric(server.engine, MEETINGS)
    page = operator.post("/start", typed(rubric=digest, change="rubric"))
    said = shown(page)
    assert "Before the meeting 4 topics" in said
    assert 'value="behaving-commercially"' not in page.text
    assert all(f'value="{one}"' in page.text for one in ("Anytown", "2026-12-01", "5"))
    assert re.search(r'value="alias" checked', page.text)
    assert f'value="{digest}" checked' in page.text
    assert f'value="{digest}" checked' in operator.get(f"/start?rubric={digest}").text


def test_a_workshop_is_started_with_a_kept_rubric_also_in_an_older_version(
    server: RunningServer, operator: Client
) -> None:
    digest = keep_rubric(server.engine, MEETINGS)
    keep_rubric(server.engine, replace(MEETINGS, version="2", title="Newer"))
    page = operator.get("/start").text
    assert "Newer" in page
    assert f'value="{digest}"' not in page, "of each the newest is offered"
    assert f'value="{digest}" checked' in operator.get(f"/start?rubric={digest}").text
    answer = operator.post("/start", typed(rubric=digest, parts="in-the-meeting"))
    assert "is ready" in shown(answer)
    (made,) = (one.id for one in list_workshops(server.engine) if one.council == "Anytown")
    assert read_workshop(server.engine, made).rubric == MEETINGS


def test_what_was_removed_meanwhile_is_told_and_what_was_typed_stays(server: RunningServer, operator: Client) -> None:
    digest = keep_rubric(server.engine, MEETINGS)
    before = len(list_workshops(server.engine))
    assert "Kept here" not in shown(operator.post(f"/rubrics/{digest}", {"do": "remove"}))
    page = operator.post("/start", typed(rubric=digest, parts="in-the-meeting", council="Othertown"))
    assert "This rubric is not kept any more" in shown(page)
    assert 'value="Othertown"' in page.text
    assert len(list_workshops(server.engine)) == before
    for asked in ("nonsense", "0" * 64):
        assert "not kept any more" in shown(operator.get(f"/start?rubric={asked}"))


def test_workbooks_are_handed_out_to_be_changed_and_to_be_filled_in(server: RunningServer, operator: Client) -> None:
    digest = keep_rubric(server.engine, MEETINGS)
    page = operator.get(f"/rubrics/{digest}").text
    (address,) = re.findall(r'href="([^"]+)" download', page)
    answer = operator.get(address)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="our-meetings.xlsx"'
    assert read_book(answer.content, "a.xlsx").rubric == MEETINGS
    for asked, (levels, themes) in {
        "": (5, 3),
        "?levels=4&themes=2": (4, 2),
        "?levels=99999999999&themes=-1": (5, 3),
        "?levels=99&themes=0": (10, 1),
    }.items():
        given = operator.get(f"/rubrics/empty.xlsx{asked}").content
        assert still_to_fill(given, "") == still_to_fill(empty_book(levels, themes), ""), asked


def test_a_rubric_is_shown_in_its_own_words(server: RunningServer, operator: Client) -> None:
    topic, level = OWN_WORDS.topic, OWN_WORDS.level
    digest = keep_rubric(server.engine, garden_of(4, words=OWN_WORDS))
    said = shown(operator.get(f"/rubrics/{digest}"))
    assert f"{topic.head} 1 · Beds" in said
    assert f"Which {level.one} is true for the council" in said
    assert f"All {topic.many}" in said


def test_a_form_with_very_many_key_areas_is_taken(server: RunningServer, operator: Client) -> None:
    area = MEETINGS.key_areas[0]
    areas = tuple(
        replace(area, id=f"area-{n}", value_codes=(replace(area.value_codes[0], id=f"code-{n}"),)) for n in range(300)
    )
    wide: Rubric = replace(MEETINGS, id="wide", themes=(replace(MEETINGS.themes[0], key_areas=areas),))
    digest = keep_rubric(server.engine, wide)
    answer = operator.post("/start", typed(rubric=digest, council="Widetown") | {"parts": [one.id for one in areas]})  # type: ignore[dict-item]
    assert "is ready" in shown(answer)


@pytest.mark.browser
def test_from_a_filled_workbook_to_a_phones_vote(
    server: RunningServer, new_page: Callable[..., Page], page: Page
) -> None:
    """By keyboard where there is something to type or to press, and what was typed before stays."""
    desk = new_page("laptop", allow=("ERR_FAILED",))
    desk.goto(server.start_link)
    expect(desk.get_by_role("heading", name="Start a workshop")).to_be_visible()
    desk.get_by_label("Council", exact=True).fill("Meeting Town Council")
    desk.get_by_role("button", name="Add a session").click()
    desk.get_by_text("Choose what you score").press("Enter")
    desk.get_by_role("link", name="Use a rubric of your own").press("Enter")
    check, book = desk.get_by_role("button", name="Check the workbook"), desk.get_by_label("Your workbook")
    check.press("Enter")
    expect(desk.get_by_role("alert").get_by_text("Choose the workbook")).to_be_visible()
    book.set_input_files({"name": "half.xlsx", "mimeType": "", "buffer": empty_book(4, 1)})
    check.press("Enter")
    summary = desk.locator("#summary")
    expect(summary).to_be_focused()
    expect(desk).to_have_title(re.compile("^Error: "))
    assert book.evaluate("one => one.files[0].name") == "half.xlsx"
    check_with_axe(desk)
    summary.get_by_role("link", name="What to fill in").press("Enter")
    expect(desk.get_by_role("heading", name="What to fill in")).to_be_focused()
    desk.route("**/rubrics", lambda route: route.abort())
    check.press("Enter")
    expect(desk.get_by_text("It was not sent")).to_be_visible()
    desk.unroute("**/rubrics")
    book.set_input_files({"name": "our.xlsx", "mimeType": "", "buffer": book_of(MEETINGS)})
    check.press("Enter")
    expect(desk.get_by_role("heading", name=MEETINGS.title)).to_be_visible()
    check_with_axe(desk)
    desk.set_viewport_size({"width": 320, "height": 256})
    desk.get_by_text("All topics").press("Enter")
    assert desk.evaluate("document.documentElement.scrollWidth") == 320
    desk.set_viewport_size({"width": 1280, "height": 600})
    desk.get_by_role("button", name="Use it").press("Enter")
    expect(desk.locator("#scored")).to_have_text(MEETINGS.title)
    expect(desk.get_by_role("heading", name="Session 2")).to_be_visible()
    expect(desk.get_by_label("Council", exact=True)).to_have_value("Meeting Town Council")
    desk.get_by_role("button", name="Remove session 2").press("Enter")
    desk.get_by_label("Before the meeting").check()
    desk.get_by_role("button", name="Start the workshop").last.press("Enter")
    expect(desk.get_by_role("heading", name="Before the meeting is ready")).to_be_visible()
    (made,) = (one.id for one in list_workshops(server.engine) if one.council == "Meeting Town Council")
    assert read_workshop(server.engine, made).rubric == MEETINGS
    code = desk.locator(".digits").inner_text().replace(" ", "")
    page.goto(f"{server.base}/join/{code}")
    page.get_by_label("Finance and legal").check()
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="You have joined")).to_be_visible()
    desk.get_by_role("button", name="Open the workshop").press("Enter")
    desk.get_by_role("button", name="Start voting").first.click()
    page.get_by_text("2 Partly").click()
    expect(page.get_by_text("Saved: 2 Partly")).to_be_visible()
