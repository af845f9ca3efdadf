"""Private votes: cast, counted, shown, and never lost or doubled."""

import dataclasses

import pytest
from room import DEPARTMENTS, Room, make_room
from sqlalchemy import Engine, select, text

from npswidgets.domain.actor import Actor
from npswidgets.domain.ballots import FROM_ZERO, TOO_LATE
from npswidgets.domain.events import Move, Vote, VotingOpened, VotingStopped
from npswidgets.domain.starting_level import starting_level_of
from npswidgets.errors import NotAllowed, RuleBroken, VoteRefused
from npswidgets.store import people, tables
from npswidgets.store.opening import store_of
from npswidgets.store.projector_store import ProjectorStore

CODE = "reporting"


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, people=4)


def shown(room: Room, code: str = CODE) -> tuple[Vote, ...]:
    return room.facilitator.show_votes(code).topics[code].shown[-1].votes


@pytest.mark.both_databases
def test_votes_stay_hidden_until_they_are_shown(room: Room) -> None:
    room.open_voting(CODE)
    room.vote(CODE, 3, 4)
    assert room.facilitator.votes_in(CODE) == 2
    assert room.workshop.topics[CODE].rounds[0].votes == ()
    assert set(room.participants[2].own_ballots()) == set()
    assert [vote.answer for vote in shown(room)] == [3, 4]


@pytest.mark.both_databases
def test_the_big_screen_counts_the_votes(room: Room) -> None:
    room.open_voting(CODE)
    room.vote(CODE, 3)
    assert ProjectorStore(room.engine, Actor(room.created.workshop, "projector")).votes_in(CODE) == 1


@pytest.mark.both_databases
def test_a_vote_can_be_changed_until_it_is_shown(room: Room) -> None:
    room.open_voting(CODE)
    store = room.participants[0]
    first = store.cast(room.ballot(store, CODE, 3))
    store.cast(room.ballot(store, CODE, 4, replaces=first.id))
    assert [vote.answer for vote in shown(room)] == [4]


@pytest.mark.both_databases
def test_the_same_ballot_twice_is_one_vote(room: Room) -> None:
    room.open_voting(CODE)
    store = room.participants[0]
    ballot = room.ballot(store, CODE, 3)
    store.cast(ballot)
    store.cast(ballot)
    assert room.facilitator.votes_in(CODE) == 1
    room.facilitator.show_votes(CODE)
    assert store.cast(ballot) == ballot, "a repeated message for a stored vote is no error, even when it is late"


def test_an_old_ballot_that_arrives_last_does_not_count(room: Room) -> None:
    room.open_voting(CODE)
    store = room.participants[0]
    late = room.ballot(store, CODE, 2)
    store.cast(room.ballot(store, CODE, 4))
    with pytest.raises(VoteRefused, match=r"You chose 4 in another window\."):
        store.cast(late)
    assert [vote.answer for vote in shown(room)] == [4]


def test_a_vote_after_the_votes_were_shown_is_refused_with_the_reason(room: Room) -> None:
    room.open_voting(CODE)
    room.vote(CODE, 3)
    room.facilitator.show_votes(CODE)
    with pytest.raises(VoteRefused, match=TOO_LATE):
        room.vote(CODE, 5)


def test_a_vote_after_voting_stopped_is_refused_and_the_votes_are_kept(room: Room) -> None:
    room.open_voting(CODE)
    room.vote(CODE, 3)
    room.facilitator.record(VotingStopped(room.session, CODE, 1))
    with pytest.raises(VoteRefused, match="Voting has stopped for now"):
        room.vote(CODE, 5)
    room.open_voting(CODE)
    assert room.facilitator.votes_in(CODE) == 1


def opening(room: Room) -> int:
    return room.workshop.topics[CODE].rounds[-1].opening


def test_a_vote_from_before_voting_was_started_from_zero_does_not_count(room: Room) -> None:
    room.open_voting(CODE)
    store, other = room.participants[:2]
    on_its_way = room.ballot(other, CODE, 2, opening=opening(room))
    first = store.cast(room.ballot(store, CODE, 3, opening=opening(room)))
    room.start_from_zero(CODE)
    for late in (on_its_way, room.ballot(store, CODE, 4, replaces=first.id), first):
        with pytest.raises(VoteRefused, match=FROM_ZERO):
            (other if late is on_its_way else store).cast(late)
    store.cast(room.ballot(store, CODE, 5, opening=opening(room)))
    assert [vote.answer for vote in shown(room)] == [5]


def test_a_vote_from_before_voting_was_stopped_counts_when_it_goes_on(room: Room) -> None:
    room.open_voting(CODE)
    on_its_way = room.ballot(room.participants[0], CODE, 2, opening=opening(room))
    room.facilitator.record(VotingStopped(room.session, CODE, 1), VotingOpened(room.session, CODE, 1))
    room.participants[0].cast(on_its_way)
    assert [vote.answer for vote in shown(room)] == [2]


def test_a_first_score_from_before_first_scores_were_asked_for_anew_does_not_count(room: Room) -> None:
    room.facilitator.record(VotingOpened(room.session, CODE, 0))
    on_its_way = room.ballot(room.participants[0], CODE, 2, 0, opening=opening(room))
    room.facilitator.show_votes(CODE)
    assert room.workshop.topics[CODE].rounds == (), "nobody gave one"
    room.facilitator.record(VotingOpened(room.session, CODE, 0))
    with pytest.raises(VoteRefused, match=FROM_ZERO):
        room.participants[0].cast(on_its_way)


@pytest.mark.parametrize("answer", [0, 6, -1, True, 3.0, "3", "five", None, ""])
def test_only_the_seven_answers_can_be_cast(room: Room, answer: object) -> None:
    room.open_voting(CODE)
    store = room.participants[0]
    forged = dataclasses.replace(room.ballot(store, CODE, 3), answer=answer)  # type: ignore[arg-type]
    with pytest.raises(VoteRefused, match="Choose one of the levels 1 to 5"):
        store.cast(forged)
    assert room.facilitator.votes_in(CODE) == 0


def test_nobody_votes_for_somebody_else(room: Room) -> None:
    room.open_voting(CODE)
    thief, victim = room.participants[:2]
    with pytest.raises(NotAllowed):
        thief.cast(room.ballot(victim, CODE, 1))


def test_a_participant_of_no_session_cannot_vote(room: Room) -> None:
    room.open_voting(CODE)
    stranger = store_of(room.engine, Actor(room.created.workshop, "participant", room.session, "nobody"))
    with pytest.raises(VoteRefused, match="does not belong"):
        stranger.cast(room.ballot(stranger, CODE, 1))


@pytest.mark.parametrize(("code", "number"), [("reporting", 2), ("processes", 1), ("no-such-code", 1)])
def test_a_vote_for_another_round_or_topic_is_refused(room: Room, code: str, number: int) -> None:
    room.open_voting(CODE)
    store = room.participants[0]
    with pytest.raises(VoteRefused):
        store.cast(room.ballot(store, code, 1, number))


def test_votes_cannot_be_shown_before_anybody_voted(room: Room) -> None:
    room.open_voting(CODE)
    with pytest.raises(RuleBroken, match=r"Nobody has voted yet\."):
        room.facilitator.show_votes(CODE)
    assert room.workshop.topics[CODE].status == "open"


def test_votes_can_be_shown_when_some_are_missing(room: Room) -> None:
    room.open_voting(CODE)
    room.vote(CODE, 3, "dont_know")
    after = room.facilitator.show_votes(CODE).topics[CODE].shown[0]
    assert (after.n, after.count_of("dont_know"), after.absent) == (1, 1, 2)


def test_several_topics_may_be_open_at_once(room: Room) -> None:
    room.open_voting(CODE)
    room.open_voting("councillor-development")
    room.vote(CODE, 3)
    room.vote("councillor-development", 1, 2)
    assert room.facilitator.vote_counts() == {(CODE, 1): 1, ("councillor-development", 1): 2}


def test_a_second_vote_starts_empty_and_the_first_is_kept(room: Room) -> None:
    room.open_voting(CODE)
    room.vote(CODE, 1, 2, 4, 4)
    room.facilitator.show_votes(CODE)
    room.open_voting(CODE, 2)
    assert room.facilitator.votes_in(CODE) == 0
    room.vote(CODE, 2, 2, 2, 4, round_number=2)
    room.facilitator.show_votes(CODE)
    first, second = room.workshop.topics[CODE].shown
    assert first.counts == (1, 1, 0, 2, 0)
    assert second.counts == (0, 3, 0, 1, 0)
    assert second.moves == (Move(1, 2, 1), Move(4, 2, 1))
    assert (second.moved, second.voted_in_both, first.voted_in_both) == (2, 4, None)


@pytest.mark.both_databases
def test_there_are_at_most_three_votes(room: Room) -> None:
    for number in (1, 2, 3):
        room.open_voting(CODE, number)
        room.vote(CODE, 3, round_number=number)
        room.facilitator.show_votes(CODE)
    with pytest.raises(RuleBroken, match="There have been 3 votes"):
        room.open_voting(CODE, 4)


def test_a_department_is_in_no_anonymous_vote_and_the_starting_level_is_by_department_all_the_same(
    engine: Engine,
) -> None:
    room = make_room(engine)
    for department, number in zip(DEPARTMENTS, (4, 3, 1), strict=True):
        room.join(number, department)
    room.open_voting(CODE)
    room.vote(CODE, 4, 4, 5, 5, 3, 3, 2, 1)
    assert shown(room) == tuple(Vote(answer) for answer in (1, 2, 3, 3, 4, 4, 5, 5))
    start = starting_level_of(room.workshop.topics[CODE].shown[-1])
    assert (start.level, start.sentences[-1]) == (
        3,
        "Departments with fewer than 3 votes are not counted by themselves.",
    )


def test_the_order_of_shown_votes_says_nothing_about_who_voted_when(room: Room) -> None:
    room.open_voting(CODE)
    room.vote(CODE, 4, 1, "dont_know", 2)
    assert [vote.answer for vote in shown(room)] == [1, 2, 4, "dont_know"]


@pytest.mark.both_databases
def test_names_are_kept_beside_the_record_and_never_in_it(engine: Engine) -> None:
    room = make_room(engine, anonymity="named")
    room.join(1, name="Ada Lovelace")
    room.open_voting(CODE)
    room.vote(CODE, 3)
    who = room.participants[0].actor.participant
    assert shown(room)[0].participant == who
    assert people.names(engine, room.created.workshop) == {who: "Ada Lovelace"}
    with engine.connect() as db:
        assert not [line for line in db.scalars(select(tables.events.c.line)) if "Ada" in line]


def test_a_name_is_asked_for_where_the_workshop_is_held_with_names(engine: Engine) -> None:
    room = make_room(engine, anonymity="named")
    with pytest.raises(RuleBroken, match="Enter your name"):
        room.join(1, name="  ")
    assert room.workshop.sessions[room.session].participants == {}


@pytest.mark.both_databases
def test_a_changed_department_counts_from_the_next_votes_shown(engine: Engine) -> None:
    room = make_room(engine)
    room.join(3, DEPARTMENTS[0])
    room.join(3, DEPARTMENTS[1])
    room.open_voting(CODE)
    room.vote(CODE, 2, 2, 5, 5, 5, 5)
    room.participants[0].change_department(DEPARTMENTS[1])
    room.facilitator.show_votes(CODE)
    assert room.workshop.topics[CODE].shown[-1].weakest_department == 5, "two of them are too few to count"
    with pytest.raises(RuleBroken, match="not a department"):
        room.participants[0].change_department("Ministry of Magic")


@pytest.mark.both_databases
def test_ballots_are_gone_when_the_session_is_closed(room: Room) -> None:
    room.open_voting(CODE)
    room.vote(CODE, 3, 4)
    with pytest.raises(RuleBroken, match="Voting on Reporting is still open"):
        room.close()
    room.facilitator.show_votes(CODE)
    assert room.participants[0].own_ballots()
    room.close()
    with room.engine.connect() as db:
        assert db.scalar(text("SELECT count(*) FROM ballots")) == 0
    assert room.participants[0].own_ballots() == {}
    assert room.workshop.topics[CODE].shown[0].n == 2
