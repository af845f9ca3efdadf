"""What keeps the record append-only on PostgreSQL, too; what is signed off takes no line of an unknown kind."""

from alembic import op

revision = "0011"
down_revision = "0010"

ON_SQLITE = """
    BEFORE INSERT ON events
    WHEN (SELECT sealed FROM workshops WHERE id = NEW.workshop)
        AND json_extract(NEW.line, '$.event.kind') IS NOT 'WorkshopReopened'
    BEGIN SELECT RAISE(ABORT, 'the workshop is signed off'); END"""

KIND = "({line}::jsonb -> 'event' ->> 'kind')"
RULES = {
    "events_stay_as_they_are": ("BEFORE UPDATE ON events", "true", "the record is append-only"),
    "events_stay": (
        "BEFORE DELETE ON events",
        "EXISTS (SELECT 1 FROM workshops WHERE id = OLD.workshop)",
        "the record is append-only",
    ),
    "signed_off_takes_no_event": (
        "BEFORE INSERT ON events",
        f"""(SELECT sealed FROM workshops WHERE id = NEW.workshop)
            AND {KIND.format(line="NEW.line")} IS DISTINCT FROM 'WorkshopReopened'""",
        "the workshop is signed off",
    ),
    "signed_off_takes_no_ballot": (
        "BEFORE INSERT ON ballots",
        "(SELECT sealed FROM workshops WHERE id = NEW.workshop)",
        "the workshop is signed off",
    ),
    "signed_off_until_reopened": (
        "BEFORE UPDATE OF sealed ON workshops",
        f"""OLD.sealed AND NOT NEW.sealed AND NOT EXISTS (
            SELECT 1 FROM events WHERE workshop = OLD.id AND revision > OLD.revision
            AND {KIND.format(line="line")} = 'WorkshopReopened')""",
        "the workshop is signed off",
    ),
    "words_are_only_erased": (
        "BEFORE UPDATE ON words",
        "NEW.text IS NOT NULL OR NEW.digest <> OLD.digest",
        "words are only erased, never changed",
    ),
}
"""When a rule is asked, what it forbids, and what it says."""


def upgrade() -> None:
    """Make the triggers, which are the same for both databases."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER signed_off_takes_no_event")
        op.execute(f"CREATE TRIGGER signed_off_takes_no_event {ON_SQLITE}")
        return
    for name, (when, forbidden, words) in RULES.items():
        _make(name, f"{when} FOR EACH ROW", f"IF {forbidden} THEN RAISE EXCEPTION '{words}'; END IF;")
    _make(
        "events_stay_all_of_them",
        "BEFORE TRUNCATE ON events FOR EACH STATEMENT",
        "RAISE EXCEPTION 'the record is append-only';",
    )


def _make(name: str, when: str, rule: str) -> None:
    gives = "RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;" if "ROW" in when else "RETURN NULL;"
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {rule} {gives} END $$")
    op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()")
