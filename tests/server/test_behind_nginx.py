"""Behind a real nginx with https, below a path: what is believed, and what leads where."""

import json
import re
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from nginx import BehindNginx, Nginx, free_port
from serving import Client
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

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


def test_a_proxy_that_does_not_pass_on_the_host_is_named(behind_nginx: BehindNginx, tmp_path: Path) -> None:
    other = Nginx(tmp_path / "nginx", free_port(), behind_nginx.own_port, host="")
    try:
        client = Client(behind_nginx)
        client.http.trust_env, client.http.verify = False, str(other.certificate)
        page = client.http.get(f"{other.base}/", headers={"Accept": "text/html"})
        script = client.http.post(f"{other.base}/join", {"secret": "x"})
    finally:
        other.stop()
    assert (page.status_code, script.status_code) == (421, 421)
    assert "The proxy does not pass on the host: it asked for 127.0.0.1:" in page.text
    assert "proxy_set_header Host $http_host" in json.loads(script.text)["words"]
