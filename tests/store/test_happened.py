"""What a log is told of a workshop: that things happen, and nothing of the people in it."""

import io
import logging
from collections.abc import Iterator

import pytest
from room import DEPARTMENTS, make_room
from sqlalchemy import Engine

from npswidgets.domain.events import VotingStopped, Words, WorkshopReopened, WorkshopSealed
from npswidgets.server.machine import journal
from npswidgets.server.machine.log import JsonLine, OneLine
from npswidgets.store import access, doors, happened, hints
from npswidgets.store.erasing import erase

NAME, TYPED, REASON = "Persephone Quill", "We argued about the leaflets.", "My director would never say so."


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is told to the server's log."""
    told: list[str] = []
    begins = f"{hints.EVERYWHERE}/log "
    monkeypatch.setattr(hints, "_tell", lambda one: told.append(one.removeprefix(begins)) if begins in one else None)
    return told


@pytest.fixture
def written() -> Iterator[dict[str, io.StringIO]]:
    """What the journal writes, in both forms."""
    forms = {"words": (io.StringIO(), OneLine()), "json": (io.StringIO(), JsonLine())}
    handlers = []
    for out, form in forms.values():
        handlers.append(logging.StreamHandler(out))
        handlers[-1].setFormatter(form)
        journal.log.addHandler(handlers[-1])
    yield {name: out for name, (out, _) in forms.items()}
    for one in handlers:
        journal.log.removeHandler(one)


def test_a_played_workshop_is_in_the_log_and_nobody_and_nothing_of_what_opens_it(
    engine: Engine, told: list[str], written: dict[str, io.StringIO]
) -> None:
    room = make_room(engine, anonymity="named")
    for name in ("Anna Bell", "Ben Carr", NAME):
        room.join(name=name, department=DEPARTMENTS[0])
    helper = room.facilitator.new_helper(room.session)
    with engine.connect() as db:
        door = doors.read_all(db, room.workshop.id)[room.session]
    room.facilitator.renew_code(room.session, with_secret=True)
    link = access.new_link(engine, room.workshop.id, "facilitator", shut_out=True)
    code = room.codes[0]
    room.open_voting(code)
    room.vote(code, 2, 4)
    room.participants[2].cast(room.ballot(room.participants[2], code, 5, reason=REASON))
    room.facilitator.record(VotingStopped(room.session, code, 1))
    room.facilitator.show_votes(code)
    room.agree(code, 3, TYPED)
    room.score_all()
    room.facilitator.withdraw_helper(room.session, helper.id)
    room.close()
    room.facilitator.record(WorkshopSealed(1, Words("Head of procurement")))
    erase(engine, room.workshop.id, room.participants[2].actor.participant or "")
    room.facilitator.record(WorkshopReopened(Words("A figure was wrong.")))
    read = [one for one in map(happened.read, told) if one]
    assert len(read) == len(told)
    assert {workshop for _, workshop in read} == {room.workshop.id}
    assert [what for what, _ in read] == [
        *("workshop-made", "session-started", "link-made"),
        "link-made",
        *("code-changed", "link-withdrawn", "link-made"),
        *("link-withdrawn", "link-made"),
        *("link-withdrawn", "session-ended", "signed-off", "erased", "reopened"),
    ]
    for one in read:
        journal.say_happened(*one)
    ids = [one.actor.participant or "" for one in room.participants]
    opens = [helper.secret, helper.id, door.code, door.secret, link, room.created.facilitator_secret]
    said = [NAME, NAME.split()[0], TYPED, REASON, "A figure was wrong", code, *DEPARTMENTS, room.workshop.council]
    for form, out in written.items():
        text = out.getvalue()
        assert len(text.splitlines()) == len(read), form
        assert [one for one in (*ids, *opens, *said, *room.created.codes.values()) if one in text] == [], form


def test_what_does_not_come_to_be_is_not_told(engine: Engine, told: list[str]) -> None:
    room = make_room(engine)
    room.close()
    told.clear()
    with pytest.raises(Exception, match=r"."):
        room.facilitator.record(*[WorkshopSealed(1, Words("Director"))] * 2)
    assert told == []


@pytest.mark.parametrize("forged", ["", "x 2026-01-example", "link-made", "link-made a name", "link-made ../x\nline"])
def test_nothing_but_what_can_happen_is_read(forged: str) -> None:
    found = happened.read(forged)
    assert found is None or found == ("link-made", "")
