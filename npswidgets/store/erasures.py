"""The list of what must not come back: a line for each person who was erased, each link that was withdrawn.

It lies beside the database, outlives it, and goes along with each backup, so that a database that was put back forgets
again what was forgotten since. It holds ids and digests alone. Each list has an id, and its lines are numbered, so that
a line that is missing is noticed whatever the clocks say.
"""

import json
import logging
import os
import secrets
import stat
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from sqlalchemy import Connection

from npswidgets import settings
from npswidgets.errors import StoreFault
from npswidgets.store import postgresql, server_values
from npswidgets.whole_file import private_file

Kind: TypeAlias = Literal[
    "begun",
    "backup",
    "person",
    "forgotten",
    "words",
    "helper",
    "link",
    "facilitator",
    "projector",
    "right",
    "browser",
    "door",
    "out",
    "in",
    "ended",
]
"""What a line says, and of what its ids are:

begun: from here on the list is kept. backup: the digest of the file. person: participants who were erased. forgotten:
participants whose day had come. words: digests of texts. helper: links of helpers. link: digests of links.
facilitator, projector: digests of browsers that were shut out. right: rights of operators, and of who signs on, that
were withdrawn. browser: the digests of its id before, and after. door, ended: sessions. out, in: a session, and
participants who were taken out, or came back.
"""

ENDING = ".erasures"
LONGEST_LIST = 50_000_000
_END = 65_536
"""Bytes at the end of a list, in which its last line is found."""

_KEY, _VALUE = "erasures", "erasures"
_STRICT = frozenset(("begun", "backup", "person", "forgotten", "words"))
"""Nobody is said to be erased who is not in the list, and no copy made without it; the others hold up no room."""

_FEWEST = {"begun": 0, "browser": 2, "out": 2, "in": 2}
"""How many ids a line has at least, where it is not one."""

_BEGUN: tuple[Kind, str, tuple[str, ...]] = ("begun", "", ())
CANNOT_WRITE = (
    "the list of who was erased ({}) cannot be written: {}. Nothing was changed. "
    "Check its rights and the free space, then try again."
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, order=True)
class Line:
    """A line of a list.

    Attributes:
        number: in its list, from 1 on.
        list: which list it is of.
        workshop: empty for what belongs to none.
    """

    number: int
    list: str
    at: datetime
    kind: Kind
    workshop: str
    ids: tuple[str, ...]

    def text(self) -> str:
        """As it stands in the file."""
        said = {"at": self.at.isoformat(), "ids": self.ids, "kind": self.kind, "list": self.list, "n": self.number}
        return json.dumps(said | ({"workshop": self.workshop} if self.workshop else {}), sort_keys=True) + "\n"


@dataclass(frozen=True)
class Known:
    """Up to which line of which list a database has done all."""

    list: str
    number: int


def note(db: Connection, kind: Kind, workshop: str, ids: Iterable[str]) -> None:
    """What this transaction takes away for good; it is in the list before it is stored."""
    gone = tuple(ids)
    if gone:
        db.info.setdefault(_KEY, []).append((kind, workshop, gone))


def forget_notes(db: Connection) -> None:
    """Nothing was noted; for a new transaction, and for one that does what is in the list already."""
    db.info.pop(_KEY, None)


def write_notes(db: Connection) -> None:
    """Puts what was noted into the list, as the last step before the transaction ends.

    Raises:
        StoreFault: somebody is erased, and the list cannot be written.
    """
    noted, file = db.info.pop(_KEY, []), list_of(db)
    if not noted or file is None:
        return
    postgresql.note_alone(db)
    known, strict = read_known(db), any(kind in _STRICT for kind, *_ in noted)
    if known is None:
        known, noted = Known(new_list(), 0), [_BEGUN, *(one for one in noted if one[0] != "begun")]
    try:
        first, last = _append(file, known, noted)
    except OSError as error:
        if strict:
            raise StoreFault(CANNOT_WRITE.format(file, error.strerror)) from None
        log.warning("What was taken away now may come back with a backup: %s cannot be written.", file)
        return
    if first == known.number + 1:  # else lines before are not done: this is an older database, put here by hand
        write_known(db, Known(known.list, last))


def begin(db: Connection) -> None:
    """From now on the list is kept, if it was not before."""
    if read_known(db) is None:
        note(db, *_BEGUN[:2], ("",))


def new_list() -> str:
    """The id of a new list."""
    return secrets.token_hex(8)


def list_of(db: Connection) -> Path | None:
    """The list of an open database; None for one in memory, or on a server where nobody has named a file."""
    if db.dialect.name != "sqlite":
        return settings.erasures()
    opened = getattr(db.connection.dbapi_connection, "opened", None)
    return list_beside(opened.path) if opened else None


def list_beside(file: Path) -> Path:
    """The list that belongs to a database file, or to a backup."""
    return file.with_name(file.name + ENDING)


def read_known(db: Connection) -> Known | None:
    """What this database has done of a list; None where it has none yet."""
    stored = (server_values.read(db, _VALUE) or "").split()
    if len(stored) != 2 or not stored[1].isdecimal() or len(stored[1]) > 12:
        return None
    return Known(stored[0], int(stored[1]))


def write_known(db: Connection, known: Known) -> None:
    """The database has done all up to this line."""
    server_values.write(db, _VALUE, f"{known.list} {known.number}")


def read_list(file: Path) -> tuple[Line, ...]:
    """The lines of a list that can be read, in their order; none where there is no file.

    Raises:
        StoreFault: it cannot be read at all, or a newer toolkit has written it.
    """
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe would be waited for without an end
            raise StoreFault(f"{file}: the list of who was erased cannot be read (this is no file).")
        if found.st_size > LONGEST_LIST:
            raise StoreFault(f"{file}: this is longer than any list of who was erased.")
        text = file.read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no file is called so"
        raise StoreFault(f"{file}: the list of who was erased cannot be read ({why}).") from None
    lines = {line for line in map(_read, text.split("\n")) if line}
    if any(line.kind not in get_args(Kind) for line in lines):
        raise StoreFault(f"{file}: a newer toolkit has written this list of who was erased. Use that one.")
    return tuple(sorted(lines))


def united(*lists: Iterable[Line]) -> tuple[Line, ...]:
    """The lines of several lists, each once."""
    return tuple(sorted({line for one in lists for line in one}))


def write_list(file: Path, lines: Iterable[Line]) -> None:
    """Writes a whole list, readable by its owner alone, that is on the disk when this returns.

    Raises:
        OSError: it cannot be written.
    """
    unfinished = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(private_file(unfinished), "wb") as out:
            out.writelines(line.text().encode() for line in lines)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(file)
        sync_folder(file.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """The names in a folder are on the disk, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _append(file: Path, known: Known, noted: Sequence[tuple[Kind, str, tuple[str, ...]]]) -> tuple[int, int]:
    """The numbers of the first and the last line, when all are on the disk."""
    new = not file.exists()
    if new:
        with suppress(FileExistsError):  # another server of this database has just made it
            os.close(private_file(file))
    handle = os.open(file, os.O_CREAT | os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    try:
        _lock(handle)
        before = os.fstat(handle).st_size
        there = _read_end(handle, before)
        written = map(_read, there.decode(errors="replace").split("\n"))
        last = max((one.number for one in written if one and one.list == known.list), default=0)
        first, now = max(last, known.number) + 1, datetime.now(UTC)
        lines = (Line(number, known.list, now, *one).text() for number, one in enumerate(noted, first))
        whole = not there or there.endswith(b"\n")  # else the line before was cut off
        try:
            _write(handle, ("" if whole else "\n").encode() + "".join(lines).encode())
            os.fsync(handle)
        except OSError:
            with suppress(OSError):
                os.ftruncate(handle, before)
            raise
    finally:
        os.close(handle)
    if new:
        sync_folder(file.parent)
    return first, first + len(noted) - 1


def _read_end(handle: int, size: int) -> bytes:
    os.lseek(handle, max(0, size - _END), os.SEEK_SET)
    there = b""
    while part := os.read(handle, _END):
        there += part
    return there


def _write(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _lock(handle: int) -> None:
    """Several servers of one database may write one list."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX)


def _read(text: str) -> Line | None:
    """A line; None for one that was cut off, or is none."""
    try:
        said: dict[str, Any] = json.loads(text)
        number, kind, ids, workshop = said["n"], said["kind"], said["ids"], said.get("workshop", "")
        at = datetime.fromisoformat(said["at"]).astimezone(UTC)
        texts = all(isinstance(one, str) and len(one) <= 80 for one in (*ids, workshop, said["list"], kind))
        whole = isinstance(ids, list) and len(ids) >= _FEWEST.get(kind, kind in get_args(Kind))
        if type(number) is not int or not 0 < number < 10**12 or not whole or not texts:
            return None
    except (ValueError, LookupError, TypeError, OverflowError, AttributeError, RecursionError):
        return None
    return Line(number, said["list"], at, kind, workshop, tuple(ids))
