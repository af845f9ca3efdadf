"""The practice of a session: rules, secrecy, and that nothing of it stays."""

from typing import Any

import pytest
from practising import CODE, OPENED, PRESENTED, SESSION, STOPPED, begin, kept
from room import Room, make_room
from sqlalchemy import Engine, select

from npswidgets.domain.events import (
    BreakStarted,
    ClosingShown,
    Event,
    NoteWritten,
    ScoreRecorded,
    SessionClosed,
    TopicParked,
    TopicPresented,
    VotesDiscarded,
    VotingOpened,
    Words,
)
from npswidgets.domain.practice import is_practice, practice_code, session_of_practice
from npswidgets.errors import RuleBroken, VoteRefused
from npswidgets.store import tables
from npswidgets.store.archive import archive_text
from npswidgets.store.codec import from_line


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, people=4)


def test_screens_notice_each_step_of_the_practice_by_looking(room: Room) -> None:
    other = room.participants[0]
    steps = (
        lambda: room.facilitator.record(PRESENTED, OPENED),
        lambda: room.facilitator.record(STOPPED),
        lambda: room.facilitator.end_practice(SESSION, leave=False),
    )
    for step in steps:
        step()
        assert [other.refresh(), other.refresh()] == [True, False]
    begin(room)
    other.refresh()
    room.facilitator.end_practice(SESSION, leave=False)
    begin(room)  # as many lines as before
    assert other.refresh()


# -- secret, and gone --------------------------------------------------------------------------------------------------


def test_nothing_of_the_practice_is_in_the_record_or_the_saved_workshop(room: Room) -> None:
    before, revision = archive_text(room.engine, room.created.workshop), room.workshop.revision
    begin(room, 2, 3, 4)
    room.facilitator.show_votes(CODE)
    assert room.workshop.revision == revision
    assert archive_text(room.engine, room.created.workshop) == before
    assert list(room.workshop.topics) == list(room.codes)


def test_a_workshop_with_and_without_a_practice_leaves_the_same(engine: Engine) -> None:
    def played(room: Room) -> list[str]:
        room.open_voting(room.codes[0])
        room.vote(room.codes[0], 2, 3, 3)
        room.facilitator.show_votes(room.codes[0])
        return [type(event).__name__ for event in _events(room)]

    plain, practised = make_room(engine, 3), make_room(engine, 3)
    begin(practised, 5, 1, 1)
    practised.facilitator.show_votes(CODE)
    assert played(plain) == played(practised)
    first, second = (room.workshop.topics[room.codes[0]].rounds[0].votes for room in (plain, practised))
    assert first == second
    saved = archive_text(engine, practised.created.workshop)
    assert [word for word in ("practice:", "tea and coffee") if word in saved] == []


def test_in_a_workshop_with_names_the_practice_names_nobody(engine: Engine) -> None:
    room = make_room(engine, anonymity="named")
    room.join(name="Ayesha Khan")
    begin(room, 3)
    room.facilitator.show_votes(CODE)
    with room.engine.connect() as db:
        lines = list(db.scalars(select(tables.practice.c.line)))
    assert room.participants[0].actor.participant not in "".join(lines)


@pytest.mark.parametrize(
    "end",
    [
        TopicPresented(SESSION, "reporting"),
        VotingOpened(SESSION, "reporting", 0),
        SessionClosed(SESSION),
    ],
)
def test_the_first_topic_or_the_end_deletes_the_practice(room: Room, end: Event) -> None:
    begin(room, 3)
    room.facilitator.record(end)
    assert kept(room) == [0, 0]


# -- rules, whatever a browser says ------------------------------------------------------------------------------------


def test_what_the_practice_does_not_have_is_refused(room: Room) -> None:
    room.facilitator.record(PRESENTED, OPENED)
    rows = kept(room)
    for event in (
        ScoreRecorded(SESSION, CODE, 3),
        NoteWritten(SESSION, CODE, "comment", Words("Nice biscuits.")),
        TopicParked(SESSION, CODE),
        VotesDiscarded(SESSION, CODE, 1),
        VotingOpened(SESSION, CODE, 2),
        VotingOpened("another", CODE, 1),
        VotingOpened(SESSION, practice_code("another"), 1),
    ):
        with pytest.raises(RuleBroken):
            room.facilitator.record(event)
        assert kept(room) == rows


def test_there_is_no_practice_while_the_room_is_elsewhere(room: Room) -> None:
    for event in (
        BreakStarted(SESSION, "11:15"),
        ClosingShown(SESSION, "scores"),
        TopicPresented(SESSION, room.codes[0]),
        SessionClosed(SESSION),
    ):
        room.facilitator.record(event)
        with pytest.raises(RuleBroken):
            room.facilitator.record(OPENED)
    assert kept(room) == [0, 0]


def test_a_vote_on_no_open_practice_is_refused(room: Room) -> None:
    voter = room.participants[0]
    with pytest.raises(VoteRefused, match="not open"):
        voter.cast(room.ballot(voter, CODE, 3))
    begin(room)
    room.facilitator.record(STOPPED)
    with pytest.raises(VoteRefused, match="stopped for now"):
        voter.cast(room.ballot(voter, CODE, 3))
    with pytest.raises(VoteRefused, match="does not belong"):
        voter.cast(room.ballot(voter, practice_code("another"), 3))
    room.open_voting(room.codes[0])
    with pytest.raises(VoteRefused, match="not open"):
        voter.cast(room.ballot(voter, CODE, 3))


def test_no_value_code_is_taken_for_the_practice(room: Room) -> None:
    assert not any(is_practice(code) for code in room.workshop.rubric.value_codes)
    assert (session_of_practice(CODE), session_of_practice("reporting")) == (SESSION, None)


def _events(room: Room) -> list[Any]:
    with room.engine.connect() as db:
        lines = db.scalars(select(tables.events.c.line).where(tables.events.c.workshop == room.created.workshop))
        return [from_line(line).event for line in lines]
