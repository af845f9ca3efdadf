"""From when somebody's days are counted, where the record's time was written by a clock in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "counted_from",
        sa.Column("workshop", sa.String(80), primary_key=True),
        sa.Column("participant", sa.String(32), primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("settled", sa.Boolean, nullable=False),
    )
