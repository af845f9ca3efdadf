"""The widget in which one votes: what it takes from a browser, and what it refuses."""

from typing import Any

import pytest
from messages import cast, send, set_traits

from npswidgets.errors import RuleBroken
from npswidgets.widgets.department_field import NO_DEPARTMENT, DepartmentField
from npswidgets.widgets.join_card import qr_drawing
from npswidgets.widgets.vote_pad import UNREADABLE, Cast, VotePad

VOTE = {"kind": "cast", "id": "a" * 32, "code": "reporting", "round": 1, "answer": 3, "replaces": None}


@pytest.fixture
def pad() -> VotePad:
    return VotePad()


@pytest.fixture
def votes(pad: VotePad) -> list[Cast]:
    taken: list[Cast] = []
    pad.on_cast = taken.append
    return taken


@pytest.mark.parametrize("answer", [1, 5, "dont_know", "not_my_role"])
def test_a_vote_is_read_as_the_browser_sends_it(pad: VotePad, votes: list[Cast], answer: int | str) -> None:
    cast(pad, "reporting", answer, id="a" * 32, replaces="b" * 32)
    assert votes == [Cast("a" * 32, "reporting", 1, answer, "b" * 32)]  # type: ignore[arg-type]
    assert pad.fault == ""


@pytest.mark.parametrize(
    "message",
    [
        VOTE | {"answer": "5 Innovator"},
        VOTE | {"answer": 3.5},
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
    pad: VotePad, votes: list[Cast], message: dict[str, Any]
) -> None:
    send(pad, message)
    assert votes == []
    assert pad.fault == UNREADABLE


@pytest.mark.parametrize("message", ["text", 5, None, [VOTE]])
def test_a_message_that_is_not_even_an_object_does_nothing(pad: VotePad, votes: list[Cast], message: Any) -> None:
    send(pad, message)
    assert votes == []


def test_the_browser_can_ask_to_look_again(pad: VotePad) -> None:
    looks: list[str] = []
    pad.on_look = lambda: looks.append("look")
    send(pad, {"kind": "look"})
    assert looks == ["look"]


def test_an_exception_in_a_callback_is_logged_and_shown(pad: VotePad, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: Cast) -> None:
        raise OSError("disk full")

    pad.on_cast = fail
    cast(pad, "reporting", 3)
    assert pad.fault == "This did not work (OSError). Open the page again, then go on."
    assert "VotePad failed" in caplog.text


def test_a_broken_rule_is_shown_as_it_is_and_goes_with_the_next_message(pad: VotePad, votes: list[Cast]) -> None:
    def refuse(_: Cast) -> None:
        raise RuleBroken("Voting on this topic is not open.")

    taken, pad.on_cast = pad.on_cast, refuse
    cast(pad, "reporting", 3)
    assert pad.fault == "Voting on this topic is not open."
    pad.on_cast = taken
    cast(pad, "reporting", 3)
    assert pad.fault == ""
    assert len(votes) == 1


@pytest.mark.parametrize("value", ["first", 7, "x" * 250_000, [[]], None])
def test_what_a_browser_sets_is_neither_set_nor_logged_nor_sent_back(
    pad: VotePad, caplog: pytest.LogCaptureFixture, value: Any
) -> None:
    before = pad.get_state()
    set_traits(pad, round=value, question=value, saved=value, fault=value, _esm=value, layout=value, no_trait=value)
    assert pad.get_state() == before
    assert len(caplog.text) < 300


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


def test_a_department_is_one_of_the_choices() -> None:
    chosen: list[str | None] = []
    field = DepartmentField(choices=["Procurement", NO_DEPARTMENT], chosen="Procurement")
    field.on_change = chosen.append
    send(field, {"kind": "department", "department": NO_DEPARTMENT})
    send(field, {"kind": "department", "department": "Chief Executive"})
    assert chosen == [None]
    assert field.fault == "Select your department or role"


def test_the_qr_code_is_drawn_with_its_white_border() -> None:
    drawing = qr_drawing("http://10.0.0.1:8866/join/482915")
    assert drawing["size"] >= 21 + 8
    assert drawing["path"].startswith("M4 4h1v1h-1z")
    assert set(drawing["path"]) <= set("Mhvz-0123456789 ")
