"""Whatever a browser says to a widget, it gets a short answer, and nothing else comes of it."""

import logging
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from messages import attached, in_the_browser, send, set_traits
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.screens import facilitator, participant
from npswidgets.screens.facilitator.messages import Message
from npswidgets.screens.participant.messages import Message as FromPhone
from npswidgets.widgets.base import Widget
from npswidgets.widgets.message_limits import LONGEST_TYPED

LONG = "x" * 200_000
TEMPLATES: list[dict[str, Any]] = [
    {"kind": "reason", "code": "reporting", "round": 1, "text": "x"},
    {"kind": "cast", "id": "a" * 32, "code": "reporting", "round": 1, "answer": 3, "replaces": None},
    {"kind": "wish", "code": "reporting", "wanted": True},
    *(
        {"kind": get_args(one.__annotations__["kind"])[0]} | {part.name: "x" for part in fields(one)[1:]}
        for one in (*get_args(Message), *get_args(FromPhone))
    ),
]
FORGED: list[Any] = [
    LONG,
    "",
    None,
    True,
    -1,
    2**70,
    float("inf"),
    [],
    {},
    [LONG],
    {"a": LONG},
    ["x"] * 5000,
    "\ud83d",
    "\0",
    1.5,
]


@pytest.fixture(params=["participant", "facilitator"])
def screen(request: pytest.FixtureRequest, engine: Engine) -> Any:
    room: Room = make_room(engine, people=2)
    code = room.codes[0]
    room.open_voting(code)
    if request.param == "participant":
        return attached(participant.build(), room.participants[0])
    return attached(facilitator.build(), room.facilitator)


def widgets_in(box: Any) -> Iterator[Widget]:
    for one in box.children:
        yield from widgets_in(one) if hasattr(one, "children") else [one]


def listening(screen: Any) -> list[Widget]:
    """One widget of those whose messages are read: the page reads them all in the same way."""
    heard = [one for one in widgets_in(screen.widget) if one.on_message]
    assert {one.on_message for one in heard} == {heard[0].on_message}
    return heard[:1]


def traits_of(screen: Any) -> str:
    return str([one.get_state() for one in widgets_in(screen.widget)])


def forged(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The message with each of its values in turn replaced by what no script sends."""
    for name in message:
        for value in FORGED:
            yield message | {name: value}


def test_forged_values_are_answered_shortly(screen: Any, caplog: pytest.LogCaptureFixture) -> None:
    before = len(traits_of(screen))
    for template in TEMPLATES:
        for message in (template, *forged(template)):
            for widget in listening(screen):
                send(widget, message)
    assert len(traits_of(screen)) < before + 5000
    assert not [one.getMessage()[:200] for one in caplog.records if one.levelno >= logging.ERROR]
    assert "x" * 300 not in caplog.text


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "content", [None, [], "look", 7, deep(5000), {"kind": deep(5000)}, {"kind": "look", "x": deep(900)}]
)
def test_what_is_no_message_is_answered(screen: Any, caplog: pytest.LogCaptureFixture, content: Any) -> None:
    for widget in widgets_in(screen.widget):
        send(widget, content)
        assert "cannot be read" in widget.fault
    assert not caplog.text


def test_a_text_that_is_far_too_long_is_said_to_be(screen: Any) -> None:
    typed = {
        "kind": "note_typed",
        "code": "reporting",
        "note": "comment",
        "text": "x" * (LONGEST_TYPED + 1),
        "seen": "",
    }
    for widget in widgets_in(screen.widget):
        send(widget, typed)
        assert widget.fault.startswith("This text is far too long")


def test_a_browser_sets_nothing_in_any_widget(screen: Any, caplog: pytest.LogCaptureFixture) -> None:
    before = traits_of(screen)
    for widget in widgets_in(screen.widget):
        set_traits(widget, **dict.fromkeys(widget.keys, LONG))
    assert traits_of(screen) == before
    assert max(map(len, caplog.text.splitlines())) < 250


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.sampled_from(FORGED),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=4), below, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(TEMPLATES), st.data())
def test_any_message_is_answered(screen: Any, template: dict[str, Any], data: st.DataObject) -> None:
    changed = data.draw(st.dictionaries(st.sampled_from(sorted(template)) | st.text(max_size=4), values, max_size=4))
    for widget in listening(screen):
        send(widget, template | changed)
        assert len(widget.fault) < 300
        assert "This did not work" not in widget.fault
    assert len(in_the_browser(screen)) < 300_000
