"""What is believed of a proxy, and of nobody else."""

from types import SimpleNamespace
from typing import Any

import pytest

from npswidgets import settings
from npswidgets.errors import WrongAddress
from npswidgets.server.http.proxies import MOST_HOPS, Proxies, proxies_at

URL = "https://nps.example.org/nps/"
PROXY = "127.0.0.1"


@pytest.fixture(autouse=True)
def nps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.NPS_PREFIX, "/nps/")


@pytest.fixture
def proxies() -> Proxies:
    return proxies_at([f"{PROXY}, ::1", "10.1.0.0/16"], URL)


@pytest.mark.parametrize(
    ("noted", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("203.0.113.9, 192.0.2.7", "192.0.2.7"),  # the first is what the client made up
        ("203.0.113.9, 192.0.2.7, 10.1.2.3", "192.0.2.7"),
        (" 192.0.2.7 ,10.1.2.3 , 10.1.2.4 ", "192.0.2.7"),
        ("192.0.2.7:50123", "192.0.2.7"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("[2001:db8::1]:443, ::1", "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("10.1.2.3", "10.1.2.3"),  # a proxy's own computer
        ("", PROXY),
        (",,,", PROXY),
        ("unknown", PROXY),
        ("192.0.2.7, unknown, 10.1.2.3", "10.1.2.3"),
        ("192.0.2.7, nps.example.org", PROXY),
        ("192.0.2.7 203.0.113.9", PROXY),
        ("192.0.2.7\t, 10.1.2.3\t", "192.0.2.7"),
        ('for="192.0.2.7"', PROXY),
    ],
)
def test_the_first_from_the_right_that_is_no_proxy_asks(proxies: Proxies, noted: str, client: str) -> None:
    assert proxies.client_of(PROXY, {"X-Forwarded-For": noted}) == client


def test_a_long_list_is_not_read_to_its_end(proxies: Proxies) -> None:
    many = ", ".join(f"203.0.{number // 250}.{number % 250}" for number in range(1000))
    assert proxies.client_of(PROXY, {"X-Forwarded-For": f"{many}, 192.0.2.7"}) == "192.0.2.7"
    own = ", ".join(["203.0.113.9", *["10.1.2.3"] * 1000])
    assert proxies.client_of(PROXY, {"X-Forwarded-For": own}) == "10.1.2.3"
    last = ", ".join(["203.0.113.9", *["10.1.2.3"] * (MOST_HOPS - 1)])
    assert proxies.client_of(PROXY, {"X-Forwarded-For": last}) == "203.0.113.9"


@pytest.mark.parametrize("peer", ["192.0.2.7", "127.0.0.2", "10.2.0.1", "", "unknown"])
def test_nobody_else_is_believed(proxies: Proxies, peer: str) -> None:
    assert not proxies.are_at(peer)
    assert proxies.client_of(peer, {"X-Forwarded-For": "203.0.113.9"}) == peer
    assert not Proxies().are_at(PROXY)


def test_a_proxy_is_known_however_its_address_is_written(proxies: Proxies) -> None:
    assert all(proxies.are_at(one) for one in ("127.0.0.1", "::ffff:127.0.0.1", "0:0::1", "10.1.255.255"))


def test_other_headers_say_nothing(proxies: Proxies) -> None:
    headers = {"Forwarded": "for=203.0.113.9;proto=http", "X-Real-Ip": "203.0.113.9", "X-Scheme": "http"}
    assert proxies.client_of(PROXY, headers) == PROXY
    assert proxies.scheme_of(headers) == "https"


@pytest.mark.parametrize(
    ("said", "scheme"),
    [("http", "http"), ("HTTPS", "https"), ("http, https", "https"), ("", "https"), ("ftp", "https")],
)
def test_the_scheme_is_the_proxys_or_the_operators(proxies: Proxies, said: str, scheme: str) -> None:
    assert proxies.scheme_of({"X-Forwarded-Proto": said}) == scheme


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "nps.example.org"},
        {"Host": "NPS.example.org.:8443"},
        {"Host": "nps.example.org", "X-Forwarded-Host": "nps.example.org:443", "X-Forwarded-Prefix": "/nps"},
    ],
)
def test_a_proxy_that_passes_all_on_is_right(proxies: Proxies, headers: dict[str, str]) -> None:
    assert proxies.complaint(headers) == ""


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        (
            {"Host": "127.0.0.1:8866"},
            "does not pass on the host: it asked for 127.0.0.1:8866 instead of nps.example.org",
        ),
        ({"Host": ""}, "it asked for no name instead of"),
        ({"Host": "evil.example"}, "it asked for evil.example"),
        ({"Host": "127.0.0.1", "X-Forwarded-Host": "nps.example.org"}, "does not pass on the host"),
        ({"Host": "nps.example.org", "X-Forwarded-Host": "evil.example"}, "the browser asked for evil.example"),
        ({"Host": "nps.example.org", "X-Forwarded-Host": "nps.example.org, evil.example"}, "asked for evil.example"),
        ({"Host": "nps.example.org", "X-Forwarded-Prefix": "/other"}, "below /other, and --prefix says /nps/"),
        ({"Host": "nps.example.org", "X-Forwarded-Prefix": "\x1b[2J"}, "below no name"),
    ],
)
def test_a_proxy_that_does_not_is_told_what_is_wrong(proxies: Proxies, headers: dict[str, str], said: str) -> None:
    assert said in proxies.complaint(headers)


def test_a_request_becomes_what_it_was_before_the_proxy() -> None:
    headers = {"Host": "nps.example.org", "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Host": "nps.example.org"}
    request: Any = SimpleNamespace(remote_ip=PROXY, protocol="http", host="nps.example.org", headers=headers)
    proxies_at([PROXY], "https://nps.example.org:8443/nps/").take(request)
    assert (request.remote_ip, request.protocol) == ("192.0.2.7", "https")
    assert request.host == headers["Host"] == "nps.example.org:8443"


@pytest.mark.parametrize("named", ["proxy", "10.1.2.3/8", "127.0.0.1:80", "10.1.2", "\x1b", ",", " , "])
def test_what_is_no_address_is_told(named: str) -> None:
    with pytest.raises(WrongAddress, match="which is no address"):
        proxies_at([named], URL)


@pytest.mark.parametrize("named", ["0.0.0.0/0", "::/0"])
def test_not_everybody_is_a_proxy(named: str) -> None:
    with pytest.raises(WrongAddress, match="everybody would be believed"):
        proxies_at([named], URL)


def test_behind_a_proxy_the_address_is_said() -> None:
    with pytest.raises(WrongAddress, match="say it with --url"):
        proxies_at([PROXY], None)
    assert proxies_at([], None) == Proxies()


@pytest.mark.parametrize(
    ("host", "origin", "is_misled"),
    [
        ("127.0.0.1:8866", "https://nps.example.org", True),
        ("nps.example.org:8866", "https://nps.example.org", True),
        ("nps.example.org", "https://nps.example.org", False),
        ("127.0.0.1:8866", "https://evil.example", False),  # refused as another page's, as ever
        ("127.0.0.1:8866", "http://127.0.0.1:8866", False),
        ("127.0.0.1:8866", "null", False),
        ("127.0.0.1:8866", "", False),
    ],
)
def test_a_proxy_that_nobody_has_named_gives_itself_away(host: str, origin: str, is_misled: bool) -> None:
    found = Proxies(url=URL).misled({"Host": host, "Origin": origin} if origin else {"Host": host})
    assert bool(found) == is_misled
    assert Proxies().misled({"Host": host, "Origin": origin}) == ""
