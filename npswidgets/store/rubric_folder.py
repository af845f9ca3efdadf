"""Which files in a rubric's folder are the rubric's, whatever else systems and editors leave there."""

from collections.abc import Iterator
from pathlib import Path

INDEX = "rubric.yaml"
_ENDINGS = (".yaml", ".yml")
_LEFT_THERE = (".", "~$")
"""How names begin that nobody gave: hidden files (of macOS, of editors), and of what Office has open."""


def rubric_paths(folder: Path) -> list[Path]:
    """All that looks like a file of the rubric, the index first; what it really is, the reader says.

    Raises:
        OSError: the folder cannot be read.
    """
    there = (path for path in folder.iterdir() if path.suffix in _ENDINGS and not path.name.startswith(_LEFT_THERE))
    return sorted(there, key=lambda path: (path.name != INDEX, path.name))


def stamps(folder: Path) -> Iterator[tuple[str, int, int]]:
    """What tells whether the files have changed: name, time and size; for a link that leads nowhere, its own.

    Raises:
        OSError: the folder cannot be read.
    """
    for path in rubric_paths(folder):
        try:
            state = path.stat()
        except OSError:
            state = path.lstat()
        yield path.name, state.st_mtime_ns, state.st_size
