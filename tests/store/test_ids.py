"""Ids: what a record may be called where it begins, and where a file that is named by an id may lie."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from room import Room, make_room
from sqlalchemy import Engine, text

from npswidgets.addresses import Address
from npswidgets.cli import main
from npswidgets.domain.events import ActionAgreed, Event, ParticipantJoined, SessionPlanned, Words
from npswidgets.domain.ids import LONGEST_ID, file_in, is_id, readable_id
from npswidgets.domain.recording import as_recorded
from npswidgets.errors import ArchiveFault, ExportFailed, RuleBroken
from npswidgets.settings import data_folder
from npswidgets.store import archive, kept_rubrics, record, workshops
from npswidgets.store.database import open_database
from npswidgets.store.rubric_files import load_rubric
from npswidgets.store.saved import Archive, parse_archive
from npswidgets.store.workshops import NewWorkshop

NO_IDS = [
    "", ".", "..", "../escaped", "..\\escaped", "/tmp/absolute", "C:\\absolute", "C:stream", "a/b", "a\\b", "~root",
    "CON", "nul", "Aux.txt", "com1", "LPT9.x", "ends.", "ends ", " begins", "-out", "--help", ".hidden", "a:b", "a*b",
    "a?b", "a#b", "a%2fb", "a\x00b", "a\x1b[2Jb", "a\nb", "a\u202eb", "\ud800", "\uff0e\uff0e", "Höchst", "x.jsonl",
    "X.JSONL", "x" * (LONGEST_ID + 1),
]  # fmt: skip
IDS = ["2026-01-example", "A", "0", "a.b_c-d", "console", "nul-1", "x" * LONGEST_ID, "0123456789abcdef"]


@pytest.mark.parametrize("text", NO_IDS, ids=ascii)
def test_what_leads_away_or_is_no_name_everywhere_is_no_id(text: str) -> None:
    assert not is_id(text)


@pytest.mark.parametrize("text", IDS)
def test_readable_ids_are_ids(text: str) -> None:
    assert is_id(text)
    assert file_in(Path("out"), text, ".pdf") == Path("out") / f"{text}.pdf"


@given(st.text() | st.sampled_from(NO_IDS))
def test_no_id_leads_out_of_the_folder(text: str) -> None:
    folder = Path("/srv/exports")
    try:
        file = file_in(folder, text, ".jsonl")
    except ExportFailed:
        assert not is_id(text)
    else:
        assert (file.parent, Path(*file.parts).resolve().parent) == (folder, folder)
        assert len(file.name.encode()) < 200


@given(st.text())
def test_every_name_comes_to_an_id(name: str) -> None:
    assert is_id(readable_id(name))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_an_address_has_as_many_parts_as_ids(text: str) -> None:
    assert Address("vote/{}").of(text).count("/") == 2
    assert Address("vote/{}").of(text).isascii()


@pytest.mark.parametrize("id_", ["../escaped", "/tmp/absolute", "CON", "a\x1bb"], ids=ascii)
def test_nothing_is_made_with_such_an_id(engine: Engine, id_: str) -> None:
    with pytest.raises(RuleBroken, match="id of the workshop"):
        workshops.create_workshop(engine, NewWorkshop("Example", id=id_))
    assert workshops.list_workshops(engine) == []


def test_ids_that_differ_by_capital_letters_are_one_folder(engine: Engine) -> None:
    workshops.create_workshop(engine, NewWorkshop("Example", id="Example"))
    for taken in ("example", "Example"):
        with pytest.raises(RuleBroken, match="'Example' already"):
            workshops.create_workshop(engine, NewWorkshop("Example", id=taken))


@pytest.mark.parametrize(
    "event",
    [
        SessionPlanned("../s", "Title", ("reporting",)),
        ParticipantJoined("s", "a\x1bb"),
        ActionAgreed("s", "reporting", "a/b", Words("What"), Words("Who")),
    ],
    ids=lambda one: type(one).__name__,
)
def test_no_other_record_begins_with_such_an_id(event: Event) -> None:
    with pytest.raises(RuleBroken, match="The id of a"):
        as_recorded(event)


@pytest.mark.parametrize("title", ["CON", "القيادة", "Nul", "一"])
def test_a_title_in_any_script_has_an_id(engine: Engine, title: str) -> None:
    room = make_room(engine, sessions=((title, ("engaging-councillors",)), (f"{title} 二", ("working-with-partners",))))
    assert len(room.workshop.sessions) == 2
    assert all(map(is_id, room.workshop.sessions))


def old_record(engine: Engine, monkeypatch: pytest.MonkeyPatch, **old: Any) -> Room:
    """A workshop from before there was a rule for ids."""
    with monkeypatch.context() as before:
        before.setattr("npswidgets.domain.recording.check_id", lambda *_: None)
        before.setattr("npswidgets.store.workshops.check_free", lambda *_: None)
        return make_room(engine, people=1, **old)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Engine:
    return open_database(f"sqlite:///{tmp_path / 'elsewhere.db'}", migrate=True)


def saved(room: Room) -> Archive:
    return archive.stored_archive(room.engine, room.created.workshop)


@pytest.mark.parametrize("id_", ["../escaped", "/tmp/absolute", "..\\escaped", "NUL", "a\x1bb", "x.jsonl"], ids=ascii)
def test_a_saved_workshop_with_such_an_id_is_read_and_not_imported(
    engine: Engine, elsewhere: Engine, monkeypatch: pytest.MonkeyPatch, id_: str
) -> None:
    found = saved(old_record(engine, monkeypatch, id=id_))
    assert found.workshop.id == id_
    with pytest.raises(ArchiveFault, match="cannot be brought back"):
        archive.import_archive(elsewhere, found)
    assert workshops.list_workshops(elsewhere) == []
    assert archive.import_archive(engine, found) == id_  # it is there already


def test_the_parts_of_an_imported_record_have_ids_as_well(
    engine: Engine, elsewhere: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = old_record(engine, monkeypatch)
    with monkeypatch.context() as before:
        before.setattr("npswidgets.domain.recording.check_id", lambda *_: None)
        room.facilitator.record(ActionAgreed(room.session, "reporting", "../a", Words("What"), Words("Who")))
    with pytest.raises(ArchiveFault, match=r"The id of an action is '../a'"):
        archive.import_archive(elsewhere, saved(room))


@pytest.mark.parametrize("part", ["rubric", "theme", "key area", "value code"])
def test_the_parts_of_an_imported_rubric_have_ids_as_well(
    engine: Engine, elsewhere: Engine, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    rubric = load_rubric()
    theme, area = rubric.themes[0], rubric.themes[0].key_areas[0]
    if part == "rubric":
        rubric = replace(rubric, id="../r")
    else:
        if part == "value code":
            area = replace(area, value_codes=(replace(area.value_codes[0], id="../c"), *area.value_codes[1:]))
        area = replace(area, id="../a") if part == "key area" else area
        theme = replace(theme, id="../t" if part == "theme" else theme.id, key_areas=(area, *theme.key_areas[1:]))
        rubric = replace(rubric, themes=(theme, *rubric.themes[1:]))
    monkeypatch.setattr(kept_rubrics, "load_rubric", lambda _: rubric)
    monkeypatch.setattr(workshops, "check_rubric_ids", lambda _: None)
    created = workshops.create_workshop(engine, NewWorkshop("Example"))
    with pytest.raises(ArchiveFault, match=f"The id of (a|the) {part} is"):
        archive.import_archive(elsewhere, archive.stored_archive(engine, created.workshop))


def test_an_import_never_shares_the_folder_of_another_workshop(engine: Engine, elsewhere: Engine) -> None:
    workshops.create_workshop(elsewhere, NewWorkshop("Example", id="EXAMPLE"))
    with pytest.raises(RuleBroken, match="'EXAMPLE' already"):
        archive.import_archive(elsewhere, saved(make_room(engine, id="example")))


def test_words_that_postgresql_cannot_keep_are_not_imported_anywhere(
    engine: Engine, elsewhere: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_room(engine)
    with monkeypatch.context() as before:
        before.setattr("npswidgets.store.record.as_recorded", lambda event, *_: event)
        room.agree("reporting", 3, "a\x00b")
    with pytest.raises(ArchiveFault, match="hold a NUL"):
        archive.import_archive(elsewhere, saved(room))


def test_half_an_emoji_in_a_saved_rubric_is_said_in_words(engine: Engine) -> None:
    text = archive.archive_text(engine, make_room(engine).created.workshop)
    with pytest.raises(ArchiveFault, match="line 1: this is not a saved workshop"):
        parse_archive(text.replace('"guidance":"', '"guidance":"\\ud800', 1).encode(), Path("saved"))


COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "archive": lambda id_: ["archive", id_],
    "pack": lambda id_: ["pack", id_, "--out", "exports"],
    "export": lambda id_: ["export", id_, "--to", "csv", "--out", "exports"],
    "response": lambda id_: ["response", id_, "--to", "html", "--out", "exports"],
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("id_", ["../escaped", "{tmp}/absolute", "..\\escaped", "NUL", "a\x1bb"], ids=ascii)
def test_no_command_writes_outside_of_its_folder(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, id_: str
) -> None:
    old = id_.format(tmp=tmp_path)
    old_record(engine, monkeypatch, id=old)
    before = {file for file in tmp_path.rglob("*") if "workshops.db" not in file.name}
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    made = COMMANDS[command](old)
    result = CliRunner().invoke(main, [*made, "--database", engine.url.render_as_string()])
    assert result.exit_code == 1
    assert "cannot be the name of a folder or file" in result.output
    there = {file for file in tmp_path.rglob("*") if "workshops.db" not in file.name} - before
    assert there == {folder}


def test_an_old_record_is_listed_and_shown_all_the_same(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    room = old_record(engine, monkeypatch, id="../escaped")
    assert [one.id for one in workshops.list_workshops(engine)] == ["../escaped"]
    room.agree("reporting", 3, "It goes on.")
    with engine.connect() as db:
        assert record.read(db, "../escaped").topics["reporting"].note("comment") == "It goes on."
        assert db.execute(text("SELECT count(*) FROM workshops")).scalar() == 1


@pytest.mark.parametrize("id_", ["con", "x" * (LONGEST_ID + 1)])
def test_a_rubric_has_no_ids_that_a_computer_keeps(tmp_path: Path, id_: str) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for file in data_folder("rubric").glob("nps-2018/*.yaml"):
        read = file.read_text(encoding="utf-8").replace("id: reporting\n", f"id: {id_}\n")
        (folder / file.name).write_text(read.replace("id: nps-2018\n", "id: mine\n"), encoding="utf-8")
    result = CliRunner().invoke(main, ["rubric", "check", str(folder)])
    assert result.exit_code == 1
    assert f"1 mistake in {folder}" in result.output
    assert "expected an id of up to 70 characters that Windows does not keep for itself" in result.output
