"""The record: what may follow, what it remembers, and what is signed off."""

import re
from datetime import date

import pytest
from room import Room, make_room
from sqlalchemy import Engine, insert, text

from npswidgets.domain import join_code
from npswidgets.domain.events import (
    ActionAgreed,
    ActionChanged,
    ActionDropped,
    NoteWritten,
    ScoreRecorded,
    SessionOpened,
    TargetSet,
    TopicParked,
    TopicPresented,
    Words,
    WorkshopReopened,
    WorkshopSealed,
)
from npswidgets.domain.first_scores import next_topic
from npswidgets.domain.ids import readable_id
from npswidgets.errors import NotFound, RuleBroken, StoreFault, VoteRefused
from npswidgets.store import people, tables, workshops
from npswidgets.store.codec import from_line, to_line, without_texts
from npswidgets.store.workshops import NewWorkshop, create_workshop

CODE = "reporting"


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, people=2)


def seal(room: Room) -> None:
    room.score_all()
    room.close()
    room.facilitator.record(WorkshopSealed(1, Words("Head of procurement")))


@pytest.mark.both_databases
def test_state_is_the_fold_of_the_events(room: Room) -> None:
    room.open_voting(CODE)
    room.vote(CODE, 2, 3)
    room.facilitator.show_votes(CODE)
    room.agree(CODE, 2, "Reports come when a decision is due.")
    known = room.facilitator.workshop
    assert known == room.workshop, "folded on from event to event, and from the start, it is the same"
    assert known.topics[CODE].note("comment") == "Reports come when a decision is due."
    assert workshops.read_workshop(room.engine, room.created.workshop, at=1).sessions == {}


@pytest.mark.both_databases
def test_nothing_is_stored_when_one_of_several_events_breaks_a_rule(room: Room) -> None:
    room.facilitator.refresh()
    before = room.workshop
    with pytest.raises(RuleBroken):
        room.facilitator.record(TopicPresented(room.session, CODE), ScoreRecorded(room.session, CODE, 6))
    assert room.workshop == before
    assert room.facilitator.workshop == before


def test_another_screen_sees_what_was_recorded(room: Room) -> None:
    other = room.participants[-1]
    assert other.refresh() is False
    room.facilitator.record(TopicPresented(room.session, CODE))
    assert other.refresh() is True
    assert other.workshop.sessions[room.session].live == CODE


@pytest.mark.both_databases
def test_two_facilitators_write_one_after_the_other(room: Room) -> None:
    helper = type(room.facilitator)(room.engine, room.facilitator.actor)
    room.facilitator.record(NoteWritten(room.session, CODE, "comment", Words("First")))
    helper.record(ScoreRecorded(room.session, CODE, 3))
    topic = room.workshop.topics[CODE]
    assert (topic.note("comment"), topic.score and topic.score.value) == ("First", 3)


@pytest.mark.both_databases
def test_a_line_comes_back_as_it_was_written(room: Room) -> None:
    room.agree(CODE, 5, "Déjà vu ✓ \u202e right to left, 'quotes' and \"more\"")
    with room.engine.connect() as db:
        for line in db.scalars(text("SELECT line FROM events")):
            entry = from_line(line)
            assert to_line(entry) == line
            assert without_texts(entry.event) == entry.event
            assert "Déjà" not in line, "words stand beside the record"


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (ScoreRecorded("showing-leadership", CODE, 0), "level from 1 to 5"),
        (ScoreRecorded("showing-leadership", CODE, True), "level from 1 to 5"),
        (ScoreRecorded("showing-leadership", CODE), "Choose the agreed score"),
        (ScoreRecorded("showing-leadership", CODE, 3, Words("both")), "Choose the agreed score"),
        (ScoreRecorded("showing-leadership", CODE, not_applicable=Words(" ")), "Write why"),
        (ScoreRecorded("showing-leadership", CODE, 4, case_study=True), "Only a score of 5"),
        (ScoreRecorded("showing-leadership", "processes", 3), "No session of this workshop"),
        (ScoreRecorded("another", CODE, 3), "belongs to the session"),
        (SessionOpened("showing-leadership"), "open already"),
        (SessionOpened("another"), "no session"),
        (WorkshopReopened(Words("why not")), "not signed off"),
        (NoteWritten("showing-leadership", CODE, "gossip", Words("x")), "no note of the kind"),  # type: ignore[arg-type]
    ],
)
def test_what_breaks_a_rule_is_not_stored(room: Room, event: ScoreRecorded, why: str) -> None:
    before = room.workshop.revision
    with pytest.raises(RuleBroken, match=why):
        room.facilitator.record(event)
    assert room.workshop.revision == before


@pytest.mark.both_databases
def test_targets_and_actions_are_set_changed_and_dropped(room: Room) -> None:
    place, record = (room.session, CODE), room.facilitator.record
    record(TargetSet(*place, 3), ActionAgreed(*place, "a1", Words("Monthly briefing"), Words("Head of procurement")))
    record(ActionChanged(*place, "a1", Words("Briefing"), Words("Head of procurement"), "2026-09-30", Words("Done")))
    topic = room.workshop.topics[CODE]
    assert topic.target == 3
    assert topic.actions["a1"].due == date(2026, 9, 30)
    assert str(topic.actions["a1"].what) == "Briefing"
    with pytest.raises(RuleBroken, match="agreed already"):
        record(ActionAgreed(*place, "a1", Words("Again"), Words("")))
    with pytest.raises(RuleBroken, match="no such action"):
        record(ActionDropped(*place, "a2"))
    with pytest.raises(RuleBroken, match="not a date"):
        record(ActionAgreed(*place, "a2", Words("x"), Words(""), "next week"))
    with pytest.raises(RuleBroken, match="level from 1 to 5"):
        record(TargetSet(*place, 6))
    record(ActionDropped(*place, "a1"), TargetSet(*place))
    assert (room.workshop.topics[CODE].target, room.workshop.topics[CODE].actions) == (None, {})


def test_a_topic_is_parked_and_taken_up_again(room: Room) -> None:
    room.facilitator.record(TopicPresented(room.session, CODE), TopicParked(room.session, CODE))
    assert room.workshop.topics[CODE].status == "parked"
    following = next_topic(room.workshop, room.session, CODE)
    assert following is not None
    assert following.code == "councillor-development"
    room.open_voting(CODE)
    assert room.workshop.topics[CODE].status == "open"


def test_the_next_topic_is_the_first_without_a_score_and_parked_ones_come_last(room: Room) -> None:
    first, second, third = room.codes
    room.facilitator.record(TopicParked(room.session, second))
    topic = next_topic(room.workshop, room.session, first)
    assert topic is not None
    assert topic.code == third
    room.agree(third, 3)
    topic = next_topic(room.workshop, room.session, first)
    assert topic is not None
    assert topic.code == second
    room.agree(second, 3)
    assert next_topic(room.workshop, room.session, first) is None


def test_a_value_code_belongs_to_one_session_at_a_time(engine: Engine) -> None:
    twice = (("One", ("engaging-councillors",)), ("Two", ("showing-leadership",)))
    with pytest.raises(RuleBroken, match="belongs to another session already"):
        create_workshop(engine, NewWorkshop("Example County Council", sessions=twice))
    assert workshops.list_workshops(engine) == []


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (NewWorkshop(" "), "name of the council"),
        (NewWorkshop("Example", sessions=(("One", ("Alchemy",)),)), "no theme or key area 'Alchemy'"),
        (NewWorkshop("Example", departments=("Finance", " Finance ")), "twice"),
    ],
)
def test_a_workshop_that_makes_no_sense_is_not_made(engine: Engine, new: NewWorkshop, why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        create_workshop(engine, new)
    assert workshops.list_workshops(engine) == []


def test_no_second_id_of_a_council_looks_like_a_join_code(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs leave codes out, and would say of no workshop which it is."""
    monkeypatch.setattr("secrets.token_hex", lambda _: "610746")
    ids = [create_workshop(engine, NewWorkshop("Example County Council")).workshop for _ in range(2)]
    assert len(set(ids)) == 2
    assert not [one for one in ids if re.search(join_code.PATTERN, one)]


def test_the_id_of_a_long_name_ends_with_a_word() -> None:
    assert readable_id("Royal Borough of Windsor and Maidenhead Council") == ("royal-borough-of-windsor-and-maidenhead")


@pytest.mark.both_databases
def test_two_workshops_of_one_council_have_two_ids(engine: Engine) -> None:
    ids = {create_workshop(engine, NewWorkshop("Example County Council")).workshop for _ in range(3)}
    assert len(ids) == 3
    assert len(workshops.list_workshops(engine)) == 3


def test_signing_off_says_all_that_is_missing(room: Room) -> None:
    first, second, third = room.codes
    room.open_voting(first)
    room.join(3)
    room.vote(first, 1, 1, 2, 2, 2)
    room.facilitator.show_votes(first)
    room.agree(first, 3)
    room.facilitator.record(ScoreRecorded(room.session, second, 5))
    room.close()
    with pytest.raises(RuleBroken) as refused:
        room.facilitator.record(WorkshopSealed(1, Words("Head of procurement")))
    said = str(refused.value)
    assert "Write why Procurement and commercial champions is above the suggested level" in said
    assert "Write a comment for Reporting: it scores 5" in said
    assert "Choose a score for Councillor development, or mark it as not applicable" in said
    assert third in room.codes


@pytest.mark.both_databases
def test_what_is_signed_off_cannot_be_changed_by_any_path(room: Room) -> None:
    seal(room)
    workshop = room.created.workshop
    for event in (NoteWritten(room.session, CODE, "comment", Words("later")), SessionOpened(room.session)):
        with pytest.raises(RuleBroken, match="signed off and locked"):
            room.facilitator.record(event)
    with pytest.raises(RuleBroken, match="signed off and locked"):
        people.join(room.engine, workshop, room.session)
    with pytest.raises((VoteRefused, RuleBroken), match="nothing can be changed any more"):
        room.vote(CODE, 1)
    around_the_rules = (
        "INSERT INTO events SELECT workshop, 1000 + revision, line FROM events WHERE revision = 4",
        f"INSERT INTO events VALUES ('{workshop}', 1000, '{{}}')",
        "UPDATE events SET line = replace(line, 'score', 'scone')",
        "DELETE FROM events",
        "UPDATE workshops SET sealed = false",
        "UPDATE words SET text = 'forged'",
        f"INSERT INTO ballots VALUES ('{workshop}', 's', 'c', 1, 'p', 'b', '1', '', NULL, '')",
    )
    for statement in around_the_rules:
        with (
            pytest.raises(StoreFault, match=r"signed off|never changed|not changed"),
            room.engine.begin() as db,
        ):
            db.execute(text(statement))
    assert room.workshop.sealed


@pytest.mark.both_databases
def test_reopening_needs_a_reason_and_makes_a_new_version(room: Room) -> None:
    seal(room)
    with pytest.raises(RuleBroken, match="Write why"):
        room.facilitator.record(WorkshopReopened(Words("")))
    room.facilitator.record(WorkshopReopened(Words("A comment was missing")))
    room.facilitator.record(NoteWritten(room.session, CODE, "comment", Words("Now it is here")))
    room.facilitator.record(WorkshopSealed(2, Words("Head of procurement")))
    assert (room.workshop.version, room.workshop.sealed) == (2, True)
    assert workshops.read_workshop(room.engine, room.created.workshop, at=room.workshop.revision - 3).version == 1


@pytest.mark.both_databases
def test_erased_words_leave_the_record_readable(room: Room) -> None:
    room.agree(CODE, 3, "Somebody's name")
    with room.engine.begin() as db:
        db.execute(text("UPDATE words SET text = NULL"))
    assert room.workshop.topics[CODE].note("comment") == "(removed)"


def test_an_unknown_workshop_is_named_in_words(engine: Engine) -> None:
    with pytest.raises(NotFound, match="There is no workshop 'nowhere'"):
        workshops.read_workshop(engine, "nowhere")


@pytest.mark.both_databases
def test_a_revision_that_is_not_the_next_one_cannot_be_stored(room: Room) -> None:
    row = {"workshop": room.created.workshop, "revision": 1, "line": "{}"}
    with pytest.raises(StoreFault, match="did not take"), room.engine.begin() as db:
        db.execute(insert(tables.events).values(row))
