"""Sentences that count: none, one, two and all read as somebody would say them."""

from typing import Any

import pytest
from played import SESSION, beginning, theme_codes, votes, workshop_of

from npswidgets.domain.events import Abstention, TogetherShown, Vote, VotesRevealed, VotingOpened
from npswidgets.domain.first_scores import Outcome
from npswidgets.domain.rubric_words import Noun
from npswidgets.domain.workshop import Workshop
from npswidgets.screens import words
from npswidgets.screens.facilitator import room_view, together_view
from npswidgets.screens.facilitator.now_view import now_panel
from npswidgets.screens.facilitator.view_state import ViewState
from npswidgets.screens.projector.view import WayIn, projector_view
from npswidgets.store.rubric_files import load_rubric

CODES = theme_codes()
CLOSE = votes(0, 9, 8, 0, 0)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Outcome(1, 0), "We talk about 1 topic"),
        (Outcome(13, 0), "We talk about 13 topics"),
        (Outcome(6, 1), "We talk about 6 topics; 1 is close together"),
        (Outcome(1, 2), "We talk about 1 topic; 2 are close together"),
        (Outcome(0, 1), "The topic is close together"),
        (Outcome(0, 2), "Both topics are close together"),
        (Outcome(0, 3), "All 3 topics are close together"),
    ],
)
def test_what_came_of_the_first_scores(found: Outcome, said: str) -> None:
    assert words.first_scores_say(load_rubric(), found) == said


@pytest.mark.parametrize(
    ("people", "of", "said"),
    [
        (0, 1, "0 of 1 have finished"),
        (1, 1, "1 of 1 has finished"),
        (1, 2, "1 of 2 has finished"),
        (2, 2, "Both have finished"),
        (3, 3, "All 3 have finished"),
        (2, 3, "2 of 3 have finished"),
    ],
)
def test_how_many_have_finished(people: int, of: int, said: str) -> None:
    assert words.finished(people, of) == said


def first_scores(number: int, *, shown: bool = False, together: bool = False) -> Workshop:
    """So many topics, which everybody scores alone; all of them close together once they are shown."""
    codes = CODES[:number]
    events: list[Any] = [*beginning(codes), *(VotingOpened(SESSION, code, 0) for code in codes)]
    events += [VotesRevealed(SESSION, code, 0, CLOSE) for code in codes] if shown else []
    if together:
        events += [TogetherShown(SESSION, state(workshop_of(events)).proposals)]
    return workshop_of(events)


def state(workshop: Workshop, **more: Any) -> ViewState:
    return ViewState(workshop=workshop, session_id=SESSION, code=CODES[0], **more)


@pytest.mark.parametrize(("number", "said"), [(1, "1 topic"), (2, "2 topics")])
def test_how_many_topics_are_scored_alone(number: int, said: str) -> None:
    workshop = first_scores(number)
    wall = projector_view(workshop, workshop.sessions[SESSION], 0, WayIn())
    assert wall.heading["description"] == f"{said}, at your own pace, on your phone or sheet"
    assert now_panel(state(workshop))["lines"][1].endswith(f"minutes for {said}")


@pytest.mark.parametrize(
    ("finished", "said"),
    [
        (0, "Nobody has finished."),
        (1, "17 of 18 have not finished."),
        (17, "1 of 18 has not finished."),
        (18, "All have finished."),
    ],
)
def test_how_many_are_waited_for_before_the_first_scores_are_shown(finished: int, said: str) -> None:
    assert now_panel(state(first_scores(2), finished=finished, hurrying=True))["lines"][0] == said


@pytest.mark.parametrize(
    ("number", "ticked", "asked", "wanted", "button"),
    [
        (1, 0, "this", "Nobody has ticked one so far.", "Agree this one"),
        (1, 1, "this", "Somebody wants to talk about it.", "Talk about it"),
        (2, 1, "these", "Somebody wants to talk about 1 of them.", "Agree this one"),
        (2, 2, "these", "Somebody wants to talk about both of them.", "Talk about both"),
        (3, 3, "these", "Somebody wants to talk about all of them.", "Talk about all"),
        (3, 1, "these", "Somebody wants to talk about 1 of them.", "Agree these 2"),
    ],
)
def test_what_is_agreed_without_talking(number: int, ticked: int, asked: str, wanted: str, button: str) -> None:
    workshop = first_scores(number, shown=True, together=True)
    page = state(workshop, page="together", to_talk=frozenset(CODES[:ticked]))
    wall = projector_view(workshop, workshop.sessions[SESSION], 0, WayIn())
    assert wall.heading["title"] == f"Agree {asked} without talking?"
    scores = "this score is" if number == 1 else "these scores are"
    assert together_view.lines(page)[0].endswith(f'If nobody wants to talk, {scores} agreed."')
    assert (together_view.lines(page)[1], together_view.agree_label(page)) == (wanted, button)


@pytest.mark.parametrize(
    ("levels", "others", "said"),
    [
        ((), ("dont_know", "dont_know"), "No votes, 2 don't know"),
        ((3,), ("dont_know",), "1 vote, 1 doesn't know"),
        ((3, 3), ("not_my_role",), "2 votes, 1 not part of their role"),
        ((3, 3, 3, 3, 3), (), "All 5 votes are at level 3"),
    ],
)
def test_what_is_seen_of_a_vote(levels: tuple[int, ...], others: tuple[Abstention, ...], said: str) -> None:
    cast = tuple(Vote(answer) for answer in (*levels, *others))
    workshop = workshop_of(
        [*beginning(CODES[:1]), VotingOpened(SESSION, CODES[0], 1), VotesRevealed(SESSION, CODES[0], 1, cast)]
    )
    assert ", ".join(words.vote_sentences(workshop.topics[CODES[0]].shown[-1])) == said


@pytest.mark.parametrize(("votes_in", "said"), [(17, "17 of 18 votes in"), (18, "All 18 votes are in")])
def test_how_many_votes_are_in(votes_in: int, said: str) -> None:
    workshop = workshop_of([*beginning(CODES[:1]), VotingOpened(SESSION, CODES[0], 1)])
    assert room_view.votes(state(workshop, votes_in=votes_in))["words"] == said


def test_two_are_both() -> None:
    assert [Noun("vote", "votes").all_of(number) for number in (1, 2, 3)] == ["the vote", "both votes", "all 3 votes"]
