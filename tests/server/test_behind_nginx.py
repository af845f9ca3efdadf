"""Behind a real nginx with https, below a path: what is believed, and what leads where."""

import asyncio
import re
import ssl
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from nginx import HOST, UPGRADE, BehindNginx, free_port
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from npswidgets.cli.doctor import doctor
from npswidgets.server.machine.outside import looks

FORGED = {
    "X-Forwarded-For": "127.0.0.1",
    "Forwarded": "for=127.0.0.1;host=evil.example;proto=http",
    "X-Real-IP": "127.0.0.1",
}


def says_hello(server: BehindNginx, address: str, origin: str = "", **headers: str) -> str:
    """What the server takes somebody for who asks through nginx, or the status of its no."""
    trusted = ssl.create_default_context(cafile=str(server.nginx.certificate))
    url = server.base.replace("https", "wss") + "/check/live"
    named = {"additional_headers": {"Origin": origin or server.base.removesuffix("/nps"), **headers}}
    try:
        with connect(url, ssl=trusted, proxy=None, source_address=(address, 0), **named) as line:  # type: ignore[arg-type]
            line.send("hello")
            return str(line.recv())
    except InvalidStatus as refused:
        return str(refused.response.status_code)


def test_all_that_is_told_is_the_address_outside(behind_nginx: BehindNginx) -> None:
    assert behind_nginx.base == f"https://localhost:{behind_nginx.port}/nps"
    assert behind_nginx.facilitator_link.startswith(behind_nginx.base)
    operator = behind_nginx.client()
    operator.use_link(behind_nginx.start_link)
    made = behind_nginx.make()
    ready = operator.get(f"/start/{made.id}").text
    assert f"{behind_nginx.base}/join#" in ready
    assert f"127.0.0.1:{behind_nginx.own_port}" not in ready
    leads = re.findall(r'(?:href|src|action|data-\w+)="(/[^"]*)"', ready)
    assert len(leads) > 10
    assert all(one.startswith("/nps/") for one in leads)


def test_cookies_are_for_https_and_for_what_is_below(behind_nginx: BehindNginx) -> None:
    made, client = behind_nginx.make(), behind_nginx.client()
    kept = [
        one
        for answer in (client.get(f"/join/{made.code}"), client.post(f"/join/{made.code}", allow_redirects=False))
        for one in answer.raw.headers.getlist("Set-Cookie")
    ]
    assert len({one.partition("=")[0] for one in kept}) == 3
    assert all("; Secure" in one and "Path=/nps/" in one for one in kept), kept


def test_the_policy_names_the_socket_of_the_address_outside(behind_nginx: BehindNginx) -> None:
    policy = behind_nginx.client().get("/").headers["Content-Security-Policy"]
    assert f"connect-src 'self' wss://localhost:{behind_nginx.port};" in policy


def test_who_asks_is_who_nginx_says(behind_nginx: BehindNginx) -> None:
    assert says_hello(behind_nginx, "127.0.0.5") == "phone"
    assert says_hello(behind_nginx, "127.0.0.1") == "computer"
    assert says_hello(behind_nginx, "127.0.0.5", **FORGED) == "phone"
    assert says_hello(behind_nginx, "127.0.0.1", **{"X-Forwarded-For": "203.0.113.9"}) == "phone"


@pytest.mark.parametrize(
    "forged", ["127.0.0.1", ", ".join(["127.0.0.1"] * 1000), "::1, 127.0.0.1 ", "203.0.113.9, [::1]:80"]
)
def test_who_goes_round_nginx_is_not_believed(behind_nginx: BehindNginx, forged: str) -> None:
    headers = {"X-Forwarded-For": forged, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    answer = behind_nginx.directly("/nps/", **headers)
    assert answer.status_code == 200
    assert "Secure" not in answer.headers["Set-Cookie"]
    url = f"ws://127.0.0.1:{behind_nginx.own_port}/nps/check/live"
    with connect(url, proxy=None, source_address=("127.0.0.5", 0), additional_headers=headers) as line:
        line.send("hello")
        assert line.recv() == "phone"


def test_sockets_and_forms_of_other_pages_are_refused(behind_nginx: BehindNginx) -> None:
    made, client = behind_nginx.make(), behind_nginx.client()
    client.get(f"/join/{made.code}")
    for origin in ("https://evil.example", f"https://localhost:{behind_nginx.own_port}", "null"):
        assert says_hello(behind_nginx, "127.0.0.5", origin=origin) == "403"
        assert client.post(f"/join/{made.code}", headers={"Origin": origin}).status_code in (403, 404)
    own = client.post(
        f"/join/{made.code}", headers={"Origin": behind_nginx.base.removesuffix("/nps")}, allow_redirects=False
    )
    assert (
        own.headers["Location"] == f"{urlsplit(behind_nginx.base).path}{made.vote_page.removeprefix(behind_nginx.base)}"
    )


@pytest.mark.parametrize(
    "named", [{"X-Forwarded-Host": "evil.example"}, {"Host": "evil.example"}, {"X-Forwarded-Prefix": "/x"}]
)
def test_another_host_or_prefix_is_never_believed(behind_nginx: BehindNginx, named: dict[str, str]) -> None:
    answer = behind_nginx.client().get("/", headers={"Accept": "text/html", **named})
    assert answer.status_code == 421
    assert f'href="{behind_nginx.base}/"' in answer.text
    assert "evil.example/" not in answer.text


@pytest.mark.parametrize(
    "path", ["//nps/", "/nps//evil.example", "/nps/%2e%2e/nps/", "/nps/..%2f", "//evil.example/nps/", "/npsx/"]
)
def test_no_trick_with_a_path_leads_anywhere(behind_nginx: BehindNginx, path: str) -> None:
    answer = behind_nginx.directly(path, "127.0.0.5")
    assert answer.status_code == 404
    assert "Location" not in answer.headers


def test_a_stripped_prefix_is_named(behind_nginx: BehindNginx) -> None:
    assert behind_nginx.directly("/nps").headers["Location"] == "/nps/"
    assert "the proxy in front of this server takes it away" in behind_nginx.directly("/join/123456").text


def test_cookies_of_another_path_confuse_nobody(behind_nginx: BehindNginx) -> None:
    made, client = behind_nginx.make(), behind_nginx.client()
    client.get(f"/join/{made.code}")
    for cookie in list(client.http.cookies):
        client.http.cookies.set(cookie.name, "2|other", domain=cookie.domain, path="/")
    ours = "; ".join(f"{one.name}={one.value}" for one in client.http.cookies if one.path == "/nps/")
    others = "; ".join(f"{one.name}={one.value}" for one in client.http.cookies if one.path == "/")
    told = next(one.value for one in client.http.cookies if one.path == "/nps/" and one.name.startswith("nps-token"))
    answer = client.post(
        f"/join/{made.code}", {"_xsrf": str(told)}, headers={"Cookie": f"{ours}; {others}"}, allow_redirects=False
    )
    assert answer.status_code == 303


def examined(server: BehindNginx, idle_seconds: int) -> dict[str, tuple[str, str]]:
    """What the doctor says of a server, and what to do about it."""

    async def look() -> dict[str, tuple[str, str]]:
        trusted = str(server.nginx.certificate)
        return {one.what: (one.says, one.todo) async for one in looks(server.base, idle_seconds, trusted)}

    return asyncio.run(look())


def test_a_proxy_that_does_not_pass_on_the_host_is_named(behind_nginx: BehindNginx) -> None:
    client = behind_nginx.client()
    with behind_nginx.set_up(UPGRADE):
        page = client.get("/", headers={"Accept": "text/html"})
        script = client.post("/join", {"secret": "x"})
        found = examined(behind_nginx, 1)
    assert (page.status_code, script.status_code) == (421, 421)
    assert "The proxy does not pass on the host: it asked for 127.0.0.1:" in page.text
    assert "proxy_set_header Host $http_host" in script.json()["words"]
    assert found.keys() == {"Pages"}
    assert found["Pages"][0].startswith("The proxy does not pass on the host")
    assert "proxy_set_header Host $http_host" in found["Pages"][1]


def test_a_proxy_that_passes_on_no_websockets_is_named(behind_nginx: BehindNginx) -> None:
    with behind_nginx.set_up(HOST):
        found = examined(behind_nginx, 1)
    assert {what for what, (_, todo) in found.items() if todo} == {"Live"}
    assert "does not pass on websockets" in found["Live"][0]
    assert "proxy_set_header Upgrade" in found["Live"][1]


def test_a_proxy_that_cuts_what_is_idle_is_named(behind_nginx: BehindNginx) -> None:
    with behind_nginx.set_up(HOST, UPGRADE, "proxy_read_timeout 1s;"):
        found = examined(behind_nginx, 30)
    assert {what for what, (_, todo) in found.items() if todo} == {"Idle"}
    assert re.search(r"nothing was said for \d+ seconds", found["Idle"][0])
    assert "proxy_read_timeout" in found["Idle"][1]


def test_a_proxy_that_is_set_up_well_is_said_to_be(behind_nginx: BehindNginx) -> None:
    found = examined(behind_nginx, 1)
    assert [*found] == ["Pages", "Forms", "Live", "Idle", "https"]
    assert [todo for _, todo in found.values() if todo] == []


def test_nothing_there_is_said(behind_nginx: BehindNginx) -> None:
    address = f"https://localhost:{free_port()}/nps"
    answer = CliRunner().invoke(doctor, ["--url", address])
    assert "look  Pages" in answer.output
    assert "Nothing answers there" in answer.output
    assert str(answer.exception) == "That server is not ready for a workshop: pages."
