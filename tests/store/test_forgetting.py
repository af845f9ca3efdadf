"""People are forgotten: each when the day has come that they were told, and who asks for it at once."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from messages import run
from room import Room, make_room
from serving import WAIT_SECONDS, Client, RunningServer, wait_until
from sqlalchemy import Connection, Engine, insert

from npswidgets.cli import main
from npswidgets.domain.actor import Actor
from npswidgets.domain.days import say_day
from npswidgets.domain.events import (
    NoteWritten,
    ParticipantJoined,
    PresenceChanged,
    ReasonShown,
    Words,
    WorkshopReopened,
    WorkshopSealed,
)
from npswidgets.domain.retention import DAYS_AFTER_JOINING, DAYS_AFTER_SIGN_OFF, deleted_on, last_deleted_on
from npswidgets.errors import NotFound, RuleBroken, StoreFault, VoteRefused
from npswidgets.report.make import make_report
from npswidgets.screens.words import names_kept
from npswidgets.server.http.access import OPERATOR
from npswidgets.server.machine.forgetting import forget_people
from npswidgets.store import access, archive, people, record, tables, workshops
from npswidgets.store.database import open_database, writing
from npswidgets.store.erasing import NotAllForgotten, erase, purge, texts_naming
from npswidgets.store.saved import read_archive, verify

CODE = "reporting"
CANARY = "Zebedee Quillfeather"
REASON = "My team never sees a zygodactyl report"


@pytest.fixture
def room(engine: Engine) -> Room:
    """Three people with names, in the middle of a vote; the first one has typed a reason."""
    room = make_room(engine, anonymity="named")
    for name in (CANARY, "Ada Lovelace", "Grace Hopper"):
        (person,) = room.join(1, "Procurement", name=name)
        access.add_grant(engine, f"browser of {name}", person.actor)
        person.seen()
    room.open_voting(CODE)
    room.vote(CODE, 3, 3, 4)
    voter = room.participants[0]
    voter.cast(room.ballot(voter, CODE, 2, reason=REASON, replaces=voter.own_ballots()[CODE, 1].id))
    return room


def id_of(room: Room, place: int = 0) -> str:
    return room.participants[place].actor.participant or ""


def joined_at(room: Room) -> datetime:
    """When the first person joined: days are counted from the record, since midnight may pass during a test."""
    return room.workshop.sessions[room.session].participants[id_of(room)].joined_at


def day_joined(room: Room) -> date:
    return joined_at(room).astimezone(UTC).date()


def day_signed_off(room: Room) -> date:
    sealed_at = room.workshop.sealed_at
    assert sealed_at
    return sealed_at.astimezone(UTC).date()


def end(room: Room) -> None:
    room.score_all(2)
    room.close()
    room.facilitator.record(WorkshopSealed(1, Words("Head of procurement")))


def read_files(database: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in database.parent.glob(f"{database.name}*")}


def traces(room: Room, *words: str) -> list[str]:
    """Where one of these words stands in the files of the database, or in what is exported from now on."""
    database = Path(room.engine.url.database or "")
    files = read_files(database)
    files["archive"] = archive.archive_text(room.engine, room.workshop.id).encode()
    files["report"] = repr(make_report(room.workshop)).encode()
    return [name for name, found in files.items() if any(word.encode() in found for word in words)]


class TestTheDay:
    def test_is_told_by_the_sign_off_and_never_later_than_half_a_year_after_joining(self, room: Room) -> None:
        joined, half_a_year = joined_at(room), day_joined(room) + timedelta(DAYS_AFTER_JOINING)
        assert deleted_on(room.workshop, joined) == half_a_year
        room.facilitator.show_votes(CODE)
        end(room)
        assert deleted_on(room.workshop, joined) == day_signed_off(room) + timedelta(DAYS_AFTER_SIGN_OFF)
        early = joined - timedelta(DAYS_AFTER_JOINING - 1)
        assert deleted_on(room.workshop, early) == day_joined(room) + timedelta(1)
        room.facilitator.record(WorkshopReopened(Words("A comment was missing")))
        assert deleted_on(room.workshop, joined) == half_a_year
        assert half_a_year <= (last_deleted_on(room.workshop) or date.min) <= half_a_year + timedelta(1)

    def test_is_said_to_the_facilitator(self, room: Room) -> None:
        assert names_kept(room.workshop, day_joined(room)).startswith(
            "Names are deleted 30 days after sign-off, at the latest on "
        )
        room.facilitator.show_votes(CODE)
        end(room)
        today = day_signed_off(room)
        assert names_kept(room.workshop, today).startswith("Names are deleted on ")
        assert names_kept(room.workshop, today + timedelta(30)).startswith("Names were deleted on ")

    def test_matters_only_where_names_were_asked_for(self, engine: Engine) -> None:
        some_day = date(2026, 6, 30)
        assert names_kept(make_room(engine, people=2).workshop, some_day) == ""
        assert names_kept(make_room(engine, anonymity="named").workshop, some_day) == ""


class TestPurging:
    def test_leaves_no_byte_of_a_name_once_its_day_has_come(self, room: Room) -> None:
        room.facilitator.show_votes(CODE)
        end(room)
        before, day = room.workshop, day_signed_off(room) + timedelta(DAYS_AFTER_SIGN_OFF)
        assert purge(room.engine, day - timedelta(1)) == 0
        assert traces(room, CANARY)
        assert purge(room.engine, day) == 3
        assert traces(room, CANARY) == []
        assert people.names(room.engine, before.id) == {}
        assert access.grants_of(room.engine, f"browser of {CANARY}") == ()
        assert room.workshop == before
        assert purge(room.engine, day) == 0

    def test_is_for_each_person_where_a_workshop_was_never_signed_off(self, room: Room) -> None:
        last_day = last_deleted_on(room.workshop)
        assert last_day
        assert purge(room.engine, day_joined(room) + timedelta(DAYS_AFTER_JOINING - 1)) == 0
        assert purge(room.engine, last_day) == 3
        assert traces(room, CANARY, REASON) == []

    def test_leaves_facilitators_their_way_in(self, room: Room) -> None:
        access.add_grant(room.engine, "facilitator's browser", Actor(room.workshop.id, "facilitator"))
        purge(room.engine, date(2099, 1, 1))
        assert access.grants_of(room.engine, "facilitator's browser")

    def test_goes_on_where_one_workshop_cannot_be_read_and_names_it(self, room: Room) -> None:
        broken = {"no-line": "no JSON", "no-rubric": "no rubric"}
        for number, workshop in enumerate(broken):  # the first names in the order of the database
            other = make_room(room.engine, anonymity="named", id=f"0-{workshop}")
            other.join(1, "Procurement", name=f"Left {number}")
            with writing(room.engine) as db:
                db.exec_driver_sql("DROP TRIGGER IF EXISTS events_stay_as_they_are")
                if workshop == "no-line":
                    db.exec_driver_sql("UPDATE events SET line = ? WHERE workshop = ?", ("no JSON", other.workshop.id))
                else:
                    db.exec_driver_sql("UPDATE workshops SET rubric = '{' WHERE id = ?", (other.workshop.id,))
        access.add_grant(room.engine, "operator's browser", OPERATOR)
        with pytest.raises(NotAllForgotten) as said:
            purge(room.engine, date(2099, 1, 1))
        assert said.value.gone == 3
        assert [f"0-{workshop}: its names are still there" in str(said.value) for workshop in broken] == [True, True]
        assert "Left" not in str(said.value)
        assert people.names(room.engine, room.workshop.id) == {}
        assert len(people.names(room.engine, "0-no-line")) == 1
        assert access.grants_of(room.engine, "operator's browser") == (OPERATOR,)


class TestWhileSomebodyReads:
    @pytest.fixture
    def reader(self, room: Room, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
        """A program that has read the names, and goes on reading."""
        monkeypatch.setattr("npswidgets.store.database.CLEARING_SECONDS", 0)
        busy = open_database(room.engine.url.render_as_string())
        with busy.connect() as reader:
            reader.exec_driver_sql("SELECT count(*) FROM people").scalar()
            yield reader
        busy.dispose()

    def test_purging_says_that_traces_remain_and_the_next_time_ends_it(self, room: Room, reader: Connection) -> None:
        with pytest.raises(NotAllForgotten, match=r"3 people are forgotten(.|\n)*traces .* remain .*another program"):
            purge(room.engine, date(2099, 1, 1))
        assert people.names(room.engine, room.workshop.id) == {}
        assert traces(room, CANARY)
        reader.close()
        assert purge(room.engine, day_joined(room)) == 0
        assert traces(room, CANARY, REASON) == []

    def test_erasing_says_that_traces_remain_and_the_server_ends_it(self, room: Room, reader: Connection) -> None:
        options = ["--participant", id_of(room), "--database", room.engine.url.render_as_string()]
        said = CliRunner().invoke(main, ["erase", room.workshop.id, *options])
        assert said.exit_code == 1
        assert f"{id_of(room)} is erased from {room.workshop.id}, but not all is done." in said.output
        assert "do it again" in said.output
        assert traces(room, CANARY)
        reader.close()

        database = Path(room.engine.url.database or "")

        async def wait() -> None:
            forgetting = asyncio.create_task(forget_people(room.engine))
            async with asyncio.timeout(WAIT_SECONDS):
                while any(CANARY.encode() in found for found in read_files(database).values()):
                    await asyncio.sleep(0.05)
            forgetting.cancel()

        run(wait())
        assert traces(room, CANARY, REASON) == []

    def test_erasing_again_ends_it(self, room: Room, reader: Connection) -> None:
        with pytest.raises(StoreFault, match="traces"):
            erase(room.engine, room.workshop.id, id_of(room))
        reader.close()
        erase(room.engine, room.workshop.id, id_of(room))
        assert traces(room, CANARY, REASON) == []


class TestErasing:
    def test_leaves_no_byte_of_a_person_and_a_record_that_verifies(self, room: Room, tmp_path: Path) -> None:
        room.facilitator.show_votes(CODE)
        room.facilitator.record(ReasonShown(room.session, CODE, 1, Words(REASON)))
        room.open_voting(CODE, 2)
        room.vote(CODE, 1, 1, 1, round_number=2)
        erase(room.engine, room.workshop.id, id_of(room))
        assert traces(room, CANARY, REASON) == []
        saved = archive.write_archive(room.engine, room.workshop.id, tmp_path / "saved.jsonl")
        assert verify(saved) == room.workshop.head
        assert room.workshop.topics[CODE].shown[0].n == 3
        room.facilitator.refresh()
        assert room.facilitator.show_votes(CODE).topics[CODE].shown[1].counts == (2, 0, 0, 0, 0)
        assert set(people.names(room.engine, room.workshop.id).values()) == {"Ada Lovelace", "Grace Hopper"}

    def test_takes_a_reason_off_the_big_screen(self, room: Room) -> None:
        room.facilitator.show_votes(CODE)
        room.facilitator.record(ReasonShown(room.session, CODE, 1, Words(REASON)))
        erase(room.engine, room.workshop.id, id_of(room, 1))
        assert str(room.workshop.topics[CODE].reason_shown) == REASON
        erase(room.engine, room.workshop.id, id_of(room))
        assert room.workshop.topics[CODE].reason_shown is None
        room.facilitator.refresh()
        assert room.facilitator.reasons(CODE) == ()

    def test_takes_a_person_out_of_the_count_for_good(self, room: Room) -> None:
        voter, who = room.participants[0], id_of(room)
        erase(room.engine, room.workshop.id, who)
        person = room.workshop.sessions[room.session].participants[who]
        assert (person.erased, person.present, person.department) == (True, False, None)
        assert room.workshop.sessions[room.session].on_phones == 2
        with pytest.raises(VoteRefused):
            voter.cast(room.ballot(voter, CODE, 5))
        with pytest.raises(RuleBroken):
            room.facilitator.record(PresenceChanged(room.session, back=(who,)))
        voter.refresh()
        voter.seen()
        assert access.grants_of(room.engine, f"browser of {CANARY}") == ()

    def test_changes_no_digest_of_what_is_signed_off(self, room: Room) -> None:
        room.facilitator.show_votes(CODE)
        end(room)
        head = room.workshop.head
        erase(room.engine, room.workshop.id, id_of(room))
        assert room.workshop.head == head
        assert traces(room, CANARY) == []

    def test_twice_is_once(self, room: Room) -> None:
        for _ in range(2):
            erase(room.engine, room.workshop.id, id_of(room))
        assert room.workshop.revision == room.facilitator.workshop.revision + 1

    def test_finds_texts_that_name_the_person(self, room: Room) -> None:
        comment = f"As {CANARY.upper()} said, reports come late."
        room.facilitator.record(NoteWritten(room.session, CODE, "comment", Words(comment)))
        room.facilitator.record(NoteWritten(room.session, CODE, "comment", Words("Reports come late.")))
        named = texts_naming(room.engine, room.workshop.id, id_of(room))
        assert list(named.values()) == [comment]
        erase(room.engine, room.workshop.id, id_of(room), named)
        assert traces(room, CANARY, CANARY.upper()) == []
        assert room.workshop.topics[CODE].note("comment") == "Reports come late."

    def test_reaches_a_database_that_reads_the_newer_file(self, room: Room, tmp_path: Path) -> None:
        comment = Words(f"As {CANARY} said, reports come late.")
        room.facilitator.record(NoteWritten(room.session, CODE, "comment", comment))
        elsewhere = open_database(f"sqlite:///{tmp_path / 'elsewhere.db'}", migrate=True)
        for _ in range(2):
            saved = archive.write_archive(room.engine, room.workshop.id, tmp_path / "w.jsonl")
            archive.import_archive(elsewhere, read_archive(saved))
            erase(room.engine, room.workshop.id, id_of(room), texts_naming(room.engine, room.workshop.id, id_of(room)))
        assert CANARY not in archive.archive_text(elsewhere, room.workshop.id)
        elsewhere.dispose()

    def test_needs_somebody_who_joined(self, room: Room) -> None:
        with pytest.raises(NotFound, match=r"nobody with the id 'x' has joined.*lists those who have"):
            erase(room.engine, room.workshop.id, "x")


class TestTheCommands:
    def test_list_people_and_erase_one(self, room: Room) -> None:
        def run(*words: str) -> str:
            return CliRunner().invoke(main, [*words, "--database", room.engine.url.render_as_string()]).output

        room.facilitator.record(NoteWritten(room.session, CODE, "comment", Words(f"{CANARY} knows")))
        assert f"{CANARY}" in run("erase", room.workshop.id)
        asked = run("erase", room.workshop.id, "--participant", id_of(room))
        assert f"  {CANARY} knows" in asked
        assert "Nobody was erased." in asked
        assert "is erased from" in run("erase", room.workshop.id, "--participant", id_of(room), "--typed")
        assert "(erased)" in run("erase", room.workshop.id)
        assert CANARY not in run("erase", room.workshop.id)
        assert run("purge") == "0 people are forgotten.\n"


@pytest.mark.server
class TestTheServer:
    def test_forgets_where_the_start_link_was_opened(self, tmp_path: Path) -> None:
        server = RunningServer(tmp_path, ("--port", "0"))
        try:
            operator, phone, made = Client(server), Client(server), server.make(anonymity="named")
            assert operator.use_link(server.start_link).json() == {"valid": True}
            phone.join(made, name=CANARY)
            day = last_deleted_on(workshops.read_workshop(server.engine, made.id))
            assert day
            assert purge(server.engine, day - timedelta(1)) == 0
            assert purge(server.engine, day) == 1
            assert people.names(server.engine, made.id) == {}
            assert "Start the workshop" in operator.get("/start").text
            assert "Workshop code" in phone.get(made.vote_page).text
        finally:
            server.stop()

    def test_forgets_by_itself(self, room: Room) -> None:
        long_ago = datetime.now(UTC) - timedelta(DAYS_AFTER_JOINING)
        with writing(room.engine) as db:
            state = record.read(db, room.workshop.id)
            record.append(db, state, ParticipantJoined(room.session, "long-ago"), "participant", long_ago)
            db.execute(insert(tables.people).values(workshop=state.id, participant="long-ago", name="Charles Babbage"))

        async def forget() -> None:
            forgetting = asyncio.create_task(forget_people(room.engine))
            async with asyncio.timeout(WAIT_SECONDS):
                while "long-ago" in people.names(room.engine, room.workshop.id):
                    await asyncio.sleep(0.01)
            forgetting.cancel()

        run(forget())
        assert len(people.names(room.engine, room.workshop.id)) == 3

    def test_tells_the_day_to_whoever_joins_and_shuts_out_whoever_is_erased(
        self, server: RunningServer, client: Client
    ) -> None:
        made = server.make(anonymity="named")
        said = re.escape("Names are deleted 30 days after the report is signed off, at the latest on ")
        told = re.search(rf"{said}(\d+ \w+ \d{{4}})\.", client.get(made.join_link).text)
        assert told
        client.join(made, name=CANARY)
        kernel = client.open_kernel(made.vote_page)
        workshop = workshops.read_workshop(server.engine, made.id)
        ((who, person),) = workshop.sessions[made.session].participants.items()
        day = deleted_on(workshop, person.joined_at)
        assert told[1] in [say_day(day), say_day(day - timedelta(1))]  # the page may have been read before midnight
        erase(server.engine, made.id, who)
        assert re.search("Workshop code", client.get(made.vote_page).text)
        wait_until(lambda: client.get(f"/api/kernels/{kernel}").status_code != 200)
