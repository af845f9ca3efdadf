"""The facilitator's page: driven as a browser drives it, on a database in a file."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from messages import attached, run, send
from room import Room, make_room
from serving import WAIT_SECONDS
from sqlalchemy import Engine

import npswidgets as nps
from npswidgets.domain.actor import Actor
from npswidgets.domain.events import NoteWritten, ScoreRecorded, TopicPresented, Words
from npswidgets.domain.join_code import grouped
from npswidgets.errors import StoreFault
from npswidgets.screens.facilitator import FacilitatorScreen, build
from npswidgets.screens.opening import EXAMPLE
from npswidgets.store.opening import store_of
from npswidgets.widgets.base import Widget

CHAMPIONS, REPORTING, DEVELOPMENT = "procurement-and-commercial-champions", "reporting", "councillor-development"


@dataclass
class Page:
    """A facilitator's browser: it sends what its buttons and fields send, and counts the clicks."""

    screen: FacilitatorScreen
    clicks: int = 0
    widgets: list[Widget] = field(init=False)

    def __post_init__(self) -> None:
        screen = self.screen
        self.widgets = [
            screen.bar,
            screen.topics,
            screen.now,
            screen.band,
            screen.heading,
            screen.board,
            screen.score,
            screen.notes,
            screen.agreed,
        ]

    def send(self, widget: Widget, **message: Any) -> None:
        send(widget, message)

    def press(self, label: str) -> None:
        """Presses the button with this label, which has to be there."""
        now = self.screen.now
        action = {one["label"]: one["action"] for one in [now.main, *now.others] if one}[label]
        self.clicks += 1
        self.send(now, kind="pressed", action=action, moment=now.moment)

    def choose(self, score: int, reason: str = "", case_study: bool = False, seen: str | None = None) -> None:
        form = self.screen.score
        self.clicks += 1
        self.send(
            form,
            kind="score_chosen",
            code=form.code,
            score=score,
            reason=reason,
            case_study=case_study,
            seen=form.mark if seen is None else seen,
        )

    def type(self, text: str, note: str = "comment", seen: str | None = None, code: str = "") -> None:
        form = self.screen.notes
        base = form.notes[note] if seen is None else seen
        self.send(form, kind="note_typed", code=code or form.code, note=note, text=text, seen=base)

    def look_at(self, code: str) -> None:
        self.send(self.screen.topics, kind="looked_at", code=code)

    @property
    def state(self) -> str:
        """All that is in the browser."""
        return json.dumps([widget.get_state() for widget in self.widgets], default=str)


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, people=6)


def open_page(room: Room) -> Page:
    return Page(attached(build(), store_of(room.engine, Actor(room.created.workshop, "facilitator"))))


@pytest.fixture
def page(room: Room) -> Page:
    return open_page(room)


def vote(page: Page, room: Room, *answers: int, round_number: int = 1) -> None:
    for store in room.participants:
        store.refresh()
    room.vote(page.screen.score.code, *answers, round_number=round_number)
    page.screen.draw()


def follow(room: Room, happens: Callable[[], None], holds: Callable[[FacilitatorScreen], bool]) -> FacilitatorScreen:
    """A page that follows the workshop while this happens, until this holds."""

    async def until() -> FacilitatorScreen:
        screen = build()
        task = screen.attach(store_of(room.engine, Actor(room.created.workshop, "facilitator")))
        happens()
        async with asyncio.timeout(WAIT_SECONDS):
            while not holds(screen):
                await asyncio.sleep(0.02)
        task.cancel()
        return screen

    return run(until())


def test_the_screen_is_built_without_a_workshop() -> None:
    screen = build()
    assert (screen.now.main, screen.topics.areas, screen.score.mode) == ({}, [], "nothing")


def test_a_topic_with_one_vote_takes_three_clicks(page: Page, room: Room) -> None:
    page.press("Start voting")
    page.clicks = 0
    vote(page, room, 2, 2, 3, 3, 2, 2)
    page.press("Show the votes")
    page.choose(2)
    page.press("Save and start next")
    assert page.clicks == 3
    assert room.workshop.topics[CHAMPIONS].score.value == 2  # type: ignore[union-attr]
    assert (page.screen.now.word, page.screen.heading.title) == ("Voting", "Reporting")
    assert room.workshop.sessions[room.session].live == REPORTING


def test_a_topic_with_two_votes_takes_five_clicks(page: Page, room: Room) -> None:
    page.press("Start voting")
    page.clicks = 0
    vote(page, room, 1, 2, 3, 4, 5, 1)
    page.press("Show the votes")
    page.press("Vote again")
    vote(page, room, 2, 2, 3, 3, 3, 2, round_number=2)
    page.press("Show the votes")
    assert page.screen.now.lines[0] == "4 votes moved"
    page.choose(2)
    page.press("Save and start next")
    assert page.clicks == 5
    assert page.screen.topics.done == "1 of 3 done"


def test_votes_are_shown_while_some_are_missing_but_not_without_any(page: Page, room: Room) -> None:
    page.press("Start voting")
    page.press("Show the votes")
    assert (page.screen.now.word, page.screen.now.problem) == ("Voting", "Nobody has voted yet.")
    vote(page, room, 3)
    assert page.screen.now.problem == ""
    page.press("Show the votes")
    assert (page.screen.now.word, page.screen.now.problem) == ("Votes shown", "")
    assert page.screen.board.rounds == [{"label": "vote in the room", "counts": [0, 0, 1, 0, 0]}]


def test_nothing_in_the_browser_tells_unrevealed_votes_apart(page: Page, room: Room) -> None:
    page.press("Start voting")
    vote(page, room, 1, 1, 1, 1, 1)
    before = page.state
    for store in room.participants[:5]:
        own = store.own_ballots()[CHAMPIONS, 1]
        store.cast(room.ballot(store, CHAMPIONS, 5, replaces=own.id))
    page.screen.draw()
    assert page.state == before
    assert page.screen.now.count["words"] == "5 of 6 votes in"


def test_nobody_is_named_in_the_browser(engine: Engine) -> None:
    room = make_room(engine, anonymity="named")
    joined = [room.join(name=name)[0] for name in ("Ayesha Khan", "Tom Brook")]
    page = open_page(room)
    page.press("Start voting")
    vote(page, room, 2, 3)
    page.press("Show the votes")
    hidden = ["Khan", "Brook", *(store.actor.participant or "" for store in joined)]
    assert [word for word in hidden if word in page.state] == []


def test_a_click_for_another_moment_does_nothing(page: Page, room: Room) -> None:
    ready = page.screen.now.moment
    page.press("Start voting")
    vote(page, room, 3)
    page.send(page.screen.now, kind="pressed", action="start", moment=ready)
    page.send(page.screen.now, kind="pressed", action="show", moment=ready)
    assert (page.screen.now.word, page.screen.now.problem) == ("Voting", "")


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"kind": "pressed"},
        {"kind": "pressed", "action": "erase", "moment": ""},
        {"kind": "score_chosen", "code": REPORTING, "score": 6, "reason": "", "case_study": False, "seen": ""},
        {"kind": "score_chosen", "code": REPORTING, "score": True, "reason": "", "case_study": False, "seen": ""},
        {"kind": "note_typed", "code": REPORTING, "note": "verdict", "text": "x", "seen": ""},
        {"kind": "note_typed", "code": REPORTING, "note": "comment", "text": ["x"], "seen": ""},
        {"kind": "looked_at", "code": "no-such-code"},
        {"kind": "menu_chosen", "action": "session", "session": "no-such-session"},
    ],
)
def test_a_forged_message_is_refused_in_words(page: Page, room: Room, message: dict[str, Any]) -> None:
    revision = room.workshop.revision
    send(page.screen.score, message)
    assert page.screen.score.fault
    assert (room.workshop.revision, page.screen.heading.title) == (revision, "Procurement and commercial champions")


@pytest.mark.parametrize("action", ["show", "stop", "vote_again", "save", "save_next", "take_up", "close", "reopen"])
def test_a_button_that_is_not_there_does_nothing(page: Page, room: Room, action: str) -> None:
    revision = room.workshop.revision
    page.send(page.screen.now, kind="pressed", action=action, moment=page.screen.now.moment)
    assert (room.workshop.revision, page.screen.now.problem) == (revision, "")


def test_words_are_saved_as_they_are_typed(page: Page, room: Room) -> None:
    page.press("Start voting")
    page.type("Scrutiny gets reports")
    page.type("Scrutiny gets reports when a decision is due.", seen="")
    page.type("The portfolio holder's briefing works well.", "different_view")
    topic = room.workshop.topics[CHAMPIONS]
    assert topic.note("comment") == "Scrutiny gets reports when a decision is due."
    assert topic.note("different_view") == page.screen.notes.notes["different_view"]


def test_words_that_arrive_late_belong_to_their_topic(page: Page, room: Room) -> None:
    page.look_at(REPORTING)
    page.type("About the champions.", code=CHAMPIONS, seen="")
    assert room.workshop.topics[CHAMPIONS].note("comment") == "About the champions."
    assert room.workshop.topics[REPORTING].note("comment") == ""


def test_a_reason_above_the_starting_level_is_saved_but_never_needed(page: Page, room: Room) -> None:
    page.press("Start voting")
    vote(page, room, 2, 2, 3, 3, 2, 2)
    page.press("Show the votes")
    page.choose(3)
    page.press("Save only")
    assert room.workshop.topics[CHAMPIONS].score.reason_above is None  # type: ignore[union-attr]
    page.choose(3, "Evidence shown in the room")
    page.press("Save and start next")
    assert str(room.workshop.topics[CHAMPIONS].score.reason_above) == "Evidence shown in the room"  # type: ignore[union-attr]


def test_a_score_is_saved_without_a_vote(page: Page, room: Room) -> None:
    page.press("Score without a vote")
    page.press("Save and start next")
    assert page.screen.now.problem == "Choose the agreed score"
    page.choose(2)
    assert page.screen.now.problem == ""
    page.choose(5)
    page.press("Save only")
    assert room.workshop.topics[CHAMPIONS].score.value == 5  # type: ignore[union-attr]
    assert (page.screen.now.word, page.screen.topics.done) == ("Score saved", "1 of 3 done")


def test_a_score_settles_a_vote_that_has_stopped_until_it_starts_again(page: Page, room: Room) -> None:
    page.press("Start voting")
    vote(page, room, 3, 3)
    page.press("Stop voting")
    page.press("Score without a vote")
    page.choose(3)
    page.press("Save only")
    assert (page.screen.now.word, room.workshop.topics[CHAMPIONS].status) == ("Score saved", "agreed")
    page.press("Go on voting")
    assert (page.screen.now.word, page.screen.now.count["words"]) == ("Voting", "2 of 6 votes in")


def test_a_case_study_belongs_to_a_five(page: Page, room: Room) -> None:
    page.press("Start voting")
    vote(page, room, 5, 5, 5, 5, 5, 5)
    page.press("Show the votes")
    page.choose(4, case_study=True)
    page.press("Save only")
    assert page.screen.score.saved == {"score": 4, "reason": "", "case_study": False}
    page.choose(5, case_study=True)
    page.press("Save only")
    assert page.screen.score.saved["case_study"] is True


def test_a_topic_that_does_not_apply_needs_a_reason(page: Page, room: Room) -> None:
    page.press("Not applicable")
    page.press("Save as not applicable")
    assert page.screen.now.problem == "Write why this topic does not apply."
    page.send(page.screen.score, kind="reason_typed", code=CHAMPIONS, text="We have no such role.", seen="")
    page.press("Save as not applicable")
    assert page.screen.now.lines[0] == "Not applicable: We have no such role."
    assert room.workshop.topics[CHAMPIONS].status == "not_applicable"


def test_a_score_is_put_right_without_moving_the_room(page: Page, room: Room) -> None:
    page.press("Start voting")
    vote(page, room, 2, 2, 2, 2, 2, 2)
    page.press("Show the votes")
    page.choose(2)
    page.press("Save and start next")
    page.look_at(CHAMPIONS)
    assert page.screen.band.text == "The room is on Reporting."
    page.choose(1)
    page.press("Save only")
    assert room.workshop.topics[CHAMPIONS].score.value == 1  # type: ignore[union-attr]
    assert room.workshop.sessions[room.session].live == REPORTING
    page.press("Go there")
    assert (page.screen.heading.title, page.screen.band.text) == ("Reporting", "")


def test_a_vote_on_another_topic_waits_for_the_open_one(page: Page) -> None:
    page.press("Start voting")
    page.look_at(REPORTING)
    page.press("Start voting")
    expected = "Voting on Procurement and commercial champions is still open. Show or stop those votes first."
    assert (page.screen.now.problem, page.screen.now.word) == (expected, "Ready")


def test_a_stopped_vote_goes_on_with_its_votes(page: Page, room: Room) -> None:
    page.press("Start voting")
    vote(page, room, 3, 3)
    page.press("Stop voting")
    assert page.screen.now.word == "Voting has stopped"
    page.press("Go on voting")
    assert page.screen.now.count["words"] == "2 of 6 votes in"


def test_an_error_of_the_store_is_said_and_loses_nothing(
    page: Page, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.press("Start voting")
    vote(page, room, 2, 2, 2, 2, 2)
    page.press("Show the votes")
    page.choose(2)
    store = page.screen.controller.store

    def full(*_: Any) -> None:
        raise StoreFault("the disk is full. Free some space, then try again.")

    with monkeypatch.context() as patch:
        patch.setattr(store, "record", full)
        patch.setattr(store, "write_note", full)
        page.press("Save and start next")
        page.type("Not lost.")
    assert page.screen.now.problem == page.screen.notes.problem == "the disk is full. Free some space, then try again."
    page.press("Save only")
    assert page.screen.score.saved["score"] == 2
    page.type("Not lost.")
    assert (page.screen.notes.problem, page.screen.notes.notes["comment"]) == ("", "Not lost.")


def test_two_facilitators_settle_which_score_holds(page: Page, room: Room) -> None:
    page.press("Start voting")
    vote(page, room, 2, 2, 3, 3, 2)
    page.press("Show the votes")
    page.choose(2)
    room.facilitator.record(ScoreRecorded(room.session, CHAMPIONS, 3))
    page.press("Save only")
    assert page.screen.score.clash["theirs"] == "3"
    assert room.workshop.topics[CHAMPIONS].score.value == 3  # type: ignore[union-attr]
    page.send(page.screen.score, kind="score_settled", code=CHAMPIONS, keep="mine")
    assert room.workshop.topics[CHAMPIONS].score.value == 2  # type: ignore[union-attr]
    assert page.screen.score.clash == {}


def test_the_score_of_the_other_facilitator_can_be_kept(page: Page, room: Room) -> None:
    room.facilitator.record(TopicPresented(room.session, CHAMPIONS))
    page.choose(2, seen="")
    room.facilitator.record(ScoreRecorded(room.session, CHAMPIONS, 3))
    page.press("Save and start next")
    page.send(page.screen.score, kind="score_settled", code=CHAMPIONS, keep="theirs")
    assert (page.screen.score.saved["score"], page.screen.now.word) == (3, "Score saved")


def test_no_word_that_belongs_to_a_score_is_overwritten_unseen(page: Page, room: Room) -> None:
    """The level may be the same: why it is so high, or that the topic does not apply, are words as well."""
    page.press("Score without a vote")
    page.choose(3, seen="")
    room.facilitator.record(ScoreRecorded(room.session, CHAMPIONS, 3, reason_above=Words("Theirs")))
    page.press("Save only")
    assert page.screen.score.clash["said"] == "a score of 3: Theirs"
    why_not = Words("We have none.")
    room.facilitator.record(ScoreRecorded(room.session, CHAMPIONS, not_applicable=why_not))
    page.send(page.screen.score, kind="score_settled", code=CHAMPIONS, keep="mine")
    assert page.screen.score.clash["said"] == "“not applicable: We have none.”", "it was not shown yet"
    page.send(page.screen.score, kind="score_settled", code=CHAMPIONS, keep="mine")
    assert room.workshop.topics[CHAMPIONS].score.value == 3  # type: ignore[union-attr]


def test_that_a_topic_does_not_apply_is_saved_over_no_score_that_was_not_shown(page: Page, room: Room) -> None:
    page.press("Not applicable")
    typed = {"kind": "reason_typed", "code": CHAMPIONS, "text": "Mine", "seen": ""}
    page.send(page.screen.score, **typed)
    room.facilitator.record(ScoreRecorded(room.session, CHAMPIONS, not_applicable=Words("Theirs")))
    page.press("Save as not applicable")
    assert page.screen.score.clash["said"] == "“not applicable: Theirs”"
    page.send(page.screen.score, kind="score_settled", code=CHAMPIONS, keep="theirs")
    assert str(room.workshop.topics[CHAMPIONS].score.not_applicable) == "Theirs"  # type: ignore[union-attr]
    page.send(page.screen.score, **typed)
    page.press("Save as not applicable")
    page.send(page.screen.score, kind="score_settled", code=CHAMPIONS, keep="mine")
    assert str(room.workshop.topics[CHAMPIONS].score.not_applicable) == "Mine"  # type: ignore[union-attr]


def test_the_words_of_two_facilitators_are_not_overwritten(page: Page, room: Room) -> None:
    page.press("Start voting")
    room.facilitator.record(NoteWritten(room.session, CHAMPIONS, "comment", Words("Theirs.")))
    page.type("Mine.", seen="")
    assert page.screen.notes.clash["theirs"] == "Theirs."
    assert room.workshop.topics[CHAMPIONS].note("comment") == "Theirs."
    page.send(page.screen.notes, kind="note_settled", note="comment", code=CHAMPIONS, keep="mine")
    assert room.workshop.topics[CHAMPIONS].note("comment") == "Mine."


def test_words_that_were_not_shown_yet_are_not_overwritten_either_and_the_other_one_is_told(
    page: Page, room: Room
) -> None:
    page.press("Start voting")
    room.facilitator.record(NoteWritten(room.session, CHAMPIONS, "comment", Words("Theirs.")))
    page.type("Mine.", seen="")
    room.facilitator.record(NoteWritten(room.session, CHAMPIONS, "comment", Words("Theirs, and more.")))
    page.send(page.screen.notes, kind="note_settled", note="comment", code=CHAMPIONS, keep="mine")
    assert page.screen.notes.clash["theirs"] == "Theirs, and more."
    assert room.workshop.topics[CHAMPIONS].note("comment") == "Theirs, and more."
    page.send(page.screen.notes, kind="note_settled", note="comment", code=CHAMPIONS, keep="mine")
    assert room.workshop.topics[CHAMPIONS].note("comment") == "Mine."
    assert page.screen.notes.overwritten == {}
    room.facilitator.record(NoteWritten(room.session, CHAMPIONS, "comment", Words("Theirs again.")))
    page.screen.controller.store.refresh()
    page.screen.draw()
    assert page.screen.notes.overwritten == {"comment": "Mine."}
    page.send(page.screen.topics, kind="looked_at", code=room.codes[1])
    page.send(page.screen.topics, kind="looked_at", code=CHAMPIONS)
    assert page.screen.notes.overwritten == {}


def test_what_another_one_made_of_own_words_is_not_overwritten_by_a_text_from_before_it(page: Page, room: Room) -> None:
    page.press("Start voting")
    page.type("Mine.")
    room.facilitator.record(NoteWritten(room.session, CHAMPIONS, "comment", Words("Mine, and theirs.")))
    page.screen.controller.store.refresh()
    page.look_at(room.codes[1])
    page.look_at(CHAMPIONS)
    page.type("Mine.", seen="")
    assert page.screen.notes.clash["theirs"] == "Mine, and theirs."
    assert room.workshop.topics[CHAMPIONS].note("comment") == "Mine, and theirs."


def test_the_screen_follows_the_other_facilitator_but_stays_where_it_is(room: Room) -> None:
    room.facilitator.record(TopicPresented(room.session, CHAMPIONS))
    screen = follow(room, lambda: room.open_voting(REPORTING), lambda screen: bool(screen.band.text))
    assert screen.band.text == "The room is on Reporting."
    assert screen.heading.title == "Procurement and commercial champions"


def test_votes_are_counted_as_they_come(room: Room) -> None:
    room.open_voting(CHAMPIONS)
    screen = follow(room, lambda: room.vote(CHAMPIONS, 1, 2, 3), lambda screen: screen.now.count["in"] == 3)
    assert screen.now.count["words"] == "3 of 6 votes in"


def test_a_new_page_shows_the_same(page: Page, room: Room) -> None:
    page.press("Start voting")
    vote(page, room, 2, 2, 3)
    page.press("Show the votes")
    page.type("Half a sentence")
    again = open_page(room)
    assert again.screen.now.get_state(["word", "main", "verdict"]) == page.screen.now.get_state(
        ["word", "main", "verdict"]
    )
    assert again.screen.notes.notes["comment"] == "Half a sentence"


def test_the_workshop_ends_when_everything_was_read_back(page: Page, room: Room) -> None:
    page.press("Start voting")
    page.send(page.screen.bar, kind="menu_chosen", action="read_back", session="")
    page.press("End the workshop")
    assert "is still open. Show or stop those votes first." in page.screen.now.problem
    page.press("Go back")
    vote(page, room, 2, 2)
    page.press("Show the votes")
    room.score_all()
    page.screen.controller.store.refresh()
    page.screen.draw()
    page.press("Read back the scores")
    assert page.screen.agreed.heading == "Is this what we agreed?"
    page.press("End the workshop")
    assert page.screen.agreed.heading == "Thank you. The workshop has ended."
    assert (page.screen.bar.code, page.screen.now.main["label"]) == ("", "Check before sign-off")
    assert room.workshop.sessions[room.session].state == "closed"
    page.press("Open it again")
    assert room.workshop.sessions[room.session].state == "open"


def test_the_menu_leads_to_another_session(engine: Engine) -> None:
    sessions = (("Leading", ("engaging-councillors",)), ("Partners", ("working-with-partners",)))
    room = make_room(engine, sessions=sessions)
    page = open_page(room)
    item = page.screen.bar.menu[-1]
    assert item["label"] == "Go to Partners"
    about = page.screen.now.about
    page.send(page.screen.bar, kind="menu_chosen", action="session", session=item["session"])
    assert about != page.screen.now.about, "what waits for the connection is for one session"
    page.press("Skip the practice")
    assert (page.screen.bar.title, page.screen.heading.place) == ("Partners", "Topic 1 · Working with partners")


def test_the_next_session_is_one_click_from_the_end_of_one_and_the_workshop_ends_with_the_last(engine: Engine) -> None:
    sessions = (("Leading", ("engaging-councillors",)), ("Partners", ("working-with-partners",)))
    room = make_room(engine, sessions=sessions)
    page = open_page(room)
    page.send(page.screen.bar, kind="menu_chosen", action="read_back", session="")
    page.press("End the session")
    assert page.screen.agreed.heading == "Thank you. This session has ended."
    assert "Next session: Partners" in page.screen.now.lines
    page.press("Go to next session")
    assert (page.screen.bar.title, page.screen.now.word) == ("Partners", "Ready")
    page.send(page.screen.bar, kind="menu_chosen", action="read_back", session="")
    page.press("End the workshop")
    assert page.screen.agreed.heading == "Thank you. The workshop has ended."
    assert page.screen.now.main["label"] == "Check before sign-off"


def test_a_facilitators_page_begins_with_the_session_that_it_was_opened_for(engine: Engine) -> None:
    room = make_room(engine, sessions=(("Leading", ("engaging-councillors",)), ("Partners", ("engaging-smes",))))
    for session in room.created.codes:
        store = store_of(engine, Actor(room.created.workshop, "facilitator", session))
        bar = attached(build(), store).bar
        assert (bar.session, bar.several) == (session, True)


def test_without_a_server_the_example_is_shown_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NPS_ACTOR", raising=False)

    async def show() -> Any:
        return nps.facilitator()

    said, screen = run(show()).children
    assert said.parts[0]["text"] == EXAMPLE
    assert "nps-facilitator" in screen._dom_classes


def test_the_operator_opens_a_workshop_by_its_id(engine: Engine, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPS_DATABASE", engine.url.render_as_string())

    async def show() -> Any:
        return nps.facilitator(room.created.workshop)

    bar = run(show()).children[0]
    assert (bar.council, bar.code) == ("Example County Council", grouped(room.created.codes[room.session]))


@pytest.mark.parametrize("action", ["agenda", "tidy", "report", "read_back", "actions"])
def test_a_page_says_what_leads_a_reloaded_one_to_where_it_is(engine: Engine, action: str) -> None:
    room = make_room(engine, people=1)
    room.facilitator.record(TopicPresented(room.session, CHAMPIONS))
    page, other = (attached(build(), store_of(engine, Actor(room.created.workshop, "facilitator"))) for _ in range(2))
    send(page.topics, {"kind": "looked_at", "code": REPORTING})
    send(other.bar, page.bar.apart)
    assert other.controller.code == REPORTING
    send(page.bar, {"kind": "menu_chosen", "action": action})
    send(other.bar, page.bar.apart)
    assert other.controller.page == page.controller.page != "topic"
    send(page.topics, {"kind": "looked_at", "code": CHAMPIONS})
    assert page.bar.apart == {}, "it is with the room"
