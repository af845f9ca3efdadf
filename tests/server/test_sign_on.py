"""Signing on by a header of a real nginx: who is believed, what it opens, and when it ends."""

import errno
import os
import re
import shutil
import socket
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest
from nginx import DOWN, PROXY_SECRET, WELL, BehindNginx, nginx_here, sign_on
from serving import WAIT_SECONDS, Client, Made, wait_until, websocket_to
from test_behind_nginx import says_hello
from test_matrix import ROLES, Matrix, page_in, rows
from websockets.exceptions import InvalidStatus

from npswidgets.store import rights

USER, SECRET = "X-Remote-User", "X-NPS-Proxy-Secret"
ANNA = "anna@example.gov.uk"


@pytest.fixture
def made(behind_nginx: BehindNginx) -> Made:
    return behind_nginx.make()


@pytest.fixture(autouse=True)
def nobody_stays_named(behind_nginx: BehindNginx) -> Iterator[None]:
    yield
    for name, workshop in rights.named_people(behind_nginx.engine):
        rights.unname_person(behind_nginx.engine, name, workshop)


def opens(client: Client, path: str) -> bool:
    """Whether it is the page itself, and not the way in."""
    answer = client.get(path)
    return answer.status_code == 200 and 'id="refused"' not in answer.text


def can_connect(client: Client, kernel: str) -> bool:
    """Whether the websocket of a page is let in."""
    server = client.server
    assert isinstance(server, BehindNginx)
    trusted = ssl.create_default_context(cafile=str(server.nginx.certificate))
    cookies = "; ".join(f"{one.name}={one.value}" for one in client.http.cookies)
    url = f"{server.base.replace('https', 'wss')}/api/kernels/{kernel}/channels?session_id=x"
    headers = {"Cookie": cookies, "Origin": server.base.removesuffix("/nps")}
    try:
        with websocket_to(url, ssl=trusted, additional_headers=headers):
            return True
    except InvalidStatus as refused:
        return refused.response.status_code not in (403, 404)


def test_signing_on_alone_opens_nothing_and_a_name_opens_what_it_is_named_for(
    behind_nginx: BehindNginx, made: Made
) -> None:
    other, anna = behind_nginx.make(), behind_nginx.client(account=ANNA)
    facilitate, start = f"/facilitate/{made.id}", f"/start/{made.id}"
    assert not any(opens(anna, path) for path in ("/start", facilitate, start))
    refused = anna.get(f"/sign-on?workshop={made.id}")
    assert refused.status_code == 403
    assert f"You are signed on as {ANNA}." in refused.text
    assert "Try again" in refused.text, "once somebody has named her; there is nowhere to go back to"
    rights.name_person(behind_nginx.engine, ANNA, made.id)
    shown = anna.get(f"/sign-on?workshop={made.id}")
    assert shown.url == f"{behind_nginx.base}{facilitate}"
    assert 'id="states"' in shown.text
    assert opens(anna, start)
    assert not any(opens(anna, path) for path in ("/start", f"/facilitate/{other.id}", f"/start/{other.id}"))
    assert anna.post("/start", {"council": "X"}).status_code == 403
    rights.name_person(behind_nginx.engine, ANNA)
    assert anna.get("/sign-on").url == f"{behind_nginx.base}/start"
    assert opens(anna, f"/facilitate/{other.id}")
    assert not opens(anna, "/facilitate/2026-01-no-such-one")
    for near in ("ANNA@example.gov.uk", "anna", "%61nna@example.gov.uk"):
        assert not opens(behind_nginx.client(account=near), facilitate), near


def test_no_user_s_name_is_kept_or_said(behind_nginx: BehindNginx, made: Made) -> None:
    name = "very.special.person@example.gov.uk"
    rights.name_person(behind_nginx.engine, name, made.id)
    person = behind_nginx.client(account=name)
    assert opens(person, f"/facilitate/{made.id}")
    page, record = person.get(f"/facilitate/{made.id}").text, person.get(f"/facilitate/{made.id}/record").text
    rights.unname_person(behind_nginx.engine, name, made.id)
    kept = b"".join(one.read_bytes() for one in behind_nginx.folder.glob("workshops.db*"))
    assert made.id in record
    assert not [one for one in (page, record, behind_nginx.log, behind_nginx.nginx_log) if name in one]
    assert b"held" in kept
    assert PROXY_SECRET not in behind_nginx.log + page


@pytest.mark.parametrize(
    "forged",
    [
        {USER: ANNA},
        {USER.lower(): ANNA},
        {"X_Remote_User": ANNA},
        {"X_Remote-User": ANNA},
        {USER: ANNA, SECRET: PROXY_SECRET},
        {USER: ANNA, SECRET: PROXY_SECRET, "X-Forwarded-For": "127.0.0.1"},
        {"Remote-User": ANNA, "X-Auth-Request-User": ANNA, "X-Forwarded-User": ANNA},
        {"Connection": f"close, {USER}", USER: ANNA},
    ],
    ids=str,
)
def test_what_a_browser_sends_is_written_over(behind_nginx: BehindNginx, made: Made, forged: dict[str, str]) -> None:
    rights.name_person(behind_nginx.engine, ANNA)
    client = behind_nginx.client()
    client.http.headers.update(forged)
    assert not any(opens(client, path) for path in ("/start", f"/facilitate/{made.id}"))
    sign_on(client, "ben")
    assert "You are signed on as ben." in client.get("/sign-on").text


def test_the_way_to_sign_on_leads_nowhere_else(behind_nginx: BehindNginx) -> None:
    for asked in ("workshop=x&rd=https://evil.example/", "rd=https://evil.example/", "workshop=x%26rd=//evil.example"):
        client = behind_nginx.client()
        led = client.get(f"/sign-on?{asked}", headers={"Host": "evil.example"}, allow_redirects=False)
        assert led.status_code == 302
        assert re.fullmatch(r"/oauth2/start\?rd=/nps/sign-on\?workshop=[^&]*", led.headers["Location"]), asked
        assert not led.headers["Location"].startswith("http")


def test_the_secret_is_in_no_other_process(behind_nginx: BehindNginx) -> None:
    seen = 0
    for one in psutil.Process(behind_nginx.process.pid).children(recursive=True):
        with suppress(psutil.Error):  # it has ended meanwhile
            assert PROXY_SECRET not in str(one.environ())
            seen += 1
    assert seen


NAMED = ("facilitator", "operator", "nobody")
"""Of the columns of the table of access: who has signed on, by which of them it is answered."""


def by_name(column: str, address: str, answers: dict[str, str]) -> str:
    """What the table says to who has signed on; an operator has opened all workshops."""
    if address == "/sign-on":
        return "303" if column == "operator" else "403"
    closed = answers[column] in ("link", "403")
    return answers["facilitator" if column == "operator" and closed else column]


def answer_to(matrix: Matrix, server: BehindNginx, user: str, address: str, method: str, cookies: Client) -> str:
    path, token = f"/nps{matrix.fill(address)}", cookies.token
    kept = "; ".join(f"{one.name}={one.value}" for one in cookies.http.cookies)
    said = {"Cookie": kept, "X-XSRFToken": token, "Host": f"localhost:{server.port}", USER: user, SECRET: PROXY_SECRET}
    with closing(HTTPConnection("127.0.0.1", server.own_port, timeout=WAIT_SECONDS)) as connection:
        connection.request(method, path, headers=said)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
    page = page_in(text) or ("link" if "Who takes part needs no account" in text else "200")
    return page if answer.status == 200 else str(answer.status)


def test_everybody_who_has_signed_on_gets_what_the_table_of_access_says(behind_nginx: BehindNginx) -> None:
    matrix = Matrix(behind_nginx, behind_nginx.client)
    rights.name_person(behind_nginx.engine, "facilitator", matrix.places["workshop"])
    rights.name_person(behind_nginx.engine, "operator")
    browsers = {user: behind_nginx.client() for user in NAMED}
    for one in browsers.values():
        one.get("/")
    wrong = []
    for address, method, answers in rows():
        if method in ("WS", "HEAD") or (len({*answers}) == 1 and address != "/sign-on"):
            continue  # as in any other browser
        for user, browser in browsers.items():
            expected = by_name(user, address, dict(zip(ROLES, answers, strict=True)))
            if (found := answer_to(matrix, behind_nginx, user, address, method, browser)) != expected:
                wrong.append(f"{method} {address} by {user}: expected {expected}, found {found}")
    assert not wrong, "\n".join(wrong)


def raw(server: BehindNginx, path: str, *lines: str) -> str:
    """What the server itself answers to a request with exactly these lines."""
    with socket.create_connection(("127.0.0.1", server.own_port)) as line:
        head = [
            f"GET {path} HTTP/1.1",
            f"Host: localhost:{server.port}",
            "X-Forwarded-Proto: https",
            "Connection: close",
        ]
        line.sendall("\r\n".join([*head, *lines, "", ""]).encode("latin1"))
        return b"".join(iter(lambda: line.recv(65536), b"")).decode(errors="replace")


@pytest.mark.parametrize(
    ("lines", "is_believed"),
    [
        ([f"{SECRET}: {PROXY_SECRET}", f"{USER}: {ANNA}"], True),
        ([f"{USER}: {ANNA}"], False),
        ([f"{SECRET}: {PROXY_SECRET[:-1]}", f"{USER}: {ANNA}"], False),
        ([f"{SECRET}: x", f"{SECRET}: {PROXY_SECRET}", f"{USER}: {ANNA}"], False),
        ([f"{SECRET}: {PROXY_SECRET}", f"{USER}: {ANNA}", f"{USER}: {ANNA}"], False),
        ([f"{SECRET}: {PROXY_SECRET}", f"{USER}: {ANNA}, ben"], False),
        ([f"{SECRET}: {PROXY_SECRET}", f"{USER}: {ANNA}\xe9"], False),
        ([f"{SECRET}: {PROXY_SECRET}", f"X_Remote_User: {ANNA}"], False),
        ([f"{SECRET}: {PROXY_SECRET}", f"{USER}:", f"X-Other: {ANNA}"], False),
    ],
    ids=str,
)
def test_who_goes_round_nginx_is_believed_by_the_secret_alone(
    behind_nginx: BehindNginx, lines: list[str], is_believed: bool
) -> None:
    rights.name_person(behind_nginx.engine, ANNA)
    answer = raw(behind_nginx, "/nps/start", *lines)
    assert answer.startswith("HTTP/1.1 200")
    assert ("Start the workshop" in answer) == is_believed
    assert PROXY_SECRET not in answer


def test_what_is_not_believed_is_said_once_in_the_log(behind_nginx: BehindNginx) -> None:
    for _ in range(3):
        raw(behind_nginx, "/nps/", f"{USER}: {ANNA}")
    assert behind_nginx.log.count("did not show that it comes from the proxy") == 1
    assert ANNA not in behind_nginx.log


def test_somebody_else_in_the_same_browser_finds_nothing_of_who_was_there(
    behind_nginx: BehindNginx, made: Made
) -> None:
    rights.name_person(behind_nginx.engine, ANNA, made.id)
    rights.name_person(behind_nginx.engine, "ben")
    client = behind_nginx.client(account=ANNA)
    kernel = client.open_kernel(f"/facilitate/{made.id}")
    assert client.get(f"/api/kernels/{kernel}").status_code == 200
    assert can_connect(client, kernel)
    for account in ("ben", "", "carl"):
        sign_on(client, account)
        assert client.get(f"/api/kernels/{kernel}").status_code in (403, 404), account
        assert client.post(f"/voila/api/shutdown/{kernel}").status_code == 403, account
        assert not can_connect(client, kernel), account
    sign_on(client, "")
    assert not opens(client, f"/facilitate/{made.id}")
    sign_on(client, ANNA)
    kernel = client.open_kernel(f"/facilitate/{made.id}")
    sign_on(client, "carl")
    client.get("/")
    sign_on(client, ANNA)
    assert client.get(f"/api/kernels/{kernel}").status_code == 404, "her open page ended when somebody else came"


def test_a_name_that_is_withdrawn_is_out_at_once_and_nobody_else(behind_nginx: BehindNginx, made: Made) -> None:
    for name in (ANNA, "ben"):
        rights.name_person(behind_nginx.engine, name, made.id)
    anna, ben = (behind_nginx.client(account=name) for name in (ANNA, "ben"))
    hers, his = (one.open_kernel(f"/facilitate/{made.id}") for one in (anna, ben))
    rights.unname_person(behind_nginx.engine, ANNA, made.id)
    assert anna.get(f"/api/kernels/{hers}").status_code in (403, 404), "404 once it has ended"
    assert not can_connect(anna, hers)
    assert not opens(anna, f"/facilitate/{made.id}")
    assert anna.get(f"/facilitate/{made.id}/record").status_code == 403
    wait_until(lambda: anna.get(f"/api/kernels/{hers}").status_code == 404)  # her open page goes, too
    assert can_connect(ben, his)


def test_an_operator_who_has_signed_on_makes_a_workshop_and_a_copy_of_the_cookie_is_worth_nothing(
    behind_nginx: BehindNginx,
) -> None:
    rights.name_person(behind_nginx.engine, ANNA)
    anna = behind_nginx.client(account=ANNA)
    anna.get("/start")
    form = {"council": "Council of the Proxy", "sessions": "1", "parts": "showing-leadership", "people": "8"}
    form |= {"minutes": "90", "day": "2030-01-07", "anonymity": "anonymous"}
    ready = anna.post("/start", form)
    (workshop,) = re.findall(r"/start/([\w-]+)$", ready.url)
    assert opens(anna, f"/facilitate/{workshop}")
    copy = behind_nginx.client()
    for one in anna.http.cookies:
        if one.name != "account":
            copy.http.cookies.set(one.name, one.value, domain=one.domain, path=one.path)
    assert not any(opens(copy, path) for path in ("/start", f"/facilitate/{workshop}", f"/project/{workshop}"))


def test_people_take_part_without_an_account_also_while_nobody_can_sign_on(
    behind_nginx: BehindNginx, made: Made
) -> None:
    asked = behind_nginx.client().get(f"/sign-on?workshop={made.id}")
    assert "Who are you?" in asked.text
    assert f"rd=/nps/sign-on?workshop={made.id}" in asked.text
    phone = behind_nginx.client()
    phone.join(made)
    assert can_connect(phone, phone.open_kernel(made.vote_page))
    with behind_nginx.set_up(*WELL, DOWN):
        again = behind_nginx.client()
        again.join(made)
        assert can_connect(again, again.open_kernel(made.vote_page))
        assert again.get("/sign-on").status_code == 500


@pytest.fixture(scope="module")
def by_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BehindNginx]:
    """A server that nginx asks by a Unix socket, in a folder that everybody can look into."""
    if nginx_here() is None:
        pytest.skip("There is no nginx here.")
    open_to_all = Path(tempfile.mkdtemp(prefix="nps-socket-", dir="/tmp"))
    open_to_all.chmod(0o755)
    running = BehindNginx(tmp_path_factory.mktemp("by-socket"), open_to_all / "socket")
    yield running
    running.stop()
    shutil.rmtree(open_to_all)


def opened_by(user: int, path: Path) -> int:
    """The error that another user of this computer gets; 0 for none."""
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(user)
    os.seteuid(user)
    try:
        with socket.socket(socket.AF_UNIX) as line:
            return line.connect_ex(str(path))
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


def test_by_the_socket_the_proxy_is_believed_without_a_secret_and_nobody_else_can_open_it(
    by_socket: BehindNginx,
) -> None:
    rights.name_person(by_socket.engine, ANNA)
    made, anna, nobody = by_socket.make(), by_socket.client(account=ANNA), by_socket.client()
    nobody.http.headers[USER] = ANNA
    assert opens(anna, "/start")
    assert not opens(nobody, "/start")
    kernel = anna.open_kernel(f"/facilitate/{made.id}")
    assert can_connect(anna, kernel)
    assert not can_connect(nobody, kernel)
    nobody.join(made)
    assert can_connect(nobody, nobody.open_kernel(made.vote_page))
    assert says_hello(by_socket, "127.0.0.5") == "phone", "limits count people's own addresses"
    assert says_hello(by_socket, "127.0.0.1") == "computer"
    path = by_socket.place or Path()
    assert path.stat().st_mode & 0o777 == 0o660
    if os.geteuid() == 0:
        assert opened_by(65534, path) == errno.EACCES
