"""The links of helpers."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "helper_links",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("workshop", sa.String(80), nullable=False),
        sa.Column("session", sa.String(80), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("secret", sa.String(32), nullable=False),
        sa.Column("browser", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.String(40), nullable=False),
    )
