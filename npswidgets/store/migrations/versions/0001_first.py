"""The first tables, and what keeps the record append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KIND = "json_extract({line}, '$.event.kind')"

TRIGGERS = {
    "events_stay_as_they_are": """
        BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
    "events_stay": """
        BEFORE DELETE ON events WHEN EXISTS (SELECT 1 FROM workshops WHERE id = OLD.workshop)
        BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
    "signed_off_takes_no_event": f"""
        BEFORE INSERT ON events
        WHEN (SELECT sealed FROM workshops WHERE id = NEW.workshop)
            AND {KIND.format(line="NEW.line")} <> 'WorkshopReopened'
        BEGIN SELECT RAISE(ABORT, 'the workshop is signed off'); END""",
    "signed_off_takes_no_ballot": """
        BEFORE INSERT ON ballots WHEN (SELECT sealed FROM workshops WHERE id = NEW.workshop)
        BEGIN SELECT RAISE(ABORT, 'the workshop is signed off'); END""",
    "signed_off_until_reopened": f"""
        BEFORE UPDATE OF sealed ON workshops WHEN OLD.sealed AND NOT NEW.sealed AND NOT EXISTS (
            SELECT 1 FROM events WHERE workshop = OLD.id AND revision > OLD.revision
            AND {KIND.format(line="line")} = 'WorkshopReopened')
        BEGIN SELECT RAISE(ABORT, 'the workshop is signed off'); END""",
    "words_are_only_erased": """
        BEFORE UPDATE ON words WHEN NEW.text IS NOT NULL OR NEW.digest <> OLD.digest
        BEGIN SELECT RAISE(ABORT, 'words are only erased, never changed'); END""",
}


def upgrade() -> None:
    """Make the tables, and on SQLite the triggers."""
    identifier = sa.String(80)
    op.create_table(
        "workshops",
        sa.Column("id", identifier, primary_key=True),
        sa.Column("council", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("rubric", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("changed_at", sa.String(40), nullable=False),
        sa.Column("sealed", sa.Boolean, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("workshop", identifier, primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("line", sa.Text, nullable=False),
    )
    op.create_table(
        "words",
        sa.Column("workshop", identifier, primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=True),
    )
    op.create_table(
        "ballots",
        sa.Column("workshop", identifier, primary_key=True),
        sa.Column("session", identifier, primary_key=True),
        sa.Column("code", identifier, primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True),
        sa.Column("participant", sa.String(32), primary_key=True),
        sa.Column("ballot", sa.String(64), nullable=False),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("replaces", sa.String(64), nullable=True),
        sa.Column("at", sa.String(40), nullable=False),
    )
    op.create_table(
        "people",
        sa.Column("workshop", identifier, primary_key=True),
        sa.Column("participant", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_table(
        "join_codes",
        sa.Column("code", sa.String(6), primary_key=True),
        sa.Column("workshop", identifier, nullable=False),
        sa.Column("session", identifier, nullable=False),
        sa.UniqueConstraint("workshop", "session"),
    )
    op.create_table(
        "links",
        sa.Column("workshop", identifier, primary_key=True),
        sa.Column("role", sa.String(16), primary_key=True),
        sa.Column("secret_hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "grants",
        sa.Column("browser", sa.String(64), primary_key=True),
        sa.Column("workshop", identifier, primary_key=True),
        sa.Column("role", sa.String(16), primary_key=True),
        sa.Column("session", identifier, primary_key=True),
        sa.Column("participant", sa.String(32), nullable=False),
    )
    op.create_table(
        "server_values",
        sa.Column("key", identifier, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, rule in TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {rule}")
