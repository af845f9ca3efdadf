"""A workshop of several sessions, from the form to the ready page."""

import re
from urllib.parse import unquote

import pytest
from serving import Client, RunningServer
from test_server import words

from npswidgets.domain.join_code import grouped
from npswidgets.domain.workshop import Workshop
from npswidgets.store import doors, workshops

FORM = {
    "council": "Council of Several Days",
    "sessions": "2",
    "departments": "Procurement\nCouncillor",
    "anonymity": "alias",
    **{"parts": "engaging-councillors", "day": "2027-03-12", "minutes": "60", "people": "8"},
    **{"parts-2": "engaging-smes", "day-2": "2027-03-19", "minutes-2": "120", "people-2": "12"},
}
MORE = {"parts": "engaging-smes", "day": "2027-03-26", "minutes": "90", "people": "6"}


@pytest.fixture
def operator(server: RunningServer, client: Client) -> Client:
    assert client.use_link(server.start_link).status_code == 200
    return client


def made(server: RunningServer, address: str) -> Workshop:
    return workshops.read_workshop(server.engine, unquote(address.rsplit("/", 1)[1]))


def test_the_form_plans_sessions_with_topics_dates_and_people_of_their_own(
    server: RunningServer, operator: Client
) -> None:
    answer = operator.post("/start", FORM)
    workshop = made(server, answer.url)
    first, second = workshop.sessions.values()
    assert workshop.anonymity == "alias"
    assert (first.title, first.people_expected, len(first.codes)) == ("Engaging Councillors", 8, 3)
    assert (second.title, second.people_expected) == ("Local SME and micro-business engagement", 12)
    said = words(answer)
    with server.engine.connect() as db:
        codes = {session: grouped(door.code) for session, door in doors.read_all(db, workshop.id).items()}
    for session, day in ((first, "12 March 2027"), (second, "19 March 2027")):
        assert re.search(rf"{session.title} {day} .*? with the code {codes[session.id]} ", said), said
        assert f'href="/project/{workshop.id}/{session.id}"' in answer.text
    listed = words(operator.get("/start"))
    assert "Continue: Engaging Councillors and 1 more, 12 March 2027 · Council of Several Days" in listed


def test_the_form_gets_one_session_more_or_fewer_and_loses_nothing(operator: Client) -> None:
    more = operator.post("/start", FORM | {"change": "add"})
    assert re.findall(r'<h2 id="session-\d"[^>]*>(.*?)</h2>', more.text) == ["Session 1", "Session 2", "Session 3"]
    assert more.text.count('value="2027-03-19"') == 2, "the new one is on the day of the last one"
    fewer = operator.post("/start", FORM | {"change": "remove-2"})
    assert 'name="parts-2"' not in fewer.text
    assert 'value="engaging-councillors" checked' in fewer.text
    for nonsense in ("remove", "remove-9", "x"):
        assert 'name="parts-2"' in operator.post("/start", FORM | {"change": nonsense}).text
    for number in ("9999999999", "-3", "½", ""):
        assert operator.post("/start", FORM | {"change": "x", "sessions": number}).status_code == 200


def test_a_topic_belongs_to_one_session(operator: Client) -> None:
    answer = operator.post("/start", FORM | {"parts-2": "showing-leadership", "people-2": "none"})
    wanted = "Showing leadership belongs to session 1 already. Each topic is scored in one session."
    assert words(answer).count(wanted) == 2
    assert 'href="#people-2"' in answer.text


def test_a_session_is_added_from_the_ready_page_with_the_topics_that_are_left(
    server: RunningServer, operator: Client
) -> None:
    workshop = made(server, operator.post("/start", FORM).url)
    twice = operator.post(f"/start/{workshop.id}/sessions", MORE)
    assert words(twice).count("Another session scores all of these topics") == 2
    assert operator.post(f"/start/{workshop.id}/sessions", {"people": "x"}).text.count("Enter how many people") == 2
    added = operator.post(f"/start/{workshop.id}/sessions", MORE | {"parts": "showing-leadership"})
    *_, third = made(server, added.url).sessions.values()
    assert (third.title, third.state, third.people_expected, len(third.codes)) == ("Showing leadership", "open", 6, 10)
    assert "Showing leadership 26 March 2027" in words(added)


def test_nobody_else_adds_a_session(server: RunningServer, client: Client) -> None:
    made = server.make()
    client.use_link(made.facilitator_link)
    assert client.post(f"/start/{made.id}/sessions", MORE).status_code == 403
    assert len(workshops.read_workshop(server.engine, made.id).sessions) == 1


def test_a_facilitators_page_opens_on_the_session_in_its_address(server: RunningServer, client: Client) -> None:
    made = server.make(sessions=(("Here", ("engaging-councillors",)), ("There", ("engaging-smes",))))
    client.use_link(made.facilitator_link)
    for page in ("facilitate/{}/session", "project/{}"):
        assert client.get(f"/{page.format(made.id)}/nowhere").status_code == 404
    chosen = client.get(f"/project/{made.id}")
    assert "Which session is this screen for?" in chosen.text
    assert re.findall(r'href="(/project/[^"]+)"', chosen.text) == [
        f"/project/{made.id}/{session}" for session in made.created.codes
    ]
