"""A prepared kernel, forked or a process of its own: it holds one screen and takes its messages, and runs no code.

It speaks Jupyter's protocol like any kernel, in one thread beside those of ZeroMQ. ipykernel has twelve, and a shell,
history, debugger, configuration and output capture: three quarters of the time that a page took to open.
"""

import asyncio
import itertools
import json
import logging
import secrets
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import comm
import zmq
from comm.base_comm import BaseComm
from ipywidgets.widgets.widget import _instances
from jupyter_client.session import Session

from npswidgets.server.kernels.states import states_for_page

PROTOCOL = "5.3"
CONTROL = "jupyter.widget.control"
MOST_OPENED = 16
"""Lines that pages have opened to ask for all widgets; each closes its own as soon as it has heard."""
LAST_WORDS_MS = 200
INFO = {
    "status": "ok",
    "protocol_version": PROTOCOL,
    "implementation": "npswidgets",
    "implementation_version": "1",
    "language_info": {"name": "python", "mimetype": "text/x-python", "file_extension": ".py"},
    "banner": "A screen of a workshop",
    "help_links": [],
}

Socket: TypeAlias = "zmq.Socket[bytes]"

log = logging.getLogger(__name__)


class ScreenComm(BaseComm):
    """A widget's line to its page; nothing goes through it while there is no kernel.

    Attributes:
        kernel: the one of this process.
    """

    kernel: "ScreenKernel | None" = None

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        """Says something to all pages of this kernel."""
        if self.kernel is not None:
            content = {"data": data or {}, "comm_id": self.comm_id, **keys}
            self.kernel.publish(msg_type, content, self.topic, metadata, buffers)

    def handle_msg(self, msg: Any) -> None:
        """Hands a message to the widget; what it cannot take is no more than that."""
        try:
            super().handle_msg(msg)
        except Exception as error:  # its text may hold what was sent
            log.warning("A widget could not take a message: %s", type(error).__name__)


def prepare_widgets() -> None:
    """Widgets that are made from now on speak through this process's kernel. A page may ask for them, and make none."""
    comm.create_comm = ScreenComm
    comm.get_comm_manager().register_target(CONTROL, hear_control)
    logging.getLogger("Comm").setLevel(logging.CRITICAL)  # it would write down what pages send


def hear_control(line: BaseComm, _: Any) -> None:
    """Answers a page that asks on this line for its widgets."""

    def answer(message: dict[str, Any]) -> None:
        if ScreenComm.kernel is not None:
            ScreenComm.kernel.tell_states(line, message["content"]["data"])

    line.on_msg(answer)


def name_widgets(name: str) -> None:
    """Widgets that are made from now on are called by this name and a number.

    The same code makes the same ones, so that a page can go on with another kernel than the one it was opened with.
    """
    numbers = itertools.count(1)
    comm.create_comm = lambda **about: ScreenComm(**{"comm_id": f"{name}-{next(numbers)}", **about})


def keep_only(screen: str) -> None:
    """Forgets all widgets but those of one screen, so that a page can ask for none of another's.

    Args:
        screen: the id of its widget, which begins with the name of all of them.
    """
    name = screen.rpartition("-")[0]
    for known in (comm.get_comm_manager().comms, _instances):
        for one in [one for one in known if one.rpartition("-")[0] != name]:
            del known[one]


def run_screen(connection_file: str, open_screen: Callable[[], None]) -> None:
    """Runs a kernel whose widgets were made before it was there; returns when it has been shut down.

    Args:
        open_screen: called when the event loop runs, before the first message of a page.
    """
    # Windows' own loop waits for no socket of ZeroMQ
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(_run(json.loads(Path(connection_file).read_text()), open_screen))
    zmq.Context.instance().destroy(linger=LAST_WORDS_MS)


async def _run(connection: dict[str, Any], open_screen: Callable[[], None]) -> None:
    session = Session(key=connection["key"].encode(), signature_scheme=connection["signature_scheme"])
    shell, control, iopub = (
        _bound(connection, name, kind)
        for name, kind in (("shell", zmq.ROUTER), ("control", zmq.ROUTER), ("iopub", zmq.XPUB))
    )
    iopub.xpub_verbose = True  # also a second page's subscription
    ScreenComm.kernel = kernel = ScreenKernel(session, iopub)
    open_screen()
    loop = asyncio.get_running_loop()
    for socket, take in ((shell, kernel.answer_all), (control, kernel.answer_all), (iopub, kernel.welcome_all)):
        loop.add_reader(int(socket.fd), take, socket)
        take(socket)
    await kernel.ended.wait()


class ScreenKernel:
    """Answers what a page asks: who are you, which widgets are there, what is in them.

    Attributes:
        ended: set when the server has asked it to end.
    """

    def __init__(self, session: Session, iopub: Socket) -> None:
        self.ended = asyncio.Event()
        self._session, self._iopub = session, iopub
        self._parent: dict[str, Any] = {}
        self._opened: deque[str] = deque()
        self._epoch, self._revision = secrets.token_hex(4), 0
        self._changed: dict[str, int] = {}
        comms = comm.get_comm_manager()
        self._answers: dict[str, Callable[[Any, Any, dict[str, Any]], Any]] = {
            "kernel_info_request": lambda *_: INFO,
            "comm_info_request": lambda *_: {"status": "ok", "comms": _widgets()},
            "comm_open": self._open_line,
            "comm_msg": comms.comm_msg,
            "comm_close": self._close_line,
            "shutdown_request": lambda *_: {"status": "ok", "restart": False},
        }

    def publish(
        self, kind: str, content: dict[str, Any], topic: bytes = b"", metadata: Any = None, buffers: Any = None
    ) -> None:
        """Says something to all pages, as an effect of the message that is being answered, if there is one."""
        if kind == "comm_msg" and content["data"].get("method") == "update":
            self._revision += 1
            self._changed[content["comm_id"]] = self._revision
            metadata = {"revision": self._revision}
        self._session.send(
            self._iopub, kind, content, self._parent, ident=topic, metadata=metadata or {}, buffers=buffers
        )
        self.welcome_all(self._iopub)  # sending may have swallowed the sign that a page has come

    def states(self, since: int = -1) -> dict[str, Any]:
        """What is in all widgets, or in those that have changed since a revision; and which revision this is."""
        states = states_for_page(self._changed, since)
        return {"epoch": self._epoch, "revision": self._revision, "states": states}

    def tell_states(self, line: BaseComm, asked: dict[str, Any]) -> None:
        """Answers a page that asks for its widgets; one that says what it has seen of this kernel gets what is new."""
        if asked.get("method") == "request_states":
            seen = asked.get("seen")
            since = seen.get("revision") if isinstance(seen, dict) and seen.get("epoch") == self._epoch else -1
            line.send(
                {"method": "update_states", **self.states(since if type(since) is int else -1), "buffer_paths": []}
            )

    def answer_all(self, socket: Socket) -> None:
        """Answers all messages that are there; the sign that there are some comes only once."""
        while (parts := _received(socket)) is not None:
            try:
                whose, signed = self._session.feed_identities(parts)
                self._answer(socket, whose, self._session.deserialize(signed))
            except Exception as error:  # whoever sent it, the next one has to be read
                log.warning("A kernel got a message that it cannot read: %s", type(error).__name__)

    def _answer(self, socket: Socket, whose: Any, message: dict[str, Any]) -> None:
        self._parent, kind = message, message["msg_type"]
        says_so = not kind.startswith("comm_")  # a page of ours does not ask, and each would be two frames more
        if says_so:
            self.publish("status", {"execution_state": "busy"})
        answer = self._answers.get(kind, _nothing)(socket, whose, message)
        if answer is not None:
            self._session.send(socket, kind.replace("request", "reply"), answer, message, ident=whose)
        if says_so:
            self.publish("status", {"execution_state": "idle"})
        self._parent = {}
        if kind == "shutdown_request":
            self.ended.set()

    def _open_line(self, socket: Any, whose: Any, message: dict[str, Any]) -> None:
        """Opens a page's line to ask for all widgets, and closes the oldest where there are too many."""
        comms, wanted = comm.get_comm_manager(), message["content"]["comm_id"]
        if wanted in comms.comms or message["content"]["target_name"] != CONTROL:
            return
        self._opened.append(wanted)
        while len(self._opened) > MOST_OPENED:
            comms.comms.pop(self._opened.popleft(), None)
        comms.comm_open(socket, whose, message)

    def _close_line(self, socket: Any, whose: Any, message: dict[str, Any]) -> None:
        """Closes a line that a page has opened; widgets stay."""
        if message["content"]["comm_id"] in self._opened:
            self._opened.remove(message["content"]["comm_id"])
            comm.get_comm_manager().comm_close(socket, whose, message)

    def welcome_all(self, socket: Socket) -> None:
        """Tells each page that has just subscribed that it will hear all from now on."""
        while (subscription := _received(socket)) is not None:
            if subscription[0][:1] == b"\1":
                topic = subscription[0][1:]
                welcome = {"subscription": topic.decode(errors="replace")}
                self._session.send(socket, "iopub_welcome", welcome, ident=topic)


def _widgets() -> dict[str, dict[str, str]]:
    """What there is: a page that is so busy that it did not take the states in time asks for each by itself."""
    return {comm_id: {"target_name": one.target_name} for comm_id, one in comm.get_comm_manager().comms.items()}


def _bound(connection: dict[str, Any], name: str, kind: int) -> Socket:
    socket: Socket = zmq.Context.instance().socket(kind)
    if kind == zmq.ROUTER:
        socket.router_handover = True  # a page that connects again has its old name, and the old line may be dumb
    between = "-" if connection["transport"] == "ipc" else ":"
    socket.bind(f"{connection['transport']}://{connection['ip']}{between}{connection[f'{name}_port']}")
    return socket


def _received(socket: Socket) -> list[bytes] | None:
    try:
        return socket.recv_multipart(zmq.NOBLOCK)
    except zmq.Again:
        return None


def _nothing(*_: Any) -> None:
    """The answer to what this kernel does not know."""
