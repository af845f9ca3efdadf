"""First scores, each on one's own, and what is taken together after them: on the domain and on the store."""

from collections.abc import Sequence
from random import Random

import pytest
from played import SESSION, beginning, rubric, scored, theme_codes, votes, workshop_of
from room import Room, make_room
from sqlalchemy import Engine, func, select

from npswidgets.domain import first_scores
from npswidgets.domain.events import (
    BreakStarted,
    Event,
    Proposal,
    SessionClosed,
    TogetherShown,
    TopicPresented,
    Vote,
    VotesRevealed,
    VotingOpened,
)
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken, VoteRefused
from npswidgets.rehearsal import Rehearsal
from npswidgets.store import tables
from npswidgets.store.opening import store_of

CODES = theme_codes()
CLOSE, ALL_SAME = votes(0, 9, 8, 0, 0), votes(0, 0, 12, 0, 0)
A_FEW, WIDE, WIDEST = votes(1, 0, 8, 5, 0), votes(3, 4, 4, 4, 0), votes(7, 0, 0, 0, 7)
FEW = votes(0, 2, 1, 0, 0)


def opened() -> list[Event]:
    """A session whose first scores have been asked for."""
    return [*beginning(CODES), *(VotingOpened(SESSION, code, 0) for code in CODES)]


def shown(*of_topics: Sequence[Vote]) -> list[Event]:
    """Its first topics got these first scores, the others none."""
    cast = dict(zip(CODES, of_topics, strict=False))
    return [*opened(), *(VotesRevealed(SESSION, code, 0, tuple(cast.get(code, ()))) for code in CODES)]


def names(workshop: Workshop) -> list[int]:
    """The places on the agenda, in the order of talk."""
    return [CODES.index(topic.code) for topic in first_scores.talk_order(workshop, SESSION)]


# -- rules -------------------------------------------------------------------------------------------------------------


def test_first_scores_are_the_default_from_eight_topics_up() -> None:
    assert first_scores.are_default(workshop_of([*beginning(CODES)]), SESSION)
    few = workshop_of([*beginning(CODES[:7])])
    assert first_scores.are_offered(few, SESSION)
    assert not first_scores.are_default(few, SESSION)


@pytest.mark.parametrize("event", [scored(CODES[3], 2), VotingOpened(SESSION, CODES[3], 1)])
def test_they_are_not_offered_once_the_room_has_begun(event: Event) -> None:
    assert not first_scores.are_offered(workshop_of([*beginning(CODES), event]), SESSION)


def test_they_open_every_topic_and_the_room_is_on_none() -> None:
    begun = workshop_of([*beginning(CODES), TopicPresented(SESSION, CODES[0])])
    workshop = workshop_of(
        [*beginning(CODES), TopicPresented(SESSION, CODES[0]), *first_scores.opening(begun, SESSION)]
    )
    assert [topic.code for topic in workshop.on_their_own(SESSION)] == [*CODES]
    assert workshop.sessions[SESSION].live is None


@pytest.mark.parametrize(
    ("theme", "minutes"),
    [("showing-leadership", 11), ("behaving-commercially", 17), ("achieving-community-benefits", 34)],
)
def test_they_take_as_long_as_reading_takes(theme: str, minutes: int) -> None:
    assert first_scores.minutes(workshop_of([*beginning(rubric().codes_in(theme))]), SESSION) == minutes


def test_nobody_may_end_the_session_while_they_are_open_but_have_a_break() -> None:
    with pytest.raises(RuleBroken, match="first scores are still open"):
        workshop_of([*opened(), SessionClosed(SESSION)])
    assert workshop_of([*opened(), BreakStarted(SESSION, "11:15")]).sessions[SESSION].break_until == "11:15"


def test_a_topic_without_first_scores_is_as_if_nobody_had_been_asked() -> None:
    topic = workshop_of(shown(CLOSE)).topics[CODES[1]]
    assert (topic.status, topic.rounds, topic.next_round) == ("not_started", (), 1)


def test_after_first_scores_comes_the_first_vote() -> None:
    topic = workshop_of(shown(CLOSE)).topics[CODES[0]]
    assert (topic.status, topic.next_round) == ("shown", 1)


def test_the_widest_is_talked_about_first_and_what_is_close_last() -> None:
    workshop = workshop_of(shown(CLOSE, WIDE, A_FEW, ALL_SAME, WIDEST, FEW))
    assert names(workshop) == [4, 1, 5, 6, 7, 8, 9, 10, 11, 12, 2, 0, 3]


def test_fewer_than_five_people_sort_nothing() -> None:
    workshop = workshop_of(shown(FEW, FEW, FEW))
    assert names(workshop) == [*range(13)]
    assert not first_scores.enough(workshop, SESSION)


def test_the_next_topic_follows_the_order_of_talk() -> None:
    workshop = workshop_of(shown(CLOSE, WIDE, A_FEW, ALL_SAME, WIDEST, FEW))
    following = first_scores.next_topic(workshop, SESSION, CODES[4])
    assert following
    assert following.code == CODES[1]


def test_what_stands_close_is_proposed_at_its_starting_level() -> None:
    workshop = workshop_of(shown(CLOSE, WIDE, A_FEW, ALL_SAME, FEW))
    proposed = (Proposal(CODES[0], 2), Proposal(CODES[3], 3))
    assert first_scores.to_take_together(workshop, SESSION) == proposed
    scored_one = workshop_of([*shown(CLOSE, WIDE, A_FEW, ALL_SAME, FEW), scored(CODES[0], 2)])
    assert first_scores.to_take_together(scored_one, SESSION) == proposed[1:]


@pytest.mark.parametrize(
    ("proposals", "why"),
    [
        ((Proposal(CODES[0], 6),), "from 1 to 5"),
        ((Proposal(CODES[0], 2), Proposal(CODES[0], 3)), "stands twice"),
        ((Proposal("unheard-of", 2),), "belongs to another session"),
        ((Proposal(CODES[5], 2),), "are not shown yet"),
        ((Proposal(CODES[1], 2),), "has a score already"),
    ],
)
def test_only_shown_topics_without_a_score_are_taken_together(proposals: tuple[Proposal, ...], why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        workshop_of([*shown(CLOSE, CLOSE), scored(CODES[1], 2), TogetherShown(SESSION, proposals)])


@pytest.mark.parametrize("event", [TogetherShown(SESSION), TopicPresented(SESSION, CODES[1]), SessionClosed(SESSION)])
def test_the_question_ends_with_whatever_comes_next(event: Event) -> None:
    asked = [*shown(CLOSE, CLOSE), TogetherShown(SESSION, (Proposal(CODES[0], 2),))]
    assert workshop_of(asked).sessions[SESSION].together
    assert not workshop_of([*asked, event]).sessions[SESSION].together


# -- the store ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def room(engine: Engine) -> Room:
    """Six people have given first scores on three topics: close, wide, close."""
    room = make_room(engine, people=6)
    workshop = room.facilitator.workshop
    room.facilitator.record(*first_scores.opening(workshop, room.session))
    for code, levels in zip(room.codes, ((2, 2, 3, 3, 3, 3), (1, 1, 3, 4, 5, 5), (4, 4, 4, 4, 4, 4)), strict=True):
        room.vote(code, *levels, round_number=0)
    return room


def asked(room: Room) -> Room:
    """The room is asked about what stands close."""
    workshop = room.facilitator.show_first_scores(room.session)
    room.facilitator.record(TogetherShown(room.session, first_scores.to_take_together(workshop, room.session)))
    return room


def wishes(room: Room) -> int:
    with room.engine.connect() as db:
        return db.scalar(select(func.count()).select_from(tables.wishes)) or 0


def test_who_has_scored_all_topics_has_finished(room: Room) -> None:
    late = room.join()[0]
    assert room.facilitator.finished(room.session) == 6
    late.cast(room.ballot(late, room.codes[0], 3, 0))
    assert room.facilitator.finished(room.session) == 6
    for code in room.codes[1:]:
        late.cast(room.ballot(late, code, "dont_know", 0))
    assert room.facilitator.finished(room.session) == 7


def test_they_can_be_changed_until_they_are_shown_and_not_after(room: Room) -> None:
    me = room.participants[0]
    code = room.codes[0]
    own = me.own_ballots()[code, 0]
    me.cast(room.ballot(me, code, 1, 0, replaces=own.id))
    room.facilitator.show_first_scores(room.session)
    assert room.workshop.topics[code].shown[0].counts == (1, 1, 4, 0, 0)
    with pytest.raises(VoteRefused):
        me.cast(room.ballot(me, code, 5, 0, replaces=me.own_ballots()[code, 0].id))
    with pytest.raises(RuleBroken, match="No first scores are open"):
        room.facilitator.show_first_scores(room.session)


def test_the_first_vote_says_who_moved_since_the_first_scores(room: Room) -> None:
    room.facilitator.show_first_scores(room.session)
    room.open_voting(room.codes[1])
    room.vote(room.codes[1], 2, 2, 3)
    after = room.facilitator.show_votes(room.codes[1]).topics[room.codes[1]].shown[-1]
    assert (after.number, after.moved) == (1, 2)


def test_what_is_close_is_agreed_in_one_go(room: Room) -> None:
    workshop = asked(room).facilitator.agree_together(room.session)
    scores = [topic.score.value if topic.score else None for topic in workshop.topics_of(room.session)]
    assert scores == [2, None, 4]
    assert not workshop.sessions[room.session].together
    with pytest.raises(RuleBroken, match="is not asked"):
        room.facilitator.agree_together(room.session)


def test_anybody_pulls_a_topic_out_and_nobody_learns_who(room: Room) -> None:
    asked(room)
    me, other = room.participants[:2]
    me.ask_to_talk(room.codes[0], True)
    room.facilitator.refresh()
    other.refresh()
    assert (me.to_talk, room.facilitator.to_talk, other.to_talk) == ({room.codes[0]}, {room.codes[0]}, frozenset())
    workshop = room.facilitator.agree_together(room.session)
    assert [topic.score is None for topic in workshop.topics_of(room.session)] == [True, True, False]
    assert wishes(room) == 0


def test_a_wish_is_taken_back_by_its_owner_alone(room: Room) -> None:
    asked(room)
    me, other = room.participants[:2]
    me.ask_to_talk(room.codes[0], True)
    other.ask_to_talk(room.codes[0], False)
    assert wishes(room) == 1
    me.ask_to_talk(room.codes[0], False)
    assert (wishes(room), me.to_talk) == (0, frozenset())


@pytest.mark.parametrize("code", [1, 0])
def test_a_wish_belongs_to_a_question_that_is_asked(room: Room, code: int) -> None:
    if code == 1:
        asked(room)
    with pytest.raises(RuleBroken, match="settled already"):
        room.participants[0].ask_to_talk(room.codes[code], True)


def test_a_wish_wakes_a_screen_that_looks(room: Room) -> None:
    asked(room)
    facilitator = store_of(room.engine, room.facilitator.actor)
    assert not facilitator.refresh()
    room.participants[0].ask_to_talk(room.codes[0], True)
    assert facilitator.refresh()
    assert not facilitator.refresh()


def test_simulated_people_finish_one_after_the_other(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    room = make_room(engine)
    rehearsal = Rehearsal(engine, room.created.workshop, room.session, 3, 0, Random(1), lambda _: None)
    rehearsal.join()
    opened = room.facilitator.record(*(VotingOpened(room.session, code, 0) for code in room.codes))
    finished: list[int] = []
    monkeypatch.setattr(rehearsal, "_wait", lambda: finished.append(room.facilitator.finished(room.session)))
    rehearsal.score_alone(opened.on_their_own(room.session))
    assert [*finished, room.facilitator.finished(room.session)] == [0, 1, 2, 3]
    assert room.join(), "and there is room for one's own phone"
