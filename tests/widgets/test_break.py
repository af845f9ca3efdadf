"""Stop, break, come back: what the room may do between two votes, on all three screens."""

from datetime import timedelta

import pytest
from messages import attached, cast, send
from played import PEOPLE, SESSION, START, beginning, scored, theme_codes, voted, votes, workshop_of
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import (
    BreakEnded,
    BreakStarted,
    Event,
    SessionClosed,
    TopicParked,
    TopicPresented,
    VotesDiscarded,
    VotesRevealed,
    VotingOpened,
    VotingStopped,
)
from npswidgets.errors import RuleBroken
from npswidgets.screens import facilitator, participant
from npswidgets.screens.facilitator import FacilitatorScreen, topic_view
from npswidgets.screens.facilitator.buttons import buttons
from npswidgets.screens.facilitator.now_view import now_panel
from npswidgets.screens.facilitator.room_view import unseen
from npswidgets.screens.facilitator.view_state import Draft, Unseen, ViewState
from npswidgets.screens.participant import ParticipantScreen
from npswidgets.screens.participant.view import ParticipantView, participant_view
from npswidgets.screens.projector.view import ProjectorView, WayIn, projector_view
from npswidgets.store.opening import store_of

CODES = theme_codes()
CODE, OTHER = CODES[1], CODES[2]
OPENED = (TopicPresented(SESSION, CODE), VotingOpened(SESSION, CODE, 1))
STOPPED = (*OPENED, VotingStopped(SESSION, CODE, 1))
REST = BreakStarted(SESSION, "11:15")
WAY_IN = WayIn("482915", "http://10.0.0.1:8866")


def state(*events: Event, code: str = CODE, draft: Draft | None = None) -> ViewState:
    return ViewState(workshop=workshop_of([*beginning(CODES), *events]), session_id=SESSION, code=code, draft=draft)


def wall(*events: Event, way_in: WayIn = WAY_IN) -> ProjectorView:
    workshop = workshop_of([*beginning(CODES), *events])
    return projector_view(workshop, workshop.sessions[SESSION], 0, way_in)


def phone_view(*events: Event) -> ParticipantView:
    workshop = workshop_of([*beginning(CODES), *events])
    return participant_view(workshop, Actor(workshop.id, "participant", SESSION, PEOPLE[0]), {})


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, people=3)


def open_page(room: Room) -> FacilitatorScreen:
    store = store_of(room.engine, Actor(room.created.workshop, "facilitator"))
    return attached(facilitator.build(), store)  # type: ignore[no-any-return]


def open_phone(room: Room, number: int = 0) -> ParticipantScreen:
    return attached(participant.build(), room.participants[number])  # type: ignore[no-any-return]


def press(page: FacilitatorScreen, label: str) -> None:
    action = {one["label"]: one["action"] for one in [page.now.main, *page.now.others]}[label]
    send(page.now, {"kind": "pressed", "action": action, "moment": page.now.moment})


# -- stop, and go on ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("label", "kept"), [("Go on voting", 2), ("Start from zero", 0)])
def test_a_vote_that_was_stopped_starts_again_with_the_votes_or_without(room: Room, label: str, kept: int) -> None:
    page, phone = open_page(room), open_phone(room)
    press(page, "Start voting")
    code = page.score.code
    send(phone.pad, {"kind": "look"})
    first = cast(phone.pad, code, 3)
    room.participants[1].refresh()
    room.participants[1].cast(room.ballot(room.participants[1], code, 4))
    page.draw()
    press(page, "Stop voting")
    assert page.now.word == "Voting has stopped"
    send(phone.pad, {"kind": "look"})
    assert phone.passage.parts[0]["text"] == "Voting has stopped for now. Your vote is kept."
    press(page, label)
    assert (page.now.word, page.now.count["in"]) == ("Voting", kept)
    send(phone.pad, {"kind": "look"})
    assert phone.pad.voting
    assert phone.pad.saved == ({"ballot": first, "answer": 3} if kept else {})
    cast(phone.pad, code, 2, replaces=first if kept else None)
    assert page.controller.store.show_votes(code).topics[code].shown[-1].counts[1] == 1


def test_votes_on_paper_are_about_one_opening_of_a_vote(room: Room) -> None:
    page = open_page(room)
    press(page, "Start voting")
    before, buttons = page.paper.about, page.now.about
    press(page, "Stop voting")
    press(page, "Go on voting")
    assert page.paper.about == before
    press(page, "Stop voting")
    press(page, "Start from zero")
    assert page.paper.about != before
    assert page.now.about == buttons


def test_votes_are_discarded_only_once_the_vote_has_stopped() -> None:
    with pytest.raises(RuleBroken, match="Stop it first"):
        state(*OPENED, VotesDiscarded(SESSION, CODE, 1))
    for event in (VotesDiscarded(SESSION, CODE, 2), VotesDiscarded(SESSION, OTHER, 1)):
        with pytest.raises(RuleBroken, match="no vote number"):
            state(*STOPPED, event)


# -- break -------------------------------------------------------------------------------------------------------------


def test_a_break_with_its_time_is_on_all_screens() -> None:
    phone, screen, panel = phone_view(*STOPPED, REST), wall(*STOPPED, REST), now_panel(state(*STOPPED, REST))
    assert (phone.state, phone.heading["title"]) == ("break", "Break. Back at 11:15.")
    assert phone.parts[0]["text"] == "You can lock your phone."
    assert phone.pad["said"] == "You can lock your phone."
    assert (screen.state, screen.heading["title"]) == ("break", "Break. Back at 11:15.")
    assert (screen.join["code"], screen.foot["texts"][0]) == ("482 915", "0 of 13 done")
    assert (panel["word"], panel["lines"]) == ("Break", ["Back at 11:15. It stands on all screens."])
    assert panel["announce"] == "Break until 11:15."
    assert (panel["main"]["label"], panel["others"]) == ("End break", [])


def test_a_break_before_the_first_topic_is_shown_too() -> None:
    assert (phone_view(REST).state, wall(REST).state) == ("break", "break")
    assert wall(REST, way_in=WayIn()).join == {}


def test_a_topic_whose_vote_has_stopped_can_be_put_off_until_it_starts_again() -> None:
    parked = (*STOPPED, TopicParked(SESSION, CODE))
    assert phone_view(*parked).state == wall(*parked).state == "parked"
    panel = now_panel(state(*parked))
    assert panel["word"] == "Leave for later"
    assert "Go on voting" in [one["label"] for one in (panel["main"], *panel["others"])]
    again = state(*parked, TopicPresented(SESSION, CODE), VotingOpened(SESSION, CODE, 1))
    assert (again.topic.status, again.topic.parked) == ("open", False)


def test_in_a_break_nothing_is_said_about_votes() -> None:
    shown = VotesRevealed(SESSION, CODE, 1, votes(0, 9, 8, 0, 0))
    assert now_panel(state(*OPENED, shown))["verdict"] == "Close together: 2 to 3"
    resting = now_panel(state(*OPENED, shown, REST))
    assert (resting["verdict"], resting["starting"], resting["figures"]) == ("", [], [])


def test_after_the_break_everything_is_as_it_was() -> None:
    rested = (*STOPPED, REST, BreakEnded(SESSION))
    assert (phone_view(*rested).state, wall(*rested).state) == ("stopped", "stopped")
    assert buttons(state(*rested))[0] == "start_again"


def test_the_time_of_a_break_can_be_changed() -> None:
    assert wall(REST, BreakStarted(SESSION, "11:30")).heading["title"] == "Break. Back at 11:30."


@pytest.mark.parametrize("until", ["", "24:00", "11:60", "9:15", "11:15 ", "11:15:00", "١١:١٥", "noon"])
def test_a_break_ends_at_a_time_of_day(until: str) -> None:
    with pytest.raises(RuleBroken, match="is not a time"):
        wall(BreakStarted(SESSION, until))


def test_nobody_votes_in_a_break() -> None:
    with pytest.raises(RuleBroken, match="Voting on Reporting is still open"):
        wall(*OPENED, REST)
    with pytest.raises(RuleBroken, match="has a break"):
        wall(REST, *OPENED)
    with pytest.raises(RuleBroken, match="no break to end"):
        wall(BreakEnded(SESSION))


def test_the_end_of_a_session_ends_its_break() -> None:
    assert wall(REST, SessionClosed(SESSION)).state == "ended"


def test_what_was_chosen_can_be_saved_in_a_break() -> None:
    resting = (*voted(CODE, votes(0, 9, 8, 0, 0)), REST)
    assert buttons(state(*resting, draft=Draft(2))) == ("end_break", ("save",))


def test_a_break_is_offered_whenever_nobody_votes() -> None:
    possible = [topic_view.topics(state(*events))["break_possible"] for events in ((), OPENED, STOPPED, (REST,))]
    assert possible == [True, False, True, False]
    assert not topic_view.topics(state(SessionClosed(SESSION)))["break_possible"]


def test_phones_that_sleep_in_a_break_are_not_missed() -> None:
    seen = dict.fromkeys(PEOPLE, START)
    ended = workshop_of([*beginning(CODES), REST, BreakEnded(SESSION)]).sessions[SESSION]
    resting = workshop_of([*beginning(CODES), REST]).sessions[SESSION]
    back_at = ended.went_on_at
    assert back_at
    assert unseen(resting, seen, START + timedelta(hours=1)) == Unseen()
    assert unseen(ended, seen, back_at + timedelta(minutes=9)) == Unseen()
    assert unseen(ended, seen, back_at + timedelta(minutes=11)).minutes == 11


def test_a_break_is_started_and_ended_on_the_facilitator_s_page(room: Room) -> None:
    page = open_page(room)
    send(page.topics, {"kind": "break_asked", "until": "soon"})
    assert "is not a time" in page.now.problem
    send(page.topics, {"kind": "break_asked", "until": "11:15"})
    assert (page.now.word, page.now.problem, page.topics.break_possible) == ("Break", "", False)
    press(page, "End break")
    assert (page.now.word, page.topics.break_possible) == ("Ready", True)


@pytest.mark.parametrize("message", [{"until": 11}, {"until": None}, {}, {"until": "11:15", "session": "x"}])
def test_a_forged_break_is_refused(room: Room, message: dict[str, object]) -> None:
    page = open_page(room)
    send(page.topics, {"kind": "break_asked"} | message)
    assert page.topics.fault or "session" in message
    assert bool(room.workshop.sessions[room.session].break_until) == ("session" in message)


# -- leave for later, and skip -----------------------------------------------------------------------------------------


def test_topics_to_come_back_to_stand_on_top_once_all_others_are_done() -> None:
    parked = [TopicParked(SESSION, code) for code in (CODES[1], CODES[4])]
    rest = [scored(code, 2) for at, code in enumerate(CODES) if at not in (1, 4)]
    started = TopicPresented(SESSION, CODES[0])
    before = topic_view.topics(state(started, *parked, *rest[:-1]))["areas"]
    assert [topic["code"] for area in before for topic in area["topics"]] == list(CODES)
    after = topic_view.topics(state(started, *parked, *rest))["areas"]
    assert after[0]["name"] == "Left for later"
    assert [topic["code"] for topic in after[0]["topics"]] == [CODES[1], CODES[4]]
    assert sorted(topic["code"] for area in after for topic in area["topics"]) == sorted(CODES)


def test_the_room_can_skip_to_any_topic(room: Room) -> None:
    page = open_page(room)
    last = room.codes[-1]
    send(page.topics, {"kind": "looked_at", "code": last})
    press(page, "Start voting")
    assert (room.workshop.sessions[room.session].live, page.heading.title) == (last, "Councillor development")


@pytest.mark.parametrize(
    "events",
    [
        (),
        (TopicPresented(SESSION, CODE),),
        OPENED,
        STOPPED,
        tuple(voted(CODE, votes(1, 2, 3, 0, 0))),
        (*voted(CODE, votes(1, 2, 3, 0, 0)), scored(CODE, 2)),
        (TopicPresented(SESSION, CODE), TopicParked(SESSION, CODE)),
        (TopicPresented(SESSION, CODE), scored(CODE, None, "We have none.")),
        (REST,),
    ],
)
def test_while_people_can_join_the_code_is_in_every_state_of_the_wall(events: tuple[Event, ...]) -> None:
    screen = wall(*events)
    assert "482 915" in screen.heading.get("corner", "") + screen.join.get("code", "")
