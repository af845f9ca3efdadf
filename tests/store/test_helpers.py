"""The links of helpers: each opens one browser, is withdrawn alone, ends with its session; and what a helper may do."""

from collections.abc import Callable

import pytest
from messages import attached, in_the_browser, send
from room import Room, make_room
from sqlalchemy import Engine, select

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import PresenceChanged, SessionOpened, TopicsLeftOut, VotingOpened
from npswidgets.domain.sheets import Mark
from npswidgets.errors import NotAllowed, RuleBroken
from npswidgets.rehearsal import copy_for_rehearsal
from npswidgets.screens import helper
from npswidgets.store import access, helper_links, rights, tables
from npswidgets.store.database import writing
from npswidgets.store.helper_store import HelperStore
from npswidgets.store.workshops import discard_rehearsal

CODE, ELSEWHERE = "reporting", "influence-and-impact"


@pytest.fixture
def room(engine: Engine) -> Room:
    sessions = (("Here", ("engaging-councillors",)), ("There", ("engaging-senior-managers",)))
    room = make_room(engine, people=3, sessions=sessions)
    room.facilitator.record(PresenceChanged(room.session, on_paper=2))
    return room


def open_link(room: Room, secret: str, browser: str, before: str | None = None) -> Actor | None:
    """What the page of a link does; None where it is refused."""
    actor = access.helper_of_link(room.engine, room.created.workshop, secret)
    opened = actor is not None and access.open_helper_link(room.engine, before, browser, actor)
    return actor if opened else None


def come(room: Room, browser: str = "phone", session: str = "") -> HelperStore:
    actor = open_link(room, room.facilitator.new_helper(session or room.session).secret, browser)
    assert actor
    assert actor in access.grants_of(room.engine, browser)
    return HelperStore(room.engine, actor)


def test_a_link_opens_one_browser_and_its_secret_is_gone_then(room: Room) -> None:
    secret = room.facilitator.new_helper(room.session).secret
    assert open_link(room, "", "nobody") is None
    assert open_link(room, secret[:-1], "nobody") is None
    first = access.helper_of_link(room.engine, room.created.workshop, secret)
    assert first
    assert access.open_helper_link(room.engine, None, "first", first)
    assert not access.open_helper_link(room.engine, None, "second", first), "asked at the same moment"
    assert open_link(room, secret, "second") is None
    assert access.grants_of(room.engine, "second") == ()
    assert access.grants_of(room.engine, "first") == (first,)
    with room.engine.connect() as db:
        assert list(db.scalars(select(tables.helper_links.c.secret))) == [""]


def test_several_links_are_valid_at_once_and_each_is_withdrawn_alone(room: Room) -> None:
    ada, grace = come(room, "ada"), come(room, "grace")
    room.facilitator.withdraw_helper(room.session, ada.actor.link or "")
    assert (access.grants_of(room.engine, "ada"), access.grants_of(room.engine, "grace")) == ((), (grace.actor,))
    grace.write_note(CODE, "comment", "We agreed.")
    assert ada.refresh()
    assert (ada.withdrawn, grace.withdrawn) == (True, False)


def test_a_rehearsal_leaves_nothing_to_the_next_one_of_its_workshop(room: Room) -> None:
    copy = copy_for_rehearsal(room.engine, room.created.workshop)
    (session, *_) = copy.codes
    with writing(room.engine) as db:
        link = helper_links.make(db, copy.workshop, session)
    actor = access.helper_of_link(room.engine, copy.workshop, link.secret)
    assert actor
    assert access.open_helper_link(room.engine, None, "phone", actor)
    rights.name_person(room.engine, "anna", copy.workshop)
    discard_rehearsal(room.engine, copy.workshop)
    copy_for_rehearsal(room.engine, room.created.workshop)
    assert access.grants_of(room.engine, "phone") == ()
    assert rights.named_people(room.engine) == []


def test_no_more_links_than_a_room_has_helpers(room: Room) -> None:
    for _ in range(helper_links.MOST):
        room.facilitator.new_helper(room.session)
    with pytest.raises(RuleBroken, match="Withdraw one first"):
        room.facilitator.new_helper(room.session)


def test_a_browser_with_a_newer_link_has_given_the_older_one_up(room: Room) -> None:
    old, new = come(room), room.facilitator.new_helper(room.session)
    actor = open_link(room, new.secret, "phone again", before="phone")
    assert access.grants_of(room.engine, "phone again") == (actor,)
    assert access.grants_of(room.engine, "phone") == ()
    with pytest.raises(NotAllowed):
        old.write_note(CODE, "comment", "We agreed.")


def test_a_link_ends_with_its_session_and_does_not_come_back_with_it(room: Room) -> None:
    there = next(one for one in room.workshop.sessions if one != room.session)
    here, other = come(room), come(room, "other", there)
    unused = room.facilitator.new_helper(room.session).secret
    room.close()
    room.facilitator.record(SessionOpened(room.session))
    assert access.grants_of(room.engine, "phone") == ()
    assert open_link(room, unused, "late") is None
    assert access.grants_of(room.engine, "other") == (other.actor,)
    with pytest.raises(NotAllowed):
        here.write_note(CODE, "comment", "We agreed.")
    room.close()
    with pytest.raises(RuleBroken, match="has ended"):
        room.facilitator.new_helper(room.session)


def test_a_helper_writes_texts_and_enters_votes_on_paper(room: Room) -> None:
    store = come(room)
    room.open_voting(CODE)
    store.write_note(CODE, "evidence", "The register.")
    store.count_on_paper(room.session, 3)
    store.enter_paper_vote(CODE, 1, 3, 4)
    store.enter_sheet(room.session, 1, [Mark(CODE, 1, 2)])
    assert (store.paper_votes(CODE), store.votes_in(CODE)) == ((1, 3), 2)
    assert room.workshop.topics[CODE].note("evidence") == "The register."
    assert room.facilitator.show_votes(CODE).topics[CODE].shown[-1].counts == (0, 1, 0, 1, 0)


FORBIDDEN: dict[str, Callable[[HelperStore, Room], object]] = {
    "a text": lambda store, _: store.write_note(ELSEWHERE, "comment", "We agreed."),
    "a vote": lambda store, _: store.enter_paper_vote(ELSEWHERE, 1, 1, 4),
    "no vote": lambda store, _: store.enter_paper_vote(ELSEWHERE, 1, 1, None),
    "a sheet": lambda store, room: store.enter_sheet(there(room), 1, [Mark(ELSEWHERE, 1, 4)]),
    "a new sheet": lambda store, room: store.enter_next_sheet(there(room), 1, [Mark(ELSEWHERE, 1, 4)], [ELSEWHERE]),
    "a new sheet from here": lambda store, room: store.enter_next_sheet(
        room.session, 1, [Mark(ELSEWHERE, 1, 4)], [ELSEWHERE]
    ),
    "a sheet from here": lambda store, room: store.enter_sheet(room.session, 1, [Mark(ELSEWHERE, 1, 4)]),
    "people": lambda store, room: store.count_on_paper(there(room), 5),
}


def there(room: Room) -> str:
    return next(one for one in room.workshop.sessions if one != room.session)


@pytest.mark.parametrize("call", FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_helper_changes_nothing_in_another_session(room: Room, call: Callable[[HelperStore, Room], object]) -> None:
    store = come(room)
    room.facilitator.record(
        PresenceChanged(there(room), on_paper=2),
        VotingOpened(there(room), ELSEWHERE, 1),
    )
    before = room.workshop.revision
    with pytest.raises((NotAllowed, RuleBroken)):
        call(store, room)
    assert room.workshop.revision == before
    assert room.facilitator.vote_counts() == {}


@pytest.mark.parametrize("link", [None, "0" * 16])
def test_an_actor_who_names_no_link_that_is_valid_may_do_nothing(room: Room, link: str | None) -> None:
    store = HelperStore(room.engine, Actor(room.created.workshop, "helper", room.session, link=link))
    assert store.withdrawn
    with pytest.raises(NotAllowed):
        store.write_note(CODE, "comment", "We agreed.")


# -- the page ----------------------------------------------------------------------------------------------------------


def test_the_page_follows_the_room_and_holds_neither_a_reason_nor_a_vote_that_is_not_shown(room: Room) -> None:
    page = attached(helper.build(), come(room))
    assert (page.bar.word, page.bar.count, page.band.text) == ("Ready", "", "")
    room.open_voting(CODE)
    store = room.participants[0]
    store.cast(room.ballot(store, CODE, 1, reason="It was so."))
    page._store.refresh()
    page._draw()
    assert (page.bar.word, page.bar.count) == ("Voting", "1 of 5 votes in")
    assert page.bar.elapsed is not None
    assert page.band.text == "The room is on Reporting."
    send(page.band, {"kind": "looked_at", "code": CODE})
    assert (page.heading.title, page.band.text, page.board.rounds) == ("Reporting", "", [])
    room.facilitator.show_votes(CODE)
    page._store.refresh()
    page._draw()
    assert (page.bar.word, page.board.summary) == ("Votes shown", "1 vote. 4 did not vote.")
    assert "It was so." not in in_the_browser(page)


def test_a_topic_that_is_left_out_leaves_the_page(room: Room) -> None:
    page = attached(helper.build(), come(room))
    send(page.bar, {"kind": "looked_at", "code": CODE})
    room.facilitator.record(TopicsLeftOut(room.session, (CODE,)))
    page._store.refresh()
    page._draw()
    assert page.heading.title != "Reporting"
    assert CODE not in [one["code"] for one in page.bar.topics]


def test_what_is_typed_is_saved_and_another_hand_is_told_of(room: Room) -> None:
    page = attached(helper.build(), come(room))
    send(page.bar, {"kind": "looked_at", "code": CODE})
    send(page.notes, {"kind": "note_typed", "code": CODE, "note": "comment", "text": "We agreed.", "seen": ""})
    assert (page.notes.notes["comment"], page.notes.problem) == ("We agreed.", "")
    room.facilitator.write_note(CODE, "comment", "Theirs.")
    send(page.notes, {"kind": "note_typed", "code": CODE, "note": "comment", "text": "Mine.", "seen": "We agreed."})
    assert page.notes.clash["theirs"] == "Theirs."


def test_paper_votes_are_entered_on_the_page_one_by_one_and_by_the_sheet(room: Room) -> None:
    page = attached(helper.build(), come(room))
    room.open_voting(CODE)
    page._store.refresh()
    send(page.bar, {"kind": "looked_at", "code": CODE})
    send(page.bar, {"kind": "paper_counted", "by": 1})
    assert (page.bar.on_paper, page.bar.enter) == (3, "Enter paper votes")
    send(page.bar, {"kind": "paper_asked", "open": True})
    send(page.paper, {"kind": "paper_typed", "code": CODE, "round": 1, "number": 2, "answer": 4})
    assert (page.paper.total, page.paper.entered) == (3, [2])
    send(page.bar, {"kind": "sheets_asked", "open": True})
    send(page.sheets, {"kind": "sheet_typed", "number": 1, "marks": [{"code": CODE, "round": 1, "answer": 2}]})
    assert page.sheets.said.startswith("Sheet 1 is saved")
    assert room.facilitator.paper_votes(CODE) == (1, 2)


@pytest.mark.parametrize(
    "content",
    [
        {"kind": "pressed", "action": "show", "moment": ""},
        {"kind": "score_chosen", "code": CODE, "score": 3, "reason": "", "case_study": False, "seen": ""},
        {"kind": "signed_off", "role": "Head of procurement"},
        {"kind": "reason_chosen", "code": CODE, "number": 0, "show": True},
        {"kind": "helper_used", "action": "add", "number": 0},
        {"kind": "person_counted", "number": 1, "counts": False},
        {"kind": "looked_at", "code": ELSEWHERE},
        {"kind": "note_typed", "code": ELSEWHERE, "note": "comment", "text": "We agreed.", "seen": ""},
        {"kind": "paper_typed", "code": ELSEWHERE, "round": 1, "number": 1, "answer": 2},
        {"kind": "paper_counted", "by": 7},
        {"kind": "note_typed", "code": CODE, "note": "score", "text": "5", "seen": ""},
    ],
)
def test_a_forged_message_changes_nothing(room: Room, content: dict[str, object]) -> None:
    page = attached(helper.build(), come(room))
    room.open_voting(CODE)
    page._store.refresh()
    before = room.workshop.revision
    for widget in (page.bar, page.band, page.notes, page.paper, page.sheets):
        send(widget, content)
        assert widget.fault or page.bar.problem
    assert (room.workshop.revision, room.facilitator.vote_counts()) == (before, {})


def test_the_page_is_empty_once_its_link_was_withdrawn(room: Room) -> None:
    store = come(room)
    store.write_note(CODE, "comment", "We agreed.")
    page = attached(helper.build(), store)
    send(page.bar, {"kind": "looked_at", "code": CODE})
    assert "We agreed." in in_the_browser(page)
    room.facilitator.withdraw_helper(room.session, store.actor.link or "")
    send(page.notes, {"kind": "note_typed", "code": CODE, "note": "comment", "text": "Mine.", "seen": "We agreed."})
    store.refresh()
    page._draw()
    assert (page.heading.title, page.bar.title, page.notes.writing) == ("This link is no longer valid", "", False)
    assert "We agreed." not in in_the_browser(page)
    assert room.workshop.topics[CODE].note("comment") == "We agreed."
