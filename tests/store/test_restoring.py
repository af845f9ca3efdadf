"""A backup that is put back brings nobody back who was erased since, and runs nothing that is in its file."""

import json
import os
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from room import Room, make_room
from sqlalchemy import Engine
from sqlalchemy.engine import URL

from npswidgets.cli import main
from npswidgets.domain.actor import Actor
from npswidgets.domain.events import PeopleTakenOut
from npswidgets.errors import StoreFault
from npswidgets.settings import data_folder
from npswidgets.store import access, doors, people, rights, tables, workshops
from npswidgets.store.again import do_again
from npswidgets.store.archive import archive_text
from npswidgets.store.backup import back_up, check
from npswidgets.store.codec import canonical
from npswidgets.store.database import bring_up_to_date, open_database, sqlite_engine, writing
from npswidgets.store.erasing import erase
from npswidgets.store.erasures import Kind, Line, list_beside, read_list
from npswidgets.store.restoring import NotKnown, Restored, restore
from npswidgets.store.saved import Archive, read_archive
from npswidgets.store.sqlite_file import DatabaseFile

CODE = "reporting"
NAMES = ("Zebedee Quillfeather", "Ada Lovelace", "Grace Hopper")


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, anonymity="named")
    for name in NAMES:
        room.join(1, "Procurement", name=name)
        access.add_grant(engine, f"phone of {name}", room.participants[-1].actor)
    return room


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "backup.db"


def who(room: Room, place: int = 0) -> str:
    return room.participants[place].actor.participant or ""


def database(room: Room) -> Path:
    return Path(room.engine.url.database or "")


def put_back(room: Room, file: Path, **more: bool) -> tuple[Restored, Engine]:
    room.engine.dispose()
    return restore(file, str(database(room)), **more), open_database(str(database(room)))


def canonical_rubric(saved: Archive) -> str:
    return canonical(json.loads(saved.text.partition("\n")[0])["rubric"])


def damage(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA writable_schema=ON")
        for one in statements:
            db.execute(one)
        db.commit()


def test_all_is_as_it_was_and_what_was_there_is_kept(room: Room, file: Path) -> None:
    before = archive_text(room.engine, room.workshop.id)
    back_up(room.engine, file)
    room.join(1, "Procurement", name="Came later")
    after = archive_text(room.engine, room.workshop.id)
    done, engine = put_back(room, file)
    assert archive_text(engine, room.workshop.id) == before
    assert people.names(engine, room.workshop.id) == {who(room, n): name for n, name in enumerate(NAMES)}
    assert access.grants_of(engine, f"phone of {NAMES[0]}") == (room.participants[0].actor,)
    assert (done.workshops, done.left_out, done.by_hand) == (1, (), ())
    assert done.made_at
    assert done.aside
    assert archive_text(open_database(str(done.aside)), room.workshop.id) == after
    room.join(1, "Procurement", name="Goes on")
    engine.dispose()


def test_nobody_comes_back(room: Room, file: Path) -> None:
    engine, workshop = room.engine, room.workshop.id
    access.add_grant(engine, "a laptop", Actor(workshop, "facilitator"))
    access.add_grant(engine, "a wall", Actor(workshop, "projector"))
    link = access.new_link(engine, workshop, "facilitator")
    helper = room.facilitator.new_helper(room.session)
    secret = rights.new_operator(engine, "ada")
    door = room.facilitator.doors[room.session]
    back_up(engine, file)
    erase(engine, workshop, who(room))
    room.facilitator.record(PeopleTakenOut(room.session, (who(room, 1),)))
    access.renew_browser(engine, f"phone of {NAMES[2]}", "renewed", room.participants[2].actor)
    access.new_link(engine, workshop, "facilitator", shut_out=True)
    access.new_link(engine, workshop, "projector", shut_out=True)
    room.facilitator.withdraw_helper(room.session, helper.id)
    rights.withdraw_operator(engine, "ada")
    with writing(engine) as db:
        doors.renew(db, workshop, room.session, with_secret=True)
    done, engine = put_back(room, file)
    assert done.by_hand == ()
    assert people.names(engine, workshop) == {who(room, 1): NAMES[1], who(room, 2): NAMES[2]}
    for browser in (f"phone of {NAMES[0]}", f"phone of {NAMES[1]}", f"phone of {NAMES[2]}", "a laptop", "a wall"):
        assert access.grants_of(engine, browser) == (), browser
    assert access.grants_of(engine, "renewed") == (room.participants[2].actor,)
    assert not access.link_is_valid(engine, workshop, "facilitator", link)
    assert access.helper_of_link(engine, workshop, helper.secret) is None
    assert not access.secret_is_valid(engine, secret)
    with engine.connect() as db:
        now = doors.read(db, workshop, room.session)
    assert now
    assert (now.code, now.secret) != (door.code, door.secret)
    assert b"Quillfeather" not in database(room).read_bytes()
    assert workshops.read_workshop(engine, workshop).sessions[room.session].participants[who(room)].erased
    engine.dispose()


def test_nor_does_anybody_when_it_is_put_back_a_second_time(room: Room, file: Path) -> None:
    back_up(room.engine, file)
    erase(room.engine, room.workshop.id, who(room))
    _, engine = put_back(room, file)
    erase(engine, room.workshop.id, who(room, 1))
    engine.dispose()
    _, engine = put_back(room, file)
    assert people.names(engine, room.workshop.id) == {who(room, 2): NAMES[2]}
    kinds = [line.kind for line in read_list(list_beside(database(room)))]
    assert kinds == ["begun", "backup", "person", "person"]
    engine.dispose()


@pytest.mark.parametrize("lacking", ["no list", "another list", "a line"])
def test_it_asks_where_the_list_lacks_something(room: Room, file: Path, lacking: str) -> None:
    back_up(room.engine, file)
    erase(room.engine, room.workshop.id, who(room))
    erase(room.engine, room.workshop.id, who(room, 1))
    live = list_beside(database(room))
    if lacking == "no list":
        live.unlink()
    elif lacking == "another list":
        live.write_text(live.read_text().replace(read_list(live)[0].list, "f" * 16))
    else:
        kept = live.read_text().splitlines(keepends=True)
        live.write_text("".join(kept[:-2] + kept[-1:]))
    was = database(room).stat().st_ino
    with pytest.raises(NotKnown, match=r"--not-known"):
        put_back(room, file)
    assert database(room).stat().st_ino == was
    _, engine = put_back(room, file, not_known=True)
    assert people.names(engine, room.workshop.id)[who(room)] == NAMES[0]
    erase(engine, room.workshop.id, who(room, 2))
    engine.dispose()
    with pytest.raises(NotKnown, match=r"--not-known"):  # what was lost stays lost
        put_back(room, file)
    _, engine = put_back(room, file, not_known=True)
    assert who(room, 2) not in people.names(engine, room.workshop.id)
    engine.dispose()


def test_a_session_that_had_ended_ends_and_one_that_cannot_is_said(room: Room, file: Path) -> None:
    back_up(room.engine, file)
    room.close()
    done, engine = put_back(room, file)
    assert workshops.read_workshop(engine, room.workshop.id).sessions[room.session].state == "closed"
    assert done.by_hand == ()
    engine.dispose()


def test_an_open_vote_is_said(room: Room, file: Path) -> None:
    room.open_voting(CODE)
    room.vote(CODE, 3, 3, 4)
    back_up(room.engine, file)
    room.facilitator.show_votes(CODE)
    room.close()
    done, engine = put_back(room, file)
    assert "End it again" in done.by_hand[0]
    engine.dispose()


def test_it_waits_until_nobody_has_the_database_open(room: Room, file: Path) -> None:
    back_up(room.engine, file)
    was = database(room).stat().st_ino
    with pytest.raises(StoreFault, match="is in use"):
        restore(file, str(database(room)))
    assert database(room).stat().st_ino == was
    assert room.workshop
    assert not [one for one in database(room).parent.iterdir() if "before" in one.name or one.name.endswith(".part")]


def test_a_damaged_database_is_replaced(room: Room, file: Path) -> None:
    back_up(room.engine, file)
    room.engine.dispose()
    database(room).write_bytes(b"nothing of a database" * 1000)
    _, engine = put_back(room, file)
    assert people.names(engine, room.workshop.id)
    engine.dispose()


def test_a_journal_of_another_database_is_not_played_into_it(room: Room, file: Path) -> None:
    back_up(room.engine, file)
    room.join(1, "Procurement", name="Came later")
    journal = database(room).with_name("workshops.db-wal")
    left = journal.read_bytes()
    room.engine.dispose()
    database(room).unlink()
    journal.write_bytes(left)
    assert left
    _, engine = put_back(room, file)
    assert sorted(people.names(engine, room.workshop.id).values()) == sorted(NAMES)
    assert [one.read_bytes() for one in database(room).parent.glob("*before*-wal")] == [left]
    engine.dispose()


def test_a_folder_is_made_for_it(room: Room, file: Path, tmp_path: Path) -> None:
    back_up(room.engine, file)
    target = tmp_path / "new" / "sessions" / "workshops.db"
    assert restore(file, str(target), [list_beside(database(room))]).workshops == 1
    assert (target.stat().st_mode & 0o777, target.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize("ids", [["session"], ["no such session", "no such person"], ["x" * 80, "y" * 80]])
@pytest.mark.parametrize("kind", ["out", "in", "ended", "door", "browser", "person", "words", "right"])
def test_a_line_of_what_is_not_there_holds_nothing_up(room: Room, kind: Kind, ids: list[str]) -> None:
    line = Line(1, "a", datetime.now(UTC), kind, room.workshop.id, tuple(ids))
    other = Line(1, "a", datetime.now(UTC), kind, "no such workshop", tuple(ids))
    with writing(room.engine) as db:
        assert do_again(db, [line, other] if kind != "browser" or len(ids) > 1 else []) == []
    assert len(people.names(room.engine, room.workshop.id)) == 3


def test_on_a_computer_of_its_own_it_asks_and_takes_the_list_by_name(room: Room, file: Path, tmp_path: Path) -> None:
    made = back_up(room.engine, file)
    erase(room.engine, room.workshop.id, who(room))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with pytest.raises(NotKnown, match="missing"):
        restore(file, str(elsewhere / "w.db"))
    assert list(elsewhere.iterdir()) == []
    list_beside(elsewhere / "w.db").write_bytes(list_beside(database(room)).read_bytes())
    restore(file, str(elsewhere / "w.db"))
    engine = open_database(str(elsewhere / "w.db"))
    assert who(room) not in people.names(engine, room.workshop.id)
    assert made.erasures.exists()
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON grants BEGIN DELETE FROM people; END",
        "CREATE VIEW v AS SELECT * FROM people",
        "CREATE INDEX i ON people (lower(name))",
        "CREATE TABLE more (a)",
        "ALTER TABLE people ADD COLUMN more TEXT",
    ],
)
def test_nothing_comes_along_that_is_not_ours(room: Room, file: Path, statement: str) -> None:
    back_up(room.engine, file)
    damage(file, statement)
    done, engine = put_back(room, file)
    assert "was changed or damaged since" in done.by_hand[0]
    schema = "SELECT group_concat(sql) FROM (SELECT sql FROM sqlite_schema ORDER BY name)"
    room.engine.dispose()
    with engine.connect() as db, closing(sqlite3.connect(file)) as crafted:
        assert db.exec_driver_sql(schema).scalar() != crafted.execute(schema).fetchone()[0]
        assert not db.exec_driver_sql("SELECT 1 FROM sqlite_schema WHERE name IN ('t', 'v', 'i', 'more')").all()
    assert len(people.names(engine, room.workshop.id)) == 3
    engine.dispose()


@pytest.mark.parametrize(
    "statements",
    [
        ["DROP TABLE people"],
        ["DROP TABLE people", "CREATE VIEW people AS SELECT 'x' AS workshop, 'y' AS participant, 'z' AS name"],
        ["UPDATE alembic_version SET version_num = '9999'"],
        ["UPDATE alembic_version SET version_num = '../x'"],
        ["DELETE FROM alembic_version"],
        ["DROP TABLE alembic_version"],
        ["ALTER TABLE people DROP COLUMN name"],
    ],
)
def test_what_is_no_backup_is_refused(room: Room, file: Path, statements: list[str]) -> None:
    back_up(room.engine, file)
    damage(file, *statements)
    room.engine.dispose()
    was = database(room).read_bytes()
    with pytest.raises(StoreFault, match="backup"):
        put_back(room, file)
    assert database(room).read_bytes() == was


@pytest.mark.parametrize("version", ["0001", "0005", "0008", "0009"])
def test_a_backup_of_an_older_toolkit_is_brought_up_to_date(tmp_path: Path, file: Path, version: str) -> None:
    place = URL.create("sqlite", database=str(file))
    file.touch()
    old = sqlite_engine(place, DatabaseFile(file, new=True).connect)
    bring_up_to_date(old, version)
    saved = read_archive(data_folder("sessions") / "example.jsonl")
    row = {"council": saved.workshop.council, "title": saved.workshop.title, "head": saved.workshop.head}
    row |= {"id": saved.workshop.id, "revision": saved.workshop.revision, "rubric": canonical_rubric(saved)}
    with old.begin() as db:
        for number, line in enumerate(saved.lines, 1):
            db.execute(tables.events.insert().values(workshop=saved.workshop.id, revision=number, line=line))
        for one in saved.words:
            db.execute(
                tables.words.insert().values(
                    workshop=saved.workshop.id, digest=one.digest, salt=one.salt, text=one.text
                )
            )
        at = saved.entries[-1].at.isoformat()
        db.execute(tables.workshops.insert().values(changed_at=at, sealed=saved.workshop.sealed, **row))
    with closing(old.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA journal_mode=DELETE")
    old.dispose()
    target = tmp_path / "new.db"
    with pytest.raises(NotKnown, match="before there was a list"):
        restore(file, str(target))
    done = restore(file, str(target), not_known=True)
    assert (done.workshops, done.left_out, done.aside) == (1, (), None)
    engine = open_database(str(target))
    assert workshops.read_workshop(engine, saved.workshop.id).head == saved.workshop.head
    engine.dispose()


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes there")
@pytest.mark.parametrize(
    ("named", "says"), [("pipe", "this is no file"), ("folder", "this is no file"), ("nothing", "No such file")]
)
def test_neither_a_backup_nor_a_list_is_waited_for_or_passed_over(
    room: Room, file: Path, tmp_path: Path, named: str, says: str
) -> None:
    """Who mistypes the name of a list would have those come back who are in it."""
    back_up(room.engine, file)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreFault, match=f"{named}: {says}"):
        restore(tmp_path / named, str(database(room)))
    with pytest.raises(StoreFault, match=f"{named}: {says}"):
        restore(file, str(database(room)), [tmp_path / named])
    if named != "nothing":
        list_beside(file).unlink()
        (tmp_path / named).rename(list_beside(file))
        with pytest.raises(StoreFault, match="cannot be read"):
            restore(file, str(database(room)))


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_so_is_what_is_no_database(room: Room, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(StoreFault):
        put_back(room, file)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE words SET text = text || 'x' WHERE text IS NOT NULL",
        "UPDATE workshops SET head = 'x'",
        "UPDATE workshops SET council = 'Another'",
        "UPDATE workshops SET revision = 10000",
        "UPDATE workshops SET revision = 'x'",
        "UPDATE workshops SET rubric = x'00ff'",
    ],
)
def test_a_workshop_that_does_not_verify_is_left_out_by_name(room: Room, file: Path, statement: str) -> None:
    other = make_room(room.engine, id="sound")
    room.open_voting(CODE)
    room.vote(CODE, 3, 3, 4)
    room.facilitator.show_votes(CODE)
    room.agree(CODE, 3, "A comment")
    back_up(room.engine, file)
    damage(
        file,
        "DROP TRIGGER words_are_only_erased",
        f"{statement}{' AND' if 'WHERE' in statement else ' WHERE'} "
        + ("workshop" if "words" in statement else "id")
        + f" = '{room.workshop.id}'",
    )
    done, engine = put_back(room, file)
    there, _ = check(database(room))
    assert there == (other.workshop.id,)
    assert people.names(engine, room.created.workshop) == {}
    assert done.left_out == (room.created.workshop,)
    engine.dispose()


def test_the_command_asks_and_says_what_it_has_done(room: Room, file: Path) -> None:
    back_up(room.engine, file)
    erase(room.engine, room.workshop.id, who(room))
    room.engine.dispose()
    words = ["restore", str(file), "--database", str(database(room))]
    was = database(room).stat().st_ino
    assert CliRunner().invoke(main, words, input="n\n").exit_code == 1
    assert database(room).stat().st_ino == was
    done = CliRunner().invoke(main, [*words, "--yes"])
    assert done.exit_code == 0, done.output
    assert "1 workshop" in done.output
    assert "before-" in done.output
    list_beside(database(room)).unlink()
    list_beside(file).unlink()
    refused = CliRunner().invoke(main, [*words, "--yes"])
    assert (refused.exit_code, "--not-known" in refused.output) == (1, True)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="Only root can make what is somebody else's.")
def test_what_root_makes_in_the_folder_of_a_server_is_the_servers(tmp_path: Path) -> None:
    """Else the server cannot open its database, or erase anybody, after a command that root has run."""
    folder, database = tmp_path / "anytown", str(tmp_path / "anytown" / "workshops.db")
    folder.mkdir(mode=0o700)
    os.chown(folder, 54321, 54321)
    for words in (
        ("operator", "new", "Anna"),
        ("operator", "withdraw", "Anna"),
        ("backup", str(folder / "backup.db")),
        ("restore", str(folder / "backup.db"), "--yes"),
        ("operator", "new", "Ben"),
    ):
        done = CliRunner().invoke(main, [*words, "--database", database])
        assert done.exit_code == 0, done.output
    made = {one.name: (one.stat().st_uid, one.stat().st_gid) for one in folder.iterdir()}
    assert {"workshops.db", "workshops.db.erasures", "backup.db", "backup.db.erasures"} < made.keys()
    assert set(made.values()) == {(54321, 54321)}, made
