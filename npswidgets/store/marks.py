"""The marks of councils: one a workshop, set once for all workshops of a council that follow.

They stand beside the record, and in no saved workshop: docs/decisions/mark.md.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, insert, select

from npswidgets.store import record, tables
from npswidgets.store.database import writing
from npswidgets.store.faults import faults
from npswidgets.store.mark_image import mark_image

_MARKS = tables.marks.c


@dataclass(frozen=True)
class Mark:
    """What a page needs to show one.

    Attributes:
        digest: by which it is asked for.
    """

    digest: str
    width: int
    height: int


def set_mark(engine: Engine, workshop: str, given: bytes) -> None:
    """Keeps what is drawn anew of a picture, in place of the mark before.

    Raises:
        RuleBroken: it is no picture, or too large.
        NotFound: there is no such workshop.
    """
    image = mark_image(given)
    row = {"digest": hashlib.sha256(image.png).hexdigest(), "png": image.png}
    with writing(engine) as db:
        record.lock(db, workshop)
        _remove(db, workshop)
        db.execute(insert(tables.marks).values(workshop=workshop, width=image.width, height=image.height, **row))


def remove_mark(engine: Engine, workshop: str) -> None:
    """From then on the council's name stands alone."""
    with writing(engine) as db:
        _remove(db, workshop)


def marks(engine: Engine) -> Mapping[str, Mark]:
    """All marks, by workshop."""
    with faults(), engine.connect() as db:
        rows = db.execute(select(_MARKS.workshop, _MARKS.digest, _MARKS.width, _MARKS.height)).all()
    return {row.workshop: Mark(row.digest, row.width, row.height) for row in rows}


def picture(engine: Engine, digest: str) -> bytes | None:
    """The picture of this digest, as PNG; None if there is none."""
    with faults(), engine.connect() as db:
        return db.scalar(select(_MARKS.png).where(_MARKS.digest == digest).limit(1))


def take_over(db: Connection, workshop: str, council: str) -> None:
    """Gives a new workshop the mark of the last one of the same council that has one."""
    of = tables.workshops.c
    its = select(*_MARKS).join(tables.workshops, of.id == _MARKS.workshop).where(of.council == council)
    last = db.execute(its.order_by(of.changed_at.desc()).limit(1)).mappings().first()
    if last:
        db.execute(insert(tables.marks).values({**last, "workshop": workshop}))


def _remove(db: Connection, workshop: str) -> None:
    db.execute(delete(tables.marks).where(_MARKS.workshop == workshop))
