"""What comes into any text is stored so that people see all of it, and no database, file or terminal trips over it."""

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from messages import attached, cast, send
from playwright.sync_api import Browser
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.domain.actor import Actor
from npswidgets.domain.ballots import LONGEST_REASON
from npswidgets.domain.events import (
    ActionAgreed,
    Event,
    NoteWritten,
    ReasonShown,
    ScoreRecorded,
    Words,
    WorkshopReopened,
    WorkshopSealed,
)
from npswidgets.domain.recording import as_recorded
from npswidgets.domain.text import cleaned, cleaned_all, cleaned_line, printable, printable_json, without_halves
from npswidgets.errors import VoteRefused
from npswidgets.screens import facilitator, participant
from npswidgets.screens.facilitator import FacilitatorScreen
from npswidgets.screens.participant import ParticipantScreen
from npswidgets.store import archive
from npswidgets.store.archive import archive_text
from npswidgets.store.opening import store_of
from npswidgets.store.saved import read_archive

CODE = "reporting"
BASE = Path("npswidgets/widgets/static/base.js")
BREAKS = "\r\x0b\x0c\x85\u2028\u2029"
TAKEN_OUT = [
    *(chr(one) for one in (*range(0x20), *range(0x7F, 0xA0)) if chr(one) not in f"\t\n{BREAKS}"),
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
    *"\ud800\udbff\udc00\udfff\ufeff\ufff9\ufffa\ufffb\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff",
]
A_FEW = ["\x00", "\x1b", "\x7f", "\x9b", "\u202e", "\u2066", "\ud83d", "\ude00", "\ufeff", "\uffff"]
"""One of each kind."""

TOGETHER = "\x00\x1b\ud83d\x7f\x9b\u202e\u2066\ude00\ufeff\uffff"

STAY = [
    "\t\n",
    "שלום \u200fעולם",
    "العربية\u061c \u200e\u200f",
    "می\u200cخواهم",
    "क्\u200dष",
    "👩\u200d👩\u200d👧\u200d👦 ❤\ufe0f 👍🏽",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England
    "\u0378 \ue000",  # not assigned yet, and for private use
    "\u00a0\u200b\u00ad",
]


@pytest.mark.parametrize("character", TAKEN_OUT, ids=ascii)
def test_what_nobody_sees_is_taken_out(character: str) -> None:
    assert cleaned(f"a{character}b{character}") == "ab"


@pytest.mark.parametrize("text", STAY, ids=ascii)
def test_what_scripts_and_emoji_need_stays(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.parametrize("breaks", ["\r\n", *BREAKS], ids=ascii)
def test_each_kind_of_line_break_is_a_line_feed(breaks: str) -> None:
    assert cleaned(f"a{breaks}b") == "a\nb"
    assert cleaned_line(f" a{breaks}b ") == "a b"


@given(st.text(st.characters() | st.sampled_from("\ud83d\ude00\r\n\x00\u202e")))
def test_a_cleaned_text_can_be_encoded_and_stays_as_it_is(text: str) -> None:
    once = cleaned(text)
    assert cleaned(once) == once
    assert once.encode().decode() == once
    assert not any(unicodedata.category(one) in ("Cc", "Cs") and one not in "\t\n" for one in once)


@given(st.text(st.sampled_from("\ud83d\ude00a")))
def test_two_halves_behind_each_other_are_an_emoji(text: str) -> None:
    assert cleaned(text) == without_halves(text) == text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


@given(st.text(st.characters() | st.sampled_from("\x1b\x9b\u202e\ud83d\r\U0010ffff")))
def test_what_is_printed_controls_no_terminal_and_json_still_says_the_same(text: str) -> None:
    assert cleaned(printable(text)) == printable(text)
    said = printable_json(json.dumps({"text": text}, ensure_ascii=False))
    assert cleaned(said) == said
    assert json.loads(said) == json.loads(json.dumps({"text": text}))


@pytest.mark.browser
def test_the_page_takes_out_the_same_characters_as_the_store(chromium: Browser) -> None:
    """Else a page would wait for ever for a text that is not quite its own."""
    functions = (
        BASE.read_text(encoding="utf-8").partition("/** What no text keeps")[2].partition("/** What was typed")[0]
    )
    page = chromium.new_page()
    changed = page.evaluate(
        f"""() => {{ /* {functions}
            const made = [];
            for (let at = 0; at < 0x110000; at++) made.push(asStored(String.fromCodePoint(at)));
            return made.map((one, at) => [at, one.codePointAt(0) ?? -1]).filter(([at, one]) => at !== one);
        }}"""
    )
    page.close()
    kept = [ord(one) if (one := cleaned(chr(at))) else -1 for at in range(0x110000)]
    assert changed == [[at, one] for at, one in enumerate(kept) if at != one]


def dirty(text: str, character: str) -> str:
    return f"{character}{text[:2]}{character}{text[2:]}{character}"


def texts_of(event: Event) -> set[str | None]:
    return {one.text for one in vars(event).values() if isinstance(one, Words)}


def w(character: str) -> Words:
    return Words(dirty("Monthly", character))


EVENTS: dict[str, Callable[[str], Event]] = {
    "comment": lambda one: NoteWritten("s", CODE, "comment", w(one)),
    "different view": lambda one: NoteWritten("s", CODE, "different_view", w(one)),
    "evidence": lambda one: NoteWritten("s", CODE, "evidence", w(one)),
    "reason shown": lambda one: ReasonShown("s", CODE, 1, w(one)),
    "not applicable": lambda one: ScoreRecorded("s", CODE, not_applicable=w(one)),
    "reason above": lambda one: ScoreRecorded("s", CODE, 3, reason_above=w(one)),
    "action": lambda one: ActionAgreed("s", CODE, "a1", w(one), w(one), "2026-09-30", w(one)),
    "role": lambda one: WorkshopSealed(1, w(one)),
    "reopening": lambda one: WorkshopReopened(w(one)),
}


@pytest.mark.parametrize("character", A_FEW, ids=ascii)
@pytest.mark.parametrize("field", EVENTS)
def test_every_text_of_an_event_is_cleaned_when_it_is_recorded(field: str, character: str) -> None:
    assert texts_of(as_recorded(EVENTS[field](character))) == {"Monthly"}


def test_names_of_a_workshop_are_cleaned_when_it_is_made(engine: Engine) -> None:
    room = make_room(
        engine,
        council=dirty("Example", TOGETHER),
        title=dirty("How good?", TOGETHER),
        departments=(dirty("Finance", TOGETHER), TOGETHER),
        sessions=((dirty("Leading", TOGETHER), ("engaging-councillors",)),),
    )
    made = room.workshop
    session = made.sessions[room.session]
    assert (made.council, made.title, made.departments, session.title) == (
        "Example",
        "How good?",
        ("Finance",),
        "Leading",
    )
    assert room.join(1, "Finance")


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, people=1)
    room.open_voting(CODE)
    return room


@pytest.fixture
def desk(room: Room) -> FacilitatorScreen:
    store = store_of(room.engine, Actor(room.created.workshop, "facilitator"))
    return attached(facilitator.build(), store)  # type: ignore[no-any-return]


@pytest.fixture
def phone(room: Room) -> ParticipantScreen:
    room.participants[0].refresh()
    return attached(participant.build(), room.participants[0])  # type: ignore[no-any-return]


@pytest.mark.parametrize("note", ["comment", "different_view", "evidence"])
def test_a_page_is_told_its_note_as_it_is_stored(desk: FacilitatorScreen, room: Room, note: str) -> None:
    send(desk.topics, {"kind": "looked_at", "code": CODE})
    typed = {"kind": "note_typed", "code": CODE, "note": note, "text": dirty("Monthly", TOGETHER), "seen": ""}
    send(desk.notes, typed)
    assert (desk.notes.notes[note], desk.notes.problem, desk.notes.fault) == ("Monthly", "", "")
    send(desk.notes, typed | {"text": dirty("Monthly briefing", TOGETHER)})  # made from what this window wrote
    assert (desk.notes.notes[note], desk.notes.clash) == ("Monthly briefing", {})
    assert read_back(room).topics[CODE].note(note) == "Monthly briefing"  # type: ignore[arg-type]


def read_back(room: Room) -> Any:
    saved = archive.stored_archive(room.engine, room.created.workshop)
    assert saved.workshop == room.workshop
    return saved.workshop


def test_a_phone_is_told_its_reason_as_it_is_stored(phone: ParticipantScreen) -> None:
    cast(phone.pad, CODE, 3)
    send(phone.pad, {"kind": "reason", "code": CODE, "round": 1, "text": f" {dirty('Late', TOGETHER)} {TOGETHER}"})
    assert (phone.pad.reason, phone.pad.reason_problem, phone.pad.fault) == ("Late", "", "")


def test_a_text_is_as_long_as_what_is_stored_of_it(room: Room) -> None:
    voter = room.participants[0]
    room.facilitator.refresh()
    stored = voter.cast(room.ballot(voter, CODE, 3, reason="x" * LONGEST_REASON + "\x00" * 1000))
    assert stored.reason == "x" * LONGEST_REASON


@pytest.mark.parametrize(
    "ids", [{"id": "\x1b[2J56789"}, {"id": "../../../x"}, {"replaces": "x" * 65}, {"replaces": "\x00" * 8}]
)
def test_a_ballot_has_a_number_that_a_browser_makes(room: Room, ids: dict[str, str]) -> None:
    voter = room.participants[0]
    ballot = room.ballot(voter, CODE, 3)
    with pytest.raises(VoteRefused, match="no proper number"):
        voter.cast(type(ballot)(**{**vars(ballot), **ids}))


def test_a_record_from_before_is_read_as_it_is_and_still_verifies(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = "a\x1b[31m\u202e\x07b"
    with monkeypatch.context() as before:
        before.setattr("npswidgets.store.record.as_recorded", lambda event, *_: event)
        room.facilitator.record(NoteWritten(room.session, CODE, "comment", Words(old)))
    assert room.workshop.topics[CODE].note("comment") == old
    file = tmp_path / "saved.jsonl"
    file.write_text(archive_text(room.engine, room.created.workshop), encoding="utf-8")
    assert read_archive(file).workshop == room.workshop
    shown = cleaned_all(room.workshop)
    assert shown.topics[CODE].note("comment") == "a[31mb"
    assert (shown.head, shown.rubric.value_codes[CODE]) == (room.workshop.head, room.workshop.rubric.value_codes[CODE])


def test_no_widget_compares_what_was_typed_with_what_is_saved_to_the_letter() -> None:
    """What a page sends is cleaned and sometimes stripped: it would say "Saving" for ever."""
    scripts = {file.name: file.read_text(encoding="utf-8") for file in BASE.parent.glob("*.js")}
    waiting = {name: text for name, text in scripts.items() if "kept.write(" in text or "kept(" in text}
    assert {"typed_field.js", "vote_reason.js", "score_form.js"} <= set(waiting)
    for name, text in waiting.items():
        assert not re.search(r"\.text === saved\(\)|write\((\{ text: )?field\.value", text), name
