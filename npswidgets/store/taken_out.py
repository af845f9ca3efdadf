"""Who was taken out of a session, as the record says it: here, so that a statement can leave their votes out."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, insert

from npswidgets.store import tables

_OUT = tables.taken_out.c


def is_out(table: Table) -> ColumnElement[bool]:
    """Whether the participant of a row of this table was taken out."""
    return exists().where(_OUT.workshop == table.c.workshop, _OUT.participant == table.c.participant)


def put(db: Connection, workshop: str, who: Iterable[str]) -> None:
    """These people were taken out."""
    db.execute(insert(tables.taken_out), [{"workshop": workshop, "participant": one} for one in sorted(set(who))])


def bring_back(db: Connection, workshop: str, who: Iterable[str]) -> None:
    """These people are in again."""
    db.execute(delete(tables.taken_out).where(_OUT.workshop == workshop, _OUT.participant.in_(list(who))))
