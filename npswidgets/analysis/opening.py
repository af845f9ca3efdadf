"""Which workshops there are, and opening one."""

import os
from contextlib import suppress
from dataclasses import fields
from numbers import Integral
from pathlib import Path

import pandas as pd

from npswidgets.analysis.frames import frame
from npswidgets.analysis.opened import OpenedWorkshop
from npswidgets.domain.carrying import carried as carried_onto
from npswidgets.domain.nearest import nearest
from npswidgets.domain.workshop import Workshop, check_opened
from npswidgets.errors import ArchiveFault, NotFound, StoreFault
from npswidgets.report.columns import Column
from npswidgets.report.phrases import said_time
from npswidgets.report.sheets import Sheet
from npswidgets.store.database import open_database
from npswidgets.store.example import example_path
from npswidgets.store.saved import ENDING, is_saved, read_archive
from npswidgets.store.workshops import WorkshopSummary, id_of, list_workshops, read_workshop

_FILES = f"A saved workshop is opened by its path, which ends in {ENDING}."
_LIST = (
    Column("workshop", "its id"),
    Column("council", "whose it is"),
    Column("title", "what it is called"),
    Column("state", "whether it is signed off", "choice", choices=("draft", "signed off")),
    Column("changed_at", "when something was recorded last", "time"),
    Column("revision", "how many entries its record has", "whole"),
)


def workshops() -> pd.DataFrame:
    """The workshops in the database, a row each, the one changed last first; the index is the id.

    `open_workshop` takes such an id, or the council or title that only one workshop has.

    Raises:
        StoreFault: the database is missing, locked, or from another version.
    """
    engine = open_database()
    try:
        found = list_workshops(engine)
    finally:
        engine.dispose()
    return frame(Sheet("workshops", _LIST, tuple(map(_row, found))), "workshop")


def _row(one: WorkshopSummary) -> tuple[str | int, ...]:
    state = "signed off" if one.sealed else "draft"
    return (one.id, one.council, one.title, state, said_time(one.changed_at), one.revision)


def open_workshop(path_or_name: str | Path | None = None, at: int | None = None) -> OpenedWorkshop:
    """A workshop, from its saved file or, by its id or name, from the database; the committed example if none is named.

    Args:
        path_or_name: what ends in `.jsonl`, or is a file, is a saved workshop; anything else is an id, or a council or
            title that only one workshop has.
        at: a revision, to see the workshop as it stood then.

    Raises:
        NotFound: there is no such workshop or revision; it says which name is most like it.
        ArchiveFault: the file is not a saved workshop, or was changed.
        StoreFault: the database is missing, locked, or from another version.
    """
    if at is not None and not isinstance(at, Integral):
        raise NotFound(f"A revision is a whole number, and there is no revision {at!r}.")
    if path_or_name is None:
        return open_workshop(example_path(), at)
    given = _path(path_or_name)
    workshop = _saved(Path(given), at) if is_saved(given) else _stored(str(given), at)
    return OpenedWorkshop(**{one.name: getattr(workshop, one.name) for one in fields(workshop)})


def carried(earlier: Workshop, workshop: Workshop, edition_map: str | Path | None = None) -> Workshop:
    """An earlier workshop on the value codes of a later one, as a map between their rubrics says.

    Without a map, or where it has the later one's rubric already, it is as it was.

    Args:
        edition_map: the path of a map, as `nps-workshop rubric diff --map` writes it to fill in.

    Raises:
        RubricFaults: it does not fit the two rubrics; the error names all faults.
        RuleBroken: one of the two is no opened workshop.
    """
    from npswidgets.store.edition_map import read_map

    check_opened(earlier, workshop)
    if edition_map is None or earlier.rubric == workshop.rubric:
        return earlier
    entries = read_map(Path(_path(edition_map)), earlier.rubric, workshop.rubric)
    return carried_onto(earlier, entries, workshop.rubric)


def _path(given: object) -> str | Path:
    """What was given, as a path is written: without the quotes that Windows copies; `~` is the home folder."""
    text = str(given).strip(' \t\r\n"')
    with suppress(RuntimeError):  # there is no home folder
        text = str(Path(text).expanduser()) if text.startswith("~") else text
    return Path(text) if isinstance(given, Path) else text


def _saved(path: Path, at: int | None) -> Workshop:
    try:
        archive = read_archive(path)
    except ArchiveFault as fault:
        raise ArchiveFault(f"{fault}{_meant(path)}") from None
    last = archive.workshop.revision
    if at is None or at == last:
        return archive.workshop
    if not 1 <= at < last:
        raise NotFound(f"{path}: the record ends at revision {last}, so there is no revision {at}.")
    return archive.at(at)


def _meant(path: Path) -> str:
    """Which saved workshop in that folder has a name like this, where there is no such file."""
    with suppress(OSError, ValueError):
        return "" if os.path.lexists(path) else nearest(path, _files_in(path.parent))
    return ""


def _stored(name: str, at: int | None) -> Workshop:
    files = _files_in(Path(name).parent)
    try:
        engine = open_database()
    except StoreFault as fault:
        raise StoreFault(f"{fault} {_FILES}{nearest(name, files)}") from None
    try:
        return read_workshop(engine, id_of(engine, name, files), at)
    finally:
        engine.dispose()


def _files_in(folder: Path) -> list[str]:
    """The saved workshops in a folder, as one names them from here; none if it cannot be read."""
    with suppress(OSError, ValueError):
        return sorted(map(str, folder.glob(f"*{ENDING}")))
    return []
