"""Which participants of a workshop are one person: those of one browser."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column, and give each browser's participants in a workshop one person."""
    op.add_column("grants", sa.Column("person", sa.String(32), nullable=False, server_default=""))
    grants = sa.table("grants", *map(sa.column, ("browser", "workshop", "role", "person")))
    of = grants.c
    db = op.get_bind()
    joined = db.execute(sa.select(of.browser, of.workshop).where(of.role == "participant").distinct()).all()
    for browser, workshop in joined:
        its = (of.browser == browser) & (of.workshop == workshop) & (of.role == "participant")
        db.execute(sa.update(grants).where(its).values(person=secrets.token_hex(8)))
