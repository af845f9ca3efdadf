"""What a page sends to its kernel: nothing is read before its length is known to fit, and little is taken.

A browser can forge all of it. What a kernel is given is written anew from what was checked, so that no other reader of
the same bytes can find something else in them.
"""

import json
import re
import struct
from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NoReturn, TypeGuard

from npswidgets.errors import WorkshopError
from npswidgets.widgets.message_limits import UnreadableMessage, scalars

PROTOCOL = "v1.kernel.websocket.jupyter.org"
"""Jupyter's newer way to pack a message: how many offsets, the offsets, then the channel and the parts between them.
https://jupyter-server.readthedocs.io/en/latest/developers/websocket-protocols.html"""
CONTROL = "jupyter.widget.control"
CHANNEL = "shell"
HEADER = ("msg_id", "msg_type", "session", "username", "version", "date")
METHODS = ("custom", "request_state", "request_states")
"""What a page says to a widget. Not "update": Python alone writes traits."""
VERSION = "1"
"""What a page has to say that it speaks, before the first dot, when it asks for all widgets."""
ALL_STATES_COST = 10
LONGEST_WORD = 128
LONGEST_HEAD_BYTES = 4096
MOST_PARTS = 2000
"""Values in a message; a score sheet has 240."""
_OFFSETS = struct.Struct("<7Q")
"""Their number, and where channel, header, parent header, metadata and content begin and the last of them ends."""
_STRINGS = re.compile(r'"(?:[^"\\]++|\\.?)*+(?:"|\Z)', re.DOTALL)
"""The strings in JSON, and one that does not end; it matches at each quote, so that it looks at nothing twice."""


class Unreadable(WorkshopError):
    """No page of ours sends such a frame."""


class NotTaken(WorkshopError):
    """A message that can be read, of a kind that no kernel takes from a page."""


@dataclass(frozen=True)
class Message:
    """A message to a kernel's shell channel.

    Attributes:
        kind: Jupyter's `msg_type`.
        costs: how many messages more it counts as, since the answer is long.
        parts: header, parent header, metadata and content, as they are signed and sent on.
    """

    kind: str
    parts: tuple[bytes, bytes, bytes, bytes]
    costs: int = 0


def read_frame(frame: str | bytes, protocol: str | None, updates: bool = False) -> Message:
    """The message in a frame of a websocket: text without a protocol, bytes with the newer one.

    Args:
        updates: whether its page may set traits, since it has other widgets than ours.

    Raises:
        Unreadable: it is none.
        NotTaken: kernels take no such message from a page.
    """
    if isinstance(frame, str) == (protocol == PROTOCOL):
        raise Unreadable("This frame is not of the protocol that was agreed on.")
    channel, header, metadata, content = _unpacked(frame) if isinstance(frame, bytes) else _of_text(frame)
    head = {name: value for name in HEADER if (value := header.get(name)) is not None}
    if not all(map(_is_word, head.values())):
        raise Unreadable("The header holds something else than short words.")
    if "msg_type" not in head:
        raise Unreadable("The header does not say what kind of message this is.")
    if channel != CHANNEL:
        raise NotTaken("There is no such channel for pages.")
    _check_size(content)
    kind, version = head["msg_type"], metadata.get("version")
    _check_content(kind, content, (*METHODS, "update") if updates else METHODS)
    said = {"version": version} if _is_word(version) else {}
    if kind == "comm_open" and said.get("version", "").partition(".")[0] != VERSION:
        raise NotTaken("The widgets of the page are of another version.")
    parts = _packed(head), b"{}", _packed(said), _packed(content)
    all_states = kind == "comm_msg" and content["data"]["method"] == "request_states"
    return Message(kind, parts, ALL_STATES_COST if all_states else 0)


def _unpacked(frame: bytes) -> tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Channel, header, metadata and content of a binary frame, which has no buffers: none of our widgets takes any."""
    if len(frame) < _OFFSETS.size:
        raise Unreadable("The frame is shorter than its offsets.")
    number, *offsets = _OFFSETS.unpack_from(frame)
    if number != len(offsets) or offsets[0] != _OFFSETS.size or offsets[-1] != len(frame) or offsets != sorted(offsets):
        raise Unreadable("The offsets do not fit the frame.")
    if offsets[4] - offsets[0] > LONGEST_HEAD_BYTES:
        raise Unreadable("What stands before the content is too long.")
    try:
        channel, header, _, metadata, content = (frame[start:end].decode() for start, end in pairwise(offsets))
    except UnicodeDecodeError:
        raise Unreadable("The frame is not in UTF-8.") from None
    return channel, _object(header), _object(metadata), _object(content)


def _of_text(frame: str) -> tuple[Any, dict[str, Any], dict[str, Any], dict[str, Any]]:
    message = _object(frame)
    header, metadata, content = (message.get(part, {}) for part in ("header", "metadata", "content"))
    if not (isinstance(header, dict) and isinstance(metadata, dict) and isinstance(content, dict)):
        raise Unreadable("A part of the message is no object.")
    return message.get("channel"), header, metadata, content


def _object(text: str) -> dict[str, Any]:
    if sum(map(text.count, "[{,")) > MOST_PARTS:  # a quick look; people may type as many
        outside = _STRINGS.sub("", text)
        if sum(map(outside.count, "[{,")) > MOST_PARTS:
            raise Unreadable("It has too many parts.")
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unreadable("This is no JSON.") from None
    if not isinstance(found, dict):
        raise Unreadable("This is no object.")
    return found


def _no_number(_: str) -> NoReturn:
    raise ValueError


def _check_size(content: dict[str, Any]) -> None:
    """Nothing in it is deeper than any message of ours, or a number that no browser can hold."""
    try:
        deque(scalars(content), 0)
    except UnreadableMessage:
        raise Unreadable("It is too deep, or a number is too large.") from None


def _check_content(kind: str, content: dict[str, Any], methods: tuple[str, ...]) -> None:
    """Raises for what widgets are not asked or told by a page."""
    if kind in ("kernel_info_request", "comm_info_request"):
        return
    if kind not in ("comm_open", "comm_msg", "comm_close"):
        raise NotTaken("Pages send no such message.")
    comm, data = content.get("comm_id"), content.get("data", {})
    if not _is_word(comm) or not isinstance(data, dict):
        raise Unreadable("It is not said which widget is meant, or what it is told.")
    if kind == "comm_open" and content.get("target_name") != CONTROL:
        raise NotTaken("Widgets are made by the kernel alone.")
    if kind == "comm_msg" and data.get("method") not in methods:
        raise NotTaken("Pages set nothing in a widget.")
    if data.get("method") == "custom" and not isinstance(data.get("content"), dict):
        raise NotTaken("Widgets hear no such message.")


def _is_word(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= LONGEST_WORD and value.isprintable()


def _packed(part: dict[str, Any]) -> bytes:
    """In ASCII: half a letter of two, which a page may send, breaks no other writer of JSON."""
    return json.dumps(part).encode()
