"""When each person's page was last there, beside the record."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table; people of an older workshop were last there when they joined."""
    identifier = sa.String(80)
    op.create_table(
        "presence",
        sa.Column("workshop", identifier, primary_key=True),
        sa.Column("session", identifier, primary_key=True),
        sa.Column("participant", sa.String(32), primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
    )
