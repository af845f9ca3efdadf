"""The rubrics that operators keep: by id and version, whole, and apart from the workshops that are made of them."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from postgresql import PostgreSQL
from scales import garden_of
from sqlalchemy import Engine, select, update

from npswidgets.cli import main
from npswidgets.domain.rubric import Rubric
from npswidgets.errors import NotFound, RuleBroken, StoreFault
from npswidgets.store import rubric_json as limits
from npswidgets.store import tables
from npswidgets.store.backup import back_up
from npswidgets.store.copying import copy
from npswidgets.store.database import open_database, writing
from npswidgets.store.erasing import purge
from npswidgets.store.kept_rubrics import (
    keep_rubric,
    kept_rubric,
    kept_rubrics,
    newest_of_each,
    remove_rubric,
    rubric_named,
)
from npswidgets.store.restoring import restore
from npswidgets.store.rubric_files import load_rubric, rubric_digest
from npswidgets.store.workshops import NewWorkshop, create_workshop, read_workshop

GARDEN = garden_of(4, 1)


def raised(rubric: Rubric, version: str) -> Rubric:
    return replace(rubric, version=version, title=f"{rubric.title}, version {version}")


@pytest.mark.both_databases
def test_a_rubric_is_kept_by_version_and_the_same_again_is_no_fault(engine: Engine) -> None:
    first, second = raised(GARDEN, "1"), raised(GARDEN, "2 Ångström")
    digest = keep_rubric(engine, first)
    assert digest == rubric_digest(first) == keep_rubric(engine, first)
    keep_rubric(engine, second)
    assert [(one.id, one.version, one.title) for one in kept_rubrics(engine)] == [
        (one.id, one.version, one.title) for one in (second, first)
    ]
    assert (kept_rubric(engine, digest), kept_rubric(engine, rubric_digest(second))) == (first, second)
    assert [one.version for one in newest_of_each(kept_rubrics(engine))] == [second.version]


@pytest.mark.both_databases
def test_the_same_version_with_other_words_is_refused_until_it_is_raised_or_the_kept_one_is_removed(
    engine: Engine,
) -> None:
    digest, other = keep_rubric(engine, GARDEN), replace(GARDEN, source="Somebody else.")
    with pytest.raises(RuleBroken, match=f"Version {GARDEN.version} of “{GARDEN.id}” is kept already"):
        keep_rubric(engine, other)
    assert kept_rubric(engine, digest) == GARDEN
    keep_rubric(engine, raised(other, "raised"))
    remove_rubric(engine, digest)
    keep_rubric(engine, other)
    assert len(kept_rubrics(engine)) == 2


def test_the_id_of_a_rubric_that_comes_along_is_refused(engine: Engine) -> None:
    with pytest.raises(RuleBroken, match="“meetings” is the ID of a rubric that comes along"):
        keep_rubric(engine, replace(load_rubric("meetings"), version="2"))


def test_what_could_not_be_read_again_or_is_too_long_is_not_kept(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RuleBroken, match="The id of the rubric is 'no id'"):
        keep_rubric(engine, replace(GARDEN, id="no id"))
    monkeypatch.setattr(limits, "MOST_CHARACTERS", 100)
    with pytest.raises(RuleBroken, match="more than the 100 that are kept"):
        keep_rubric(engine, GARDEN)
    assert kept_rubrics(engine) == []


def test_a_workshop_has_its_rubric_also_when_that_is_kept_no_more(engine: Engine) -> None:
    digest = keep_rubric(engine, GARDEN)
    made = create_workshop(engine, NewWorkshop("Example County Council", rubric=GARDEN.id)).workshop
    remove_rubric(engine, digest)
    assert read_workshop(engine, made).rubric == GARDEN
    with pytest.raises(NotFound, match="not kept any more"):
        kept_rubric(engine, digest)


def test_a_kept_rubric_is_named_by_its_id_in_the_version_kept_last(engine: Engine, tmp_path: Path) -> None:
    for version in ("9", "10"):
        keep_rubric(engine, raised(GARDEN, version))
    assert rubric_named(engine, GARDEN.id).version == "10"
    assert rubric_named(engine, "meetings") == load_rubric("meetings")
    with pytest.raises(NotFound, match=rf"neither an id .+ nor a folder\. Kept in this database: {GARDEN.id}\."):
        rubric_named(engine, "gardens")


def test_the_command_makes_a_workshop_with_a_kept_rubric(engine: Engine) -> None:
    keep_rubric(engine, GARDEN)
    place = str(engine.url.database)
    said = CliRunner().invoke(main, ["new", "--rubric", GARDEN.id, "--council", "Anytown", "--database", place])
    assert said.exit_code == 0, said.output
    with engine.connect() as db:
        (workshop,) = db.scalars(select(tables.workshops.c.id))
    assert read_workshop(engine, workshop).rubric == GARDEN


def test_one_that_was_damaged_is_told_and_hides_no_other(engine: Engine) -> None:
    digest, whole = keep_rubric(engine, GARDEN), keep_rubric(engine, raised(GARDEN, "2"))
    with writing(engine) as db:
        db.execute(update(tables.rubrics).where(tables.rubrics.c.digest == digest).values(rubric='{"id":"garden"}'))
    assert len(kept_rubrics(engine)) == 2
    with pytest.raises(StoreFault, match="A kept rubric cannot be read"):
        kept_rubric(engine, digest)
    assert kept_rubric(engine, whole).version == "2"


def test_kept_rubrics_are_in_backups_and_nobody_purges_them(engine: Engine, tmp_path: Path) -> None:
    digest, file, there = keep_rubric(engine, GARDEN), tmp_path / "backup.db", str(tmp_path / "restored.db")
    back_up(engine, file)
    restore(file, there, not_known=True)
    restored = open_database(there)
    purge(restored, kept_rubrics(engine)[0].kept_at.date().replace(year=2100))
    assert kept_rubrics(restored) == kept_rubrics(engine)
    assert kept_rubric(restored, digest) == GARDEN
    restored.dispose()


def test_kept_rubrics_go_to_a_server_and_come_back(engine: Engine, postgresql: PostgreSQL, tmp_path: Path) -> None:
    digest, server, back = keep_rubric(engine, GARDEN), postgresql.new(), str(tmp_path / "back.db")
    copy(str(engine.url.database), server)
    copy(server, back)
    for place in (server, back):
        there = open_database(place)
        assert (kept_rubrics(there), kept_rubric(there, digest)) == (kept_rubrics(engine), GARDEN)
        there.dispose()
