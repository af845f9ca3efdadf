"""Writing files that people keep."""

import secrets
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
