"""People in front of Streamlit's, Panel's or Solara's page; runs in that kit's environment and speaks its own protocol.

Run as ``python people.py KIT BASE PEOPLE``: everybody joins at once, and when a line comes on standard input everybody
clicks within five seconds, and then some one after the other. Each time a line of JSON is printed.
"""

import asyncio
import json
import random
import re
import sys
import time
import uuid
from typing import Any

LONGEST_SECONDS = 120
VOTING_SECONDS = 5.0
IDLE_VOTERS = 20


class Kit:
    """One person's page: `open` returns when it stands, `click` when the click on "Vote" has been answered."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.changed = asyncio.Event()
        self.socket: Any = None

    async def open(self) -> None:
        """Opens it."""
        raise NotImplementedError

    async def click(self) -> None:
        """Votes."""
        raise NotImplementedError

    async def get(self, path: str) -> str:
        """A page over HTTP."""
        from tornado.simple_httpclient import SimpleAsyncHTTPClient

        client = SimpleAsyncHTTPClient(force_instance=True, max_clients=1)
        answer = await client.fetch(self.base + path, request_timeout=LONGEST_SECONDS)
        client.close()
        return answer.body.decode()

    async def connect(self, path: str, protocols: list[str] | None = None) -> None:
        """The websocket."""
        from tornado.httpclient import HTTPRequest
        from tornado.websocket import websocket_connect

        request = HTTPRequest(self.base.replace("http", "ws") + path, request_timeout=LONGEST_SECONDS)
        self.socket = await websocket_connect(request, subprotocols=protocols, max_message_size=2**26)

    async def read(self) -> Any:
        """The next message."""
        found = await asyncio.wait_for(self.socket.read_message(), LONGEST_SECONDS)
        if found is None:
            raise ConnectionError("the server has closed the connection")
        return found


class Streamlit(Kit):
    """Protobuf over a websocket; each click runs the script again."""

    async def open(self) -> None:
        """Until the script has run."""
        await self.get("/")
        await self.get("/_stcore/health")
        await self.connect("/_stcore/stream", ["streamlit"])
        await self._run()

    async def click(self) -> None:
        """Until the script has run with the click."""
        text = await self._run(self._button)
        if "Your vote" not in text:
            raise RuntimeError(f"no vote: {text}")

    async def _run(self, pressed: str = "") -> str:
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        asked = BackMsg()
        asked.rerun_script.query_string = ""
        if pressed:
            state = asked.rerun_script.widget_states.widgets.add()
            state.id, state.trigger_value = pressed, True
        await self.socket.write_message(asked.SerializeToString(), binary=True)
        said, started = "", False
        while True:
            heard = ForwardMsg()
            heard.ParseFromString(await self.read())
            kind = heard.WhichOneof("type")
            if kind == "new_session":
                started = True
            elif kind == "delta" and heard.delta.WhichOneof("type") == "new_element":
                element = heard.delta.new_element
                if element.WhichOneof("type") == "button":
                    self._button = element.button.id
                if element.WhichOneof("type") == "text":
                    said = element.text.body
            elif kind == "script_finished" and started:
                return said


class Panel(Kit):
    """Bokeh's protocol: the document is pulled, and changes go both ways as patches."""

    async def open(self) -> None:
        """Until the document is here."""
        from bokeh.protocol import Protocol
        from bokeh.protocol.receiver import Receiver

        self._protocol = Protocol()
        self._receiver = Receiver(self._protocol)
        page = await self.get("/page")
        token = re.search(r'"token":"([^"]+)"', page)
        if token is None:
            raise RuntimeError("no token in the page")
        await self.connect("/page/ws", ["bokeh", token.group(1)])
        await self._send(self._protocol.create("PULL-DOC-REQ"))
        document = await self._until("PULL-DOC-REPLY")
        text = json.dumps(document.content)
        found = re.search(r'"name": "[\w.]*Button", "id": "(\w+)"', text)
        if found is None:
            raise RuntimeError(f"no button in the document: {text[:500]}")
        self._button = found.group(1)

    async def click(self) -> None:
        """Until the change has come."""
        values = {"type": "map", "entries": [["model", {"id": self._button}]]}
        event = {"type": "event", "name": "button_click", "values": values}
        message = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}
        header = {"msgid": uuid.uuid4().hex, "msgtype": "PATCH-DOC"}
        for part in (header, {}, {"events": [message]}):
            await self.socket.write_message(json.dumps(part))
        while "Your vote" not in json.dumps((await self._until("PATCH-DOC")).content):
            pass

    async def _send(self, message: Any) -> None:
        for part in (message.header_json, message.metadata_json, message.content_json):
            await self.socket.write_message(part)

    async def _until(self, kind: str) -> Any:
        while True:
            message = await self._receiver.consume(await self.read())
            if message is not None and message.msgtype == kind:
                return message


class Solara(Kit):
    """Jupyter's messages as JSON, from one process."""

    async def open(self) -> None:
        """Until the button is there."""
        await self.get("/")
        self._kernel, self._session = str(uuid.uuid4()), uuid.uuid4().hex
        await self.connect(f"/jupyter/api/kernels/{self._kernel}/channels?session_id={self._session}")
        control = uuid.uuid4().hex
        await self._say("comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}})
        arguments = {"path": "", "appName": None, "themes": {}, "dark": False}
        await self._say("comm_msg", {"comm_id": control, "data": {"method": "run", "args": arguments}})
        self._button = ""
        while True:
            content = (await self._hear())["content"]
            if "Vote" in json.dumps(content.get("data", {}).get("state", {}).get("children", "")):
                self._button = content["comm_id"]
            if content.get("data", {}).get("method") == "finished":
                break
        if not self._button:
            raise RuntimeError("no button came")

    async def click(self) -> None:
        """Until the text has changed."""
        data = {"method": "custom", "content": {"event": "click", "data": {}}}
        await self._say("comm_msg", {"comm_id": self._button, "data": data})
        while "Your vote" not in json.dumps((await self._hear())["content"]):
            pass

    async def _say(self, kind: str, content: dict[str, Any]) -> None:
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "session": self._session,
            "username": "",
            "version": "5.3",
        }
        message = {"header": header, "parent_header": {}, "metadata": {"version": "2.1.0"}, "content": content}
        await self.socket.write_message(json.dumps(message | {"channel": "shell", "buffers": []}))

    async def _hear(self) -> dict[str, Any]:
        while True:
            message = await self.read()
            if isinstance(message, bytes):
                parts = int.from_bytes(message[:4], "big")
                start, end = (int.from_bytes(message[4 * at : 4 * at + 4], "big") for at in (1, 2))
                message = message[start : end if parts > 1 else None]
            found: dict[str, Any] = json.loads(message)
            if found.get("header", {}).get("msg_type", found.get("msg_type", "")).startswith("comm_"):
                return found


KITS: dict[str, type[Kit]] = {"streamlit": Streamlit, "panel": Panel, "solara": Solara}


async def timed(work: Any) -> float:
    """Seconds that this takes."""
    start = time.monotonic()
    await work
    return time.monotonic() - start


async def some_time(person: Kit) -> float:
    """A click within the five seconds."""
    await asyncio.sleep(random.uniform(0, VOTING_SECONDS))
    return await timed(person.click())


async def run(kit: str, base: str, people: int) -> None:
    """Plays it through."""
    first = KITS[kit](base)
    await first.open()
    await first.click()
    print(json.dumps("warm"), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    crowd = [KITS[kit](base) for _ in range(people)]
    took = await asyncio.gather(*(timed(person.open()) for person in crowd), return_exceptions=True)
    good = [one for one in took if isinstance(one, float)]
    for fault in {repr(one)[:300] for one in took if not isinstance(one, float)}:
        print(fault, file=sys.stderr)
    print(json.dumps(good), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    there = [person for person, one in zip(crowd, took, strict=True) if isinstance(one, float)]
    clicks = await asyncio.gather(*map(some_time, there))
    print(json.dumps({"clicks": clicks, "idle": [await timed(one.click()) for one in there[:IDLE_VOTERS]]}), flush=True)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], int(sys.argv[3])))
