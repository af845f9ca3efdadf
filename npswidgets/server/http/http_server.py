"""The server's end of HTTP: how many connections there may be, how long each may take, and who goes when it is full.

A stranger is a connection whose last request brought no cookie of ours. Strangers have a bound in all, not by address,
since a whole council may be one; when it is reached, the oldest goes that comes from where most are. A browser that has
joined has a bound of its own, far above what one opens.
"""

import asyncio
import errno
import logging
import socket
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPHeaders, HTTPInputError, HTTPMessageDelegate
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.iostream import IOStream

from npswidgets.addresses import is_watched
from npswidgets.server.http.proxies import BY_SOCKET
from npswidgets.server.http.turns import Turns

REQUEST_SECONDS = 20
"""From the opening of a connection, or the end of an answer, to the last header of the next request."""

BODY_SECONDS = 30
ANSWER_SECONDS = 120
STRANGERS_ANSWER_SECONDS = 30
"""For some bytes of an answer to be taken, after those before: a large file may take as long as a bad Wi-Fi needs. A
stranger has only the way in to load."""

LONGEST_HEADERS_BYTES = 64 * 1024
LONGEST_FORM_BYTES = 64 * 1024
LONGEST_UNREAD_BYTES = 2**20
MOST_CONNECTIONS = 4000
MOST_STRANGERS = 1000
MOST_OF_A_BROWSER = 60
"""Browsers open six connections to a server, and a websocket for each page."""

ACCEPTED_AT_ONCE = 20
REST_SECONDS = 1.0
LOOK_SECONDS = 2.0
ANSWERED_SECONDS = 0.02
AF_UNIX = getattr(socket, "AF_UNIX", None)
FULL_SYSTEM = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Connection:
    """One connection.

    Attributes:
        peer: the address at its other end.
        address: whose its last request was, where the other end is a proxy.
        browser: whose its last request was; empty for a stranger.
        asked: whether a request of it is being answered, or it has become a websocket.
        is_socket: whether it has become a websocket.
        taken_bytes: how much of all answers the system had taken when that was last looked at.
        blocked_at: since when no more was taken of an answer that waits; None if none does.
    """

    stream: IOStream
    peer: str
    address: str
    browser: str = ""
    asked: bool = False
    is_socket: bool = False
    taken_bytes: int = 0
    blocked_at: float | None = field(default=None, repr=False)

    def has_taken(self) -> bool:
        """Whether some bytes were taken since this was last asked."""
        before, self.taken_bytes = self.taken_bytes, self.stream._total_write_done_index
        return self.taken_bytes > before


class WorkshopHTTPServer(HTTPServer):
    """Tornado's server with bounds.

    Args:
        browser_of: the browser that these headers are from; empty for a stranger.
        client_of: the address of who asks, by that of the connection and these headers.
        most: how many connections there may be.
    """

    def initialize(  # type: ignore[override]  # the base takes more options, which are set here
        self,
        application: Any,
        browser_of: Callable[[HTTPHeaders], str],
        most: int = MOST_CONNECTIONS,
        client_of: Callable[[str, HTTPHeaders], str] = lambda peer, _: peer,
    ) -> None:
        """Sets up the bounds; called by the constructor."""
        super().initialize(
            application,
            max_header_size=LONGEST_HEADERS_BYTES,
            max_body_size=LONGEST_FORM_BYTES,
            max_buffer_size=LONGEST_UNREAD_BYTES,
            idle_connection_timeout=REQUEST_SECONDS,
            body_timeout=BODY_SECONDS,
        )
        self._browser_of, self._client_of = browser_of, client_of
        self._most, self._most_strangers = most, min(MOST_STRANGERS, most // 2)
        self._turns = Turns()
        self._all: dict[IOStream, Connection] = {}
        self._strangers: dict[str, OrderedDict[Connection, None]] = {}
        self._browsers: dict[str, OrderedDict[Connection, None]] = {}
        self._looking = PeriodicCallback(self.look, LOOK_SECONDS * 1000)
        self._stopped = False

    @property
    def number(self) -> int:
        """How many connections there are, websockets too."""
        return len(self._all)

    def add_sockets(self, sockets: Iterable[socket.socket]) -> None:
        """Accepts what comes on these sockets."""
        for one in sockets:
            self._sockets[one.fileno()] = one
            self._handlers[one.fileno()] = accept_from(one, self._handle_connection)
        self._looking.start()

    def stop(self) -> None:
        """Takes no more connections or requests: whoever asks finds no server, and waits for the next one.

        What is being answered goes on.
        """
        self._looking.stop()
        super().stop()
        self._stopped = True
        for connection in [one for one in self._all.values() if not one.asked]:
            self._close(connection)

    async def answered(self, seconds: float) -> None:
        """Returns when all that was asked is answered, or after so many seconds."""
        end = time.monotonic() + seconds
        while any(one.asked and not one.is_socket for one in self._all.values()) and time.monotonic() < end:
            await asyncio.sleep(ANSWERED_SECONDS)

    def let_go(self) -> None:
        """Closes what is left: whoever still waits for an answer would be told that something has failed."""
        for connection in list(self._all.values()):
            self._close(connection)

    def handle_stream(self, stream: IOStream, address: Any) -> None:
        """Takes a new connection, if there is room or can be made."""
        peer = BY_SOCKET if stream.socket.family == AF_UNIX else address[0] if address else ""
        connection = Connection(stream, peer, peer)
        if not self._make_room():
            stream.close()
            return
        self._all[stream] = connection
        self._enter(connection)
        super().handle_stream(stream, address)

    def start_request(self, server_conn: Any, request_conn: Any) -> HTTPMessageDelegate:
        """Called when the next request of a connection is waited for."""
        stream = server_conn.stream
        connection = self._all.get(stream) or Connection(stream, "", "")  # it was closed just now
        connection.asked, connection.blocked_at = False, None
        if self._stopped:
            self._close(connection)
        return _Request(super().start_request(server_conn, request_conn), self, connection)

    def on_close(self, server_conn: Any) -> None:
        """A connection has ended, or has become a websocket."""
        super().on_close(server_conn)
        if server_conn.stream.closed():
            self._forget(server_conn.stream)
        elif connection := self._all.get(server_conn.stream):
            connection.is_socket = True

    def asked(self, connection: Connection, headers: HTTPHeaders, path: str = "") -> Any:
        """Called with the headers of a request; done when it is its turn."""
        if connection.stream not in self._all:
            return None
        self._leave(connection)
        connection.browser, connection.asked = self._browser_of(headers), True
        connection.address = self._client_of(connection.peer, headers)
        own = self._enter(connection)
        if connection.browser and len(own) > MOST_OF_A_BROWSER:
            self._close(next(iter(own)))
        directly = connection.address == connection.peer  # who comes by the proxy is a stranger to us, like any other
        if directly and is_watched(path) and self._turns.watch(connection.peer):
            return None
        return self._turns.come(connection.browser, connection.address, connection.stream.closed)

    def look(self) -> None:
        """Closes what takes nothing of its answer, and forgets websockets that have ended."""
        now = time.monotonic()
        for connection in list(self._all.values()):
            if connection.stream.closed():
                self._forget(connection.stream)
            elif not connection.asked or not connection.stream.writing():
                connection.blocked_at = None
            elif connection.blocked_at is None or connection.has_taken():
                connection.blocked_at = now
            else:
                allowed = ANSWER_SECONDS if connection.browser else STRANGERS_ANSWER_SECONDS
                if now - connection.blocked_at > allowed:
                    self._close(connection)

    def _make_room(self) -> bool:
        """Whether there is room for one more."""
        self._thin_out_strangers(self._most_strangers - 1)
        if len(self._all) < self._most:
            return True
        self.look()
        if len(self._all) >= self._most and self._strangers:
            self._thin_out_strangers(sum(map(len, self._strangers.values())) - 1)
        if len(self._all) >= self._most:
            idle = next((one for one in self._all.values() if not one.asked), None)
            if idle:
                self._close(idle)
        return len(self._all) < self._most

    def _thin_out_strangers(self, most: int) -> None:
        """The oldest of those go that come from where most do."""
        while sum(map(len, self._strangers.values())) > most:
            crowd = max(self._strangers, key=lambda address: len(self._strangers[address]))
            self._close(next(iter(self._strangers[crowd])))

    def _close(self, connection: Connection) -> None:
        connection.stream.close()
        self._forget(connection.stream)

    def _forget(self, stream: IOStream) -> None:
        connection = self._all.pop(stream, None)
        if connection is not None:
            self._leave(connection)

    def _enter(self, connection: Connection) -> OrderedDict[Connection, None]:
        """Adds a connection, as the newest, to those that count together with it, and gives them."""
        together, name = self._together(connection)
        own = together.setdefault(name, OrderedDict())
        own[connection] = None
        return own

    def _leave(self, connection: Connection) -> None:
        together, name = self._together(connection)
        del together[name][connection]
        if not together[name]:
            del together[name]

    def _together(self, connection: Connection) -> tuple[dict[str, OrderedDict[Connection, None]], str]:
        """Where a connection counts: its browser's, or for a stranger those of its address."""
        if connection.browser:
            return self._browsers, connection.browser
        return self._strangers, connection.address


class _Request(HTTPMessageDelegate):
    """A request, which tells the server when its headers are there."""

    def __init__(self, inner: HTTPMessageDelegate, server: WorkshopHTTPServer, connection: Connection) -> None:
        self._inner, self._server, self._connection = inner, server, connection
        self.data_received, self.finish = inner.data_received, inner.finish  # type: ignore[method-assign]
        self._began = False

    async def headers_received(self, start_line: Any, headers: HTTPHeaders) -> None:
        """Waits for its turn, then goes on."""
        if cookies := headers.get("Cookie"):
            headers["Cookie"] = nearest(cookies)
        turn = self._server.asked(self._connection, headers, start_line.path.partition("?")[0])
        if turn is not None:
            await turn
            if self._connection.stream.closed():
                raise HTTPInputError("It was closed while it waited.")
        self._began = True
        going_on = self._inner.headers_received(start_line, headers)
        if going_on is not None:
            await going_on

    def on_connection_close(self) -> None:
        """Passes on that nobody waits any more."""
        if self._began:
            self._inner.on_connection_close()


def nearest(cookies: str) -> str:
    """A header with one cookie of each name: a browser names that of the longest path first, and others read the last.

    >>> nearest("nps-token-1=ours; other=x; nps-token-1=of-the-root")
    'nps-token-1=ours; other=x'
    """
    kept: dict[str, str] = {}
    for one in cookies.split(";"):
        kept.setdefault(one.partition("=")[0].strip(), one.strip())
    return "; ".join(kept.values())


def accept_from(sock: socket.socket, take: Callable[[socket.socket, Any], None]) -> Callable[[], None]:
    """Accepts connections a few at a time; rests for a second where the system has no room. Gives what ends it."""
    loop = IOLoop.current()
    again: list[object] = []

    def accept(*_: Any) -> None:
        for _number in range(ACCEPTED_AT_ONCE):
            try:
                connection, address = sock.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in FULL_SYSTEM:
                    log.error("The system has no room for more connections (%s).", error.strerror)
                    rest()
                return
            take(connection, address)

    def rest() -> None:
        loop.remove_handler(sock)
        again.append(loop.call_later(REST_SECONDS, listen))

    def listen() -> None:
        again.clear()
        loop.add_handler(sock, accept, IOLoop.READ)

    def stop() -> None:
        for one in again:
            loop.remove_timeout(one)
        if not again:
            loop.remove_handler(sock)

    listen()
    return stop
