"""Saving workshops of the database to files, and bringing them back."""

import json
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from npswidgets.domain.events import WorkshopCreated
from npswidgets.domain.recording import check_ids, check_rubric_ids
from npswidgets.errors import ArchiveFault, RuleBroken
from npswidgets.store import doors, record, tables, workshops
from npswidgets.store.codec import canonical
from npswidgets.store.database import writing
from npswidgets.store.faults import faults
from npswidgets.store.saved import FORMAT, FORMAT_VERSION, Archive, parse_archive
from npswidgets.whole_file import write_whole


def archive_text(engine: Engine, workshop: str) -> str:
    """The saved form of a workshop.

    Raises:
        NotFound: there is no such workshop.
    """
    with faults(), engine.connect() as db:
        state = record.read(db, workshop)
        lines = record.lines(db, workshop)
        rubric = db.scalar(select(tables.workshops.c.rubric).where(tables.workshops.c.id == workshop)) or "{}"
        columns = tables.words.c
        said = db.execute(
            select(columns.digest, columns.salt, columns.text)
            .where(columns.workshop == workshop)
            .order_by(columns.digest)
        ).all()
    header = {
        "count": len(lines),
        "format": FORMAT,
        "head": state.head,
        "rubric": json.loads(rubric),
        "version": FORMAT_VERSION,
        "workshop": workshop,
    }
    words = [canonical({"digest": row.digest, "salt": row.salt, "text": row.text}) for row in said]
    return "\n".join([canonical(header), *lines, *words]) + "\n"


def stored_archive(engine: Engine, workshop: str) -> Archive:
    """The saved form of a workshop that is in the database.

    Raises:
        NotFound: there is no such workshop.
    """
    return parse_archive(archive_text(engine, workshop).encode(), Path(f"{workshop}.jsonl"))


def write_archive(engine: Engine, workshop: str, path: Path) -> Path:
    """Saves a workshop to a file, whole or not at all.

    Raises:
        NotFound: there is no such workshop.
        OSError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, archive_text(engine, workshop))
    return path


def import_archive(engine: Engine, saved: Archive) -> str:
    """Brings a saved workshop into the database and gives its id; if it is there, only what is newer is added.

    Raises:
        ArchiveFault: the database holds another record of the same name, or something in this one cannot be stored.
        RuleBroken: another workshop has this id but for capital letters.
    """
    workshop = saved.workshop
    with writing(engine) as db:
        stored = tuple(record.lines(db, workshop.id))
        if stored != saved.lines[: len(stored)]:
            raise ArchiveFault(
                f"The database holds a different or newer record of {workshop.id!r}. Nothing was changed."
            )
        if not stored:
            workshops.check_free(db, workshop.id)
        check_new(saved, len(stored))
        restore(db, saved)
        for session in workshop.sessions:
            if doors.read(db, workshop.id, session) is None:
                doors.make(db, workshop.id, session)
    return workshop.id


def check_new(saved: Archive, known: int) -> None:
    """Whether what the database does not hold yet can be stored in each database, and written to each file system.

    Raises:
        ArchiveFault: it cannot; names the line.
    """
    try:
        if not known:
            check_rubric_ids(saved.rubric)
        for entry in saved.entries[known:]:
            check_ids(entry.event)
    except RuleBroken as broken:
        raise ArchiveFault(f"This workshop cannot be brought back. {broken}") from broken
    for number, one in enumerate(saved.words, len(saved.lines) + 2):
        if "\x00" in (one.text or ""):
            raise ArchiveFault(f"Line {number} of the saved workshop: these words hold a NUL, which no database keeps.")


def restore(db: Connection, saved: Archive, until: int | None = None) -> None:
    """Stores what the database lacks of a saved workshop, up to a revision; what is there already is the same."""
    first = saved.entries[0].event
    assert isinstance(first, WorkshopCreated)
    known = record.revision_of(db, first.workshop)
    if not known:
        workshops.insert_row(db, first, saved.rubric)
    there = record.texts(db, first.workshop)
    record.store_words(db, first.workshop, (one for one in saved.words if one.digest not in there))
    record.erase_words(db, first.workshop, (one.digest for one in saved.words if one.text is None))
    state = record.read(db, first.workshop) if known else None
    for entry in saved.entries[known:until]:
        state = record.store_entry(db, state, entry, saved.rubric)
