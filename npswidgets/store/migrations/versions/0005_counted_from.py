"""From when somebody's days are counted, where a clock in doubt wrote the record's time; and what is certain."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table, and keep the newest time that is stored: what is stored next may be of a wrong date."""
    op.create_table(
        "counted_from",
        sa.Column("workshop", sa.String(80), primary_key=True),
        sa.Column("participant", sa.String(32), primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("settled", sa.Boolean, nullable=False),
    )
    db = op.get_bind()
    newest = max(_times(db), default=None)
    if newest:
        value = json.dumps({"certain": newest.isoformat(), "doubted": None, "stood": 0.0})
        db.execute(sa.text("INSERT INTO server_values (key, value) VALUES ('clock', :value)"), {"value": value})


def _times(db: sa.Connection) -> Iterator[datetime]:
    """Of all that is stored; what is no time is left out."""
    for select in ("changed_at FROM workshops", "at FROM ballots", "at FROM presence"):
        yield from _read(db.scalars(sa.text(f"SELECT {select}")))
    for select in ("line FROM events", "line FROM practice"):
        for line in db.scalars(sa.text(f"SELECT {select}")):
            yield from _read(re.findall(r'"at":"([^"\\]+)"', line)[:1])


def _read(texts: Iterator[str] | list[str]) -> Iterator[datetime]:
    for text in texts:
        try:
            yield datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
