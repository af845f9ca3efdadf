"""Who counts as in the room, and votes on paper: the rules, and what a facilitator's page makes of them."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from messages import attached, cast, send
from played import PEOPLE, SESSION, beginning, theme_codes, workshop_of
from room import Room, make_room
from sqlalchemy import Engine, event, select, update

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import Event, PresenceChanged, SessionOpened, TopicPresented, VotesRevealed, VotingOpened
from npswidgets.domain.workshop import Session
from npswidgets.errors import RuleBroken
from npswidgets.screens import facilitator, participant, projector
from npswidgets.screens.facilitator import FacilitatorScreen
from npswidgets.screens.facilitator import room_view as in_the_room
from npswidgets.screens.facilitator.view_state import Unseen
from npswidgets.server.machine import clock as server_clock
from npswidgets.server.machine.clock import ServerClock
from npswidgets.store import archive, presence, server_values, tables
from npswidgets.store.database import writing
from npswidgets.store.opening import store_of
from npswidgets.store.participant_store import ParticipantStore

CODE = "reporting"
ON_PAPER = PresenceChanged(SESSION, on_paper=3)
NOW = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)


def session(*events: Event) -> Session:
    return workshop_of([*beginning(theme_codes()), *events]).sessions[SESSION]


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, people=2)
    room.facilitator.record(PresenceChanged(room.session, on_paper=2))
    room.open_voting(CODE)
    return room


@pytest.fixture
def page(room: Room) -> FacilitatorScreen:
    store = store_of(room.engine, Actor(room.created.workshop, "facilitator"))
    return attached(facilitator.build(), store)  # type: ignore[no-any-return]


def type_vote(page: FacilitatorScreen, number: int, answer: object, code: str = CODE, round_number: int = 1) -> None:
    message = {"kind": "paper_typed", "code": code, "round": round_number, "number": number, "answer": answer}
    send(page.paper, message)


# -- the rules ---------------------------------------------------------------------------------------------------------


def test_people_in_the_room_are_those_on_phones_and_on_paper() -> None:
    here = session(ON_PAPER, PresenceChanged(SESSION, away=PEOPLE[:2]), PresenceChanged(SESSION, back=PEOPLE[:1]))
    assert (here.on_phones, here.on_paper, here.people) == (17, 3, 20)
    assert here.took_part == 21


@pytest.mark.parametrize(
    "event",
    [
        PresenceChanged(SESSION, on_paper=-1),
        PresenceChanged(SESSION, on_paper=201),
        PresenceChanged(SESSION, away=("somebody",)),
        PresenceChanged("another-session", on_paper=1),
    ],
)
def test_a_count_that_cannot_be_is_refused(event: Event) -> None:
    with pytest.raises(RuleBroken):
        session(event)


def test_only_those_who_count_can_be_absent(room: Room) -> None:
    away = room.participants[0].actor.participant or ""
    room.facilitator.record(PresenceChanged(room.session, away=(away,)))
    room.facilitator.enter_paper_vote(CODE, 1, 1, 4)
    assert room.facilitator.show_votes(CODE).topics[CODE].shown[-1].absent == 2  # a phone and a sheet


def test_votes_on_paper_are_shown_like_the_others(room: Room) -> None:
    room.vote(CODE, 3, 3)
    room.facilitator.enter_paper_vote(CODE, 1, 1, 1)
    room.facilitator.enter_paper_vote(CODE, 1, 2, "dont_know")
    shown = room.facilitator.show_votes(CODE).topics[CODE].shown[-1]
    assert (shown.counts, shown.count_of("dont_know"), shown.absent) == ((1, 0, 2, 0, 0), 1, 0)
    saved = archive.archive_text(room.engine, room.created.workshop)
    assert "paper-" not in saved


def test_a_sheet_is_not_followed_from_vote_to_vote(room: Room) -> None:
    for number, (phone, sheet) in enumerate([(3, 1), (2, 4)], 1):
        if number > 1:
            room.facilitator.record(VotingOpened(room.session, CODE, number))
        room.vote(CODE, phone, round_number=number)
        room.facilitator.enter_paper_vote(CODE, number, 1, sheet)  # type: ignore[arg-type]
        room.facilitator.show_votes(CODE)
    assert room.workshop.topics[CODE].shown[-1].moved == 1


def test_a_paper_vote_can_be_changed_and_taken_out_until_the_votes_are_shown(room: Room) -> None:
    room.facilitator.enter_paper_vote(CODE, 1, 1, 1)
    room.facilitator.enter_paper_vote(CODE, 1, 1, 5)
    room.facilitator.enter_paper_vote(CODE, 1, 2, 2)
    room.facilitator.enter_paper_vote(CODE, 1, 2, None)
    assert room.facilitator.paper_votes(CODE) == (1,)
    assert room.facilitator.show_votes(CODE).topics[CODE].shown[-1].counts == (0, 0, 0, 0, 1)
    for answer in (3, None):
        with pytest.raises(RuleBroken, match="not open"):
            room.facilitator.enter_paper_vote(CODE, 1, 1, answer)


@pytest.mark.parametrize(("number", "answer"), [(0, 3), (3, 3), (1, 0), (1, 6), (1, "yes")])
def test_a_paper_vote_of_nobody_or_of_no_answer_is_refused(room: Room, number: int, answer: int) -> None:
    with pytest.raises(RuleBroken):
        room.facilitator.enter_paper_vote(CODE, 1, number, answer)


@pytest.mark.parametrize(("on_paper", "who"), [(0, "Nobody is"), (1, "1 person is"), (2, "2 people are")])
def test_how_many_are_on_paper_is_said_where_there_is_no_such_vote(room: Room, on_paper: int, who: str) -> None:
    room.facilitator.record(PresenceChanged(room.session, on_paper=on_paper))
    with pytest.raises(RuleBroken, match=f"^{who} on paper, so there is no paper vote 3.$"):
        room.facilitator.enter_paper_vote(CODE, 1, 3, 2)


def test_showing_the_votes_does_not_depend_on_who_counts(room: Room) -> None:
    everybody = tuple(room.workshop.sessions[room.session].participants)
    room.vote(CODE, 3)
    room.facilitator.record(PresenceChanged(room.session, on_paper=0, away=everybody))
    assert room.facilitator.show_votes(CODE).topics[CODE].shown[-1].counts == (0, 0, 1, 0, 0)


# -- phones that are not there -----------------------------------------------------------------------------------------


def gone_for(room: Room, minutes: int, *stores: ParticipantStore) -> None:
    """These people's pages were last there so long ago."""
    column = tables.presence.c
    for store in stores:
        at = (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()
        with writing(room.engine) as db:
            presence.note(db, room.workshop.id, room.session, store.actor.participant or "")
            db.execute(update(tables.presence).where(column.participant == store.actor.participant).values(at=at))


def test_a_phone_that_was_not_seen_for_ten_minutes_is_named_with_the_time() -> None:
    here = session(PresenceChanged(SESSION, away=PEOPLE[:1]))
    seen = dict.fromkeys(PEOPLE, NOW) | {who: NOW - timedelta(minutes=20) for who in PEOPLE[:2]}
    seen[PEOPLE[2]] = NOW - timedelta(minutes=12, seconds=30)
    seen[PEOPLE[3]] = NOW - timedelta(minutes=9)
    assert in_the_room.unseen(here, seen, NOW) == Unseen(PEOPLE[1:3], 12)
    assert in_the_room.unseen(here, dict.fromkeys(PEOPLE, NOW), NOW) == Unseen()


def test_a_computer_that_slept_does_not_say_that_the_phones_were_gone(room: Room, page: FacilitatorScreen) -> None:
    gone_for(room, 60, *room.participants)
    page.controller._looked_at -= timedelta(minutes=60)
    page.draw()
    assert page.now.people["unseen"] == ""
    page.draw()
    assert page.now.people["unseen"] == "", "nor at the next look, until the phones had time to say that they are there"
    here = session()
    seen = dict.fromkeys(PEOPLE, NOW - timedelta(minutes=60))
    assert in_the_room.unseen(here, seen, NOW, NOW - timedelta(minutes=9)) == Unseen()
    assert in_the_room.unseen(here, seen, NOW, NOW - timedelta(minutes=11)).minutes == 11


def test_a_phone_is_taken_out_of_the_count_and_counts_again_when_it_is_back(
    room: Room, page: FacilitatorScreen
) -> None:
    gone_for(room, 12, room.participants[0])
    for store in room.participants[1:]:
        store.seen()
    page.draw()
    assert page.now.people["unseen"] == "1 phone not seen for 12 minutes"
    send(page.now, {"kind": "phones_taken_out", "number": 2})
    assert page.now.people["gone"] == 1, "the page showed something else"
    send(page.now, {"kind": "phones_taken_out", "number": 1})
    assert (page.now.people["words"], page.now.people["unseen"]) == ("3 in the room", "")
    who = room.participants[0].actor
    attached(participant.build(), store_of(room.engine, who))
    assert room.workshop.sessions[room.session].on_phones == 2


def test_it_is_noted_once_a_minute_that_a_page_is_there_and_forgotten_with_the_session(room: Room) -> None:
    phone = attached(participant.build(), room.participants[0])
    before = room.facilitator.last_seen(room.session)
    send(phone.pad, {"kind": "look"})
    cast(phone.pad, CODE, 3)
    assert room.facilitator.last_seen(room.session) == before
    room.facilitator.show_votes(CODE)
    room.close()
    with room.engine.connect() as db:
        assert db.execute(select(tables.presence)).all() == []
    room.participants[1].refresh()
    room.participants[1].seen()
    with room.engine.connect() as db:
        assert db.execute(select(tables.presence)).all() == []


def test_after_the_session_was_opened_again_no_phone_counts_as_not_seen(room: Room, page: FacilitatorScreen) -> None:
    """Its end forgot when pages were there, and their joining is long ago."""
    room.vote(CODE, 3)
    room.facilitator.show_votes(CODE)
    room.close()
    room.facilitator.record(SessionOpened(room.session))
    opened_again = room.workshop.sessions[room.session]
    joined = dict.fromkeys(opened_again.participants, datetime.now(UTC) - timedelta(hours=1))
    now = opened_again.went_on_at or NOW
    assert in_the_room.unseen(opened_again, joined, now + timedelta(minutes=9)) == Unseen()
    assert len(in_the_room.unseen(opened_again, joined, now + timedelta(minutes=11)).participants) == 2


def test_after_a_time_without_a_server_no_phone_counts_as_not_seen(room: Room, page: FacilitatorScreen) -> None:
    """A page that is opened first said that all phones were gone for as long as the server was."""
    gone_for(room, 30, *room.participants)
    page.draw()
    assert page.now.people["unseen"] == "2 phones not seen for 30 minutes"
    server = ServerClock(room.engine)
    page.draw()
    assert page.now.people["unseen"] == ""
    server.look()
    with room.engine.connect() as db:
        since = datetime.fromisoformat(server_values.read(db, presence.WATCHED) or "")
    seen = room.facilitator.last_seen(room.session)
    here = room.workshop.sessions[room.session]
    assert in_the_room.unseen(here, seen, since + timedelta(minutes=9)) == Unseen()
    assert len(in_the_room.unseen(here, seen, since + timedelta(minutes=11)).participants) == 2


@pytest.mark.parametrize(("later", "again"), [(60, False), (600, True), (-600, True)])
def test_the_server_begins_to_watch_anew_where_its_computer_slept_or_its_clock_was_put(
    room: Room, monkeypatch: pytest.MonkeyPatch, later: int, again: bool
) -> None:
    server = ServerClock(room.engine)

    def since() -> str | None:
        with room.engine.connect() as db:
            return server_values.read(db, presence.WATCHED)

    before, at = since(), datetime.now(UTC) + timedelta(seconds=later)
    monkeypatch.setattr(server_clock, "datetime", SimpleNamespace(now=lambda _: at))
    passed = server_clock.time_passed() + timedelta(seconds=abs(later))
    monkeypatch.setattr(server_clock, "time_passed", lambda: passed)
    server.look()
    assert (since() != before) == again


# -- who leaves --------------------------------------------------------------------------------------------------------


def test_who_leaves_does_not_count_however_long_the_page_is_open_and_counts_again_by_a_tap(
    room: Room, page: FacilitatorScreen
) -> None:
    phone = attached(participant.build(), room.participants[0])
    assert phone.leaving.state == "here"
    cast(phone.pad, CODE, 3)
    send(phone.leaving, {"kind": "leave"})
    assert (phone.leaving.state, phone.heading.title, phone.pad.voting) == ("left", "You have left", False)
    send(phone.pad, {"kind": "look"})
    attached(participant.build(), store_of(room.engine, room.participants[0].actor))
    page.controller.store.refresh()
    page.draw()
    assert page.now.count["words"] == "1 of 3 votes in"
    send(phone.leaving, {"kind": "come_back"})
    assert (phone.leaving.state, phone.pad.saved["answer"]) == ("here", 3)
    assert room.workshop.sessions[room.session].on_phones == 2


def test_leaving_twice_is_leaving_once(room: Room) -> None:
    (me, _), before = room.participants, room.workshop.revision
    for _ in range(2):
        me.leave()
    for _ in range(2):
        me.come_back()
    assert room.workshop.revision == before + 2


def test_one_person_is_taken_out_of_the_count_from_the_list_and_put_back(room: Room, page: FacilitatorScreen) -> None:
    page.draw()
    assert [row["text"].partition(" · ")[2] for row in page.people.rows] == ["Person 1", "Person 2"]
    send(page.people, {"kind": "person_counted", "number": 2, "counts": False})
    assert [(row["label"], row["hint"]) for row in page.people.rows] == [
        ("Take out of the count", ""),
        ("Undo", "has left"),
    ]
    assert page.people.state.startswith("2 people have joined, in this order. 1 does not count as in the room.")
    send(page.people, {"kind": "person_counted", "number": 2, "counts": False})
    assert room.workshop.sessions[room.session].on_phones == 1
    send(page.people, {"kind": "person_counted", "number": 2, "counts": True})
    assert room.workshop.sessions[room.session].on_phones == 2
    send(page.people, {"kind": "person_counted", "number": 3, "counts": False})
    assert page.people.problem == "There is nobody in this place of the list."


def test_neither_the_list_nor_the_count_tells_whether_somebody_has_voted(engine: Engine) -> None:
    """All that a facilitator's browser holds is the same, whichever of two people voted, and the other one goes."""
    seen = []
    for voter in (0, 1):
        room = make_room(engine, people=3)
        page = attached(facilitator.build(), store_of(engine, Actor(room.created.workshop, "facilitator")))
        room.open_voting(CODE)
        room.participants[voter].cast(room.ballot(room.participants[voter], CODE, 3))
        held = []
        for counts in (False, True, False):
            page.controller.store.refresh()
            send(page.people, {"kind": "person_counted", "number": 1, "counts": counts})
            people = [row | {"text": row["text"].partition(" · ")[2]} for row in page.people.rows]
            held.append((people, page.people.state, page.now.count, page.now.people))
        shown = room.facilitator.show_votes(CODE).topics[CODE].shown[-1]
        seen.append((held, shown.counts, shown.absent))
    assert seen[0] == seen[1]


def test_by_name_the_list_has_the_names_and_without_names_it_has_none(engine: Engine) -> None:
    for anonymity, said in (("named", "Zadie"), ("alias", "Zadie"), ("anonymous", "Person 1")):
        room = make_room(engine, anonymity=anonymity)
        room.join(name="Zadie", department="Procurement")
        room.facilitator.refresh()
        page = attached(facilitator.build(), room.facilitator)
        assert page.people.rows[0]["text"].endswith(f" · {said}"), anonymity
        assert page.people.rows[0]["hint"] == "Procurement"


def test_how_many_did_not_vote_is_said_before_and_after_the_votes_are_shown(
    room: Room, page: FacilitatorScreen
) -> None:
    wall = attached(projector.build(), store_of(room.engine, Actor(room.created.workshop, "projector")))
    room.vote(CODE, 3)
    for screen in (page, wall):
        screen._store.refresh() if screen is wall else page.controller.store.refresh()
        screen._draw() if screen is wall else page.draw()
    assert page.now.people["lines"] == ["Phones 1 of 2", "Paper 0 of 2", "3 have not voted yet"]
    assert wall.foot.texts == ["Vote now", "1 of 4 votes in", "3 have not voted yet"]
    room.facilitator.show_votes(CODE)
    wall._store.refresh()
    wall._draw()
    page.controller.store.refresh()
    page.draw()
    assert page.board.summary == "1 vote. 3 did not vote."
    assert wall.foot.texts == ["1 vote, 3 did not vote"]


# -- the facilitator's page --------------------------------------------------------------------------------------------


def test_one_click_counts_one_more_on_paper_or_one_fewer(page: FacilitatorScreen, room: Room) -> None:
    for by in (1, 1, -1, 1):
        send(page.now, {"kind": "paper_counted", "by": by})
    assert (page.now.people["words"], room.workshop.sessions[room.session].on_paper) == ("6 in the room", 4)
    for _ in range(6):
        send(page.now, {"kind": "paper_counted", "by": -1})
    assert (page.now.people["words"], page.now.people["fewer"], page.now.problem) == ("2 in the room", False, "")


def test_before_a_vote_the_room_is_said_by_ways_and_during_a_vote_by_votes(page: FacilitatorScreen, room: Room) -> None:
    send(page.topics, {"kind": "looked_at", "code": "councillor-development"})
    assert page.now.people["lines"] == ["2 on phones, 2 on paper"]
    send(page.topics, {"kind": "looked_at", "code": CODE})
    room.vote(CODE, 3)
    send(page.now, {"kind": "paper_asked", "open": True})
    type_vote(page, 2, "not_my_role")
    assert page.now.people["lines"] == ["Phones 1 of 2", "Paper 1 of 2", "2 have not voted yet"]
    assert page.now.count["words"] == "2 of 4 votes in"
    assert (page.paper.total, page.paper.entered) == (2, [2])


def test_what_was_entered_is_not_in_the_browser(page: FacilitatorScreen) -> None:
    send(page.now, {"kind": "paper_asked", "open": True})
    before = page.paper.get_state()
    type_vote(page, 1, 4)
    changed = {name for name, value in page.paper.get_state().items() if value != before[name]}
    assert (changed, page.paper.entered) == ({"entered"}, [1])


def test_more_paper_votes_than_people_are_said_and_one_can_be_taken_out(page: FacilitatorScreen, room: Room) -> None:
    send(page.now, {"kind": "paper_asked", "open": True})
    type_vote(page, 1, 4)
    type_vote(page, 2, 4)
    send(page.now, {"kind": "paper_counted", "by": -1})
    said = "You have entered 2 paper votes, but 1 person is on paper. Change the number or remove one."
    assert (page.paper.problem, page.paper.total) == (said, 2)
    type_vote(page, 2, None)
    assert (page.paper.problem, page.paper.total, room.facilitator.paper_votes(CODE)) == ("", 1, (1,))


@pytest.mark.parametrize(
    "message",
    [
        {"number": 3, "answer": 3},
        {"number": 1, "answer": 3, "round": 2},
        {"number": 1, "answer": 3, "code": "alchemy"},
        {"number": 1, "answer": 9},
        {"number": 1, "answer": "3"},
        {"number": True, "answer": 3},
        {"number": 1},
    ],
)
def test_a_forged_paper_vote_changes_nothing_and_is_said(
    page: FacilitatorScreen, room: Room, message: dict[str, object]
) -> None:
    send(page.paper, {"kind": "paper_typed", "code": CODE, "round": 1} | message)
    assert page.now.problem or page.paper.fault
    assert room.facilitator.vote_counts() == {}


def test_the_entry_closes_with_the_vote_and_when_another_topic_is_looked_at(page: FacilitatorScreen) -> None:
    send(page.now, {"kind": "paper_asked", "open": True})
    assert page.paper.total == 2
    send(page.topics, {"kind": "looked_at", "code": "councillor-development"})
    send(page.topics, {"kind": "looked_at", "code": CODE})
    assert page.paper.total == 0
    send(page.now, {"kind": "paper_asked", "open": True})
    type_vote(page, 1, 3)
    send(page.now, {"kind": "pressed", "action": "show", "moment": page.now.moment})
    assert page.paper.total == 0


def test_the_wall_counts_people_on_paper(room: Room) -> None:
    wall = attached(projector.build(), store_of(room.engine, Actor(room.created.workshop, "projector")))
    assert wall.foot.texts == ["Vote now", "0 of 4 votes in"]


def test_an_old_record_without_such_events_has_nobody_on_paper() -> None:
    here = session(TopicPresented(SESSION, CODE), VotingOpened(SESSION, CODE, 1))
    assert (here.on_paper, here.people) == (0, 18)
    assert VotesRevealed(SESSION, CODE, 1, ()).absent == 0


# -- who still has to vote ---------------------------------------------------------------------------------------------


def test_where_people_take_part_by_name_the_facilitator_may_see_who_has_not_voted(engine: Engine) -> None:
    room = make_room(engine, people=0, anonymity="named")
    for name in ("Zadie", "ada", "Grace"):
        room.join(name=name)
    room.open_voting(CODE)
    page = attached(facilitator.build(), room.facilitator)
    room.participants[2].cast(room.ballot(room.participants[2], CODE, 3))
    room.facilitator.refresh()
    page.draw()
    assert page.now.people["waiting"] == ["ada", "Zadie"]
    room.facilitator.show_votes(CODE)
    page.draw()
    assert not page.now.people.get("waiting")


def test_where_people_take_part_without_names_nobody_learns_who_has_voted(room: Room, page: FacilitatorScreen) -> None:
    room.vote(CODE, 3)
    page.draw()
    assert page.now.people["waiting"] == []


@pytest.mark.parametrize("action", ["show", "stop", "agree_together"])
def test_a_press_asks_the_database_once_for_what_the_page_counts(
    room: Room, page: FacilitatorScreen, action: str
) -> None:
    room.vote(CODE, 3, 4)
    page.controller.store.refresh()
    asked: list[str] = []
    event.listen(room.engine, "before_cursor_execute", lambda _db, _cursor, statement, *_: asked.append(statement))
    send(page.now, {"kind": "pressed", "action": action, "moment": page.now.moment})
    assert sum("FROM presence" in statement for statement in asked) == 1
