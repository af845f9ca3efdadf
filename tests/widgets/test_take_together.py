"""First scores on the facilitator's screen and on the wall, and what is taken together after them."""

from typing import Any

import pytest
from messages import attached, send
from played import SESSION, beginning, theme_codes, votes, workshop_of
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.domain import first_scores
from npswidgets.domain.actor import Actor
from npswidgets.domain.events import (
    ClosingShown,
    Event,
    PresenceChanged,
    TogetherAgreed,
    TogetherShown,
    TopicPresented,
    VotesRevealed,
    VotingOpened,
)
from npswidgets.screens import facilitator, participant, projector
from npswidgets.screens.facilitator import FacilitatorScreen, room_view, together_view, topic_view
from npswidgets.screens.facilitator.buttons import buttons
from npswidgets.screens.facilitator.now_view import now_panel, press_token
from npswidgets.screens.facilitator.view_state import Page, ViewState
from npswidgets.screens.projector.view import ProjectorView, WayIn, projector_view
from npswidgets.store.opening import store_of

CODES = theme_codes()
CLOSE, WIDE, A_FEW = votes(0, 9, 8, 0, 0), votes(3, 4, 4, 4, 0), votes(1, 0, 8, 5, 0)
OPENED: list[Event] = [VotingOpened(SESSION, code, 0) for code in CODES]
CAST = {CODES[0]: CLOSE, CODES[1]: WIDE, CODES[2]: CLOSE, CODES[3]: A_FEW}
SHOWN: list[Event] = [*OPENED, *(VotesRevealed(SESSION, code, 0, tuple(CAST.get(code, ()))) for code in CODES)]


def state(*events: Event, code: str = CODES[0], page: Page = "topic", **more: Any) -> ViewState:
    return ViewState(
        workshop=workshop_of([*beginning(CODES), *events]), session_id=SESSION, code=code, page=page, **more
    )


def asked() -> TogetherShown:
    """The room is asked about what stands close."""
    return TogetherShown(SESSION, state(*SHOWN).proposals)


def wall(*events: Event, finished: int = 0) -> ProjectorView:
    workshop = workshop_of([*beginning(CODES), *events])
    return projector_view(workshop, workshop.sessions[SESSION], finished, WayIn("482915", "http://10.0.0.1:8866"))


# -- the facilitator ---------------------------------------------------------------------------------------------------


def test_a_small_session_offers_first_scores_beside_the_vote() -> None:
    few = ViewState(workshop=workshop_of([*beginning(CODES[:3])]), session_id=SESSION, code=CODES[0])
    assert buttons(few) == ("start", ("first_scores", "park", "ask", "score"))


def test_while_everybody_scores_alone_the_main_button_shows_them_from_every_topic() -> None:
    for code in (CODES[0], CODES[7]):
        seen = state(*OPENED, code=code, finished=9)
        panel = now_panel(seen)
        assert (panel["word"], panel["main"]["label"], panel["others"]) == ("First scores", "Show the first scores", [])
        assert panel["count"] == {"in": 9, "of": 18, "words": "9 of 18 have finished"}
    assert room_view.votes(state(*OPENED, finished=18))["words"] == "All 18 have finished"
    assert topic_view.topics(state(*OPENED))["break_possible"]


def test_topics_stand_in_the_order_of_talk_once_first_scores_are_shown() -> None:
    areas = topic_view.topics(state(*SHOWN))["areas"]
    assert [area["name"] for area in areas] == ["To talk about", "Close together"]
    assert areas[0]["topics"][0]["code"] == CODES[1]
    assert [topic["code"] for topic in areas[1]["topics"]] == [CODES[0], CODES[2]]


def test_what_the_room_talks_about_alone_is_not_offered_to_be_taken_together() -> None:
    talked = (TopicPresented(SESSION, CODES[0]), VotingOpened(SESSION, CODES[0], 1))
    shown = VotesRevealed(SESSION, CODES[0], 1, CLOSE)
    assert not topic_view.topics(state(*talked, shown))["together"]
    assert topic_view.topics(state(*talked, shown, TopicPresented(SESSION, CODES[1])))["together"]


def test_what_stands_close_is_listed_with_its_level() -> None:
    seen = state(*SHOWN, page="together")
    lists = together_view.together_list(seen)
    assert [(row["name"], row["spread"], row["level"]) for row in lists["close"]] == [
        ("Procurement and commercial champions", "Close together: 2 to 3", "2 Developing"),
        ("Councillor development", "Close together: 2 to 3", "2 Developing"),
    ]
    assert lists["talk"][0]["spread"] == "Wide spread: from 1 to 4"
    assert len(lists["talk"]) == 11
    assert now_panel(seen)["main"] == {"action": "take_together", "label": "Agree without talking"}
    assert now_panel(seen)["lines"][0] == "2 topics can be agreed without talking."


def test_a_tick_counts_at_once_and_the_click_before_it_does_nothing() -> None:
    before, after = (state(*SHOWN, asked(), page="together", to_talk=frozenset(codes)) for codes in ((), (CODES[2],)))
    assert (now_panel(before)["main"]["label"], now_panel(after)["main"]["label"]) == (
        "Agree these 2",
        "Agree this one",
    )
    assert press_token(before) != press_token(after)
    assert now_panel(after)["lines"][1] == "Somebody wants to talk about 1 of them."
    all_of_them = state(*SHOWN, asked(), page="together", to_talk=frozenset(CODES))
    assert now_panel(all_of_them)["main"]["label"] == "Talk about both"


def test_a_topic_that_somebody_pulled_out_is_talked_about_and_not_offered_again() -> None:
    seen = state(*SHOWN, asked(), TogetherAgreed(SESSION, (CODES[0],)), page="together")
    assert [one.code for one in seen.proposals] == [CODES[2]]
    assert topic_view.topics(seen)["areas"][0]["topics"][-1]["code"] == CODES[0]
    assert [row["spread"] for row in together_view.together_list(seen)["talk"] if row["code"] == CODES[0]] == [
        "Somebody wants to talk"
    ]


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ((0, 1, 0, 2, 0), "3 people have scored. With 5 or more, topics can be sorted by spread."),
        ((2, 1, 0, 2, 0), "No topics are close enough to agree without talking. Start with the first one to discuss."),
    ],
)
def test_it_says_why_nothing_is_taken_together(counts: tuple[int, ...], line: str) -> None:
    events = [*OPENED, *(VotesRevealed(SESSION, code, 0, votes(*counts)) for code in CODES)]
    assert now_panel(state(*events, page="together"))["lines"] == [line]


def test_first_scores_of_a_topic_come_into_the_room_before_it_votes_again() -> None:
    before = state(*SHOWN, code=CODES[1])
    assert (buttons(before)[0], now_panel(before)["main"]["label"]) == ("take_up", "Talk about it")
    there = state(*SHOWN, TopicPresented(SESSION, CODES[1]), code=CODES[1])
    assert buttons(there)[0] == "vote_again"


# -- the wall ----------------------------------------------------------------------------------------------------------


def test_the_wall_says_how_many_have_finished_and_how_to_join() -> None:
    seen = wall(*OPENED, finished=9)
    assert (seen.state, seen.heading["title"]) == ("first_scores", "Score on your own")
    assert seen.foot["texts"][0] == "9 of 18 have finished"
    assert seen.join["code"] == "482 915"


def test_the_wall_shows_what_is_taken_together_and_no_verdict() -> None:
    seen = wall(*SHOWN, asked())
    assert (seen.state, seen.heading["title"]) == ("together", "Agree these without talking?")
    assert seen.parts[0]["rows"][0] == ["Procurement and commercial champions", "2 Developing (17 votes, from 2 to 3)"]
    assert "Close" not in str(seen)


def test_votes_stand_beside_the_one_before_and_older_ones_leave_room() -> None:
    rounds = [
        event
        for number in (1, 2)
        for event in (VotingOpened(SESSION, CODES[1], number), VotesRevealed(SESSION, CODES[1], number, WIDE))
    ]
    events = [*SHOWN, TopicPresented(SESSION, CODES[1]), *rounds]
    assert [one["label"] for one in wall(*events).board["rounds"]] == ["vote in the room", "second vote in the room"]
    everything = topic_view.board(state(*events, code=CODES[1]))["rounds"]
    assert [one["label"] for one in everything] == ["first scores", "vote in the room", "second vote in the room"]


# -- a facilitator at work ---------------------------------------------------------------------------------------------


@pytest.fixture
def played(engine: Engine) -> Room:
    return make_room(engine, people=6)


def page_of(played: Room) -> FacilitatorScreen:
    return attached(facilitator.build(), store_of(played.engine, played.facilitator.actor))  # type: ignore[no-any-return]


def press(page: FacilitatorScreen, label: str) -> None:
    """The button with these words, which is there."""
    offered = {one["label"]: one["action"] for one in [page.now.main, *page.now.others] if one}
    send(page.now, {"kind": "pressed", "action": offered[label], "moment": page.now.moment})
    assert page.now.problem == ""


def test_a_theme_is_scored_alone_taken_together_and_talked_about(played: Room) -> None:
    page = page_of(played)
    press(page, "Start first scores")
    for code, levels in zip(played.codes, ((2, 2, 3, 3, 3, 3), (1, 1, 3, 4, 5, 5), (4, 4, 4, 4, 4, 4)), strict=True):
        played.vote(code, *levels, round_number=0)
    page.controller.store.refresh()
    page.draw()
    assert page.now.count["words"] == "All 6 have finished"
    press(page, "Show the first scores")
    assert [row["level"] for row in page.together.close] == ["2 Developing", "4 Leader"]
    press(page, "Agree without talking")
    played.participants[3].ask_to_talk(played.codes[0], True)
    page.controller.store.refresh()
    page.draw()
    press(page, "Agree this one")
    assert page.now.lines == ["1 of 3 done"]
    press(page, "Start next")
    assert page.heading.title == "Reporting"
    assert played.workshop.sessions[played.session].live == played.codes[1]
    press(page, "Vote again")
    played.vote(played.codes[1], 2, 2, 2, 2, 2, 3)
    press(page, "Show the votes")
    send(
        page.score,
        {"kind": "score_chosen", "code": played.codes[1], "score": 2, "reason": "", "case_study": False, "seen": ""},
    )
    press(page, "Save and start next")
    assert page.heading.title == "Procurement and commercial champions"


def test_the_menu_leads_back_to_what_can_be_taken_together(played: Room) -> None:
    played.facilitator.record(*first_scores.opening(played.facilitator.workshop, played.session))
    played.vote(played.codes[0], 2, 2, 3, 3, 3, 3, round_number=0)
    page = page_of(played)
    press(page, "Show the first scores")
    press(page, "Show anyway")
    send(page.topics, {"kind": "looked_at", "code": played.codes[1]})
    assert page.topics.together
    send(page.topics, {"kind": "menu_chosen", "action": "together"})
    assert (page.now.word, page.topics.together) == ("Agree without talking", False)


def test_first_scores_that_some_have_not_finished_are_shown_by_a_second_press(played: Room) -> None:
    played.facilitator.record(*first_scores.opening(played.facilitator.workshop, played.session))
    for code in played.codes:
        played.vote(code, 2, 2, round_number=0)
    page = page_of(played)
    press(page, "Show the first scores")
    assert page.now.lines[0] == "4 of 6 have not finished."
    assert page.now.main["label"] == "Show anyway"
    assert not played.workshop.topics[played.codes[0]].shown
    press(page, "Go back")
    assert page.now.main["label"] == "Show the first scores"
    press(page, "Show the first scores")
    press(page, "Show anyway")
    played.facilitator.refresh()
    assert played.facilitator.workshop.topics[played.codes[0]].shown


def test_a_phone_calls_a_first_score_by_its_name(played: Room) -> None:
    played.facilitator.record(*first_scores.opening(played.facilitator.workshop, played.session))
    played.vote(played.codes[0], 3, 1, 1, 5, 5, 5, round_number=0)
    played.facilitator.show_first_scores(played.session)
    played.facilitator.record(TopicPresented(played.session, played.codes[0]))
    store = played.participants[0]
    store.refresh()
    assert attached(participant.build(), store).pad.status == "Your first score: 3 Mature"
    played.agree(played.codes[0], 3)
    store.refresh()
    parts = attached(participant.build(), store).passage.parts
    assert {"kind": "text", "text": "Your first score: 3 Mature"} in parts


def test_who_has_left_does_not_stand_in_for_somebody_who_has_not_finished(played: Room) -> None:
    """No count tells whether the person who left had finished; so the second press is asked for where it may matter."""
    played.facilitator.record(*first_scores.opening(played.facilitator.workshop, played.session))
    for code in played.codes:
        played.vote(code, 2, 2, 2, 3, 3, 3, round_number=0)
    gone = played.participants[0].actor.participant or ""
    played.facilitator.record(PresenceChanged(played.session, left=(gone,)))
    (late,) = played.join()
    page = page_of(played)
    press(page, "Show the first scores")
    assert page.now.main["label"] == "Show anyway"
    assert page.now.lines[0].startswith("Up to 1 of 6 has not finished. Somebody who has left may")
    for code in played.codes:
        late.refresh()
        late.cast(played.ballot(late, code, 2, 0))
    press(page, "Go back")
    press(page, "Show the first scores")
    assert played.workshop.topics[played.codes[0]].shown


def test_a_page_that_is_opened_again_stands_where_the_room_is(played: Room) -> None:
    played.facilitator.record(*first_scores.opening(played.facilitator.workshop, played.session))
    for code, levels in zip(played.codes, ((2, 2, 3, 3, 3, 3), (1, 1, 3, 4, 5, 5), (4, 4, 4, 4, 4, 4)), strict=True):
        played.vote(code, *levels, round_number=0)
    page = page_of(played)
    for step, after in (
        ("Show the first scores", "Agree without talking"),
        ("Agree without talking", "Agree these 2"),
        ("Agree these 2", "Start next"),
        ("Start next", "Vote again"),
    ):
        press(page, step)
        again = page_of(played)
        assert (page.now.main["label"], again.now.main["label"]) == (after, after)
        assert again.controller.page == page.controller.page
        page = again
    assert page.heading.title == "Reporting"
    played.score_all()
    for part, kind in (("scores", "agreed"), ("actions", "actions")):
        played.facilitator.record(ClosingShown(played.session, part))  # type: ignore[arg-type]
        assert page_of(played).controller.page == kind


def test_the_room_is_told_what_comes_after_the_first_scores_and_what_is_done(played: Room) -> None:
    assert first_scores.outcome(played.workshop, played.session) is None
    played.facilitator.record(*first_scores.opening(played.facilitator.workshop, played.session))
    for code, levels in zip(played.codes, ((2, 2, 3, 3, 3, 3), (1, 1, 3, 4, 5, 5), (4, 4, 4, 4, 4, 4)), strict=True):
        played.vote(code, *levels, round_number=0)
    played.facilitator.show_first_scores(played.session)
    found = first_scores.outcome(played.facilitator.workshop, played.session)
    assert found == first_scores.Outcome(to_talk=1, close=2)
    store = store_of(played.engine, Actor(played.created.workshop, "projector"))
    screen = attached(projector.build(), store)
    assert (screen.heading.title, screen.join.code) == ("The first scores are in", "")
    assert screen.passage.parts[0]["text"] == "We talk about 1 topic; 2 are close together."
    played.facilitator.record(
        TogetherShown(played.session, first_scores.to_take_together(played.facilitator.workshop, played.session))
    )
    played.facilitator.agree_together(played.session)
    store.refresh()
    screen = attached(projector.build(), store)
    rows = dict(screen.passage.parts[0]["rows"])
    assert sorted(rows.values()) == ["To talk about", "✓ 2 Developing", "✓ 4 Leader"]


def test_what_can_be_agreed_stands_in_the_order_of_the_talk(played: Room) -> None:
    played.facilitator.record(*first_scores.opening(played.facilitator.workshop, played.session))
    for code, levels in zip(played.codes, ((4, 4, 4, 4, 4, 4), (1, 1, 3, 4, 5, 5), (2, 2, 3, 3, 3, 3)), strict=True):
        played.vote(code, *levels, round_number=0)
    workshop = played.facilitator.show_first_scores(played.session)
    order = [topic.code for topic in first_scores.talk_order(workshop, played.session)]
    close = [one.code for one in first_scores.to_take_together(workshop, played.session)]
    assert close == [code for code in order if code in close] == [played.codes[2], played.codes[0]]


def test_the_talk_begins_when_the_room_comes_to_a_topic_not_when_first_scores_were_shown() -> None:
    before = state(*SHOWN, code=CODES[1])
    assert now_panel(before)["clock"] == {}
    there = state(*SHOWN, TopicPresented(SESSION, CODES[1]), code=CODES[1])
    topic = there.topic
    assert topic.presented_at is not None
    assert topic.shown[-1].shown_at is not None
    assert topic.presented_at > topic.shown[-1].shown_at
    assert now_panel(there)["clock"] == {"label": "talk", "since": topic.presented_at.isoformat()}
