"""A PostgreSQL of the tests' own: a cluster in a temporary folder, reached by a socket in it, ended with the tests."""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path

from serving import wait_until
from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from npswidgets.store import tables

OWNER = "nps"

_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "shared_buffers": "16MB",
    "max_wal_size": "64MB",
    "deadlock_timeout": "100ms",
}
"""Nothing here outlives the tests; all else is as Debian has it."""

_UNTIL_READ = '"$@" & read -r _; kill -INT $!; wait'
"""Ends the server when whoever holds the other end of its input does, however that is."""


def programs_here() -> Path | None:
    """Where PostgreSQL's programs are, the newest ones; None where there are none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda one: float(one.parts[-3]))
    found = debian[-1] if debian else shutil.which("postgres")
    return Path(found).parent if found else None


class PostgreSQL:
    """A running cluster whose superuser is `nps`; anybody on this computer who may read its folder is let in."""

    def __init__(self, programs: Path, **settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="nps-pg-"))  # pytest's own folders are closed to other users
        self.programs, self._numbers = programs, count(1)
        self._as = _plain_user(self.folder)
        self.data = self.folder / "data"
        self._run("initdb", "-D", self.data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self._settings = _SETTINGS | settings
        self.start()

    def start(self) -> None:
        """Starts it, and waits until it lets somebody in."""
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        command = [self.programs / "postgres", "-D", self.data, "-k", self.folder, *options]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", _UNTIL_READ, "sh", *command], stdin=subprocess.PIPE, stdout=log, stderr=log, **self._as
            )
        wait_until(self._lets_in)

    def url(self, database: str, user: str = OWNER, password: str | None = None) -> str:
        """The address of one of its databases."""
        place = URL.create(
            "postgresql+psycopg", user, password, database=database, query={"host": os.fspath(self.folder)}
        )
        return place.render_as_string(hide_password=False)

    def new(self) -> str:
        """The address of a new database, in which there is nothing at all."""
        name = f"test{next(self._numbers)}"
        self.do(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url(name)

    def do(self, *statements: str, database: str = "postgres") -> None:
        """Says something to it as its superuser."""
        engine = create_engine(self.url(database), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as db:
            for statement in statements:
                db.execute(text(statement))

    def ask_for_passwords(self, user: str) -> None:
        """This user is let in by a password alone, which nobody knows."""
        rules = self.data / "pg_hba.conf"
        there = rules.read_text(encoding="utf-8")
        if user not in there:
            self.do(f"CREATE ROLE {user} LOGIN")
            rules.write_text(f"local all {user} scram-sha-256\n{there}", encoding="utf-8")
            self.do("SELECT pg_reload_conf()")

    def log(self) -> str:
        """All that it has written about itself."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def halt(self) -> None:
        """Ends it, with all connections to it."""
        if self.runs():
            self._process.communicate(b"now\n")

    def runs(self) -> bool:
        """Whether it has not been ended."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Ends it, and takes its folder away."""
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _lets_in(self) -> bool:
        assert self.runs(), self.log()
        with suppress(DBAPIError):
            self.do("SELECT 1")
            return True
        return False

    def _run(self, program: str, *arguments: object) -> None:
        command = [self.programs / program, *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, **self._as)


def empty(engine: Engine) -> None:
    """Takes all out of the tables. To copy a database takes ten times as long, and leaves 8 MB behind."""
    every = "; ".join(f"DELETE FROM {table}" for table in tables.metadata.tables)
    with engine.begin() as db:  # no trigger keeps a replica from that
        db.exec_driver_sql(f"SET LOCAL session_replication_role = replica; {every}")


def _plain_user(folder: Path) -> dict[str, object]:
    """Who runs it: PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    import pwd

    names = {one.pw_name for one in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
