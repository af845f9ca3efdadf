"""Hints that there is something new: a word to whoever listens, after the commit. They say nothing but "look".

But for what is kept nowhere, such as who writes now: that is told by a hint alone.

`NPS_LIVE` holds two addresses, of where hints are sent and of where they come from; without it there are none. A hint
may be lost: whoever listens looks again by itself after a while.
"""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Literal, TypeAlias

from sqlalchemy import Connection

from npswidgets import settings

if TYPE_CHECKING:
    import zmq.asyncio

Topic: TypeAlias = Literal["public", "ballots", "writing", "access"]
"""What is new: the record; votes and people who join, which only screens that count hear of at once; who writes; and
for the server, that somebody is not let in any more."""

EVERYWHERE = ""
"""In place of a workshop, for who hears of all of them."""

_KEY = "hints"
_HELD_BACK = 1000
_own = threading.local()


def note(db: Connection, workshop: str, topic: Topic) -> None:
    """Marks what this transaction changes."""
    db.info.setdefault(_KEY, set()).add(f"{workshop}/{topic}")


@contextmanager
def told_after_commit(db: Connection) -> Iterator[None]:
    """Around the block that commits: what was noted in it is told when it has ended well."""
    noted = db.info[_KEY] = set[str]()
    yield
    for one in noted:
        _tell(one)


def tell(workshop: str, topic: Topic, words: str) -> None:
    """Tells something that is kept nowhere."""
    _tell(f"{workshop}/{topic} {words}")


class Listener:
    """Hears of news in one workshop."""

    def __init__(self, workshop: str, *topics: Topic) -> None:
        self._socket = _connected(workshop, topics)

    @property
    def hears(self) -> bool:
        """Whether there is anybody to tell."""
        return self._socket is not None

    async def wait(self, seconds: float) -> None:
        """Returns when there is a hint, or when the time is over; many hints at once are one."""
        if self._socket is None:
            await asyncio.sleep(seconds)
            return
        waiting = round(seconds * 1000)
        while await self._socket.poll(waiting):
            await self._socket.recv()
            waiting = 0

    async def next(self) -> str:
        """What is told next; there has to be somebody to tell."""
        assert self._socket is not None
        return (await self._socket.recv_string()).partition(" ")[2]

    def close(self) -> None:
        """Hears no more."""
        if self._socket is not None:
            self._socket.close(linger=0)


def _connected(workshop: str, topics: tuple[Topic, ...]) -> "zmq.asyncio.Socket | None":
    addresses = os.environ.get(settings.NPS_LIVE)
    if not addresses:
        return None
    import zmq.asyncio

    socket = zmq.asyncio.Context(zmq.Context.instance()).socket(zmq.SUB)  # no second context, which is two threads
    for topic in topics:
        socket.subscribe(f"{workshop}/{topic}")
    socket.connect(addresses.split()[1])
    return socket


def _tell(hint: str) -> None:
    """Sends a hint, which never waits and never fails: it is only a hint."""
    addresses = os.environ.get(settings.NPS_LIVE)
    if not addresses:
        return
    import zmq

    with suppress(zmq.ZMQError):
        _speaker(addresses.split()[0]).send_string(hint, zmq.NOBLOCK)


def _speaker(address: str) -> "zmq.Socket[bytes]":
    """The socket of this thread; it keeps what it is to send until it is connected, which PUB would not."""
    import zmq

    if getattr(_own, "address", None) != address:
        if hasattr(_own, "socket"):
            _own.socket.close(linger=0)
        _own.socket, _own.address = zmq.Context.instance().socket(zmq.PUSH), address
        _own.socket.sndhwm, _own.socket.linger = _HELD_BACK, 0
        _own.socket.connect(address)
    speaker: zmq.Socket[bytes] = _own.socket
    return speaker
