"""Writing files that people keep."""

from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file as a whole, text as UTF-8 with line feeds; or leaves the one that was there.

    Raises:
        OSError: it cannot be written.
    """
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
