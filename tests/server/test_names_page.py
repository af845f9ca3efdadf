"""*Change names and numbers* on the page of a workshop that is ready."""

import html
import re

import pytest
from requests import Response
from serving import Client, Made, RunningServer

from npswidgets.store import workshops

TWO = (("Here", ("engaging-councillors",)), ("There", ("engaging-smes",)))


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make(sessions=TWO, people_expected=(18, 0))


@pytest.fixture
def operator(server: RunningServer, client: Client) -> Client:
    client.use_link(server.start_link)
    return client


def fields(page: Response) -> dict[str, str]:
    """The form for names, as a browser would send it untouched."""
    form = page.text.partition('id="names"')[2].partition("</form>")[0]
    found = (re.search(r'name="([^"]+)"', one) for one in re.findall("<input[^>]+>", form))
    values = (re.search(r'value="([^"]*)"', one) for one in re.findall("<input[^>]+>", form))
    return {name[1]: html.unescape(value[1]) for name, value in zip(found, values, strict=True) if name and value}


def names(server: RunningServer, made: Made) -> tuple[str, ...]:
    workshop = workshops.read_workshop(server.engine, made.id)
    return workshop.council, *(f"{one.title} {one.people_expected}" for one in workshop.sessions.values())


def test_names_and_numbers_are_changed_and_all_pages_have_them(
    server: RunningServer, operator: Client, made: Made
) -> None:
    page = operator.get(f"/start/{made.id}")
    saved = operator.post(f"/start/{made.id}/names", fields(page) | {"council": "Kent <b>", "people-2": "7"})
    assert names(server, made) == ("Kent <b>", "Here 18", "There 7")
    assert re.search(r'role="status"[^>]*>Names and numbers are saved', saved.text)
    assert "Kent &lt;b&gt;" in saved.text
    assert "with 7 colleagues" in saved.text
    assert "Kent &lt;b&gt;" in operator.get("/start").text


def test_a_facilitator_of_the_workshop_changes_them_and_nobody_else(
    server: RunningServer, client: Client, made: Made
) -> None:
    client.use_link(made.facilitator_link)
    client.post(f"/start/{made.id}/names", fields(client.get(f"/start/{made.id}")) | {"title-1": "Mornings"})
    assert names(server, made)[1] == "Mornings 18"
    client.use_link(server.make().projector_link)
    other = server.make(council="Another")
    assert client.post(f"/start/{other.id}/names", {"council": "Mine"}).status_code == 403
    assert names(server, other)[0] == "Another"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"council": " "}, 'href="#council">Enter the name of the council'),
        ({"title-2": "\u200b"}, 'href="#title-2">Enter a title'),
        ({"title-2": "here"}, "Two sessions have the title"),
        ({"title": "x" * 201}, 'href="#title">Shorten it to 200 characters. It has 201'),
        *(
            ({"people-1": wrong}, 'href="#people-1">Enter how many people')
            for wrong in ("", "0", "501", "many", "-1", "9" * 40)
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(
    server: RunningServer, operator: Client, made: Made, typed: dict[str, str], said: str
) -> None:
    before = names(server, made)
    shown = fields(operator.get(f"/start/{made.id}"))
    answer = operator.post(f"/start/{made.id}/names", shown | {"council": "Kent"} | typed)
    assert said in answer.text
    assert names(server, made) == before
    assert ("council" in typed) or fields(answer)["council"] == "Kent", "what was typed stays"


def test_nobody_goes_over_a_name_that_was_not_shown(server: RunningServer, operator: Client, made: Made) -> None:
    mine = fields(operator.get(f"/start/{made.id}"))
    operator.post(f"/start/{made.id}/names", mine | {"council": "Theirs", "title-1": "Their title"})
    answer = operator.post(f"/start/{made.id}/names", mine | {"council": "Mine"})
    assert "Somebody has changed this to \u201cTheirs\u201d" in html.unescape(answer.text)
    assert names(server, made)[:2] == ("Theirs", "Their title 18")
    again = fields(answer)
    assert (again["council"], again["title-1"]) == ("Mine", "Their title"), "what was not touched is as it is now"
    operator.post(f"/start/{made.id}/names", again)
    assert names(server, made)[:2] == ("Mine", "Their title 18")
