"""A server whose pages are below a path of somebody else's."""

from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from npswidgets import settings
from npswidgets.addresses import JOIN, VOTE, below, helper_link, join_link
from npswidgets.cli.serve import serve
from npswidgets.errors import WrongAddress
from npswidgets.server.machine.address import check_url, find_address


@pytest.mark.parametrize(
    ("named", "root"),
    [
        ("nps", "/nps/"),
        ("/nps", "/nps/"),
        ("/nps/", "/nps/"),
        ("/", "/"),
        ("", "/"),
        ("/user/anna%40council/", "/user/anna%40council/"),
        ("/services/nps/", "/services/nps/"),
    ],
)
def test_a_prefix_is_a_path(named: str, root: str) -> None:
    assert below(named) == root


@pytest.mark.parametrize(
    "named",
    [
        "//evil.example",
        "/nps//x",
        "/nps/../x",
        "/nps/./",
        "..",
        "/a b/",
        "/a;b/",
        "/a?b",
        "/a#b",
        "/a\n/",
        "/{}/",
        "/%2/",
        "/é/",
    ],
)
def test_what_can_be_written_in_several_ways_is_no_prefix(named: str) -> None:
    if named == "//evil.example":
        assert below(named) == "/evil.example/"  # a path, and no host
    else:
        with pytest.raises(WrongAddress, match="The pages cannot be below"):
            below(named)


@pytest.fixture
def nps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.NPS_PREFIX, "/nps/")


@pytest.mark.usefixtures("nps")
def test_what_leads_in_holds_the_prefix_once() -> None:
    at = find_address("0.0.0.0", 8866, "https://nps.example.org/nps/")
    assert join_link(at, "x") == "https://nps.example.org/nps/join#x"
    assert helper_link(at, "w", "s", "x") == "https://nps.example.org/nps/help/w/s#x"
    assert VOTE.of("w", "s") == "/nps/vote/w/s"
    assert JOIN.at(find_address("192.0.2.7", 80)) == "http://192.0.2.7/nps/join"


@pytest.mark.usefixtures("nps")
@pytest.mark.parametrize(
    "url", ["https://nps.example.org/nps", "https://[2001:db8::1]:8443/nps/", "http://10.0.0.1:80/nps/"]
)
def test_an_address_and_its_prefix_fit(url: str) -> None:
    check_url(url)


@pytest.mark.usefixtures("nps")
@pytest.mark.parametrize(
    "url", ["https://nps.example.org", "https://nps.example.org/", "https://nps.example.org/other/"]
)
def test_an_address_that_leads_elsewhere_is_told(url: str) -> None:
    with pytest.raises(
        WrongAddress, match=r"the pages are below /nps/\. Say --url https://nps\.example\.org/nps/ or --prefix"
    ):
        check_url(url)


def test_an_address_with_a_path_needs_the_prefix() -> None:
    with pytest.raises(WrongAddress, match=r"leads to /nps/, but there is no --prefix\. Say .* or --prefix /nps/"):
        check_url("https://nps.example.org/nps/")


@pytest.mark.parametrize(
    "url",
    [
        *("nps.example.org", "ftp://nps.example.org", "https://", "https:///nps", "https://u:p@nps.example.org/"),
        *("https://nps.example.org/?a=b", "https://nps.example.org/#a", "https://nps.example.org:0/", "https://["),
        *("https://nps.example.org:99999/", "https://nps.exa mple.org/", "https://nps.example.org/\n", "javascript:1"),
    ],
)
def test_what_no_phone_can_open_is_told(url: str) -> None:
    with pytest.raises(WrongAddress, match="which no phone can open"):
        check_url(url)


@pytest.mark.parametrize(
    ("options", "environment", "prefix"),
    [
        ((), {}, None),
        (("--prefix", "/nps/"), {}, "/nps/"),
        ((), {"NPS_PREFIX": "/nps/"}, "/nps/"),
        ((), {"JUPYTERHUB_SERVICE_PREFIX": "/services/nps/"}, "/services/nps/"),
        ((), {"NPS_PREFIX": "/nps/", "JUPYTERHUB_SERVICE_PREFIX": "/services/nps/"}, "/nps/"),
    ],
)
def test_the_hub_says_where_the_pages_are(
    monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], environment: dict[str, str], prefix: str | None
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("npswidgets.server.run.run_server", lambda *given, **_: asked.extend(given))
    answer = CliRunner().invoke(
        serve, options, env={"NPS_PREFIX": None, "JUPYTERHUB_SERVICE_PREFIX": None} | environment
    )
    assert answer.exit_code == 0, answer.output
    assert SimpleNamespace(prefix=asked[3]).prefix == prefix
