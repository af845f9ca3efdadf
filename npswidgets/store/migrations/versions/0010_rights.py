"""Who may do something by a secret or a name of their own, and which browser does it by which right."""

import json
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables; who was named before is named still, and signs on once more."""
    rights = op.create_table(
        "rights",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("workshop", sa.String(80), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.UniqueConstraint("kind", "name", "workshop"),
    )
    op.create_table(
        "held_rights",
        sa.Column("browser", sa.String(64), primary_key=True),
        sa.Column("right_id", sa.String(32), primary_key=True),
        sa.Column("workshop", sa.String(80), primary_key=True),
    )
    db = op.get_bind()
    found = db.scalar(sa.text("SELECT value FROM server_values WHERE key = 'named'"))
    named = [(name, workshop) for workshop, names in json.loads(found or "{}").items() for name in names]
    if found:
        db.execute(sa.text("DELETE FROM server_values WHERE key = 'named'"))
        db.execute(sa.text("DELETE FROM grants WHERE role = 'facilitator'"))  # which of them were by name is not known
    for name, workshop in named:
        row = {"id": secrets.token_hex(8), "kind": "name", "name": name, "workshop": workshop}
        db.execute(rights.insert().values(row | {"secret_hash": "", "made_at": ""}))
