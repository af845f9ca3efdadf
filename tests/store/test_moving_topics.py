"""A topic goes to another session: what becomes of first scores that people gave on it."""

import secrets
from pathlib import Path

import pytest
from messages import attached, in_the_browser
from room import Room, make_room
from sqlalchemy import Engine, select

from npswidgets.domain.actor import Actor
from npswidgets.domain.ballots import Ballot, Reason
from npswidgets.domain.events import (
    PresenceChanged,
    ReasonShown,
    SessionClosed,
    TopicMoved,
    TopicPresented,
    TopicsLeftOut,
    VotingOpened,
    Words,
)
from npswidgets.errors import RuleBroken, VoteRefused
from npswidgets.screens import participant
from npswidgets.screens.participant.view import participant_view
from npswidgets.store import people, tables
from npswidgets.store.agenda import Moving
from npswidgets.store.archive import archive_text
from npswidgets.store.erasing import erase
from npswidgets.store.participant_store import ParticipantStore
from npswidgets.store.saved import parse_archive

CODE = "reporting"
SESSIONS = (("One", ("engaging-councillors",)), ("Two", ("engaging-smes",)))
BROWSERS = ("a", "b", "c")


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, sessions=SESSIONS, departments=())


def join(room: Room, session: str, *browsers: str) -> list[ParticipantStore]:
    joined = (people.join(room.engine, room.created.workshop, session, browser=one) for one in browsers)
    return [ParticipantStore(room.engine, actor) for actor in joined]


def ask(room: Room, session: str) -> None:
    room.facilitator.refresh()
    codes = room.facilitator.workshop.sessions[session].codes
    room.facilitator.record(*(VotingOpened(session, code, 0) for code in codes))


def score(stores: list[ParticipantStore], *answers: int, round_number: int = 0) -> None:
    for store, answer in zip(stores, answers, strict=True):
        actor: Actor = store.actor
        store.refresh()
        session, who = actor.session or "", actor.participant or ""
        store.cast(Ballot(secrets.token_hex(8), session, CODE, round_number, who, answer))


def explain(stores: list[ParticipantStore], *given: tuple[int, str]) -> None:
    """First scores with a reason each."""
    for store, (answer, reason) in zip(stores, given, strict=True):
        store.refresh()
        session, who = store.actor.session or "", store.actor.participant or ""
        store.cast(Ballot(secrets.token_hex(8), session, CODE, 0, who, answer, reason))


def move(room: Room, told: Moving | None = None) -> None:
    _, there = room.created.codes
    room.facilitator.refresh()
    room.facilitator.move_topic(CODE, there, told or room.facilitator.moving(CODE, there))


def sessions_of_ballots(room: Room) -> set[str]:
    with room.engine.connect() as db:
        return set(db.scalars(select(tables.ballots.c.session).where(tables.ballots.c.code == CODE)))


def test_without_first_scores_a_topic_just_moves(room: Room) -> None:
    _, there = room.created.codes
    assert room.facilitator.moving(CODE, there) == Moving()
    move(room)
    assert room.workshop.topics[CODE].session == there


def test_first_scores_of_other_people_are_shown_as_what_they_are(room: Room) -> None:
    here, there = room.created.codes
    stores = join(room, here, *BROWSERS)
    join(room, there, "a", "b", "somebody else")
    ask(room, here)
    score(stores, 2, 2, 4)
    room.facilitator.refresh()
    assert room.facilitator.moving(CODE, there) == Moving(3, open=True)
    move(room)
    topic = room.workshop.topics[CODE]
    assert (topic.session, topic.rounds) == (there, ())
    assert [(one.session, one.round.counts) for one in topic.elsewhere] == [(here, (0, 2, 0, 1, 0))]
    assert sessions_of_ballots(room) == {here}
    with pytest.raises(VoteRefused, match="does not belong to this session"):
        score(stores[:1], 3)


def test_first_scores_go_along_to_a_session_where_the_same_people_give_theirs(room: Room) -> None:
    here, there = room.created.codes
    first, second = join(room, here, *BROWSERS), join(room, there, *reversed(BROWSERS), "d")
    ask(room, here)
    ask(room, there)
    score(first, 1, 2, 4)
    room.facilitator.refresh()
    assert room.facilitator.moving(CODE, there) == Moving(3, open=True, along=True, stays_open=True)
    move(room)
    assert sessions_of_ballots(room) == {there}
    for store, answer in zip(second, (4, 2, 1), strict=False):
        store.refresh()
        assert store.own_ballots()[CODE, 0].answer == answer
    room.facilitator.show_first_scores(there)
    assert room.workshop.topics[CODE].shown[0].counts == (1, 1, 0, 1, 0)
    room.facilitator.record(TopicPresented(there, CODE), VotingOpened(there, CODE, 1))
    score(second[:3], 4, 3, 1, round_number=1)
    room.facilitator.show_votes(CODE)
    last = room.workshop.topics[CODE].shown[-1]
    assert (last.voted_in_both, last.moved) == (3, 1), "each one's vote follows on the own first score"


def test_shown_first_scores_go_along_with_the_same_people(room: Room) -> None:
    here, there = room.created.codes
    first = join(room, here, *BROWSERS)
    join(room, there, *BROWSERS)
    ask(room, here)
    score(first, 2, 2, 3)
    room.facilitator.refresh()
    room.facilitator.show_first_scores(here)
    assert room.facilitator.moving(CODE, there) == Moving(3, along=True)
    move(room)
    assert room.workshop.topics[CODE].shown[0].counts == (0, 2, 1, 0, 0)


def test_reasons_stay_to_be_read_as_those_of_the_other_session_until_it_ends(room: Room) -> None:
    here, there = room.created.codes
    stores, others = join(room, here, *BROWSERS), join(room, there, "d", "e")
    ask(room, here)
    explain(stores, (4, "We brief scrutiny."), (2, "Reports come late."), (3, ""))
    move(room)
    first = (Reason(2, "Reports come late.", here), Reason(4, "We brief scrutiny.", here))
    assert room.facilitator.reasons(CODE) == first
    ask(room, there)
    explain(others, (1, "None that I know."), (1, ""))
    assert room.facilitator.reasons(CODE) == first, "a vote that is open tells nothing"
    assert room.facilitator.vote_counts()[CODE, 0] == 2, "they are votes no more"
    room.facilitator.show_first_scores(there)
    assert room.facilitator.reasons(CODE) == (Reason(1, "None that I know."), *first)
    assert room.workshop.topics[CODE].shown[0].counts == (2, 0, 0, 0, 0)
    room.facilitator.show_first_scores(here)
    room.facilitator.record(SessionClosed(here))
    assert room.facilitator.reasons(CODE) == (Reason(1, "None that I know."),)


def test_a_topic_that_comes_back_takes_no_reason_for_a_vote(room: Room) -> None:
    here, there = room.created.codes
    stores = join(room, here, *BROWSERS)
    for _ in range(2):
        ask(room, here)
        explain(stores, (2, "Late."), (2, ""), (3, "Good."))
        move(room)
        room.facilitator.record(TopicMoved(there, CODE, here))
        room.facilitator.refresh()
        assert room.workshop.topics[CODE].rounds == ()
        room.facilitator.show_first_scores(here)
    assert [one.session for one in room.facilitator.reasons(CODE)] == [here, here]


def test_a_topic_that_was_moved_by_mistake_comes_back_as_it_was(room: Room) -> None:
    here, _ = room.created.codes
    stores = join(room, here, *BROWSERS)
    ask(room, here)
    explain(stores, (4, "We brief scrutiny."), (2, ""), (3, ""))
    room.facilitator.refresh()
    room.facilitator.show_first_scores(here)
    before = room.workshop.topics[CODE]
    move(room)
    told = room.facilitator.moving(CODE, here)
    assert told == Moving(back=3)
    room.facilitator.move_topic(CODE, here, told)
    assert room.workshop.topics[CODE] == before
    assert room.facilitator.reasons(CODE) == (Reason(4, "We brief scrutiny."),)
    room.facilitator.record(TopicPresented(here, CODE), VotingOpened(here, CODE, 1))
    score(stores, 3, 2, 3, round_number=1)
    room.facilitator.show_votes(CODE)
    last = room.workshop.topics[CODE].shown[-1]
    assert (last.voted_in_both, last.moved) == (3, 1), "each one's vote follows on the own first score"


def test_first_scores_of_both_sessions_change_places(room: Room) -> None:
    here, there = room.created.codes
    stores, others = join(room, here, *BROWSERS), join(room, there, "d", "e")
    ask(room, here)
    score(stores, 2, 2, 4)
    move(room)
    ask(room, there)
    score(others, 1, 5)
    told = room.facilitator.moving(CODE, here)
    assert told == Moving(2, open=True, back=3)
    room.facilitator.move_topic(CODE, here, told)
    topic = room.workshop.topics[CODE]
    assert (topic.session, [one.counts for one in topic.rounds]) == (here, [(0, 2, 0, 1, 0)])
    assert [(one.session, one.round.counts) for one in topic.elsewhere] == [(there, (1, 0, 0, 0, 1))]


def test_a_person_who_is_erased_takes_the_reason_along(room: Room) -> None:
    here, _ = room.created.codes
    stores = join(room, here, *BROWSERS)
    ask(room, here)
    explain(stores, (2, "Reports come late."), (2, ""), (3, "We brief."))
    move(room)
    erase(room.engine, room.created.workshop, stores[0].actor.participant or "")
    assert room.facilitator.reasons(CODE) == (Reason(3, "We brief.", here),)


def test_a_reason_on_the_wall_does_not_go_along_to_another_room(room: Room) -> None:
    here, there = room.created.codes
    stores = join(room, here, *BROWSERS)
    ask(room, here)
    explain(stores, (2, "Reports come late."), (2, ""), (3, ""))
    room.facilitator.show_first_scores(here)
    room.facilitator.record(TopicPresented(here, CODE), ReasonShown(here, CODE, 0, Words("Reports come late.")))
    move(room)
    topic = room.workshop.topics[CODE]
    assert (topic.session, topic.reason_shown, topic.presented_at) == (there, None, None)


def test_a_sheet_of_paper_goes_nowhere(room: Room) -> None:
    here, there = room.created.codes
    first = join(room, here, "a")
    join(room, there, "a")
    room.facilitator.record(PresenceChanged(here, on_paper=1))
    ask(room, here)
    score(first, 2)
    room.facilitator.enter_paper_vote(CODE, 0, 1, 3)
    assert not room.facilitator.moving(CODE, there).along


def test_a_move_that_means_something_else_by_now_is_not_made(room: Room) -> None:
    here, there = room.created.codes
    stores = join(room, here, *BROWSERS)
    ask(room, here)
    score(stores[:2], 2, 2)
    room.facilitator.refresh()
    told = room.facilitator.moving(CODE, there)
    score(stores[2:], 4)
    with pytest.raises(RuleBroken, match="The first scores have changed since"):
        move(room, told)
    assert room.workshop.topics[CODE].session == here


def test_a_topic_comes_in_time_for_first_scores_that_are_open(room: Room) -> None:
    _, there = room.created.codes
    ask(room, there)
    move(room)
    assert CODE in [topic.code for topic in room.workshop.on_their_own(there)]


def test_what_was_left_out_during_first_scores_goes_on_or_is_shown_with_the_others(room: Room) -> None:
    here, _ = room.created.codes
    stores = join(room, here, *BROWSERS)
    ask(room, here)
    score(stores, 2, 2, 3)
    room.facilitator.record(TopicsLeftOut(here, (CODE,)))
    with pytest.raises(VoteRefused):
        score(stores[:1], 5)
    room.facilitator.put_back(here, (CODE,))
    assert room.workshop.topics[CODE].running
    room.facilitator.record(TopicsLeftOut(here, (CODE,)))
    room.facilitator.show_first_scores(here)
    room.facilitator.put_back(here, (CODE,))
    assert room.workshop.topics[CODE].shown[0].counts == (0, 2, 1, 0, 0)


def test_the_page_of_somebody_who_scored_what_was_left_out_still_opens(room: Room) -> None:
    here, _ = room.created.codes
    (store,) = join(room, here, "a")
    ask(room, here)
    score([store], 2)
    room.facilitator.record(TopicsLeftOut(here, (CODE,)))
    store.refresh()
    ballots = store.own_ballots()
    assert (CODE, 0) in ballots
    page = participant_view(store.workshop, store.actor, ballots, at=CODE)
    assert (page.state, page.pad["code"] in room.codes) == ("first_scores", True)
    room.facilitator.show_first_scores(here)
    store.refresh()
    assert participant_view(store.workshop, store.actor, ballots).state == "waiting"


def test_a_topic_that_was_not_finished_is_moved_to_the_next_session_after_the_end(room: Room) -> None:
    here, there = room.created.codes
    stores = join(room, here, *BROWSERS)
    ask(room, here)
    score(stores, 2, 2, 3)
    room.facilitator.refresh()
    room.facilitator.show_first_scores(here)
    room.facilitator.record(SessionClosed(here))
    assert room.facilitator.moving(CODE, there) == Moving(3)
    move(room)
    assert [one.session for one in room.workshop.topics[CODE].elsewhere] == [here]
    saved = parse_archive(archive_text(room.engine, room.created.workshop).encode(), Path("saved.jsonl"))
    assert saved.workshop.topics[CODE].elsewhere == room.workshop.topics[CODE].elsewhere


@pytest.mark.parametrize("open_when_moved", [True, False])
@pytest.mark.parametrize("anonymity", ["named", "alias"])
def test_a_first_score_that_went_along_is_shown_on_the_own_phone_after_the_end_too(
    engine: Engine, anonymity: str, open_when_moved: bool
) -> None:
    room = make_room(engine, sessions=SESSIONS, departments=(), anonymity=anonymity)
    here, there = room.created.codes
    workshop = room.created.workshop
    first, second = (
        [
            ParticipantStore(engine, people.join(engine, workshop, one, name=f"{who} {one}", browser=who))
            for who in BROWSERS
        ]
        for one in (here, there)
    )
    ask(room, here)
    if open_when_moved:
        ask(room, there)
    score(first, 1, 2, 4)
    room.facilitator.refresh()
    if not open_when_moved:
        room.facilitator.show_first_scores(here)
    move(room)
    if open_when_moved:
        room.facilitator.show_first_scores(here)
        room.facilitator.show_first_scores(there)
    room.facilitator.record(TopicPresented(there, CODE), VotingOpened(there, CODE, 1))
    score(second, 3, 3, 3, round_number=1)
    room.facilitator.show_votes(CODE)
    room.facilitator.record(SessionClosed(here), SessionClosed(there))
    for store, own in zip(second, (1, 2, 4), strict=True):
        phone = attached(participant.build(), store)
        store.refresh()
        phone._draw()
        assert f"Reporting: first score {own}, vote in the room 3" in in_the_browser(phone)
