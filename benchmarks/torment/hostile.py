"""A participant whose page sends what no page of ours sends: random bytes, broken frames, forged updates and votes."""

import json
import random
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1

from benchmarks.torment.ledger import Ledger
from benchmarks.torment.voters import SURPRISES, Page

LONGEST_BYTES = 2_000
KINDS = (
    "execute_request", "comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request",
    "shutdown_request", "interrupt_request", "input_reply", "complete_request", "inspect_request", "history_request",
    "is_complete_request", "debug_request", "nothing",
)  # fmt: skip
OF_WIDGETS = ("pressed", "menu_chosen", "department", "wish", "look", "next", "reason", "look_at", "signed_off")
CHANNELS = ("shell", "control", "stdin", "iopub", "", "nothing")


class Hostile:
    """Somebody who came in by the code, like everybody.

    Attributes:
        sent: how many frames left the page.
        ended: how often the connection was ended, by the server or with its kernel.
    """

    def __init__(self, base: str, code: str, ledger: Ledger, seed: str) -> None:
        self.sent = self.ended = 0
        self._page, self._code, self._ledger = Page(base), code, ledger
        self._chance = random.Random(f"{seed}-hostile")
        self._makers: tuple[Callable[[], bytes | str], ...] = (
            self._noise, self._cut_frame, self._changed_frame, self._long_offsets, self._text, self._deep_text,
            self._any_message, self._forged_update, self._forged_update, self._forged_vote, self._forged_vote,
            self._made_up_message,
        )  # fmt: skip

    async def live(self, pause: float) -> None:
        """Joins, and sends until it is cancelled."""
        path = await self._page.join(self._code, "Somebody")
        while True:
            if not await self._page.connect_again():
                await self._page.open_again(path)
            while not self._page.broken:
                with suppress(*SURPRISES):
                    frame = self._chance.choice(self._makers)()
                    assert self._page.socket is not None
                    await self._page.socket.write_message(frame, binary=isinstance(frame, bytes))
                    self.sent += 1
                await self._page.wait(lambda: False, pause)
            self.ended += 1

    def _noise(self) -> bytes:
        return self._chance.randbytes(self._chance.randint(0, LONGEST_BYTES))

    def _cut_frame(self) -> bytes:
        frame = self._frame("comm_msg", self._random_content())
        return frame[: self._chance.randint(0, len(frame))]

    def _changed_frame(self) -> bytes:
        frame = bytearray(self._frame(self._chance.choice(KINDS), self._random_content()))
        for _ in range(self._chance.randint(1, 8)):
            frame[self._chance.randrange(len(frame))] = self._chance.randrange(256)
        return bytes(frame)

    def _long_offsets(self) -> bytes:
        """A frame that says of itself that millions of parts follow."""
        number = self._chance.choice((0, 1, 2**16, 5_000_000, 2**31, 2**32 - 1, 2**63))
        head = struct.pack("<Q", number) if self._chance.random() < 0.5 else struct.pack("!I", number % 2**32)
        return head + self._noise()

    def _text(self) -> str:
        content = self._random_content()
        header = self._chance.choice(({"msg_type": self._chance.choice(KINDS)}, {}, None, [], "x", 1))
        return json.dumps({"header": header, "content": content, "channel": self._chance.choice(CHANNELS)})

    def _deep_text(self) -> str:
        return self._chance.choice("[{") * self._chance.randint(1, 50_000)

    def _any_message(self) -> bytes:
        return self._frame(self._chance.choice(KINDS), self._random_content(), self._chance.choice(CHANNELS))

    def _forged_update(self) -> bytes:
        """Traits that the kernel alone writes."""
        model = self._chance.choice([*self._page.states, "made-up"])
        names = [*self._page.states.get(model, {}), "layout", "_view_module"]
        state = {self._chance.choice(names): self._random_value() for _ in range(self._chance.randint(1, 4))}
        return self._to_widget(model, {"method": "update", "state": state, "buffer_paths": []})

    def _forged_vote(self) -> bytes:
        """A vote with an id that another person has used, or with values that no page sends."""
        pad = next((one for one, state in self._page.states.items() if "voting" in state), "made-up")
        state = self._page.states.get(pad, {})
        sent = [ballot for votes in self._ledger.votes.values() for ballot in votes.sent]
        content = {
            "kind": "cast",
            "id": self._chance.choice([*sent, "short", "x" * 100, None, "a-proper-id"]),
            "code": self._chance.choice([state.get("code"), "", "reporting", None]),
            "round": self._chance.choice([state.get("round"), 0, 1, 2, 99, -1]),
            "answer": self._chance.choice([1, 5, 0, 6, True, "dont_know", "everything", None]),
            "replaces": self._chance.choice([state.get("saved", {}).get("ballot"), None, *sent[:1]]),
            "participant": self._chance.choice([voter for voter, _, _ in self._ledger.votes] or ["made-up"]),
        }
        return self._to_widget(pad, {"method": "custom", "content": content})

    def _made_up_message(self) -> bytes:
        model = self._chance.choice([*self._page.states, "made-up"])
        kind = self._chance.choice(OF_WIDGETS)
        return self._to_widget(model, {"method": "custom", "content": {"kind": kind, **self._random_dict()}})

    def _to_widget(self, model: str, data: dict[str, Any]) -> bytes:
        return self._frame("comm_msg", {"comm_id": model, "data": data})

    def _frame(self, kind: str, content: Any, channel: str = "shell") -> bytes:
        header = {"msg_id": f"{self._chance.getrandbits(64):x}", "msg_type": kind, "session": "bench", "version": "5.3"}
        parts = [json.dumps(one).encode() for one in (header, {}, {}, content)]
        frame: bytes = serialize_msg_to_ws_v1(parts, channel)
        return frame

    def _random_content(self) -> Any:
        return self._chance.choice((
            {"code": "import os; os._exit(1)", "silent": False},
            {"comm_id": "made-up", "target_name": "jupyter.widget", "data": {"state": self._random_dict()}},
            {"comm_id": "made-up", "target_name": "jupyter.widget.control", "data": {"method": "request_states"}},
            {"comm_id": self._chance.choice([*self._page.states, ""]), "data": self._random_value()},
            self._random_value(),
        ))  # fmt: skip

    def _random_dict(self) -> dict[str, Any]:
        return {self._chance.choice(("code", "action", "text", "wanted", "department", "moment", "round")):
                self._random_value() for _ in range(3)}  # fmt: skip

    def _random_value(self) -> Any:
        return self._chance.choice((
            None, True, -1, 2**70, 1e308, "", "x" * self._chance.randint(0, LONGEST_BYTES), "\x00\ud800\u202e", [], {},
            [[[[]]]], {"method": "update", "state": 1}, {"x": {"y": ["z"]}},
        ))  # fmt: skip
