"""A page's connection to its kernel: quick answers, and fewer messages than a browser could send."""

import logging
import re
from asyncio import Future, ensure_future, sleep, wait_for
from collections.abc import Awaitable, Callable
from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from npswidgets.server.kernels.frames import NotTaken, Unreadable, read_frame
from npswidgets.server.kernels.pace import Pace

MOST_PAGES = 3
"""Connections to one kernel. Each page has a kernel of its own; while it connects again there may be two."""
OPENING_COSTS = 5
"""A new connection counts as so many messages."""
PATIENCE_SECONDS = 5
"""Whoever connects so often that the next connection would have to wait longer is refused."""
MOST_UNSENT_BYTES = 2 * 2**20
"""What is kept for a page that does not read, beside the newest message; all widgets of 59 topics take 0.12 MB."""
SESSION_ID = re.compile(r"[\w-]{0,64}", re.ASCII)
UNREADABLE, TOO_MUCH, LATER = 1007, 1008, 1013
"""Codes of RFC 6455 with which a connection is closed."""

log = logging.getLogger(__name__)


class KernelSocket(VoilaKernelWebsocketHandler):  # type: ignore[misc]  # Voila has no types
    """The websocket of a page."""

    def write_error(self, status_code: int, **_: Any) -> None:
        """Refuses in a word: there is nobody to read a page."""
        self.finish(str(status_code))

    _unsent = 0

    async def pre_get(self) -> None:
        """Finds the kernel; the name that a page gives to its connection becomes that of a socket."""
        if not SESSION_ID.fullmatch(self.get_argument("session_id", "")):
            raise HTTPError(400)
        await super().pre_get()

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """None for a page that has opened a newer connection before this one stood."""
        return super().select_subprotocol(subprotocols) if self.connection else None

    async def open(self, kernel_id: str) -> None:
        """Connects, unless there is a newer connection; where the kernel dies meanwhile the page has to ask again."""
        connection = self.connection
        if not connection or connection.has_ended:
            self.close()
            return
        try:
            await super().open(kernel_id)
        except (HTTPError, TimeoutError):
            connection.end(LATER)

    def on_close(self) -> None:
        """Lets go of the kernel."""
        if self.connection:
            super().on_close()

    def on_message(self, ws_message: str | bytes) -> Awaitable[None] | None:
        """Takes a message; where there are too many of them the next one is not even read before its time."""
        connection = self.connection
        if connection is None or connection.has_ended:
            return None
        return _after(connection.pace.take_bytes(len(ws_message)), connection.handle_incoming_message, ws_message)

    def on_ping(self, data: bytes) -> None:  # noqa: ARG002 (the interface)
        """No browser sends one; whoever sends many of them is cut off, since nothing makes him wait."""
        if self.connection and self.connection.pace.take(1) > PATIENCE_SECONDS:
            self.connection.end(TOO_MUCH)

    def on_pong(self, data: bytes) -> Awaitable[None] | None:
        """The page is there; more of these than were asked for are waited for like messages."""
        seconds = self.connection.pace.take(1) if self.connection else 0.0
        return _after(seconds, super().on_pong, data)

    def write_message(self, message: Any, binary: bool = False) -> Future[None]:
        """Sends a message; one to a page that has just gone is dropped, since a page that comes back asks for all."""
        try:
            sent: Future[None] = super().write_message(message, binary)
        except WebSocketClosedError:
            sent = Future()
            sent.set_result(None)
        self._count(sent, len(message))
        return sent

    def _count(self, sent: Future[None], length: int) -> None:
        """Lets go of a page that does not read what it should hear: it would be kept for good."""

        def done(one: Future[None]) -> None:
            self._unsent -= length
            one.cancelled() or one.exception()

        before = self._unsent
        self._unsent += length
        sent.add_done_callback(done)
        if before > MOST_UNSENT_BYTES and self.connection:
            log.warning("A page has not read what it was sent; its connection was closed.")
            self.connection.end(LATER)


def _after(seconds: float, act: Callable[[Any], None], what: Any) -> Awaitable[None] | None:
    """Does something, at once if there is nothing to wait for; whoever awaits this reads nothing meanwhile."""
    if seconds <= 0:
        act(what)
        return None

    async def later() -> None:
        await sleep(seconds)
        act(what)

    return later()


class WorkshopConnection(ZMQChannelsWebsocketConnection):
    """Between a websocket and a kernel.

    To a kernel that was prepared it opens two sockets, where Jupyter opens eight for each page: that kernel is known to
    stand, tells by itself when it will be heard, and asks nobody for input.
    """

    _has_complained = _has_connected = False
    _heard: Future[None] | None = None

    async def prepare(self) -> None:
        """Waits until the kernel stands.

        Raises:
            HTTPError: its pages connect too often.
        """
        if self.pace.take(OPENING_COSTS) > PATIENCE_SECONDS:
            raise HTTPError(429)
        if self.kernel_manager.is_prepared:
            await self._register_session()
            self.session.key = self.kernel_manager.session.key
        else:
            await super().prepare()

    def create_stream(self) -> None:
        """Opens the sockets."""
        kernel = self.kernel_manager
        if not kernel.is_prepared:
            super().create_stream()
            return
        for name, connect in (("iopub", kernel.connect_iopub), ("shell", kernel.connect_shell)):
            self.channels[name] = connect(identity=self.session.bsession)
            self.channels[name].channel = name

    def nudge(self) -> Future[None]:
        """Done when the page will hear all that the kernel says."""
        if not self.kernel_manager.is_prepared:
            return super().nudge()
        self._heard = Future()
        self.channels["iopub"].on_recv(lambda _: self._hear())
        return ensure_future(wait_for(self._heard, self.kernel_info_timeout))

    def _hear(self) -> None:
        if self._heard and not self._heard.done():
            self._heard.set_result(None)

    def connect(self) -> Any:
        """Connects without Nagle's algorithm: a click's second reply else waits for the phone's acknowledgement.

        Raises:
            HTTPError: the kernel has ended.
        """
        kernels, known = self.multi_kernel_manager, self.kernel_id in self.multi_kernel_manager
        if not known or kernels.get_kernel(self.kernel_id) is not self.kernel_manager:
            raise HTTPError(404)
        self._has_connected = True
        self.websocket_handler.set_nodelay(True)
        connected = super().connect()
        if connected is None:
            raise HTTPError(404)
        return connected

    async def _register_session(self) -> None:
        """Takes over from the page's connection before this one, which else would still hear the kernel for seconds."""
        before = self._open_sessions.get(f"{self.kernel_id}:{self.session.session}")
        if before and before.connection:
            before.connection.disconnect()
        await super()._register_session()
        pages: list[WorkshopConnection] = self.kernel_manager.pages
        pages.append(self)
        while len(pages) > MOST_PAGES:
            pages[0].end(TOO_MUCH)

    def disconnect(self) -> Any:
        """Lets go of the kernel, once: by the time that the websocket is closed, another one may have its id."""
        if not self.has_ended:
            if not self._has_connected:  # else one page fewer would be counted than there are
                self.multi_kernel_manager.notify_connect(self.kernel_id)
            super().disconnect()
            if not self.has_ended:  # it had not connected
                self._close_future.set_result(None)
            self.channels = {}
            self._hear()  # nobody waits for it any more
            if self in self.kernel_manager.pages:
                self.kernel_manager.pages.remove(self)

    @classmethod
    def end_all(cls, kernel_id: str) -> None:
        """Closes every page's connection to a kernel that has ended, which they would not notice by themselves.

        Its sockets go at once: left to themselves they would find the next kernel of this id, and take a page's place.
        """
        for one in list(cls._open_sockets):
            if one.kernel_id == kernel_id:
                for stream in one.channels.values():
                    stream.close(linger=0)
                one.disconnect()
                one.websocket_handler.close()

    @property
    def has_ended(self) -> bool:
        """Whether this connection has let go of its kernel."""
        return self._close_future.done()

    @property
    def pace(self) -> Pace:
        """That of all connections to this kernel."""
        pace: Pace = self.kernel_manager.pace
        return pace

    @property
    def takes_updates(self) -> bool:
        """Whether its page may set traits: somebody has added widgets of Jupyter's own to its notebook."""
        if self.kernel_manager.is_prepared or (grant := self.multi_kernel_manager.owner_of(self.kernel_id)) is None:
            return False
        added: bool = self.websocket_handler.settings["notebooks"].is_added_to(grant.actor.role)
        return added

    def end(self, code: int) -> None:
        """Closes the page's websocket; its page connects again, and asks for all that it holds."""
        self.disconnect()
        self.websocket_handler.close(code)

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Passes a message on to the kernel, if a page may send it; who sends what no page does is cut off."""
        if not self.channels:
            return
        try:
            message = read_frame(incoming_msg, self.subprotocol, self.takes_updates)
        except NotTaken as refused:
            self._say("A message from a page was not passed on. %s", refused)
        except Unreadable as refused:
            self._say("A message from a page cannot be read; its connection was closed. %s", refused)
            self.end(UNREADABLE)
        else:
            self.pace.take(message.costs)
            self.session.send_raw(self.channels["shell"], list(message.parts))

    def _say(self, words: str, why: Exception) -> None:
        """Once for each connection: a page may send a thousand of them."""
        if not self._has_complained:
            self._has_complained = True
            log.warning(words, why)
