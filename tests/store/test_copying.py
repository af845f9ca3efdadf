"""A whole database goes from a file to PostgreSQL and back: all of it, or nothing."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from postgresql import PostgreSQL
from room import Room, make_room
from sqlalchemy import Engine, select, text

from npswidgets.cli import logged, main
from npswidgets.domain.events import PeopleTakenOut, Words, WorkshopSealed
from npswidgets.errors import StoreFault
from npswidgets.store import access, copying, erasing, erasures, record, tables
from npswidgets.store.archive import archive_text
from npswidgets.store.copying import copy
from npswidgets.store.database import open_database


@pytest.fixture
def file(engine: Engine) -> str:
    """One workshop that is signed off, and one in the middle of a vote, with names."""
    done = make_room(engine, people=2)
    done.score_all()
    done.close()
    done.facilitator.record(WorkshopSealed(1, Words("Head of procurement")))
    room = make_room(engine, anonymity="named")
    for name in ("Zoë Ångström", "Anna", "Ada", "Wilhelmina"):
        room.join(name=name)
    room.open_voting("reporting")
    room.vote("reporting", 2, "dont_know", 3)
    room.agree("councillor-development", 2, "Déjà vu ✓ \u202e")
    room.facilitator.record(PeopleTakenOut(room.session, (me(room, 2),)))
    erasing.erase(engine, room.created.workshop, me(room, 3))
    access.add_grant(engine, "browser", room.participants[0].actor)
    access.server_value(engine, "key", lambda: "signs cookies")
    return str(engine.url.database)


@pytest.fixture
def server(postgresql: PostgreSQL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("NPS_ERASURES", str(tmp_path / "on-the-server.erasures"))
    return postgresql.new()


def me(room: Room, number: int) -> str:
    return str(room.participants[number].actor.participant)


def all_in(place: str) -> dict[str, list[str]]:
    """Every row, by table."""
    engine = open_database(place)
    with engine.connect() as db:
        found = {
            name: sorted(repr(tuple(row)) for row in db.execute(select(table)))
            for name, table in tables.metadata.tables.items()
        }
    engine.dispose()
    return found


def rows_in(place: str) -> int:
    return sum(map(len, all_in(place).values()))


def test_all_arrives_on_a_server_and_comes_back_and_each_record_has_its_digest(
    file: str, server: str, tmp_path: Path
) -> None:
    back = str(tmp_path / "back.db")
    there = copy(file, server)
    again = copy(server, back)
    assert all_in(file) == all_in(server) == all_in(back)
    ends = [open_database(place) for place in (file, server, back)]
    for workshop, head in there.items():
        assert len({archive_text(one, workshop) for one in ends}) == 1
        assert {record.latest(one, workshop).head for one in ends} == {head}
    assert again == there
    for one in ends:
        one.dispose()


def test_the_list_of_who_was_erased_goes_along_and_goes_on(file: str, server: str, tmp_path: Path) -> None:
    copy(file, server)
    listed = tmp_path / "on-the-server.erasures"
    before = erasures.read_list(listed)
    assert before == erasures.read_list(erasures.list_beside(Path(file)))
    engine = open_database(server)
    with engine.connect() as db:
        workshop, who = db.execute(select(tables.people.c.workshop, tables.people.c.participant)).first()
    erasing.erase(engine, workshop, who)
    engine.dispose()
    lines = erasures.read_list(listed)
    assert [one.number for one in lines] == [*range(1, len(lines) + 1)]
    assert len(lines) > len(before)


def test_where_the_list_has_no_place_nothing_is_copied(file: str, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NPS_ERASURES")
    with pytest.raises(StoreFault, match="Let NPS_ERASURES name a file"):
        copy(file, server)
    assert rows_in(server) == 0


def test_nothing_is_written_over(file: str, server: str, tmp_path: Path) -> None:
    engine = open_database(server, migrate=True)
    access.set_server_value(engine, "port", "8866")
    engine.dispose()
    with pytest.raises(StoreFault, match="PostgreSQL: there is something in this database"):
        copy(file, server)
    with pytest.raises(StoreFault, match="Both are the same database"):
        copy(file, f"sqlite:///{file}")
    with pytest.raises(StoreFault, match="no workshop database here"):
        copy(str(tmp_path / "nothing.db"), server)
    assert rows_in(server) == 1


@pytest.mark.parametrize(
    ("does", "words"),
    [
        ("RAISE EXCEPTION 'Wilhelmina'", "the table words does not take what stands in it there"),
        ("NEW.text = ''", "what arrived in the table words is not what was sent"),
    ],
)
def test_nothing_is_left_half_where_it_breaks_off(file: str, server: str, does: str, words: str) -> None:
    engine = open_database(server, migrate=True)
    with engine.begin() as db:
        rule = f"BEGIN {does}; RETURN NEW; END"
        db.execute(text(f"CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$ {rule} $$"))
        db.execute(text("CREATE TRIGGER breaks BEFORE INSERT ON words FOR EACH ROW EXECUTE FUNCTION breaks()"))
    with pytest.raises(StoreFault, match=words) as told:
        copy(file, server)
    assert "Wilhelmina" not in str(told.value)
    assert rows_in(server) == 0
    with engine.begin() as db:
        db.execute(text("DROP TRIGGER breaks ON words"))
    engine.dispose()
    assert len(copy(file, server)) == 2, "then it can be done"


def test_what_is_stored_meanwhile_is_whole_or_not_there(file: str, server: str, tmp_path: Path) -> None:
    copy(file, server)
    engine, sent = open_database(server), copying._send

    def send(read: object, write: object, table: object, name: str) -> int:
        if str(table) == "ballots":
            access.set_server_value(engine, "meanwhile", "yes")
        return sent(read, write, table, name)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(copying, "_send", send)
        copy(server, str(tmp_path / "back.db"))
    assert "meanwhile" not in str(all_in(str(tmp_path / "back.db")))
    assert "meanwhile" in str(all_in(server))
    engine.dispose()


def test_the_command_says_what_it_has_copied_and_its_digests(
    file: str, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logged, "at_a_terminal", lambda: False)
    done = CliRunner().invoke(main, ["copy", file, server])
    assert done.exit_code == 0, done.output
    engine = open_database(file)
    with engine.connect() as db:
        heads = db.execute(select(tables.workshops.c.id, tables.workshops.c.head)).all()
    engine.dispose()
    for workshop, head in heads:
        assert f"{workshop}  {head}\n" in done.output
    assert "2 workshops, and all that belongs to this database, copied to PostgreSQL." in done.output
    assert "The database was copied." in done.stderr
    again = CliRunner().invoke(main, ["copy", file, server])
    assert again.exit_code == 1
    assert "Name a new one, or an empty one." in again.output


@pytest.mark.parametrize(
    ("command", "program"), [("backup", "pg_dump --format=custom"), ("restore", "pg_restore --clean")]
)
def test_who_wants_a_backup_of_a_server_is_told_how(server: str, tmp_path: Path, command: str, program: str) -> None:
    open_database(server, migrate=True).dispose()
    told = CliRunner().invoke(main, [command, str(tmp_path / "copy.db"), "--database", server])
    assert told.exit_code == 1
    assert program in told.output
    assert "nps-workshop copy" in told.output
