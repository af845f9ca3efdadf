"""Writing files that people keep."""

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file as a whole, text as UTF-8 with line feeds; or leaves the one that was there.

    Of several who write it at once, the last one's stays.

    Raises:
        OSError: it cannot be written; its name is that of the file.
    """
    unfinished = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
        unfinished.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def private_file(path: Path) -> int:
    """A new file that its owner alone may read, open for writing. Where root makes it, it is the folder's owner's.

    Else a command that root runs, in the folder of a server's user, would take away from that server what it needs.

    Raises:
        OSError: there is something already, or it cannot be made.
    """
    made = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o600)
    if sys.platform != "win32" and os.geteuid() == 0:
        with suppress(OSError):  # of a disk that knows no owners
            folder = path.parent.stat()
            os.fchown(made, folder.st_uid, folder.st_gid)
    return made
