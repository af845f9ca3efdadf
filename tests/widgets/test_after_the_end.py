"""After the end of a session its pages, grants and codes live on: nothing can be changed, and the result is shown."""

import secrets
from typing import Any

import pytest
from messages import attached, cast, in_the_browser, send
from played import PEOPLE, SESSION, beginning, theme_codes, voted, votes, workshop_of
from room import Room, make_room
from serving import Client, RunningServer
from sqlalchemy import Engine, insert, select

from npswidgets.domain.actor import Actor
from npswidgets.domain.ballots import ENDED, Ballot
from npswidgets.domain.events import (
    Proposal,
    ScoreRecorded,
    SessionClosed,
    SessionOpened,
    TogetherShown,
    TopicPresented,
    Vote,
    VotingOpened,
    VotingStopped,
)
from npswidgets.domain.practice import practice_code
from npswidgets.errors import RuleBroken, VoteRefused
from npswidgets.screens import participant, projector
from npswidgets.screens.participant import ParticipantScreen
from npswidgets.screens.participant.view import ParticipantView, participant_view
from npswidgets.screens.words import not_known
from npswidgets.store import people, tables
from npswidgets.store.erasing import erase
from npswidgets.store.opening import store_of
from npswidgets.store.participant_store import ParticipantStore
from npswidgets.store.rubric_files import load_rubric

CODE, STOPPED, LEFT = "reporting", "councillor-development", "procurement-and-commercial-champions"


@pytest.fixture
def room(engine: Engine) -> Room:
    """Votes on one topic were shown, on another they were stopped, and the scores of both are proposed."""
    return played(engine)


def played(engine: Engine, **more: Any) -> Room:
    room = make_room(engine, **more)
    room.join(4, "Procurement", name="Kim")
    room.open_voting(CODE)
    room.vote(CODE, 3, 4, 4, 5)
    room.facilitator.show_votes(CODE)
    room.open_voting(STOPPED)
    room.vote(STOPPED, 2, 2)
    room.facilitator.record(VotingStopped(room.session, STOPPED, 1))
    room.facilitator.record(TogetherShown(room.session, (Proposal(CODE, 4),)))
    return room


def page_of(store: ParticipantStore) -> ParticipantScreen:
    """A page that was just opened by this person."""
    fresh = store_of(store._engine, store.actor)
    return attached(participant.build(), fresh)  # type: ignore[no-any-return]


def everything(engine: Engine) -> dict[str, list[Any]]:
    """All rows of all tables."""
    with engine.connect() as db:
        return {table.name: sorted(map(str, db.execute(select(table)))) for table in tables.metadata.sorted_tables}


def forge(page: ParticipantScreen, room: Room) -> None:
    """Every message that the page of a participant can send."""
    for code, number in ((CODE, 1), (CODE, 2), (STOPPED, 1), (LEFT, 0), (LEFT, 1), (practice_code(room.session), 1)):
        cast(page.pad, code, 1, number)
        send(page.pad, {"kind": "reason", "code": code, "round": number, "text": "Because."})
    for kind in ("look", "next"):
        send(page.pad, {"kind": kind})
    for widget in (page.first, page.together, page.department):
        for message in (
            {"kind": "look", "code": CODE},
            {"kind": "wish", "code": CODE, "wanted": True},
            {"kind": "department", "department": "Finance and legal"},
        ):
            send(widget, message)


@pytest.mark.parametrize("opened", ["before", "before, and looked", "after"])
def test_no_message_of_a_participant_changes_anything(room: Room, opened: str) -> None:
    me = room.participants[0]
    page = page_of(me) if opened.startswith("before") else None
    room.close()
    if page and opened.endswith("looked"):
        send(page.pad, {"kind": "look"})
    page = page or page_of(me)
    page._store._seen_until = 0.0
    before = everything(room.engine)
    forge(page, room)
    assert everything(room.engine) == before
    assert page.pad.refused["words"] == ENDED
    assert page.pad.reason_problem == ENDED


def test_nothing_that_a_participant_may_ask_the_store_for_changes_anything(room: Room) -> None:
    room.facilitator.record(TopicPresented(room.session, CODE))
    stale = room.participants[0]
    room.close()
    for store in (stale, store_of(room.engine, stale.actor)):
        before = everything(room.engine)
        for code in (CODE, STOPPED, LEFT, practice_code(room.session)):
            for number in (0, 1, 2):
                with pytest.raises(VoteRefused):
                    store.cast(room.ballot(store, code, 1, number))
        with pytest.raises(RuleBroken):
            store.ask_to_talk(CODE, True)
        for department in ("Finance and legal", None):
            with pytest.raises(RuleBroken):
                store.change_department(department)
        store._seen_until = 0.0
        store.seen()
        assert everything(room.engine) == before


def test_a_page_that_does_not_know_of_the_end_leaves_no_time_behind(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("npswidgets.store.participant_store.SEEN_SECONDS", -1)
    me = room.participants[0]
    me.refresh()
    me.seen()
    assert everything(room.engine)["presence"]
    room.close()
    me.seen()
    assert everything(room.engine)["presence"] == []


def test_nobody_new_comes_in_until_the_session_is_opened_again(room: Room) -> None:
    room.close()
    before = everything(room.engine)
    with pytest.raises(RuleBroken, match="is not open"):
        people.join(room.engine, room.created.workshop, room.session)
    assert everything(room.engine) == before
    room.facilitator.record(SessionOpened(room.session))
    room.join()
    room.open_voting(LEFT)
    late, early = room.participants[-1], room.participants[0]
    for store in (late, early):
        store.cast(room.ballot(store, LEFT, 4))
    assert room.facilitator.votes_in(LEFT) == 2


@pytest.mark.parametrize("opened", ["before", "after"])
def test_an_anonymous_page_shows_no_own_vote_after_the_end_and_the_result_instead(room: Room, opened: str) -> None:
    room.agree(CODE, 4)
    me = room.participants[0]
    page = page_of(me) if opened == "before" else None
    room.close()
    if page:
        send(page.pad, {"kind": "look"})
    page = page or page_of(me)
    assert page.heading.title == "Thank you. The workshop has ended."
    heading, scores, farewell = page.passage.parts
    assert (heading["text"], farewell["text"]) == ("What we agreed", "You can close this page.")
    assert [row for row in scores["rows"] if row[0] == "Reporting"] == [["Reporting", "4 Leader"]]
    assert {row[1] for row in scores["rows"]} == {"4 Leader", "Not scored"}
    assert "Your vote" not in in_the_browser(page)
    assert (page.board.own, page.pad.saved, page.pad.reason) == (None, {}, "")


def test_ballots_that_were_left_behind_are_not_shown_after_the_end(room: Room) -> None:
    room.close()
    me = room.participants[0]
    row = {"workshop": room.created.workshop, "session": room.session, "code": CODE, "round": 1}
    row |= {"participant": me.actor.participant, "ballot": secrets.token_hex(8), "answer": "3", "reason": "Left."}
    with room.engine.execution_options(writing=True).begin() as db:
        db.execute(insert(tables.ballots).values(row | {"replaces": None, "at": "2026-03-12T10:00:00+00:00"}))
    page = page_of(me)
    assert store_of(room.engine, me.actor).own_ballots() == {}
    assert "Your vote" not in in_the_browser(page)
    assert "Left." not in in_the_browser(page)


@pytest.mark.parametrize("anonymity", ["named", "alias"])
def test_with_names_ones_votes_come_from_the_record(engine: Engine, anonymity: str) -> None:
    room = played(engine, anonymity=anonymity)
    room.close()
    page, other = page_of(room.participants[0]), page_of(room.participants[1])
    assert [part["items"] for part in page.passage.parts if "items" in part] == [["Reporting: vote in the room 3"]]
    assert [part["items"] for part in other.passage.parts if "items" in part] == [["Reporting: vote in the room 4"]]
    erase(room.engine, room.created.workshop, room.participants[0].actor.participant or "")
    assert "Your votes" not in in_the_browser(page_of(room.participants[0]))


def test_the_projector_shows_no_votes_after_the_end(room: Room) -> None:
    room.close()
    store = store_of(room.engine, Actor(room.created.workshop, "projector"))
    assert store.vote_counts() == {}
    wall = attached(projector.build(), store)
    assert "Thank you." in in_the_browser(wall)


# -- opened again ------------------------------------------------------------------------------------------------------


def view(*events: Any, anonymity: str = "anonymous", voter: str | None = None) -> ParticipantView:
    cast = tuple(Vote(level, None, voter) for level in (3,)) + votes(0, 4, 3)
    workshop = workshop_of(
        [*beginning(theme_codes(), anonymity=anonymity), *voted(CODE, cast), ScoreRecorded(SESSION, CODE, 2), *events]
    )
    left = {(CODE, 1): Ballot("ballot-1", SESSION, CODE, 1, PEOPLE[0], 3)} if not events else {}
    return participant_view(workshop, Actor(workshop.id, "participant", SESSION, PEOPLE[0]), left)


def said(page: ParticipantView) -> list[str]:
    return [part["text"] for part in page.parts if part["kind"] == "text"]


AGAIN = (SessionClosed(SESSION), SessionOpened(SESSION))


def test_a_session_that_is_opened_again_does_not_say_that_somebody_did_not_vote() -> None:
    assert "Your vote: 3 Mature" in said(view())
    assert not_known(load_rubric()) in said(view(*AGAIN))
    assert "You did not vote on this topic." not in said(view(*AGAIN))


def test_with_names_one_sees_ones_earlier_votes_again() -> None:
    page = view(*AGAIN, anonymity="named", voter=PEOPLE[0])
    assert any(text.startswith("Your vote: 3") for text in said(page))
    second = view(*AGAIN, VotingOpened(SESSION, CODE, 2), anonymity="named", voter=PEOPLE[0])
    assert second.pad["lead"]["words"].startswith("Your vote in the room was 3")
    assert "You did not vote on this topic." in said(view(*AGAIN, anonymity="named", voter=PEOPLE[1]))


# -- at the door -------------------------------------------------------------------------------------------------------


def test_the_code_lets_those_in_who_were_in_and_others_when_the_session_is_opened_again(server: RunningServer) -> None:
    made, inside, late = server.make(), Client(server), Client(server)
    facilitator = store_of(server.engine, Actor(made.id, "facilitator"))
    address = f"/vote/{made.id}/{made.session}"
    assert inside.join(made).headers["location"] == address
    late.get(f"/join/{made.code}")  # the form stands open when the session ends
    facilitator.record(SessionClosed(made.session))
    joined = facilitator.workshop.sessions[made.session].participants
    assert "This workshop ended on" in late.post(f"/join/{made.code}").text
    assert "This workshop ended on" in late.get(f"/join/{made.code}").text
    assert 'name="code"' in late.get(address).text, "the page that asks for the code"
    assert inside.get(f"/join/{made.code}", allow_redirects=False).headers["location"] == address
    assert inside.get(address).status_code == 200
    facilitator.record(SessionOpened(made.session))
    assert facilitator.workshop.sessions[made.session].participants == joined
    assert late.join(made).headers["location"] == address
    assert inside.get(f"/join/{made.code}", allow_redirects=False).headers["location"] == address
