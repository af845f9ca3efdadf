"""What stands at the head and the foot of each page: whose it is, its mark, help; and what errors say."""

import io
import re
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from PIL import Image
from serving import Client, Made, RunningServer

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import SessionClosed
from npswidgets.server.pages.councils import KEPT_SECONDS, Council, Councils
from npswidgets.server.pages.page import Page
from npswidgets.settings import NPS_ACCESSIBILITY, accessibility_statement
from npswidgets.store.database import open_database
from npswidgets.store.mark_image import MOST_GIVEN_BYTES
from npswidgets.store.opening import store_of
from npswidgets.store.workshops import NewWorkshop, create_workshop

COUNCIL = "Example County Council"


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make(people_expected=2)


@pytest.fixture
def operator(server: RunningServer, client: Client) -> Client:
    client.use_link(server.start_link)
    return client


def picture(colour: str = "red", kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (200, 50), colour).save(file, kind)
    return file.getvalue()


def part(page: str, tag: str) -> str:
    found = re.search(rf"<{tag}\b.*?</{tag}>", page, re.DOTALL)
    return found[0] if found else ""


def test_every_page_says_whose_it_is_and_leads_to_help(server: RunningServer, made: Made, operator: Client) -> None:
    stranger = Client(server)
    pages = {
        "code": stranger.get("/").text,
        "join": stranger.get(f"/join/{made.code}").text,
        "link": stranger.get("/start").text,
        "check": stranger.get("/check").text,
        "guide": stranger.get("/guide").text,
        "accessibility": stranger.get("/accessibility").text,
        "privacy": stranger.get("/privacy").text,
        "error": stranger.get("/nothing").text,
        "start": operator.get("/start").text,
        "ready": operator.get(f"/start/{made.id}").text,
        "facilitator": operator.get(f"/facilitate/{made.id}").text,
        "wall": operator.get(f"/project/{made.id}").text,
    }
    stranger.get(f"/join/{made.code}")
    pages["phone"] = stranger.post(f"/join/{made.code}").text
    assert "<title>Your vote</title>" in pages["phone"]
    for name, page in pages.items():
        head, foot = part(page, "header"), part(page, "footer")
        assert re.search(r'<b>(<bdi translate="no">[^<]+</bdi>|Self-assessment workshop)</b>', head), name
        links = re.findall(r'href="([^"]+)" target="_blank" rel="noopener">(\w+)<', foot)
        assert links == [("/guide", "Help"), ("/accessibility", "Accessibility"), ("/privacy", "Privacy")], name
    for name in ("join", "ready", "facilitator", "wall", "phone"):
        assert COUNCIL in part(pages[name], "header"), name


def test_a_request_for_another_computer_is_not_told_whose_pages_these_are(client: Client, made: Made) -> None:
    answer = client.get(f"/join/{made.code}", headers={"Host": "evil.example"})
    assert answer.status_code == 421
    assert "What to do now" in answer.text
    assert COUNCIL not in answer.text
    assert "/privacy" not in answer.text


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/nothing", "GET", 404),
        ("/start", "PATCH", 404),
        ("/facilitate/nothing/record", "GET", 403),
        ("/start", "POST", 403),
        ("/facilitate/nothing/reports", "POST", 403),
    ],
)
def test_each_error_says_what_has_happened_and_what_to_do(client: Client, path: str, method: str, status: int) -> None:
    client.get("/")
    answer = client.http.request(method, client.server.base + path)
    assert answer.status_code == status
    main = part(answer.text, "main")
    assert re.search(r"<h1>[^<]+</h1>\s*<p>[^<]+</p>\s*<section class=\"now\"", main)
    assert "What to do now" in main
    assert f"Error {status}" in main
    assert part(answer.text, "header")


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500, 502, 503])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_error_of_the_server_is_left_without_words(status: int, method: str) -> None:
    page = MagicMock(request=SimpleNamespace(method=method, cookies={"token": "1"}))
    Page.write_error(page, status)
    (told, *words), _ = page.draw_problem.call_args
    assert told == (404 if status == 405 else status)
    assert len(words) == 3, "what it is, what has happened, what to do now"
    assert all(words)


def test_an_origin_that_is_no_address_gets_a_page(client: Client) -> None:
    answer = client.get("/", headers={"Origin": "http://["})
    assert answer.status_code == 400
    assert "What to do now" in answer.text


def test_a_workshop_that_has_ended_says_so_on_a_page_of_its_own(
    server: RunningServer, client: Client, made: Made
) -> None:
    server.make(council="Another Town Council")  # so that no council is everybody's
    store_of(server.engine, Actor(made.id, "facilitator")).record(SessionClosed(made.session))
    page = client.get(f"/join/{made.code}").text
    assert "<h1>The workshop has ended</h1>" in page
    assert "Ask the facilitator for the report." in page
    assert COUNCIL in part(page, "header")


def test_a_mark_is_set_once_shown_to_everybody_and_removed(server: RunningServer, operator: Client) -> None:
    made = server.make(council="Marked Town Council")  # the next workshops of a council have its mark, too
    address = f"/start/{made.id}/mark"
    operator.get(f"/start/{made.id}")
    token = {"X-XSRFToken": operator.token}
    assert operator.http.post(operator.server.base + address, data=picture(), headers=token).status_code == 204
    stranger = Client(server)
    head = part(stranger.get(f"/join/{made.code}").text, "header")
    (shown,) = re.findall(r'<img src="(/mark/[0-9a-f]{64}\.png)" width="200" height="50" alt="">', head) or [""]
    answer = stranger.get(shown)
    assert answer.content.startswith(b"\x89PNG")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    assert shown in part(operator.get(f"/facilitate/{made.id}").text, "header")
    for refused in (b"<svg/>", b"", b"\x89PNG\r\n\x1a\n" + b"\0" * (MOST_GIVEN_BYTES + 10)):
        answer = operator.http.post(operator.server.base + address, data=refused, headers=token)
        assert (answer.status_code, "choose it again" in answer.json()["problem"]) == (409, True)
    assert shown in stranger.get(f"/join/{made.code}").text
    assert operator.http.delete(operator.server.base + address, headers=token).status_code == 204
    assert "<img" not in stranger.get(f"/join/{made.code}").text
    assert stranger.get(shown).status_code == 404


def test_nobody_else_sets_a_mark_or_sends_much(server: RunningServer, made: Made) -> None:
    client = Client(server)
    client.get("/")
    token = {"X-XSRFToken": client.token}
    assert (
        client.http.post(f"{client.server.base}/start/{made.id}/mark", data=picture(), headers=token).status_code == 403
    )
    assert "<img" not in client.get(f"/join/{made.code}").text


def test_a_page_that_is_nobodys_in_particular_says_the_council_where_all_workshops_have_one(tmp_path: Path) -> None:
    engine, now = open_database(str(tmp_path / "workshops.db"), migrate=True), [0.0]
    councils = Councils(engine, lambda: now[0])
    assert councils.common() == Council()
    first = create_workshop(engine, NewWorkshop(COUNCIL)).workshop
    assert councils.of(first) == Council(COUNCIL), "what is not known is looked for"
    assert councils.common() == councils.last() == Council(COUNCIL)
    create_workshop(engine, NewWorkshop("Another Council"))
    assert councils.common() == Council(COUNCIL)
    now[0] += KEPT_SECONDS
    assert councils.common() == Council()
    engine.dispose()
    (tmp_path / "workshops.db").unlink()
    now[0] += KEPT_SECONDS
    assert councils.of(first).name in {COUNCIL, ""}, "a page is drawn whatever has become of the database"


def test_a_council_has_a_statement_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ours = accessibility_statement()
    assert "partially compliant" in ours.read_text(encoding="utf-8")
    own = tmp_path / "own.md"
    monkeypatch.setenv(NPS_ACCESSIBILITY, str(own))
    assert accessibility_statement() == ours, "one that is not there is no reason to show nothing"
    own.write_text("# Ours", encoding="utf-8")
    assert accessibility_statement() == own
