"""The secret of QR codes, how many people a door lets in, and who was taken out of a session."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns, give each session a secret, and make the table."""
    op.add_column("join_codes", sa.Column("secret", sa.String(32), nullable=False, server_default=""))
    op.add_column("join_codes", sa.Column("places", sa.Integer, nullable=True))
    op.add_column("join_codes", sa.Column("closed", sa.Boolean, nullable=False, server_default=sa.false()))
    doors = sa.table("join_codes", sa.column("code"), sa.column("secret"))
    db = op.get_bind()
    for code in list(db.scalars(sa.select(doors.c.code))):
        db.execute(sa.update(doors).where(doors.c.code == code).values(secret=secrets.token_urlsafe(16)))
    op.create_table(
        "taken_out",
        sa.Column("workshop", sa.String(80), primary_key=True),
        sa.Column("participant", sa.String(32), primary_key=True),
    )
