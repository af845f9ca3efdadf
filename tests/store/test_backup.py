"""A backup is the database of one moment, whole, in one file, made while people vote."""

import hashlib
import os
import signal
import stat
import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.cli import main
from npswidgets.errors import StoreFault
from npswidgets.store import backup, doors, erasures, server_values
from npswidgets.store.archive import archive_text
from npswidgets.store.backup import back_up, check, remove_left, unfinished
from npswidgets.store.database import open_database, writing
from npswidgets.store.erasing import erase

CODE = "reporting"


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, people=3)
    room.open_voting(CODE)
    room.vote(CODE, 3, 3, 4)
    return room


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "a ?%#'.db"


def there(file: Path) -> list[str]:
    return sorted(one.name for one in file.parent.iterdir())


def test_it_is_one_file_with_all_that_is_in_the_database(room: Room, file: Path) -> None:
    made = back_up(room.engine, file)
    assert there(file) == [file.name, f"{file.name}.erasures"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in (file, made.erasures)} == {0o600}
    assert made.digest == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (made.workshops, made.unreadable) == (1, ())
    copy = open_database(str(file))
    assert archive_text(copy, room.workshop.id) == archive_text(room.engine, room.workshop.id)
    tables_of = "SELECT group_concat(answer) FROM (SELECT answer FROM ballots ORDER BY answer)"
    with copy.connect() as one, room.engine.connect() as other:
        assert one.exec_driver_sql(tables_of).scalar() == other.exec_driver_sql(tables_of).scalar() == "3,3,4"
        assert server_values.read(one, backup.MADE_AT)
    copy.dispose()


def test_the_list_beside_it_lacks_nothing_of_before_and_knows_the_backup(room: Room, file: Path) -> None:
    who = room.participants[0].actor.participant or ""
    erase(room.engine, room.workshop.id, who)
    made = back_up(room.engine, file)
    lines = erasures.read_list(made.erasures)
    assert [line.kind for line in lines] == ["begun", "person", "backup"]
    assert lines[-1].ids == (made.digest,)
    copy = open_database(str(file))
    with copy.connect() as db:
        assert erasures.read_known(db) == erasures.Known(lines[0].list, 2)
    copy.dispose()


def test_a_first_backup_begins_the_list(room: Room, file: Path) -> None:
    back_up(room.engine, file)
    back_up(room.engine, file.with_name("second.db"))
    lines = erasures.read_list(erasures.list_beside(Path(room.engine.url.database or "")))
    assert [line.kind for line in lines] == ["begun", "backup", "backup"]


def test_people_vote_on_meanwhile(room: Room, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    voted, before = threading.Event(), backup.check

    def vote_first(copy: Path) -> object:
        thread = threading.Thread(target=lambda: (room.join(), voted.set()))
        thread.start()
        thread.join()
        return before(copy)

    monkeypatch.setattr(backup, "check", vote_first)
    back_up(room.engine, file)
    assert voted.is_set()
    copy = open_database(str(file))
    assert archive_text(copy, room.workshop.id) != archive_text(room.engine, room.workshop.id)
    copy.dispose()


@pytest.mark.parametrize("ending", ["", ".erasures"])
@pytest.mark.parametrize("kind", ["file", "folder", "link to nothing"])
def test_nothing_is_written_over(room: Room, file: Path, ending: str, kind: str) -> None:
    here = file.with_name(file.name + ending)
    if kind == "file":
        here.write_text("somebody's")
    elif kind == "folder":
        here.mkdir()
    else:
        here.symlink_to(file.parent / "nothing")
    with pytest.raises(StoreFault, match="there already"):
        back_up(room.engine, file)
    assert there(file) == [here.name]
    assert kind != "file" or here.read_text() == "somebody's"


def test_neither_is_what_comes_meanwhile(room: Room, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = backup.check

    def come_first(copy: Path) -> object:
        file.write_text("somebody's")
        return before(copy)

    monkeypatch.setattr(backup, "check", come_first)
    with pytest.raises(StoreFault, match="there already"):
        back_up(room.engine, file)
    assert there(file) == [file.name]
    assert file.read_text() == "somebody's"


def test_a_folder_that_is_not_there_is_told(room: Room, tmp_path: Path) -> None:
    with pytest.raises(StoreFault, match=r"none/b\.db: the backup cannot be written: No such file"):
        back_up(room.engine, tmp_path / "none" / "b.db")
    assert not (tmp_path / "none").exists()


def test_none_is_made_where_the_list_cannot_be_written(room: Room, file: Path) -> None:
    erasures.list_beside(Path(room.engine.url.database or "")).mkdir()
    with pytest.raises(StoreFault, match="list of who was erased"):
        back_up(room.engine, file)
    assert there(file) == []


@pytest.mark.parametrize("what", ["pages", "words"])
def test_none_is_kept_that_is_not_sound(room: Room, file: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    before = backup._mark

    def damage(copy: Path, at: datetime) -> None:
        before(copy, at)
        data = copy.read_bytes()
        if what == "pages":
            copy.write_bytes(data[:8192] + os.urandom(len(data) - 8192))
        else:  # as a disk does that changes a bit where no checksum of SQLite's is
            copy.write_bytes(data.replace(b"VotingOpened", b"VotingOpenee"))

    monkeypatch.setattr(backup, "_mark", damage)
    with pytest.raises(StoreFault, match=r"not sound|damaged"):
        back_up(room.engine, file)
    assert there(file) == []


def test_a_workshop_that_cannot_be_read_is_named_and_keeps_nothing_else_back(room: Room, file: Path) -> None:
    other = make_room(room.engine, id="broken")
    with writing(room.engine) as db:
        db.exec_driver_sql("DROP TRIGGER IF EXISTS events_stay_as_they_are")
        db.exec_driver_sql("UPDATE events SET line = 'no JSON' WHERE workshop = ?", (other.workshop.id,))
    result = CliRunner().invoke(main, ["backup", str(file), "--database", str(room.engine.url.database)])
    assert result.exit_code == 1
    assert "broken cannot be read" in result.output
    assert there(file) == [file.name, f"{file.name}.erasures"]
    assert check(file)[1] == ("broken",)


def test_what_was_deleted_is_in_no_page_of_it(engine: Engine, file: Path) -> None:
    room = make_room(engine, anonymity="named")
    room.join(1, "Procurement", name="Zebedee Quillfeather")
    erase(engine, room.workshop.id, room.participants[0].actor.participant or "")
    back_up(engine, file)
    assert b"Quillfeather" not in file.read_bytes()


def test_a_database_elsewhere_is_copied_by_its_own_program() -> None:
    with pytest.raises(StoreFault, match="pg_dump"):
        back_up(open_database("sqlite://"), Path("never.db"))


def test_a_line_of_after_the_copy_is_in_the_list_beside_it(
    room: Room, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = backup.check

    def renew(copy: Path) -> object:
        with writing(room.engine) as db:
            doors.renew(db, room.workshop.id, room.session, with_secret=True)
        return before(copy)

    monkeypatch.setattr(backup, "check", renew)
    made = back_up(room.engine, file)
    assert [line.kind for line in erasures.read_list(made.erasures)] == ["begun", "door", "backup"]


def test_what_one_that_was_killed_has_left_goes_with_the_next_and_nobody_else_s(room: Room, file: Path) -> None:
    """A backup and a restore may run in the same folder; files of exports are written there, too."""
    killed = file.with_name(".nps-0123456789abcdef.part")
    left = [killed.with_name(killed.name + ending) for ending in ("", "-wal", "-shm", "-journal")]
    others = [file.with_name(name) for name in (".0123456789abcdef.part", "nps-1.part", ".nps-1.parts")]
    for one in (*left, *others):
        one.write_bytes(b"what people wrote")
    file.with_name(".nps-pipe.part").symlink_to(others[0])
    with unfinished(file) as running, unfinished(file.with_name("other.db")) as another:
        assert running.exists()
        assert another.exists()
        assert not any(one.exists() for one in left)
        back_up(room.engine, file)
        assert running.exists()
    assert not running.exists()
    assert all(one.read_bytes() == b"what people wrote" for one in others)


def test_a_file_that_is_taken_for_left_in_the_moment_of_its_making_is_made_again(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Path] = []
    lock = backup._lock

    def late(handle: int) -> None:
        if not begun:
            begun.extend(file.parent.glob(".nps-*.part"))
            remove_left(file.parent)
        lock(handle)

    monkeypatch.setattr(backup, "_lock", late)
    with unfinished(file) as made:
        assert made.exists()
        assert made not in begun


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_one_that_is_told_to_end_leaves_nothing_behind(
    room: Room, file: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    before = signal.getsignal(number)
    monkeypatch.setattr(backup, "_mark", lambda *_: os.kill(os.getpid(), number))
    answer = CliRunner().invoke(main, ["backup", str(file), "--database", str(room.engine.url.database)])
    assert answer.exit_code == 128 + number
    assert there(file) == []
    assert signal.getsignal(number) is before
