"""Behind a real nginx with https, below a path: what is believed, and what leads where."""

import re
import ssl
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import requests
from click.testing import CliRunner
from messages import in_a_thread, run
from nginx import HOST, UPGRADE, BehindNginx, free_port
from serving import websocket_to
from sqlalchemy import select
from websockets.exceptions import InvalidStatus

from npswidgets.cli.doctor import doctor
from npswidgets.domain.join_code import grouped
from npswidgets.server.machine import certificate
from npswidgets.server.machine.certificate import look_at_certificate
from npswidgets.server.machine.outside import looks
from npswidgets.store import tables
from npswidgets.store.access import stored_value

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
        with websocket_to(url, ssl=trusted, source_address=(address, 0), **named) as line:
            line.send("hello")
            return str(line.recv())
    except InvalidStatus as refused:
        return str(refused.response.status_code)


def test_all_that_is_told_is_the_address_outside(behind_nginx: BehindNginx) -> None:
    assert behind_nginx.base == f"https://localhost:{behind_nginx.port}/nps"
    assert f"Join               {behind_nginx.base}\n" in behind_nginx.log
    operator = behind_nginx.client()
    operator.use_link(behind_nginx.start_link)
    made = behind_nginx.make()
    ready = operator.get(f"/start/{made.id}").text
    assert f"{behind_nginx.base}/join#" in ready
    assert f"127.0.0.1:{behind_nginx.own_port}" not in ready
    leads = re.findall(r'(?:href|src|action|data-\w+)="(/[^"]*)"', ready)
    assert len(leads) > 10
    assert all(one.startswith("/nps/") for one in leads)


def test_a_hosted_server_speaks_of_no_computer_in_the_room(behind_nginx: BehindNginx) -> None:
    operator, made = behind_nginx.client(), behind_nginx.make()
    link = operator.get(f"/facilitate/{made.id}").text
    operator.use_link(behind_nginx.start_link)
    pages = [operator.get(f"/start/{made.id}").text, operator.get("/check").text, link]
    assert [
        one for one in pages if re.search(r"same Wi-Fi|this computer|workshop.s Wi-Fi|workshop's computer\.", one)
    ] == []
    assert "No phone has reached the server yet." in pages[0]
    assert "reached the workshop's server." in pages[1]
    assert "Check that this device is online" in pages[2]


def test_plain_http_leads_to_https(behind_nginx: BehindNginx) -> None:
    asked = f"http://127.0.0.1:{behind_nginx.nginx.plain_port}/nps/join"
    answer = requests.get(asked, allow_redirects=False, timeout=60)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{behind_nginx.base}/join")


def test_a_hosted_start_prints_no_secret_and_each_operator_has_one(behind_nginx: BehindNginx) -> None:
    said = behind_nginx.log
    assert "nps-workshop operator new NAME" in said
    assert "#" not in said
    assert "sleep" not in said
    assert "awake" not in said
    with behind_nginx.engine.connect() as db:
        codes = [str(code) for code in db.scalars(select(tables.join_codes.c.code))]
    assert codes
    assert not [code for code in codes if code in said or grouped(code) in said]
    assert stored_value(behind_nginx.engine, "operator") is None
    client = behind_nginx.client()
    assert "Operator’s secret" in client.get("/start").text
    secret = behind_nginx.start_link.partition("#")[2]
    shown = client.post("/operator", {"secret": secret})
    assert (shown.status_code, shown.url) == (200, f"{behind_nginx.base}/start")
    assert "Start the workshop" in shown.text
    assert "Somebody has signed on." in behind_nginx.log
    assert secret not in behind_nginx.log + behind_nginx.nginx_log


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
    with websocket_to(url, source_address=("127.0.0.5", 0), additional_headers=headers) as line:
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

    return run(look())


def test_a_proxy_that_does_not_pass_on_the_host_is_named(behind_nginx: BehindNginx) -> None:
    client = behind_nginx.client()
    with behind_nginx.set_up(UPGRADE):
        page = client.get("/", headers={"Accept": "text/html"})
        script = client.post("/join", {"secret": "x"})
        found = examined(behind_nginx, 1)
    assert (page.status_code, script.status_code) == (421, 421)
    assert "The proxy does not pass on the host: it asked for nps instead of localhost." in page.text
    assert "proxy_set_header Host $http_host" in script.json()["words"]
    assert found.keys() == {"Certificate", "Pages"}
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
    assert [*found] == ["Certificate", "Pages", "Forms", "Live", "Idle", "https"]
    assert [todo for _, todo in found.values() if todo] == []


def test_a_certificate_that_phones_do_not_trust_is_named(behind_nginx: BehindNginx) -> None:
    trusted, now = str(behind_nginx.nginx.certificate), datetime.now(UTC)
    by_number = behind_nginx.base.replace("localhost", "127.0.0.1")

    def seen(url: str, trusted: str | None) -> tuple[str, str]:
        found = run(look_at_certificate(url, now, trusted))
        assert found
        return found

    assert re.search(r"trusted, for this name, and ends in \d+ days", seen(behind_nginx.base, trusted)[0])
    assert seen(by_number, trusted)[0] == "The certificate is for another name than 127.0.0.1."
    assert seen(behind_nginx.base, None)[0] == "The certificate is signed by itself."
    plain = f"https://localhost:{behind_nginx.nginx.plain_port}/nps"
    assert "No encrypted connection comes about" in seen(plain, trusted)[0]
    assert run(look_at_certificate(f"https://localhost:{free_port()}/nps", now)) is None


@pytest.mark.parametrize(("days", "well"), [(60, True), (7, True), (6, False), (0, False)])
def test_a_certificate_that_nobody_renews_is_named(days: int, well: bool) -> None:
    now = datetime(2026, 3, 12, tzinfo=UTC)
    says, todo = certificate.say_until(now + timedelta(days=days, hours=1), now)
    assert f"ends in {days} day" in says
    assert (todo == "") == well


@pytest.mark.parametrize(("code", "said"), [(10, "has ended"), (9, "not valid yet"), (20, "chain"), (23, "refused")])
def test_each_reason_to_refuse_a_certificate_has_its_words(code: int, said: str) -> None:
    says, todo = certificate.say_refused(code, "certificate revoked", "nps.example.gov.uk")
    assert said in says
    assert todo


def test_nothing_there_is_said(behind_nginx: BehindNginx) -> None:
    address = f"https://localhost:{free_port()}/nps"
    answer = in_a_thread(lambda: CliRunner().invoke(doctor, ["--url", address]))
    assert "look  Pages" in answer.output
    assert "Nothing answers there" in answer.output
    assert str(answer.exception) == "That server is not ready for a workshop: pages."


@pytest.mark.parametrize("path", ["/nps/health", "/nps/ready"])
def test_whatever_watches_the_server_goes_round_nginx_by_any_name(behind_nginx: BehindNginx, path: str) -> None:
    assert behind_nginx.directly("/nps/", "127.0.0.1", Host="10.1.2.3").status_code == 421
    assert behind_nginx.directly(path, "127.0.0.1", Host="10.1.2.3").status_code == 200
    assert behind_nginx.client().get(path.removeprefix("/nps")).status_code == 200
