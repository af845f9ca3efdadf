"""What a facilitator sees and may press, as plain functions of the workshop."""

from collections.abc import Sequence

import pytest
from played import SESSION, beginning, finished_theme, scored, theme_codes, voted, votes, workshop_of, written

from npswidgets.domain.events import (
    Event,
    ScoreRecorded,
    SessionClosed,
    TopicParked,
    TopicPresented,
    VotesDiscarded,
    VotingOpened,
    VotingStopped,
    Words,
)
from npswidgets.errors import RuleBroken
from npswidgets.screens.facilitator import steps, topic_view
from npswidgets.screens.facilitator.buttons import LABELS, buttons
from npswidgets.screens.facilitator.now_view import now_panel, press_token
from npswidgets.screens.facilitator.view_state import Draft, Page, ViewState

CODES = theme_codes()
CODE, OTHER = CODES[1], CODES[2]
WIDE = votes(3, 4, 4, 4, 0, dont_know=2, not_my_role=1)
CLOSE = votes(0, 9, 8, 0, 0, dont_know=1)
A_FEW = votes(1, 8, 5, 1, 0)
START = (TopicPresented(SESSION, CODE), VotingOpened(SESSION, CODE, 1))
FROM_ZERO = (VotingStopped(SESSION, CODE, 1), VotesDiscarded(SESSION, CODE, 1), VotingOpened(SESSION, CODE, 1))


def state(
    *events: Event, code: str = CODE, draft: Draft | None = None, page: Page = "topic", votes_in: int = 0
) -> ViewState:
    """What a facilitator looks at after these events."""
    return ViewState(
        workshop=workshop_of([*beginning(CODES), *events]),
        session_id=SESSION,
        code=code,
        page=page,
        votes_in=votes_in,
        draft=draft,
    )


def labels(actions: Sequence[str]) -> list[str]:
    return [LABELS[action] for action in actions]  # type: ignore[index]


def test_no_label_has_more_than_four_words() -> None:
    assert [label for label in LABELS.values() if len(label.split()) > 4] == []


@pytest.mark.parametrize(
    ("events", "word", "main", "others"),
    [
        ((), "Ready", "Start first scores", ["Start voting", "Not applicable", "Score without a vote"]),
        (
            (scored(OTHER, 2),),
            "Ready",
            "Start voting",
            ["Leave for later", "Not applicable", "Score without a vote"],
        ),
        (START, "Voting", "Show the votes", ["Stop voting"]),
        (
            (*START, VotingStopped(SESSION, CODE, 1)),
            "Voting has stopped",
            "Go on voting",
            ["Show the votes", "Start from zero", "Leave for later", "Score without a vote"],
        ),
        (voted(CODE, WIDE), "Votes shown", "Vote again", ["Leave for later", "Not applicable"]),
        (voted(CODE, A_FEW), "Votes shown", "Vote again", ["Leave for later", "Not applicable"]),
        (
            voted(CODE, CLOSE),
            "Votes shown",
            "Save and start next",
            ["Save only", "Vote again", "Leave for later", "Not applicable"],
        ),
        (
            voted(CODE, votes(1, 0, 0, 0, 1)),
            "Votes shown",
            "Save and start next",
            ["Save only", "Vote again", "Leave for later", "Not applicable"],
        ),
        (
            voted(CODE, WIDE, WIDE),
            "Agree a score",
            "Save and start next",
            ["Save only", "Vote again", "Leave for later", "Not applicable"],
        ),
        (
            voted(CODE, WIDE, WIDE, WIDE),
            "Agree a score",
            "Save and start next",
            ["Save only", "Leave for later", "Not applicable"],
        ),
        (
            (*voted(CODE, CLOSE), scored(CODE, 2)),
            "Score saved",
            "Start next",
            ["Vote again", "Leave for later", "Not applicable"],
        ),
        (
            (*voted(CODE, CLOSE), TopicParked(SESSION, CODE)),
            "Leave for later",
            "Start next",
            ["Take it up again", "Not applicable"],
        ),
        (
            (scored(CODE, None, "We have none."),),
            "Not applicable",
            "Start next",
            ["Start voting", "Leave for later", "Not applicable", "Score without a vote"],
        ),
        ((SessionClosed(SESSION),), "Ended", "Read back the scores", ["Not applicable"]),
    ],
)  # fmt: skip
def test_each_state_has_one_main_button(events: Sequence[Event], word: str, main: str, others: list[str]) -> None:
    seen = state(*events)
    action, rest = buttons(seen)
    assert (now_panel(seen)["word"], LABELS[action or "close"], labels(rest)) == (word, main, others)


def test_a_chosen_score_makes_saving_the_next_step() -> None:
    assert buttons(state(*voted(CODE, WIDE), draft=Draft(2)))[0] == "save_next"


def test_a_chosen_score_does_not_take_the_place_of_showing_the_votes() -> None:
    assert buttons(state(*START, draft=Draft(2)))[0] == "show"


def test_the_last_topic_is_saved_and_all_are_read_back() -> None:
    scores = [scored(code, 2) for code in CODES if code != CODE]
    assert buttons(state(*scores, *voted(CODE, CLOSE)))[0] == "save_finish"
    assert buttons(state(*scores, *voted(CODE, CLOSE), scored(CODE, 2)))[0] == "read_back"


def test_a_score_without_a_vote_is_one_button_away_wherever_votes_do_not_come_in() -> None:
    stopped = (*START, VotingStopped(SESSION, CODE, 1))
    none = (scored(CODE, None, "We have none."),)
    for events in ((), stopped, (TopicParked(SESSION, CODE),), none):
        assert "score" in buttons(state(*events))[1]
        assert buttons(state(*events, page="scoring"))[0] == "save_next"
    assert "score" not in buttons(state(*START))[1]


def test_a_topic_that_the_room_is_not_on_is_saved_without_moving_the_room() -> None:
    elsewhere = (*voted(CODE, CLOSE), scored(CODE, 2), TopicPresented(SESSION, OTHER))
    assert buttons(state(*elsewhere))[0] == "go_there"
    assert buttons(state(*elsewhere, draft=Draft(3)))[0] == "save"


def test_a_parked_topic_is_taken_up_again_with_its_votes() -> None:
    events = (*voted(CODE, CLOSE), TopicParked(SESSION, CODE), TopicPresented(SESSION, OTHER))
    assert buttons(state(*events))[0] == "take_up"
    assert steps.start(state(*events).workshop, CODE) == (TopicPresented(SESSION, CODE),)


def test_a_score_can_be_put_right_after_the_end() -> None:
    ended = [*voted(CODE, CLOSE), scored(CODE, 2), SessionClosed(SESSION)]
    assert buttons(state(*ended, draft=Draft(3)))[0] == "save"
    stopped = [*START, VotingStopped(SESSION, CODE, 1), SessionClosed(SESSION)]
    assert buttons(state(*stopped, draft=Draft(3)))[0] == "save"
    assert steps.save(state(*ended, draft=Draft(3))) == (ScoreRecorded(SESSION, CODE, 3),)


@pytest.mark.parametrize(
    ("votes_in", "words"), [(0, "0 of 18 votes in"), (12, "12 of 18 votes in"), (18, "All 18 votes are in")]
)
def test_votes_in_are_counted_in_words(votes_in: int, words: str) -> None:
    assert now_panel(state(*START, votes_in=votes_in))["count"] == {"in": votes_in, "of": 18, "words": words}


def test_figures_wait_until_the_votes_are_shown() -> None:
    before = now_panel(state(*voted(CODE, WIDE), VotingOpened(SESSION, CODE, 2)))
    assert (before["verdict"], before["starting"], before["figures"]) == ("", [], [])
    after = now_panel(state(*voted(CODE, WIDE)))
    assert after["verdict"] == "Wide spread: from 1 to 4"
    assert after["starting"][:2] == ["Suggested level (weakest part): 2", "7 of 15 votes are at level 2 or lower."]
    assert after["figures"][:3] == ["Median 3", "Middle half of the votes 2 to 3.5", "Agreement 0.58, from 0 to 1"]


def test_few_votes_have_no_figures() -> None:
    seen = now_panel(state(*voted(CODE, votes(0, 1, 2, 0, 0))))
    assert (seen["verdict"], seen["figures"]) == ("3 votes: too few to compare", [])


def test_what_to_say_fits_the_state() -> None:
    assert (
        now_panel(state(scored(OTHER, 2)))["lines"][0]
        == 'Say: "Which level is true for the part of the council you know?"'
    )
    assert now_panel(state(*voted(CODE, CLOSE)))["lines"] == [
        'Say: "We are close together. Does anything speak against level 2?"'
    ]
    second = [*voted(CODE, WIDE, A_FEW, moves=[(4, 2, 3), (1, 2, 2)])]
    assert now_panel(state(*second))["lines"][0] == "5 votes moved"
    assert now_panel(state(*second, draft=Draft(2)))["lines"] == ["5 votes moved", "Read the comment aloud."]
    assert "Still wide after 2 votes." in now_panel(state(*voted(CODE, WIDE, WIDE)))["lines"][0]


def test_the_moment_changes_whenever_the_main_button_does() -> None:
    moments = {
        press_token(state()),
        press_token(state(*START)),
        press_token(state(*voted(CODE, WIDE))),
        press_token(state(*voted(CODE, WIDE), draft=Draft(2))),
        press_token(state(*voted(CODE, WIDE), VotingOpened(SESSION, CODE, 2))),
        press_token(state(*START, *FROM_ZERO)),
        press_token(state(code=OTHER)),
        press_token(state(page="agreed")),
    }
    assert len(moments) == 8


def test_a_score_can_be_saved_as_soon_as_it_is_chosen_where_votes_stand_close() -> None:
    assert press_token(state(*voted(CODE, CLOSE))) == press_token(state(*voted(CODE, CLOSE), draft=Draft(3)))
    assert press_token(state(*START, votes_in=3)) == press_token(state(*START, votes_in=4))


def test_the_list_says_where_each_topic_stands() -> None:
    rows = topic_view.topics(state(*voted(CODES[0], CLOSE), scored(CODES[0], 2), *START))
    first, second, third = rows["areas"][0]["topics"]
    assert rows["done"] == "1 of 13 done"
    assert [area["name"] for area in rows["areas"]][:2] == ["Engaging Councillors", "Engaging senior managers"]
    assert (first["score"], first["done"], first["live"]) == (2, True, False)
    assert (second["state"], second["live"], second["looked_at"]) == ("open", True, True)
    assert (third["state"], third["done"]) == ("", False)


def test_the_band_says_that_the_room_is_elsewhere() -> None:
    assert topic_view.band(state(*START))["text"] == ""
    assert topic_view.band(state(*START, code=OTHER)) == {"text": "The room is on Reporting.", "code": CODE}


def test_rounds_stand_side_by_side_once_they_are_shown() -> None:
    board = topic_view.board(state(*voted(CODE, WIDE, A_FEW), VotingOpened(SESSION, CODE, 3)))
    assert [(one["label"], one["counts"]) for one in board["rounds"]] == [
        ("vote in the room", [3, 4, 4, 4, 0]),
        ("second vote in the room", [1, 8, 5, 1, 0]),
    ]
    assert topic_view.board(state(*voted(CODE, WIDE)))["summary"] == "15 votes. 2 don't know. 1 not part of their role."


@pytest.mark.parametrize(
    ("events", "page", "mode"),
    [
        ((), "topic", "nothing"),
        (START, "topic", "nothing"),
        (voted(CODE, WIDE), "topic", "score"),
        ((), "not_applicable", "not_applicable"),
        ((), "scoring", "score"),
        ((*START, VotingStopped(SESSION, CODE, 1)), "scoring", "score"),
        ((SessionClosed(SESSION),), "topic", "score"),
    ],
)  # fmt: skip
def test_the_form_asks_for_what_the_state_needs(events: Sequence[Event], page: Page, mode: str) -> None:
    assert topic_view.score(state(*events, page=page))["mode"] == mode


def test_the_comment_can_be_written_from_the_start_of_the_voting() -> None:
    seen = [state(), state(*START), state(*voted(CODE, WIDE)), state(*START, VotingStopped(SESSION, CODE, 1))]
    assert [topic_view.notes(one)["writing"] for one in seen] == [False, True, True, True]


def test_what_was_agreed_is_read_back_with_everything_written() -> None:
    agreed = topic_view.agreed(
        ViewState(workshop=workshop_of(finished_theme()), session_id=SESSION, code=CODE, page="agreed")
    )
    reporting, networks = agreed["rows"][1], agreed["rows"][10]
    assert agreed["heading"] == "Thank you. The workshop has ended."
    assert (reporting["score"], reporting["level"]) == (2, "Developing")
    assert reporting["notes"][1] == "A different view: Finance sees regular briefings."
    assert (networks["score"], networks["state"]) == (None, "Not applicable")
    assert networks["notes"] == ["We have no such networks."]


def test_before_the_end_the_room_is_asked_whether_this_was_agreed() -> None:
    agreed = topic_view.agreed(
        state(*voted(CODE, CLOSE), *written(CODE, comment="No briefing."), scored(CODE, 2), page="agreed")
    )
    assert agreed["heading"] == "Is this what we agreed?"
    assert agreed["rows"][0]["state"] == "Left for later"
    assert now_panel(state(page="agreed"))["lines"][0] == "13 topics have no score"


def test_a_vote_waits_until_that_on_another_topic_has_ended() -> None:
    with pytest.raises(RuleBroken, match=r"^Voting on Reporting is still open\. Show or stop those votes first\.$"):
        steps.start(state(*START).workshop, OTHER)


def test_a_stopped_vote_starts_again_as_the_same_round() -> None:
    seen = state(*START, VotingStopped(SESSION, CODE, 1))
    assert steps.start(seen.workshop, CODE) == (TopicPresented(SESSION, CODE), VotingOpened(SESSION, CODE, 1))


def test_saving_asks_for_a_score() -> None:
    with pytest.raises(RuleBroken, match=r"^Choose the agreed score$"):
        steps.save(state(*voted(CODE, CLOSE)))


def test_what_is_saved_already_is_not_saved_twice() -> None:
    assert steps.save(state(*voted(CODE, CLOSE), scored(CODE, 2), draft=Draft(2))) == ()


def test_a_score_above_the_starting_level_carries_its_reason() -> None:
    draft = Draft(3, "Already being put right")
    assert steps.save(state(*voted(CODE, CLOSE), draft=draft)) == (
        ScoreRecorded(SESSION, CODE, 3, reason_above=Words("Already being put right")),
    )
