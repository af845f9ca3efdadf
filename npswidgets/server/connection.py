"""A page's connection to its kernel: quick answers, and fewer messages than a browser could send."""

import json
from asyncio import Future, ensure_future, wait_for
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_binary_message, deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.websocket import WebSocketClosedError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

CONTROL = "jupyter.widget.control"


class KernelSocket(VoilaKernelWebsocketHandler):  # type: ignore[misc]  # Voila has no types
    """The websocket of a page."""

    def write_error(self, status_code: int, **_: Any) -> None:
        """Refuses in a word: there is nobody to read a page."""
        self.finish(str(status_code))

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """None for a page that has opened a newer connection before this one stood."""
        return super().select_subprotocol(subprotocols) if self.connection else None

    async def open(self, kernel_id: str) -> None:
        """Connects, unless there is a newer connection."""
        if self.connection:
            await super().open(kernel_id)
        else:
            self.close()

    def on_close(self) -> None:
        """Lets go of the kernel."""
        if self.connection:
            super().on_close()

    def write_message(self, message: Any, binary: bool = False) -> Future[None]:
        """Sends a message; one to a page that has just gone is dropped, since a page that comes back asks for all."""
        try:
            sent: Future[None] = super().write_message(message, binary)
        except WebSocketClosedError:
            sent = Future()
            sent.set_result(None)
        sent.add_done_callback(lambda done: done.cancelled() or done.exception())
        return sent


class WorkshopConnection(ZMQChannelsWebsocketConnection):
    """Between a websocket and a kernel.

    To a kernel that was prepared it opens two sockets, where Jupyter opens eight for each page: that kernel is known to
    stand, tells by itself when it will be heard, and asks nobody for input.
    """

    async def prepare(self) -> None:
        """Waits until the kernel stands."""
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
        heard: Future[None] = Future()
        self.channels["iopub"].on_recv(lambda _: None if heard.done() else heard.set_result(None))
        return ensure_future(wait_for(heard, self.kernel_info_timeout))

    def connect(self) -> Any:
        """Connects without Nagle's algorithm: a click's second reply else waits for the phone's acknowledgement."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()

    async def _register_session(self) -> None:
        """Takes over from the page's connection before this one, which else would still hear the kernel for seconds."""
        before = self._open_sessions.get(f"{self.kernel_id}:{self.session.session}")
        if before and before.connection:
            before.connection.disconnect()
        await super()._register_session()

    def disconnect(self) -> Any:
        """Lets go of the kernel, once: by the time that the websocket is closed, another one may have its id."""
        if not self._close_future.done():
            super().disconnect()
            self.channels = {}

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

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Passes a message on, unless it opens a widget: those are made by the kernel alone."""
        header, content = _head(incoming_msg, self.subprotocol)
        if header.get("msg_type") == "comm_open" and content.get("target_name") != CONTROL:
            self.log.warning("A browser tried to make a widget; it was not made.")
            return
        super().handle_incoming_message(incoming_msg)


def _head(message: Any, protocol: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and content of a message, in whichever way it is packed."""
    if protocol == "v1.kernel.websocket.jupyter.org":
        _, parts = deserialize_msg_from_ws_v1(message)
        header = json.loads(parts[0])
        return header, json.loads(parts[3]) if header.get("msg_type") == "comm_open" else {}
    unpacked = deserialize_binary_message(message) if isinstance(message, bytes) else json.loads(message)
    return unpacked.get("header", {}), unpacked.get("content", {})
