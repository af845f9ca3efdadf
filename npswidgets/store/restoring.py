"""Putting a backup in the place of the database, which then forgets again what was forgotten since.

What comes from the file are values alone: the tables are made anew by our own migrations, so that no trigger, view or
index of a file that somebody has changed is ever run.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, Table, delete, insert, inspect, select, types
from sqlalchemy.engine import URL
from sqlalchemy.pool import StaticPool

from npswidgets.domain.ids import is_id
from npswidgets.errors import StoreFault, WorkshopError
from npswidgets.store import again, archive, erasures, record, server_values, sqlite_file, tables
from npswidgets.store.backup import MADE_AT, unfinished
from npswidgets.store.database import bring_up_to_date, known_versions, sqlite_engine, writing
from npswidgets.store.erasures import Known, Line
from npswidgets.store.faults import faults, in_words
from npswidgets.store.place import file_of, place_of, say_place

ON_A_SERVER = (
    "{}: a database on a server is put back by that server's own program: stop the servers of the workshop, then "
    "`pg_restore --clean --dbname=anytown anytown.dump`. Whoever was erased since is back then: erase them again. "
    "`nps-workshop restore` does that by itself: put a backup back into a file, and copy that to an empty database by "
    "`nps-workshop copy`."
)
IN_USE = "{} is in use. Stop the server and close what else reads it, then restore again. Nothing was changed."
NO_FILE = "{}: {}. Name a file that `nps-workshop backup` has made."
NOT_ALONE = "{} has a journal beside it: it is a database in use, and no backup. Make one with `nps-workshop backup`."
NO_TABLE = "{}: this is no backup of a workshop database: {} is missing, or is not what it should be."
NEWER = "{}: the backup has version {}, which this toolkit does not know. Restore it with a newer toolkit."
CHANGED = (
    "{} is not as `nps-workshop backup` has made it: it was changed or damaged since. If you do not know why, put an "
    "untouched copy back: whoever changes a backup can let somebody in by it."
)
AT_ONCE = 500


class NotKnown(WorkshopError):
    """Who was erased since the backup is not known, so that somebody would come back."""


@dataclass(frozen=True)
class Restored:
    """What was put back.

    Attributes:
        made_at: when the backup was made, as it says; empty where it does not.
        aside: the database that was there before.
        left_out: workshops that cannot be read, and are in the backup alone.
        by_hand: what could not be done again.
    """

    made_at: str
    workshops: int
    aside: Path | None
    left_out: tuple[str, ...]
    by_hand: tuple[str, ...]


def restore(file: Path, database: str | None = None, more: Sequence[Path] = (), *, not_known: bool = False) -> Restored:
    """Puts a backup in the place of the database, and keeps what was there under another name.

    Args:
        more: other copies of the list of who was erased.
        not_known: also where the list lacks what happened since; whoever was erased then may be back.

    Raises:
        NotKnown: it lacks that.
        StoreFault: the file is no backup, or the database is in use. Nothing was changed.
    """
    place = place_of(database)
    target = file_of(place)
    if target is None:
        raise StoreFault(ON_A_SERVER.format(say_place(place)))
    live, file = erasures.list_beside(target), file.absolute()
    for one in (file, *more):
        _check_is_file(one)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lists = [erasures.read_list(one) for one in (live, erasures.list_beside(file), *more)]
    with unfinished(target) as fresh:
        engine = _engine(fresh)
        try:
            _fill(engine, file)
            left_out = _leave_out(engine)
            with writing(engine) as db:
                made_at, known = server_values.read(db, MADE_AT) or "", erasures.read_known(db)
                lines, due = erasures.united(*lists), since(known, erasures.united(*lists))
                lacking = _lacking(known, erasures.united(lists[0], *lists[2:]), due, live, made_at)
                if lacking and not not_known:
                    raise NotKnown(f"{file}: {lacking}")
                by_hand = [*_changed(file, lines), *again.do_again(db, due)]
                erasures.forget_notes(db)  # they are in the list
                lines, known = _continue(lines, known, due, lacking)
                erasures.write_known(db, known)
                server_values.forget(db, MADE_AT)
                count = len(db.scalars(select(tables.workshops.c.id)).all())
            _into_one_file(engine)
        finally:
            engine.dispose()
        _sync(fresh)
        _check_alone(target)
        erasures.write_list(live, lines)
        aside = _set_aside(target)
        fresh.replace(target)
        erasures.sync_folder(target.parent)
    return Restored(made_at, count, aside, left_out, tuple(by_hand))


def _check_is_file(named: Path) -> None:
    """Refuses what is not there, and what would be waited for without an end, such as a pipe.

    Raises:
        StoreFault: what it is.
    """
    try:
        if stat.S_ISREG(named.stat().st_mode):
            return
        why = "this is no file"
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no file is called so"
    raise StoreFault(NO_FILE.format(named, why))


def since(known: Known | None, lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines that a database has not done, in the order in which they were written.

    They are of its list from a number on, and of the lists that have begun when that one was lost.
    """
    every = tuple(lines)
    if known is None:
        return tuple(sorted(every, key=lambda line: line.at))
    chain, due = [known.list], [line for line in every if line.list == known.list and line.number > known.number]
    for one in chain:
        for begun in (line for line in every if line.kind == "begun" and one in line.ids and line.list not in chain):
            chain.append(begun.list)
            due += [line for line in every if line.list == begun.list]
    return tuple(due)


def _lacking(known: Known | None, live: tuple[Line, ...], due: tuple[Line, ...], file: Path, made_at: str) -> str:
    """Since when nobody can say who was erased; empty where the list has it all."""
    when = f"since it was made ({made_at or 'it does not say when'})"
    todo = (
        "Put the list back in its place, or name a copy of it with --list. To restore all the same: --not-known, "
        "and whoever was erased since is back."
    )
    if known is None:
        return f"it was made before there was a list of who was erased. Who was erased {when} is not known. {todo}"
    if any(line.list != known.list for line in due):
        return f"the list of who was erased was lost once since. Who was erased {when} is not known for certain. {todo}"
    if not any(line.list == known.list for line in live):
        return (
            f"{file}, the list of who was erased, is missing or another one. Who was erased {when} is not known. {todo}"
        )
    numbers = {line.number for line in due if line.list == known.list}
    gaps = set(range(known.number + 1, max(numbers, default=0) + 1)) - numbers
    if gaps:
        return f"the list of who was erased lacks {len(gaps)} lines, from number {min(gaps)} on. {todo}"
    return ""


def _changed(file: Path, lines: tuple[Line, ...]) -> Iterator[str]:
    """Whoever can change a backup can let somebody in by it."""
    made = {one for line in lines if line.kind == "backup" for one in line.ids}
    with file.open("rb") as there:
        if made and hashlib.file_digest(there, "sha256").hexdigest() not in made:
            yield CHANGED.format(file)


def _continue(
    lines: tuple[Line, ...], known: Known | None, due: tuple[Line, ...], lacking: str
) -> tuple[tuple[Line, ...], Known]:
    """The list from now on: the one there is; a new one that follows it where lines of that one may turn up yet."""
    last = due[-1] if due else None
    if known and not lacking:
        return lines, Known(last.list, last.number) if last else known
    begun = Line(1, erasures.new_list(), datetime.now(UTC), "begun", "", (known.list,) if known else ())
    return (*lines, begun), Known(begun.list, 1)


def _fill(engine: Engine, file: Path) -> None:
    """All values of a backup in tables of our own making, brought up to date."""
    wal = file.with_name(f"{file.name}-wal")
    if wal.exists() and wal.stat().st_size:
        raise StoreFault(NOT_ALONE.format(file))
    library = sqlite_file.sqlite_library()
    try:
        with closing(sqlite_file.open_read_only(file)) as source:
            source.text_factory = lambda data: data.decode(errors="surrogateescape")
            version = _version(source, file)
            bring_up_to_date(engine, version)
            _copy(source, engine, file)
    except library.Error as error:
        raise StoreFault(f"{file}: {in_words(error)}") from None
    try:
        bring_up_to_date(engine)
    except StoreFault:
        raise
    except Exception:  # what it stumbles over may be what people typed
        raise StoreFault(f"{file}: the backup is of version {version}, and cannot be brought up to date.") from None


def _version(source: Any, file: Path) -> str:
    _columns(source, "alembic_version", {"version_num"}, file)
    ((version,),) = source.execute("SELECT version_num FROM alembic_version LIMIT 1").fetchall() or [("",)]
    if version not in known_versions():
        raise StoreFault(NEWER.format(file, ascii(version)[:20]))
    return str(version)


def _columns(source: Any, table: str, wanted: set[str], file: Path) -> None:
    """Raises a StoreFault unless this is a plain table with these columns."""
    found = source.execute("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)).fetchall()
    plain = len(found) == 1 and str(found[0][0]).upper().startswith("CREATE TABLE")
    there = {
        name for _, name, *_, hidden in source.execute("SELECT * FROM pragma_table_xinfo(?)", (table,)) if not hidden
    }
    if not plain or not wanted <= there:
        raise StoreFault(NO_TABLE.format(file, table))


def _copy(source: Any, engine: Engine, file: Path) -> None:
    found = MetaData()
    with faults(), engine.connect() as db:
        names = [name for name in inspect(db).get_table_names() if name != "alembic_version"]
        found.reflect(db)
    with writing(engine) as db:
        for name in sorted(names, key=lambda name: name == "workshops"):  # the last: a signed-off one takes no line
            table = found.tables[name]
            _columns(source, name, set(table.c.keys()), file)
            for rows in _rows(source, table):
                db.execute(insert(table), rows)


def _rows(source: Any, table: Table) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table that are what they should be, some at a time. A workshop that lacks one does not verify."""
    names = [column.name for column in table.c]
    cursor = source.execute(f"SELECT {', '.join(names)} FROM {table.name}")  # names of our own tables
    while some := cursor.fetchmany(AT_ONCE):
        rows = [dict(zip(names, row, strict=True)) for row in some if all(map(_fits, table.c, row))]
        if rows:
            yield rows


def _fits(column: Any, value: Any) -> bool:
    if value is None:
        return bool(column.nullable)
    kind = column.type
    if isinstance(kind, types.LargeBinary):
        return isinstance(value, bytes)
    if isinstance(kind, types.Integer | types.Boolean):
        return isinstance(value, int)
    longest = getattr(kind, "length", None)
    return isinstance(value, str) and _is_text(value) and (not longest or len(value) <= longest)


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _leave_out(engine: Engine) -> tuple[str, ...]:
    """Takes away each workshop that does not verify, and what belongs to none; their ids."""
    with faults(), engine.connect() as db:
        there = {row["id"]: dict(row) for row in db.execute(select(tables.workshops)).mappings()}
        named = there.keys() | set(db.scalars(select(tables.events.c.workshop).distinct()))
    bad = tuple(sorted(one for one in named if one not in there or not _verifies(engine, there[one])))
    with writing(engine) as db:
        db.execute(delete(tables.workshops).where(tables.workshops.c.id.in_(bad)))
        kept = select(tables.workshops.c.id)
        for table in tables.metadata.sorted_tables:
            if "workshop" in table.c:
                db.execute(delete(table).where(table.c.workshop != "", table.c.workshop.not_in(kept)))
    return bad


def _verifies(engine: Engine, row: dict[str, Any]) -> bool:
    """Whether the record of a workshop is whole, and is what its row says."""
    try:
        saved = archive.stored_archive(engine, row["id"])
        archive.check_new(saved, 0)
        with engine.connect() as db:
            record.read(db, row["id"])
        state = saved.workshop
        said = (row["revision"], row["head"], bool(row["sealed"]), row["council"])
        return is_id(row["id"]) and said == (state.revision, state.head, state.sealed, state.council)
    except Exception:  # whatever a damaged record raises; its text may quote what people typed
        return False


def _engine(file: Path) -> Engine:
    place = URL.create("sqlite", database=str(file))
    return sqlite_engine(place, sqlite_file.DatabaseFile(file, new=True).connect, poolclass=StaticPool)


def _into_one_file(engine: Engine) -> None:
    connection: Any = engine.raw_connection()
    connection.cursor().execute("PRAGMA journal_mode=DELETE")
    connection.close()


def _sync(file: Path) -> None:
    with file.open("rb+") as there:
        os.fsync(there.fileno())


def _set_aside(target: Path) -> Path | None:
    """Another name for the database that is there; None where there is none.

    A journal that is left beside it would be played into the one that comes.
    """
    aside = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}")
    for ending in ("-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            target.with_name(target.name + ending).rename(aside.with_name(aside.name + ending))
    if not target.exists():
        return None
    try:
        aside.hardlink_to(target)
    except OSError:  # a disk without hard links
        target.rename(aside)
    return aside


def _check_alone(target: Path) -> None:
    """Raises a StoreFault where another program has the database open: only the last one may end its journal."""
    if not target.exists():
        return
    library, connection = sqlite_file.sqlite_library(), None
    try:
        connection = sqlite_file.open_alone(target)
        found = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
    except library.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            return  # what is damaged is what a backup is for
        raise StoreFault(IN_USE.format(target)) from None
    finally:
        if connection is not None:
            connection.close()
    if found != "delete":
        raise StoreFault(IN_USE.format(target))
