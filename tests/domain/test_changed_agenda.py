"""The agenda can be changed for each topic until the room votes on it; each change is an event."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from played import START, beginning, theme_codes, votes, workshop_of

from npswidgets.domain.events import (
    AgendaOrdered,
    DepartmentsCounted,
    ScoreRecorded,
    SessionClosed,
    SessionOpened,
    SessionPlanned,
    TogetherShown,
    TopicMoved,
    TopicPresented,
    TopicsLeftOut,
    TopicsPutBack,
    VotesRevealed,
    VotingOpened,
)
from npswidgets.domain.first_scores import talk_order
from npswidgets.domain.rules.dispatch import after
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken

ONE, TWO = "showing-leadership", "two"
A, B, C, D, *REST = theme_codes()
OTHERS = tuple(REST[:3])


def played(*events: Any) -> Workshop:
    """Two open sessions: four topics in the one, three in the other."""
    begun = [*beginning((A, B, C, D)), SessionPlanned(TWO, "Second", OTHERS), SessionOpened(TWO)]
    return workshop_of([*begun, *events])


def first_scores(codes: Iterable[str], *numbers: int) -> list[Any]:
    shown = votes(*numbers)
    return [VotingOpened(ONE, code, 0) for code in codes] + [VotesRevealed(ONE, code, 0, shown) for code in codes]


def test_a_topic_is_left_out_and_put_back() -> None:
    without = played(TopicsLeftOut(ONE, (B, C)))
    assert without.sessions[ONE].codes == (A, D)
    assert {B, C}.isdisjoint(without.topics)
    assert [topic.code for topic in without.left_out_of(ONE)] == [B, C]
    back = played(TopicsLeftOut(ONE, (B, C)), TopicsPutBack(ONE, (C,)))
    assert back.sessions[ONE].codes == (A, D, C)
    assert (set(back.left_out), back.topics[C].session) == ({B}, ONE)


def test_what_was_left_out_keeps_its_first_scores() -> None:
    scored = first_scores((A, B, C, D), 0, 2, 3, 0, 0)
    workshop = played(*scored, TopicsLeftOut(ONE, (B,)), TopicsPutBack(ONE, (B,)))
    assert workshop.topics[B].shown[0].counts == (0, 2, 3, 0, 0)


def test_the_room_leaves_a_topic_that_goes() -> None:
    asked = TogetherShown(ONE, ())
    workshop = played(asked, TopicPresented(ONE, B), TopicsLeftOut(ONE, (B,)))
    assert workshop.sessions[ONE].live is None
    assert played(TopicPresented(ONE, B), TopicMoved(ONE, B, TWO)).sessions[ONE].live is None
    assert played(TopicPresented(ONE, A), TopicMoved(ONE, B, TWO)).sessions[ONE].live == A


def test_a_topic_is_moved_to_another_session() -> None:
    workshop = played(TopicMoved(ONE, B, TWO))
    assert workshop.sessions[ONE].codes == (A, C, D)
    assert workshop.sessions[TWO].codes == (*OTHERS, B)
    assert workshop.topics[B].session == TWO


def test_a_topic_may_leave_a_session_that_has_ended_and_come_to_none_that_has() -> None:
    workshop = played(SessionClosed(ONE), TopicMoved(ONE, B, TWO))
    assert workshop.topics[B].session == TWO
    changed = (TopicsLeftOut(ONE, (A,)), TopicsPutBack(ONE, (B,)), AgendaOrdered(ONE, (A, D, C)))
    for wrong in (TopicMoved(TWO, OTHERS[0], ONE), *changed):
        with pytest.raises(RuleBroken, match="has ended"):
            played(TopicsLeftOut(ONE, (B,)), SessionClosed(ONE), wrong)


def test_first_scores_of_other_people_stay_what_they_are() -> None:
    workshop = played(*first_scores((A, B, C, D), 0, 2, 3, 0, 0), TopicMoved(ONE, B, TWO))
    topic = workshop.topics[B]
    assert topic.rounds == ()
    assert [(one.session, one.round.counts) for one in topic.elsewhere] == [(ONE, (0, 2, 3, 0, 0))]


def test_first_scores_of_the_same_people_go_along() -> None:
    workshop = played(*first_scores((A, B, C, D), 0, 2, 3, 0, 0), TopicMoved(ONE, B, TWO, along=True))
    topic = workshop.topics[B]
    assert (topic.shown[0].counts, topic.elsewhere) == ((0, 2, 3, 0, 0), ())
    assert topic.shown[0].people == workshop.sessions[TWO].participants


def test_first_scores_count_again_where_they_were_given_once_the_topic_is_back() -> None:
    away = [*first_scores((A, B, C, D), 0, 2, 3, 0, 0), TopicMoved(ONE, B, TWO)]
    back = played(*away, TopicMoved(TWO, B, ONE, back=True)).topics[B]
    assert ([one.counts for one in back.rounds], back.elsewhere) == ([(0, 2, 3, 0, 0)], ())
    as_before = played(*away, TopicMoved(TWO, B, ONE)).topics[B]
    assert (as_before.rounds, len(as_before.elsewhere)) == ((), 1)
    for wrong in (TopicMoved(ONE, A, TWO, back=True), TopicMoved(ONE, A, TWO, along=True, back=True)):
        with pytest.raises(RuleBroken, match="were given there"):
            played(*away, wrong)


def test_what_was_known_of_the_ballots_stays_with_the_session_whose_they_are() -> None:
    """Those of a session that has ended are deleted; those of the other one are not."""
    scored = first_scores((A, B, C, D), 0, 2, 3, 0, 0)
    counted, ended = DepartmentsCounted(ONE, B, 0), played(*scored, SessionClosed(ONE))
    told = replace(ended, topics=ended.topics | {B: replace(ended.topics[B], departments=counted)})
    moved = after(TopicMoved(ONE, B, TWO), told, START)
    assert (moved.topics[B].ballots_deleted, moved.topics[B].departments) == (False, None)
    assert (moved.topics[B].elsewhere[0].ballots_deleted, moved.topics[B].elsewhere[0].departments) == (True, counted)
    later = played(*scored, TopicMoved(ONE, B, TWO), SessionClosed(ONE), SessionOpened(ONE))
    assert later.topics[B].elsewhere[0].ballots_deleted
    back = played(
        *scored, TopicMoved(ONE, B, TWO), SessionClosed(ONE), SessionOpened(ONE), TopicMoved(TWO, B, ONE, back=True)
    )
    assert (back.topics[B].ballots_deleted, back.topics[B].shown[0].counts) == (True, (0, 2, 3, 0, 0))


def test_first_scores_that_are_open_move_only_to_where_they_are_open() -> None:
    begun = VotingOpened(ONE, B, 0)
    for along in (False, True):
        with pytest.raises(RuleBroken, match="First scores on this topic are open"):
            played(begun, TopicMoved(ONE, B, TWO, along))
    there = VotingOpened(TWO, OTHERS[0], 0)
    moved = played(begun, there, TopicMoved(ONE, B, TWO, along=True))
    assert [topic.code for topic in moved.on_their_own(TWO)] == [OTHERS[0], B]


def test_the_order_is_the_facilitators_also_after_first_scores() -> None:
    before = played(AgendaOrdered(ONE, (D, C, B, A)))
    assert [topic.code for topic in talk_order(before, ONE)] == [D, C, B, A]
    assert not before.sessions[ONE].own_order
    scored = first_scores((A, B, C), 0, 2, 3, 0, 0) + first_scores((D,), 3, 0, 0, 0, 3)
    by_spread = played(AgendaOrdered(ONE, (B, A, C, D)), *scored)
    assert talk_order(by_spread, ONE)[0].code == D
    own = played(*scored, AgendaOrdered(ONE, (B, A, C, D)))
    assert [topic.code for topic in talk_order(own, ONE)] == [B, A, C, D]


VOTED = [TopicPresented(ONE, B), VotingOpened(ONE, B, 1)]
SCORED = [ScoreRecorded(ONE, B, 3)]


@pytest.mark.parametrize("before", [VOTED, SCORED])
def test_what_the_room_has_voted_on_stays(before: list[Any]) -> None:
    for event in (TopicsLeftOut(ONE, (B,)), TopicMoved(ONE, B, TWO)):
        with pytest.raises(RuleBroken, match="It stays on the agenda"):
            played(*before, event)


def test_what_the_room_has_voted_on_keeps_its_order() -> None:
    settled = [ScoreRecorded(ONE, A, 3), ScoreRecorded(ONE, C, 2)]
    assert played(*settled, AgendaOrdered(ONE, (B, A, D, C))).sessions[ONE].codes == (B, A, D, C)
    with pytest.raises(RuleBroken, match="keep their order"):
        played(*settled, AgendaOrdered(ONE, (C, A, B, D)))


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (TopicsLeftOut(ONE, (A, B, C, D)), "keeps at least one topic"),
        (TopicsLeftOut(ONE, ()), "Name each topic once"),
        (TopicsLeftOut(ONE, (A, A)), "Name each topic once"),
        (TopicsLeftOut(ONE, (OTHERS[0],)), "not on the agenda of this session"),
        (TopicsLeftOut("nowhere", (A,)), "has no session"),
        (TopicsPutBack(ONE, (A,)), "was not left out of this session"),
        (TopicMoved(ONE, A, ONE), "is in Showing leadership already"),
        (TopicMoved(ONE, A, "nowhere"), "has no session"),
        (TopicMoved(TWO, A, ONE), "belongs to the session"),
        (TopicMoved(ONE, "nothing", TWO), "No session of this workshop scores"),
        (AgendaOrdered(ONE, (A, B, C)), "each topic of the session once"),
        (AgendaOrdered(ONE, (A, B, C, C)), "each topic of the session once"),
        (AgendaOrdered(ONE, (A, B, C, OTHERS[0])), "each topic of the session once"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_words(event: Any, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        played(event)


def test_another_session_may_put_back_only_its_own_topics() -> None:
    with pytest.raises(RuleBroken, match="was not left out of this session"):
        played(TopicsLeftOut(ONE, (A,)), TopicsPutBack(TWO, (A,)))


def test_a_new_session_may_score_what_another_one_has_left_out_and_nobody_has_scored() -> None:
    taken = played(TopicsLeftOut(ONE, (B,)), SessionPlanned("three", "Third", (B,)))
    assert (taken.topics[B].session, taken.left_out) == ("three", {})
    scored = first_scores((A, B, C, D), 0, 2, 3, 0, 0)
    with pytest.raises(RuleBroken, match="belongs to another session"):
        played(*scored, TopicsLeftOut(ONE, (B,)), SessionPlanned("three", "Third", (B,)))


def test_first_scores_left_out_while_they_were_open_end_with_the_session() -> None:
    workshop = played(
        VotingOpened(ONE, B, 0),
        TopicsLeftOut(ONE, (B,)),
        SessionClosed(ONE),
        SessionOpened(ONE),
        TopicsPutBack(ONE, (B,)),
    )
    assert workshop.topics[B].rounds == ()
