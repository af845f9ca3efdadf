"""A widget and what its browser says: what the page reads of it, and what it refuses."""

from typing import Any

import pytest
from messages import cast, send, set_traits

from npswidgets.errors import RuleBroken
from npswidgets.screens.participant.messages import Message, PageSeen, VoteCast, read
from npswidgets.widgets.join_card import qr_drawing
from npswidgets.widgets.message_limits import UNREADABLE
from npswidgets.widgets.vote_pad import VotePad

VOTE = {"kind": "cast", "id": "a" * 32, "code": "reporting", "round": 1, "answer": 3, "replaces": None}


@pytest.fixture
def pad() -> VotePad:
    return VotePad()


@pytest.fixture
def heard(pad: VotePad) -> list[Message]:
    """What a participant's page reads of the pad."""
    messages: list[Message] = []
    pad.on_message = lambda content: messages.append(read(content))
    return messages


@pytest.mark.parametrize("answer", [1, 5, "dont_know", "not_my_role"])
def test_a_vote_is_read_as_the_browser_sends_it(pad: VotePad, heard: list[Message], answer: int | str) -> None:
    cast(pad, "reporting", answer, id="a" * 32, replaces="b" * 32)
    assert heard == [VoteCast("cast", "a" * 32, "reporting", 1, answer, "b" * 32)]  # type: ignore[arg-type]
    assert pad.fault == ""


@pytest.mark.parametrize(
    "message",
    [
        VOTE | {"answer": "5 Innovator"},
        VOTE | {"answer": 3.5},
        VOTE | {"answer": True},
        VOTE | {"answer": None},
        VOTE | {"answer": [3]},
        VOTE | {"id": 7},
        VOTE | {"code": None},
        VOTE | {"round": "1"},
        VOTE | {"replaces": 7},
        VOTE | {"kind": "show_votes"},
        {"kind": "cast"},
        {},
    ],
)
def test_a_message_that_is_no_vote_is_refused_in_words(
    pad: VotePad, heard: list[Message], message: dict[str, Any]
) -> None:
    send(pad, message)
    assert heard == []
    assert pad.fault == UNREADABLE


@pytest.mark.parametrize("message", ["text", 5, None, [VOTE]])
def test_a_message_that_is_not_even_an_object_does_nothing(pad: VotePad, heard: list[Message], message: Any) -> None:
    send(pad, message)
    assert heard == []


def test_the_browser_can_ask_to_look_again(pad: VotePad, heard: list[Message]) -> None:
    send(pad, {"kind": "look"})
    assert heard == [PageSeen("look")]


def test_a_widget_that_no_page_listens_to_does_nothing(pad: VotePad) -> None:
    before = pad.get_state()
    send(pad, VOTE)
    assert pad.get_state() == before


def test_an_exception_in_a_callback_is_logged_and_shown(pad: VotePad, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: dict[str, Any]) -> None:
        raise OSError("disk full")

    pad.on_message = fail
    cast(pad, "reporting", 3)
    assert pad.fault == "This did not work (OSError). Open the page again, then go on."
    assert "VotePad failed" in caplog.text


def test_a_broken_rule_is_shown_as_it_is_and_goes_with_the_next_message(pad: VotePad, heard: list[Message]) -> None:
    def refuse(_: dict[str, Any]) -> None:
        raise RuleBroken("Voting on this topic is not open.")

    taken, pad.on_message = pad.on_message, refuse
    cast(pad, "reporting", 3)
    assert pad.fault == "Voting on this topic is not open."
    pad.on_message = taken
    cast(pad, "reporting", 3)
    assert pad.fault == ""
    assert len(heard) == 1


@pytest.mark.parametrize("value", ["first", 7, "x" * 250_000, [[]], None])
def test_what_a_browser_sets_is_neither_set_nor_logged_nor_sent_back(
    pad: VotePad, caplog: pytest.LogCaptureFixture, value: Any
) -> None:
    before = pad.get_state()
    set_traits(pad, round=value, question=value, saved=value, fault=value, _esm=value, layout=value, no_trait=value)
    assert pad.get_state() == before
    assert len(caplog.text) < 300


def test_a_trait_that_a_page_fills_no_longer_is_as_at_first_and_no_other_is(pad: VotePad) -> None:
    pad.refused = {"ballot": "a"}
    pad.fill({"reasons": False, "levels": [{"value": 1}], "status": "Voting has stopped"})
    pad.fill({"question": "Which level is true?"})
    assert (pad.reasons, pad.levels, pad.status, pad.question) == (True, [], "Connected", "Which level is true?")
    assert pad.refused == {"ballot": "a"}


def test_a_misspelt_trait_is_an_error() -> None:
    with pytest.raises(TypeError, match="VotePad has no trait levls"):
        VotePad(levls=[])


def test_every_widget_carries_its_files_as_text(pad: VotePad) -> None:
    module, style = pad._esm, pad._css
    assert isinstance(module, str)
    assert "export default widget(" in module
    assert module.count("export default") == 1
    assert ".nps-vote-pad" in str(style)
    assert "http" not in module.replace("http://www.w3.org/2000/svg", "").replace("plain http", "")


def test_the_qr_code_is_drawn_with_its_white_border() -> None:
    drawing = qr_drawing("http://10.0.0.1:8866/join/482915")
    assert drawing["size"] >= 21 + 8
    assert drawing["path"].startswith("M4 4h1v1h-1z")
    assert set(drawing["path"]) <= set("Mhvz-0123456789 ")
