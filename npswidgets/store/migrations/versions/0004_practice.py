"""What a session practises before its first topic, beside the record."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    identifier = sa.String(80)
    op.create_table(
        "practice",
        sa.Column("workshop", identifier, primary_key=True),
        sa.Column("session", identifier, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("line", sa.Text, nullable=False),
    )
