"""What was taken away for good stands in a list beside the database, for whoever puts back one of before."""

import hashlib
import stat
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from room import Room, make_room
from sqlalchemy import Engine, select

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import PeopleBroughtBack, PeopleTakenOut, ReasonShown, Words
from npswidgets.errors import StoreFault
from npswidgets.store import access, doors, people, rights, tables
from npswidgets.store.database import open_database, writing
from npswidgets.store.erasing import NotAllForgotten, erase, purge
from npswidgets.store.erasures import Line, list_beside, read_known, read_list

CODE = "reporting"
NAME = "Zebedee Quillfeather"
REASON = "Nobody reads a zygodactyl report"


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, anonymity="named")
    room.join(1, "Procurement", name=NAME)
    access.add_grant(engine, "a phone", room.participants[0].actor)
    return room


def list_file(engine: Engine) -> Path:
    return list_beside(Path(engine.url.database or ""))


def lines(engine: Engine) -> tuple[Line, ...]:
    return read_list(list_file(engine))


def said(engine: Engine) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(line.kind, line.workshop, line.ids) for line in lines(engine)]


def known(engine: Engine) -> int:
    with engine.connect() as db:
        found = read_known(db)
    return found.number if found else 0


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def who(room: Room) -> str:
    return room.participants[0].actor.participant or ""


def test_a_person_who_is_erased_stands_in_it_by_id_alone(room: Room) -> None:
    erase(room.engine, room.workshop.id, who(room))
    assert [line[0] for line in said(room.engine)] == ["begun", "person"]
    assert said(room.engine)[1] == ("person", room.workshop.id, (who(room),))
    assert NAME not in list_file(room.engine).read_text()
    assert stat.S_IMODE(list_file(room.engine).stat().st_mode) == 0o600
    assert [line.number for line in lines(room.engine)] == [1, 2]
    assert known(room.engine) == 2


def test_so_do_texts_that_went_with_a_person_and_people_whose_day_has_come(room: Room) -> None:
    voter = room.participants[0]
    room.open_voting(CODE)
    voter.cast(room.ballot(voter, CODE, 2, reason=REASON))
    room.facilitator.show_votes(CODE)
    room.facilitator.record(ReasonShown(room.session, CODE, 1, Words(REASON)))
    room.join(1, "Procurement", name="Ada Lovelace")
    erase(room.engine, room.workshop.id, who(room))
    with room.engine.connect() as db:
        gone = tuple(db.scalars(select(tables.words.c.digest).where(tables.words.c.text.is_(None))))
    assert len(gone) == 1
    assert said(room.engine)[1:] == [
        ("words", room.workshop.id, gone),
        ("person", room.workshop.id, (who(room),)),
    ]
    purge(room.engine, date(2099, 1, 1))
    assert said(room.engine)[-1] == ("forgotten", room.workshop.id, (room.participants[1].actor.participant,))
    assert REASON not in list_file(room.engine).read_text()


def test_so_does_each_way_in_that_is_closed(room: Room) -> None:
    engine, workshop = room.engine, room.workshop.id
    facilitator = Actor(workshop, "facilitator")
    first = access.new_link(engine, workshop, "facilitator")
    access.add_grant(engine, "a laptop", facilitator)
    access.new_link(engine, workshop, "facilitator", shut_out=True)
    assert said(engine)[-2:] == [
        ("facilitator", workshop, (digest("a laptop"),)),
        ("link", workshop, (digest(first),)),
    ]
    access.add_grant(engine, "a laptop", facilitator)
    access.drop_facilitating(engine, "a laptop")
    assert said(engine)[-1] == ("facilitator", "", (digest("a laptop"),))
    access.renew_browser(engine, "a phone", "the same phone", room.participants[0].actor)
    assert said(engine)[-1] == ("browser", "", (digest("a phone"), digest("the same phone")))
    helper = room.facilitator.new_helper(room.session)
    room.facilitator.withdraw_helper(room.session, helper.id)
    assert said(engine)[-1] == ("helper", workshop, (helper.id,))
    rights.name_person(engine, "ada", workshop)
    with engine.connect() as db:
        by_name = rights.of_name(db, "ada", workshop)
    access.open_by_name(engine, None, "a tablet", "ada", workshop)
    access.new_link(engine, workshop, "facilitator", shut_out=True)
    assert ("facilitator", workshop, (digest("a tablet"),)) in said(engine)
    rights.unname_person(engine, "ada", workshop)
    assert said(engine)[-1] == ("right", workshop, (by_name,))
    secret = rights.new_operator(engine, "ada")
    with engine.connect() as db:
        by_secret = rights.of_secret(db, secret)
    rights.withdraw_operator(engine, "ada")
    assert said(engine)[-1] == ("right", "", (by_secret,))
    with writing(engine) as db:
        doors.renew(db, workshop, room.session, with_secret=True)
    assert said(engine)[-1] == ("door", workshop, (room.session,))
    assert known(engine) == len(lines(engine))


def test_so_do_people_who_were_taken_out_and_the_end_of_a_session(room: Room) -> None:
    room.facilitator.record(PeopleTakenOut(room.session, (who(room),)))
    room.facilitator.record(PeopleBroughtBack(room.session, (who(room),)))
    room.close()
    there = [one for one in said(room.engine) if one[0] in ("out", "in", "ended")]
    assert there == [
        ("out", room.workshop.id, (room.session, who(room))),
        ("in", room.workshop.id, (room.session, who(room))),
        ("ended", room.workshop.id, (room.session,)),
    ]


def test_a_new_browser_whom_nobody_knew_adds_nothing(room: Room) -> None:
    access.renew_browser(room.engine, "nobody's", "somebody's", Actor(room.workshop.id, "facilitator"))
    access.drop_facilitating(room.engine, "a phone")
    assert said(room.engine) == []


def test_nobody_is_said_to_be_erased_while_it_cannot_be_written(room: Room) -> None:
    list_file(room.engine).mkdir()
    with pytest.raises(StoreFault, match="Nothing was changed"):
        erase(room.engine, room.workshop.id, who(room))
    with pytest.raises(NotAllForgotten, match="Nothing was changed"):
        purge(room.engine, date(2099, 1, 1))
    assert people.names(room.engine, room.workshop.id) == {who(room): NAME}
    list_file(room.engine).rmdir()
    erase(room.engine, room.workshop.id, who(room))
    assert people.names(room.engine, room.workshop.id) == {}
    assert said(room.engine)[-1][0] == "person"


def test_a_room_is_not_held_up_by_it(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    list_file(room.engine).mkdir()
    room.facilitator.record(PeopleTakenOut(room.session, (who(room),)))
    assert who(room) not in room.workshop.sessions[room.session].inside
    assert "may come back with a backup" in caplog.text


def test_a_line_that_was_cut_off_takes_none_with_it(room: Room) -> None:
    erase(room.engine, room.workshop.id, who(room))
    with list_file(room.engine).open("ab") as out:
        out.write(b'{"at": "2026-01-01T00:00:00+00:00", "ids": ["x')
    room.close()
    assert [line.kind for line in lines(room.engine)] == ["begun", "person", "ended"]
    assert known(room.engine) == 3


def test_what_a_transaction_that_came_to_nothing_took_away_is_not_in_it(room: Room) -> None:
    with suppress(ZeroDivisionError), writing(room.engine) as db:
        doors.renew(db, room.workshop.id, room.session, with_secret=True)
        raise ZeroDivisionError
    with writing(room.engine) as db:
        db.execute(tables.server_values.insert().values(key="other", value="1"))
    assert said(room.engine) == []


def test_a_database_of_before_never_says_that_it_has_done_what_it_has_not(room: Room, tmp_path: Path) -> None:
    room.facilitator.record(PeopleTakenOut(room.session, (who(room),)))
    before, file = known(room.engine), Path(room.engine.url.database or "")
    copy = room.engine.raw_connection()  # outside of any transaction
    copy.cursor().execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    copy.close()
    erase(room.engine, room.workshop.id, who(room))
    room.engine.dispose()
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    (tmp_path / "copy.db").rename(file)
    put_back = open_database(str(file))
    with writing(put_back) as db:
        doors.renew(db, room.workshop.id, room.session, with_secret=True)
    assert [line.number for line in lines(put_back)] == [1, 2, 3, 4]
    assert known(put_back) == before == 2


@pytest.mark.parametrize(
    "line",
    [
        "null",
        "[]",
        '{"n": true, "list": "a", "at": "2026-01-01T00:00:00+00:00", "kind": "person", "ids": []}',
        '{"n": 1, "list": "a", "at": "soon", "kind": "person", "ids": []}',
        '{"n": 1, "list": "a", "at": "2026-01-01T00:00:00+00:00", "kind": "person", "ids": "who"}',
        '{"n": 1, "list": "a", "at": "2026-01-01T00:00:00+00:00", "kind": "person", "ids": [["who"]]}',
        '{"n": 1, "list": ["a"], "at": "2026-01-01T00:00:00+00:00", "kind": "person", "ids": []}',
        '{"n": 1' + "0" * 5000 + ', "list": "a"}',
        "[" * 100_000,
        "\x00\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_what_is_no_line_is_passed_over(tmp_path: Path, line: str) -> None:
    file = tmp_path / "list"
    file.write_bytes(line.encode("latin-1"))
    assert read_list(file) == ()


def test_what_a_newer_toolkit_has_written_is_not_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_text('{"n": 1, "list": "a", "at": "2026-01-01T00:00:00+00:00", "kind": "burnt", "ids": []}\n')
    with pytest.raises(StoreFault, match="newer toolkit"):
        read_list(file)
