"""A database on a PostgreSQL server: how it is connected to, and who writes in it at which time.

SQLite has one writer at a time. Here a writer is alone, too, but for those who write side by side: whoever votes, joins
or facilitates locks the workshop in the same transaction, and one's own rows.
"""

import logging
import time
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, event, func, select, text
from sqlalchemy.engine import URL, Dialect

from npswidgets.store import hints, tables

WRITERS, NOTES, PEOPLE = 5_918_001, 5_918_002, 5_918_003
"""Which locks are ours, for all transactions of a database: of writers, of the list of who was erased, of a person."""

AWAY_SECONDS = 5
"""How long a connection may take to be made."""

AGAIN_SECONDS = 0.5
"""After which one that was refused for a moment is tried once more."""

STALLED_SECONDS = 30
"""After which the server ends the transaction of a process that does nothing in it, and lets the others go on."""

_FOR_A_MOMENT = "starting up", "shutting down", "too many clients", "connection slots", "closed the connection"
_CONNECT = {
    "connect_timeout": AWAY_SECONDS,
    "tcp_user_timeout": 2000 * AWAY_SECONDS,  # a server that is gone without a word is noticed by then
    "keepalives_idle": 2 * AWAY_SECONDS,
    "keepalives_interval": AWAY_SECONDS,
    "keepalives_count": 2,
    "prepare_threshold": None,  # what one connection has prepared is not there behind PgBouncer
    "application_name": "nps-workshop",
}
_TURN = select(
    func.set_config("lock_timeout", bindparam("wait"), True),
    func.set_config("idle_in_transaction_session_timeout", str(1000 * STALLED_SECONDS), True),
)
_ALONE = _TURN.add_columns(func.pg_advisory_xact_lock(WRITERS))
_SIDE_BY_SIDE = _TURN.add_columns(func.pg_advisory_xact_lock_shared(WRITERS))
_NEXT = select(text("pg_snapshot_xmax(pg_current_snapshot())::text"))
_OLDER = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND age(backend_xmin) > age(CAST(:now AS xid))"
)
_LASTING = "workshops", "events", "marks", "rubrics"
"""What is in them goes with a whole workshop alone, or is nobody's; they are large."""

NEWS = "nps_news"
"""The channel on which servers hear of what others store."""

_TELL = text(
    f"SELECT pg_notify('{NEWS}', CAST(:own AS text) || ' ' || hint) FROM unnest(CAST(:told AS text[])) AS hint"
)
_ONE = select(func.pg_advisory_xact_lock(bindparam("which")))
_OWN = select(func.pg_advisory_xact_lock(PEOPLE, func.hashtext(bindparam("whose"))))

logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # it writes down where the server is, and who we are there


def is_here(db: Connection | Engine) -> bool:
    """Whether this database is on such a server."""
    return db.dialect.name == "postgresql"


def options_for(place: URL) -> dict[str, Any]:
    """What an engine gets: every transaction sees what was stored before each of its statements."""
    own = {name: value for name, value in _CONNECT.items() if name not in place.query}
    return {"isolation_level": "READ COMMITTED", "pool_pre_ping": True, "connect_args": own}


def set_up(engine: Engine) -> None:
    """Lets it be connected to once more, and writers have their turn."""
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "begin", _begin)


def migrate_alone(db: Connection) -> None:
    """Waits until nobody else writes, however long: another server may be bringing the database up to date."""
    db.execute(_ONE, {"which": WRITERS})


def note_alone(db: Connection) -> None:
    """Until this transaction ends nobody else puts anything into the list of who was erased."""
    if is_here(db):
        db.execute(_ONE, {"which": NOTES})


def tell_servers(db: Connection) -> None:
    """Has this transaction tell the other servers what it changes, when it is stored: workshop and topic, no more."""
    if is_here(db) and (told := hints.noted(db)):
        db.execute(_TELL, {"own": hints.own_server(), "told": told})


def lock_own(db: Connection, whose: str) -> None:
    """Until this transaction ends nobody else writes what is of this person: two windows go one after the other."""
    if is_here(db):
        db.execute(_OWN, {"whose": whose})


def write_anew(db: Connection, wait_seconds: float) -> bool:
    """Writes the tables anew without what was deleted; False where a transaction from before may still read that.

    The server's log of what was written (WAL), and copies that are made of it, keep that for as long as they are kept.
    """
    gone = time.monotonic() + wait_seconds
    now = db.scalar(_NEXT)
    while db.scalar(_OLDER, {"now": now}):
        if time.monotonic() > gone:
            return False
        time.sleep(0.05)
    for table in tables.metadata.tables:
        if table not in _LASTING:
            db.exec_driver_sql(f"CLUSTER {table} USING {table}_pkey")  # as VACUUM FULL, in a transaction
    return True


def _begin(db: Connection) -> None:
    options = db.get_execution_options()
    if options.get("writing"):
        turn = _SIDE_BY_SIDE if options.get("side_by_side") else _ALONE
        db.execute(turn, {"wait": str(max(1, round(1000 * options["wait_seconds"])))})  # 0 would be for ever


def _connect(dialect: Dialect, _record: object, arguments: list[Any], named: dict[str, Any]) -> Any:
    """A server that starts again lets nobody in for a moment."""
    assert dialect.loaded_dbapi is not None
    try:
        return dialect.loaded_dbapi.connect(*arguments, **named)
    except dialect.loaded_dbapi.Error as error:
        if not any(sign in str(error) for sign in _FOR_A_MOMENT):
            raise
    time.sleep(AGAIN_SECONDS)
    return dialect.loaded_dbapi.connect(*arguments, **named)
