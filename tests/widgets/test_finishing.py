"""The end at the facilitator's desk: actions are chosen and typed, all is tidied up, a role signs off."""

from typing import Any

import pytest
from messages import attached, send
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.domain.actor import Actor
from npswidgets.domain.days import day_of, say_day
from npswidgets.domain.events import ActionAgreed, ActionChanged, NoteWritten, ScoreRecorded, TargetSet, Words
from npswidgets.domain.workshop import Action
from npswidgets.screens.facilitator import FacilitatorScreen, build
from npswidgets.store.opening import store_of

CHAMPIONS, REPORTING, DEVELOPMENT = "procurement-and-commercial-champions", "reporting", "councillor-development"
ID = "0123456789abcdef" * 2


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, people=3, sessions=(("All", ("showing-leadership",)),))
    for code, score in ((CHAMPIONS, 3), (REPORTING, 2), (DEVELOPMENT, 5)):
        room.facilitator.record(ScoreRecorded(room.session, code, score, case_study=score == 5))
    return room


@pytest.fixture
def screen(room: Room) -> FacilitatorScreen:
    return attached(build(), store_of(room.engine, Actor(room.created.workshop, "facilitator")))  # type: ignore[no-any-return]


def press(screen: FacilitatorScreen, label: str) -> None:
    now = screen.now
    action = {one["label"]: one["action"] for one in [now.main, *now.others] if one}[label]
    send(now, {"kind": "pressed", "action": action, "moment": now.moment})


def menu(screen: FacilitatorScreen, action: str) -> None:
    send(screen.bar, {"kind": "menu_chosen", "action": action, "session": ""})


def choose(screen: FacilitatorScreen, code: str, chosen: bool = True) -> None:
    send(screen.actions, {"kind": "topic_chosen", "code": code, "chosen": chosen})


def type_action(screen: FacilitatorScreen, field: str, text: str, seen: str = "", code: str = REPORTING) -> None:
    typed = {"kind": "action_typed", "code": code, "action": ID, "field": field, "text": text, "seen": seen}
    send(screen.actions, typed)


def correct(screen: FacilitatorScreen, code: str, score: int | None, seen: int | str = "", **more: Any) -> None:
    change = {"score": score, "not_applicable": "", "reason": "", "case_study": False, "seen": str(seen)} | more
    send(screen.tidy, {"kind": "score_corrected", "code": code, **change})


def take_out(screen: FacilitatorScreen) -> None:
    """As the page does it, with what it shows."""
    (shown,) = (one for topic in screen.actions.topics for one in topic["actions"])
    seen = "\n".join(shown[name] for name in ("what", "owner", "due", "done_when"))
    send(screen.actions, {"kind": "action_taken_out", "code": REPORTING, "action": ID, "seen": seen})


def action_of(room: Room, code: str = REPORTING) -> Action:
    return room.workshop.topics[code].actions[ID]


def test_the_room_sees_the_end_when_it_is_shown_and_not_before(screen: FacilitatorScreen, room: Room) -> None:
    menu(screen, "read_back")
    assert room.workshop.sessions[room.session].closing is None
    assert "The room does not see this page yet." in screen.now.lines
    press(screen, "Show on the screen")
    assert room.workshop.sessions[room.session].closing == "scores"
    press(screen, "Choose topics for action")
    assert room.workshop.sessions[room.session].closing == "actions"
    press(screen, "Hide from the screen")
    assert room.workshop.sessions[room.session].closing is None


def test_a_topic_looked_at_says_that_the_room_reads_back(screen: FacilitatorScreen) -> None:
    menu(screen, "read_back")
    press(screen, "Show on the screen")
    press(screen, "Go back")
    assert screen.band.text == "The room is reading back what was agreed."
    send(screen.band, {"kind": "menu_chosen", "action": "read_back", "session": ""})
    assert screen.controller.page == "agreed"
    press(screen, "Go back")
    press(screen, "Start voting")
    assert screen.band.text == ""


def test_topics_with_a_next_level_are_offered_lowest_first(screen: FacilitatorScreen) -> None:
    assert screen.actions.topics == []
    menu(screen, "read_back")
    press(screen, "Choose topics for action")
    assert [(one["code"], one["score"]) for one in screen.actions.topics] == [(REPORTING, 2), (CHAMPIONS, 3)]


def test_a_topic_chosen_for_action_aims_at_the_next_level(screen: FacilitatorScreen, room: Room) -> None:
    choose(screen, REPORTING)
    assert room.workshop.topics[REPORTING].target == 3
    choose(screen, REPORTING, chosen=False)
    assert room.workshop.topics[REPORTING].target is None


def test_it_says_why_there_is_nothing_to_choose(engine: Engine) -> None:
    room = make_room(engine)
    for score, why in ((0, "No topic has a score yet."), (5, "All topics with a score are at level 5.")):
        if score:
            room.score_all(score)
        screen = attached(build(), store_of(engine, Actor(room.created.workshop, "facilitator")))
        menu(screen, "read_back")
        press(screen, "Choose topics for action")
        assert screen.actions.topics == []
        assert screen.actions.hint.startswith(why)


def test_at_most_five_topics_are_chosen(screen: FacilitatorScreen, room: Room) -> None:
    menu(screen, "read_back")
    press(screen, "Choose topics for action")
    codes = room.codes[3:9]
    room.facilitator.record(*(ScoreRecorded(room.session, code, 2) for code in codes))
    for code in codes[: screen.actions.most]:
        choose(screen, code)
    assert screen.actions.full
    choose(screen, codes[5])
    assert screen.actions.problem == "5 topics are chosen. Take one out first."
    assert room.workshop.topics[codes[5]].target is None


def test_an_action_is_saved_as_it_is_typed_with_done_when_of_the_next_level(
    screen: FacilitatorScreen, room: Room
) -> None:
    choose(screen, REPORTING)
    type_action(screen, "what", "Write a brief")
    type_action(screen, "what", "Write a briefing each quarter", seen="Write a brief")
    type_action(screen, "owner", "Head of procurement")
    type_action(screen, "due", "2026-09-30")
    action = action_of(room)
    assert (str(action.what), str(action.owner), str(action.due)) == (
        "Write a briefing each quarter",
        "Head of procurement",
        "2026-09-30",
    )
    assert str(action.done_when).startswith("Councillors receive regular briefings and reports")
    type_action(screen, "due", "", seen="2026-09-30")
    assert action_of(room).due is None


def test_an_action_that_is_taken_out_is_gone_and_its_topic_can_be_given_up(
    screen: FacilitatorScreen, room: Room
) -> None:
    menu(screen, "read_back")
    press(screen, "Choose topics for action")
    choose(screen, REPORTING)
    type_action(screen, "what", "Write a briefing")
    choose(screen, REPORTING, chosen=False)
    assert screen.actions.problem == "Take out the actions of Reporting first."
    take_out(screen)
    choose(screen, REPORTING, chosen=False)
    assert (room.workshop.topics[REPORTING].actions, room.workshop.topics[REPORTING].target) == ({}, None)


def test_two_facilitators_do_not_write_over_each_others_action(screen: FacilitatorScreen, room: Room) -> None:
    menu(screen, "read_back")
    press(screen, "Choose topics for action")
    room.facilitator.record(ActionAgreed(room.session, REPORTING, ID, Words("Theirs"), Words("")))
    type_action(screen, "what", "Mine", seen="")
    assert screen.actions.clash == {"code": REPORTING, "action": ID, "field": "what", "theirs": "Theirs"}
    settled = {"kind": "action_settled", "code": REPORTING, "action": ID, "field": "what"}
    send(screen.actions, settled | {"keep": "theirs"})
    assert (str(action_of(room).what), screen.actions.clash) == ("Theirs", {})
    type_action(screen, "what", "Mine", seen="")
    send(screen.actions, settled | {"keep": "mine"})
    assert str(action_of(room).what) == "Mine"


def test_words_of_an_action_that_were_not_shown_yet_are_not_overwritten_and_the_other_one_is_told(
    screen: FacilitatorScreen, room: Room
) -> None:
    menu(screen, "read_back")
    press(screen, "Choose topics for action")
    type_action(screen, "what", "Mine")
    for owner in ("Theirs", "Theirs, and more"):
        room.facilitator.record(ActionChanged(room.session, REPORTING, ID, Words("Mine"), Words(owner)))
        type_action(screen, "owner", "My owner") if owner == "Theirs" else None
    settled = {"kind": "action_settled", "code": REPORTING, "action": ID, "field": "owner", "keep": "mine"}
    send(screen.actions, settled)
    assert screen.actions.clash["theirs"] == "Theirs, and more"
    assert str(action_of(room).owner) == "Theirs, and more"
    send(screen.actions, settled)
    assert str(action_of(room).owner) == "My owner"
    room.facilitator.record(ActionChanged(room.session, REPORTING, ID, Words("Mine"), Words("Theirs again")))
    take_out(screen)
    assert screen.actions.overwritten == {f"{ID}/owner": "My owner"}


def test_an_action_is_not_taken_out_over_words_that_were_not_shown(screen: FacilitatorScreen, room: Room) -> None:
    menu(screen, "read_back")
    press(screen, "Choose topics for action")
    type_action(screen, "what", "Mine")
    room.facilitator.record(ActionChanged(room.session, REPORTING, ID, Words("Theirs"), Words("")))
    take_out(screen)
    assert screen.actions.problem == "The other screen has changed this action since. Read it, then take it out."
    take_out(screen)
    assert room.workshop.topics[REPORTING].actions == {}


@pytest.mark.parametrize("text", ["reason", "not_applicable"])
def test_texts_about_a_score_are_not_overwritten_unseen_either(
    screen: FacilitatorScreen, room: Room, text: str
) -> None:
    menu(screen, "tidy")

    def saved(words: str) -> None:
        given: dict[str, Any] = {"reason_above": Words(words)} if text == "reason" else {"not_applicable": Words(words)}
        room.facilitator.record(ScoreRecorded(room.session, REPORTING, 3 if text == "reason" else None, **given))
        screen.controller.store.refresh()
        screen.draw()

    def mark() -> str:
        return str({row["code"]: row for row in screen.tidy.rows}[REPORTING]["mark"])

    def typed(words: str, made_from: str, seen: str = "") -> None:
        score = 3 if text == "reason" else None
        correct(screen, REPORTING, score, seen=seen or mark(), text=text, made_from=made_from, **{text: words})

    def read() -> str:
        score = room.workshop.topics[REPORTING].score
        assert score
        return str(score.reason_above if text == "reason" else score.not_applicable)

    saved("Theirs")
    typed("Mine", made_from="")
    assert screen.tidy.clash == {"code": REPORTING, "text": text, "theirs": "Theirs"}
    settled = {"kind": "correction_settled", "code": REPORTING, "text": text}
    saved("Theirs, and more")
    send(screen.tidy, settled | {"keep": "mine"})
    assert screen.tidy.clash["theirs"] == "Theirs, and more", "these words were not shown yet"
    assert read() == "Theirs, and more"
    before = mark()
    saved("Theirs, and still more")
    typed("Mine", made_from="Theirs, and more", seen=before)  # was on its way when theirs was saved
    assert (screen.tidy.clash["theirs"], screen.tidy.problem) == ("Theirs, and still more", "")
    saved("Theirs, and more")
    typed("Mine", made_from="")
    send(screen.tidy, settled | {"keep": "theirs"})
    assert (read(), screen.tidy.clash) == ("Theirs, and more", {})
    typed("Mine", made_from="")
    send(screen.tidy, settled | {"keep": "mine"})
    assert (read(), screen.tidy.clash) == ("Mine", {})


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "topic_chosen", "code": "alchemy", "chosen": True},
        {"kind": "topic_chosen", "code": DEVELOPMENT, "chosen": True},
        {"kind": "action_typed", "code": REPORTING, "action": ID, "field": "owner", "text": "Me", "seen": ""},
        {"kind": "action_typed", "code": REPORTING, "action": ID, "field": "what", "text": "  ", "seen": ""},
        {"kind": "action_typed", "code": REPORTING, "action": "", "field": "what", "text": "x", "seen": ""},
        {"kind": "action_typed", "code": REPORTING, "action": ID, "field": "cost", "text": "x", "seen": ""},
        {"kind": "action_taken_out", "code": REPORTING, "action": ID, "seen": ""},
        {"kind": "draft_dated", "session": "other", "by": "2026-03-19"},
        {"kind": "draft_dated", "session": "all", "by": "soon"},
        {"kind": "score_corrected", "code": REPORTING, "score": 6, "not_applicable": "", "reason": "", "seen": "2"},
        {"kind": "signed_off", "role": "  "},
        {"kind": "reopened", "reason": "Because"},
    ],
)
def test_what_cannot_be_is_refused_in_words(screen: FacilitatorScreen, room: Room, message: dict[str, Any]) -> None:
    menu(screen, "tidy")
    revision = room.workshop.revision
    send(screen.tidy, message)
    assert screen.tidy.fault or screen.tidy.problem
    assert room.workshop.revision == revision


def test_the_day_of_the_draft_is_kept(screen: FacilitatorScreen, room: Room) -> None:
    send(screen.actions, {"kind": "draft_dated", "session": room.session, "by": "2026-03-19"})
    assert screen.actions.draft_by == "2026-03-19"
    send(screen.actions, {"kind": "draft_dated", "session": room.session, "by": ""})
    assert room.workshop.sessions[room.session].draft_by is None


def test_tidying_up_shows_every_topic_with_what_it_lacks(screen: FacilitatorScreen, room: Room) -> None:
    assert screen.tidy.rows == []
    menu(screen, "tidy")
    rows = {row["code"]: row for row in screen.tidy.rows}
    assert len(rows) == 13
    assert rows[DEVELOPMENT]["missing"] == ["Write a comment for Councillor development: it scores 5"]
    assert rows[REPORTING]["missing"] == []
    assert screen.tidy.lacking == ["10 topics have no score", "1 score of 5 has no comment"]
    assert screen.tidy.open_sessions == ["All"]


def test_scores_and_texts_are_put_right_in_place(screen: FacilitatorScreen, room: Room) -> None:
    menu(screen, "tidy")
    correct(screen, REPORTING, 3, seen=2)
    correct(screen, CHAMPIONS, None, seen=3, not_applicable="We have no such role.")
    typed = {"kind": "note_typed", "code": DEVELOPMENT, "note": "comment", "text": "Ask us.", "seen": ""}
    send(screen.tidy, typed)
    topics = room.workshop.topics
    assert topics[REPORTING].score.value == 3  # type: ignore[union-attr]
    assert topics[CHAMPIONS].status == "not_applicable"
    assert topics[DEVELOPMENT].note("comment") == "Ask us."
    assert {row["code"]: row for row in screen.tidy.rows}[CHAMPIONS]["not_applicable"] == "We have no such role."


def test_a_score_of_the_other_facilitator_is_not_corrected_unseen(screen: FacilitatorScreen, room: Room) -> None:
    menu(screen, "tidy")
    room.facilitator.record(ScoreRecorded(room.session, REPORTING, 4))
    correct(screen, REPORTING, 3, seen=2)
    assert screen.tidy.problem == "The other screen saved a score of 4. Look at it, then choose again."
    assert room.workshop.topics[REPORTING].score.value == 4  # type: ignore[union-attr]


def test_texts_of_two_facilitators_clash_here_too(screen: FacilitatorScreen, room: Room) -> None:
    menu(screen, "tidy")
    room.facilitator.record(NoteWritten(room.session, REPORTING, "comment", Words("Theirs")))
    typed = {"kind": "note_typed", "code": REPORTING, "note": "comment", "text": "Mine", "seen": ""}
    send(screen.tidy, typed)
    assert screen.tidy.clash == {"code": REPORTING, "note": "comment", "theirs": "Theirs"}


def test_signing_off_waits_for_what_is_missing_and_locks(screen: FacilitatorScreen, room: Room) -> None:
    room.score_all()
    room.facilitator.record(NoteWritten(room.session, DEVELOPMENT, "comment", Words("Ask us.")))
    menu(screen, "tidy")
    send(screen.tidy, {"kind": "signed_off", "role": "Head of procurement"})
    assert screen.tidy.problem == "The session All is still open. End it before signing off."
    press(screen, "Read back the scores")
    press(screen, "End the workshop")
    press(screen, "Check before sign-off")
    correct(screen, REPORTING, 5, seen=2)
    send(screen.tidy, {"kind": "signed_off", "role": "Head of procurement"})
    assert "Write a comment for Reporting: it scores 5" in screen.tidy.problem
    correct(screen, REPORTING, 2, seen=5)
    send(screen.tidy, {"kind": "signed_off", "role": "Head of procurement"})
    assert room.workshop.sealed_at
    assert screen.tidy.signed["day"] == say_day(day_of(room.workshop.sealed_at))
    assert (room.workshop.sealed, screen.tidy.signed["role"], screen.now.word) == (
        True,
        "Head of procurement",
        "Signed off",
    )
    assert (screen.now.main["label"], [one["label"] for one in screen.now.others]) == (
        "Make the report",
        ["Read back the scores"],
    )
    assert screen.tidy.names == "", "nobody was asked for one"
    correct(screen, REPORTING, 3, seen=2)
    assert "signed off and locked" in screen.tidy.problem
    send(screen.tidy, {"kind": "reopened", "reason": ""})
    assert screen.tidy.problem == "Write why the workshop is reopened."
    send(screen.tidy, {"kind": "reopened", "reason": "A comment was missing"})
    assert (room.workshop.sealed, room.workshop.version, screen.tidy.signed) == (False, 1, {})


def test_an_action_agreed_before_is_offered_even_without_a_next_level(screen: FacilitatorScreen, room: Room) -> None:
    room.facilitator.record(TargetSet(room.session, DEVELOPMENT, 5))
    screen.controller.store.refresh()
    menu(screen, "read_back")
    press(screen, "Choose topics for action")
    assert screen.actions.topics[-1]["code"] == DEVELOPMENT


def test_a_draft_report_can_be_made_at_any_time(screen: FacilitatorScreen) -> None:
    press(screen, "Start voting")
    menu(screen, "report")
    assert (screen.reports.here, screen.now.word, screen.now.lines) == (
        True,
        "Draft report",
        ['Until somebody signs off, every title says "(draft)".'],
    )
    press(screen, "Go back")
    assert (screen.reports.here, screen.now.word) == (False, "Voting")


def test_the_report_is_one_step_from_both_pages_after_the_end(screen: FacilitatorScreen, room: Room) -> None:
    room.close()
    screen.controller.store.refresh()
    menu(screen, "read_back")
    press(screen, "Make the report")
    press(screen, "Check before sign-off")
    assert screen.now.main["label"] == "Make the report"
    press(screen, "Make the report")
    assert screen.reports.here


def test_the_text_for_the_form_has_score_and_comment_of_each_topic(screen: FacilitatorScreen, room: Room) -> None:
    room.facilitator.record(
        NoteWritten(room.session, REPORTING, "comment", Words("When a decision is due.\nNot before.")),
        ScoreRecorded(room.session, CHAMPIONS, not_applicable=Words("We have no such role.")),
    )
    screen.controller.store.refresh()
    assert screen.reports.form == ""
    menu(screen, "report")
    assert screen.reports.form.startswith(
        "Engaging Councillors\n\n"
        "Procurement and commercial champions\nScore: (not applicable: We have no such role.)\n"
        "Comment: (no comment)\n\n"
        "Reporting\nScore: 2 Developing\nComment: When a decision is due.\nNot before.\n\n"
    )
    assert "Culture\nScore: (not scored)\nComment: (no comment)" in screen.reports.form
