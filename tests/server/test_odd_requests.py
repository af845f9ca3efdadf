"""Requests that no browser sends: each gets a page or is cut off, none a traceback."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from serving import TOKEN, WAIT_SECONDS, Client, Made, RunningServer

ODD = ("%ff", "%00", "%ed%a0%80", "a%0d%0ab", "..%2f..%2fx", "%zz", "\xff", "a" * 20_000)
ADDRESSES = (
    *("/{}", "/join/{}", "/vote/{}/x", "/vote/x/{}", "/project/{}", "/project/{}/x", "/facilitate/{}"),
    *("/facilitate/{}/screen/x", "/facilitate/{}/session/x"),
    *("/facilitate/{}/reports", "/facilitate/x/reports/{}", "/facilitate/{}/record", "/start/{}", "/start/{}/phone"),
    *("/start/{}/pack.pdf", "/api/kernels/{}", "/api/kernels/{}/channels", "/voila/api/shutdown/{}"),
    *("/voila/static-x/{}", "/voila/labextensions/anywidget/{}", "/pages-x/{}", "/pages-x/widgets/{}.js"),
    *("/?x={}", "/check?{}=1", "/check/live?{}", "/link?role={}", "/saved?x={}"),
)
KERNEL = "bdf5d2ee-66e1-4cc1-8a3e-2f6a1d7f3c11"
HEADERS = (
    *("Origin: http://[", "Referer: http://[", "Origin: \xff", "User-Agent: \xff", "Accept-Encoding: \xff"),
    *("If-Modified-Since: Mon, 99 Foo 99999999999 00:00:00 GMT", "Range: bytes=" + "9" * 5000 + "-"),
    *("Cookie: TOKEN=\xff", 'Cookie: TOKEN="\\377"', "Cookie: TOKEN=2|" + "1" * 3000, "Cookie: =;=;\xff"),
    *("Content-Type: \xff", "Content-Type: multipart/form-data", "X: " + "x" * 20_000),
)


class Everybody:
    """A line to the server for somebody who may everything, and for somebody who may nothing."""

    def __init__(self, server: RunningServer, client: Client, made: Made) -> None:
        client.use_link(server.start_link)
        client.use_link(made.facilitator_link)
        client.join(made)
        self.xsrf = client.token
        self.token = next(name for name in client.http.cookies.keys() if name.startswith(TOKEN))  # noqa: SIM118 (no dict)
        self.cookies = "; ".join(f"{name}={value}" for name, value in client.http.cookies.items())
        self.host = urlsplit(server.base).netloc

    def says(self, method: str, path: str, *headers: str, body: str = "", known: bool = True) -> bytes:
        """The answer's first line; empty where the server hangs up."""
        named = (f"Cookie: {self.cookies}", f"X-XSRFToken: {self.xsrf}") if known else ()
        length = (f"Content-Length: {len(body.encode('latin-1'))}",) if method == "POST" else ()
        head = (f"{method} {path} HTTP/1.1", f"Host: {self.host}", "Connection: close", *length, *headers, *named)
        return self.sends("\r\n".join([*head, "", body]).encode("latin-1"))

    def sends(self, said: bytes) -> bytes:
        """The same for these bytes."""
        port = int(self.host.partition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS) as line:
            line.sendall(said)
            try:
                return line.makefile("rb").readline().strip()
            except ConnectionError:
                return b""


@pytest.fixture(scope="module")
def everybody(server: RunningServer) -> Iterator[Everybody]:
    said = len(server.log)
    yield Everybody(server, Client(server), server.make())
    assert "Traceback" not in server.log[said:], server.log[said:]


def test_odd_addresses_get_a_page(everybody: Everybody) -> None:
    wrong = {
        (method, address, odd, known): answer
        for address in ADDRESSES
        for odd in ODD
        for method in ("GET", "POST")
        for known in (True, False)
        if not (answer := everybody.says(method, address.format(odd), known=known)) or answer.split()[1] >= b"500"
    }
    assert not wrong


def test_odd_headers_get_a_page(everybody: Everybody) -> None:
    kernel = f"/api/kernels/{KERNEL}"
    paths = ("/", "/start", kernel, f"{kernel}/channels", "/check/live", "/pages-x/a.css")
    wrong = {
        (method, path, header): answer
        for path in paths
        for header in HEADERS
        for method in ("GET", "POST")
        for known in (True, False)
        if (answer := everybody.says(method, path, header.replace("TOKEN", everybody.token), known=known))
        and answer.split()[1] >= b"500"
    }
    assert not wrong


@pytest.mark.parametrize("path", ["/", "/link", "/start"])
@pytest.mark.parametrize("value", ["%ff", "%00", "%ed%a0%80", "9" * 5000, "%d9%a1", "a=1&" * 1000])
def test_odd_fields_get_a_page(everybody: Everybody, path: str, value: str) -> None:
    names = ("code", "role", "workshop", "secret", "council", "parts", "day", "minutes", "people", "departments")
    for name in names:
        form = "Content-Type: application/x-www-form-urlencoded"
        answer = everybody.says("POST", path, form, body=f"{name}={value}")
        assert answer.split()[1] < b"500", (name, answer)


def test_without_a_host_an_old_program_gets_a_page(everybody: Everybody) -> None:
    assert everybody.sends(b"GET / HTTP/1.0\r\n\r\n") == b"HTTP/1.1 200 OK"
    assert everybody.sends(b"GET / HTTP/1.1\r\n\r\n") == b"HTTP/1.1 400 Bad Request"


def test_a_form_has_few_parts_and_little_in_them(everybody: Everybody) -> None:
    form = "Content-Type: multipart/form-data; boundary=x"
    part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    assert everybody.says("POST", "/link", form, body=part * 1000 + "--x--\r\n").split()[1] == b"400"
    assert everybody.says("POST", "/link", body="x" * 100_000) in (b"", b"HTTP/1.1 400 Bad Request")


@pytest.mark.parametrize("path", ["/", "/start", "/check/live", f"/api/kernels/{KERNEL}", "/saved", "/nowhere"])
def test_a_foreign_host_is_told_the_right_address(server: RunningServer, client: Client, path: str) -> None:
    for method in ("GET", "POST"):
        answer = client.http.request(method, server.base + path, headers={"Host": "evil.example"}, timeout=WAIT_SECONDS)
        assert answer.status_code == 421
        assert f'href="{server.base}"' in answer.text
    assert client.get("/", headers={"Host": f"LOCALHOST.:{urlsplit(server.base).port}"}).status_code == 200
