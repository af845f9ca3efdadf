"""The participant's page, state by state, and what a browser can do with it."""

import asyncio
import subprocess
import sys
from typing import Any

import pytest
from messages import attached, cast, in_the_browser, run, send, set_traits
from played import PEOPLE, beginning, created, theme_codes, voted, votes, workshop_of
from room import Room, make_room
from serving import WAIT_SECONDS
from sqlalchemy import Engine

from npswidgets.domain.actor import Actor
from npswidgets.domain.ballots import TOO_LATE, Ballot
from npswidgets.domain.events import (
    ParticipantJoined,
    Proposal,
    ScoreRecorded,
    SessionOpened,
    SessionPlanned,
    TogetherShown,
    TopicParked,
    TopicPresented,
    VotesRevealed,
    VotingOpened,
    VotingStopped,
    Words,
)
from npswidgets.domain.first_scores import opening
from npswidgets.errors import StoreFault
from npswidgets.screens import participant
from npswidgets.screens.participant.screen import NOT_SAVED, ParticipantScreen
from npswidgets.screens.participant.view import ParticipantView, participant_view
from npswidgets.store.opening import store_of
from npswidgets.store.participant_store import ParticipantStore
from npswidgets.widgets.department_field import NO_DEPARTMENT

CODE = "reporting"
SESSION = "showing-leadership"
ME = PEOPLE[0]


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, people=4)
    room.join(department="Procurement")
    return room


@pytest.fixture
def me(room: Room) -> ParticipantStore:
    return room.participants[-1]


def page_of(store: ParticipantStore) -> ParticipantScreen:
    """A page that was just opened by this person."""
    fresh = store_of(store._engine, store.actor)
    return attached(participant.build(), fresh)  # type: ignore[no-any-return]


def look(page: ParticipantScreen) -> None:
    """The page comes to the front again."""
    send(page.pad, {"kind": "look"})


def texts(parts: list[dict[str, Any]]) -> list[str]:
    return [part["text"] for part in parts if "text" in part]


def answers(room: Room) -> list[Any]:
    return sorted((vote.answer for vote in room.facilitator.show_votes(CODE).topics[CODE].shown[-1].votes), key=str)


# -- what is shown, from the domain alone ------------------------------------------------------------------------------


def view(*events: Any, ballots: dict[int, int | str] | None = None, who: str = ME) -> ParticipantView:
    """The page of one of 18 people after these events on the theme "Showing leadership"."""
    workshop = workshop_of([*beginning(theme_codes()), *events])
    own = {
        (CODE, number): Ballot(f"ballot-{number}", SESSION, CODE, number, who, answer)  # type: ignore[arg-type]
        for number, answer in (ballots or {}).items()
    }
    return participant_view(workshop, Actor(workshop.id, "participant", SESSION, who), own)


FIRST = votes(3, 4, 4, 4, 0, dont_know=2, not_my_role=1)
SECOND = votes(1, 8, 5, 1, 0, dont_know=2, not_my_role=1)


def test_who_has_joined_waits_and_sees_how_we_score() -> None:
    page = view()
    assert page.state == "waiting"
    assert page.heading == {"place": "Showing leadership", "title": "You have joined"}
    assert texts(page.parts)[:2] == [
        "The first topic will appear here.",
        "If your phone goes to sleep, open this page again. You keep your place.",
    ]
    assert page.department["chosen"] == "Adult social care"
    assert page.department["choices"][-1] == NO_DEPARTMENT
    assert page.pad["status"] == "Connected"


def test_a_topic_can_be_read_before_the_voting_starts() -> None:
    page = view(TopicPresented(SESSION, CODE))
    assert page.state == "ready"
    assert [level["value"] for level in page.parts[0]["levels"]] == [1, 2, 3, 4, 5]
    assert "voting" not in page.pad


def test_voting_asks_for_the_part_that_one_knows() -> None:
    page = view(VotingOpened(SESSION, CODE, 1))
    assert page.state == "vote"
    assert page.heading["place"] == "Topic 2 · Engaging Councillors · 0 of 13 done"
    assert page.heading["title"] == "Reporting"
    assert page.heading["description"].startswith("The extent to which reporting is used")
    assert page.pad["question"] == "Which level is true for the part of the council you know?"
    assert (page.pad["saved"], page.pad["lead"]) == ({}, {})
    assert page.pad["said"] == "Voting is open: Reporting."


def test_without_departments_it_asks_for_the_council() -> None:
    first = created()
    events = [
        type(first)(**{**vars(first), "departments": ()}),
        SessionPlanned(SESSION, "Showing leadership", (CODE,)),
        SessionOpened(SESSION),
        ParticipantJoined(SESSION, ME),
        VotingOpened(SESSION, CODE, 1),
    ]
    page = participant_view(workshop_of(events), Actor("2026-03-example", "participant", SESSION, ME), {})
    assert page.pad["question"] == "Which level is true for the council, as far as you know it?"
    assert page.department == {}


def test_who_comes_late_is_welcomed_and_can_vote() -> None:
    page = view(VotingOpened(SESSION, CODE, 1), ParticipantJoined(SESSION, "late"), who="late")
    assert page.heading["note"] == "Welcome. Topic 2 is open: you can vote now."
    assert page.pad["voting"]
    assert view(VotingOpened(SESSION, CODE, 1)).heading["note"] == ""


def test_who_comes_after_the_votes_were_shown_is_told_so() -> None:
    page = view(*voted(CODE, FIRST), ParticipantJoined(SESSION, "late"), who="late")
    assert page.heading["note"] == "The votes on this topic have been shown. You can vote on the next one."
    assert page.board["own"] is None


def test_the_votes_shown_stand_beside_ones_own() -> None:
    page = view(*voted(CODE, FIRST), ballots={1: 3})
    assert page.state == "shown"
    assert page.board["rounds"] == [{"label": "vote in the room", "counts": [3, 4, 4, 4, 0]}]
    assert page.board["own"] == 3
    assert page.board["summary"] == "15 votes, from 1 to 4. 2 don't know. 1 not part of their role."
    assert texts(page.parts) == ["Now we talk. There may be a second vote in the room.", "Read the five levels"]
    assert page.pad["status"] == "Your vote: 3 Mature"
    assert page.pad["said"] == (
        "The votes are shown. Level 1: 3. Level 2: 4. Level 3: 4. Level 4: 4. Level 5: 0. Your vote: 3."
    )


def test_fewer_than_five_votes_are_only_counted() -> None:
    assert view(*voted(CODE, votes(1, 0, 2))).board["summary"] == "3 votes."


def test_votes_that_are_all_equal_are_called_so() -> None:
    assert view(*voted(CODE, votes(0, 0, 15))).board["summary"] == "All 15 votes are at level 3."


def test_a_second_vote_names_the_first_and_offers_to_keep_it() -> None:
    page = view(*voted(CODE, FIRST), VotingOpened(SESSION, CODE, 2), ballots={1: 3})
    assert page.pad["lead"] == {
        "title": "Second vote in the room · Reporting",
        "words": "Your vote in the room was 3 Mature.",
        "hint": "Only what you choose now counts.",
        "keep": 3,
        "label": "Keep 3",
    }
    assert page.pad["saved"] == {}
    assert page.pad["said"] == "Second vote in the room is open. Your vote in the room was 3."


def test_an_answer_that_is_no_level_can_be_kept_too() -> None:
    lead = view(*voted(CODE, FIRST), VotingOpened(SESSION, CODE, 2), ballots={1: "dont_know"}).pad["lead"]
    assert lead["words"] == "Your vote in the room was I don't know."
    assert (lead["keep"], lead["label"]) == ("dont_know", "Keep this answer")


def test_a_second_vote_of_somebody_who_did_not_vote_first_keeps_nothing() -> None:
    lead = view(*voted(CODE, FIRST), VotingOpened(SESSION, CODE, 2)).pad["lead"]
    assert lead == {"title": "Second vote in the room · Reporting"}


def test_both_rounds_stand_side_by_side_and_a_third_is_possible() -> None:
    page = view(*voted(CODE, FIRST, SECOND), ballots={1: 3, 2: 2})
    assert [one["label"] for one in page.board["rounds"]] == ["vote in the room", "second vote in the room"]
    assert page.board["own"] == 2
    assert "There may be a third vote in the room." in page.parts[0]["text"]
    last = view(*voted(CODE, FIRST, SECOND, SECOND))
    assert last.parts[0]["text"] == "Now we talk."


def test_the_agreed_score_stands_with_its_statement_and_ones_own_votes() -> None:
    page = view(*voted(CODE, FIRST, SECOND), ScoreRecorded(SESSION, CODE, 2), ballots={1: 3, 2: 2})
    assert page.state == "agreed"
    assert page.heading["status"] == "Agreed score"
    assert texts(page.parts) == [
        "2 Developing",
        "Your votes: vote in the room 3, second vote in the room 2",
        "Next: Councillor development\nIt will appear here.",
        "Your votes",
    ]
    assert page.parts[1]["items"] == [
        "Council is exploring better ways of informing councillors about procurement and commercial activities."
    ]
    assert page.pad["said"] == "Agreed score: 2 Developing."


def test_who_did_not_vote_on_a_topic_is_told_so() -> None:
    page = view(*voted(CODE, FIRST), ScoreRecorded(SESSION, CODE, 2))
    assert "You did not vote on this topic." in texts(page.parts)


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
def test_a_topic_that_is_left_says_why_and_what_comes_next(event: Any, state: str, words: str) -> None:
    page = view(TopicPresented(SESSION, CODE), event)
    assert page.state == state
    assert texts(page.parts)[0] == words
    assert "We have none." not in str(page)


def test_voting_that_has_stopped_says_whether_a_vote_is_kept() -> None:
    stopped = VotingOpened(SESSION, CODE, 1), VotingStopped(SESSION, CODE, 1)
    assert texts(view(*stopped).parts)[0] == "Voting has stopped for now."
    kept = view(*stopped, ballots={1: 3})
    assert texts(kept.parts)[0] == "Voting has stopped for now. Your vote is kept."
    assert kept.pad["status"] == "Your vote: 3 Mature"


# -- with a store ------------------------------------------------------------------------------------------------------


def test_a_vote_is_saved_before_the_page_says_so(room: Room, me: ParticipantStore) -> None:
    room.open_voting(CODE)
    page = page_of(me)
    ballot = cast(page.pad, CODE, 3)
    assert page.pad.saved == {"ballot": ballot, "answer": 3}
    assert me.own_ballots()[CODE, 1].id == ballot
    assert page.pad.refused == {}


def test_a_vote_can_be_changed_until_the_votes_are_shown(room: Room, me: ParticipantStore) -> None:
    room.open_voting(CODE)
    page = page_of(me)
    first = cast(page.pad, CODE, 3)
    cast(page.pad, CODE, "dont_know", replaces=first)
    assert page.pad.saved["answer"] == "dont_know"
    assert answers(room) == ["dont_know"]


def test_a_vote_that_is_sent_again_counts_once(room: Room, me: ParticipantStore) -> None:
    room.open_voting(CODE)
    page = page_of(me)
    ballot = cast(page.pad, CODE, 3)
    cast(page.pad, CODE, 3, id=ballot)
    assert page.pad.saved["ballot"] == ballot
    assert answers(room) == [3]


def test_a_reload_shows_the_vote_of_the_same_person(room: Room, me: ParticipantStore) -> None:
    room.open_voting(CODE)
    ballot = cast(page_of(me).pad, CODE, 3)
    again = page_of(me)
    assert again.pad.saved == {"ballot": ballot, "answer": 3}
    assert again.pad.voter == me.actor.participant


def test_an_older_window_learns_what_was_chosen_in_another(room: Room, me: ParticipantStore) -> None:
    room.open_voting(CODE)
    one, other = page_of(me), page_of(me)
    chosen = cast(other.pad, CODE, 4)
    late = cast(one.pad, CODE, 2)
    assert one.pad.refused["ballot"] == late
    assert one.pad.refused["words"] == "You chose 4 in another window."
    assert one.pad.saved == {"ballot": chosen, "answer": 4}
    cast(one.pad, CODE, 2, replaces=chosen)
    assert answers(room) == [2]


def test_a_window_that_comes_to_the_front_shows_the_choice_of_the_other(room: Room, me: ParticipantStore) -> None:
    room.open_voting(CODE)
    one, other = page_of(me), page_of(me)
    chosen = cast(other.pad, CODE, 4)
    look(one)
    assert one.pad.saved == {"ballot": chosen, "answer": 4}


def test_a_vote_that_arrives_after_the_votes_were_shown_is_not_counted(room: Room, me: ParticipantStore) -> None:
    room.open_voting(CODE)
    room.vote(CODE, 3)
    page = page_of(me)
    room.facilitator.show_votes(CODE)
    ballot = cast(page.pad, CODE, 5)
    assert page.pad.refused == {"ballot": ballot, "words": TOO_LATE, "again": False, "number": 1}
    assert page.board.rounds[-1]["counts"] == [0, 0, 1, 0, 0]
    assert not page.pad.voting


@pytest.mark.parametrize(
    "forged",
    [
        {"answer": 9},
        {"answer": 0},
        {"code": "councillor-development"},
        {"code": "contract-management"},
        {"code": "no-such-code"},
        {"round_number": 0},
        {"round_number": 2},
        {"round_number": -1},
        {"id": "short"},
        {"id": "x" * 1000},
    ],
)
def test_a_forged_vote_is_refused_and_not_stored(room: Room, me: ParticipantStore, forged: dict[str, Any]) -> None:
    room.open_voting(CODE)
    page = page_of(me)
    cast(page.pad, **({"code": CODE, "answer": 3} | forged))
    assert page.pad.refused["words"]
    assert not page.pad.refused["again"]
    assert me.own_ballots() == {}
    assert page.pad.saved == {}


def test_a_vote_for_somebody_else_or_another_session_is_ones_own(room: Room, me: ParticipantStore) -> None:
    room.open_voting(CODE)
    page = page_of(me)
    victim = room.participants[0].actor.participant
    cast(page.pad, CODE, 3, participant=victim, session="another-session", voter=victim)
    assert room.participants[0].own_ballots() == {}
    assert me.own_ballots()[CODE, 1].answer == 3


def test_a_forged_trait_stores_nothing_and_shows_nothing_of_others(room: Room, me: ParticipantStore) -> None:
    room.open_voting(CODE)
    room.vote(CODE, 5, 5, 5)
    page = page_of(me)
    set_traits(page.pad, saved={"ballot": "a" * 32, "answer": 5}, voter=room.participants[0].actor.participant)
    look(page)
    assert me.own_ballots() == {}
    assert page.pad.saved == {}
    assert page.pad.voter == me.actor.participant


def test_nothing_of_a_vote_reaches_other_phones_before_it_is_shown(room: Room, me: ParticipantStore) -> None:
    room.open_voting(CODE)
    page = page_of(me)
    before = in_the_browser(page)
    room.vote(CODE, 5, 4, "dont_know")
    look(page)
    assert in_the_browser(page) == before
    room.facilitator.show_votes(CODE)
    look(page)
    assert page.board.rounds[-1]["counts"] == [0, 0, 0, 1, 1]


def test_after_a_fault_of_the_store_the_same_vote_can_be_tried_again(
    room: Room, me: ParticipantStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.open_voting(CODE)
    page = page_of(me)

    def fail(self: ParticipantStore, ballot: Ballot) -> Ballot:
        raise StoreFault("The database is locked.")

    with monkeypatch.context() as broken:
        broken.setattr(ParticipantStore, "cast", fail)
        ballot = cast(page.pad, CODE, 3)
        assert page.pad.refused == {"ballot": ballot, "words": NOT_SAVED, "again": True, "number": 1}
        cast(page.pad, CODE, 3, id=ballot)
        assert page.pad.refused["number"] == 2
    assert page.pad.saved == {}
    cast(page.pad, CODE, 3, id=ballot)
    assert page.pad.saved == {"ballot": ballot, "answer": 3}


def test_a_first_vote_never_counts_as_a_second(room: Room, me: ParticipantStore) -> None:
    room.open_voting(CODE)
    page = page_of(me)
    cast(page.pad, CODE, 3)
    room.vote(CODE, 4)
    room.facilitator.show_votes(CODE)
    room.facilitator.record(VotingOpened(room.session, CODE, 2))
    look(page)
    assert page.pad.saved == {}
    assert page.pad.lead["label"] == "Keep 3"
    room.vote(CODE, 2, round_number=2)
    assert answers(room) == [2]


def test_the_department_can_be_changed(room: Room, me: ParticipantStore) -> None:
    page = page_of(me)
    send(page.department, {"kind": "department", "department": "Finance and legal"})
    assert page.department.chosen == "Finance and legal"
    who = me.actor.participant or ""
    assert room.workshop.sessions[room.session].participants[who].department == "Finance and legal"
    send(page.department, {"kind": "department", "department": "Chief Executive"})
    assert (page.department.chosen, page.department.fault) == ("Finance and legal", "Select your department or role")
    send(page.department, {"kind": "department", "department": NO_DEPARTMENT})
    assert room.workshop.sessions[room.session].participants[who].department is None


def test_the_page_follows_the_room(room: Room, me: ParticipantStore) -> None:
    async def follow() -> str:
        page = participant.build()
        task = page.attach(me)
        room.open_voting(CODE)
        async with asyncio.timeout(WAIT_SECONDS):
            while not page.pad.voting:
                await asyncio.sleep(0.02)
        task.cancel()
        return str(page.heading.title)

    assert run(follow()) == "Reporting"


BUILD = """
import asyncio, sys
import npswidgets as nps
async def main(): nps.participant()
asyncio.run(main())
print(*(name for name in ("pandas", "matplotlib", "numpy", "jsonschema", "ruamel", "segno") if name in sys.modules))
"""


def test_a_participants_kernel_imports_no_more_than_it_needs() -> None:
    done = subprocess.run([sys.executable, "-c", BUILD], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


# -- first scores, and what is taken together --------------------------------------------------------------------------


def alone(*answers: int, at: str | None = None) -> ParticipantView:
    """Everybody scores alone, and this person has answered the first topics."""
    codes = theme_codes()
    workshop = workshop_of([*beginning(codes), *(VotingOpened(SESSION, code, 0) for code in codes)])
    own = {(code, 0): Ballot(code, SESSION, code, 0, ME, level) for code, level in zip(codes, answers, strict=False)}
    return participant_view(workshop, Actor(workshop.id, "participant", SESSION, ME), own, at)


def test_first_scores_begin_with_the_first_topic_that_has_none() -> None:
    page = alone(3, 2)
    assert (page.state, page.at) == ("first_scores", theme_codes()[2])
    assert page.heading["place"] == "Topic 3 · Engaging Councillors"
    assert page.first["words"] == "2 of 13 scored"
    assert [row["answer"] for row in page.first["rows"]][:3] == ["3 Mature", "2 Developing", ""]
    assert [row["here"] for row in page.first["rows"]].index(True) == 2
    assert (page.pad["round"], page.pad["voting"], page.pad["lead"]) == (0, True, {})
    assert page.pad["onward"] == "Next topic"


def test_a_topic_stays_until_the_person_goes_on() -> None:
    page = alone(3, 2, at=theme_codes()[1])
    assert page.at == theme_codes()[1]
    assert page.pad["saved"] == {"ballot": theme_codes()[1], "answer": 2}


def test_the_last_topic_leads_to_the_end() -> None:
    page = alone(*[2] * 13, at=theme_codes()[12])
    assert page.pad["onward"] == "Finish"
    page = alone(*[2] * 13)
    assert page.heading["title"] == "All 13 scored. Thank you."
    assert texts(page.parts) == ["You can still change your scores until the votes are shown."]
    assert (page.first["finished"], page.pad.get("voting", False), page.at) == (True, False, "")


def test_a_first_vote_reminds_of_the_first_score_and_keeps_it_in_one_tap() -> None:
    page = view(*voted_alone(), VotingOpened(SESSION, CODE, 1), ballots={0: 3})
    assert page.pad["lead"] == {
        "title": "Vote in the room · Reporting",
        "words": "Your first score was 3 Mature.",
        "hint": "Only what you choose now counts.",
        "keep": 3,
        "label": "Keep 3",
    }
    assert page.pad["said"] == "Vote in the room is open. Your first score was 3."


def voted_alone() -> list[Any]:
    return [VotingOpened(SESSION, CODE, 0), VotesRevealed(SESSION, CODE, 0, FIRST)]


def test_shown_first_scores_are_talked_about_and_may_be_followed_by_a_vote() -> None:
    page = view(*voted_alone(), TopicPresented(SESSION, CODE), ballots={0: 3})
    assert page.state == "shown"
    assert page.board["rounds"] == [{"label": "first scores", "counts": [3, 4, 4, 4, 0]}]
    assert texts(page.parts)[0] == "Now we talk. There may be a vote in the room."


def test_who_has_scored_all_topics_alone_is_told_what_comes_now() -> None:
    page = view(*voted_alone(), ballots={0: 3})
    assert (page.state, page.heading["title"]) == ("between", "13 topics to talk about")
    assert texts(page.parts)[0] == "The first one appears here."


def test_a_person_scores_all_topics_one_after_the_other(room: Room, me: ParticipantStore) -> None:
    page = page_of(me)
    room.facilitator.record(*opening(room.facilitator.workshop, room.session))
    look(page)
    for code, answer in zip(room.codes, (2, 3, "dont_know"), strict=True):
        assert page.pad.code == code
        cast(page.pad, code, answer, 0)
        assert page.pad.saved["answer"] == answer
        send(page.pad, {"kind": "next"})
    assert page.first.finished
    assert page.first.words == "3 of 3 scored"
    send(page.first, {"kind": "look_at", "code": room.codes[1]})
    assert (page.pad.code, page.pad.saved["answer"]) == (room.codes[1], 3)
    cast(page.pad, room.codes[1], 4, 0, replaces=page.pad.saved["ballot"])
    assert page.pad.saved["answer"] == 4
    again = page_of(me)
    assert again.first.finished, "a reloaded page has nothing left to do"
    send(page.first, {"kind": "look_at", "code": "another"})
    assert "There is no such topic" in page.first.fault


def test_a_tick_pulls_a_topic_out_and_another_page_does_not_show_it(room: Room, me: ParticipantStore) -> None:
    room.facilitator.record(*opening(room.facilitator.workshop, room.session))
    room.vote(room.codes[0], 2, 2, 2, 2, 3, round_number=0)
    room.facilitator.show_first_scores(room.session)
    room.facilitator.record(TogetherShown(room.session, (Proposal(room.codes[0], 2),)))
    page, other = page_of(me), page_of(room.participants[0])
    assert page.heading.title == "Agree this without talking?"
    row = {"code": room.codes[0], "name": "Procurement and commercial champions", "level": "2 Developing"}
    assert {name: page.together.rows[0][name] for name in row} == row
    said = {name: page.together.rows[0][name] for name in ("spread", "own", "talk")}
    assert said == {"spread": "5 votes, from 2 to 3", "own": "Your first score: 3 Mature", "talk": False}
    assert page.together.rows[0]["statements"]
    send(page.together, {"kind": "wish", "code": room.codes[0], "wanted": True})
    look(other)
    assert (page.together.rows[0]["talk"], other.together.rows[0]["talk"]) == (True, False)
    room.facilitator.agree_together(room.session)
    send(page.together, {"kind": "wish", "code": room.codes[0], "wanted": False})
    assert "settled already" in page.together.problem
