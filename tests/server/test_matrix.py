"""Who gets what from each address of the running server, by each method: one table, and nothing beside it."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from http.client import HTTPConnection
from unittest.mock import MagicMock

import pytest
from ipykernel.ipkernel import IPythonKernel
from serving import TOKEN, WAIT_SECONDS, Client, RunningServer, websocket_to
from test_server import open_websocket, send
from tornado.web import RequestHandler
from tornado.websocket import WebSocketHandler
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection

from npswidgets.server.app import WorkshopServer
from npswidgets.widgets.sources import ASKED_FOR

ROLES = ("nobody", "participant", "elsewhere", "projector", "helper", "facilitator", "stranger", "operator")
"""`elsewhere` takes part in another session of the same workshop; `stranger` facilitates another workshop. The operator
has opened none of them."""

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")

TABLE = """
address                                methods   nobody participant elsewhere projector helper facilitator stranger operator
/                                      GET POST  code   code        code      code      code   code        code     code
/                                      HEAD      200    200         200       200       200    200         200      200
/join                                  GET POST  code   code        code      code      code   code        code     code
/join                                  HEAD      200    200         200       200       200    200         200      200
/join/{code}                           GET       join   302         join      join      join   join        join     join
/join/{code}                           HEAD      200    302         200       200       200    200         200      200
/join/{spare code}                     POST      303    303         303       303       303    303         303      303
/link                                  POST      403    403         403       403       403    403         403      403
/operator                              GET HEAD  302    302         302       302       302    302         302      302
/operator                              POST      403    403         403       403       403    403         403      403
/sign-on                               GET       404    404         404       404       404    404         404      404
/oauth_callback                        GET       404    404         404       404       404    404         404      404
/sign-out                              POST      404    404         404       404       404    404         404      404
/start                                 GET       link   link        link      link      link   link        link     200
/start                                 HEAD      200    200         200       200       200    200         200      200
/start                                 POST      403    403         403       403       403    403         403      200
/start/{spare}                         GET       link   link        link      link      link   link        link     200
/start/{spare}                         HEAD      200    200         200       200       200    200         200      200
/start/{spare}                         POST      403    403         403       403       403    403         403      303
/start/{spare}/sessions                POST      403    403         403       403       403    403         403      200
/start/{spare}/names                   POST      403    403         403       403       403    403         403      303
/start/{workshop}/names                POST      403    403         403       403       403    303         403      303
/start/{workshop}/phone                GET       403    403         403       403       403    200         403      200
/start/{spare}/mark                    POST      403    403         403       403       403    403         403      409
/start/{spare}/mark                    DELETE    403    403         403       403       403    403         403      204
/start/{workshop}/mark                 POST      403    403         403       403       403    409         403      409
/start/{workshop}/mark                 DELETE    403    403         403       403       403    204         403      204
/mark/{nothing}.png                    GET       404    404         404       404       404    404         404      404
/start/nothing/pack.pdf                GET       403    403         403       403       403    403         403      404
/guide                                 GET HEAD  200    200         200       200       200    200         200      200
/guide/wall.png                        GET HEAD  200    200         200       200       200    200         200      200
/guide/nothing.png                     GET       404    404         404       404       404    404         404      404
/accessibility                         GET HEAD  200    200         200       200       200    200         200      200
/privacy                               GET HEAD  200    200         200       200       200    200         200      200
/date                                  POST      403    403         403       403       403    403         403      303
/saved                                 POST      403    403         403       403       403    403         403      409
/rubrics                               GET       link   link        link      link      link   link        link     200
/rubrics                               HEAD      200    200         200       200       200    200         200      200
/rubrics                               POST      403    403         403       403       403    403         403      200
/rubrics/{nothing}                     GET       link   link        link      link      link   link        link     404
/rubrics/{nothing}                     HEAD      200    200         200       200       200    200         200      404
/rubrics/{nothing}                     POST      403    403         403       403       403    403         403      303
/rubrics/{nothing}/workbook.xlsx       GET       403    403         403       403       403    403         403      404
/rubrics/empty.xlsx                    GET       403    403         403       403       403    403         403      200
/check                                 GET HEAD  200    200         200       200       200    200         200      200
/check/live                            GET       400    400         400       400       400    400         400      400
/check/live                            WS        101    101         101       101       101    101         101      101
/vote/{workshop}/{session}             GET       code   screen      code      code      code   code        code     code
/vote/{workshop}/{session}             HEAD      200    200         200       200       200    200         200      200
/vote/{workshop}/{session}             POST      403    409         403       403       403    403         403      403
/help/{workshop}/{session}             GET       link   link        link      link      screen link        link     link
/help/{workshop}/{session}             HEAD      200    200         200       200       200    200         200      200
/help/{workshop}/{session}             POST      403    403         403       403       409    403         403      403
/project/{workshop}                    GET       link   link        link      walls     link   walls       link     link
/project/{workshop}                    HEAD      200    200         200       200       200    200         200      200
/project/{workshop}/{session}          GET       link   link        link      screen    link   screen      link     link
/project/{workshop}/{session}          HEAD      200    200         200       200       200    200         200      200
/project/{workshop}/{session}          POST      403    403         403       409       403    409         403      403
/plenary/{workshop}                    GET       link   link        link      screen    link   screen      link     link
/plenary/{workshop}                    HEAD      200    200         200       200       200    200         200      200
/plenary/{workshop}                    POST      403    403         403       409       403    409         403      403
/facilitate/{workshop}                 GET       link   link        link      link      link   screen      link     link
/facilitate/{workshop}                 HEAD      200    200         200       200       200    200         200      200
/facilitate/{workshop}                 POST      403    403         403       403       403    409         403      403
/facilitate/{spare}                    GET       link   link        link      link      link   link        link     screen
/facilitate/{workshop}/session/{session}  GET    link   link        link      link      link   screen      link     link
/facilitate/{workshop}/session/{session}  HEAD   200    200         200       200       200    200         200      200
/facilitate/{workshop}/session/{session}  POST   403    403         403       403       403    409         403      403
/facilitate/{workshop}/screen/{session}  GET     403    403         403       403       403    200         403      403
/facilitate/{workshop}/reports         GET       403    403         403       403       403    200         403      403
/facilitate/{workshop}/reports         POST      403    403         403       403       403    400         403      403
/facilitate/{workshop}/reports/no.pdf  GET       403    403         403       403       403    404         403      403
/facilitate/{workshop}/record          GET       403    403         403       403       403    200         403      403
/voila/static-{version}/voila.js       GET HEAD  200    200         200       200       200    200         200      200
/voila/labextensions/{extension}       GET HEAD  200    200         200       200       200    200         200      200
/pages-x/widgets/{widget}              GET HEAD  200    200         200       200       200    200         200      200
/pages-{version}/pages.css             GET HEAD  200    200         200       200       200    200         200      200
/health                                GET HEAD  200    200         200       200       200    200         200      200
/ready                                 GET HEAD  200    200         200       200       200    200         200      200
/metrics                               GET       404    404         404       404       404    404         404      404
/screen-x/participant.js               GET HEAD  200    200         200       200       200    200         200      200
/api/kernels/{kernel}/channels         GET       403    400         403       403       403    403         403      403
/api/kernels/{kernel}/channels         WS        403    101         403       403       403    403         403      403
/api/kernels/{first kernel}            GET       403    200         403       403       403    403         403      403
/api/kernels/{first kernel}            OPTIONS   200    200         200       200       200    200         200      200
/api/kernels/{first kernel}            DELETE    403    204         403       403       403    403         403      403
/voila/api/shutdown/{second kernel}    POST      403    204         403       403       403    403         403      403
/start/{workshop}                      GET       link   link        link      link      link   200         link     200
/start/{workshop}                      HEAD      200    200         200       200       200    200         200      200
/start/{workshop}                      POST      403    403         403       403       403    303         403      303
"""  # noqa: E501  (a wide table)
"""A line for each address, the methods that it has, and the answer to each role: a status, or which page it is.

`screen` is a page with a kernel of one's own, `walls` the page that asks which session a big screen is for, `code` the
form that asks for the workshop's code, `join` the form behind it, and `link` the page that asks for the secret of a
link. Posts have no content, so that 400 and 409 say "you may". All other methods are refused to everybody. The last
page lets the operator in as facilitator.
"""


JOINED = {
    "/join/{code}": "/join/{spare code}",
    "/join/{spare code}": "/join/{code}",
    "/facilitate/{spare}": "/facilitate/{workshop}",
}
"""The same address with other names: who joins one workshop is not let into the other."""

REFUSED = {"403", "404", "405"}
"""Not 302: that would lead to a page to log in, which there is not."""


def rows() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Address, method, and the answers to all roles."""
    head, *lines = TABLE.strip().splitlines()
    assert tuple(head.split()[2:]) == ROLES
    for line in lines:
        address, methods, answers = re.split(r"  +", line, maxsplit=2)
        for method in methods.split():
            yield address, method, tuple(answers.split())


class Matrix:
    """A workshop with two sessions, its people, and the browsers of everybody."""

    def __init__(self, server: RunningServer, client: Callable[[], Client] | None = None) -> None:
        new_client = client or partial(Client, server)
        sessions = (("Here", ("engaging-councillors",)), ("There", ("engaging-smes",)))
        made, other, spare = server.make(sessions=sessions), server.make(), server.make()
        self._base = server.base
        self.clients = {role: new_client() for role in ROLES}
        for client in self.clients.values():
            client.get("/")
        here, there = made.created.codes
        self._join("participant", made.created.codes[here])
        self._join("elsewhere", made.created.codes[there])
        self.clients["projector"].use_link(made.projector_link)
        self.clients["facilitator"].use_link(made.facilitator_link)
        self.clients["helper"].use_link(server.helper_link(made.id, here))
        self.clients["stranger"].use_link(other.facilitator_link)
        self.clients["operator"].use_link(server.start_link)
        page, own = f"/vote/{made.id}/{here}", self.clients["participant"]
        self.places = {
            "workshop": made.id, "session": here, "code": made.created.codes[here], "spare": spare.id,
            "spare code": spare.code, "extension": "anywidget/package.json", "widget": ".".join(min(ASKED_FOR)),
            "kernel": own.open_kernel(page), "first kernel": own.open_kernel(page), "nothing": "0" * 64,
            "second kernel": own.open_kernel(page), "version": re.findall(r"/pages-(\w+)/", own.get("/").text)[0],
        }  # fmt: skip

    def fill(self, address: str) -> str:
        """The address with the names of this workshop."""
        return re.sub(r"\{([a-z ]+)\}", lambda name: self.places[name.group(1)], address)

    def answer(self, address: str, method: str, role: str) -> str:
        """What somebody gets."""
        path, cookies = self.fill(address), self._cookies(role)
        if method == "WS":
            return self._open_websocket(path, cookies)
        token = next((one.partition("=")[2] for one in cookies.split("; ") if one.startswith(TOKEN)), "")
        with closing(HTTPConnection(self._base.removeprefix("http://"), timeout=WAIT_SECONDS)) as connection:
            connection.request(method, path, headers={"Cookie": cookies, "X-XSRFToken": token})
            said = connection.getresponse()
            page = page_in(said.read().decode(errors="replace"))
        return page if said.status == 200 and page else str(said.status)

    def _cookies(self, role: str) -> str:
        """What a browser sends; a new one, where somebody is nobody."""
        cookies = self.clients[role].http.cookies.items()
        return "; ".join(f"{name}={value}" for name, value in cookies if role != "nobody" or name.startswith(TOKEN))

    def _join(self, role: str, code: str) -> None:
        self.clients[role].get(f"/join/{code}")
        self.clients[role].post(f"/join/{code}", allow_redirects=False)

    def _open_websocket(self, path: str, cookies: str) -> str:
        try:
            with websocket_to(self._base.replace("http", "ws") + path, additional_headers={"Cookie": cookies}):
                return "101"
        except InvalidStatus as refused:
            return str(refused.response.status_code)


def page_in(text: str) -> str:
    signs = {
        "screen": '"kernelId": "',
        "walls": "Which session is this screen for?",
        "code": "Workshop code",
        "join": "Join the workshop",
        "link": "no longer valid",
    }
    return next((page for page, sign in signs.items() if sign in text), "")


@pytest.fixture(autouse=True)
def ready(server: RunningServer) -> None:
    server.wait_until_ready()


@pytest.fixture(scope="module")
def matrix(server: RunningServer) -> Matrix:
    return Matrix(server)


def handlers() -> dict[str, type[RequestHandler]]:
    """What the server answers with, by the pattern of the address."""
    return {pattern: handler for pattern, handler, *_ in WorkshopServer.init_handlers(MagicMock())}


def test_everybody_gets_what_the_table_says(matrix: Matrix) -> None:
    wrong = []
    for address, method, answers in rows():
        assert len(answers) == len(ROLES), address
        cells = sorted(
            zip(ROLES, answers, strict=True), key=lambda cell: cell[1] == "204"
        )  # a kernel's owner ends it last
        for role, expected in cells:
            if (found := matrix.answer(address, method, role)) != expected:
                wrong.append(f"{method} {address} by {role}: expected {expected}, found {found}")
    assert not wrong, "\n".join(wrong)


def test_no_address_has_another_method(matrix: Matrix) -> None:
    """Not even for those who may use its methods that there are."""
    named: dict[str, set[str]] = {}
    for address, method, _ in rows():
        named.setdefault(address, set()).add(method)
    merged = {address: named[address] | named.get(JOINED.get(address, ""), set()) for address in named}
    wrong = [
        f"{method} {address} by {role}"
        for address, methods in merged.items()
        for method in METHODS
        for role in ROLES
        if method not in methods and matrix.answer(address, method, role) not in REFUSED
    ]
    assert not wrong, "\n".join(wrong)


def test_every_address_of_the_server_stands_in_the_table(matrix: Matrix) -> None:
    """Whoever adds one says here who may use it, and by which methods."""
    tried = {(matrix.fill(address), method) for address, method, _ in rows()}
    for pattern, handler in handlers().items():
        methods = {method for path, method in tried if re.fullmatch(pattern, path)}
        assert methods, f"{pattern} has no line in the table"
        assert "WS" in methods or not issubclass(handler, WebSocketHandler), pattern
    for path, _ in tried:
        assert any(re.fullmatch(pattern, path) for pattern in handlers()), f"{path} is no address of the server"


HEARD = {"comm_info_request", "comm_open", "comm_msg", "comm_close", "kernel_info_request"}
"""What a kernel hears of its own page, whoever that is."""

ANSWERED = {"comm_info_request", "kernel_info_request"}
"""Of these what it answers whatever is in it; of a widget's line it says nothing unless there is something to say."""

SCREENS = {
    "participant": "/vote/{workshop}/{session}",
    "projector": "/project/{workshop}/{session}",
    "plenary": "/plenary/{workshop}",
    "facilitator": "/facilitate/{workshop}",
    "helper": "/help/{workshop}/{session}",
}
CHANNELS = ("shell", "control", "stdin", "iopub", "nothing")


@pytest.mark.parametrize("role", SCREENS)
def test_a_kernel_hears_no_message_that_its_page_does_not_need(matrix: Matrix, role: str) -> None:
    """Every message type that this version of the kernel knows, on every channel."""
    client = matrix.clients["projector" if role == "plenary" else role]
    known = {*IPythonKernel.msg_types, *IPythonKernel.control_msg_types, *HEARD, "other"}
    with open_websocket(client, client.open_kernel(matrix.fill(SCREENS[role]))) as socket:
        assert heard(socket, [(kind, channel) for kind in known for channel in CHANNELS if channel != "shell"]) == set()
        assert heard(socket, [(kind, "shell") for kind in known]) == {(kind, "shell") for kind in ANSWERED}


def heard(socket: ClientConnection, messages: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these messages that anything comes back for, before the answer to the last one does on both channels.

    What comes back on one channel says nothing of what is still on its way on the other.
    """
    content: dict[str, object] = {"comm_id": "new", "target_name": "jupyter.widget.control", "code": "1"}
    content["data"] = {"method": "custom", "content": {}}
    sent = {send(socket, kind, content, channel, version="1.0.0"): (kind, channel) for kind, channel in messages}
    fence, answered, awaited = send(socket, "kernel_info_request", {}), set(), {"shell", "iopub"}
    while awaited:
        message = json.loads(socket.recv(WAIT_SECONDS))
        parent = message["parent_header"].get("msg_id")
        answered |= {sent[parent]} if parent in sent else set()
        if parent == fence and message["content"].get("execution_state") != "busy":
            awaited.discard(message["channel"])
    return answered
