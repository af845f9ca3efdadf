"""A participant's page is played through before kernels are forked, so that each finds all of its code in use already.

Python prepares code when it has run a few times, and writes that beside it; SQLAlchemy keeps what it made of a
statement. What a kernel writes into memory that it shares costs it a copy, and time. The page shows the
example, and goes again.
"""

import asyncio
import os
import secrets
from itertools import cycle
from typing import Any

import ipywidgets
import zmq
from jupyter_client.session import Session

from npswidgets import settings
from npswidgets.screens import participant
from npswidgets.server.kernels.screen_kernel import CONTROL, ScreenComm, ScreenKernel
from npswidgets.store.example import open_example
from npswidgets.store.participant_store import ParticipantStore
from npswidgets.store.warm_database import WarmDatabase

TIMES = 12
"""Python 3.11 prepares code after eight times."""


def warm_up(database: WarmDatabase | None, times: int = TIMES) -> int:
    """Plays a page through; no widget, thread, file or connection is left of it, and nobody hears of it.

    How many votes were taken: one each time, else it is of little use.

    Args:
        database: an empty one that is used; None for one of its own.
        times: how often; once is enough for what SQLAlchemy keeps.
    """
    os.environ.pop(settings.NPS_LIVE, None)
    store = open_example(ParticipantStore, database.engine if database else None)
    taken = asyncio.run(_play(store, times))
    ipywidgets.Widget.close_all()
    return taken


async def _play(store: ParticipantStore, times: int) -> int:
    taken = 0
    session = Session(key=b"nobody's")
    page = _Page(session)
    ScreenComm.kernel = kernel = ScreenKernel(session, _Nobody())  # type: ignore[arg-type]  # as much of a socket as it needs
    code = next(code for code, topic in store.workshop.topics.items() if topic.running)
    vote = store.workshop.topics[code].rounds[-1]
    levels = cycle(vote.scale.values)
    for _ in range(times):
        screen = participant.build()
        following = screen.attach(ParticipantStore(store._engine, store.actor))
        said = {"id": secrets.token_hex(16), "code": code, "round": vote.number, "answer": next(levels)}
        page.say("kernel_info_request", {})
        page.say("comm_open", {"comm_id": "control", "target_name": CONTROL, "data": {}}, {"version": "1.0.0"})
        page.say("comm_msg", {"comm_id": "control", "data": {"method": "request_states"}})
        page.say("comm_msg", _custom(screen.pad, {"kind": "look"}))
        page.say("comm_msg", _custom(screen.pad, {"kind": "cast", **said, "replaces": page.saved}))
        page.say("comm_close", {"comm_id": "control", "data": {}})
        kernel.answer_all(page)  # type: ignore[arg-type]
        page.saved = screen.pad.saved.get("ballot")
        taken += page.saved == said["id"]
        await asyncio.sleep(0)
        following.cancel()
        ipywidgets.Widget.close_all()
    ScreenComm.kernel = None
    return taken


class _Nobody:
    """Who listens to a kernel: nobody comes, and what is said goes nowhere."""

    def recv_multipart(self, _: int) -> list[bytes]:
        raise zmq.Again

    def send_multipart(self, *_: Any, **__: Any) -> None:
        pass


class _Page(_Nobody):
    """The other end of a kernel: what it says is in the queue."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._said: list[list[bytes]] = []
        self.saved: str | None = None

    def say(self, kind: str, content: dict[str, Any], metadata: dict[str, Any] | None = None) -> None:
        message = self._session.msg(kind, content, metadata=metadata)
        self._said.append(self._session.serialize(message, b"page"))

    def recv_multipart(self, _: int) -> list[bytes]:
        if not self._said:
            raise zmq.Again
        return self._said.pop(0)


def _custom(widget: ipywidgets.Widget, content: dict[str, Any]) -> dict[str, Any]:
    return {"comm_id": widget.model_id, "data": {"method": "custom", "content": content}}
