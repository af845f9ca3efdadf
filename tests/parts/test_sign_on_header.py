"""What is believed of a header that says who has signed on."""

import logging

import pytest
from tornado.httputil import HTTPHeaders

from npswidgets.server.http.proxies import BY_SOCKET, Proxies, proxies_at
from npswidgets.server.http.sign_on_header import SECRET_HEADER, SignOnHeader, WrongSignOn, sign_on_header

URL = "https://nps.example.gov.uk/"
SECRET = "a-secret-of-the-proxy-alone"
NEAR, SOCKET = proxies_at(["127.0.0.1"], URL), proxies_at([], URL, by_socket=True)
RIGHT = (SECRET_HEADER, SECRET)


def told(*said: tuple[str, str]) -> HTTPHeaders:
    headers = HTTPHeaders()
    for name, value in said:
        headers.add(name, value)
    return headers


def user(*said: tuple[str, str], peer: str = "127.0.0.1", proxies: Proxies = NEAR, secret: str = SECRET) -> str:
    headers, sign_on = told(*said), SignOnHeader("X-User", secret)
    sign_on.keep_what_is_true(peer, headers, proxies)
    assert SECRET_HEADER not in headers, "nothing that comes later sees it"
    assert headers.get("X-User", "") == sign_on.user_in(headers)
    return sign_on.user_in(headers)


def test_proxy_with_its_secret_is_believed() -> None:
    assert user(RIGHT, ("x-user", "anna")) == "anna"
    assert user(("x-nps-PROXY-secret", SECRET), ("X-USER", "st helens@x")) == "st helens@x"


def test_whoever_comes_by_the_socket_is_believed_and_nobody_else() -> None:
    assert user(("X-User", "anna"), peer=BY_SOCKET, proxies=SOCKET, secret="") == "anna"
    both = proxies_at(["127.0.0.1"], URL, by_socket=True)
    assert user(("X-User", "anna"), peer="127.0.0.1", proxies=both, secret="") == ""
    assert user(("X-User", "anna"), peer=BY_SOCKET, proxies=NEAR, secret="") == ""
    assert user(("X-User", "anna"), peer=BY_SOCKET, proxies=both) == "", "both are asked for where both are set up"


@pytest.mark.parametrize(
    "said",
    [
        [("X-User", "anna")],
        [(SECRET_HEADER, "wrong"), ("X-User", "anna")],
        [(SECRET_HEADER, SECRET + "x"), ("X-User", "anna")],
        [(SECRET_HEADER, "\xe9" * 30), ("X-User", "anna")],
        [(SECRET_HEADER, ""), ("X-User", "anna")],
        [(SECRET_HEADER, SECRET), (SECRET_HEADER, SECRET), ("X-User", "anna")],
        [(SECRET_HEADER, "wrong"), (SECRET_HEADER, SECRET), ("X-User", "anna")],
        [(SECRET_HEADER, f"{SECRET},{SECRET}"), ("X-User", "anna")],
        [("X_NPS_Proxy_Secret", SECRET), ("X-User", "anna")],
        [RIGHT, ("X-User", "anna"), ("X-User", "anna")],
        [RIGHT, ("X-User", "anna"), ("X-User", "")],
        [RIGHT, ("X-User", "anna,ben")],
        [RIGHT, ("X-User", "")],
        [RIGHT, ("X-User", "ann\xe9")],
        [RIGHT, ("X-User", "an\tna")],
        [RIGHT, ("X-User", "a" * 256)],
        [RIGHT, ("X_User", "anna")],
        [RIGHT],
    ],
)
def test_nobody_has_signed_on(said: list[tuple[str, str]]) -> None:
    assert user(*said) == ""


def test_secret_from_elsewhere_is_not_believed() -> None:
    assert user(RIGHT, ("X-User", "anna"), peer="127.0.0.2") == ""


def test_what_is_not_believed_is_said_once_without_name_or_secret(caplog: pytest.LogCaptureFixture) -> None:
    sign_on = SignOnHeader("X-User", SECRET)
    for said in ([("X-User", "anna")], [("X-User", "ben")], [RIGHT, ("X-User", "")], [RIGHT, ("X-User", "a,b")]) * 3:
        sign_on.keep_what_is_true("127.0.0.1", told(*said), NEAR)
    first, second = caplog.messages
    assert "did not show that it comes from the proxy" in first
    assert "without commas" in second
    assert {one.levelno for one in caplog.records} == {logging.WARNING}
    assert not [word for word in ("anna", "ben", SECRET) if word in caplog.text + repr(sign_on)]


@pytest.mark.parametrize(
    ("name", "secret", "proxies", "says"),
    [
        ("X-User", "", NEAR, "Anybody on this computer could send X-User"),
        ("X-User", SECRET, Proxies(), "Anybody on this computer could send X-User"),
        ("X-User", SECRET[:21], NEAR, "has 21 characters; expected 22"),
        ("X-User", SECRET[:21], SOCKET, "has 21 characters; expected 22"),
        ("X-User", "secret " * 5, NEAR, "holds blanks"),
        ("X-User", "\xe9" * 30, NEAR, "not ASCII"),
        ("X_User", SECRET, NEAR, "no header's name"),
        ("X-User:", SECRET, NEAR, "no header's name"),
        ("X User", SECRET, NEAR, "no header's name"),
        ("Cookie", SECRET, NEAR, "sent for something else"),
        ("x-forwarded-FOR", SECRET, NEAR, "sent for something else"),
        ("Sec-Fetch-User", SECRET, SOCKET, "sent for something else"),
        (SECRET_HEADER, SECRET, NEAR, "sent for something else"),
        (None, SECRET, NEAR, "no --sign-on-header"),
        ("", SECRET, NEAR, "no --sign-on-header"),
    ],
)
def test_what_would_not_be_safe_does_not_start(name: str | None, secret: str, proxies: Proxies, says: str) -> None:
    with pytest.raises(WrongSignOn, match=says) as refused:
        sign_on_header(name, secret, proxies, by_hub=False)
    assert not secret or secret not in str(refused.value)


def test_the_usual_headers_of_proxies_are_taken() -> None:
    for name in ("X-Remote-User", "Remote-User", "X-Forwarded-User", "X-Auth-Request-Preferred-Username"):
        assert sign_on_header(name, SECRET, NEAR, by_hub=False)
        assert sign_on_header(name, "", SOCKET, by_hub=False)
    assert sign_on_header(None, "", NEAR, by_hub=False) is None


def test_there_are_not_two_ways_to_sign_on() -> None:
    with pytest.raises(WrongSignOn, match="JupyterHub"):
        sign_on_header("X-User", SECRET, NEAR, by_hub=True)
