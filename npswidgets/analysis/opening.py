"""Which workshops there are, and opening one."""

from dataclasses import fields
from pathlib import Path

from npswidgets.analysis.opened import OpenedWorkshop
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import NotFound
from npswidgets.store.database import open_database
from npswidgets.store.example import example_path
from npswidgets.store.saved import is_saved, read_archive
from npswidgets.store.workshops import read_workshop


def open_workshop(path_or_id: str | Path | None = None, at: int | None = None) -> OpenedWorkshop:
    """A workshop, from its saved file or, by its id, from the database; the committed example if none is named.

    Args:
        path_or_id: what ends in `.jsonl`, or is a file, is a saved workshop; anything else is an id.
        at: a revision, to see the workshop as it stood then.

    Raises:
        NotFound: there is no such workshop or revision.
        ArchiveFault: the file is not a saved workshop, or was changed.
        StoreFault: the database is missing, locked, or from another version.
    """
    if path_or_id is None:
        return open_workshop(example_path(), at)
    path = Path(path_or_id)
    workshop = _saved(path, at) if is_saved(path) else _stored(str(path_or_id), at)
    return OpenedWorkshop(**{one.name: getattr(workshop, one.name) for one in fields(workshop)})


def _saved(path: Path, at: int | None) -> Workshop:
    archive = read_archive(path)
    last = archive.workshop.revision
    if at is None or at == last:
        return archive.workshop
    if not 1 <= at < last:
        raise NotFound(f"{path}: the record ends at revision {last}, so there is no revision {at}.")
    return archive.at(at)


def _stored(workshop: str, at: int | None) -> Workshop:
    engine = open_database()
    try:
        return read_workshop(engine, workshop, at)
    finally:
        engine.dispose()
