"""The rubrics that operators keep: their own words, whole and checked, by id and version.

They are there to make workshops of. A workshop has a copy of its rubric in its own row, and needs none of them.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import Connection, Engine, delete, insert, select

from npswidgets.domain.recording import check_rubric_ids
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.rules.checks import check
from npswidgets.errors import NotFound, RubricFaults
from npswidgets.store import tables
from npswidgets.store.database import writing
from npswidgets.store.faults import faults, readable
from npswidgets.store.rubric_files import load_rubric, rubric_ids
from npswidgets.store.rubric_json import check_length, rubric_digest, rubric_from_json, rubric_text

COMES_ALONG = "“{}” is the ID of a rubric that comes along. Write another ID into the workbook, or empty its cell."
OTHER_WORDS = (
    "Version {} of “{}” is kept already, with other words. Raise Version in the workbook, so that nobody takes one for "
    "the other. If no workshop is to be made with the kept one, remove it, then keep this one."
)
GONE = "This rubric is not kept any more. Choose another one, or send its workbook again."

_OF = tables.rubrics.c


@dataclass(frozen=True)
class KeptRubric:
    """A line in the list of those that are kept.

    Attributes:
        digest: SHA-256 of what is in it, by which it is asked for.
    """

    digest: str
    id: str
    version: str
    title: str
    kept_at: datetime


def check_version(db: Connection, rubric: Rubric) -> None:
    """Whether its id and version are nobody else's.

    Raises:
        RuleBroken: the id is one that comes along, or this version is kept with other words.
    """
    check(rubric.id not in rubric_ids(), COMES_ALONG.format(rubric.id))
    same = select(_OF.digest).where(_OF.id == rubric.id, _OF.version == rubric.version)
    check(set(db.scalars(same)) <= {rubric_digest(rubric)}, OTHER_WORDS.format(rubric.version, rubric.id))


def keep_rubric(engine: Engine, rubric: Rubric) -> str:
    """Keeps a rubric, and gives its digest; one that is kept already stays as it is.

    Raises:
        RuleBroken: it is too long, one of its ids can be none, or as `check_version`.
        RubricFaults: it is none; programs make such ones.
    """
    stored, digest = rubric_text(rubric), rubric_digest(rubric)
    check_length(rubric)
    check_rubric_ids(rubric)
    rubric_from_json(json.loads(stored))
    with writing(engine) as db:
        check_version(db, rubric)
        if db.scalar(select(_OF.digest).where(_OF.digest == digest)) is None:
            row = {"digest": digest, "id": rubric.id, "version": rubric.version, "title": rubric.title}
            now = datetime.now(UTC).isoformat()
            db.execute(insert(tables.rubrics).values(**row, rubric=stored, kept_at=now))
    return digest


def kept_rubrics(engine: Engine) -> list[KeptRubric]:
    """All that are kept, the newest first."""
    shown = select(_OF.digest, _OF.id, _OF.version, _OF.title, _OF.kept_at)  # no rubric
    with faults(), engine.connect() as db:
        rows = db.execute(shown.order_by(_OF.kept_at.desc(), _OF.digest)).all()
    with readable("a kept rubric"):
        return [KeptRubric(*row[:-1], datetime.fromisoformat(row.kept_at)) for row in rows]


def newest_of_each(kept: list[KeptRubric]) -> list[KeptRubric]:
    """Of each id the version that was kept last, in the same order."""
    first: dict[str, KeptRubric] = {}
    for one in kept:
        first.setdefault(one.id, one)
    return list(first.values())


def version_of(kept: list[KeptRubric], rubric: Rubric) -> KeptRubric | None:
    """The one that is kept with the same id and version, whatever its words; None for none."""
    return next((one for one in kept if (one.id, one.version) == (rubric.id, rubric.version)), None)


def kept_rubric(engine: Engine, digest: str) -> Rubric:
    """One that is kept, by its digest.

    Raises:
        NotFound: it is not, or not any more.
        StoreFault: it cannot be read.
    """
    with faults(), engine.connect() as db:
        stored = db.scalar(select(_OF.rubric).where(_OF.digest == digest))
    if stored is None:
        raise NotFound(GONE)
    return _read(stored, digest)


def remove_rubric(engine: Engine, digest: str) -> None:
    """From now on no workshop is made with it; those that were have it still."""
    with writing(engine) as db:
        db.execute(delete(tables.rubrics).where(_OF.digest == digest))


def rubric_named(engine: Engine, path_or_id: str) -> Rubric:
    """The rubric that comes along under this id, or is in this folder; else the kept one, in the version kept last.

    Raises:
        NotFound: there is none; it names the ids of those that there are.
        RubricFaults: the files of the folder have mistakes.
    """
    try:
        return load_rubric(path_or_id)
    except NotFound as error:
        kept = newest_of_each(kept_rubrics(engine))
        with suppress(StopIteration):
            return kept_rubric(engine, next(one.digest for one in kept if one.id == path_or_id))
        more = f" Kept in this database: {', '.join(one.id for one in kept)}." if kept else ""
        raise NotFound(f"{error}{more}") from None


@lru_cache(maxsize=8)
def _read(stored: str, digest: str) -> Rubric:
    """The rubric that is stored as this text; parsed once a process."""
    with readable("A kept rubric"):
        rubric = rubric_from_json(json.loads(stored))
        if rubric_digest(rubric) != digest:
            raise RubricFaults(())
        return rubric
