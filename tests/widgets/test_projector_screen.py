"""The wall: what it shows in each state, and what never stands on it."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from messages import attached, in_the_browser, run, send
from played import PEOPLE, SESSION, agreed, beginning, theme_codes, voted, votes, workshop_of, written
from room import JOIN_CODE, Room, make_room
from serving import WAIT_SECONDS
from sqlalchemy import Engine

from npswidgets.domain.actor import Actor
from npswidgets.domain.ballots import Ballot
from npswidgets.domain.events import (
    BreakStarted,
    ScoreRecorded,
    SessionClosed,
    SessionOpened,
    SessionPlanned,
    TopicParked,
    TopicPresented,
    VotingOpened,
    VotingStopped,
    Words,
)
from npswidgets.domain.join_code import grouped
from npswidgets.domain.workshop import wall_session
from npswidgets.screens import projector
from npswidgets.screens.projector.view import ProjectorView, WayIn, projector_view
from npswidgets.store import access
from npswidgets.store.opening import store_of
from npswidgets.store.projector_store import ProjectorStore
from npswidgets.store.wifi import Wifi
from npswidgets.widgets.join_card import qr_drawing

CODE = "reporting"
WAY_IN = WayIn(JOIN_CODE, "http://10.0.0.1:8866", secret="8xE0bU0cTgmN7k1c2yHh5w")
FIRST = votes(3, 4, 4, 4, 0, dont_know=2, not_my_role=1)
SECOND = votes(1, 8, 5, 1, 0, dont_know=2, not_my_role=1)


def view(*events: Any, votes_in: int = 0, way_in: WayIn = WAY_IN) -> ProjectorView:
    """The wall after these events on the theme "Showing leadership", with 18 people in the room."""
    workshop = workshop_of([*beginning(theme_codes()), *events])
    return projector_view(workshop, workshop.sessions[SESSION], votes_in, way_in)


def texts(parts: list[dict[str, Any]]) -> list[str]:
    return [part["text"] for part in parts if "text" in part]


def test_before_the_first_topic_it_says_how_to_join() -> None:
    wall = view()
    assert wall.state == "join"
    assert wall.heading["description"] == "Showing leadership"
    assert (wall.join["address"], wall.join["code"]) == ("10.0.0.1:8866", grouped(JOIN_CODE))
    assert wall.join["qr"]["path"]
    assert wall.foot["texts"] == ["18 have joined", "No phone? Ask for a paper sheet."]
    assert wall.foot["small"].startswith("Statements: Local Government Association, National Procurement Strategy 2018")


def test_the_qr_code_opens_the_page_where_one_joins_with_the_secret_behind_the_hash() -> None:
    assert WAY_IN.link == "http://10.0.0.1:8866/join#8xE0bU0cTgmN7k1c2yHh5w"


def test_the_qr_code_is_no_denser_than_four_modules_a_side_more_than_with_the_digits() -> None:
    address = "http://192.168.100.100:8866"  # as long as one in a house's network gets
    with_secret = qr_drawing(replace(WAY_IN, address=address).link)["size"]
    assert with_secret <= 33 + 8
    assert with_secret - qr_drawing(f"{address}/join/{JOIN_CODE}")["size"] <= 4


def test_a_wifi_of_the_workshop_is_joined_first() -> None:
    assert view().join["wifi"] == {}
    wifi = view(way_in=replace(WAY_IN, wifi=Wifi("NPS-Workshop", "procurement"))).join["wifi"]
    assert wifi == {"name": "NPS-Workshop", "qr": qr_drawing("WIFI:T:WPA;S:NPS-Workshop;P:procurement;;")}
    assert view(TopicPresented(SESSION, CODE), way_in=replace(WAY_IN, wifi=Wifi("NPS-Workshop"))).join == {}


def test_without_a_server_nobody_is_told_how_to_join() -> None:
    assert view(way_in=WayIn()).join == {}
    assert view(TopicPresented(SESSION, CODE), way_in=WayIn()).heading["corner"] == ""


def test_address_and_code_stay_in_the_corner() -> None:
    assert view(TopicPresented(SESSION, CODE)).heading["corner"] == f"Join: 10.0.0.1:8866   {grouped(JOIN_CODE)}"


def test_a_topic_stands_with_its_levels_before_the_voting() -> None:
    wall = view(TopicPresented(SESSION, CODE))
    assert wall.state == "ready"
    assert wall.heading["place"] == "Topic 2 · Engaging Councillors"
    assert wall.heading["title"] == "Reporting"
    assert [level["name"] for level in wall.board["levels"]] == [
        "Minimum",
        "Developing",
        "Mature",
        "Leader",
        "Innovator",
    ]
    assert wall.board["rounds"] == []


def test_voting_counts_the_votes_of_those_who_have_joined() -> None:
    wall = view(VotingOpened(SESSION, CODE, 1), votes_in=12)
    assert wall.foot == {"texts": ["Vote now", "12 of 18 votes in", "6 have not voted yet"], "filled": 12, "total": 18}
    assert wall.since is not None
    assert view(VotingOpened(SESSION, CODE, 1), votes_in=18).foot["texts"] == ["Vote now", "All votes are in"]


def test_a_second_vote_is_called_so_and_keeps_the_first_beside_it() -> None:
    wall = view(*voted(CODE, FIRST), VotingOpened(SESSION, CODE, 2), votes_in=3)
    assert wall.foot["texts"] == ["Second vote in the room", "3 of 18 votes in", "15 have not voted yet"]
    assert wall.board["rounds"] == [{"label": "vote in the room", "counts": [3, 4, 4, 4, 0]}]


def test_votes_are_shown_on_the_levels_where_these_stood() -> None:
    before, after = view(TopicPresented(SESSION, CODE)), view(*voted(CODE, FIRST))
    assert after.state == "shown"
    assert after.board["levels"] == before.board["levels"]
    assert after.foot["texts"] == ["15 votes, from 1 to 4, 2 don't know, 1 not part of their role"]
    assert after.since is None


def test_two_rounds_stand_side_by_side() -> None:
    rounds = view(*voted(CODE, FIRST, SECOND)).board["rounds"]
    assert [(one["label"], one["counts"]) for one in rounds] == [
        ("vote in the room", [3, 4, 4, 4, 0]),
        ("second vote in the room", [1, 8, 5, 1, 0]),
    ]


def test_the_agreed_score_stands_with_its_statement_and_what_comes_next() -> None:
    wall = view(*voted(CODE, FIRST), ScoreRecorded(SESSION, CODE, 2))
    assert wall.state == "agreed"
    assert texts(wall.parts) == ["Agreed score", "2  Developing"]
    assert wall.parts[2]["items"][0].startswith("Council is exploring better ways")
    assert wall.foot["texts"] == ["Next: Councillor development", "1 of 13 done"]


@pytest.mark.parametrize(
    ("event", "state", "words"),
    [
        (TopicParked(SESSION, CODE), "parked", "We leave this topic for later."),
        (
            ScoreRecorded(SESSION, CODE, not_applicable=Words("We have none.")),
            "not_applicable",
            "This topic does not apply to our council.",
        ),
    ],
)
def test_a_topic_that_is_left_says_so(event: Any, state: str, words: str) -> None:
    wall = view(TopicPresented(SESSION, CODE), event)
    assert (wall.state, texts(wall.parts)) == (state, [words])


def test_voting_that_has_stopped_says_so_and_counts_nothing() -> None:
    wall = view(VotingOpened(SESSION, CODE, 1), VotingStopped(SESSION, CODE, 1), votes_in=7)
    assert wall.state == "stopped"
    assert wall.foot == {"texts": ["Voting has stopped for now"]}


def test_the_end_says_thank_you_and_shows_the_profile_and_what_will_be_done_about_which_topic() -> None:
    what = agreed(CODE, "Brief scrutiny every quarter", "Head of procurement", "2026-06-30")
    events = [*voted(CODE, FIRST), ScoreRecorded(SESSION, CODE, 2), what]
    wall = view(*events, SessionClosed(SESSION))
    assert texts(wall.parts) == ["Thank you. 1 topic scored, 1 action agreed."]
    profile, actions = wall.parts[1]["parts"]
    assert [(row["value"], row["topics"]) for row in profile["rows"] if row["topics"]] == [(2, ["Reporting"])]
    assert len(profile["rows"]) == 5
    (row,) = actions["rows"]
    assert row == {
        "what": "Brief scrutiny every quarter",
        "about": "Reporting",
        "owner": "Head of procurement",
        "due": "by 30 June 2026",
    }
    many = [agreed(CODE, f"Do {number}", "Somebody") for number in range(12)]
    actions = view(*events, *many, SessionClosed(SESSION)).parts[1]["parts"][1]
    assert [row["what"] for row in actions["rows"]][-2:] == ["Do 5", "and 6 more"]


def test_while_people_read_and_vote_the_statements_come_first() -> None:
    assert view(TopicPresented(SESSION, CODE)).board["voting"]
    assert view(*voted(CODE, FIRST), VotingOpened(SESSION, CODE, 2)).board["voting"]
    assert not view(*voted(CODE, FIRST)).board["voting"]


def test_a_break_counts_down_to_its_end() -> None:
    workshop = workshop_of([*beginning(theme_codes()), BreakStarted(SESSION, "11:15")])
    session = workshop.sessions[SESSION]
    found = projector_view(workshop, session, 0, WAY_IN)
    assert found.until == ("11:15", session.break_since)


def test_no_comment_verdict_starting_level_or_person_stands_on_the_wall() -> None:
    played = [*voted(CODE, FIRST), *written(CODE, comment="Scrutiny asks late.", different_view="Some disagree.")]
    score = ScoreRecorded(SESSION, CODE, 3, reason_above=Words("Already being put right"))
    for wall in (view(*played), view(*played, score), view(*played, score, SessionClosed(SESSION))):
        words = str(wall)
        assert not [who for who in PEOPLE if who in words]
        for secret in ("Scrutiny asks", "Some disagree", "put right", "Wide spread", "tarting level", "Procurement'"):
            assert secret not in words


def test_a_wall_shows_the_session_that_it_was_opened_for_whichever_was_opened_last() -> None:
    codes = theme_codes()
    alone = workshop_of(beginning(codes[:3]))
    both = workshop_of([*beginning(codes[:3]), SessionPlanned("two", "Second", codes[3:6]), SessionOpened("two")])
    shown = [wall_session(both, wanted) for wanted in (SESSION, "two", None, "three")]
    assert [one and one.id for one in (wall_session(alone, None), *shown)] == [SESSION, SESSION, "two", None, None]


@pytest.fixture
def room(engine: Engine) -> Room:
    access.set_server_value(engine, "address", "http://10.0.0.1:8866")
    return make_room(engine, people=4)


@pytest.fixture
def wall(room: Room) -> ProjectorStore:
    return store_of(room.engine, Actor(room.created.workshop, "projector"))


def test_the_screen_is_filled_from_the_store(room: Room, wall: ProjectorStore) -> None:
    screen = attached(projector.build(), wall)
    code = room.created.codes[room.session]
    assert screen.join.code == grouped(code)
    room.open_voting(CODE)
    room.vote(CODE, 3, 4)
    wall.refresh()
    screen = attached(projector.build(), wall)
    assert screen.foot.texts == ["Vote now", "2 of 4 votes in", "2 have not voted yet"]
    assert 0 <= screen.foot.elapsed < 60
    assert screen.join.code == ""


def test_the_wall_of_a_session_holds_no_way_into_another(engine: Engine) -> None:
    access.set_server_value(engine, "address", "http://10.0.0.1:8866")
    room = make_room(engine, sessions=(("Here", ("engaging-councillors",)), ("There", ("engaging-smes",))))
    workshop, (here, there) = room.created.workshop, room.created.codes
    for own, other in ((here, there), (there, here)):
        wall = store_of(engine, Actor(workshop, "projector", own))
        assert isinstance(wall, ProjectorStore)
        assert set(wall.doors) == {own}
        screen = attached(projector.build(), wall)
        assert screen.join.code == grouped(room.created.codes[own])
        assert grouped(room.created.codes[other]) not in in_the_browser(screen)
        room.facilitator.renew_code(own, with_secret=True)
        assert wall.refresh()
        assert wall.doors == {own: room.facilitator.doors[own]}
    assert store_of(engine, Actor(workshop, "projector")).doors == {}  # type: ignore[attr-defined]


def test_the_plenary_shows_the_scores_of_both_groups_as_they_are_saved_and_no_way_in(engine: Engine) -> None:
    access.set_server_value(engine, "address", "http://10.0.0.1:8866")
    groups = (
        ("Here", ("engaging-councillors",)),
        ("There", ("engaging-senior-managers",)),
        ("Later", ("engaging-smes",)),
    )
    room = make_room(engine, people=2, sessions=groups)
    here, there, _ = room.created.codes
    plenary = store_of(engine, Actor(room.created.workshop, "projector"))
    assert isinstance(plenary, ProjectorStore)
    (first,) = attached(projector.build(), plenary).passage.parts
    assert [one["title"] for one in first["lists"]] == ["Here: 0 of 3 done"], "only where somebody takes part"
    room.facilitator.record(ScoreRecorded(here, CODE, 3), ScoreRecorded(there, "mission-and-strategy", 2))
    plenary.refresh()
    screen = attached(projector.build(), plenary)
    (part,) = screen.passage.parts
    assert [(one["title"], one["rows"]) for one in part["lists"]] == [
        ("Here: 1 of 3 done", [["Reporting", "3 Mature"]]),
        ("There: 1 of 4 done", [["Mission and strategy", "2 Developing"]]),
    ]
    assert screen.foot.texts == ["2 of 7 topics scored"]
    for code in room.created.codes.values():
        assert grouped(code) not in in_the_browser(screen)


def test_a_vote_that_is_not_shown_is_not_on_the_wall(room: Room, wall: ProjectorStore) -> None:
    room.open_voting(CODE)
    store = room.participants[0]
    screen = projector.build()

    def given_after(ballot: Ballot) -> str:
        store.cast(ballot)
        attached(screen, wall).foot.elapsed = None
        return in_the_browser(screen)

    low = room.ballot(store, CODE, 1)
    high = room.ballot(store, CODE, 5, replaces=low.id)
    assert given_after(low) == given_after(high)


def test_the_wall_has_no_control(room: Room, wall: ProjectorStore) -> None:
    room.open_voting(CODE)
    screen = attached(projector.build(), wall)
    for widget in screen.widget.children:
        assert 'h("button"' not in widget._esm
        assert "model.send" not in widget._esm
        send(widget, {"kind": "cast", "id": "a" * 32, "code": CODE, "round": 1, "answer": 3, "replaces": None})
        send(widget, {"kind": "pressed", "action": "show_votes"})
    assert wall.votes_in(CODE) == 0
    assert room.workshop.topics[CODE].status == "open"


def test_the_wall_follows_the_votes_that_come_in(room: Room, wall: ProjectorStore) -> None:
    async def follow() -> list[str]:
        screen = projector.build()
        task = screen.attach(wall)
        room.open_voting(CODE)
        room.vote(CODE, 3, 4, 5)
        async with asyncio.timeout(WAIT_SECONDS):
            while screen.foot.filled < 3:
                await asyncio.sleep(0.02)
        task.cancel()
        return list(screen.foot.texts)

    assert run(follow()) == ["Vote now", "3 of 4 votes in", "1 has not voted yet"]
