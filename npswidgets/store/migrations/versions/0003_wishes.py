"""Who wants to talk about a topic before its score is taken together with others, beside the record."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table; nobody was asked in an older workshop."""
    identifier = sa.String(80)
    op.create_table(
        "wishes",
        sa.Column("workshop", identifier, primary_key=True),
        sa.Column("session", identifier, primary_key=True),
        sa.Column("code", identifier, primary_key=True),
        sa.Column("participant", sa.String(32), primary_key=True),
    )
