"""Score sheets entered by keyboard: thirteen keys and Enter."""

from collections.abc import Sequence

import pytest
from messages import attached, send
from played import SESSION, beginning, theme_codes, workshop_of
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import Answer, Event, PresenceChanged, VotingOpened, VotingStopped
from npswidgets.domain.sheets import NOTHING_OPEN, Mark, Sheet, read_hands, read_sheet
from npswidgets.errors import RuleBroken
from npswidgets.screens import facilitator, helper
from npswidgets.screens.facilitator import FacilitatorScreen
from npswidgets.store import access, archive
from npswidgets.store.opening import store_of

CODES = theme_codes()
ON_PAPER = PresenceChanged(SESSION, on_paper=3)
ALL_OPEN = tuple(VotingOpened(SESSION, code, 0) for code in CODES)


def read(*marks: Mark, events: Sequence[Event] = ALL_OPEN, number: int = 1) -> Sheet:
    return read_sheet(workshop_of([*beginning(CODES), ON_PAPER, *events]), SESSION, number, marks)


def marks(answers: Sequence[Answer | None], codes: Sequence[str] = CODES, number: int = 0) -> tuple[Mark, ...]:
    return tuple(Mark(code, number, answer) for code, answer in zip(codes, answers, strict=False))


# -- the rules ---------------------------------------------------------------------------------------------------------


def test_a_sheet_is_a_ballot_of_one_voter_on_each_open_topic() -> None:
    sheet = read(*marks((3, 2, 5, "dont_know", "not_my_role")), number=2)
    assert [ballot.answer for ballot in sheet.ballots] == [3, 2, 5, "dont_know", "not_my_role"]
    assert {(ballot.participant, ballot.round) for ballot in sheet.ballots} == {("paper-2", 0)}
    assert (sheet.blank, sheet.skipped) == ((), ())


def test_what_is_left_blank_is_no_vote() -> None:
    sheet = read(*marks((3, None, 5)))
    assert [ballot.code for ballot in sheet.ballots] == [CODES[0], CODES[2]]
    assert sheet.blank == ((CODES[1], 0),)


def test_topics_whose_vote_is_not_open_are_skipped() -> None:
    events = (
        *ALL_OPEN[:2],
        VotingStopped(SESSION, CODES[1], 0),
    )
    sheet = read(*marks((3, 2, 5)), events=events)
    assert [ballot.code for ballot in sheet.ballots] == [CODES[0]]
    assert sheet.skipped == (CODES[1], CODES[2])


def test_what_was_circled_for_one_vote_counts_in_no_later_one() -> None:
    events = (VotingOpened(SESSION, CODES[0], 1), VotingOpened(SESSION, CODES[1], 0))
    sheet = read(*marks((3, 2)), events=events)
    assert ([ballot.code for ballot in sheet.ballots], sheet.skipped) == ([CODES[1]], (CODES[0],))


@pytest.mark.parametrize(
    ("given", "number"),
    [
        (marks((3,)), 0),
        (marks((3,)), 4),
        (marks((6,)), 1),
        ((Mark("alchemy", 0, 3),), 1),
        ((Mark(CODES[0], 0, 3), Mark(CODES[0], 0, 4)), 1),
        ((), 1),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(given: tuple[Mark, ...], number: int) -> None:
    with pytest.raises(RuleBroken):
        read(*given, number=number)


def test_a_sheet_without_an_open_vote_is_refused() -> None:
    with pytest.raises(RuleBroken, match=NOTHING_OPEN):
        read(*marks((3, 2)), events=())


# -- the store ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def room(engine: Engine) -> Room:
    """Three topics with their first scores open; two people on phones, two on paper."""
    room = make_room(engine, people=2)
    room.facilitator.record(PresenceChanged(room.session, on_paper=2))
    room.facilitator.record(*(VotingOpened(room.session, code, 0) for code in room.codes))
    return room


def test_a_sheet_counts_like_the_phones_and_names_nobody(room: Room) -> None:
    room.vote(room.codes[0], 3, 3, round_number=0)
    assert room.facilitator.enter_sheet(room.session, 1, marks((1, 2, "dont_know"), room.codes)) == ()
    assert room.facilitator.enter_sheet(room.session, 1, marks((4, None, "dont_know"), room.codes)) == ()
    assert room.facilitator.sheets(room.codes) == {1}
    assert room.facilitator.finished(room.session) == 0
    shown = room.facilitator.show_first_scores(room.session).topics
    assert shown[room.codes[0]].shown[0].counts == (0, 0, 2, 1, 0)
    assert shown[room.codes[1]].shown == ()
    assert "paper-" not in archive.archive_text(room.engine, room.created.workshop)


def test_a_sheet_is_stored_whole_or_not_at_all(room: Room) -> None:
    wrong = (*marks((3, 2), room.codes), Mark(room.codes[2], 0, 9))
    with pytest.raises(RuleBroken):
        room.facilitator.enter_sheet(room.session, 1, wrong)
    assert room.facilitator.vote_counts() == {}


# -- the facilitator's page --------------------------------------------------------------------------------------------


@pytest.fixture
def page(room: Room) -> FacilitatorScreen:
    store = store_of(room.engine, Actor(room.created.workshop, "facilitator"))
    screen = attached(facilitator.build(), store)
    send(screen.bar, {"kind": "menu_chosen", "action": "sheets", "session": ""})
    return screen  # type: ignore[no-any-return]


def type_sheet(page: FacilitatorScreen, *answers: object) -> None:
    rows = zip(page.sheets.rows, answers, strict=True)
    given = [{"code": row["code"], "round": row["round"], "answer": answer} for row, answer in rows]
    send(page.sheets, {"kind": "sheet_typed", "number": page.sheets.number, "marks": given})


def labels(page: FacilitatorScreen) -> list[str]:
    page.controller.store.refresh()
    page.draw()
    return [item["label"] for item in page.bar.menu]


def test_a_sheet_is_entered_and_the_next_one_offered(page: FacilitatorScreen, room: Room) -> None:
    assert (page.sheets.number, page.sheets.total, page.now.word) == (1, 2, "Paper sheets")
    assert [(row["number"], row["round"]) for row in page.sheets.rows] == [("1", 0), ("2", 0), ("3", 0)]
    type_sheet(page, 3, "dont_know", 1)
    assert (page.sheets.number, page.sheets.said) == (2, "Sheet 1 is saved: 3 of 3 topics.")
    type_sheet(page, 3, None, 1)
    assert page.sheets.said == "Sheet 2 is saved: 2 of 3 topics. All sheets are entered."
    assert page.sheets.entered == [1, 2]
    assert sum(room.facilitator.vote_counts().values()) == 5


def test_what_stands_on_a_sheet_is_not_in_the_browser(page: FacilitatorScreen) -> None:
    before = page.sheets.get_state()
    type_sheet(page, 4, 4, 4)
    changed = {name for name, value in page.sheets.get_state().items() if value != before[name]}
    assert changed == {"number", "entered", "turn", "said"}


def test_a_sheet_can_be_entered_again(page: FacilitatorScreen, room: Room) -> None:
    type_sheet(page, 4, 4, 4)
    send(page.sheets, {"kind": "sheet_turned", "number": 1, "theme": 0})
    assert (page.sheets.number, page.sheets.said) == (1, "")
    type_sheet(page, 2, None, 2)
    shown = room.facilitator.show_first_scores(room.session).topics
    assert [len(shown[code].shown) for code in room.codes] == [1, 0, 1]
    assert shown[room.codes[0]].shown[0].counts == (0, 1, 0, 0, 0)


def test_a_sheet_never_goes_over_one_that_another_screen_has_entered_in_between(
    page: FacilitatorScreen, room: Room
) -> None:
    other = attached(facilitator.build(), store_of(room.engine, Actor(room.created.workshop, "facilitator")))
    send(other.bar, {"kind": "menu_chosen", "action": "sheets", "session": ""})
    type_sheet(other, 1, 1, 1)
    labels(page)
    assert (page.sheets.number, page.sheets.entered) == (1, [])
    type_sheet(page, 4, 4, None)
    assert page.sheets.said == (
        "Sheet 2 is saved: 2 of 3 topics. Another screen has entered sheet 1 in between. All sheets are entered."
    )
    room.facilitator.refresh()
    assert sum(room.facilitator.vote_counts().values()) == 5
    send(page.sheets, {"kind": "sheet_turned", "number": 2, "theme": 0})
    type_sheet(page, 4, 4, 4)
    assert page.sheets.said.startswith("Sheet 2 is saved: 3 of 3 topics.")


def turn(page: FacilitatorScreen, number: int, *answers: object) -> None:
    """Turns to another sheet, with what was typed on this one."""
    rows = zip(page.sheets.rows, answers, strict=False)
    marks = [{"code": row["code"], "round": row["round"], "answer": answer} for row, answer in rows]
    left = page.sheets.number
    send(page.sheets, {"kind": "sheet_turned", "number": number, "theme": 0, "left": left, "marks": marks})


def test_what_was_typed_is_saved_and_said_when_one_turns_to_another_sheet(page: FacilitatorScreen) -> None:
    turn(page, 2, 4)
    assert (page.sheets.number, page.sheets.said) == (2, "Sheet 1 is saved: 1 of 3 topics.")


def test_what_cannot_be_saved_stays_on_its_sheet_until_it_is_left_out_on_purpose(
    page: FacilitatorScreen, room: Room
) -> None:
    """It was thrown away, and nobody was told."""
    room.facilitator.show_first_scores(room.session)
    before = page.sheets.turn
    turn(page, 2, 4)
    assert (page.sheets.number, page.sheets.turn) == (1, before)
    assert page.sheets.problem == (
        "No vote is open on any topic of this sheet. What you typed is still here. Press again to leave it out."
    )
    turn(page, 2, 4)
    assert (page.sheets.number, page.sheets.problem) == (2, "")


def test_a_sheet_that_was_entered_is_emptied_again(page: FacilitatorScreen, room: Room) -> None:
    type_sheet(page, 4, 4, 4)
    turn(page, 1)
    type_sheet(page, None, None, None)
    assert (page.sheets.number, page.sheets.said, page.sheets.entered) == (1, "Sheet 1 is empty now.", [])
    room.facilitator.refresh()
    assert not sum(room.facilitator.vote_counts().values())


def test_the_last_sheet_is_not_entered_twice_by_two_screens(page: FacilitatorScreen, room: Room) -> None:
    other = attached(facilitator.build(), store_of(room.engine, Actor(room.created.workshop, "facilitator")))
    send(other.bar, {"kind": "menu_chosen", "action": "sheets", "session": ""})
    type_sheet(other, 1, 1, 1)
    type_sheet(other, 2, 2, 2)
    turn = page.sheets.turn
    type_sheet(page, 4, 4, 4)
    assert page.sheets.problem == "Another screen has entered the last of 2 sheets. Count one more on paper with +."
    assert page.sheets.turn == turn, "what was typed stays"
    room.facilitator.count_on_paper(room.session, 3)
    type_sheet(page, 4, 4, 4)
    assert page.sheets.said.startswith("Sheet 3 is saved: 3 of 3 topics.")


def test_what_was_skipped_is_named(page: FacilitatorScreen, room: Room) -> None:
    room.facilitator.record(VotingStopped(room.session, room.codes[-1], 0))
    type_sheet(page, 3, 3, 3)
    assert page.sheets.said == (
        "Sheet 1 is saved: 2 of 3 topics. Not entered, because no vote on them is open: Councillor development."
    )
    assert page.sheets.rows[-1]["round"] == -1


def test_a_sheet_that_cannot_be_saved_is_said_and_stays(page: FacilitatorScreen, room: Room) -> None:
    turn = page.sheets.turn
    room.vote(room.codes[0], 3, round_number=0)
    room.facilitator.show_first_scores(room.session)
    type_sheet(page, 3, 3, 3)
    assert (page.sheets.problem, page.sheets.number, page.sheets.turn) == (NOTHING_OPEN, 1, turn)


@pytest.mark.parametrize("answer", [0, 6, "3", True, "level"])
def test_a_forged_sheet_changes_nothing_and_is_said(page: FacilitatorScreen, room: Room, answer: object) -> None:
    type_sheet(page, 3, 3, answer)
    assert page.sheets.fault or page.sheets.problem
    assert room.facilitator.vote_counts() == {}


def test_the_menu_offers_it_while_people_vote_and_some_are_on_paper(page: FacilitatorScreen, room: Room) -> None:
    assert "Enter a sheet" in labels(page)
    room.facilitator.show_first_scores(room.session)
    assert "Enter a sheet" not in labels(page)
    room.open_voting(room.codes[0])
    assert "Enter a sheet" in labels(page)


def test_people_on_paper_are_counted_beside_the_sheets(page: FacilitatorScreen) -> None:
    assert page.now.people["lines"] == ["2 on phones, 2 on paper"]
    send(page.now, {"kind": "paper_counted", "by": 1})
    assert page.sheets.total == 3


# -- a show of hands ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        ("2: 3, 3: 5", (2,) * 3 + (3,) * 5),
        (" 4=1;?:2 ", (4, "dont_know", "dont_know")),
        ("1: 0, 5: 1", (5,)),
        ("2:3,3:5", (2,) * 3 + (3,) * 5),
        ("2: 3; 3: 5;", (2,) * 3 + (3,) * 5),
        ("2:1 3 : 2  ?: 1", (2, 3, 3, "dont_know")),
        ("２：１，３：２", (2, 3, 3)),
        ("٢: ١، ٣: ٢", (2, 3, 3)),
        ("2 - 1, 3–2", (2, 3, 3)),
        ("2: 1 and 3: 2", (2, 3, 3)),
        ("Level 2: 1 level 3 = 2 hands", (2, 3, 3)),
        ("L2:1/L3:2", (2, 3, 3)),
        ("lvl 2: 1, Lvl. 3: 2", (2, 3, 3)),
        ("lvl 2: 1 lv3: 1 lev. 4: 1", (2, 3, 4)),
        ("I don’t know: 1 & 2: 1", ("dont_know", 2)),
        ("2: 1, don't know - 1", (2, "dont_know")),
    ],
)
def test_a_show_of_hands_is_read_from_one_line(typed: str, answers: tuple[Answer, ...]) -> None:
    assert read_hands(workshop_of([*beginning(CODES)]).rubric.scale, typed) == answers


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "2",
        "2: many",
        "9: 1",
        "2: 1, 2: 3",
        "2: 1 and 3",
        "2: 1, 6: 2",
        "2-3-5",
        "2 x 3",
        "2: 1, ?: 1, dk: 1",
        "2: -1",
        "2: 1000",
        "2: 0",
        "0: 2",
        "2: 1 3",
    ],
)
def test_a_line_that_is_no_show_of_hands_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken, match=r'such as "2: 3, 3: 5"'):
        read_hands(workshop_of([*beginning(CODES)]).rubric.scale, typed)


def test_a_show_of_hands_takes_the_place_of_the_paper_votes_and_is_never_more_than_the_people(engine: Engine) -> None:
    room = make_room(engine, people=1)
    room.facilitator.record(PresenceChanged(room.session, on_paper=3))
    code = room.codes[0]
    room.open_voting(code)
    room.facilitator.enter_hands(code, 1, "2: 1, 3: 2")
    assert room.facilitator.paper_votes(code) == (1, 2, 3)
    room.facilitator.enter_hands(code, 1, "4: 2")
    assert room.facilitator.paper_votes(code) == (1, 2)
    with pytest.raises(RuleBroken, match="4 hands are more than the 3 on paper"):
        room.facilitator.enter_hands(code, 1, "4: 4")
    room.facilitator.show_votes(code)
    assert room.facilitator.workshop.topics[code].shown[0].counts == (0, 0, 0, 2, 0)
    with pytest.raises(RuleBroken):
        room.facilitator.enter_hands(code, 1, "4: 2")


def test_a_helpers_topic_is_there_before_the_sheets_go_so_that_the_keyboard_has_where_to_go(room: Room) -> None:
    actor = access.helper_of_link(room.engine, room.workshop.id, room.facilitator.new_helper(room.session).secret)
    assert actor
    access.open_helper_link(room.engine, None, "browser", actor)
    page = attached(helper.build(), store_of(room.engine, actor))
    send(page.bar, {"kind": "sheets_asked", "open": True})
    gone: list[str] = []
    for widget in (page.sheets, page.heading):
        widget.layout.observe(lambda change: gone.append(change["new"]), "display")
    send(page.bar, {"kind": "sheets_asked", "open": False})
    assert gone == ["", "none"]
