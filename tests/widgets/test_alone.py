"""Widgets that stand alone in a cell, with a value to observe that no page can set."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from messages import send

import npswidgets as nps
from npswidgets.errors import RuleBroken, UnknownName


def cast(answer: object, **other: object) -> dict[str, object]:
    ballot = {"kind": "cast", "id": "ballot-1", "code": "reporting", "round": 1, "answer": answer, "replaces": None}
    return ballot | other


def observed(widget: Any) -> list[object]:
    """What `value` becomes from now on."""
    values: list[object] = []
    widget.observe(lambda change: values.append(change["new"]), "value")
    return values


def test_a_pad_alone_shows_the_statements_and_tells_the_vote_that_was_cast() -> None:
    pad = nps.VotePad(code="reporting")
    values = observed(pad)
    assert pad.levels[0]["name"] == "Minimum"
    assert all(level["statements"] for level in pad.levels)
    send(pad, cast(3))
    assert pad.saved == {"ballot": "ballot-1", "answer": 3}
    send(pad, cast("dont_know", id="ballot-2", replaces="ballot-1"))
    assert values == [3, "dont_know"]
    assert pad.fault == ""


@pytest.mark.parametrize("forged", [cast(9), cast(0), cast(True), cast(3, code="other"), cast(3, round=2)])
def test_a_forged_vote_changes_no_value(forged: dict[str, object]) -> None:
    pad = nps.VotePad(code="reporting")
    values = observed(pad)
    send(pad, forged)
    assert (values, pad.value, pad.saved) == ([], None, {})
    assert pad.fault


def test_the_value_is_not_in_the_browser_and_a_page_cannot_set_it() -> None:
    for widget in (nps.VotePad(code="reporting"), nps.ScoreForm(code="reporting"), nps.NotesForm(code="reporting")):
        before = widget.value
        widget.set_state(
            {"value": 5, "saved": {"ballot": "forged-1", "answer": 5, "score": 5}, "notes": {"comment": "x"}}
        )
        assert widget.value == before
        assert "value" not in widget.get_state()


def test_the_value_follows_what_the_screen_says_is_saved() -> None:
    pad = nps.VotePad()
    pad.on_message = lambda _: None
    send(pad, cast(3))
    assert pad.value is None
    pad.fill({"saved": {"ballot": "ballot-1", "answer": 4}})
    assert pad.value == 4
    pad.fill({"saved": {}})
    assert pad.value is None


def test_a_board_takes_counts() -> None:
    board = nps.VoteBoard(counts=(3, 4, 4, 4, 0))
    assert board.rounds == [{"label": "votes", "counts": [3, 4, 4, 4, 0]}]
    assert [(level["value"], level["name"]) for level in board.levels][:2] == [(1, "Minimum"), (2, "Developing")]
    several = nps.VoteBoard(counts=[(3, 4, 4, 4, 0), [1, 8, 5, 1, 0]], levels=nps.levels_of("Reporting"))
    assert [one["label"] for one in several.rounds] == ["vote 1", "vote 2"]
    assert several.statements
    assert [level["value"] for level in nps.VoteBoard(counts=(1, 2, 3, 4, 5, 6, 7)).levels] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "counts", [(1, -1, 0, 0, 0), (1.5, 0, 0, 0, 0), [(1, 2, 3, 4, 5), (1, 2)], ("a", 1, 1, 1, 1), ()]
)
def test_counts_that_are_none_are_refused_in_words(counts: Any) -> None:
    with pytest.raises(RuleBroken, match="whole numbers from 0"):
        nps.VoteBoard(counts=counts, levels=nps.levels_of("reporting"))


@pytest.mark.parametrize(
    "counts", [np.array([3, 4, 4, 4, 0]), pd.Series([3, 4, 4, 4, 0]), pd.Series([3, 4, 4, 4, 0], dtype="Int64")]
)
def test_counts_out_of_a_table_are_taken(counts: Any) -> None:
    (row,) = nps.VoteBoard(counts=counts).rounds
    assert row["counts"] == [3, 4, 4, 4, 0]
    assert {type(number) for number in row["counts"]} == {int}
    several = nps.VoteBoard(counts=np.array([counts, counts])).rounds
    assert [one["counts"] for one in several] == [[3, 4, 4, 4, 0]] * 2


@pytest.mark.parametrize("counts", [5, "34440", b"34440", {1: 3, 2: 4}, (True, 1), [1, (2, 3)], (None, 1), object()])
def test_what_is_no_row_of_counts_is_refused_in_words(counts: Any) -> None:
    with pytest.raises(RuleBroken, match="whole numbers from 0"):
        nps.VoteBoard(counts=counts)


@pytest.mark.parametrize("make", [nps.VotePad, nps.ScoreForm, nps.NotesForm])
def test_a_widget_that_is_made_with_a_name_has_the_id(make: Any) -> None:
    assert make(code=" Reporting").code == "reporting"
    for wrong in ("reportin", 7, ["reporting"]):
        with pytest.raises(UnknownName, match="There is no value code"):
            make(code=wrong)


def test_a_misspelt_trait_gets_the_nearest_one() -> None:
    with pytest.raises(TypeError, match=r"VotePad has no trait cod\. Did you mean “code”"):
        nps.VotePad(cod="reporting")
    with pytest.raises(TypeError, match=r"VoteBoard has no trait ballots\.$"):
        nps.VoteBoard(ballots=(1, 2))


def test_an_address_that_no_qr_code_can_hold_is_said_so() -> None:
    with pytest.raises(RuleBroken, match="too long for a QR code"):
        nps.JoinCard(address="x" * 5_000, code="482 915")


def test_what_is_no_rubric_is_said_so() -> None:
    with pytest.raises(RuleBroken, match=r"Expected a rubric such as workshop\.rubric, found str"):
        nps.levels_of("reporting", rubric="nps-2018")


def test_a_score_form_alone_keeps_the_score_that_was_chosen() -> None:
    form = nps.ScoreForm(code="reporting")
    values = observed(form)
    chosen = {"kind": "score_chosen", "code": "reporting", "score": 3, "reason": "", "case_study": False, "seen": ""}
    send(form, chosen)
    send(form, chosen | {"score": 4, "code": "other"})
    assert values == [3]
    assert (form.mode, form.saved["score"]) == ("score", 3)


def test_a_form_for_notes_alone_keeps_what_is_typed() -> None:
    form = nps.NotesForm(code="reporting")
    values = observed(form)
    send(form, {"kind": "note_typed", "code": "reporting", "note": "comment", "text": "Well done", "seen": ""})
    assert values == [{"comment": "Well done"}]


def test_a_join_card_alone_has_the_code_of_its_address() -> None:
    card = nps.JoinCard(address="10.0.0.1:8866", code="482 915")
    assert card.qr["size"] > 20
    assert nps.JoinCard().qr == {}


def test_a_widget_says_in_a_line_what_it_is_and_nothing_that_it_holds() -> None:
    assert repr(nps.VotePad(code="reporting")) == "VotePad()"


def test_a_code_that_there_is_not_gets_the_nearest_one() -> None:
    for make in (nps.VotePad, nps.ScoreForm):
        with pytest.raises(UnknownName, match="Did you mean “reporting”"):
            make(code="reportin")
