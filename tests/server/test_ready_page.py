"""The ready page: the pack to print, the invitation to copy."""

from collections.abc import Callable
from io import BytesIO

import pytest
from accessible import check_with_axe
from PIL import Image
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from serving import Client, Made, RunningServer

from npswidgets.domain.join_code import grouped


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make(people_expected=2)


def test_the_pack_is_made_for_the_operator(server: RunningServer, client: Client, made: Made) -> None:
    client.use_link(server.start_link)
    answer = client.get(f"/start/{made.id}/pack.pdf")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/pdf"
    first = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert grouped(made.code) in first


def test_parts_of_the_pack_are_chosen_on_the_page(server: RunningServer, client: Client, made: Made) -> None:
    client.use_link(server.start_link)
    page = client.get(f"/start/{made.id}").text
    assert [part in page for part in ('value="cards" checked', 'value="run-sheet" checked')] == [True, True]
    answer = client.get(f"/start/{made.id}/pack.pdf?part=sheets&part=nonsense&sheets=1")
    (only,) = PdfReader(BytesIO(answer.content)).pages
    assert "Score sheet 1" in only.extract_text()
    for nothing in ("sheets=2", "part=sheets&sheets=0", "part=nonsense"):
        answer = client.get(f"/start/{made.id}/pack.pdf?{nothing}")
        assert (answer.status_code, "Nothing was chosen" in answer.text) == (409, True), nothing
        assert f'href="/start/{made.id}">Go back' in answer.text, "in its own window there is no way back"


def test_both_screens_open_from_the_page_in_a_browser_that_has_only_the_start_link(
    server: RunningServer, client: Client, made: Made
) -> None:
    client.use_link(server.start_link)
    assert client.get(f"/start/{made.id}").status_code == 200
    for screen in ("facilitate", "project"):
        assert "This link is no longer valid" not in client.get(f"/{screen}/{made.id}").text


def test_who_facilitates_has_the_page_and_the_pack_of_this_workshop_and_of_no_other(
    server: RunningServer, client: Client, made: Made
) -> None:
    client.use_link(made.facilitator_link)
    page = client.get(f"/start/{made.id}").text
    assert grouped(made.code) in page
    assert "Start another workshop" not in page
    assert client.get(f"/start/{made.id}/pack.pdf?part=run-sheet&sheets=0").status_code == 200
    other = server.make()
    assert client.get(f"/start/{other.id}/pack.pdf").status_code == 403
    assert client.get(f"/start/{other.id}").text.count(grouped(other.code)) == 0
    stranger = Client(server)
    stranger.use_link(made.projector_link)
    assert stranger.get(f"/start/{made.id}/pack.pdf").status_code == 403


def test_there_is_no_pack_of_another_file(server: RunningServer, client: Client) -> None:
    client.use_link(server.start_link)
    assert client.get("/start/nothing/pack.pdf").status_code == 404
    assert client.get("/start/..%2Fexample.jsonl/pack.pdf").status_code == 404


@pytest.mark.browser
def test_the_invitation_is_copied_also_without_a_secure_connection(
    server: RunningServer, new_page: Callable[..., Page], made: Made
) -> None:
    page = new_page("laptop")
    page.goto(server.start_link)
    expect(page.get_by_role("heading", name="Start a workshop")).to_be_visible()
    page.goto(f"{server.base}/start/{made.id}")
    page.get_by_text("Copy the invitation").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    expect(page.get_by_label("Invitation", exact=True)).to_have_value(
        "On ... we score how good our council is, with 2 colleagues and councillors. We use 3 topics on showing "
        "leadership from “National Procurement Strategy 2018 diagnostic”. The words are those of the Local Government "
        "Association (LGA), from the 2018 National Procurement Strategy (NPS) diagnostic for English councils. No "
        "screen and no report shows who voted for what. "
        "On the day we vote in private, talk about the topics on which we differ, and agree what to do next."
    )
    page.get_by_text("Copy the invitation").click()
    page.get_by_text("Ask for first scores before the day").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("String(getSelection())").startswith("On ... we score")
    page.get_by_text("Choose what to print").click()
    check_with_axe(page)


@pytest.mark.browser
def test_a_mark_is_chosen_on_the_page_refused_in_words_and_removed(
    server: RunningServer, new_page: Callable[..., Page]
) -> None:
    made, picture = server.make(council="Chosen Borough Council"), BytesIO()
    Image.new("RGB", (200, 50), "green").save(picture, "PNG")
    page = new_page("laptop", allow=("409",))
    page.goto(server.start_link)
    expect(page.get_by_role("heading", name="Start a workshop")).to_be_visible()
    page.goto(f"{server.base}/start/{made.id}")
    page.get_by_text("The council's mark").click()
    chosen, use = page.get_by_label("A picture: PNG or JPEG"), page.get_by_role("button", name="Use this picture")
    use.click()
    expect(page.get_by_role("alert").get_by_text("Choose a picture")).to_be_visible()
    chosen.set_input_files({"name": "mark.png", "mimeType": "image/png", "buffer": b"<svg/>"})
    use.click()
    expect(page.get_by_text("The file is not a PNG or JPEG picture.")).to_be_visible()
    chosen.set_input_files({"name": "mark.svg", "mimeType": "image/svg+xml", "buffer": picture.getvalue()})
    use.click()
    mark, saved = page.locator("header img"), page.get_by_role("status").filter(has_text="All pages have this head")
    expect(mark).to_be_visible()
    expect(saved).to_be_focused()
    assert mark.evaluate("one => one.naturalWidth") == 200
    page.get_by_text("The council's mark").click()
    page.get_by_role("button", name="Remove the mark").click()
    expect(mark).to_have_count(0)
    expect(saved).to_be_focused()
    page.reload()
    expect(saved).to_be_hidden()
    steps = [step.bounding_box() or {} for step in page.locator(".steps > li").all()]
    assert len({step["y"] for step in steps}) == 1, "the three steps are seen at once"
    assert all(step["y"] + step["height"] <= 600 for step in steps)
