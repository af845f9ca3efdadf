"""Operators by their secrets: a form, the same brakes and cookies as elsewhere, and an end at once."""

import json
from collections.abc import Iterator

import pytest
import requests
from serving import Client, RunningServer, wait_until

from npswidgets.store import rights

WRONG = "0123456789abcdefghijkl"


@pytest.fixture
def operator(server: RunningServer) -> Iterator[tuple[str, str]]:
    """The name and the secret of an operator."""
    name = "anna"
    yield name, rights.new_operator(server.engine, name)
    if name in dict(rights.operators(server.engine)):
        rights.withdraw_operator(server.engine, name)


def until_braked(client: Client, path: str, form: dict[str, str]) -> str:
    """What is said once there were too many wrong secrets."""
    answers: list[requests.Response] = []

    def is_braked() -> bool:
        answers.append(client.post(path, form))
        return answers[-1].status_code == 429

    wait_until(is_braked)
    return answers[-1].text


def browser_id(client: Client) -> str | None:
    return next((one.value for one in client.http.cookies if one.name.startswith("nps-browser-")), None)


def test_a_typed_secret_opens_the_pages_until_it_is_withdrawn(
    client: Client, server: RunningServer, operator: tuple[str, str]
) -> None:
    name, secret = operator
    made = server.make()
    client.get("/start")
    opened = client.post("/operator", {"secret": f" {secret}\n"})
    assert (opened.status_code, opened.url) == (200, f"{server.base}/start")
    assert "Start the workshop" in opened.text
    client.get(f"/start/{made.id}")
    assert client.open_kernel(f"/facilitate/{made.id}")
    running = len(server.kernels())
    kept = dict(client.http.cookies)

    rights.withdraw_operator(server.engine, name)
    assert "Start the workshop" not in client.get("/start").text
    assert client.post("/start", {"council": "X"}).status_code == 403
    assert "kernelId" not in client.get(f"/facilitate/{made.id}").text
    wait_until(lambda: len(server.kernels()) < running)  # its open page goes, too
    assert client.post("/operator", {"secret": secret}).status_code == 403
    again = Client(server)
    again.http.cookies.update(kept)
    assert "Start the workshop" not in again.get("/start").text, "nor by a copy of its cookie"
    assert secret not in server.log


def test_the_secret_is_no_link_s_and_needs_a_token(
    client: Client, server: RunningServer, operator: tuple[str, str]
) -> None:
    _, secret = operator
    assert client.http.post(f"{server.base}/operator", data={"secret": secret}).status_code == 403, "no token"
    client.get("/start")
    foreign = client.post("/operator", {"secret": secret}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code in (403, 404)
    assert "Start the workshop" not in client.get("/start").text
    assert client.get(f"/operator?secret={secret}").url == f"{server.base}/start"
    assert "Start the workshop" not in client.get("/start").text, "an address opens nothing"
    for role in ("facilitator", "projector", "helper", "Operator", ""):
        assert client.post("/link", {"role": role, "workshop": "", "secret": secret}).status_code == 403, role


def test_whoever_is_let_in_has_another_cookie_than_before(
    client: Client, server: RunningServer, operator: tuple[str, str]
) -> None:
    client.join(server.make())
    planted = browser_id(client)
    assert planted
    thief = Client(server)
    thief.http.cookies.update(client.http.cookies)
    client.post("/operator", {"secret": operator[1]})
    assert browser_id(client) != planted
    assert "Start the workshop" not in thief.get("/start").text


def test_wrong_secrets_are_braked_and_keep_no_operator_out(
    client: Client, server: RunningServer, operator: tuple[str, str]
) -> None:
    client.join(server.make())  # a browser that is known is braked sooner
    first = client.post("/operator", {"secret": WRONG})
    assert first.status_code == 403
    assert "no operator’s secret" in first.text
    last = until_braked(client, "/operator", {"secret": WRONG})
    assert "Too many wrong secrets" in last
    assert WRONG not in first.text + last + server.log
    asked = {"role": "operator", "workshop": "", "secret": WRONG}
    assert json.loads(until_braked(client, "/link", asked)) == {"valid": False}
    assert "Enter your secret" in client.post("/operator").text
    assert "Start the workshop" in client.post("/operator", {"secret": operator[1]}).text
