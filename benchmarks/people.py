"""People without browsers: each opens a page over HTTP, and its kernel's websocket as the page's scripts would."""

import asyncio
import json
import os
import re
import time
from dataclasses import dataclass, field
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tornado.httpclient import HTTPRequest, HTTPResponse
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

PROTOCOL = "v1.kernel.websocket.jupyter.org"
LONGEST_SECONDS = 120.0
LONGEST: Any = {"connect_timeout": LONGEST_SECONDS, "request_timeout": LONGEST_SECONDS}
COMM = "bench-control"


@dataclass(eq=False)
class Person:
    """One page of one person.

    Attributes:
        base: the server's address, without a slash at the end.
        states: the state of each widget by its model's id, as the page last heard.
        connections: how many there were; what an older one says is not heard.
        counted: when a facilitator's page has counted so many votes.
    """

    base: str
    cookies: dict[str, str] = field(default_factory=dict)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    socket: WebSocketClientConnection | None = None
    kernel: str = ""
    connections: int = 0
    counted: dict[int, float] = field(default_factory=dict)

    async def get(self, path: str) -> HTTPResponse:
        """A page."""
        return await self._fetch(path)

    async def post(self, path: str, form: dict[str, str] | None = None) -> HTTPResponse:
        """The answer to a form with its token, redirects not followed."""
        values = {"_xsrf": next((one for name, one in self.cookies.items() if name.startswith("nps-token")), "")} | (
            form or {}
        )
        return await self._fetch(
            path, method="POST", body="&".join(f"{name}={value}" for name, value in values.items())
        )

    async def open(self, path: str) -> float:
        """Opens a screen; seconds until the page has the state of all its widgets."""
        start = time.monotonic()
        page = (await self.get(path)).body.decode()
        found = re.search(r'"kernelId": "([\w-]+)"', page)
        if not found:
            raise RuntimeError(f"No kernel in the page: {page[-300:]}")
        self.kernel = found.group(1)
        await self._connect()
        await self._all_states(set(re.findall(r'"model_id": "([\w-]+)"', page)))
        return time.monotonic() - start

    async def click(self, model: str, content: dict[str, Any]) -> None:
        """Sends a widget's custom message."""
        await self.send("comm_msg", {"comm_id": model, "data": {"method": "custom", "content": content}})

    async def until(self, holds: Any) -> float:
        """Waits until `holds(states)`; the moment, as `time.monotonic`."""
        async with asyncio.timeout(LONGEST_SECONDS):
            while not holds(self.states):
                self.changed.clear()
                await self.changed.wait()
        return time.monotonic()

    async def leave(self, goodbye: bool = True) -> None:
        """Closes the page."""
        if self.socket:
            self.socket.close()
        if goodbye:
            await self.post(f"/voila/api/shutdown/{self.kernel}")

    async def send(self, kind: str, content: dict[str, Any]) -> None:
        """Sends a message to the kernel."""
        header = {"msg_id": os.urandom(8).hex(), "msg_type": kind, "session": "bench", "username": "", "version": "5.3"}
        metadata = {"version": "1.0.0"} if kind == "comm_open" else {}
        message = [json.dumps(part).encode() for part in (header, {}, metadata, content)]
        assert self.socket is not None
        await self.socket.write_message(serialize_msg_to_ws_v1(message, "shell"), binary=True)

    async def _fetch(self, path: str, **options: Any) -> HTTPResponse:
        headers = {"Cookie": self._cookie_header(), "Accept-Encoding": "gzip"}
        url = path if path.startswith("http") else self.base + path
        request = HTTPRequest(url, headers=headers, follow_redirects=False, **LONGEST, **options)
        answer = await _http().fetch(request, raise_error=False)
        for cookie in answer.headers.get_list("Set-Cookie"):
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        if answer.code >= 400:
            raise RuntimeError(f"{path}: {answer.code} {answer.error}")
        return answer

    async def _connect(self) -> None:
        url = self.base.replace("http", "ws") + f"/api/kernels/{self.kernel}/channels?session_id=bench"
        request = HTTPRequest(url, headers={"Cookie": self._cookie_header()}, **LONGEST)
        number = self.connections = self.connections + 1

        def hear(message: bytes | str | None) -> None:
            if number == self.connections:
                self._hear(message)

        self.socket = await websocket_connect(
            request, subprotocols=[PROTOCOL], max_message_size=2**26, on_message_callback=hear
        )

    async def _all_states(self, shown: set[str]) -> None:
        await self.send("kernel_info_request", {})
        await self.send("comm_open", {"comm_id": COMM, "target_name": "jupyter.widget.control", "data": {}})
        await self.send("comm_msg", {"comm_id": COMM, "data": {"method": "request_states"}})
        await self.until(lambda states: shown and shown <= set(states))

    def _hear(self, message: bytes | str | None) -> None:
        if not isinstance(message, bytes):
            return
        _, parts = deserialize_msg_from_ws_v1(message)
        if json.loads(parts[0])["msg_type"] != "comm_msg":
            return
        content = json.loads(parts[3])
        data = content["data"]
        if data.get("method") == "update_states":
            self.states = {model: one["state"] for model, one in data["states"].items()}
        elif data.get("method") == "update":
            self.states.setdefault(content["comm_id"], {}).update(data["state"])
        self.changed.set()

    def _cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


_CLIENTS: dict[asyncio.AbstractEventLoop, SimpleAsyncHTTPClient] = {}


def _http() -> SimpleAsyncHTTPClient:
    """One client a loop, for as many people as there are."""
    loop = asyncio.get_running_loop()
    if loop not in _CLIENTS:
        _CLIENTS[loop] = SimpleAsyncHTTPClient(force_instance=True, max_clients=2000)
    return _CLIENTS[loop]
