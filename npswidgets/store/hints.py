"""Hints that there is something new: a word to whoever listens, after the commit. They say nothing but "look".

But for what is kept nowhere, such as who writes now: that is told by a hint alone.

`NPS_LIVE` holds two addresses, of where hints are sent and of where they come from; without it there are none. A hint
may be lost: whoever listens looks again by itself after a while. Several servers of one PostgreSQL tell each other by
the transaction itself (`postgresql.py`); while a server hears the others, it says so, and its screens look less often.
"""

import asyncio
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Literal, TypeAlias

from sqlalchemy import Connection

from npswidgets import settings

if TYPE_CHECKING:
    import zmq.asyncio

Topic: TypeAlias = Literal["public", "ballots", "writing", "access", "log"]
"""What is new: the record; votes and people who join, which only screens that count hear of at once; who writes; and
for the server, that somebody is not let in any more, and what belongs into its log (`happened.py`)."""

EVERYWHERE = ""
"""In place of a workshop, for who hears of all of them."""

FOR_SERVERS: tuple[Topic, ...] = "public", "ballots", "access"
"""What other servers of the same database hear of: what is stored in it."""

HEARS_OTHERS, HEARS_NOBODY = f"{EVERYWHERE}/servers are heard", f"{EVERYWHERE}/servers are lost"
"""What a server says to its screens again and again, and when that is over."""

SURE_SECONDS = 20.0
"""For so long a screen counts on what its server has said of that."""

_KEY = "hints"
_HELD_BACK = 1000
_own = threading.local()

told_here: Callable[[str], None] | None = None
"""Where there is no server: who hears what it would be told, in this process. A command sets it."""


def note(db: Connection, workshop: str, topic: Topic, words: str = "") -> None:
    """Marks what this transaction changes."""
    db.info.setdefault(_KEY, {})[f"{workshop}/{topic} {words}".rstrip()] = None


@contextmanager
def told_after_commit(db: Connection) -> Iterator[None]:
    """Around the block that commits: what was noted in it is told when it has ended well."""
    noted = db.info[_KEY] = dict[str, None]()  # in the order in which it was marked
    yield
    for one in noted:
        _tell(one)


def tell(workshop: str, topic: Topic, words: str) -> None:
    """Tells something that is kept nowhere."""
    _tell(f"{workshop}/{topic} {words}")


def noted(db: Connection) -> list[str]:
    """What other servers hear of this transaction: workshop and topic, without a word more."""
    return [*dict.fromkeys(one for hint in db.info.get(_KEY, ()) if is_for_servers(one := hint.partition(" ")[0]))]


def is_for_servers(hint: str) -> bool:
    """Whether it may come from another server."""
    return hint.rpartition("/")[2] in FOR_SERVERS


def pass_on(hint: str) -> None:
    """Tells the screens of this server what the server has heard."""
    _tell(hint)


def tell_no_more() -> None:
    """Closes what this thread tells by, before it ends."""
    if hasattr(_own, "socket"):
        _own.socket.close(linger=0)
        del _own.socket, _own.address


def own_server() -> str:
    """What the processes of one server have in common, and those of no other one; "-" where there is no server."""
    addresses = os.environ.get(settings.NPS_LIVE)
    return hashlib.blake2b(addresses.encode(), digest_size=8).hexdigest() if addresses else "-"


class Listener:
    """Hears of news in one workshop.

    Args:
        of_servers: also whether the server hears what others store.
    """

    def __init__(self, workshop: str, *topics: Topic, of_servers: bool = False) -> None:
        self._socket = _connected(workshop, topics, of_servers)
        self._sure_until = 0.0

    @property
    def hears(self) -> bool:
        """Whether there is anybody to tell."""
        return self._socket is not None

    @property
    def hears_all(self) -> bool:
        """Whether nothing is stored anywhere that is not told here."""
        return asyncio.get_running_loop().time() < self._sure_until

    async def wait(self, seconds: float) -> None:
        """Returns when there is a hint, or when the time is over; many hints at once are one."""
        if self._socket is None:
            await asyncio.sleep(seconds)
            return
        loop = asyncio.get_running_loop()
        until, told = loop.time() + seconds, False
        while await self._socket.poll(0 if told else max(0, round(1000 * (until - loop.time())))):
            hint = await self._socket.recv()
            if hint == HEARS_OTHERS.encode():
                self._sure_until = loop.time() + SURE_SECONDS
                continue
            if hint == HEARS_NOBODY.encode():
                self._sure_until = 0.0
            told = True

    async def next(self) -> str:
        """What is told next; there has to be somebody to tell."""
        assert self._socket is not None
        return (await self._socket.recv_string()).partition(" ")[2]

    def close(self) -> None:
        """Hears no more."""
        if self._socket is not None:
            self._socket.close(linger=0)


def _connected(workshop: str, topics: tuple[Topic, ...], of_servers: bool) -> "zmq.asyncio.Socket | None":
    addresses = os.environ.get(settings.NPS_LIVE)
    if not addresses:
        return None
    import zmq.asyncio

    socket = zmq.asyncio.Context(zmq.Context.instance()).socket(zmq.SUB)  # no second context, which is two threads
    for topic in topics:
        socket.subscribe(f"{workshop}/{topic}")
    if of_servers:
        socket.subscribe(HEARS_OTHERS)
        socket.subscribe(HEARS_NOBODY)
    socket.connect(addresses.split()[1])
    return socket


def _tell(hint: str) -> None:
    """Sends a hint, which never waits and never fails: it is only a hint."""
    addresses = os.environ.get(settings.NPS_LIVE)
    if not addresses:
        if told_here is not None:
            told_here(hint)
        return
    import zmq

    with suppress(zmq.ZMQError):
        _speaker(addresses.split()[0]).send_string(hint, zmq.NOBLOCK)


def _speaker(address: str) -> "zmq.Socket[bytes]":
    """The socket of this thread; it keeps what it is to send until it is connected, which PUB would not."""
    import zmq

    if getattr(_own, "address", None) != address:
        tell_no_more()
        _own.socket, _own.address = zmq.Context.instance().socket(zmq.PUSH), address
        _own.socket.sndhwm, _own.socket.linger = _HELD_BACK, 0
        _own.socket.connect(address)
    speaker: zmq.Socket[bytes] = _own.socket
    return speaker
