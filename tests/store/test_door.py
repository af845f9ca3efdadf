"""Who is let in, who is taken out again, and what the facilitator can do about it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from messages import attached, in_the_browser, send
from room import Room, make_room
from sqlalchemy import Engine, event, select

from npswidgets.domain.actor import Actor
from npswidgets.domain.door import CLOSED, FULL, TAKEN_OUT, Door, places, rush_minutes, taken_out_last
from npswidgets.domain.events import (
    PeopleTakenOut,
    PresenceChanged,
    Proposal,
    TogetherShown,
    VotingOpened,
)
from npswidgets.domain.workshop import Participant, Session
from npswidgets.errors import DoorShut, RuleBroken, VoteRefused
from npswidgets.screens import facilitator, participant, projector
from npswidgets.screens.facilitator import FacilitatorScreen
from npswidgets.screens.facilitator.door_view import door_band
from npswidgets.store import access, archive, doors, people, tables
from npswidgets.store.database import open_database, writing
from npswidgets.store.erasing import erase
from npswidgets.store.opening import store_of
from npswidgets.store.participant_store import ParticipantStore
from npswidgets.store.saved import read_archive

CODE = "reporting"
NOW = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)
OPEN = Door("482915", "8xE0bU0cTgmN7k1c2yHh5w")


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, people=3, people_expected=5)


@pytest.fixture
def page(room: Room) -> FacilitatorScreen:
    store = store_of(room.engine, Actor(room.created.workshop, "facilitator"))
    return attached(facilitator.build(), store)  # type: ignore[no-any-return]


def session_with(*seconds_ago: float, expected: int = 5) -> Session:
    """A session in which people joined so long before now."""
    joined = {f"p{at}": Participant(f"p{at}", None, NOW - timedelta(seconds=ago)) for at, ago in enumerate(seconds_ago)}
    return Session("s", "Session", (CODE,), expected, "open", joined)


def use(page: FacilitatorScreen, action: str, **more: int) -> None:
    send(page.door, {"kind": "door_used", "action": action, **more})
    page.controller.store.refresh()
    page.draw()


def rows(page: FacilitatorScreen) -> list[str]:
    page.controller.store.refresh()
    page.draw()
    return [row["text"] for row in page.door.rows]


def buttons(page: FacilitatorScreen) -> list[str]:
    return [button["label"] for row in page.door.rows for button in row["buttons"]]


def doors_of(room: Room) -> list[Door]:
    room.facilitator.refresh()
    return list(room.facilitator.doors.values())


def take_out(room: Room, *stores: ParticipantStore) -> None:
    room.facilitator.record(PeopleTakenOut(room.session, tuple(store.actor.participant or "" for store in stores)))


def session_of(room: Room) -> Session:
    return room.workshop.sessions[room.session]


# -- how many get in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("expected", "most"), [(0, 60), (1, 10), (5, 10), (30, 60), (500, 1000)])
def test_about_twice_the_people_expected_get_in(expected: int, most: int) -> None:
    assert places(session_with(expected=expected), OPEN) == most


def test_from_then_on_the_facilitator_decides_and_can_let_more_in_each_time(room: Room) -> None:
    room.join(7)
    for _ in range(2):
        with pytest.raises(DoorShut, match=FULL):
            room.join()
        room.facilitator.let_more_in(room.session)
        room.join(5)
    assert len(session_of(room).inside) == 20
    with pytest.raises(DoorShut):
        room.join()


def test_two_facilitators_who_let_more_in_at_once_do_so_once(room: Room) -> None:
    other = store_of(room.engine, Actor(room.created.workshop, "facilitator"))
    room.join(7)
    room.facilitator.let_more_in(room.session)
    other.let_more_in(room.session)
    assert other.doors[room.session].places == 15


def test_letting_more_in_leaves_no_fewer_places_where_people_were_taken_out_meanwhile(room: Room) -> None:
    room.join(7)
    take_out(room, *room.participants[1:])
    room.facilitator.let_more_in(room.session)
    assert doors_of(room)[0].places == 10


def test_nobody_new_gets_in_by_a_closed_door_and_those_inside_go_on(room: Room) -> None:
    room.open_voting(CODE)
    room.facilitator.close_door(room.session, True)
    with pytest.raises(DoorShut, match=CLOSED):
        room.join()
    room.vote(CODE, 3, 3, 3)
    room.facilitator.close_door(room.session, False)
    room.join()
    assert len(session_of(room).inside) == 4


def test_who_is_refused_at_the_door_leaves_nothing_behind(room: Room) -> None:
    room.facilitator.close_door(room.session, True)
    before = room.workshop.revision
    for _ in range(3):
        with pytest.raises(DoorShut):
            room.join()
    assert room.workshop.revision == before
    with room.engine.connect() as db:
        assert db.execute(select(tables.people)).all() == []


# -- codes and secrets -------------------------------------------------------------------------------------------------


def test_a_new_code_has_new_digits_and_leaves_the_qr_code_as_it_is(room: Room) -> None:
    before = room.facilitator.doors[room.session]
    room.facilitator.renew_code(room.session, with_secret=False)
    now = room.facilitator.doors[room.session]
    assert (now.code != before.code, now.secret) == (True, before.secret)
    assert doors.session_for_code(room.engine, before.code) is None
    assert doors.session_for_code(room.engine, now.code) == (room.workshop.id, room.session)


def test_a_new_qr_code_ends_the_old_one(room: Room) -> None:
    before = room.facilitator.doors[room.session]
    room.facilitator.renew_code(room.session, with_secret=True)
    now = room.facilitator.doors[room.session]
    assert doors.session_for_secret(room.engine, before.secret) is None
    assert doors.session_for_secret(room.engine, now.secret) == (room.workshop.id, room.session)
    assert now.code != before.code


def test_a_secret_has_128_bits_and_an_empty_one_leads_nowhere(room: Room) -> None:
    assert len({doors.new_secret() for _ in range(100)}) == 100
    assert len(room.facilitator.doors[room.session].secret) == 22
    assert doors.session_for_secret(room.engine, "") is None


def test_what_a_code_costs_to_look_for_among_the_own_ones_does_not_tell_whether_others_have_it(room: Room) -> None:
    actors = [store.actor for store in room.participants[:1]]
    others = doors_of(make_room(room.engine))[0].code
    own = doors_of(room)[0].code
    asked: list[str] = []
    event.listen(room.engine, "before_cursor_execute", lambda *said: asked.append(f"{said[2]} {said[3]}"))
    found = []
    for code in (others, "100000"):
        asked.clear()
        assert doors.own_session_for_code(room.engine, code, actors) is None
        found.append(list(asked))
    assert found[0] == found[1]
    assert doors.own_session_for_code(room.engine, own, actors) == (room.workshop.id, room.session)


def test_what_changes_at_the_door_reaches_the_other_screens(room: Room) -> None:
    wall = attached(projector.build(), store_of(room.engine, Actor(room.created.workshop, "projector")))
    drawn = (wall.join.code, wall.join.qr)
    room.facilitator.renew_code(room.session, with_secret=True)
    assert wall._store.refresh()
    wall._draw()
    assert (wall.join.code, wall.join.qr) != drawn
    assert not wall._store.refresh()


def test_no_secret_is_in_the_record_nor_in_a_participants_page(room: Room) -> None:
    secret = room.facilitator.doors[room.session].secret
    assert secret not in archive.archive_text(room.engine, room.workshop.id)
    phone = attached(participant.build(), room.participants[0])
    assert secret not in in_the_browser(phone)
    assert secret not in repr(room.facilitator.doors)


# -- who is taken out --------------------------------------------------------------------------------------------------


def test_people_taken_out_do_not_vote_and_their_votes_are_neither_counted_nor_shown(room: Room) -> None:
    room.open_voting(CODE)
    room.vote(CODE, 1, 4, 4)
    out = room.participants[0]
    take_out(room, out)
    assert room.facilitator.votes_in(CODE) == 2
    assert session_of(room).people == 2
    for vote in (room.ballot(out, CODE, 5), next(iter(out.own_ballots().values()))):
        with pytest.raises(VoteRefused, match="taken out"):
            out.cast(vote)
    assert room.facilitator.show_votes(CODE).topics[CODE].shown[-1].counts == (0, 0, 0, 2, 0)
    assert room.workshop.topics[CODE].shown[-1].absent == 0
    assert room.workshop.sessions[room.session].took_part == 2


def test_brought_back_they_are_the_same_people_with_their_votes(room: Room) -> None:
    room.open_voting(CODE)
    room.vote(CODE, 1, 4, 4)
    take_out(room, *room.participants[:2])
    room.facilitator.bring_people_back(room.session)
    assert room.facilitator.votes_in(CODE) == 3
    room.participants[1].cast(room.ballot(room.participants[1], CODE, 2, replaces=_last(room, 1)))
    assert room.facilitator.show_votes(CODE).topics[CODE].shown[-1].counts == (1, 1, 0, 1, 0)
    with pytest.raises(RuleBroken):
        room.facilitator.bring_people_back(room.session)


def _last(room: Room, at: int) -> str:
    return room.participants[at].own_ballots()[CODE, 1].id


@pytest.mark.parametrize("number", [0, 1])
def test_a_vote_that_was_not_shown_is_none_when_its_voter_is_back(room: Room, number: int) -> None:
    room.open_voting(CODE, number)
    late = room.participants[0]
    late.cast(room.ballot(late, CODE, 1, number, reason="Not counted"))
    room.participants[1].cast(room.ballot(room.participants[1], CODE, 4, number, reason="Counted"))
    take_out(room, late)
    (room.facilitator.show_first_scores(room.session) if number == 0 else room.facilitator.show_votes(CODE))
    room.facilitator.bring_people_back(room.session)
    assert [one.text for one in room.facilitator.reasons(CODE)] == ["Counted"]
    assert late.own_ballots() == {}
    assert room.facilitator.vote_counts() == {(CODE, number): 1}
    room.open_voting(CODE, number + 1)
    room.vote(CODE, 3, 4, round_number=number + 1)
    assert room.facilitator.show_votes(CODE).topics[CODE].shown[-1].moves == ()


def test_first_scores_and_wishes_of_people_taken_out_do_not_count(room: Room) -> None:
    room.facilitator.record(*(VotingOpened(room.session, code, 0) for code in room.codes))
    for store in room.participants:
        for code in room.codes:
            store.cast(room.ballot(store, code, 3, 0))
    take_out(room, room.participants[0])
    assert room.facilitator.finished(room.session) == 2
    room.facilitator.show_first_scores(room.session)
    room.facilitator.bring_people_back(room.session)
    room.facilitator.record(TogetherShown(room.session, tuple(Proposal(code, 3) for code in room.codes)))
    room.participants[0].refresh()
    room.participants[0].ask_to_talk(room.codes[0], True)
    room.facilitator.refresh()
    assert room.facilitator.to_talk == {room.codes[0]}
    take_out(room, room.participants[0])
    assert room.facilitator.refresh()
    assert room.facilitator.to_talk == frozenset()
    with pytest.raises(RuleBroken, match="taken out"):
        room.participants[0].ask_to_talk(room.codes[1], True)


def test_a_page_of_somebody_taken_out_neither_counts_nor_comes_back_by_itself(room: Room) -> None:
    out = room.participants[0]
    phone = attached(participant.build(), out)
    take_out(room, out)
    out.refresh()
    out.seen()
    phone._draw()
    assert phone.heading.title == "You have been taken out"
    assert [part["text"] for part in phone.passage.parts] == list(TAKEN_OUT)
    assert not phone.pad.voting
    assert session_of(room).on_phones == 2
    who = out.actor.participant or ""
    with pytest.raises(RuleBroken, match="taken out"):
        room.facilitator.record(PresenceChanged(room.session, back=(who,)))
    with pytest.raises(RuleBroken, match="taken out"):
        out.change_department(None)
    room.facilitator.bring_people_back(room.session)
    out.refresh()
    phone._draw()
    assert phone.heading.title == "You have joined"


def test_their_grant_opens_nothing_until_they_are_back(room: Room) -> None:
    actor = room.participants[0].actor
    access.add_grant(room.engine, "phone", actor)
    take_out(room, room.participants[0])
    assert (access.grants_of(room.engine, "phone"), access.taken_out_of(room.engine, "phone")) == ((), (actor,))
    room.facilitator.bring_people_back(room.session)
    assert (access.grants_of(room.engine, "phone"), access.taken_out_of(room.engine, "phone")) == ((actor,), ())


def test_who_asks_at_the_door_comes_back_as_the_same_person_when_it_is_open(room: Room) -> None:
    actor = room.participants[0].actor
    room.facilitator.take_people_out(room.session, datetime.now(UTC) - timedelta(minutes=1))
    with pytest.raises(DoorShut, match=CLOSED):
        people.come_back(room.engine, actor)
    room.facilitator.close_door(room.session, False)
    for _ in range(2):
        people.come_back(room.engine, actor)
        assert [person.id for person in session_of(room).inside] == [actor.participant]


def test_a_browser_that_asks_several_times_at_once_is_one_person(room: Room) -> None:
    def join(_: int) -> Actor:
        return people.join(room.engine, room.workshop.id, room.session, browser="phone")

    with ThreadPoolExecutor(4) as taps:
        (me,) = set(taps.map(join, range(4)))
    assert len(session_of(room).inside) == 4
    assert access.grants_of(room.engine, "phone") == (me,)
    room.facilitator.record(PeopleTakenOut(room.session, (me.participant or "",)))
    assert join(5) == me
    assert access.grants_of(room.engine, "phone") == ()


def test_only_those_who_joined_since_then_are_taken_out_and_the_door_closes(room: Room) -> None:
    since = datetime.now(UTC)
    late = room.join(2)
    room.facilitator.take_people_out(room.session, since)
    assert {one.id for one in taken_out_last(session_of(room))} == {store.actor.participant for store in late}
    assert room.facilitator.doors[room.session].closed
    with pytest.raises(RuleBroken, match="Nobody has joined in that time"):
        room.facilitator.take_people_out(room.session, since)


def test_each_undo_brings_back_those_of_one_time(room: Room) -> None:
    take_out(room, room.participants[0])
    take_out(room, *room.participants[1:])
    for inside in (2, 3):
        room.facilitator.bring_people_back(room.session)
        assert len(session_of(room).inside) == inside


def test_an_erased_person_does_not_keep_the_others_out(room: Room) -> None:
    take_out(room, *room.participants)
    erase(room.engine, room.workshop.id, room.participants[0].actor.participant or "")
    room.facilitator.refresh()
    room.facilitator.bring_people_back(room.session)
    assert len(session_of(room).inside) == 2


def test_it_stands_in_the_record_and_in_a_saved_workshop_that_is_brought_back(room: Room, tmp_path: Path) -> None:
    take_out(room, room.participants[0])
    saved = read_archive(str(archive.write_archive(room.engine, room.workshop.id, tmp_path / "saved.jsonl")))
    elsewhere = open_database(f"sqlite:///{tmp_path / 'elsewhere.db'}", migrate=True)
    archive.import_archive(elsewhere, saved)
    with elsewhere.connect() as db:
        out = list(db.scalars(select(tables.taken_out.c.participant)))
    elsewhere.dispose()
    assert out == [room.participants[0].actor.participant]
    assert saved.workshop.sessions[room.session].took_part == 2


# -- what the facilitator sees -----------------------------------------------------------------------------------------


def test_a_room_in_which_all_who_are_expected_join_at_once_is_no_rush() -> None:
    assert rush_minutes(session_with(*[60.0] * 30, expected=30), NOW) == 0
    assert rush_minutes(session_with(*range(0, 600, 10), expected=30), NOW) == 0


@pytest.mark.parametrize(("ago", "minutes"), [(2, 1), (100, 3), (600, 11), (3000, 0)])
def test_more_than_are_expected_within_seconds_are_a_rush(ago: float, minutes: int) -> None:
    session = session_with(*[5000.0] * 20, *[ago + at / 10 for at in range(35)], expected=30)
    assert rush_minutes(session, NOW) == minutes
    if minutes:
        assert minutes * 60 >= ago + 4 + 30, "those of the rush, also when the button is pressed half a minute later"


def test_the_facilitator_sees_at_once_that_the_room_is_full_and_lets_more_in(
    page: FacilitatorScreen, room: Room
) -> None:
    assert rows(page) == []
    room.join(7)
    assert rows(page) == ["10 people have joined; 5 were expected. Nobody else gets in until you let more in."]
    assert buttons(page) == ["Let more in", "Take out the 10 who joined in the last minute"]
    use(page, "let_more_in")
    assert (rows(page), page.door.problem) == ([], "")
    room.join(5)


def test_taking_out_those_of_the_rush_is_one_click_and_undo_another(page: FacilitatorScreen, room: Room) -> None:
    room.join(7)
    rows(page)
    use(page, "take_out", minutes=page.door.rows[0]["buttons"][1]["minutes"])
    closed, out = rows(page)
    assert closed == "The door is closed. Nobody new gets in."
    assert out.startswith("10 people were taken out at ")
    assert buttons(page) == ["Open the door", "Undo"]
    assert session_of(room).inside == ()
    use(page, "bring_back", number=9)
    assert session_of(room).inside == (), "the page showed something else"
    use(page, "bring_back", number=10)
    assert len(session_of(room).inside) == 10


def test_the_window_offers_each_span_of_time_in_which_somebody_joined() -> None:
    session = session_with(5000, 5000, 400, 200, 100)
    offered = door_band(session, OPEN, None, NOW)["ways"][1]["buttons"]
    assert [button["label"] for button in offered] == [
        "Take out the person who joined in the last 2 minutes",
        "Take out the 2 who joined in the last 5 minutes",
        "Take out the 3 who joined in the last 15 minutes",
    ]


def test_an_attack_is_said_with_a_new_code_and_no_longer_after_ten_minutes(room: Room, page: FacilitatorScreen) -> None:
    doors.keep_guessing(room.engine, doors.Guessing(1312, datetime.now(UTC)))
    assert rows(page) == [
        "Somebody is trying out codes: 1,312 wrong ones in ten minutes. The QR code still lets people in."
    ]
    code = page.bar.code
    use(page, "new_code")
    assert page.bar.code != code
    doors.keep_guessing(room.engine, doors.Guessing(1312, datetime.now(UTC) - timedelta(minutes=11)))
    assert rows(page) == []


def test_the_second_button_says_what_stops_working(page: FacilitatorScreen) -> None:
    ways = {way["title"]: way for way in page.door.ways}
    assert "Printed cards" in ways["New digits and a new QR code"]["hint"]
    assert "go on working" in ways["New digits"]["hint"]
    secret = page.controller.store.doors[page.controller.session].secret
    use(page, "new_secret")
    assert page.controller.store.doors[page.controller.session].secret != secret
    assert secret not in str(page.door.get_state())


@pytest.mark.parametrize(
    "message",
    [
        {"action": "open_all"},
        {"action": "take_out", "minutes": 61},
        {"action": "take_out", "minutes": "5"},
        {"action": "bring_back", "number": "all"},
        {},
    ],
)
def test_a_forged_message_does_nothing(page: FacilitatorScreen, room: Room, message: dict[str, object]) -> None:
    send(page.door, {"kind": "door_used"} | message)
    assert page.door.fault
    assert len(session_of(room).inside) == 3


def test_what_cannot_be_done_is_said(page: FacilitatorScreen) -> None:
    use(page, "take_out", minutes=0)
    assert page.door.problem == "Nobody has joined in that time."


def test_after_the_end_there_is_nothing_to_do_at_the_door(page: FacilitatorScreen, room: Room) -> None:
    room.close()
    assert rows(page) == []
    assert (page.door.state, page.door.ways) == ("", [])
    assert "door" not in [item["action"] for item in page.bar.menu]


# -- databases from before ---------------------------------------------------------------------------------------------


def test_a_database_from_before_gets_a_secret_for_each_of_its_codes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'workshops.db'}"
    engine = open_database(url, migrate=True)
    room = make_room(engine, people=1, sessions=(("One", ("engaging-councillors",)), ("Two", ("engaging-vcses",))))
    codes = {session: door.code for session, door in room.facilitator.doors.items()}
    with writing(engine) as db:
        for column in ("secret", "places", "closed"):
            db.exec_driver_sql(f"ALTER TABLE join_codes DROP COLUMN {column}")
        db.exec_driver_sql("ALTER TABLE grants DROP COLUMN person")
        for table in ("taken_out", "helper_links", "marks", "rights", "held_rights", "rubrics"):
            db.exec_driver_sql(f"DROP TABLE {table}")
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '0005'")
    engine.dispose()
    again = open_database(url, migrate=True)
    with again.connect() as db:
        now = doors.read_all(db, room.created.workshop)
    assert {session: door.code for session, door in now.items()} == codes
    assert {(len(door.secret), door.places, door.closed) for door in now.values()} == {(22, None, False)}
    assert len({door.secret for door in now.values()}) == 2
    people.join(again, room.created.workshop, room.session)
    again.dispose()
