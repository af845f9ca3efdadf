"""What a page may send to its kernel: whatever bytes come, they cost little, and nothing else gets through."""

import json
import struct
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npswidgets.server.configuration import LONGEST_MESSAGE_BYTES
from npswidgets.server.kernels.frames import CONTROL, PROTOCOL, Message, NotTaken, Unreadable, read_frame
from npswidgets.widgets.message_limits import LARGEST_NUMBER

Frame = str | bytes

HEADER = {"msg_id": "1", "msg_type": "comm_msg", "session": "s", "username": "", "version": "5.3", "date": "2026-11-28"}
LOOK = {"comm_id": "participant-3", "data": {"method": "custom", "content": {"kind": "look"}}}


def as_text(content: Any = LOOK, channel: Any = "shell", header: Any = HEADER, **more: Any) -> str:
    parts = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": channel}
    return json.dumps(parts | more)


def as_bytes(content: Any = LOOK, channel: str = "shell", header: Any = HEADER, **more: Any) -> bytes:
    metadata = more.get("metadata", {})
    return joined([channel.encode(), *(json.dumps(part).encode() for part in (header, {}, metadata, content))])


def joined(parts: list[bytes]) -> bytes:
    """As jupyter_server and a page put them together."""
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return struct.pack(f"<{len(offsets) + 1}Q", len(offsets), *offsets) + b"".join(parts)


def read(frame: Frame) -> Message:
    return read_frame(frame, PROTOCOL if isinstance(frame, bytes) else None)


ways = pytest.mark.parametrize("packed", [as_text, as_bytes])
Pack = Callable[..., Frame]


@ways
def test_what_pages_send_is_passed_on_as_it_was_checked(packed: Pack) -> None:
    message = read(packed())
    assert [json.loads(part) for part in message.parts] == [HEADER, {}, {}, LOOK]


@ways
@pytest.mark.parametrize(
    ("kind", "content", "metadata"),
    [
        ("kernel_info_request", {}, {}),
        ("comm_info_request", {"target_name": "jupyter.widget"}, {}),
        ("comm_open", {"comm_id": "c", "target_name": CONTROL, "data": {}}, {"version": "1.0.0"}),
        ("comm_msg", {"comm_id": "c", "data": {"method": "request_states"}}, {}),
        ("comm_close", {"comm_id": "c", "data": {}}, {}),
        ("comm_msg", LOOK | {"data": {"method": "custom", "content": {"text": "\ud83d"}}}, {}),
    ],
)
def test_all_that_a_page_needs_is_passed_on(packed: Pack, kind: str, content: Any, metadata: Any) -> None:
    message = read(packed(content, header=HEADER | {"msg_type": kind}, metadata=metadata))
    assert (message.kind, json.loads(message.parts[3])) == (kind, content)


@ways
@pytest.mark.parametrize("channel", ["control", "stdin", "iopub", "", "shell ", "\ud800"[:0] + "🙂"])
def test_pages_speak_on_one_channel(packed: Pack, channel: str) -> None:
    with pytest.raises(NotTaken):
        read(packed(channel=channel))


@ways
@pytest.mark.parametrize(
    "kind", ["execute_request", "shutdown_request", "interrupt_request", "input_reply", "debug_request", "status", ""]
)
def test_pages_send_no_other_kind_of_message(packed: Pack, kind: str) -> None:
    with pytest.raises(NotTaken):
        read(packed(header=HEADER | {"msg_type": kind}))


@ways
@pytest.mark.parametrize(
    "data",
    [
        {"method": "update", "state": {"voting": True}, "buffer_paths": []},
        {"method": "echo_update", "state": {}},
        {"method": ["custom"]},
        {"method": None},
        {},
        {"method": "custom"},
        {"method": "custom", "content": [{"kind": "look"}]},
        {"method": "custom", "content": "look"},
    ],
)
def test_pages_set_nothing_in_a_widget(packed: Pack, data: Any) -> None:
    with pytest.raises(NotTaken):
        read(packed({"comm_id": "participant-3", "data": data}))


@ways
@pytest.mark.parametrize(
    ("content", "version"),
    [
        ({"comm_id": "c", "target_name": "jupyter.widget"}, "1.0.0"),
        ({"comm_id": "c", "target_name": [CONTROL]}, "1.0.0"),
        ({"comm_id": "c", "target_name": CONTROL}, "2.0.0"),
        ({"comm_id": "c", "target_name": CONTROL}, ["1"]),
        ({"comm_id": "c", "target_name": CONTROL}, None),
    ],
)
def test_pages_make_no_widget(packed: Pack, content: Any, version: Any) -> None:
    with pytest.raises(NotTaken):
        read(packed(content, header=HEADER | {"msg_type": "comm_open"}, metadata={"version": version}))


@ways
@pytest.mark.parametrize(
    "content",
    [
        [],
        None,
        "x",
        {"data": {}},
        {"comm_id": 7, "data": {}},
        {"comm_id": "x" * 129, "data": {}},
        {"comm_id": "\ud800", "data": {}},
        {"comm_id": "c", "data": []},
        {"comm_id": "c", "data": None},
        LOOK | {"number": LARGEST_NUMBER + 1},
        LOOK | {"number": -(10**400)},
        LOOK | {"number": float("nan")},
        LOOK | {"number": [[{"a": float("inf")}]]},
        LOOK | {"deep": eval("[" * 40 + "]" * 40)},
    ],
)
def test_content_of_another_shape_is_unreadable(packed: Pack, content: Any) -> None:
    with pytest.raises(Unreadable):
        read(packed(content))


@ways
@pytest.mark.parametrize(
    "header",
    [
        {},
        [],
        None,
        "comm_msg",
        {"msg_type": None},
        {"msg_type": ["comm_msg"]},
        HEADER | {"msg_id": 7},
        HEADER | {"msg_id": {"a": 1}},
        HEADER | {"username": "x" * 200},
        HEADER | {"session": "\ud800"},
        HEADER | {"date": "2026\n"},
    ],
)
def test_a_header_of_other_things_than_short_words_is_unreadable(packed: Pack, header: Any) -> None:
    with pytest.raises(Unreadable):
        read(packed(header=header))


def test_what_nobody_asked_for_in_a_header_is_not_passed_on() -> None:
    message = read(as_text(header=HEADER | {"more": [1] * 9}, metadata={"more": "x" * 9}, buffers=["x"]))
    assert [json.loads(part) for part in message.parts] == [HEADER, {}, {}, LOOK]


def changed(frame: bytes, at: int, number: int) -> bytes:
    """A frame with another number among its offsets."""
    return frame[: 8 * at] + struct.pack("<Q", number) + frame[8 * at + 8 :]


WHOLE = as_bytes()
BAD_BYTES = {
    "empty": b"",
    "one byte": b"\0",
    "nothing but a number": struct.pack("<Q", 6),
    "truncated offsets": WHOLE[:55],
    "truncated content": WHOLE[:-1],
    "more than it says": WHOLE + b" ",
    "no offsets": changed(WHOLE, 0, 0),
    "5 million offsets": changed(WHOLE, 0, 5_000_000),
    "the largest number of offsets": changed(WHOLE, 0, 2**64 - 1),
    "too few offsets": changed(WHOLE, 0, 5),
    "a channel inside the offsets": changed(WHOLE, 1, 8),
    "a negative offset": changed(WHOLE, 3, 2**64 - 1),
    "descending": changed(WHOLE, 3, 50),
    "beyond the end": changed(WHOLE, 6, 10**6),
    "with a buffer": joined([b"shell", *(json.dumps(part).encode() for part in (HEADER, {}, {}, LOOK)), b"buffer"]),
    "a long header": joined([b"shell", b'{"msg_type": "comm_msg", "x": "%s"}' % (b"x" * 5000), b"{}", b"{}", b"{}"]),
    "not in UTF-8": joined([b"shell", b'{"msg_type": "\xff"}', b"{}", b"{}", b"{}"]),
    "in UTF-16": joined([b"shell", json.dumps(HEADER).encode("utf-16"), b"{}", b"{}", b"{}"]),
    "the older way of packing": struct.pack("!iI", 1, 8) + as_text().encode(),
    "5 million parts in the older way": struct.pack("!i", 5_000_000) + b"x" * 500,
    "a negative number of parts": struct.pack("!i", -1) + b"x" * 500,
}
BAD_TEXTS = {
    "empty": "",
    "no JSON": "x",
    "no object": "[]",
    "a number": "1",
    "nothing": "{}",
    "null": "null",
    "deep": "[" * 100_000,
    "deep and whole": '{"content":' + "[" * 60_000 + "]" * 60_000 + "}",
    "NaN": as_text()[:-1] + ', "more": NaN}',
    "a number of 100,000 digits": '{"header": ' + "9" * 100_000 + "}",
    "one half": as_text()[:80],
}


@pytest.mark.parametrize("frame", [*BAD_BYTES.values(), *BAD_TEXTS.values()], ids=[*BAD_BYTES, *BAD_TEXTS])
def test_a_malformed_frame_is_unreadable(frame: Frame) -> None:
    with pytest.raises(Unreadable):
        read(frame)


@pytest.mark.parametrize("frame", [as_text(), as_bytes(), b"", ""])
def test_nothing_is_read_in_the_way_that_was_not_agreed_on(frame: Frame) -> None:
    with pytest.raises(Unreadable):
        read_frame(frame, None if isinstance(frame, bytes) else PROTOCOL)


@pytest.mark.parametrize("packed", [as_text, as_bytes])
@pytest.mark.parametrize("inside", ["[],", '{"":[]},', "1e9,", '"[",', '\\"', "[[[[", '"\\"\\"'])
def test_the_worst_frame_takes_little_memory(packed: Pack, inside: str) -> None:
    """All that fits into the longest frame that the server takes."""
    many = "[" + inside * ((LONGEST_MESSAGE_BYTES - 1000) // len(inside)) + "0]"
    content = json.dumps(LOOK).replace('"look"', many)
    if packed is as_text:
        frame: Frame = as_text().replace('"look"', many)
    else:
        frame = joined([b"shell", json.dumps(HEADER).encode(), b"{}", b"{}", content.encode()])
    assert LONGEST_MESSAGE_BYTES * 0.9 < len(frame) <= LONGEST_MESSAGE_BYTES
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable):
            read(frame)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 4 * 2**20


@ways
def test_people_may_type_as_many_brackets_and_commas_as_they_like(packed: Pack) -> None:
    said = {"kind": "note_typed", "text": '[{,"\\' * 4000, "seen": "[," * 10_000}
    content = {"comm_id": "c", "data": {"method": "custom", "content": said}}
    assert json.loads(read(packed(content)).parts[3]) == content


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=8,
)
kinds = st.sampled_from(["comm_open", "comm_msg", "comm_close", "kernel_info_request", "execute_request"])
contents = anything | st.fixed_dictionaries({"comm_id": anything, "data": anything, "target_name": anything})
headers = anything | st.fixed_dictionaries({"msg_type": kinds | anything, "msg_id": anything})


def reads_or_refuses(frame: Frame, protocol: str | None) -> None:
    try:
        message = read_frame(frame, protocol)
    except (Unreadable, NotTaken):
        return
    assert all(isinstance(json.loads(part), dict) for part in message.parts)


@given(st.binary(max_size=200) | st.text(max_size=200), st.sampled_from([None, PROTOCOL, "x"]))
def test_any_bytes_are_read_or_refused(frame: Frame, protocol: str | None) -> None:
    reads_or_refuses(frame, protocol)


@given(headers, contents, st.text(max_size=6) | st.just("shell"), anything)
def test_any_json_is_read_or_refused(header: Any, content: Any, channel: str, metadata: Any) -> None:
    reads_or_refuses(as_text(content, channel, header, metadata=metadata), None)
    reads_or_refuses(as_bytes(content, channel.encode(errors="ignore").decode(), header, metadata=metadata), PROTOCOL)


@given(st.integers(0, 6), st.integers(0, 2**64 - 1) | st.integers(0, 400), st.integers(0, len(WHOLE)))
def test_any_offsets_are_read_or_refused(at: int, number: int, length: int) -> None:
    reads_or_refuses(changed(WHOLE, at, number)[:length], PROTOCOL)
