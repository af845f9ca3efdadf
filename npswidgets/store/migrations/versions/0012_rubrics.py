"""The rubrics that operators keep, to make workshops of."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "rubrics",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("rubric", sa.Text, nullable=False),
        sa.Column("kept_at", sa.String(40), nullable=False),
    )
