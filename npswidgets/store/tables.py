"""The tables of the database. The migrations make them; a test compares the two.

Times are kept as ISO texts in UTC, so that both databases hold the same.
"""

from sqlalchemy import Boolean, Column, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint

from npswidgets.domain.join_code import DIGITS

SCHEMA_VERSION = "0012"

metadata = MetaData()

workshops = Table(
    "workshops",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("council", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("rubric", Text, nullable=False, doc="the whole rubric as canonical JSON"),
    Column("revision", Integer, nullable=False),
    Column("head", String(64), nullable=False, doc="SHA-256 of the last line"),
    Column("changed_at", String(40), nullable=False),
    Column("sealed", Boolean, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("workshop", String(80), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("line", Text, nullable=False, doc="one line of JSON, whose bytes are what is hashed"),
)

words = Table(
    "words",
    metadata,
    Column("workshop", String(80), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("salt", String(32), nullable=False),
    Column("text", Text, nullable=True, doc="null once erased"),
)

ballots = Table(
    "ballots",
    metadata,
    Column("workshop", String(80), primary_key=True),
    Column("session", String(80), primary_key=True),
    Column("code", String(80), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("participant", String(32), primary_key=True),
    Column("ballot", String(64), nullable=False, doc="the id from the browser"),
    Column("answer", String(16), nullable=False, doc="a level, dont_know or not_my_role"),
    Column("reason", Text, nullable=False),
    Column("replaces", String(64), nullable=True),
    Column("at", String(40), nullable=False),
)

presence = Table(
    "presence",
    metadata,
    Column("workshop", String(80), primary_key=True),
    Column("session", String(80), primary_key=True),
    Column("participant", String(32), primary_key=True),
    Column("at", String(40), nullable=False, doc="when this person's page was last there"),
)

wishes = Table(
    "wishes",
    metadata,
    Column("workshop", String(80), primary_key=True),
    Column("session", String(80), primary_key=True),
    Column("code", String(80), primary_key=True, doc="somebody wants to talk about it before its score is taken"),
    Column("participant", String(32), primary_key=True),
)

practice = Table(
    "practice",
    metadata,
    Column("workshop", String(80), primary_key=True),
    Column("session", String(80), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("line", Text, nullable=False, doc="as the record writes it, but not part of it; empty with the number 0"),
)

people = Table(
    "people",
    metadata,
    Column("workshop", String(80), primary_key=True),
    Column("participant", String(32), primary_key=True),
    Column("name", Text, nullable=False),
)

counted_from = Table(
    "counted_from",
    metadata,
    Column("workshop", String(80), primary_key=True),
    Column("participant", String(32), primary_key=True, doc="empty for the sign-off"),
    Column("at", String(40), nullable=False, doc="counts in place of a time that a clock in doubt wrote"),
    Column("settled", Boolean, nullable=False, doc="the date has been certain since"),
)

join_codes = Table(
    "join_codes",
    metadata,
    Column("code", String(DIGITS), primary_key=True),
    Column("workshop", String(80), nullable=False),
    Column("session", String(80), nullable=False),
    Column("secret", String(32), nullable=False, doc="of QR codes and links; in clear, since they are drawn from it"),
    Column("places", Integer, nullable=True, doc="how many people may be in; null for about twice those expected"),
    Column("closed", Boolean, nullable=False, doc="nobody new gets in"),
    UniqueConstraint("workshop", "session"),
)

taken_out = Table(
    "taken_out",
    metadata,
    Column("workshop", String(80), primary_key=True),
    Column("participant", String(32), primary_key=True, doc="as the record says; no vote and no grant of it counts"),
)

links = Table(
    "links",
    metadata,
    Column("workshop", String(80), primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("secret_hash", String(64), nullable=False),
)

helper_links = Table(
    "helper_links",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("workshop", String(80), nullable=False),
    Column("session", String(80), nullable=False, doc="it ends with it"),
    Column("number", Integer, nullable=False, doc="of the helper in the session"),
    Column("secret", String(32), nullable=False, doc="in clear until a browser was opened by it; then empty"),
    Column("browser", String(64), nullable=False, doc="which was opened by it; empty before"),
    Column("opened_at", String(40), nullable=False, doc="empty before"),
)

grants = Table(
    "grants",
    metadata,
    Column("browser", String(64), primary_key=True),
    Column("workshop", String(80), primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("session", String(80), primary_key=True, doc="empty for a whole workshop"),
    Column("participant", String(32), nullable=False, doc="empty but for participants"),
    Column("person", String(32), nullable=False, doc="the same in each session that one person came to; else empty"),
)

marks = Table(
    "marks",
    metadata,
    Column("workshop", String(80), primary_key=True),
    Column("digest", String(64), nullable=False, doc="SHA-256 of the picture, by which browsers ask for it"),
    Column("png", LargeBinary, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
)

rubrics = Table(
    "rubrics",
    metadata,
    Column("digest", String(64), primary_key=True, doc="SHA-256 of the rubric, as records have it"),
    Column("id", String(80), nullable=False),
    Column("version", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("rubric", Text, nullable=False, doc="the whole rubric as canonical JSON, of which workshops have a copy"),
    Column("kept_at", String(40), nullable=False),
)

rights = Table(
    "rights",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False, doc="secret: by one that was shown once; name: by signing on"),
    Column("name", String(255), nullable=False, doc="whose it is"),
    Column("workshop", String(80), nullable=False, doc="empty for all of them"),
    Column("secret_hash", String(64), nullable=False, doc="empty where it is by name"),
    Column("made_at", String(40), nullable=False, doc="empty where it is not known"),
    UniqueConstraint("kind", "name", "workshop"),
)

held_rights = Table(
    "held_rights",
    metadata,
    Column("browser", String(64), primary_key=True),
    Column("right_id", String(32), primary_key=True, doc="worth nothing once there is no such right"),
    Column("workshop", String(80), primary_key=True, doc="which one it facilitates by it; empty for an operator"),
)

server_values = Table(
    "server_values",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)
