"""Names are changed in one transaction, over nothing that was not shown, and stand in lists, files and backups."""

from pathlib import Path

import pytest
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.domain.days import here
from npswidgets.domain.events import ScoreRecorded, SessionClosed, Words, WorkshopSealed
from npswidgets.domain.naming import names_of
from npswidgets.errors import RuleBroken
from npswidgets.report.exports import export
from npswidgets.store.archive import import_archive, write_archive
from npswidgets.store.database import open_database
from npswidgets.store.saved import read_archive
from npswidgets.store.workshops import change_names, list_workshops


def change(room: Room, **typed: str) -> tuple[str, ...]:
    fields = {name.replace("_", "-"): value for name, value in typed.items()}
    return change_names(room.engine, room.workshop.id, names_of(room.workshop), fields)


def test_a_name_stands_in_the_record_and_in_the_list_of_workshops(engine: Engine) -> None:
    room = make_room(engine, people=2)
    assert change(room, council="Kent", title_1="Leadership", people_1="31") == ()
    (session,) = room.workshop.sessions.values()
    assert (session.title, session.people_expected, len(session.participants)) == ("Leadership", 31, 2)
    (listed,) = list_workshops(engine)
    assert (listed.id, listed.council) == (room.created.workshop, "Kent")


def test_nothing_is_stored_where_one_field_would_go_over_what_was_not_shown(engine: Engine) -> None:
    room = make_room(engine)
    before = names_of(room.workshop)
    change(room, council="Kent")
    unseen = change_names(engine, room.workshop.id, before, {"council": "Mine", "title": "Changed, too"})
    assert unseen == ("council",)
    assert (room.workshop.council, room.workshop.title) == ("Kent", before["title"])


def test_the_same_again_is_no_event(engine: Engine) -> None:
    room = make_room(engine)
    revision = room.workshop.revision
    assert change(room, **{"council": room.workshop.council}) == ()
    assert room.workshop.revision == revision


def test_a_signed_off_workshop_keeps_its_names(engine: Engine) -> None:
    room = make_room(engine)
    scores = (ScoreRecorded(room.session, code, 2) for code in room.codes)
    sealed = WorkshopSealed(1, Words("Head of procurement"))
    room.facilitator.record(*scores, SessionClosed(room.session), sealed)
    with pytest.raises(RuleBroken, match="signed off and locked"):
        change(room, council="Kent")
    assert room.workshop.council == "Example County Council"


def test_a_saved_workshop_comes_back_with_its_names(engine: Engine, tmp_path: Path) -> None:
    room = make_room(engine)
    change(room, council="Kent", title_1="Leadership")
    saved = write_archive(engine, room.workshop.id, tmp_path / "saved.jsonl")
    elsewhere = open_database(str(tmp_path / "elsewhere.db"), migrate=True)
    import_archive(elsewhere, read_archive(saved))
    (listed,) = list_workshops(elsewhere)
    elsewhere.dispose()
    assert listed.council == "Kent"


def test_files_of_reports_follow_and_their_folder_stays(engine: Engine, tmp_path: Path) -> None:
    room = make_room(engine)
    change(room, council="Kent & Medway")
    saved = read_archive(write_archive(engine, room.workshop.id, tmp_path / "saved.jsonl"))
    files = [Path(step.file) for step in export(saved, ("json",), tmp_path)]
    month = f"{here(room.workshop.created_at):%Y-%m}"
    assert {file.parent.name for file in files} == {room.workshop.id}
    assert {file.name.partition(".")[0] for file in files} == {f"{month}-kent-medway"}
